/*
title = { zh = "考核次数超过规定", en = "Passed after too many attempts" }
why = { zh = "被申领补贴的学员在规定次数以内没有通过，之后才合格。", en = "A learner claimed for passed only after the attempts that the notice allows." }
fix = { zh = "核对每次考核的时间和成绩；确认之前的考核是否有效。", en = "Check the time and the mark of each attempt, and whether the earlier ones were valid." }
false_positives = { zh = "因断网作废的考核被记为一次；模拟考试混在正式考试中。", en = "An attempt that a lost connection voided; mock exams among the real ones." }
message = { zh = "{exam}：{doubt|1=各次考核的先后无法判断，最晚|0=}第 {measured} 次才合格，规定最多 {limit_value} 次", en = "{exam}: passed at attempt {measured}{doubt|1= at the latest (their order cannot be told)|0=}; {limit_value} are allowed" }
class = "breach"
population = "claimed"
subject = "exam"
unit = "count"
reads = ["exams.id_number|exams.account", "exams.$grade"]
key = ["person_no", "exam_no"]
rests_on = [{ table = "exams", on = ["person_no", "exam_no"] }]
params = { max_attempts = { unit = "attempts", stricter = "down" } }
since = "0.1.0"
*/
SELECT
  o.person_no AS person_no, o.exam_no AS exam_no, $max_attempts AS limit_value,
  CASE WHEN o.pass_place > $max_attempts THEN o.pass_place ELSE o.worst_place END AS measured,
  CASE WHEN o.pass_place > $max_attempts THEN 0 ELSE 1 END AS doubt
FROM exam_outcomes AS o
JOIN people AS p ON p.person_no = o.person_no
WHERE p.judged = 1 AND o.worst_place > $max_attempts
