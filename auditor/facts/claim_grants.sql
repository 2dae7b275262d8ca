/*
title = { zh = "每项申领应发的金额", en = "What each claim is granted" }
why = { zh = "线上培训按人定额；凭证书的按证书的等级（没有证书的，按申领的等级），紧缺职业（工种）的上浮部分另计。", en = "Online training is paid by the head; a certificate by its level (without one, by the level claimed), the addition for trades in short supply apart." }
needs = ["certified"]
params = ["amount_fen"]
*/
-- grant_fen: what the notice pays where nothing speaks against it; open_fen: what it may pay beyond it (the trade may be in
-- the catalogue; a level that nothing tells may be any); assumed_fen: of a claim that states no amount. level: null where
-- nothing tells it.
CREATE TABLE claim_grants (
  row_id BIGINT, person_no BIGINT, line BIGINT, level BIGINT, grant_fen BIGINT, uplift_fen BIGINT, open_fen BIGINT,
  assumed_fen BIGINT
);
INSERT INTO claim_grants
SELECT
  c.row_id AS row_id, c.person_no AS person_no, c.line AS line, v.level AS level,
  CASE WHEN c.line = 1 THEN $amount_fen WHEN v.level IS NULL THEN 0 WHEN k.listed = 1 THEN v.fen + v.uplift_fen ELSE v.fen END
    AS grant_fen,
  CASE WHEN c.line = 2 AND k.listed = 1 THEN COALESCE(v.uplift_fen, 0) ELSE 0 END AS uplift_fen,
  CASE WHEN c.line = 1 THEN 0 WHEN v.level IS NULL THEN m.most_fen WHEN k.listed IS NULL THEN v.uplift_fen ELSE 0 END
    AS open_fen,
  CASE WHEN c.line = 1 THEN $amount_fen WHEN v.level IS NULL THEN m.least_fen WHEN k.listed = 1 THEN v.fen + v.uplift_fen ELSE v.fen END
    AS assumed_fen
FROM claims AS c
LEFT JOIN certified AS k ON k.row_id = c.row_id
LEFT JOIN levels AS v ON v.level = COALESCE(k.level, c.said_level) AND c.line = 2
CROSS JOIN (SELECT MIN(l.fen) AS least_fen, MAX(l.fen + l.uplift_fen) AS most_fen FROM levels AS l) AS m;
