/*
title = { zh = "身份证号被遮盖", en = "Identity number masked" }
why = { zh = "导出时用星号等遮盖了号码的一部分，不能确认是谁。号码本身没有问题，平台有完整的号码，重新导出即可；遮盖不等于没有，也不等于有错。", en = "Part of the number was hidden, by stars or the like, when it was exported, so nobody can be told from it. The number itself is not wrong and the platform has it; masked is neither absent nor false." }
fix = { zh = "请平台以完整的号码重新导出（按委托的范围保密使用）。", en = "Ask the platform for another export with whole numbers, to be kept confidential as the engagement says." }
false_positives = { zh = "平台默认的隐私设置、从网页而不是后台导出。", en = "Privacy settings of the platform, an export from its web page instead of its back office." }
message = { zh = "{table_name:table}中有 {measured} 行：{shown:why}", en = "{measured} rows of {table_name:table}: {shown:why}" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = []
key = ["table_name", "person_no"]
rests_on = [{ rows = "identity_rows", on = ["table_name", "person_no"], where = "e.state = 'masked'" }]
params = {}
line = "every"
since = "0.2.0"
*/
SELECT i.table_name AS table_name, i.person_no AS person_no, MIN(i.why) AS shown, COUNT(i.row_id) AS measured, 0 AS limit_value
FROM identity_rows AS i
WHERE i.state = 'masked'
GROUP BY i.table_name, i.person_no
