/*
title = { zh = "教学计划的课时", en = "Class hours of the plan" }
why = { zh = "每门课的计划课时，折成秒；没有写课时的一行算一课时。", en = "Planned class hours of each course in seconds; a row that states none counts as one." }
needs = []
params = ["unit_s"]
*/
-- hours_c counts hundredths of a class hour; a class hour is a whole number of minutes, so 60 divides the unit.
CREATE TABLE planned (course_no BIGINT, planned_s BIGINT);
INSERT INTO planned
SELECT p.course_no AS course_no, SUM(COALESCE(p.hours_c, 100) * $unit_cs) AS planned_s
FROM plan AS p
WHERE p.course_no IS NOT NULL
GROUP BY p.course_no;
