/*
title = { zh = "已享受的补贴", en = "Subsidies already granted" }
why = { zh = "每项申领与已享受补贴台账中同一人的各行比较：同一补贴只能享受一次，不能同时享受的另一类补贴就高不重复；可能就是本次申领所发的那一行、对同一份申领名单审计时登记的那一行不算。", en = "Each claim beside the rows of the register about the same person: the same subsidy is granted once, and of another that excludes it the higher one applies. A row that may be the payment of this very claim, or that an audit of this very list wrote, does not count." }
needs = ["certified"]
params = ["period_from_day", "period_to_day"]
*/
-- One row a claim and a row of the register that stands against it. code: 1 the same subsidy, granted before the claim;
-- 2 the other subsidy, no lower than what is claimed, granted between the period's first day and the end of its year. In
-- doubt: 3 the same subsidy for another employer, later or without a date; 4 the same, of another year; 5 a training
-- subsidy whose name tells no more; 6 the other subsidy, its day or amount unknown, or lower; 7 the same, supported for
-- another list of claims, later or without a date; 8 the same kind for what may be another certificate. own: it may be the
-- payment of this claim; of a row that an audit wrote, only with the day of this claim. A row that an audit of this very
-- list wrote is no other subsidy; one of unknown name or of the other kind from before the period is none of this notice's
-- business, nor is one for another certificate.
CREATE TABLE benefits_taken (
  table_name VARCHAR, row_id BIGINT, claim_row_id BIGINT, code BIGINT, granted_on BIGINT, employer_no BIGINT
);
INSERT INTO benefits_taken
SELECT
  'benefits' AS table_name, k.row_id AS row_id, k.claim_row_id AS claim_row_id, k.code AS code,
  k.granted_on AS granted_on, k.employer_no AS employer_no
FROM (
  SELECT
    g.row_id AS row_id, g.claim_row_id AS claim_row_id, g.granted_on AS granted_on,
    g.employer_no AS employer_no,
    CASE
      WHEN g.batch = 1 THEN 0
      WHEN g.kind = 1 AND g.line = 2 AND (g.certificate = 0 OR (g.early = 1 AND g.certificate IS NULL)) THEN 0
      WHEN g.kind = 1 AND g.line = 2 AND g.certificate IS NULL THEN CASE WHEN g.own = 1 THEN 0 ELSE 8 END
      WHEN g.kind = 1 AND g.early = 1 THEN 4
      WHEN g.early = 1 OR g.kind = 0 THEN 0
      WHEN g.kind = 2 AND g.amount = g.amount_fen AND g.own = 1 THEN 0
      WHEN g.kind = 2 AND g.amount >= g.amount_fen AND g.granted_on <= $period_to_day - $period_to_day % 10000 + 1231 THEN 2
      WHEN g.kind = 2 THEN 6
      WHEN g.own = 1 THEN 0
      WHEN g.kind = 3 THEN 5
      WHEN g.granted_on < g.claim_day THEN 1
      WHEN g.batch = 2 THEN 7
      ELSE 3
    END AS code
  FROM (
    SELECT
      b.row_id AS row_id, c.row_id AS claim_row_id, b.granted_on AS granted_on, b.employer_no AS employer_no, b.amount AS amount,
      c.amount_fen AS amount_fen, c.claim_day AS claim_day, c.line AS line, m.batch AS batch,
      CASE WHEN j.kind = 1 OR j.kind = 2 THEN CASE WHEN j.kind = c.line THEN 1 ELSE 2 END ELSE j.kind END AS kind,
      CASE WHEN m.certificate_no = COALESCE(f.certificate_no, c.certificate_no) THEN 1
        WHEN m.certificate_no <> COALESCE(f.certificate_no, c.certificate_no) THEN 0 END AS certificate,
      CASE WHEN j.other_year = 1 OR b.granted_on < $period_from_day THEN 1 ELSE 0 END AS early,
      CASE
        WHEN m.batch = 2
          THEN CASE WHEN COALESCE(b.employer_no, -1) = COALESCE(c.employer_no, -1) AND b.granted_on = c.claim_day THEN 1 ELSE 0 END
        WHEN b.employer_no <> c.employer_no OR b.granted_on < c.claim_day THEN 0
        ELSE 1
      END AS own
    FROM claims AS c
    JOIN people AS p ON p.person_no = c.person_no
    JOIN benefits AS b ON b.person_no = c.person_no
    JOIN benefit_kinds AS j ON j.row_id = b.row_id
    JOIN benefit_marks AS m ON m.row_id = b.row_id
    LEFT JOIN certified AS f ON f.row_id = c.row_id
    WHERE p.known = 1
  ) AS g
) AS k
WHERE k.code > 0;
