/*
title = { zh = "地址的使用", en = "Use of addresses" }
why = { zh = "每个地址有多少人用过；内网地址和被各单位学员共用的代理地址（一个，或几个合起来）先放在一边。", en = "How many people used each address; private ones and proxies that learners of all employers share (one, or several together) are set aside." }
needs = ["address_people", "address_mix", "study"]
params = ["proxy_cover_percent"]
*/
-- is_common: not only proxies; also what most learners share who are of one employer.
CREATE TABLE address_use (address_no BIGINT, persons BIGINT, is_public BIGINT, is_proxy BIGINT, is_common BIGINT);
INSERT INTO address_use
SELECT
  m.address_no AS address_no, m.persons AS persons, d.is_public AS is_public,
  CASE
    WHEN m.alone = 1 THEN 1
    WHEN m.pooled = 1 AND c.covered * 100 >= $proxy_cover_percent * l.learners THEN 1
    ELSE 0
  END AS is_proxy,
  m.common AS is_common
FROM address_mix AS m
JOIN addresses AS d ON d.address_no = m.address_no
CROSS JOIN (
  SELECT COUNT(DISTINCT u.person_no) AS covered
  FROM address_people AS u
  JOIN address_mix AS x ON x.address_no = u.address_no
  JOIN addresses AS a ON a.address_no = u.address_no
  WHERE x.pooled = 1 AND u.counted = 1 AND a.is_public = 1
) AS c
CROSS JOIN (
  SELECT SUM(t.active) AS learners
  FROM study AS t
  JOIN people AS q ON q.person_no = t.person_no
  LEFT JOIN employers AS f ON f.employer_no = q.employer_no
  WHERE q.named = 1 AND COALESCE(f.is_dispatch, 0) = 0
) AS l;
