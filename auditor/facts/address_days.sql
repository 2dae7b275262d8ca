/*
title = { zh = "地址每日的使用", en = "Use of addresses by day" }
why = { zh = "同一公网地址同一天有多少人、多少个单位在学习；其中多少人用的是本单位申报的地址。劳务派遣企业的职工在用工单位学习，不另算一个单位。", en = "How many people of how many employers studied from one public address on one day, and how many of them from an address that their own employer declared. Dispatched labour studies where it works: a dispatch company is no further employer." }
needs = ["address_use"]
params = []
*/
-- own: of the persons, those at an address that their own employer declared. districts: of the employers that count.
CREATE TABLE address_days (
  address_no BIGINT, start_day BIGINT, persons BIGINT, own BIGINT, employers BIGINT, districts BIGINT,
  employer_no BIGINT
);
INSERT INTO address_days
SELECT
  w.address_no AS address_no, w.start_day AS start_day, w.persons AS persons, w.own AS own,
  CASE WHEN w.users > 0 THEN w.users ELSE w.employers END AS employers,
  w.districts AS districts, COALESCE(w.user_no, w.employer_no) AS employer_no
FROM (
  SELECT
    v.address_no AS address_no, v.start_day AS start_day, COUNT(v.person_no) AS persons, SUM(v.own) AS own,
    COUNT(DISTINCT v.employer_no) AS employers, MIN(v.employer_no) AS employer_no,
    COUNT(DISTINCT CASE WHEN f.is_dispatch = 0 THEN v.employer_no END) AS users,
    MIN(CASE WHEN f.is_dispatch = 0 THEN v.employer_no END) AS user_no,
    COUNT(DISTINCT CASE WHEN f.is_dispatch = 0 THEN f.district END) AS districts
  FROM (
    SELECT
      s.address_no AS address_no, s.start_day AS start_day, s.person_no AS person_no, p.employer_no AS employer_no,
      MAX(CASE WHEN o.address_no IS NULL THEN 0 ELSE 1 END) AS own
    FROM sessions AS s
    JOIN address_use AS u ON u.address_no = s.address_no
    JOIN people AS p ON p.person_no = s.person_no
    LEFT JOIN own_addresses AS o ON o.employer_no = p.employer_no AND o.address_no = s.address_no
    WHERE p.named = 1 AND u.is_public = 1 AND u.is_proxy = 0 AND u.persons >= 2 AND s.start_day IS NOT NULL
    GROUP BY s.address_no, s.start_day, s.person_no, p.employer_no
  ) AS v
  LEFT JOIN employers AS f ON f.employer_no = v.employer_no
  GROUP BY v.address_no, v.start_day
) AS w
WHERE w.persons >= 2;
