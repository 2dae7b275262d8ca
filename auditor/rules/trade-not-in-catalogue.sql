/*
title = { zh = "上浮部分所依据的工种不在目录", en = "Trade not in the catalogue" }
why = { zh = "申领金额含有紧缺职业（工种）的上浮部分，而证书的职业（工种）不在目录中：上浮部分不予支持。名称相近、证书没有写明职业（工种）、目录的等级或期限说不清的，或没有目录的，上浮部分待核实；基本标准照常判断。", en = "The claim includes the addition for trades in short supply and the certificate's trade is not in the catalogue: the addition is not supported. Where a similar name stands there, the certificate states no trade, the catalogue's levels or days are not clear, or there is no catalogue, the addition is to be verified; the basic amount is judged as ever." }
fix = { zh = "看证书上的职业（工种）全称和编码，与公布的目录核对。", en = "Compare the full name and code of the trade on the certificate with the catalogue as published." }
false_positives = { zh = "目录与证书的名称写法不同、目录是另一年度的、工种归在更大的职业之下。", en = "Names written differently, a catalogue of another year, a trade that stands under a wider occupation." }
message = { zh = "申领金额中有上浮部分 {measured:yuan} 元，{n2|0=证书的职业（工种）不在紧缺目录中|1=证书的职业（工种）是否在紧缺目录中不能判断}", en = "The claim includes {measured:yuan} yuan more for a trade in short supply; {n2|0=the certificate's trade is not in the catalogue|1=whether the certificate's trade is in the catalogue cannot be told}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "fen"
reads = ["claims.amount", "certificates.id_number", "trades.trade"]
awaits = ["claims.amount"]
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
  CASE WHEN c.amount_fen - v.fen > v.uplift_fen THEN v.uplift_fen ELSE c.amount_fen - v.fen END AS measured, 0 AS limit_value,
  CASE WHEN k.listed = 0 THEN 0 ELSE 1 END AS n2
FROM certified AS k
JOIN claims AS c ON c.row_id = k.row_id
JOIN claim_grants AS g ON g.row_id = c.row_id
JOIN levels AS v ON v.level = g.level
WHERE k.certificate_row IS NOT NULL AND v.uplift_fen > 0 AND c.amount_fen > v.fen AND (k.listed = 0 OR k.listed IS NULL)
