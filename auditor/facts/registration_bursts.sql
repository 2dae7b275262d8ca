/*
title = { zh = "成批注册", en = "Registrations in bursts" }
why = { zh = "同一单位在很短时间内连续注册的人，一批一批列出。只有日期的注册时间、以及大部分账号共有的同一时刻（迁移、统一开通）不算。", en = "People of one employer registered within a short time, burst by burst. Dates without a time, and a moment that most accounts share (a migration), are left out." }
needs = []
params = ["bulk_persons", "bulk_s", "migrated_persons", "migrated_percent"]
*/
-- start_s: when the burst began. A person with several accounts counts once an employer, by the first of them. A window
-- of bulk_persons registrations opens a burst; windows that share one are one burst.
CREATE TABLE registration_bursts (
  table_name VARCHAR, row_id BIGINT, person_no BIGINT, employer_no BIGINT, registered_s BIGINT, start_s BIGINT
);
INSERT INTO registration_bursts
SELECT
  'registrations' AS table_name, b.row_id AS row_id, b.person_no AS person_no, b.employer_no AS employer_no,
  b.registered_s AS registered_s, b.start_s AS start_s
FROM (
  SELECT
    c.row_id AS row_id, c.person_no AS person_no, c.employer_no AS employer_no, c.registered_s AS registered_s,
    c.n AS n, c.last_n AS last_n,
    MAX(CASE WHEN c.opens = 1 AND (c.before_n IS NULL OR c.before_n + $bulk_persons - 1 < c.n) THEN c.registered_s END)
      OVER (
        PARTITION BY c.employer_no ORDER BY c.registered_s, c.row_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS start_s
  FROM (
    SELECT
      a.row_id AS row_id, a.person_no AS person_no, a.employer_no AS employer_no, a.registered_s AS registered_s,
      a.n AS n, a.opens AS opens,
      MAX(CASE WHEN a.opens = 1 THEN a.n END) OVER (
        PARTITION BY a.employer_no ORDER BY a.registered_s, a.row_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS last_n,
      MAX(CASE WHEN a.opens = 1 THEN a.n END) OVER (
        PARTITION BY a.employer_no ORDER BY a.registered_s, a.row_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS before_n
    FROM (
      SELECT
        o.row_id AS row_id, o.person_no AS person_no, o.employer_no AS employer_no, o.registered_s AS registered_s,
        ROW_NUMBER() OVER (PARTITION BY o.employer_no ORDER BY o.registered_s, o.row_id) AS n,
        CASE
          WHEN LAG(o.registered_s, $bulk_persons - 1) OVER (
            PARTITION BY o.employer_no ORDER BY o.registered_s DESC, o.row_id DESC
          ) - o.registered_s <= $bulk_s THEN 1
          ELSE 0
        END AS opens
      FROM (
        SELECT
          r.row_id AS row_id, r.person_no AS person_no, r.employer_no AS employer_no, r.registered_s AS registered_s,
          ROW_NUMBER() OVER (PARTITION BY r.employer_no, r.person_no ORDER BY r.registered_s, r.row_id) AS account
        FROM registrations AS r
        JOIN (
          SELECT m.registered_s AS registered_s, COUNT(m.row_id) AS accounts
          FROM registrations AS m
          WHERE m.registered_s IS NOT NULL
          GROUP BY m.registered_s
        ) AS k ON k.registered_s = r.registered_s
        CROSS JOIN (SELECT COUNT(t.registered_s) AS accounts FROM registrations AS t) AS w
        WHERE r.employer_no IS NOT NULL AND r.person_no IS NOT NULL AND r.registered_s % 86400 <> 0
          AND (w.accounts < $migrated_persons OR k.accounts * 100 <= $migrated_percent * w.accounts)
      ) AS o
      WHERE o.account = 1
    ) AS a
  ) AS c
) AS b
WHERE b.last_n + $bulk_persons - 1 >= b.n;
