/*
title = { zh = "每人每课的学习时间", en = "Study of each person by lesson" }
why = { zh = "每人在教学计划的每门课上计入的净学习时间；起止时间不能读取的学习另计次数。", en = "Net study of each person on each lesson of the plan; sittings whose times cannot be read are counted beside it." }
needs = ["sessions", "planned"]
params = []
*/
-- Narrow: there is a row for almost every sitting where each is a lesson of its own.
CREATE TABLE lessons (person_no INTEGER, course_no INTEGER, net_s INTEGER, untimed INTEGER);
INSERT INTO lessons
SELECT
  s.person_no AS person_no, s.course_no AS course_no, SUM(s.new_s) AS net_s,
  SUM(CASE WHEN s.timed = 0 THEN 1 ELSE 0 END) AS untimed
FROM sessions AS s
JOIN planned AS d ON d.course_no = s.course_no
WHERE s.person_no IS NOT NULL
GROUP BY s.person_no, s.course_no;
