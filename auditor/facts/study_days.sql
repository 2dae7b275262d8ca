/*
title = { zh = "每天的净学习时间", en = "Net study of each day" }
why = { zh = "跨过零点的学习按零点切开，每一天各计各的；只留下很长的一天和有夜间学习的一天。", en = "A sitting that crosses midnight is cut there, so that each day counts its own; only long days and days with study at night are kept." }
needs = ["sessions"]
params = ["period_to_s", "day_long_s", "night_end_s"]
*/
-- Measured sittings only. day_s: the day's first second. night_s: of net_s, what lies before night_end_s. What a sitting
-- adds lies at its end, or at that of the period: its first day, its last, and whole days between.
CREATE TABLE study_days (person_no BIGINT, day_s BIGINT, net_s BIGINT, night_s BIGINT);
INSERT INTO study_days
SELECT
  d.person_no AS person_no, d.day_s AS day_s, SUM(d.to_s - d.from_s) AS net_s,
  SUM(
    CASE WHEN d.to_s < $night_end_s THEN d.to_s ELSE $night_end_s END
    - CASE WHEN d.from_s < $night_end_s THEN d.from_s ELSE $night_end_s END
  ) AS night_s
FROM (
  SELECT
    a.person_no AS person_no, a.from_s - a.from_s % 86400 AS day_s, a.from_s % 86400 AS from_s,
    CASE WHEN a.from_s % 86400 + a.new_s > 86400 THEN 86400 ELSE a.from_s % 86400 + a.new_s END AS to_s
  FROM (
    SELECT
      s.person_no AS person_no, s.new_s AS new_s,
      CASE WHEN s.end_s > $period_to_s THEN $period_to_s ELSE s.end_s END - s.new_s AS from_s
    FROM sessions AS s
    WHERE s.timed = 1 AND s.new_s > 0
  ) AS a
  UNION ALL
  SELECT
    b.person_no AS person_no, b.to_s - b.to_s % 86400 AS day_s, 0 AS from_s, b.to_s % 86400 AS to_s
  FROM (
    SELECT
      t.person_no AS person_no, t.new_s AS new_s,
      CASE WHEN t.end_s > $period_to_s THEN $period_to_s ELSE t.end_s END AS to_s
    FROM sessions AS t
    WHERE t.timed = 1 AND t.new_s > 0
  ) AS b
  WHERE b.new_s > b.to_s % 86400
  UNION ALL
  SELECT
    c.person_no AS person_no, c.to_s - c.to_s % 86400 - n.days * 86400 AS day_s, 0 AS from_s, 86400 AS to_s
  FROM (
    SELECT
      u.person_no AS person_no, u.new_s AS new_s,
      CASE WHEN u.end_s > $period_to_s THEN $period_to_s ELSE u.end_s END AS to_s
    FROM sessions AS u
    WHERE u.timed = 1 AND u.new_s > 86400
  ) AS c
  JOIN (
    SELECT i.one + 10 * j.one + 100 * k.one AS days
    FROM (
      SELECT 0 AS one UNION SELECT 1 AS one UNION SELECT 2 AS one UNION SELECT 3 AS one UNION SELECT 4 AS one
      UNION SELECT 5 AS one UNION SELECT 6 AS one UNION SELECT 7 AS one UNION SELECT 8 AS one UNION SELECT 9 AS one
    ) AS i
    CROSS JOIN (
      SELECT 0 AS one UNION SELECT 1 AS one UNION SELECT 2 AS one UNION SELECT 3 AS one UNION SELECT 4 AS one
      UNION SELECT 5 AS one UNION SELECT 6 AS one UNION SELECT 7 AS one UNION SELECT 8 AS one UNION SELECT 9 AS one
    ) AS j
    CROSS JOIN (SELECT 0 AS one UNION SELECT 1 AS one UNION SELECT 2 AS one UNION SELECT 3 AS one) AS k
  ) AS n ON n.days > 0 AND c.new_s - c.to_s % 86400 > n.days * 86400
) AS d
WHERE d.to_s > d.from_s
GROUP BY d.person_no, d.day_s
HAVING SUM(d.to_s - d.from_s) > $day_long_s OR SUM(CASE WHEN d.from_s < $night_end_s THEN 1 ELSE 0 END) > 0;
