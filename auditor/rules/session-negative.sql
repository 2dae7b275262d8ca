/*
title = { zh = "结束早于开始", en = "Session ends before it starts" }
why = { zh = "一次学习的结束时间早于开始时间，时长无法确定；该学员的课时因此待核实，不因此判为不足。多人的这种记录集中在同一段不长的时间里的，像是平台时钟被调回：这段时间可能显示过两次，先后学习的两次会显得重叠，所涉学员的课时也不因此判为不足。", en = "The end of a sitting is before its start, so its length is unknown; the hours of this learner are to be verified. Where such sittings of several people crowd in one short stretch of time the platform's clock may have been set back: it may have shown that time twice, sittings one after the other within it seem to overlap, and those learners are not refused for hours either." }
fix = { zh = "请平台说明该行时间的来源、当时是否调整过服务器时间，并提供服务器日志中的对应记录。", en = "Ask the platform where these times come from and whether the server's clock was adjusted then, with the server log." }
false_positives = { zh = "时钟被调回；起止列填反；跨零点的学习，结束时间写成了开始当天的日期。", en = "A clock that was set back; columns exchanged; a sitting across midnight whose end carries the day of its start." }
message = { zh = "结束时间比开始时间早 {n1:hms}{n2?；同一时段有 }{n2}{n2? 人如此，像是平台时钟被调回}", en = "The end is {n1:hms} before the start{n2?; }{n2}{n2? persons have such a record in the same stretch of time, as when a platform's clock is set back}" }
class = "data"
population = "all"
unit = "s"
reads = ["sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no", "start_s", "end_s", "course_no", "address_no"]
subject = "session"
rests_on = [{ table = "sessions", on = ["row_id"] }]
params = { set_back_most_s = { unit = "s", stricter = "down" }, set_back_gap_s = { unit = "s", stricter = "down" }, set_back_persons = { unit = "persons", stricter = "up" }, set_back_percent = { unit = "%", stricter = "up" } }
since = "0.1.0"
*/
SELECT
  s.row_id AS row_id, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s, s.course_no AS course_no,
  s.address_no AS address_no, s.dur_s AS measured, 0 AS limit_value, 0 - s.dur_s AS n1,
  h.persons AS n2
FROM sessions AS s
LEFT JOIN repeated_hours AS h ON h.source_no = s.source_no AND s.end_s >= h.from_s AND s.start_s <= h.to_s
WHERE s.copy = 0 AND s.dur_s < 0
