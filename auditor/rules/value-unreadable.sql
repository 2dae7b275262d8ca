/*
title = { zh = "不能读取的值", en = "Unreadable value" }
why = { zh = "单元格里有内容，但不是这一列应有的值（例如不存在的日期）。该行保留，该值按空处理，不猜测、不修复。", en = "A cell holds something, but no value of its column (a date that does not exist). The row stays, the value is empty; nothing is guessed or repaired." }
fix = { zh = "请平台按原始日志补充或更正该值后重新导出。", en = "Ask the platform to complete or correct the value from its log and export again." }
false_positives = { zh = "导出格式设置不当、人工录入的备注写进了数据列。", en = "A wrong export setting, remarks typed into a data column." }
message = { zh = "{table_name:table}“{field:field}”有 {measured} 个值不能读取：{shown}", en = "{measured} values of {field:field} in {table_name:table} cannot be read: {shown}" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = []
key = ["table_name", "field", "person_no", "shown"]
rests_on = [{ rows = "trouble_rows", on = ["table_name", "field", "person_no"], where = "e.kind = 'unreadable' AND e.shown IS NOT DISTINCT FROM f.shown" }]
params = {}
line = "every"
since = "0.1.0"
*/
SELECT
  t.table_name AS table_name, t.field AS field, t.person_no AS person_no, t.shown AS shown, COUNT(t.row_id) AS measured,
  0 AS limit_value
FROM trouble_rows AS t
JOIN fields AS d ON d.table_name = t.table_name AND d.field = t.field
WHERE t.kind = 'unreadable' AND (d.recorded = 1 OR d.lacking = 0)
GROUP BY t.table_name, t.field, t.person_no, t.shown
