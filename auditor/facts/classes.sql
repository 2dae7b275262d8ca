/*
title = { zh = "像是集中上课的人", en = "People who seem to sit in a class" }
why = { zh = "一同开始的人多，而人数时多时少（有人缺席、有人晚到）的，是集中上课的样子；一人操作的账号，每次到的都是那几个，或者次序不变。", en = "Where many begin together, and now more, now fewer (somebody is absent or late), it looks like a class; of accounts that one person works the same few come each time, or in a fixed order." }
needs = ["start_triples", "companions", "fixed_orders"]
params = ["lockstep_class", "lockstep_present", "shared_starts"]
*/
-- most: with how many others the person began three sittings in a row at once, where they were the most. Sittings at
-- which nobody else began count too: the person, or everybody else, was at another lesson.
CREATE TABLE classes (person_no INTEGER, most BIGINT);
INSERT INTO classes
SELECT c.person_no AS person_no, c.most AS most
FROM companions AS c
JOIN (
  SELECT t.person_no AS person_no, COUNT(t.row_id) AS sittings
  FROM start_triples AS t
  GROUP BY t.person_no
) AS n ON n.person_no = c.person_no
LEFT JOIN (
  SELECT o.person_no AS person_no
  FROM fixed_orders AS o
  GROUP BY o.person_no
  HAVING COUNT(DISTINCT o.row_id) >= $shared_starts
) AS f ON f.person_no = c.person_no
WHERE c.most >= $lockstep_class - 1 AND 100 * c.company < $lockstep_present * c.most * n.sittings
  AND f.person_no IS NULL;
