/*
title = { zh = "谁为谁申请", en = "Who asks for whom" }
why = { zh = "每一项线上培训补贴申领的人和单位；申请名单没有写单位的，按此人登记的单位。没有申请名单时，是每一个实名注册的人。", en = "Person and employer of each claim for online training; where the list names no employer, that of the person. Without a list of claims, everybody registered." }
needs = []
params = []
*/
-- table_name and row_id are null where nothing is claimed.
CREATE TABLE asked (table_name VARCHAR, row_id BIGINT, person_no BIGINT, employer_no BIGINT);
INSERT INTO asked
SELECT
  'claims' AS table_name, c.row_id AS row_id, c.person_no AS person_no, COALESCE(c.employer_no, p.employer_no) AS employer_no
FROM claims AS c
LEFT JOIN people AS p ON p.person_no = c.person_no
WHERE c.line = 1
UNION ALL
SELECT NULL AS table_name, NULL AS row_id, q.person_no AS person_no, q.employer_no AS employer_no
FROM people AS q
CROSS JOIN (SELECT COUNT(k.row_id) AS claims FROM claims AS k) AS n
WHERE q.judged = 1 AND n.claims = 0;
