/*
title = { zh = "课时读法有争议", en = "Class hours depend on the reading" }
why = { zh = "累计读法通过，但按次（每次学习的零头不计）或按课（教学计划的每一课学满才计）的读法不通过。通知没有写明用哪种读法，所以只提示，不作不符合。", en = "The cumulative reading passes, the per-sitting or per-lesson one does not. The notice does not say which applies, so this is only pointed out." }
fix = { zh = "由审计人员与主管部门确认课时读法，并写入报告。", en = "Agree on the reading with the authority and record it." }
false_positives = { zh = "学习时间零碎的学员、没有按教学计划顺序学习的学员。", en = "Learners with many short sittings, or who did not follow the plan." }
message = { zh = "折合课时：累计 {n1:units}，按次 {n2:units}，按课 {n3:units}；要求 {limit_value:units}", en = "Cumulative {n1:units}, per sitting {n2:units}, per lesson {n3:units} class hours; {limit_value:units} required" }
class = "lead"
population = "claimed"
subject = "person"
unit = "s"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"] }, { table = "claims", on = ["person_no"] }]
params = { required_s = { unit = "s", stricter = "up" } }
since = "0.1.0"
*/
SELECT
  r.person_no AS person_no,
  CASE WHEN r.lesson_passes = 0 AND r.lesson_s < r.sitting_s THEN r.lesson_s ELSE r.sitting_s END AS measured,
  $required_s AS limit_value, r.cumulative_s AS n1, r.sitting_s AS n2, r.lesson_s AS n3
FROM readings AS r
JOIN people AS p ON p.person_no = r.person_no
WHERE p.judged = 1 AND r.passes = 1 AND (r.sitting_passes = 0 OR r.lesson_passes = 0)
