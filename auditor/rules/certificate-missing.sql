/*
title = { zh = "没有证书", en = "No certificate" }
why = { zh = "凭证书申领的补贴，证书表中没有此人的证书。表中没有该单位任何人的证书，或只有编号不同的证书的，待核实。", en = "The claim is for a certificate and the table of certificates holds none of this person. Where it holds none of anybody of the employer, or one of another number, the claim is to be verified." }
fix = { zh = "在国家职业技能等级证书查询系统按姓名、证件号查询；请申领单位提供证书。", en = "Look the person up in the national register of certificates; ask the employer for the certificate." }
false_positives = { zh = "证书表漏导出、只含部分评价机构、以其他证件号取证、编号录错。", en = "Rows left out of the table, a table of some assessing bodies only, another document used, a number mistyped." }
message = { zh = "证书表中没有此人的证书{n2|0=|1=，也没有该单位任何人的证书|2=：申领写明的证书编号与表中此人的不同}", en = "The table of certificates holds none of this person{n2|0=|1=, nor of anybody of the employer|2= with the number that the claim states}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.id_number", "certificates.id_number"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }]
params = {}
line = "certificate"
needed = true
since = "0.3.0"
*/
SELECT
  c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, c.row_id AS row_id,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n1,
  k.held AS measured, 1 AS limit_value,
  CASE WHEN k.held > 0 THEN 2 WHEN h.employer_no IS NULL THEN 1 ELSE 0 END AS n2,
  CASE WHEN k.held > 0 OR h.employer_no IS NULL THEN 1 ELSE 0 END AS doubt
FROM certified AS k
JOIN claims AS c ON c.row_id = k.row_id
JOIN people AS p ON p.person_no = c.person_no AND p.known = 1
LEFT JOIN (
  SELECT DISTINCT COALESCE(r.employer_no, q.employer_no) AS employer_no
  FROM certificate_rows AS r
  LEFT JOIN people AS q ON q.person_no = r.person_no
) AS h ON h.employer_no = COALESCE(c.employer_no, p.employer_no)
WHERE k.certificate_row IS NULL
