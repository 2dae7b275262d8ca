/*
title = { zh = "单次学习不足一课时", en = "Session shorter than a class hour" }
why = { zh = "一次学习的起止时间相差大于零而不到一个课时。单独一次不足课时是常见情形，只作提示；它说明按次读法会丢掉多少时间。", en = "A sitting longer than zero but shorter than one class hour: common, and only pointed out." }
fix = { zh = "不需要单独处理；与其他疑点一起看。", en = "Nothing on its own; read together with other leads." }
false_positives = { zh = "中途休息、网络中断、手机来电后重新进入。", en = "Breaks, lost connections, a call on the phone." }
message = { zh = "本次学习 {measured:hms}，不足一课时（{limit_value:hms}）", en = "The sitting lasted {measured:hms}, less than a class hour ({limit_value:hms})" }
class = "lead"
population = "all"
unit = "s"
reads = ["sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no", "start_s", "end_s", "course_no", "address_no"]
subject = "session"
rests_on = [{ table = "sessions", on = ["row_id"] }]
params = { short_s = { unit = "s", stricter = "up" } }
since = "0.1.0"
*/
SELECT
  s.row_id AS row_id, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s, s.course_no AS course_no,
  s.address_no AS address_no, s.dur_s AS measured, $short_s AS limit_value
FROM sessions AS s
WHERE s.copy = 0 AND s.timed <> 2 AND s.dur_s > 0 AND s.dur_s < $short_s
