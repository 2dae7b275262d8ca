/*
title = { zh = "单次学习超过一昼夜", en = "One sitting longer than a day and a night" }
why = { zh = "一次学习的起止时间相差超过一昼夜，没有人能连续学这么久，起止时间中至少有一个不是学习的起止。究竟学了多久，记录本身说不出：缩短它就是猜测，所以这段时间照原样计入净学习时间，同时把此人列为待核实，由平台的日志说明。", en = "A sitting lasts longer than a day and a night. Nobody studies that long, so at least one of its times is not that of the study. How long it was the record cannot say, and to cut it would be to guess: its time counts as it stands, and the person is to be verified until the platform's log explains it." }
fix = { zh = "请平台提供这一行的原始日志（登录、心跳、退出），更正起止时间后重新导出；问清平台是否在页面不关时也记时长。", en = "Ask the platform for the original log of this row (sign-in, heartbeat, sign-out) and for another export with the times corrected; ask whether it counts while a page is merely left open." }
false_positives = { zh = "平台每门课只导出一行（第一次打开到学完）；页面没有关闭、服务器没有超时；退出时间由次日的任务补写；日期录错。", en = "Platforms that export one row a course, from first opening to completion; a page left open and a server without a timeout; an end written by a job of the next day; a wrong date." }
message = { zh = "一次学习历时 {measured:hms}，超过 {limit_value:hms}", en = "One sitting lasts {measured:hms}, more than {limit_value:hms}" }
class = "data"
population = "all"
subject = "session"
unit = "s"
reads = ["sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no", "start_s", "end_s", "course_no", "address_no"]
rests_on = [{ table = "sessions", on = ["row_id"] }]
params = { session_max_s = { unit = "s", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  s.row_id AS row_id, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s, s.course_no AS course_no,
  s.address_no AS address_no, s.dur_s AS measured, $session_max_s AS limit_value
FROM sessions AS s
WHERE s.copy = 0 AND s.timed <> 2 AND s.dur_s > $session_max_s
