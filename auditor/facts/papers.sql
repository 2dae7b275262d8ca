/*
title = { zh = "起决定作用的考核及其内容", en = "Deciding exams and what they cover" }
why = { zh = "每门结业考核自成一卷；没有结业考核的，起决定作用的各门考核合成一卷。有一门没有写明内容的，整卷不作判断。", en = "Each final exam is a paper of its own; without finals the deciding exams make one paper together. Where one of them does not say what it covers, nothing is said of the paper." }
needs = ["attempts"]
params = []
*/
-- One row a paper and a topic, of papers all of whose exams tell their content. exam_no: the first of its `exams`; row_id:
-- a row that tells what they cover.
CREATE TABLE papers (exam_no BIGINT, exams BIGINT, topic_no BIGINT, covered BIGINT, row_id BIGINT);
INSERT INTO papers
SELECT
  MIN(g.exam_no) AS exam_no, COUNT(g.exam_no) AS exams, g.topic_no AS topic_no, MAX(g.covered) AS covered,
  MIN(g.row_id) AS row_id
FROM (
  SELECT
    CASE WHEN x.is_final = 1 THEN x.exam_no END AS paper_no, x.exam_no AS exam_no, t.topic_no AS topic_no, c.row_id AS row_id,
    CASE WHEN k.topic_no IS NULL THEN 0 ELSE 1 END AS covered, CASE WHEN c.exam_no IS NULL THEN 1 ELSE 0 END AS silent
  FROM (
    SELECT a.exam_no AS exam_no, MAX(e.is_final) AS is_final
    FROM attempts AS a
    JOIN exams AS e ON e.row_id = a.row_id
    WHERE a.deciding = 1
    GROUP BY a.exam_no
  ) AS x
  CROSS JOIN topics AS t
  LEFT JOIN exam_contents AS c ON c.exam_no = x.exam_no
  LEFT JOIN exam_topics AS k ON k.exam_no = x.exam_no AND k.topic_no = t.topic_no
) AS g
GROUP BY g.paper_no, g.topic_no
HAVING MAX(g.silent) = 0;
