/*
title = { zh = "每人每门考核的结果", en = "Outcome of each person's exam" }
why = { zh = "每门起决定作用的考核：第几次通过、最好成绩、考了几次。", en = "For each deciding exam: at which attempt it was passed, the best mark, how many attempts." }
needs = ["attempts"]
params = []
*/
CREATE TABLE exam_outcomes (
  person_no BIGINT, exam_no BIGINT, attempts BIGINT, pass_place BIGINT, worst_place BIGINT, best_c BIGINT, unread BIGINT, unexported BIGINT
);
INSERT INTO exam_outcomes
SELECT
  a.person_no AS person_no, a.exam_no AS exam_no, COUNT(a.row_id) AS attempts,
  MIN(CASE WHEN a.passed = 1 THEN a.place END) AS pass_place,
  MIN(CASE WHEN a.passed = 1 THEN a.worst_place END) AS worst_place, MAX(a.score_c) AS best_c,
  SUM(CASE WHEN a.passed IS NULL THEN 1 ELSE 0 END) AS unread, MAX(a.unexported) AS unexported
FROM attempts AS a
WHERE a.deciding = 1
GROUP BY a.person_no, a.exam_no;
