/*
title = { zh = "每次考核", en = "Exam attempts" }
why = { zh = "同一人同一考试的各次考核按时间、再按次数排序；缺考不算一次。", en = "Attempts of a person at an exam, by time, then by number; an absence is no attempt." }
needs = []
params = ["by_mark", "pass_mark_c", "finals_decide"]
*/
-- passed: 1, 0, or null where the mark or the result cannot be read. deciding: the exam that the notice asks for.
CREATE TABLE attempts (
  row_id BIGINT, person_no BIGINT, exam_no BIGINT, passed BIGINT, score_c BIGINT, ordinal BIGINT, place BIGINT,
  unexported BIGINT, deciding BIGINT
);
INSERT INTO attempts
SELECT
  n.row_id AS row_id, n.person_no AS person_no, n.exam_no AS exam_no, n.passed AS passed, n.score_c AS score_c,
  n.ordinal AS ordinal, CASE WHEN n.attempt_no > n.ordinal THEN n.attempt_no ELSE n.ordinal END AS place,
  CASE WHEN n.attempt_no > n.ordinal THEN 1 ELSE 0 END AS unexported,
  CASE WHEN n.is_final = 1 OR n.finals = 0 THEN 1 ELSE 0 END AS deciding
FROM (
  SELECT
    g.row_id AS row_id, g.person_no AS person_no, g.exam_no AS exam_no, g.passed AS passed, g.score_c AS score_c,
    g.attempt_no AS attempt_no, g.is_final AS is_final, g.finals AS finals,
    ROW_NUMBER() OVER (
      PARTITION BY g.person_no, g.exam_no
      ORDER BY g.taken_key, g.attempt_key, COALESCE(g.passed, 0) DESC, COALESCE(g.score_c, -1), g.row_id
    ) AS ordinal
  FROM (
    SELECT
      e.row_id AS row_id, e.person_no AS person_no, e.exam_no AS exam_no, e.score_c AS score_c,
      e.attempt_no AS attempt_no, e.is_final AS is_final,
      CASE
        WHEN $by_mark = 0 THEN e.result
        WHEN e.score_c >= $pass_mark_c THEN 1
        WHEN e.score_c < $pass_mark_c THEN 0
      END AS passed,
      COALESCE(e.taken_s, 9000000000000) AS taken_key, COALESCE(e.attempt_no, 1000000) AS attempt_key,
      $finals_decide * COALESCE(f.finals, 0) AS finals
    FROM exams AS e
    JOIN people AS p ON p.person_no = e.person_no
    LEFT JOIN (
      SELECT q.employer_no AS employer_no, MAX(x.is_final) AS finals
      FROM exams AS x
      JOIN people AS q ON q.person_no = x.person_no
      GROUP BY q.employer_no
    ) AS f ON COALESCE(f.employer_no, -1) = COALESCE(p.employer_no, -1)
    WHERE e.result IS NULL OR e.result <> 2
  ) AS g
) AS n;
