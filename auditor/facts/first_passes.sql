/*
title = { zh = "每人第一次合格", en = "First passes" }
why = { zh = "每人起决定作用的考核第一次合格在哪一天。", en = "The day on which each person first passed a deciding exam." }
needs = ["attempts"]
params = []
*/
-- day_s: its midnight.
CREATE TABLE first_passes (table_name VARCHAR, row_id BIGINT, person_no BIGINT, day_s BIGINT);
INSERT INTO first_passes
SELECT
  'exams' AS table_name, w.row_id AS row_id, w.person_no AS person_no, w.taken_s - w.taken_s % 86400 AS day_s
FROM (
  SELECT
    a.row_id AS row_id, a.person_no AS person_no, e.taken_s AS taken_s,
    ROW_NUMBER() OVER (PARTITION BY a.person_no ORDER BY e.taken_s, a.exam_no, a.row_id) AS place
  FROM attempts AS a
  JOIN exams AS e ON e.row_id = a.row_id
  JOIN people AS p ON p.person_no = a.person_no
  WHERE p.named = 1 AND a.deciding = 1 AND a.passed = 1 AND e.taken_s IS NOT NULL
) AS w
WHERE w.place = 1;
