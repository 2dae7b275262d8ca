/*
title = { zh = "证书不属于培训期", en = "The certificate is not of the period" }
why = { zh = "通知补贴的是规定期限内的培训。证书表写明的培训时间不在期限内，或没有培训时间而发证在期限以前的，不符合；培训跨越期限、发证在期限以后、没有日期或日期互相矛盾的，待核实。", en = "The notice pays for training within its period. Training that the table dates outside it, or without dates of training a certificate issued before it, breaks the clause; training across its edge, a certificate issued later, no dates at all or dates that contradict each other are to be verified." }
fix = { zh = "看开班和结班资料、考核评价的日期；在国家职业技能等级证书查询系统核对发证日期。", en = "Look at the papers of opening and ending the class and of the assessment; look the day of issue up in the national register." }
false_positives = { zh = "发证日期是补发、换发的日期；培训起止录错。", en = "A certificate issued anew, dates of training mistyped." }
message = { zh = "{n2|1=证书在培训期以后签发，没有培训起止日期|2=证书表没有能说明培训时间的日期|3=培训跨越培训期，或与发证日期矛盾|4=培训不在培训期内，或证书在此以前已签发}{n3?，发证日期 }{n3:day}", en = "{n2|1=The certificate was issued after the period, and nothing tells when training took place|2=No date tells when training took place|3=Training crosses the edge of the period, or contradicts the day of issue|4=Training was not within the period, or the certificate is older}{n3?, issued on }{n3:day}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.id_number", "certificates.id_number", "certificates.issued_on|certificates.trained_from"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }, { table = "certificates", on = ["row_id"], from = ["other_row_id"] }]
params = { period_from_day = { unit = "day", stricter = "up" }, period_to_day = { unit = "day", stricter = "down" } }
line = "certificate"
since = "0.3.0"
*/
SELECT
  c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, c.row_id AS row_id,
  k.certificate_row AS other_row_id,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n1,
  k.period AS n2, k.issued_on AS n3, 0 AS measured, 1 AS limit_value, CASE WHEN k.period = 4 THEN 0 ELSE 1 END AS doubt
FROM certified AS k
JOIN claims AS c ON c.row_id = k.row_id
WHERE k.period > 0
