/*
title = { zh = "同一单位成绩集中在一个分数", en = "Marks of one employer pile up at one figure" }
why = { zh = "同一单位参加同一门考核的人，第一次成绩大多是同一个分数，或很多人正好是合格分数。各人自己答题，分数会散开；照着一份答案、或由人填写的成绩表，才容易这样集中。先看整门考核：全部成绩只有少数几种分数的（题目少，或只记合格、不合格），以及最高分，都不算；补考不算。本审计工具自定的指标。", en = "Most first marks of one employer's people at one exam are the same, or many are exactly the pass mark. People who answer for themselves scatter; one answer sheet for all, or a table of marks filled in by hand, does not. The whole exam is looked at first: one with only few different marks (few questions, or pass and fail written as marks) and its highest mark are left out, and so are resits. An indicator of this tool's own." }
fix = { zh = "请平台提供这些人逐题的作答和交卷时间，看答案是否雷同；与其他单位同一考核的分布对比；抽取几人电话回访。", en = "Ask the platform for the answers and the times of handing in of these people: are the answers alike? Compare with other employers at the same exam; call some of them back." }
false_positives = { zh = "题目少；全班同一讲师、考前划了重点；成绩由线下考核折算或统一给分；合格线附近四舍五入。", en = "Few questions; one teacher who rehearsed the exam; marks converted or given as a whole; rounding near the pass mark." }
message = { zh = "{exam}：{n3} 人的第一次成绩中有 {measured} 人是 {n1:score} 分{n2|1=|2=（正好合格）}", en = "{exam}: of {n3} first marks {measured} are {n1:score}{n2|1=|2= (exactly the pass mark)}" }
class = "lead"
population = "all"
subject = "group"
unit = "count"
reads = ["exams.id_number|exams.account", "exams.score", "registrations.employer|claims.employer|sessions.employer|exams.employer"]
key = ["employer_no", "exam_no", "n2"]
rests_on = [{ rows = "first_marks", on = ["employer_no", "exam_no", "score_c"], from = ["employer_no", "exam_no", "n1"] }]
params = { cluster_persons = { unit = "persons", stricter = "down" }, cluster_percent = { unit = "%", stricter = "down" }, pass_cluster_percent = { unit = "%", stricter = "down" }, cluster_marks = { unit = "count", stricter = "down" }, by_mark = { unit = "0/1", stricter = "up" }, pass_mark_c = { unit = "hundredths", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  m.employer_no AS employer_no, m.exam_no AS exam_no, m.persons AS measured,
  $cluster_persons AS limit_value, m.score_c AS n1,
  CASE WHEN $by_mark = 1 AND m.score_c = $pass_mark_c THEN 2 ELSE 1 END AS n2, g.persons AS n3
FROM (
  SELECT f.employer_no AS employer_no, f.exam_no AS exam_no, f.score_c AS score_c, COUNT(f.person_no) AS persons
  FROM first_marks AS f
  GROUP BY f.employer_no, f.exam_no, f.score_c
) AS m
JOIN (
  SELECT f.employer_no AS employer_no, f.exam_no AS exam_no, COUNT(f.person_no) AS persons
  FROM first_marks AS f
  GROUP BY f.employer_no, f.exam_no
) AS g ON g.employer_no = m.employer_no AND g.exam_no = m.exam_no
JOIN (
  SELECT f.exam_no AS exam_no, COUNT(DISTINCT f.score_c) AS marks, MAX(f.score_c) AS highest_c
  FROM first_marks AS f
  GROUP BY f.exam_no
) AS x ON x.exam_no = m.exam_no
WHERE g.persons >= $cluster_persons AND x.marks >= $cluster_marks AND m.score_c < x.highest_c
  AND (
    m.persons * 100 >= $cluster_percent * g.persons
    OR ($by_mark = 1 AND m.score_c = $pass_mark_c AND m.persons * 100 >= $pass_cluster_percent * g.persons)
  )
