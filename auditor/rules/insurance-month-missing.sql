/*
title = { zh = "社保未按月缴纳", en = "Social insurance not paid for a required month" }
why = { zh = "通知要求在规定的月份正常缴纳社会保险，社保缴纳表里没有此人该月的缴费记录，或记录为未缴。社保缴纳表里根本没有该单位该月的任何记录、缴费状态不能读取，或同月既有已缴又有未缴的（按险种分行、补缴），只作待核实。", en = "The notice requires social insurance to be paid for these months; the social insurance table has no payment of this person for the month, or says that it was not paid. Where the table holds nothing at all of this employer for the month, the state of payment cannot be read, or some rows of the month are paid and some not (a row for each kind of insurance, late payments), the claim is to be verified." }
fix = { zh = "向社保经办机构调取本人该月的缴费记录；核对是否在其他单位参保、以其他证件号参保或补缴。", en = "Ask the social insurance office for this person's record of the month; check for payment by another employer, under another document, or later." }
false_positives = { zh = "社保表漏导出、当月换单位、以其他证件号参保、补缴尚未入账。", en = "Rows left out of the table, a change of employer, another document number, a late payment not yet booked." }
message = { zh = "社保缴纳表中 {n1:month} {n2|0=没有正常缴费的记录|1=没有此人的记录，也没有该单位的任何记录|2=的缴费状态不能读取|3=既有未缴、又有已缴的记录，可能是不同险种或补缴}", en = "Social insurance, {n1:month}: {n2|0=no payment on record|1=nothing of this person, nor of the employer|2=the state of payment cannot be read|3=some rows are paid and some are not: kinds of insurance, or a late payment}" }
class = "breach"
population = "claimed"
subject = "person"
unit = "count"
reads = ["insurance.id_number", "insurance.month|insurance.month_from"]
key = ["person_no", "n1"]
rests_on = [{ table = "claims", on = ["person_no"] }, { table = "insurance", on = ["person_no"] }]
params = { insured_from = { unit = "month", stricter = "down" }, insured_to = { unit = "month", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  p.person_no AS person_no, m.month AS n1, 0 AS measured, 1 AS limit_value,
  CASE WHEN s.unread = 1 THEN 2 WHEN s.paid = 1 THEN 3 WHEN c.month IS NULL THEN 1 ELSE 0 END AS n2,
  CASE WHEN s.unread = 1 OR s.paid = 1 OR c.month IS NULL THEN 1 ELSE 0 END AS doubt
FROM people AS p
CROSS JOIN (SELECT $insured_from AS month UNION SELECT $insured_to AS month UNION SELECT i.month AS month FROM insured AS i) AS m
LEFT JOIN (
  SELECT i.person_no AS person_no, i.month AS month, MAX(i.paid) AS paid, MIN(i.paid) AS least, MAX(i.unread) AS unread
  FROM insured AS i
  GROUP BY i.person_no, i.month
) AS s ON s.person_no = p.person_no AND s.month = m.month
LEFT JOIN (SELECT DISTINCT i.employer_no AS employer_no, i.month AS month FROM insured AS i) AS c
  ON c.employer_no = p.employer_no AND c.month = m.month
WHERE p.judged = 1 AND (COALESCE(s.paid, 0) = 0 OR s.least = 0)
