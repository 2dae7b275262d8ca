/*
title = { zh = "同一人两类补贴的申领", en = "Claims of one person in both lines" }
why = { zh = "同一人既申领线上培训补贴、又凭证书申领的，金额（不超过应发金额）较低的一项与较高的一项配对；相同的，以证书一项为先。", en = "Where one person is claimed for online training and for a certificate, the claim of the lower amount (no more than is granted) beside that of the higher; of equal ones the certificate's comes first." }
needs = ["claim_grants"]
params = []
*/
-- One row a claim and a higher one of the other line.
CREATE TABLE claim_pairs (row_id BIGINT, higher_row_id BIGINT, fen BIGINT, higher_fen BIGINT);
INSERT INTO claim_pairs
SELECT a.row_id AS row_id, b.row_id AS higher_row_id, a.fen AS fen, b.fen AS higher_fen
FROM (
  SELECT
    c.row_id AS row_id, c.person_no AS person_no, g.line AS line,
    CASE WHEN c.amount_fen < g.grant_fen OR g.grant_fen = 0 THEN COALESCE(c.amount_fen, g.assumed_fen) ELSE g.grant_fen END AS fen
  FROM claims AS c
  JOIN claim_grants AS g ON g.row_id = c.row_id
  JOIN people AS p ON p.person_no = c.person_no
  WHERE p.known = 1
) AS a
JOIN (
  SELECT
    d.row_id AS row_id, d.person_no AS person_no, h.line AS line,
    CASE WHEN d.amount_fen < h.grant_fen OR h.grant_fen = 0 THEN COALESCE(d.amount_fen, h.assumed_fen) ELSE h.grant_fen END AS fen
  FROM claims AS d
  JOIN claim_grants AS h ON h.row_id = d.row_id
  JOIN people AS q ON q.person_no = d.person_no
  WHERE q.known = 1
) AS b ON b.person_no = a.person_no AND b.line <> a.line AND (b.fen > a.fen OR (b.fen = a.fen AND b.line > a.line));
