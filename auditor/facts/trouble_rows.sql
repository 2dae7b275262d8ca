/*
title = { zh = "缺失和不能读取的值", en = "Missing and unreadable values" }
why = { zh = "导入时没有的值和不能读取的值，各在哪一行、属于谁。", en = "Values that were missing or could not be read at import, with their rows and persons." }
needs = ["sessions"]
params = []
*/
CREATE TABLE trouble_rows (
  table_name VARCHAR, field VARCHAR, kind VARCHAR, shown VARCHAR, row_id BIGINT, person_no BIGINT
);
INSERT INTO trouble_rows
SELECT t.table_name AS table_name, t.field AS field, t.kind AS kind, t.shown AS shown, t.row_id AS row_id,
  CASE
    WHEN t.table_name = 'sessions' THEN s.person_no
    WHEN t.table_name = 'registrations' THEN r.person_no
    WHEN t.table_name = 'exams' THEN e.person_no
    WHEN t.table_name = 'claims' THEN c.person_no
    ELSE x.person_no
  END AS person_no
FROM troubles AS t
LEFT JOIN sessions AS s ON t.table_name = 'sessions' AND s.row_id = t.row_id
LEFT JOIN registrations AS r ON t.table_name = 'registrations' AND r.row_id = t.row_id
LEFT JOIN exams AS e ON t.table_name = 'exams' AND e.row_id = t.row_id
LEFT JOIN claims AS c ON t.table_name = 'claims' AND c.row_id = t.row_id
LEFT JOIN reference_rows AS x ON x.table_name = t.table_name AND x.row_id = t.row_id;
