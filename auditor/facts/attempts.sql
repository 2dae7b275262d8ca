/*
title = { zh = "每次考核", en = "Exam attempts" }
why = { zh = "同一人同一考试的各次考核按时间、再按次数排序；缺考不算一次。", en = "Attempts of a person at an exam, by time, then by number; an absence is no attempt." }
needs = []
params = ["by_mark", "clause_mark_c", "finals_decide"]
*/
-- passed: 1, 0, or null where the mark or the result cannot be read; by the notice's own mark, whatever is set. deciding: the exam that the notice asks for.
-- Mock exams are no attempts where the employer's people sat any other.
-- ordinal: the attempt's place by time, or by number where a time is missing. Where neither tells, place supposes that
-- the passes came first and worst_place that they came last. unexported: the export numbers it later than it lists it.
CREATE TABLE attempts (
  row_id BIGINT, person_no BIGINT, exam_no BIGINT, passed BIGINT, score_c BIGINT, place BIGINT, worst_place BIGINT,
  unexported BIGINT, deciding BIGINT
);
INSERT INTO attempts
SELECT
  n.row_id AS row_id, n.person_no AS person_no, n.exam_no AS exam_no, n.passed AS passed, n.score_c AS score_c,
  CASE WHEN n.attempt_no > n.ordinal THEN n.attempt_no ELSE n.ordinal END AS place,
  CASE WHEN n.attempt_no > n.worst_ordinal THEN n.attempt_no ELSE n.worst_ordinal END AS worst_place,
  CASE WHEN n.attempt_no > n.ordinal THEN 1 ELSE 0 END AS unexported,
  CASE WHEN n.is_final = 1 OR n.finals = 0 THEN 1 ELSE 0 END AS deciding
FROM (
  SELECT
    k.row_id AS row_id, k.person_no AS person_no, k.exam_no AS exam_no, k.passed AS passed, k.score_c AS score_c,
    k.attempt_no AS attempt_no, k.is_final AS is_final, k.finals AS finals,
    ROW_NUMBER() OVER (
      PARTITION BY k.person_no, k.exam_no
      ORDER BY k.first_key, k.second_key, COALESCE(k.passed, 0) DESC, COALESCE(k.score_c, -1) DESC, k.row_id
    ) AS ordinal,
    ROW_NUMBER() OVER (
      PARTITION BY k.person_no, k.exam_no
      ORDER BY k.first_key, k.second_key, COALESCE(k.passed, 0), COALESCE(k.score_c, -1), k.row_id
    ) AS worst_ordinal
  FROM (
    SELECT
      g.row_id AS row_id, g.person_no AS person_no, g.exam_no AS exam_no, g.passed AS passed, g.score_c AS score_c,
      g.attempt_no AS attempt_no, g.is_final AS is_final, g.finals AS finals,
      CASE WHEN g.untimed = 0 THEN g.taken_s WHEN g.unnumbered = 0 THEN g.attempt_no ELSE 0 END AS first_key,
      CASE WHEN g.unnumbered = 0 THEN g.attempt_no ELSE 0 END AS second_key
    FROM (
      SELECT
        e.row_id AS row_id, e.person_no AS person_no, e.exam_no AS exam_no, e.score_c AS score_c,
        e.attempt_no AS attempt_no, e.is_final AS is_final, e.taken_s AS taken_s,
        CASE
          WHEN $by_mark = 0 THEN e.result
          WHEN e.score_c >= $clause_mark_c THEN 1
          WHEN e.score_c < $clause_mark_c THEN 0
        END AS passed,
        t.untimed AS untimed, t.unnumbered AS unnumbered, $finals_decide * COALESCE(f.finals, 0) AS finals
      FROM exams AS e
      JOIN people AS p ON p.person_no = e.person_no
      JOIN (
        SELECT
          o.person_no AS person_no, o.exam_no AS exam_no,
          SUM(CASE WHEN o.taken_s IS NULL THEN 1 ELSE 0 END) AS untimed,
          SUM(CASE WHEN o.attempt_no IS NULL THEN 1 ELSE 0 END) AS unnumbered
        FROM exams AS o
        WHERE o.result IS NULL OR o.result <> 2
        GROUP BY o.person_no, o.exam_no
      ) AS t ON t.person_no = e.person_no AND t.exam_no = e.exam_no
      LEFT JOIN (
        SELECT q.employer_no AS employer_no, MAX(x.is_final) AS finals, MAX(1 - x.is_mock) AS reals
        FROM exams AS x
        JOIN people AS q ON q.person_no = x.person_no
        GROUP BY q.employer_no
      ) AS f ON COALESCE(f.employer_no, -1) = COALESCE(p.employer_no, -1)
      WHERE (e.result IS NULL OR e.result <> 2) AND (e.is_mock = 0 OR COALESCE(f.reals, 0) = 0)
    ) AS g
  ) AS k
) AS n;
