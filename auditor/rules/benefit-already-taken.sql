/*
title = { zh = "已享受过补贴", en = "Subsidy already granted" }
why = { zh = "通知规定同一人只享受一次（或与另一类补贴就高不重复），而已享受补贴台账里此人已有这样一笔：本次申领日期之前已发的同一补贴，或金额不低于本次申领、在本培训期所在年度内发放的另一类补贴。其余情形只作待核实：同一补贴由别的单位在其后领取或没有日期、属于别的年度、补贴名称只有“培训补贴”一类统称，或另一类补贴的日期、金额不明或较低；以及对另一份申领名单审计时登记的、日期不在其前的同一补贴，不能判断是否同一证书的一笔。可能就是本次申领所发的一笔（同一单位或未写单位，申领日当天或以后发放，或没有日期）不算，对同一份申领名单审计时登记的不算；写明是其他项目的不算；证件号读不出的行没有比较。", en = "The notice grants the subsidy once a person (or the higher of two), and the register of subsidies already holds one of this person: the same subsidy granted before the day of this claim, or the other kind, no lower than what is claimed and granted within the year of the training. Anything else is to be verified: the same subsidy of another employer later or without a date, one of another year, one that is only called a training subsidy, or the other kind with its day or amount unknown or lower; likewise the same subsidy that an audit of another list put down with no earlier day, and one for what may be another certificate. What may be the payment of this very claim (same employer or none named, granted on the day of the claim or later, or without a date) or was put down by an audit of this very list does not count, nor does what is named as something else; rows whose identity number cannot be read were not compared." }
fix = { zh = "向补贴发放部门调取本人的发放明细：项目、批次、金额、收款单位、日期；核对是否退回重报、是否为同一笔；请本人和各单位说明。", en = "Ask the paying office for this person's payments: subsidy, batch, amount, payee, day; check whether a claim was returned and sent again, or is the same payment; ask the person and the employers." }
false_positives = { zh = "退回后重新申报、发放后又退款、台账日期是登记日期而非发放日期、项目名称填写笼统、申领名单的日期是补交材料的日期。", en = "A claim returned and sent again, a payment that was paid back, a register dated by entry and not by payment, loosely named projects, a claim dated by papers handed in later." }
message = { zh = "已享受补贴台账中有此人的 {measured} 笔{n2|1=：本次申领之前已享受同一补贴|2=：已享受另一类补贴，金额不低于本次申领，不能同时享受|3=：同一补贴另由其他单位（也可能是同一单位的另一种写法）领取，是否另一笔须核实|4=：名称相同、属于其他年度的补贴，是否计入须核实|5=：一笔没有写明项目的培训补贴|6=：另一类补贴，其日期或金额不能说明孰高孰先|7=：对另一份申领名单审计时已支持同一补贴，孰先须核实|8=：已享受同一类补贴，是否同一份证书须核实}{shown?，领取单位：}{shown}{n3?，享受日期 }{n3:day}", en = "The register of subsidies holds {measured} of this person{n2|1=: the same subsidy, granted before this claim|2=: the other subsidy, no lower than this claim; they exclude each other|3=: the same subsidy through another employer (or the same one spelled otherwise); whether it is another payment is to be verified|4=: a subsidy of the same name, of another year; whether it counts is to be verified|5=: a training subsidy that is not named|6=: the other subsidy; its day and amount do not tell which one applies|7=: an audit of another list of claims supported the same subsidy; which came first is to be verified|8=: the same kind of subsidy; whether for the same certificate is to be verified}{shown?, through }{shown}{n3?, granted on }{n3:day}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.id_number", "benefits.id_number"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }, { rows = "benefits_taken", on = ["claim_row_id"], from = ["row_id"] }]
params = { period_from_day = { unit = "day", stricter = "down" }, period_to_day = { unit = "day", stricter = "up" } }
line = "every"
since = "0.2.0"
*/
SELECT
  c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, c.row_id AS row_id,
  t.benefits AS measured, 0 AS limit_value,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n1,
  t.code AS n2, d.granted_on AS n3, e.employer AS shown, CASE WHEN t.code > 2 THEN 1 ELSE 0 END AS doubt
FROM claims AS c
JOIN (
  SELECT b.claim_row_id AS claim_row_id, COUNT(b.row_id) AS benefits, MIN(b.code) AS code
  FROM benefits_taken AS b
  GROUP BY b.claim_row_id
) AS t ON t.claim_row_id = c.row_id
LEFT JOIN (
  SELECT
    g.claim_row_id AS claim_row_id, g.code AS code, MIN(g.granted_on) AS granted_on,
    CASE WHEN COUNT(DISTINCT g.employer_no) = 1 THEN MIN(g.employer_no) END AS employer_no
  FROM benefits_taken AS g
  GROUP BY g.claim_row_id, g.code
) AS d ON d.claim_row_id = t.claim_row_id AND d.code = t.code
LEFT JOIN employers AS e ON e.employer_no = d.employer_no
