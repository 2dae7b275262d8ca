/*
title = { zh = "申领人员没有实名注册", en = "Claimed but not registered" }
why = { zh = "申请补贴的人员在平台的实名注册表中没有对应的身份证号。", en = "The identity number of a claim is not among the platform's registrations." }
fix = { zh = "请平台提供该学员的注册记录；核对申请名单的号码是否录错。", en = "Ask for the registration; check the number on the claim list." }
false_positives = { zh = "申请名单号码录错、注册表漏导出、注册时用了别的证件。", en = "A typing error in the list, a registration left out, another document used." }
message = { zh = "实名注册表中没有此人", en = "Not among the registrations" }
class = "breach"
population = "claimed"
subject = "person"
unit = "count"
reads = ["registrations.id_number", "claims.id_number"]
key = ["person_no"]
rests_on = [{ table = "claims", on = ["person_no"] }]
params = {}
since = "0.1.0"
*/
SELECT p.person_no AS person_no, 0 AS measured, 1 AS limit_value
FROM people AS p
WHERE p.claimed = 1 AND p.judged = 1 AND p.registered = 0
