/*
title = { zh = "被遮盖的值", en = "Masked values" }
why = { zh = "姓名、电话或账号的一部分在导出时用星号等遮盖。这样的值可以读出，却不能用来核对是不是同一个人，也不能据此回访；它既不是空的，也不是不能读取的。每张表每一列列一条，写明有多少行。", en = "Part of a name, a phone or an account was hidden, by stars or the like, when it was exported. Such a value can be read but does not tell whether two rows are of one person, nor can anybody be called back by it; it is neither empty nor unreadable. One finding for each table and column, with the number of rows." }
fix = { zh = "请平台以完整的值重新导出；需要电话回访的，向平台或用人单位索取完整的号码。", en = "Ask the platform for another export with whole values; where people are to be called back, ask platform or employer for the numbers." }
false_positives = { zh = "平台默认的隐私设置；姓名、账号中本来就有星号。", en = "Privacy settings of the platform; a name or an account that has stars of its own." }
message = { zh = "{table_name:table}的“{field:field}”有 {n1} 行填写，其中 {measured} 行被遮盖", en = "{field:field} of {table_name:table}: {measured} of {n1} values are masked" }
class = "data"
population = "all"
subject = "file"
unit = "count"
reads = []
key = ["table_name", "field"]
rests_on = [{ rows = "hidden_values", on = ["table_name", "field"] }]
params = {}
line = "every"
since = "0.2.0"
*/
SELECT h.table_name AS table_name, h.field AS field, h.hidden AS measured, 0 AS limit_value, h.filled AS n1
FROM hidden_values AS h
