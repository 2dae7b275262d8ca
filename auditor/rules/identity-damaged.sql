/*
title = { zh = "身份证号受损", en = "Identity number damaged" }
why = { zh = "号码存成了数字，末几位已丢失，不能复原，无法确认是谁。受损不等于没有。", en = "The number was stored as a figure and its last digits are lost; nobody can be told from it." }
fix = { zh = "请平台以文本格式重新导出身份证号。", en = "Ask for an export with the numbers as text." }
false_positives = { zh = "在 Excel 中打开后另存的 CSV、数字格式的单元格。", en = "A CSV saved again from a spreadsheet, number cells." }
message = { zh = "{table_name:table}中有 {measured} 行：{shown:why}", en = "{measured} rows of {table_name:table}: {shown:why}" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = []
key = ["table_name", "person_no", "shown"]
rests_on = [{ rows = "identity_rows", on = ["table_name", "person_no"], where = "e.state = 'damaged'" }]
params = {}
line = "every"
since = "0.1.0"
*/
SELECT i.table_name AS table_name, i.person_no AS person_no, i.why AS shown, COUNT(i.row_id) AS measured, 0 AS limit_value
FROM identity_rows AS i
WHERE i.state = 'damaged'
GROUP BY i.table_name, i.person_no, i.why
