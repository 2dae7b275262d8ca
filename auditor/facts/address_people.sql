/*
title = { zh = "每个地址的使用者", en = "Who used each address" }
why = { zh = "每个地址被哪些人用过；劳务派遣企业的职工在用工单位学习，不参加代理地址的判断。", en = "Who used each address. Dispatched labour studies where it works and does not tell whether an address is a proxy." }
needs = ["sessions", "study"]
params = []
*/
-- counted 1: has study of known times, and is of no dispatch company.
CREATE TABLE address_people (address_no BIGINT, person_no BIGINT, employer_no BIGINT, counted BIGINT);
INSERT INTO address_people
SELECT
  s.address_no AS address_no, s.person_no AS person_no, p.employer_no AS employer_no,
  MIN(CASE WHEN t.active = 1 AND COALESCE(f.is_dispatch, 0) = 0 THEN 1 ELSE 0 END) AS counted
FROM sessions AS s
JOIN people AS p ON p.person_no = s.person_no
JOIN study AS t ON t.person_no = s.person_no
LEFT JOIN employers AS f ON f.employer_no = p.employer_no
WHERE s.address_no IS NOT NULL AND p.named = 1
GROUP BY s.address_no, s.person_no, p.employer_no;
