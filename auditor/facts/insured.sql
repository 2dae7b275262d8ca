/*
title = { zh = "社保缴费月份", en = "Months insured" }
why = { zh = "通知要求的每个月，社保缴纳表里谁有记录、是否缴费。", en = "For each month the notice requires: of whom the social insurance table tells, and whether it was paid." }
needs = []
params = ["insured_from", "insured_to"]
*/
-- One row a row of the table and a required month that it is about. unread: the state of payment stands there and
-- cannot be read.
CREATE TABLE insured (month BIGINT, person_no BIGINT, employer_no BIGINT, paid BIGINT, unread BIGINT);
INSERT INTO insured
SELECT
  m.month AS month, i.person_no AS person_no, COALESCE(i.employer_no, p.employer_no) AS employer_no,
  CASE WHEN i.paid_up IS NULL THEN 1 - f.recorded ELSE i.paid_up END AS paid,
  CASE WHEN i.paid_up IS NULL THEN f.recorded ELSE 0 END AS unread
FROM insurance AS i
JOIN (
  SELECT $insured_from AS month
  UNION
  SELECT $insured_to AS month
  UNION
  SELECT n.month AS month FROM insurance AS n WHERE n.month > $insured_from AND n.month < $insured_to
) AS m ON COALESCE(i.month, i.month_from) <= m.month AND COALESCE(i.month, i.month_to, 999999) >= m.month
CROSS JOIN (
  SELECT d.recorded AS recorded FROM fields AS d WHERE d.table_name = 'insurance' AND d.field = 'paid_up'
) AS f
LEFT JOIN people AS p ON p.person_no = i.person_no;
