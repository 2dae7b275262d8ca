/*
title = { zh = "每人第一次考核的成绩", en = "Marks of first attempts" }
why = { zh = "每人每门起决定作用的考核的第一次成绩。补考成绩常按合格线记分，所以不用；先后分不清的也不用。", en = "Each person's first mark at each deciding exam. Resits are often marked at the pass mark, and are left out, as are attempts whose order cannot be told." }
needs = ["attempts"]
params = []
*/
CREATE TABLE first_marks (
  table_name VARCHAR, row_id BIGINT, person_no BIGINT, employer_no BIGINT, exam_no BIGINT, score_c BIGINT
);
INSERT INTO first_marks
SELECT
  'exams' AS table_name, a.row_id AS row_id, a.person_no AS person_no, p.employer_no AS employer_no,
  a.exam_no AS exam_no, a.score_c AS score_c
FROM attempts AS a
JOIN people AS p ON p.person_no = a.person_no
WHERE p.named = 1 AND p.employer_no IS NOT NULL AND a.deciding = 1 AND a.place = 1 AND a.worst_place = 1
  AND a.score_c IS NOT NULL;
