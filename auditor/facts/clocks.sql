/*
title = { zh = "每张表的时钟", en = "The clock of each sheet" }
why = { zh = "一张表的学习几乎都在整分开始和结束，说明导出时秒被去掉了；这样的表不能说明谁的时间过于整齐。许多学习起止时间相同的表，是平台没有记下结束时间，所涉学员的时间当作受损。几乎每次都比整分少一秒的表，是把最后一秒记作结束。", en = "Where nearly all sittings of a sheet begin and end on a whole minute, the seconds were cut off; such a sheet cannot say whose times are too regular. Where many begin and end at one moment the platform did not keep the ends, and the times of those learners count as damaged. Where nearly every sitting is a second short of whole minutes, the last second stands for the end." }
needs = ["sessions"]
params = ["clock_sessions", "clock_percent", "zero_percent", "zero_sessions"]
*/
-- Measured sittings only. whole: those that begin and end with second 0. blunt: nearly all do.
-- clipped: nearly all last a second less than whole minutes, as where the last second stands for the end.
-- hollow: so many begin and end at one moment that the platform, not the learner, made them so.
-- row_id: the first row; first_s: the earliest start.
CREATE TABLE clocks (
  source_no BIGINT, sessions BIGINT, whole BIGINT, blunt BIGINT, clipped BIGINT, hollow BIGINT, row_id BIGINT,
  first_s BIGINT
);
INSERT INTO clocks
SELECT
  c.source_no AS source_no, c.sessions AS sessions, c.whole AS whole,
  CASE WHEN c.whole * 100 >= $clock_percent * c.sessions THEN 1 ELSE 0 END AS blunt,
  CASE WHEN c.sessions >= $clock_sessions AND c.a_second_less * 100 >= $clock_percent * c.sessions THEN 1 ELSE 0 END AS clipped,
  CASE WHEN c.zero >= $zero_sessions AND c.zero * 100 >= $zero_percent * c.sessions THEN 1 ELSE 0 END AS hollow,
  c.row_id AS row_id, c.first_s AS first_s
FROM (
  SELECT
    s.source_no AS source_no, COUNT(s.row_id) AS sessions, MIN(s.row_id) AS row_id, MIN(s.start_s) AS first_s,
    SUM(CASE WHEN s.start_s % 60 = 0 AND s.end_s % 60 = 0 THEN 1 ELSE 0 END) AS whole,
    SUM(CASE WHEN s.dur_s % 60 = 59 THEN 1 ELSE 0 END) AS a_second_less,
    SUM(CASE WHEN s.dur_s = 0 THEN 1 ELSE 0 END) AS zero
  FROM sessions AS s
  WHERE s.timed = 1 AND s.copy = 0
  GROUP BY s.source_no
) AS c;
