/*
title = { zh = "地址每日的使用", en = "Use of addresses by day" }
why = { zh = "同一公网地址同一天有多少人、多少个单位在学习。", en = "How many people of how many employers studied from one public address on one day." }
needs = ["address_use"]
params = []
*/
CREATE TABLE address_days (address_no BIGINT, start_day BIGINT, persons BIGINT, employers BIGINT, employer_no BIGINT);
INSERT INTO address_days
SELECT
  v.address_no AS address_no, v.start_day AS start_day, COUNT(v.person_no) AS persons,
  COUNT(DISTINCT v.employer_no) AS employers, MIN(v.employer_no) AS employer_no
FROM (
  SELECT s.address_no AS address_no, s.start_day AS start_day, s.person_no AS person_no, p.employer_no AS employer_no
  FROM sessions AS s
  JOIN address_use AS u ON u.address_no = s.address_no
  JOIN people AS p ON p.person_no = s.person_no
  WHERE p.named = 1 AND u.is_public = 1 AND u.is_proxy = 0 AND u.persons >= 2 AND s.start_day IS NOT NULL
  GROUP BY s.address_no, s.start_day, s.person_no, p.employer_no
) AS v
GROUP BY v.address_no, v.start_day
HAVING COUNT(v.person_no) >= 2;
