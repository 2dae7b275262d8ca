/*
title = { zh = "同进同出的人", en = "People who move together" }
why = { zh = "在同一地址互相接替、同时开始学习、按固定次序相继开始、或记录整体相同的两人，每条规则一行，合起来看得出成组的人。", en = "Pairs of people who take over from each other at an address, begin together or in a fixed order, or have the same record: one row a rule. Together they show groups." }
needs = ["hand_overs", "lock_steps", "fixed_orders", "alike"]
params = ["shared_starts"]
*/
-- person_no < other_no. times: hand-overs between the two, or sessions that they have in common.
CREATE TABLE links (person_no BIGINT, other_no BIGINT, rule VARCHAR, times BIGINT);
INSERT INTO links
SELECT h.person_no AS person_no, h.other_no AS other_no, 'address-hand-over' AS rule, COUNT(h.row_id) AS times
FROM hand_overs AS h
WHERE h.person_no < h.other_no
GROUP BY h.person_no, h.other_no
UNION ALL
SELECT l.person_no AS person_no, l.other_no AS other_no, 'sessions-in-lock-step' AS rule, l.times AS times
FROM lock_steps AS l
WHERE l.person_no < l.other_no
UNION ALL
SELECT o.person_no AS person_no, o.other_no AS other_no, 'sessions-in-fixed-order' AS rule, SUM(o.after) AS times
FROM (
  SELECT
    CASE WHEN f.person_no < f.other_no THEN f.person_no ELSE f.other_no END AS person_no,
    CASE WHEN f.person_no < f.other_no THEN f.other_no ELSE f.person_no END AS other_no, f.after AS after
  FROM fixed_orders AS f
) AS o
GROUP BY o.person_no, o.other_no
HAVING SUM(o.after) >= $shared_starts
UNION ALL
SELECT a.person_no AS person_no, a.other_no AS other_no, 'learners-copied' AS rule, MAX(a.times) AS times
FROM alike AS a
WHERE a.person_no < a.other_no
GROUP BY a.person_no, a.other_no;
