/*
title = { zh = "同一证书重复申领", en = "One certificate claimed for twice" }
why = { zh = "两项以上的申领依据同一份证书（同一人的同一行，或同一证书编号）。同一人的，申请日期最早的一次成立，其后的不予支持；没有日期或最早的不止一项的，先后无法判断，待核实。证书编号相同而人不同的，都待核实。", en = "Two or more claims rest on one certificate (the same row, or the same number). Of one person's the earliest stands and the later ones are not supported; without dates, or with several on the first day, all are to be verified. One number under different people is to be verified." }
fix = { zh = "请申领单位说明；在国家职业技能等级证书查询系统核对证书编号的持有人。", en = "Ask the employers; look up in the national register whose the number is." }
false_positives = { zh = "申请表重复提交、退回后重新申报、证书编号录错。", en = "A form sent twice, or again after it was returned; a number mistyped." }
message = { zh = "依据同一证书的申领共 {measured} 项{n2|0=，本项不是最早的一次|1=，先后无法判断|2=，分属不同的人}", en = "{measured} claims rest on one certificate{n2|0=; this is not the earliest|1=; the order cannot be told|2=, of different people}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.id_number", "certificates.id_number"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }, { table = "certificates", on = ["row_id"], from = ["other_row_id"] }]
params = {}
line = "certificate"
since = "0.3.0"
*/
SELECT
  t.person_no AS person_no, t.employer_no AS employer_no, t.claim_day AS start_day, t.row_id AS row_id,
  t.certificate_row AS other_row_id,
  ROW_NUMBER() OVER (PARTITION BY t.person_no, t.employer_no, t.claim_day ORDER BY t.amount_fen, t.row_id) AS n1,
  u.claims AS measured, 1 AS limit_value,
  CASE WHEN u.persons > 1 THEN 2 WHEN u.undated > 0 OR f.claims > 1 THEN 1 ELSE 0 END AS n2,
  CASE WHEN u.persons > 1 OR u.undated > 0 OR f.claims > 1 THEN 1 ELSE 0 END AS doubt
FROM (
  SELECT
    c.row_id AS row_id, c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS claim_day,
    c.amount_fen AS amount_fen, k.certificate_row AS certificate_row, COALESCE(k.certificate_no, 0 - k.certificate_row) AS mark
  FROM certified AS k
  JOIN claims AS c ON c.row_id = k.row_id
  WHERE k.certificate_row IS NOT NULL
) AS t
JOIN (
  SELECT
    COALESCE(a.certificate_no, 0 - a.certificate_row) AS mark, COUNT(a.row_id) AS claims,
    COUNT(DISTINCT b.person_no) AS persons, MIN(b.claim_day) AS first_day,
    SUM(CASE WHEN b.claim_day IS NULL THEN 1 ELSE 0 END) AS undated
  FROM certified AS a
  JOIN claims AS b ON b.row_id = a.row_id
  WHERE a.certificate_row IS NOT NULL
  GROUP BY COALESCE(a.certificate_no, 0 - a.certificate_row)
  HAVING COUNT(a.row_id) > 1
) AS u ON u.mark = t.mark
LEFT JOIN (
  SELECT COALESCE(d.certificate_no, 0 - d.certificate_row) AS mark, e.claim_day AS claim_day, COUNT(d.row_id) AS claims
  FROM certified AS d
  JOIN claims AS e ON e.row_id = d.row_id
  WHERE d.certificate_row IS NOT NULL
  GROUP BY COALESCE(d.certificate_no, 0 - d.certificate_row), e.claim_day
) AS f ON f.mark = u.mark AND f.claim_day = u.first_day
WHERE u.persons > 1 OR u.undated > 0 OR f.claims > 1 OR t.claim_day > u.first_day
