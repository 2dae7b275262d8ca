/*
title = { zh = "各门考核多少人用时过短", en = "How many pass an exam in next to no time" }
why = { zh = "一门考核只有少数人用时过短，是这几个人的疑点；许多人都如此，先看试卷和平台的记法。用时为零的多为没有记录，不算。", en = "Where few pass an exam in next to no time it is a lead about them; where many do, look at the paper and at how the platform counts first. Nought is mostly not recorded, and left out." }
needs = ["attempts"]
params = ["exam_min_s", "fast_persons", "fast_percent"]
*/
-- persons: who passed with a time; fast: of them, in less than exam_min_s. many: 1 where that is said of the exam, not of
-- people. decides: 1 for an exam on which a pass rests; a quiz may be short.
CREATE TABLE exam_paces (exam_no BIGINT, persons BIGINT, fast BIGINT, many BIGINT, decides BIGINT);
INSERT INTO exam_paces
SELECT
  w.exam_no AS exam_no, w.persons AS persons, w.fast AS fast,
  CASE WHEN w.persons >= $fast_persons AND w.fast * 100 > $fast_percent * w.persons THEN 1 ELSE 0 END AS many,
  w.decides AS decides
FROM (
  SELECT
    a.exam_no AS exam_no, MAX(a.deciding) AS decides, COUNT(DISTINCT a.person_no) AS persons,
    COUNT(DISTINCT CASE WHEN e.used_s < $exam_min_s THEN a.person_no END) AS fast
  FROM attempts AS a
  JOIN exams AS e ON e.row_id = a.row_id
  WHERE a.passed = 1 AND e.used_s > 0
  GROUP BY a.exam_no
) AS w;
