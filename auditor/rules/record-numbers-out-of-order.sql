/*
title = { zh = "记录编号与学习时间不符", en = "Record numbers that do not go with the time" }
why = { zh = "平台的记录编号随时间增大，而这些学习记录的编号却排在几天以后才发生的学习之后，说明它们是后来才写进去的。断网补传、客服补录也会这样，所以只作提示。一张表里这种行很多的，说明编号不按时间排，不列。本审计工具自定的指标；有的省份要求网络培训平台不得擅自修改培训数据（江西，2024年）。", en = "The platform's record numbers grow with time, but these sessions carry numbers behind those of sessions that happened days later: they were written afterwards. Late uploads and entries made up for do the same, so it is a note. Where a sheet has many such rows its numbers follow another order and nothing is listed. An indicator of this tool's own; some provinces forbid platforms to alter training data (Jiangxi, 2024)." }
fix = { zh = "请平台说明编号规则，提供这些行的写入日志和原始登录日志；与考勤、考核时间核对；电话回访本人。", en = "Ask the platform how numbers are given, and for the log of writing these rows and of the sign-ins; compare with attendance and exams; call the person back." }
false_positives = { zh = "离线学习后补传；几台服务器分段编号；更正后重新生成编号。", en = "Offline study uploaded later; several servers with ranges of numbers; a correction that gave a new number." }
message = { zh = "{measured} 次学习的记录编号排在更晚发生的学习之后，相差最多 {n1:hms}", en = "{measured} sessions have record numbers behind those of later sessions, by up to {n1:hms}" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.record_no", "sessions.start_at", "sessions.id_number|sessions.account"]
awaits = ["sessions.record_no"]
key = ["person_no"]
rests_on = [{ rows = "records_inserted", on = ["person_no"] }]
params = { record_gap_s = { unit = "s", stricter = "down" }, record_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT w.person_no AS person_no, COUNT(w.row_id) AS measured, 0 AS limit_value, MAX(w.behind_s) AS n1
FROM records_inserted AS w
GROUP BY w.person_no
