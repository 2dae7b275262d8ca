/*
title = { zh = "注册与最早的学习、考核", en = "Registration and the first study or exam" }
why = { zh = "每人最早的注册时间，和最早一次学习或考核的时间；只有日期的考核算到当天结束。大部分账号共有的同一注册时刻（迁移）不算。", en = "When each person first registered, and first studied or sat an exam; an exam of which only the day is known counts to its end. A moment of registration that most accounts share (a migration) is left out." }
needs = ["sessions"]
params = ["migrated_persons", "migrated_percent"]
*/
-- Nobody of whom any account has no time of registration. first_s is null for people who did neither.
CREATE TABLE first_acts (person_no BIGINT, registered_s BIGINT, first_s BIGINT);
INSERT INTO first_acts
SELECT g.person_no AS person_no, g.registered_s AS registered_s, MIN(a.first_s) AS first_s
FROM (
  SELECT r.person_no AS person_no, MIN(r.registered_s) AS registered_s
  FROM registrations AS r
  JOIN people AS p ON p.person_no = r.person_no
  WHERE p.known = 1
  GROUP BY r.person_no
  HAVING COUNT(r.registered_s) = COUNT(r.row_id)
) AS g
JOIN (
  SELECT m.registered_s AS registered_s, COUNT(m.row_id) AS accounts
  FROM registrations AS m
  WHERE m.registered_s IS NOT NULL
  GROUP BY m.registered_s
) AS k ON k.registered_s = g.registered_s
CROSS JOIN (SELECT COUNT(t.registered_s) AS accounts FROM registrations AS t) AS w
LEFT JOIN (
  SELECT s.person_no AS person_no, MIN(s.start_s) AS first_s
  FROM sessions AS s
  WHERE s.timed > 0
  GROUP BY s.person_no
  UNION ALL
  SELECT
    e.person_no AS person_no,
    MIN(CASE WHEN e.taken_s % 86400 = 0 THEN e.taken_s + 86400 ELSE e.taken_s END) AS first_s
  FROM exams AS e
  WHERE e.result IS NULL OR e.result <> 2
  GROUP BY e.person_no
) AS a ON a.person_no = g.person_no
WHERE w.accounts < $migrated_persons OR k.accounts * 100 <= $migrated_percent * w.accounts
GROUP BY g.person_no, g.registered_s;
