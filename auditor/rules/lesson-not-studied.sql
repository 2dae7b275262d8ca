/*
title = { zh = "计划中的课没有学", en = "Lesson of the plan not studied" }
why = { zh = "教学计划中的课，此人没有一秒计入的学习时间，而且学过的课按计划课时合计还不到通知要求的课时数（计划往往比通知长，学够课时数的不必逐课学完）。只看多数同事学过的课和谁都没有学的课，因为不同单位、不同工种可能各有计划；与另一门课同时播放、时间已计入另一门的，也算没有。全部人员的学习时间落在计划中的课上不足规定比例时，两处课程名写法不同，本条不作判断，报告另有说明。", en = "Lessons of the teaching plan of which this person has not one counted second, while the lessons studied make fewer class hours by the plan than the notice asks for (plans are often longer, and whoever has the hours need not study every lesson). Only lessons that enough colleagues studied, or nobody at all, are looked at: employers and trades may have plans of their own. A lesson played beside another, to which the time was counted, has none. Where too little of everybody's study lies on lessons of the plan the names differ: nothing is said here, and the report says so." }
fix = { zh = "请用人单位说明哪些课是选修或后来调整的；请平台提供该学员各课的学习记录。", en = "Ask the employer which lessons are optional or were changed later, and the platform for this learner's record of each lesson." }
false_positives = { zh = "选修课、计划调整、线下补学、几门课合并成一个视频、课程改名、同时打开两门课。", en = "Optional lessons, a changed plan, study offline, lessons merged into one video, renamed courses, two lessons open at once." }
message = { zh = "计划中有 {measured} 门课没有计入的学习时间，其中最前的一门：{course}", en = "{measured} lessons of the plan have no counted study; the first of them: {course}" }
class = "lead"
population = "claimed"
subject = "person"
unit = "count"
reads = ["courses.course", "sessions.course", "sessions.start_at"]
awaits = ["courses.course", "sessions.course"]
key = ["person_no"]
rests_on = [{ rows = "lessons_left", on = ["person_no"] }, { table = "claims", on = ["person_no"] }]
params = { required_s = { unit = "s", stricter = "up" }, plan_match_percent = { unit = "%", stricter = "down" }, lesson_peers_percent = { unit = "%", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  l.person_no AS person_no, l.lessons AS measured, 0 AS limit_value, f.course_no AS course_no
FROM (
  SELECT n.person_no AS person_no, COUNT(n.course_no) AS lessons, MIN(n.row_id) AS row_id
  FROM lessons_left AS n
  GROUP BY n.person_no
) AS l
JOIN lessons_left AS f ON f.person_no = l.person_no AND f.row_id = l.row_id
