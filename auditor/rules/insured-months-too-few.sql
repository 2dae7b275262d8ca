/*
title = { zh = "参保月份不足", en = "Too few months insured" }
why = { zh = "通知要求依法参加社会保险满规定的月份数。社保缴纳表中本人申请当月及以前已缴费的月份不足的，不符合。表中的记录没有追溯到规定的月份数、没有该单位任何人的记录、缴费状态不能读取或同月既有已缴又有未缴的，待核实。", en = "The notice requires a number of months of social insurance. Where the table shows fewer months paid up to that of the claim, the clause is broken. Where it does not reach back far enough, holds nothing of anybody of the employer, or the state of payment cannot be read or differs within a month, the claim is to be verified." }
fix = { zh = "向社保经办机构调取本人的缴费记录；核对是否在其他单位、其他地区参保。", en = "Ask the social insurance office for this person's record; check for payment by another employer or elsewhere." }
false_positives = { zh = "社保表漏导出、换单位、在外地参保、以其他证件号参保、补缴尚未入账。", en = "Rows left out, a change of employer, insurance elsewhere or under another number, a late payment not yet booked." }
message = { zh = "申请当月及以前已缴费 {measured} 个月，要求满 {limit_value} 个月{n2|0=|1=；另有缴费状态不明或不一致的月份|2=；社保缴纳表没有追溯到足够的月份|3=；社保缴纳表中没有此人，也没有该单位任何人的记录}", en = "{measured} months paid up to that of the claim; {limit_value} are required{n2|0=|1=; of further months the state of payment is not clear|2=; the table does not reach back far enough|3=; the table holds nothing of this person, nor of anybody of the employer}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.id_number", "insurance.id_number", "insurance.month|insurance.month_from"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }, { table = "insurance", on = ["person_no"] }]
params = { insured_months = { unit = "months", stricter = "up" } }
line = "certificate"
needed = true
since = "0.3.0"
*/
SELECT
  c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, c.row_id AS row_id,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n1,
  m.sure AS measured, $insured_months AS limit_value,
  CASE
    WHEN m.most >= $insured_months THEN 1 WHEN m.reach < $insured_months THEN 2
    WHEN m.told = 0 AND m.covered = 0 THEN 3 ELSE 0
  END AS n2,
  CASE
    WHEN m.most >= $insured_months OR m.reach < $insured_months OR (m.told = 0 AND m.covered = 0)
      THEN 1
    ELSE 0
  END AS doubt
FROM insured_months AS m
JOIN claims AS c ON c.row_id = m.row_id
JOIN people AS p ON p.person_no = c.person_no AND p.known = 1
WHERE m.sure < $insured_months
