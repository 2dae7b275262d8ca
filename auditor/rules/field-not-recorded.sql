/*
title = { zh = "平台未记录的字段", en = "Field not recorded by the platform" }
why = { zh = "通知要求平台记录、或审计规则必需的一项，在导出文件中没有，或整列为空。这是平台的问题，不是某一个学员的问题；依赖它的规则不执行，也不算通过。", en = "A field that the notice asks the platform to record, or that a rule must have, is not in the export or empty throughout. It is about the platform, not about a learner; rules that need it are not evaluated, and not passed either." }
fix = { zh = "请平台补充这一项后重新导出；确实没有记录的，在报告中写明。", en = "Ask the platform for it; where it was never recorded, say so in the report." }
false_positives = { zh = "平台有记录但导出模板没有包含；列名不在可识别的名称之中。", en = "Recorded but not in the export template; a header that is not recognised." }
message = { zh = "平台未记录{table_name:table}的“{field:field}”", en = "The platform did not record {field:field} of {table_name:table}" }
class = "data"
population = "all"
subject = "file"
unit = "count"
reads = []
key = ["table_name", "field"]
rests_on = []
params = {}
since = "0.1.0"
*/
SELECT d.table_name AS table_name, d.field AS field, 0 AS measured, 1 AS limit_value
FROM fields AS d
WHERE d.lacking = 1
