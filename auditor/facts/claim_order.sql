/*
title = { zh = "同一人的多次申领", en = "Claims of one person" }
why = { zh = "同一人同一类补贴被申领多次时，申请日期最早的一次成立；没有日期或几个单位同日的，先后无法判断。", en = "Of several claims for one person in one line of subsidy the earliest stands; without a date, or on the same day for several employers, the order is open." }
needs = []
params = []
*/
-- standing: 1 the claim that stands, 0 a later one, null where the order cannot be told.
CREATE TABLE claim_order (claim_no BIGINT, row_id BIGINT, person_no BIGINT, claims BIGINT, standing BIGINT);
INSERT INTO claim_order
SELECT
  o.claim_no AS claim_no, o.row_id AS row_id, o.person_no AS person_no, o.claims AS claims,
  CASE WHEN o.undated > 0 OR o.first_employers > 1 THEN NULL WHEN o.place = 1 THEN 1 ELSE 0 END AS standing
FROM (
  SELECT
    c.claim_no AS claim_no, c.row_id AS row_id, c.person_no AS person_no, t.claims AS claims, t.undated AS undated,
    f.first_employers AS first_employers,
    ROW_NUMBER() OVER (
      PARTITION BY c.person_no, c.line
      ORDER BY COALESCE(c.claim_day, 99999999), COALESCE(c.employer_no, -1), COALESCE(c.amount_fen, -1), c.row_id
    ) AS place
  FROM claims AS c
  JOIN (
    SELECT
      k.person_no AS person_no, k.line AS line, COUNT(k.claim_no) AS claims, MIN(k.claim_day) AS first_day,
      SUM(CASE WHEN k.claim_day IS NULL THEN 1 ELSE 0 END) AS undated
    FROM claims AS k
    JOIN people AS p ON p.person_no = k.person_no
    WHERE p.known = 1
    GROUP BY k.person_no, k.line
    HAVING COUNT(k.claim_no) > 1
  ) AS t ON t.person_no = c.person_no AND t.line = c.line
  LEFT JOIN (
    SELECT
      q.person_no AS person_no, q.line AS line, q.claim_day AS claim_day,
      COUNT(DISTINCT COALESCE(q.employer_no, -1)) AS first_employers
    FROM claims AS q
    GROUP BY q.person_no, q.line, q.claim_day
  ) AS f ON f.person_no = c.person_no AND f.line = c.line AND f.claim_day = t.first_day
) AS o;
