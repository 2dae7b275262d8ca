/*
title = { zh = "申请以前的参保月份数", en = "Months insured up to the claim" }
why = { zh = "凭证书的每项申领：社保缴纳表中本人申请当月及以前已缴费的月份数；有的行已缴有的行未缴、缴费状态读不出的月份另计；以及表从哪个月起有记录。", en = "Of each claim for a certificate: the months up to that of the claim for which the social insurance table says that it was paid; months of which some rows are paid and some not, or cannot be read, apart; and how far back the table reaches." }
needs = []
params = ["period_to_day"]
*/
-- sure: months of which every row is paid; most: months of which any row may be. reach: months from the table's first one to
-- that of the claim (else of the period's end). told: the table tells of the person; covered: of anybody of the employer.
CREATE TABLE insured_months (row_id BIGINT, sure BIGINT, most BIGINT, reach BIGINT, told BIGINT, covered BIGINT);
INSERT INTO insured_months
SELECT
  c.row_id AS row_id, COALESCE(s.sure, 0) AS sure, COALESCE(s.most, 0) AS most, e.month_no - b.month_no + 1 AS reach,
  CASE WHEN s.row_id IS NULL THEN 0 ELSE 1 END AS told, CASE WHEN h.employer_no IS NULL THEN 0 ELSE 1 END AS covered
FROM claims AS c
LEFT JOIN people AS p ON p.person_no = c.person_no
LEFT JOIN (
  SELECT
    g.row_id AS row_id, SUM(CASE WHEN g.least = 1 THEN 1 ELSE 0 END) AS sure,
    SUM(CASE WHEN g.most > 0 THEN 1 ELSE 0 END) AS most
  FROM (
    SELECT
      k.row_id AS row_id, m.month AS month,
      MIN(CASE WHEN i.paid_up IS NULL THEN 1 - f.recorded ELSE i.paid_up END) AS least,
      MAX(CASE WHEN i.paid_up IS NULL THEN 1 ELSE i.paid_up END) AS most
    FROM claims AS k
    JOIN insurance AS i ON i.person_no = k.person_no
    JOIN months AS m ON COALESCE(i.month, i.month_from) <= m.month AND COALESCE(i.month, i.month_to, 999999) >= m.month
    CROSS JOIN (
      SELECT d.recorded AS recorded FROM fields AS d WHERE d.table_name = 'insurance' AND d.field = 'paid_up'
    ) AS f
    WHERE k.line = 2
      AND m.month * 100 <= COALESCE(
        k.claim_day, CASE WHEN i.month IS NULL AND i.month_to IS NULL THEN $period_to_day ELSE 99999999 END
      )
    GROUP BY k.row_id, m.month
  ) AS g
  GROUP BY g.row_id
) AS s ON s.row_id = c.row_id
LEFT JOIN (
  SELECT DISTINCT COALESCE(n.employer_no, q.employer_no) AS employer_no
  FROM insurance AS n
  LEFT JOIN people AS q ON q.person_no = n.person_no
) AS h ON h.employer_no = COALESCE(c.employer_no, p.employer_no)
CROSS JOIN (SELECT MIN(COALESCE(t.month, t.month_from)) AS month FROM insurance AS t) AS a
LEFT JOIN months AS b ON b.month = a.month
LEFT JOIN months AS e
  ON e.month * 100 < COALESCE(c.claim_day, $period_to_day) AND e.month * 100 + 99 > COALESCE(c.claim_day, $period_to_day)
WHERE c.line = 2;
