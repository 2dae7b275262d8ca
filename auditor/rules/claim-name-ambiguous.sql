/*
title = { zh = "申领只有姓名，而注册的人中有几个同名", en = "Claimed by a name that several registered people bear" }
why = { zh = "这一条申领没有可用的身份证号，只能靠姓名认人，而注册的人中有不止一人叫这个名字，记录不能说明是为谁申领的。曾有公开的申报表生成工具只按姓名拼接数据；同名的人因此可能被张冠李戴。", en = "This claim has no usable identity number, so only the name tells who is meant, and more than one registered person bears it. A published generator of claim lists joins its data by name alone; people of one name are then taken for one another." }
fix = { zh = "请申报单位补充身份证号；凭劳动合同、社保记录、收款签字确认是哪一位。", en = "Ask the employer for the identity number; labour contract, social insurance and signature tell which person it is." }
false_positives = { zh = "导出时漏了身份证号列；号码以数字格式保存而受损。", en = "The column of numbers left out of the export; numbers damaged by a spreadsheet." }
message = { zh = "没有可用的身份证号，注册的人中有 {measured} 人同名{n1|0=，都不在这个单位|1=，其中 1 人在这个单位}", en = "No usable identity number, and {measured} registered people of that name{n1|0=, none at this employer|1=, one of them at this employer}" }
class = "data"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.name", "registrations.name", "registrations.id_number|registrations.account"]
key = ["person_no", "employer_no", "start_day", "n2"]
rests_on = [{ table = "claims", on = ["row_id"] }]
params = {}
line = "every"
since = "0.2.0"
*/
SELECT
  c.row_id AS row_id, c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day,
  n.persons AS measured, 1 AS limit_value, CASE WHEN n.colleagues < 2 THEN n.colleagues END AS n1,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n2
FROM namesakes AS n
JOIN claims AS c ON c.row_id = n.row_id
WHERE n.persons > 1
