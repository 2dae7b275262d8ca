/*
title = { zh = "没有身份证号", en = "Identity number missing" }
why = { zh = "应当有身份证号的一行没有身份证号，无法确认是谁。没有号码不等于没有这个人。", en = "A row that should carry an identity number has none; nobody can be told from it." }
fix = { zh = "请平台补充该行的身份证号。", en = "Ask the platform for the number." }
false_positives = { zh = "导出模板漏列、港澳台或外籍人员的证件填在别的列。", en = "A column left out; other documents in another column." }
message = { zh = "{table_name:table}中有 {measured} 行没有身份证号", en = "{measured} rows of {table_name:table} carry no identity number" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = []
key = ["table_name", "person_no"]
rests_on = [{ rows = "identity_rows", on = ["table_name", "person_no"], where = "e.state = 'missing'" }]
params = {}
line = "every"
since = "0.1.0"
*/
SELECT i.table_name AS table_name, i.person_no AS person_no, COUNT(i.row_id) AS measured, 0 AS limit_value
FROM identity_rows AS i
WHERE i.state = 'missing'
GROUP BY i.table_name, i.person_no
