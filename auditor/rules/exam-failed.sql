/*
title = { zh = "考核不合格", en = "Exam not passed" }
why = { zh = "被申领补贴的学员，起决定作用的考核没有一次合格。合格与否按通知：有分数线的按分数，没有分数线的按平台记录的合格、不合格。", en = "A learner claimed for never passed a deciding exam: by the mark where the notice sets one, else by the recorded result." }
fix = { zh = "核对考核试卷和成绩证明材料。", en = "Check the papers and the proof of the mark." }
false_positives = { zh = "成绩录入错误、补考未导出。", en = "Marks entered wrongly, a resit left out of the export." }
message = { zh = "{exam}：考核 {n1} 次，没有一次合格的记录，最好成绩 {measured:score}", en = "{exam}: {n1} attempts, none passed; best mark {measured:score}" }
class = "breach"
population = "claimed"
subject = "exam"
unit = "score"
reads = ["exams.id_number|exams.account", "exams.$grade"]
key = ["person_no", "exam_no"]
rests_on = [{ table = "exams", on = ["person_no", "exam_no"] }]
params = { by_mark = { unit = "0/1", stricter = "up" }, pass_mark_c = { unit = "hundredths", stricter = "up" } }
since = "0.1.0"
*/
SELECT
  o.person_no AS person_no, o.exam_no AS exam_no, o.best_c AS measured,
  CASE WHEN $by_mark = 1 THEN $pass_mark_c END AS limit_value, o.attempts AS n1
FROM exam_outcomes AS o
JOIN people AS p ON p.person_no = o.person_no
WHERE p.judged = 1 AND (o.pass_place IS NULL OR ($by_mark = 1 AND o.best_c < $pass_mark_c))
