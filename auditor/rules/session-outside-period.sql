/*
title = { zh = "培训期限以外的学习", en = "Session outside the period" }
why = { zh = "学习的开始或结束不在通知规定的培训期限内。期限以外的时间不计课时，以内的照计。", en = "A sitting starts or ends outside the period of the notice. Time outside is not counted, time inside is." }
fix = { zh = "不需要单独处理；课时已按期限以内的时间计算。", en = "Nothing on its own; hours are counted inside the period only." }
false_positives = { zh = "学员自愿提前或继续学习；跨越期限起止时刻的一次学习。", en = "Learners who start early or go on; a sitting across the limit." }
message = { zh = "其中 {measured:hms} 在培训期限以外，不计课时", en = "{measured:hms} of it lie outside the period and are not counted" }
class = "lead"
population = "all"
unit = "s"
reads = ["sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no", "start_s", "end_s", "course_no", "address_no"]
subject = "session"
rests_on = [{ table = "sessions", on = ["row_id"] }]
params = { period_from_s = { unit = "s", stricter = "up" }, period_to_s = { unit = "s", stricter = "down" } }
since = "0.1.0"
*/
SELECT
  s.row_id AS row_id, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s, s.course_no AS course_no,
  s.address_no AS address_no,
  CASE WHEN s.start_s < $period_from_s THEN CASE WHEN s.end_s < $period_from_s THEN s.end_s ELSE $period_from_s END - s.start_s ELSE 0 END
    + CASE WHEN s.end_s > $period_to_s THEN s.end_s - CASE WHEN s.start_s > $period_to_s THEN s.start_s ELSE $period_to_s END ELSE 0 END
    AS measured, 0 AS limit_value
FROM sessions AS s
WHERE s.copy = 0 AND s.timed > 0 AND s.dur_s > 0 AND (s.start_s < $period_from_s OR s.end_s > $period_to_s)
