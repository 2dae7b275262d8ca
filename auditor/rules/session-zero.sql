/*
title = { zh = "起止时间相同", en = "Session of no length" }
why = { zh = "一次学习的起止时间相同，时长为零，不计课时。点击日志中很常见，只作提示。一张表中有许多这样的行的，多半是平台没有记下结束时间：所涉学员课时不足的，改为待核实。", en = "A sitting with equal start and end adds nothing; common in click logs. Where a sheet has many of them, most likely the platform did not keep the ends: of those learners too few hours are to be verified." }
fix = { zh = "请平台说明该行时间的来源，并提供服务器日志中的对应记录。", en = "Ask the platform where these times come from, with the server log." }
false_positives = { zh = "打开后立即关闭、只记录点击的平台。", en = "Opened and closed at once; platforms that log clicks." }
message = { zh = "起止时间相同，时长为 0{n2?；这张表有许多这样的行，多半是平台没有记下结束时间，所涉学员的课时不因此判为不足}", en = "Start and end are the same; nothing is counted{n2?; many rows of this sheet are like it: most likely the platform did not keep the ends, and nobody is refused for hours because of them}" }
class = "data"
population = "all"
unit = "s"
reads = ["sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no", "start_s", "end_s", "course_no", "address_no"]
subject = "session"
rests_on = [{ table = "sessions", on = ["row_id"] }]
params = { zero_percent = { unit = "%", stricter = "up" }, zero_sessions = { unit = "sittings", stricter = "up" } }
since = "0.1.0"
*/
SELECT
  s.row_id AS row_id, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s, s.course_no AS course_no,
  s.address_no AS address_no, s.dur_s AS measured, 0 AS limit_value, 0 - s.dur_s AS n1,
  CASE WHEN c.hollow = 1 THEN 1 END AS n2
FROM sessions AS s
LEFT JOIN clocks AS c ON c.source_no = s.source_no
WHERE s.copy = 0 AND s.timed <> 2 AND s.dur_s = 0
