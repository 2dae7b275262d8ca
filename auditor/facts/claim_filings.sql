/*
title = { zh = "每项申领所依据的开班申请", en = "The filed class that each claim rests on" }
why = { zh = "备案名单写明此人在哪个班的，依据该班的申请；没有写明的，依据该单位各份申请中最有利的一份：申请最早的、审核通过最早的、离开班工作日最多的。", en = "Where the filed list says in which class a person is, the claim rests on the filing of that class; else on the most favourable of the employer's: filed first, approved first, with the most working days before it opened." }
needs = ["asked", "filed_classes"]
params = []
*/
-- filings: how many it may rest on. filed_row, approved_row, lead_row: the row of the most favourable one of which that
-- is known; of none known and one unreadable, filed_row is that one. filed_state: 0 all dates of filing are known, 1 some
-- are not, 2 none is, and one cannot be read; null where none is written. unlisted_row: a filing, where all name a
-- platform that is not listed.
CREATE TABLE claim_filings (
  table_name VARCHAR, row_id BIGINT, person_no BIGINT, employer_no BIGINT, filings BIGINT, filed_row BIGINT,
  filed_state BIGINT, approved_row BIGINT, lead_row BIGINT, unlisted_row BIGINT
);
INSERT INTO claim_filings
SELECT
  a.table_name AS table_name, a.row_id AS row_id, a.person_no AS person_no, a.employer_no AS employer_no,
  COALESCE(b.filings, 0) AS filings,
  CASE WHEN b.dated > 0 OR b.unread > 0 THEN b.filed_row END AS filed_row,
  CASE WHEN b.dated = b.filings THEN 0 WHEN b.dated > 0 THEN 1 WHEN b.unread > 0 THEN 2 END AS filed_state,
  CASE WHEN b.approved > 0 THEN b.approved_row END AS approved_row, CASE WHEN b.led > 0 THEN b.lead_row END AS lead_row,
  CASE WHEN b.unlisted = b.filings THEN b.unlisted_row END AS unlisted_row
FROM asked AS a
LEFT JOIN (
  SELECT q.person_no AS person_no, q.employer_no AS employer_no, MIN(t.class_no) AS class_no
  FROM asked AS q
  JOIN trainees AS t ON t.person_no = q.person_no AND COALESCE(t.employer_no, q.employer_no) = q.employer_no
  JOIN (
    SELECT DISTINCT g.employer_no AS employer_no, g.class_no AS class_no FROM filed_classes AS g
  ) AS f ON f.class_no = t.class_no AND f.employer_no = q.employer_no
  GROUP BY q.person_no, q.employer_no
  HAVING COUNT(DISTINCT t.class_no) = 1
) AS k ON k.person_no = a.person_no AND k.employer_no = a.employer_no
LEFT JOIN (
  SELECT
    w.employer_no AS employer_no, w.class_no AS class_no, COUNT(w.row_id) AS filings, COUNT(w.filed_on) AS dated,
    SUM(w.filed_unread) AS unread, COUNT(w.approved_on) AS approved, COUNT(w.lead_days) AS led,
    SUM(CASE WHEN w.platform_listed = 0 THEN 1 ELSE 0 END) AS unlisted,
    MAX(CASE WHEN w.by_filing = 1 THEN w.row_id END) AS filed_row,
    MAX(CASE WHEN w.by_approval = 1 THEN w.row_id END) AS approved_row,
    MAX(CASE WHEN w.by_lead = 1 THEN w.row_id END) AS lead_row, MIN(w.row_id) AS unlisted_row
  FROM (
    SELECT
      v.employer_no AS employer_no, v.class_no AS class_no, v.row_id AS row_id, v.filed_on AS filed_on,
      v.filed_unread AS filed_unread, v.approved_on AS approved_on, v.lead_days AS lead_days,
      v.platform_listed AS platform_listed,
      ROW_NUMBER() OVER (
        PARTITION BY v.employer_no, v.class_no ORDER BY COALESCE(v.filed_on, 99999999), 1 - v.filed_unread, v.row_id
      ) AS by_filing,
      ROW_NUMBER() OVER (
        PARTITION BY v.employer_no, v.class_no ORDER BY COALESCE(v.approved_on, 99999999), v.row_id
      ) AS by_approval,
      ROW_NUMBER() OVER (
        PARTITION BY v.employer_no, v.class_no ORDER BY COALESCE(v.lead_days, -1) DESC, v.row_id
      ) AS by_lead
    FROM (
      SELECT
        x.employer_no AS employer_no, x.class_no AS class_no, x.row_id AS row_id, x.filed_on AS filed_on,
        x.filed_unread AS filed_unread, x.approved_on AS approved_on, x.lead_days AS lead_days,
        x.platform_listed AS platform_listed
      FROM filed_classes AS x
      WHERE x.employer_no IS NOT NULL AND x.class_no IS NOT NULL
      UNION ALL
      SELECT
        y.employer_no AS employer_no, -1 AS class_no, y.row_id AS row_id, y.filed_on AS filed_on,
        y.filed_unread AS filed_unread, y.approved_on AS approved_on, y.lead_days AS lead_days,
        y.platform_listed AS platform_listed
      FROM filed_classes AS y
      WHERE y.employer_no IS NOT NULL
    ) AS v
  ) AS w
  GROUP BY w.employer_no, w.class_no
) AS b ON b.employer_no = a.employer_no AND b.class_no = COALESCE(k.class_no, -1);
