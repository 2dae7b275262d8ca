/*
title = { zh = "每项申领所依据的证书", en = "The certificate that each claim rests on" }
why = { zh = "凭证书的申领，依据证书表中本人的一份：申领写明证书编号的，编号须一致；有几份的，先取等级与申领相符的，再取培训期内的，再取等级高的。", en = "A claim for a certificate rests on one of the person's in the table of certificates: with the number that the claim states, if any; of several first one of the level claimed, then of the period, then the highest." }
needs = []
params = ["period_from_day", "period_to_day"]
*/
-- One row a claim of the second line. held: certificates of the person in the table; row and what stands in it: null where
-- none fits. period: 0 the training lies in the period; in doubt 1 issued later, 2 not told, 3 across its edge or against
-- the day of issue; 4 outside.
CREATE TABLE certified (
  row_id BIGINT, person_no BIGINT, held BIGINT, certificate_row BIGINT, certificate_no BIGINT, level BIGINT,
  unread_level BIGINT, issued_on BIGINT, listed BIGINT, period BIGINT
);
INSERT INTO certified
SELECT
  c.row_id AS row_id, c.person_no AS person_no, COALESCE(n.held, 0) AS held, f.certificate_row AS certificate_row,
  f.certificate_no AS certificate_no, f.level AS level, f.unread_level AS unread_level, f.issued_on AS issued_on,
  f.listed AS listed, f.period AS period
FROM claims AS c
LEFT JOIN (
  SELECT k.person_no AS person_no, COUNT(k.row_id) AS held FROM certificate_rows AS k GROUP BY k.person_no
) AS n ON n.person_no = c.person_no
LEFT JOIN (
  SELECT
    q.row_id AS row_id, d.row_id AS certificate_row, d.certificate_no AS certificate_no, d.level AS level,
    d.unread_level AS unread_level, d.issued_on AS issued_on, d.listed AS listed, d.period AS period,
    ROW_NUMBER() OVER (
      PARTITION BY q.row_id
      ORDER BY
        CASE WHEN d.certificate_no = q.certificate_no THEN 0 ELSE 1 END, CASE WHEN d.level = q.said_level THEN 0 ELSE 1 END,
        d.period, COALESCE(d.level, 0) DESC, COALESCE(d.issued_on, 0), COALESCE(d.certificate_no, -1), d.row_id
    ) AS place
  FROM claims AS q
  JOIN (
    SELECT
      e.row_id AS row_id, e.person_no AS person_no, e.certificate_no AS certificate_no, e.level AS level,
      e.unread_level AS unread_level, e.issued_on AS issued_on, e.listed AS listed,
      CASE
        WHEN e.trained_to < $period_from_day OR e.trained_from > $period_to_day THEN 4
        WHEN e.trained_from >= $period_from_day AND e.trained_to <= $period_to_day
          THEN CASE WHEN e.issued_on < e.trained_from THEN 3 ELSE 0 END
        WHEN e.trained_from < $period_from_day OR e.trained_to > $period_to_day THEN 3
        WHEN e.issued_on < $period_from_day THEN 4
        WHEN e.issued_on <= $period_to_day THEN 0
        WHEN e.issued_on > $period_to_day THEN 1
        ELSE 2
      END AS period
    FROM certificate_rows AS e
  ) AS d ON d.person_no = q.person_no AND COALESCE(d.certificate_no, -1) = COALESCE(q.certificate_no, d.certificate_no, -1)
  JOIN people AS p ON p.person_no = q.person_no
  WHERE q.line = 2 AND p.known = 1
) AS f ON f.row_id = c.row_id AND f.place = 1
WHERE c.line = 2;
