/*
title = { zh = "在名单外平台学习的申领", en = "Claims for study on a platform that is not listed" }
why = { zh = "此人注册的平台都不在名单内的；注册表没有写平台的，所依据的开班申请写的平台都不在名单内的。", en = "Where none of the platforms a person is registered with is listed; where registrations name none, where none is of those that the filed classes name." }
needs = ["claim_filings", "filed_classes", "platform_standing"]
params = []
*/
CREATE TABLE unlisted_platforms (table_name VARCHAR, row_id BIGINT, employer_no BIGINT, platform_no BIGINT);
INSERT INTO unlisted_platforms
SELECT
  c.table_name AS table_name, c.row_id AS row_id, c.employer_no AS employer_no,
  COALESCE(r.platform_no, f.platform_no) AS platform_no
FROM claim_filings AS c
LEFT JOIN (
  SELECT g.person_no AS person_no, MAX(s.listed) AS listed, MIN(g.platform_no) AS platform_no
  FROM registrations AS g
  JOIN platform_standing AS s ON s.platform_no = g.platform_no
  GROUP BY g.person_no
) AS r ON r.person_no = c.person_no
LEFT JOIN filed_classes AS f ON f.row_id = c.unlisted_row
WHERE r.listed = 0 OR (r.person_no IS NULL AND f.row_id IS NOT NULL);
