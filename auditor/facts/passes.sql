/*
title = { zh = "合格之前的学习", en = "Study before the pass" }
why = { zh = "每门起决定作用的考核第一次合格的时间，以及此前的净学习时间；只有日期的，算到当天结束。", en = "When each deciding exam was first passed, and the net study before it; a day alone counts to its end." }
needs = ["sessions", "study", "attempts"]
params = ["period_to_s"]
*/
-- A pass at midnight is one of which only the day is known (by_day). None where a pass has no time.
CREATE TABLE passes (person_no BIGINT, exam_no BIGINT, taken_s BIGINT, by_day BIGINT, net_s BIGINT);
INSERT INTO passes
SELECT
  u.person_no AS person_no, u.exam_no AS exam_no, MIN(u.taken_s) AS taken_s, MIN(u.by_day) AS by_day,
  COALESCE(MIN(t.net_s), 0) - COALESCE(SUM(
    CASE
      WHEN s.to_s - s.new_s >= u.until_s THEN s.new_s
      WHEN s.to_s > u.until_s THEN s.to_s - u.until_s
      ELSE 0
    END
  ), 0) AS net_s
FROM (
  SELECT
    f.person_no AS person_no, f.exam_no AS exam_no, f.taken_s AS taken_s,
    CASE WHEN f.taken_s % 86400 = 0 THEN 1 ELSE 0 END AS by_day,
    CASE WHEN f.taken_s % 86400 = 0 THEN f.taken_s + 86400 ELSE f.taken_s END AS until_s
  FROM (
    SELECT a.person_no AS person_no, a.exam_no AS exam_no, MIN(e.taken_s) AS taken_s
    FROM attempts AS a
    JOIN exams AS e ON e.row_id = a.row_id
    WHERE a.deciding = 1 AND a.passed = 1
    GROUP BY a.person_no, a.exam_no
    HAVING COUNT(e.taken_s) = COUNT(a.row_id)
  ) AS f
) AS u
LEFT JOIN study AS t ON t.person_no = u.person_no
LEFT JOIN (
  SELECT
    w.person_no AS person_no, w.new_s AS new_s, CASE WHEN w.end_s > $period_to_s THEN $period_to_s ELSE w.end_s END AS to_s
  FROM sessions AS w
  WHERE w.new_s > 0
) AS s ON s.person_no = u.person_no AND t.last_s > u.until_s AND s.to_s > u.until_s
GROUP BY u.person_no, u.exam_no;
