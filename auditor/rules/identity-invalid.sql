/*
title = { zh = "身份证号不成立", en = "Identity number that cannot be right" }
why = { zh = "号码的校验码、出生日期或性别位不符合国家标准（GB 11643），或与登记的性别不符。可能是录入错误，须核对证件。", en = "The check digit, birth date or sex digit does not hold (GB 11643), or contradicts the registered sex. It may be a typing error." }
fix = { zh = "核对身份证原件或复印件。", en = "Check the document itself." }
false_positives = { zh = "录入错误、改过号码、15 位旧号码。", en = "Typing errors, changed numbers, old 15-digit numbers." }
message = { zh = "{shown:why}（{measured} 行）", en = "{shown:why} ({measured} rows)" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = []
key = ["person_no", "shown"]
rests_on = [{ rows = "identity_rows", on = ["person_no"], where = "e.state = 'invalid'" }]
params = {}
line = "every"
since = "0.1.0"
*/
SELECT i.person_no AS person_no, i.why AS shown, COUNT(i.row_id) AS measured, 0 AS limit_value
FROM identity_rows AS i
WHERE i.state = 'invalid'
GROUP BY i.person_no, i.why
