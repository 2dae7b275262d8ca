/*
title = { zh = "没有考核记录", en = "No exam on record" }
why = { zh = "被申领补贴的学员没有参加通知要求的考核（缺考不算参加）。", en = "A learner claimed for sat no exam of the kind the notice asks for; an absence is no attempt." }
fix = { zh = "请平台补充考核记录；核对考核合格证明材料。", en = "Ask for the exam record; check the certificate of passing." }
false_positives = { zh = "漏导出的考试、以另一个证件号或账号参加的考试。", en = "An exam left out of the export, or sat under another number or account." }
message = { zh = "没有结业考核的记录", en = "There is no record of a final exam" }
class = "breach"
population = "claimed"
subject = "person"
unit = "count"
reads = ["exams.id_number|exams.account", "exams.$grade"]
key = ["person_no"]
rests_on = [{ table = "claims", on = ["person_no"] }, { table = "registrations", on = ["person_no"] }]
params = { finals_decide = { unit = "0/1", stricter = "up" } }
since = "0.1.0"
*/
SELECT p.person_no AS person_no, 0 AS measured, 1 AS limit_value
FROM people AS p
LEFT JOIN exam_outcomes AS o ON o.person_no = p.person_no
WHERE p.judged = 1 AND o.person_no IS NULL
