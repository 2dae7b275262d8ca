/*
title = { zh = "地址的使用", en = "Use of addresses" }
why = { zh = "每个地址有多少人用过；内网地址和被大部分学员共用的代理地址先放在一边。", en = "How many people used each address; private ones and proxies shared by most learners are set aside." }
needs = ["sessions", "study"]
params = ["proxy_percent", "proxy_learners"]
*/
CREATE TABLE address_use (address_no BIGINT, persons BIGINT, is_public BIGINT, is_proxy BIGINT);
INSERT INTO address_use
SELECT
  u.address_no AS address_no, u.persons AS persons, d.is_public AS is_public,
  CASE WHEN l.learners >= $proxy_learners AND u.persons * 100 > $proxy_percent * l.learners THEN 1 ELSE 0 END AS is_proxy
FROM (
  SELECT s.address_no AS address_no, COUNT(DISTINCT s.person_no) AS persons
  FROM sessions AS s
  JOIN people AS p ON p.person_no = s.person_no
  WHERE s.address_no IS NOT NULL AND p.named = 1
  GROUP BY s.address_no
) AS u
JOIN addresses AS d ON d.address_no = u.address_no
CROSS JOIN (SELECT SUM(t.active) AS learners FROM study AS t JOIN people AS q ON q.person_no = t.person_no WHERE q.named = 1) AS l;
