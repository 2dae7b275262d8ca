/*
title = { zh = "一个身份证号两个姓名", en = "One identity number, two names" }
why = { zh = "同一身份证号在注册、学习、考核、申请各表中对应不止一个姓名。空白、被遮盖或受损的姓名不算另一个姓名，空格和括号中的说明不计。", en = "One identity number goes with more than one name across registrations, sessions, exams and claims. Empty, masked or damaged names are no second name; blanks and remarks in brackets do not count." }
fix = { zh = "核对身份证原件或复印件，确认号码属于谁。", en = "Check the document itself: whose number is it?" }
false_positives = { zh = "同音字或生僻字录错、改过姓名、少数民族或外籍姓名的不同写法。", en = "A mistyped or rare character, a changed name, other spellings of a foreign name." }
message = { zh = "同一身份证号在各表中有 {measured} 个不同的姓名", en = "One identity number goes with {measured} different names" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = ["registrations.id_number|sessions.id_number|exams.id_number|claims.id_number", "registrations.name|sessions.name|exams.name|claims.name"]
key = ["person_no"]
rests_on = [{ rows = "name_rows", on = ["person_no"] }]
params = {}
line = "every"
since = "0.1.0"
*/
SELECT n.person_no AS person_no, COUNT(DISTINCT n.name_no) AS measured, 1 AS limit_value
FROM name_rows AS n
GROUP BY n.person_no
