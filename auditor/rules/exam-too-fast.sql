/*
title = { zh = "考核用时过短却合格", en = "Passed in next to no time" }
why = { zh = "合格的那次考核，平台记录的答题用时短到来不及读题。可能是有人拿着答案代答，也可能是题目很少、或用时只记了最后一次进入。同一考核中许多人都这么快的，不列个人，改由另一条规则按考核说明一次；用时为零的不算（多为没有记录）。在线课程作弊的研究把作答时间不合常理作为指标之一（Alexandron 等，2019）。", en = "The attempt that passed took so little time by the platform's own record that the questions can hardly have been read. Somebody may have had the answers; or there are few questions, or the clock started anew at the last entry. Where many pass an exam that fast nobody is listed, and another rule says it once of the exam; nought is left out (mostly not recorded). Answer times out of proportion are one of the indicators in studies of cheating online (Alexandron et al. 2019)." }
fix = { zh = "请平台提供该次考核逐题的作答时间和原始日志，说明用时如何计算、题量多少；电话回访本人，当场问几道题。", en = "Ask the platform for the time of each answer and the original log, how the time is counted and how many questions there are; call the person back and ask some of the questions." }
false_positives = { zh = "题量很少；中途退出再进入，用时只记最后一段；用时单位记错；先在练习中做过同样的题。", en = "Few questions; an interrupted attempt of which only the last part is timed; a wrong unit; the same questions in practice before." }
message = { zh = "{exam}：{measured} 秒内答完并合格，成绩 {n1:score}（不足 {limit_value} 秒即列出）", en = "{exam}: passed in {measured} seconds with {n1:score} (listed below {limit_value} seconds)" }
class = "lead"
population = "all"
subject = "exam"
unit = "s"
reads = ["exams.id_number|exams.account", "exams.$grade", "exams.duration"]
awaits = ["exams.duration"]
key = ["person_no", "exam_no"]
rests_on = [{ table = "exams", on = ["person_no", "exam_no"] }]
params = { exam_min_s = { unit = "s", stricter = "up" }, fast_persons = { unit = "persons", stricter = "up" }, fast_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  a.person_no AS person_no, a.exam_no AS exam_no, MIN(e.used_s) AS measured, $exam_min_s AS limit_value,
  MAX(a.score_c) AS n1
FROM attempts AS a
JOIN exams AS e ON e.row_id = a.row_id
JOIN people AS p ON p.person_no = a.person_no
JOIN exam_paces AS w ON w.exam_no = a.exam_no
WHERE p.named = 1 AND a.deciding = 1 AND a.passed = 1 AND e.used_s > 0 AND e.used_s < $exam_min_s
  AND w.many = 0
GROUP BY a.person_no, a.exam_no
