/*
title = { zh = "证书等级与申领不符", en = "The certificate is of another level" }
why = { zh = "补贴标准按证书的等级。证书的等级低于申领的等级，或者申领、证书上的等级读不出来的，待核实；证书等级高于申领的，只作提示。可发金额按证书的等级计，读不出的按申领的等级计。", en = "The amount follows the level of the certificate. A certificate below the level claimed, or a level that cannot be read, is to be verified; a certificate above the level claimed is a note. What may be granted follows the certificate, or the claim where the certificate cannot be read." }
fix = { zh = "看证书原件或在国家职业技能等级证书查询系统查询等级；请申领单位说明。", en = "Look at the certificate or look its level up in the national register; ask the employer." }
false_positives = { zh = "等级录错、证书表不全（漏了较高等级的一份）、新旧等级名称写法不同。", en = "A level mistyped, a higher certificate left out of the table, older names of the levels." }
message = { zh = "{n2|1=申领的等级是|2=申领的等级是|3=证书表中的等级读不出来|4=申领名单上的等级读不出来}{measured:level}{n2|1=，证书是|2=，证书是|4=，证书是}{limit_value:level}", en = "{n2|1=Claimed for |2=Claimed for |3=The level in the table of certificates cannot be read|4=The level on the claim list cannot be read}{measured:level}{n2|1=; the certificate is of |2=; the certificate is of |4=; the certificate is of }{limit_value:level}" }
class = "data"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.id_number", "certificates.id_number", "certificates.level"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }, { table = "certificates", on = ["row_id"], from = ["other_row_id"] }]
params = {}
line = "certificate"
since = "0.3.0"
*/
SELECT
  c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, c.row_id AS row_id,
  k.certificate_row AS other_row_id,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n1,
  CASE WHEN k.level IS NOT NULL THEN c.said_level END AS measured, k.level AS limit_value,
  CASE
    WHEN k.level IS NULL THEN 3 WHEN c.said_level IS NULL THEN 4 WHEN k.level < c.said_level THEN 1 ELSE 2
  END AS n2,
  CASE WHEN k.level > c.said_level THEN 1 ELSE 0 END AS mild
FROM certified AS k
JOIN claims AS c ON c.row_id = k.row_id
WHERE k.certificate_row IS NOT NULL
  AND (k.level IS NULL OR k.level <> c.said_level OR (c.said_level IS NULL AND c.unread_level = 1))
