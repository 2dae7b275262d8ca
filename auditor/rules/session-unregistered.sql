/*
title = { zh = "没有注册的人的学习", en = "Study of somebody not registered" }
why = { zh = "有学习记录，但实名注册表中没有此人的身份证号或账号。被申领补贴的，由“申领人员没有实名注册”另行判断，这里只作提示。", en = "There are sessions, but no registration knows the number or the account. Claims are judged by a rule of their own; this is only pointed out." }
fix = { zh = "请平台补充注册记录，或说明这些账号是谁的。", en = "Ask the platform for the registrations, or whose these accounts are." }
false_positives = { zh = "注册表漏导出、注册表中的号码已受损、测试账号。", en = "Registrations left out or with damaged numbers, test accounts." }
message = { zh = "有 {measured} 次学习，注册表中没有此人", en = "{measured} sessions of somebody no registration knows" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = ["registrations.id_number|registrations.account", "sessions.id_number|sessions.account"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"] }]
params = {}
since = "0.1.0"
*/
SELECT t.person_no AS person_no, t.sessions AS measured, 0 AS limit_value
FROM study AS t
JOIN people AS p ON p.person_no = t.person_no
WHERE p.named = 1 AND p.registered = 0
