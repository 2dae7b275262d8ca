/*
title = { zh = "后来插入的记录", en = "Rows put in afterwards" }
why = { zh = "编号与时间不符的行；一张表里这样的行太多的，说明编号不按时间排，整张表不看。", en = "Rows whose number does not go with their time; where a sheet has too many, its numbers follow another order and it is left out." }
needs = ["record_order", "sessions"]
params = ["record_percent", "period_from_s", "period_to_s"]
*/
CREATE TABLE records_inserted (table_name VARCHAR, row_id BIGINT, person_no BIGINT, behind_s BIGINT);
INSERT INTO records_inserted
SELECT 'sessions' AS table_name, o.row_id AS row_id, s.person_no AS person_no, o.behind_s AS behind_s
FROM record_order AS o
JOIN sessions AS s ON s.row_id = o.row_id
JOIN (SELECT f.sheet_no AS sheet_no, COUNT(f.row_id) AS behind FROM record_order AS f GROUP BY f.sheet_no) AS b
  ON b.sheet_no = o.sheet_no
JOIN (
  SELECT l.sheet_no AS sheet_no, COUNT(l.row_id) AS numbered
  FROM session_logs AS l
  WHERE l.record_no IS NOT NULL AND l.start_s >= $period_from_s AND l.start_s < $period_to_s
  GROUP BY l.sheet_no
) AS n ON n.sheet_no = o.sheet_no
WHERE b.behind * 100 <= $record_percent * n.numbered AND s.person_no IS NOT NULL AND s.copy = 0;
