/*
title = { zh = "缺失的值", en = "Missing value" }
why = { zh = "通知要求记录、或审计规则需要的一项是空的。", en = "A field that the notice asks for, or that a rule needs, is empty." }
fix = { zh = "请平台按原始日志补充或更正该值后重新导出。", en = "Ask the platform to complete or correct the value from its log and export again." }
false_positives = { zh = "导出格式设置不当、人工录入的备注写进了数据列。", en = "A wrong export setting, remarks typed into a data column." }
message = { zh = "{table_name:table}“{field:field}”有 {measured} 行为空", en = "{field:field} is empty in {measured} rows of {table_name:table}" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = []
key = ["table_name", "field", "person_no"]
rests_on = [{ rows = "trouble_rows", on = ["table_name", "field", "person_no"], where = "e.kind = 'missing'" }]
params = {}
line = "every"
since = "0.1.0"
*/
SELECT
  t.table_name AS table_name, t.field AS field, t.person_no AS person_no, COUNT(t.row_id) AS measured,
  0 AS limit_value
FROM trouble_rows AS t
JOIN fields AS d ON d.table_name = t.table_name AND d.field = t.field
WHERE t.kind = 'missing' AND d.recorded = 1
GROUP BY t.table_name, t.field, t.person_no
