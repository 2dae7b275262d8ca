/*
title = { zh = "教学计划与学习记录是否对得上", en = "Whether the plan's names are those of the sessions" }
why = { zh = "全部人员的净学习时间有多少落在计划中的课上；落在计划上的太少，说明两处的课程名写法不同，不能据此说谁没有学。", en = "How much of everybody's net study lies on lessons of the plan; where it is too little the names differ, and nobody can be said to have left a lesson out." }
needs = ["study", "planned", "lessons"]
params = ["plan_match_percent"]
*/
-- None where there is no plan or no study.
CREATE TABLE plan_match (study_s BIGINT, planned_s BIGINT, matches BIGINT);
INSERT INTO plan_match
SELECT
  t.study_s AS study_s, l.planned_s AS planned_s,
  CASE WHEN l.planned_s * 100 >= $plan_match_percent * t.study_s THEN 1 ELSE 0 END AS matches
FROM (SELECT SUM(s.net_s) AS study_s FROM study AS s) AS t
CROSS JOIN (SELECT COALESCE(SUM(k.net_s), 0) AS planned_s FROM lessons AS k) AS l
CROSS JOIN (SELECT COUNT(f.course_no) AS lessons FROM planned AS f) AS n
WHERE n.lessons > 0 AND t.study_s > 0;
