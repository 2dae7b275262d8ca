/*
title = { zh = "许多人考核用时都过短", en = "Many pass an exam in next to no time" }
why = { zh = "同一门起决定作用的考核，合格的人里，许多人按平台记录的用时都来不及读题。多半是题目少，或用时只记最后一段；但整批代答、由系统填写成绩也是这个样子。单凭用时分不清是哪一种，所以不列任何个人，只按考核说明一次，由人去看试卷和日志。", en = "Of those who passed an exam that decides, many could hardly have read the questions by the platform's own times. Mostly there are few questions, or only the last part is timed; but answers entered for everybody, or marks written by a system, look the same. The time alone cannot tell which, so nobody is listed; it is said once of the exam, for somebody to look at the paper and the log." }
fix = { zh = "索取试卷，看有几道题，自己试做一次；请平台说明用时从何时算起，提供逐题作答时间和登录地址；抽取几名用时最短的人电话回访，当场问几道题。", en = "Ask for the paper, count its questions and sit it once; ask the platform from when the time counts, and for the time of each answer and the addresses; call some of the fastest back and ask a few of the questions." }
false_positives = { zh = "题目很少；用时只记最后一次进入；用时的单位记错（分钟当作秒）；考前做过同样的练习。", en = "Few questions; only the last entry is timed; a wrong unit (minutes read as seconds); the same questions in practice before." }
message = { zh = "{exam}：{n3} 名有用时记录的合格人员中，{measured} 名不足 {n1} 秒（超过 {n2}% 即按考核说明）；可能是题目少或用时的记法，也可能是整批代答，请看试卷和原始日志。没有据此列出个人", en = "{exam}: of {n3} people who passed with a time, {measured} took less than {n1} seconds (said of the exam above {n2} %). It may have few questions, the time may be counted otherwise, or answers may have been entered for all: look at the paper and the original log. No person is listed for it" }
class = "data"
population = "all"
subject = "group"
unit = "count"
reads = ["exams.id_number|exams.account", "exams.$grade", "exams.duration"]
awaits = ["exams.duration"]
key = ["exam_no"]
rests_on = [{ table = "exams", on = ["exam_no"], where = "e.used_s > 0 AND e.used_s < f.n1 AND EXISTS (SELECT 1 FROM attempts b WHERE b.row_id = e.row_id AND b.passed = 1)" }]
params = { exam_min_s = { unit = "s", stricter = "up" }, fast_persons = { unit = "persons", stricter = "up" }, fast_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT w.exam_no AS exam_no, w.fast AS measured, $exam_min_s AS n1, $fast_percent AS n2, w.persons AS n3
FROM exam_paces AS w
WHERE w.many = 1 AND w.decides = 1
