/*
title = { zh = "重复申领", en = "Claimed more than once" }
why = { zh = "同一身份证号被申领一次以上。申请日期最早的一次成立，其后的不予支持；没有日期或几个单位同日申领的，先后无法判断，合计只支持一份，全部待核实。凭证书申领的一类，通知没有规定第二份证书能否再领，只作待核实。", en = "One identity number is claimed for more than once. The earliest claim stands; where the order cannot be told all are to be verified, for one amount in total. Of claims for certificates the notice does not say whether a second one is paid: to be verified." }
fix = { zh = "请各用人单位说明该职工的劳动关系；核对申请日期。", en = "Ask the employers about the employment; check the dates of the claims." }
false_positives = { zh = "申请表重复提交、退回后重新申报。", en = "A form sent twice, or again after it was returned." }
message = { zh = "同一人共申领 {measured} 次{n2|0=，本次不是最早的一次|1=，先后无法判断|2=证书一类的补贴；通知没有规定第二份证书能否再领，须核实}", en = "Claimed {measured} times{n2|0=; this is not the earliest|1=; the order cannot be told|2= for certificates; the notice does not say whether a second one is paid: to be verified}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.id_number"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }]
params = {}
line = "every"
since = "0.1.0"
*/
SELECT
  o.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, o.row_id AS row_id,
  o.claims AS measured, 1 AS limit_value, CASE WHEN o.standing IS NULL OR c.line > 1 THEN 1 ELSE 0 END AS doubt,
  CASE WHEN c.line > 1 THEN c.line WHEN o.standing IS NULL THEN 1 ELSE 0 END AS n2,
  ROW_NUMBER() OVER (PARTITION BY o.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, o.row_id) AS n1
FROM claim_order AS o
JOIN claims AS c ON c.row_id = o.row_id
WHERE o.standing = 0 OR o.standing IS NULL
