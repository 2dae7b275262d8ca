/*
title = { zh = "申请金额与应发金额不同", en = "The amount is not what the notice grants" }
why = { zh = "按通知重新计算的金额与申请金额不同。多申请的部分不予支持；少申请的按申请金额计。紧缺职业（工种）的上浮部分能否享受还不清楚的，在两种金额之间都不算不同；等级不明的，超过最高标准才算。", en = "The amount computed from the notice is not the amount claimed. What is claimed beyond it is not supported; a lower claim is taken as it is. Where it is open whether the addition for trades in short supply is due, anything between the two amounts agrees; where the level is not known, only what lies above the highest differs." }
fix = { zh = "请申领单位说明金额的计算；核对补贴项目和等级。", en = "Ask the employer how the amount was computed; check the subsidy and the level." }
false_positives = { zh = "一行合计了几个人或几项补贴、金额单位写错、只申请了差额。", en = "One row for several people or subsidies, an amount in another unit, a claim for a difference only." }
message = { zh = "申请 {measured:yuan} 元，按通知{n2|1=应发|2=应发|3=至多应发} {limit_value:yuan} 元，{n2|1=多申请|2=少申请|3=多申请} {n3:yuan} 元", en = "{measured:yuan} yuan are claimed; the notice grants {n2|1=|2=|3=at most }{limit_value:yuan}: {n3:yuan} {n2|1=more|2=less|3=more}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "fen"
reads = ["claims.amount"]
awaits = ["claims.amount"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }]
params = {}
line = "every"
since = "0.3.0"
*/
SELECT
  c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, c.row_id AS row_id,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n1,
  c.amount_fen AS measured,
  CASE WHEN c.amount_fen < g.grant_fen THEN g.grant_fen ELSE g.grant_fen + g.open_fen END AS limit_value,
  CASE WHEN c.amount_fen < g.grant_fen THEN 2 WHEN g.open_fen > 0 THEN 3 ELSE 1 END AS n2,
  CASE WHEN c.amount_fen < g.grant_fen THEN g.grant_fen - c.amount_fen ELSE c.amount_fen - g.grant_fen - g.open_fen END AS n3,
  CASE WHEN c.amount_fen < g.grant_fen THEN 1 ELSE 0 END AS mild
FROM claims AS c
JOIN claim_grants AS g ON g.row_id = c.row_id
WHERE c.amount_fen < g.grant_fen OR c.amount_fen > g.grant_fen + g.open_fen
