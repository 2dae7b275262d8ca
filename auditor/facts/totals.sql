/*
title = { zh = "平台自己的总时长", en = "The platform's own totals" }
why = { zh = "平台在注册表或学习记录中写明的学习总时长。一人有几个账号时，不知道总时长是每个账号的还是全部的，两种都认可。", en = "The totals a platform states with registrations or sessions. Of a person with several accounts a total may be that of each or of all; both are accepted." }
needs = ["study"]
params = []
*/
-- least_s, most_s: the sum of the sessions may lie between them; most_s is null where an account has no total of its own.
CREATE TABLE totals (table_name VARCHAR, person_no BIGINT, least_s BIGINT, most_s BIGINT);
INSERT INTO totals
SELECT
  'registrations' AS table_name, r.person_no AS person_no, MAX(r.total_s) AS least_s,
  CASE WHEN COUNT(r.total_s) = COUNT(r.row_id) THEN SUM(r.total_s) END AS most_s
FROM registrations AS r
JOIN people AS p ON p.person_no = r.person_no
WHERE p.known = 1
GROUP BY r.person_no
HAVING COUNT(r.total_s) > 0
UNION ALL
SELECT
  'sessions' AS table_name, t.person_no AS person_no, t.total_s AS least_s,
  CASE WHEN COALESCE(a.accounts, 0) < 2 THEN t.total_s END AS most_s
FROM study AS t
JOIN people AS q ON q.person_no = t.person_no
LEFT JOIN (
  SELECT g.person_no AS person_no, COUNT(g.row_id) AS accounts
  FROM registrations AS g
  GROUP BY g.person_no
) AS a ON a.person_no = t.person_no
WHERE q.known = 1 AND t.total_s IS NOT NULL;
