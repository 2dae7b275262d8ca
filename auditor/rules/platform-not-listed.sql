/*
title = { zh = "平台不在名单内", en = "Platform not on the list" }
why = { zh = "通知要求在认可的平台上学习。注册表（没有写的，开班申请）写明的平台都不在认可的平台名单内，或名单注明不认可。", en = "The notice wants study on recognised platforms. None of the platforms that the registrations name (where they name none, the filed classes) is on the list, or the list says it is not recognised." }
fix = { zh = "核对平台的全称、简称和运营单位；看人社部门对该平台的认可文件。", en = "Compare full name, short name and operator of the platform; look at the office's paper of recognition." }
false_positives = { zh = "平台名称写法不同（简称、产品名、公司名）、更名、名单之后新认可的平台、通知允许的企业自有平台或应用。", en = "A platform written in another way (short name, product, company), renamed, recognised after the list was made, or the employer's own platform or an app that the notice allows." }
message = { zh = "平台“{shown}”不在认可的平台名单内，涉及 {measured} 人次", en = "The platform “{shown}” is not on the list of recognised ones; {measured} claims" }
class = "breach"
population = "claimed"
subject = "employer"
unit = "count"
reads = ["platforms.platform", "registrations.platform|filings.platform"]
awaits = ["registrations.platform|filings.platform"]
key = ["employer_no", "shown"]
rests_on = [{ rows = "unlisted_platforms", on = ["employer_no", "platform_no"], from = ["employer_no", "n1"], where = "e.row_id IS NOT NULL" }, { table = "filings", on = ["employer_no", "platform_no"], from = ["employer_no", "n1"] }, { table = "registrations", on = ["employer_no", "platform_no"], from = ["employer_no", "n1"] }]
params = {}
since = "0.2.0"
*/
SELECT u.employer_no AS employer_no, u.platform_no AS n1, n.platform AS shown, COUNT(u.platform_no) AS measured, 0 AS limit_value
FROM unlisted_platforms AS u
JOIN platform_names AS n ON n.platform_no = u.platform_no
GROUP BY u.employer_no, u.platform_no, n.platform
