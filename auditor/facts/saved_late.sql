/*
title = { zh = "事后写入的记录", en = "Rows written late" }
why = { zh = "平台写明的写入（或最后修改）时间，比这次学习的结束晚得多的行。一张表里多数行都这样的，是整批补传或导出，不在其中。", en = "Rows that by the platform's own word were written (or last changed) long after the session ended. A sheet of which most rows are like that was uploaded or exported as a whole and is left out." }
needs = ["sessions"]
params = ["edited_s", "edited_percent"]
*/
CREATE TABLE saved_late (table_name VARCHAR, row_id BIGINT, person_no BIGINT, late_s BIGINT);
INSERT INTO saved_late
SELECT 'sessions' AS table_name, l.row_id AS row_id, s.person_no AS person_no, l.saved_s - l.end_s AS late_s
FROM session_logs AS l
JOIN (
  SELECT
    k.sheet_no AS sheet_no, COUNT(k.row_id) AS rows_timed,
    SUM(CASE WHEN k.saved_s - k.end_s > $edited_s THEN 1 ELSE 0 END) AS late
  FROM session_logs AS k
  WHERE k.saved_s IS NOT NULL AND k.end_s IS NOT NULL
  GROUP BY k.sheet_no
) AS t ON t.sheet_no = l.sheet_no
JOIN sessions AS s ON s.row_id = l.row_id
WHERE l.saved_s - l.end_s > $edited_s AND t.late * 100 <= $edited_percent * t.rows_timed AND s.person_no IS NOT NULL
  AND s.copy = 0;
