/*
title = { zh = "课时不足", en = "Too few class hours" }
why = { zh = "期限内的净学习时间（重叠只计一次）按课时长度折算，整课时数少于通知要求的最低课时。任何一种读法能通过，累计读法必通过；累计读法不通过，才是不符合；审计人员指定了读法的，按所指定的读法。学习时间由事件日志折算、按任何一条公开规则可能够数的，或只有总时长、重叠部分分开计可能够数的，待核实。", en = "Net study time inside the period, overlaps counted once, makes fewer whole class hours than the notice asks for. Whatever reading passes, the cumulative one passes too. Where the auditor fixed a reading, that one decides. Time made from a log of events that may suffice by any published rule is to be verified, and so are totals without times of their own that may suffice where what overlaps is counted apart." }
fix = { zh = "请平台提供该学员的原始播放日志，核对是否漏导出记录；电话回访学员。", en = "Ask the platform for the raw playback log of this learner; check for records left out of the export; call the learner back." }
false_positives = { zh = "漏导出的记录、另一个账号下的学习、存成数字而丢失的身份证号。存在受损数据时，本条只作待核实。", en = "Records left out, study under another account, identity numbers lost in a spreadsheet. With damaged data this only asks for verification." }
message = { zh = "期限内净学习 {n1:hms}，合 {measured:units} 课时，要求 {limit_value:units} 课时{n2?；由事件日志折算，按另一条公开规则可多计 }{n2:hms}{n3?；只有总时长、起止时间不明的记录与其他学习重叠 }{n3:hms}{n4?；课程相接处重叠、零点切开或把最后一秒记作结束而少记的共 }{n4:hms}{n4?，加上即满，不据此不予支持}", en = "Net study {n1:hms} in the period is {measured:units} class hours; {limit_value:units} are required{n2?; made from a log of events, by another published rule more by }{n2:hms}{n3?; totals without times of their own overlap other study by }{n3:hms}{n4?; where lessons meet, are cut at midnight or lose their last second, }{n4:hms}{n4? were counted once or lost: with them it is enough, so nobody is refused for it}" }
class = "breach"
population = "claimed"
subject = "person"
unit = "s"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"] }, { table = "claims", on = ["person_no"] }, { table = "registrations", on = ["person_no"] }]
params = { min_units = { unit = "class_hours", stricter = "up" }, unit_s = { unit = "s", stricter = "up" }, required_s = { unit = "s", stricter = "up" } }
since = "0.1.0"
*/
SELECT
  r.person_no AS person_no, r.counted_s AS measured, $required_s AS limit_value, r.net_s AS n1,
  CASE WHEN e.enough_s >= $required_s AND e.most_s > e.chosen_s THEN e.most_s - e.chosen_s END AS n2,
  CASE
    WHEN e.enough_s >= $required_s AND e.chosen_s + e.apart_s > r.net_s THEN e.chosen_s + e.apart_s - r.net_s
  END AS n3,
  CASE WHEN k.slack_s > 0 AND r.net_s < $required_s AND r.net_s + k.slack_s >= $required_s THEN k.slack_s END AS n4,
  CASE
    WHEN r.passes IS NULL OR e.enough_s >= $required_s OR (k.slack_s > 0 AND r.net_s + k.slack_s >= $required_s) THEN 1
    ELSE 0
  END AS doubt
FROM readings AS r
JOIN people AS p ON p.person_no = r.person_no
LEFT JOIN estimates AS e ON e.person_no = r.person_no
LEFT JOIN slack AS k ON k.person_no = r.person_no
WHERE p.judged = 1 AND (r.passes = 0 OR r.passes IS NULL)
