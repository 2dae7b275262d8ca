/*
title = { zh = "考核没有涵盖规定内容", en = "Required topic not in the exam" }
why = { zh = "通知要求考核试题涵盖规定的各项培训内容，而平台记录的考核内容里看不出其中一项。记录的常是概括文字，不是试卷本身，所以只作提示。考核内容没有写明、或一项规定内容也没有提到（如只写题型、卷号）的，不作判断；没有结业考核的，几门考核合起来看。", en = "The notice has the exam cover all the topics; what the platform recorded as its content does not tell of one of them. That is mostly a summary and not the paper itself: a note. An exam whose content is not recorded, or names no topic at all (kinds of questions, a paper's number), is not judged; without a final, the exams are looked at together." }
fix = { zh = "看试卷或题库：有没有这一内容的试题。", en = "Look at the paper or the question bank for questions on the topic." }
false_positives = { zh = "考核内容只写概要、用别的说法、试题在题库中随机抽取、几门考核分别考各项内容。", en = "A content field that only summarises, other words for the topic, questions drawn from a bank, several exams each on one topic." }
message = { zh = "{exam}{n1?等 }{n1}{n1? 门考核合起来}的内容中没有看出“{shown:topic}”", en = "The content of {exam}{n1? and others (}{n1}{n1? exams together)} does not tell of {shown:topic}" }
class = "breach"
population = "all"
subject = "file"
unit = "count"
reads = ["exams.content"]
awaits = ["exams.content"]
key = ["exam_no", "shown"]
rests_on = [{ table = "exams", on = ["row_id"] }]
params = {}
since = "0.2.0"
*/
SELECT
  p.exam_no AS exam_no, t.topic AS shown, 'exams' AS table_name, p.row_id AS row_id, 0 AS measured, 1 AS limit_value,
  CASE WHEN p.exams > 1 THEN p.exams END AS n1
FROM papers AS p
JOIN topics AS t ON t.topic_no = p.topic_no
WHERE p.covered = 0
