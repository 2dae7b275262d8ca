/*
title = { zh = "学满课时之前已考核合格", en = "Passed before the class hours were studied" }
why = { zh = "第一次合格的考核之前，净学习时间还不到规定的课时。通知要求培训结束后考核；考核时间只有日期的，按当天结束计算。", en = "Before the first pass the net study was less than the notice requires; it wants the exam after the training. An exam of which only the day is known is compared with the end of that day." }
fix = { zh = "请平台说明考核开放的条件和考核时间的来源；电话回访学员。", en = "Ask the platform when its exam opens and where the time comes from; call the learner back." }
false_positives = { zh = "考核时间是系统时间或成绩录入时间、学习记录漏导出或延迟上传。", en = "A time of entry instead of the exam's own, sessions left out or uploaded late." }
message = { zh = "{exam}：{start_s:time} 考核合格{n2|1=（只有日期，按当天结束计）|0=}，此前净学习 {n1:hms}，合 {measured:units} 课时，要求 {limit_value:units} 课时", en = "{exam}: passed at {start_s:time}{n2|1= (a day only, taken to its end)|0=} after {n1:hms} of net study, {measured:units} class hours; {limit_value:units} are required" }
class = "lead"
population = "claimed"
subject = "exam"
unit = "s"
reads = ["exams.id_number|exams.account", "exams.$grade", "exams.taken_at", "sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no", "exam_no"]
rests_on = [{ table = "exams", on = ["person_no", "exam_no"] }, { table = "sessions", on = ["person_no"] }]
params = { unit_s = { unit = "s", stricter = "up" }, required_s = { unit = "s", stricter = "up" } }
since = "0.1.0"
*/
SELECT
  a.person_no AS person_no, a.exam_no AS exam_no, a.taken_s AS start_s, a.net_s - a.net_s % $unit_s AS measured,
  $required_s AS limit_value, a.net_s AS n1, a.by_day AS n2
FROM passes AS a
JOIN people AS p ON p.person_no = a.person_no
WHERE p.judged = 1 AND a.net_s - a.net_s % $unit_s < $required_s
