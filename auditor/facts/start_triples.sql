/*
title = { zh = "接连三次坐下来学习", en = "Three sittings in a row" }
why = { zh = "距本人上一次学习结束超过一定时间才开始的，是重新坐下来学习：什么时候开始由本人决定，不由自动连播决定。这里把接连三次放在一起，好在众人中找步调相同的人，而不必两两比较。", en = "A session that begins some time after the learner's earlier ones had ended is a fresh start: its moment is chosen, not given by a player that goes on by itself. Three in a row stand together here, so that people in step are found in a crowd without comparing everybody with everybody." }
needs = ["sessions"]
params = ["sitting_gap_s", "round_s"]
*/
-- Not where all three lie on round marks of the clock, as those of a schedule and of a table written by hand do.
CREATE TABLE start_triples (
  row_id BIGINT, person_no INTEGER, first_s BIGINT, second_s BIGINT, third_s BIGINT, first_dur BIGINT,
  second_dur BIGINT, third_dur BIGINT, first_course INTEGER, second_course INTEGER, third_course INTEGER
);
INSERT INTO start_triples
SELECT
  w.row_id AS row_id, w.person_no AS person_no, w.first_s AS first_s, w.second_s AS second_s, w.third_s AS third_s,
  w.first_dur AS first_dur, w.second_dur AS second_dur, w.third_dur AS third_dur, w.first_course AS first_course,
  w.second_course AS second_course, w.third_course AS third_course
FROM (
  SELECT
    s.row_id AS row_id, s.person_no AS person_no, s.start_s AS third_s, s.dur_s AS third_dur,
    s.course_no AS third_course, LAG(s.start_s) OVER person AS second_s, LAG(s.dur_s) OVER person AS second_dur,
    LAG(s.course_no) OVER person AS second_course, LAG(s.start_s, 2) OVER person AS first_s,
    LAG(s.dur_s, 2) OVER person AS first_dur, LAG(s.course_no, 2) OVER person AS first_course
  FROM sessions AS s
  JOIN people AS p ON p.person_no = s.person_no
  WHERE s.timed > 0 AND s.copy = 0 AND p.named = 1
    AND (s.before_s IS NULL OR s.start_s - s.before_s > $sitting_gap_s)
  WINDOW person AS (PARTITION BY s.person_no ORDER BY s.start_s, s.row_id)
) AS w
WHERE w.first_s IS NOT NULL
  AND (w.first_s % $round_s <> 0 OR w.second_s % $round_s <> 0 OR w.third_s % $round_s <> 0);
