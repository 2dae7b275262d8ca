/*
title = { zh = "每人每课学习时间", en = "Study time of each person by lesson" }
why = { zh = "教学计划中的每一课：学满该课课时才计入；一门课有多个课时的，逐个计入，到计划课时为止。", en = "Each lesson of the plan is credited once its net time reaches its class hours; a course of several hours hour by hour, up to the plan." }
needs = ["planned", "sessions"]
params = ["unit_s"]
*/
CREATE TABLE lessons (person_no BIGINT, course_no BIGINT, net_s BIGINT, counted_s BIGINT);
INSERT INTO lessons
SELECT
  t.person_no AS person_no, t.course_no AS course_no, t.net_s AS net_s,
  CASE WHEN t.net_s - t.net_s % $unit_s > p.planned_s THEN p.planned_s ELSE t.net_s - t.net_s % $unit_s END AS counted_s
FROM (
  SELECT s.person_no AS person_no, s.course_no AS course_no, SUM(s.new_s) AS net_s
  FROM sessions AS s
  WHERE s.person_no IS NOT NULL AND s.course_no IS NOT NULL
  GROUP BY s.person_no, s.course_no
) AS t
JOIN planned AS p ON p.course_no = t.course_no;
