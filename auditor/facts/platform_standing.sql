/*
title = { zh = "平台是否在名单内", en = "Which platforms are listed" }
why = { zh = "注册表和开班申请里写到的每个平台，是否在认可的平台名单内。名单没有注明、注明的字不能读取，或说法不一的，都按在名单内。", en = "Of each platform that registrations and filings name, whether it is on the list. A row that says nothing else, cannot be read, or is contradicted lists it." }
needs = []
params = []
*/
CREATE TABLE platform_standing (platform_no BIGINT, listed BIGINT);
INSERT INTO platform_standing
SELECT n.platform_no AS platform_no, COALESCE(MAX(l.listed), 0) AS listed
FROM (
  SELECT r.platform_no AS platform_no FROM registrations AS r WHERE r.platform_no IS NOT NULL
  UNION
  SELECT f.platform_no AS platform_no FROM filings AS f WHERE f.platform_no IS NOT NULL
) AS n
LEFT JOIN (
  SELECT p.platform_no AS platform_no, CASE WHEN p.listed = 0 THEN 0 ELSE 1 END AS listed FROM platforms AS p
) AS l ON l.platform_no = n.platform_no
GROUP BY n.platform_no;
