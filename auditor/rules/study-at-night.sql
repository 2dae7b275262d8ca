/*
title = { zh = "主要在深夜学习", en = "Study mostly at night" }
why = { zh = "此人一半以上的净学习时间在零点到凌晨五点之间（跨零点的学习按零点切开）。上夜班的人这样学习很正常；但无人值守的播放也常在深夜。驾驶培训的监管平台按城市设定有效学习时段；本通知没有规定，所以只作提示。", en = "At least half of this person's net study lies between midnight and five in the morning (cut at midnight). For somebody on night shift that is normal; playing without anybody there also happens at night. The supervision of driver training sets valid hours of the day city by city; this notice names none: a note." }
fix = { zh = "对照排班表和考勤，看是否夜班；电话回访学员本人。", en = "Look at shifts and attendance: is it night work? Call the learner back." }
false_positives = { zh = "夜班职工、夜间照看孩子或老人的人、平台时钟或时区有误。", en = "Night workers, people who care for somebody at night, a platform whose clock or time zone is wrong." }
message = { zh = "净学习 {n1:hms} 中有 {measured:hms} 在零点以后 {n2:hms}之内", en = "{measured:hms} of {n1:hms} of net study lie within {n2:hms} after midnight" }
class = "lead"
population = "all"
subject = "person"
unit = "s"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.new_s > 0 AND e.timed = 1" }]
params = { night_percent = { unit = "%", stricter = "down" }, night_s = { unit = "s", stricter = "down" }, night_end_s = { unit = "s", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  n.person_no AS person_no, n.night_s AS measured, $night_s AS limit_value, t.net_s AS n1, $night_end_s AS n2
FROM (
  SELECT d.person_no AS person_no, SUM(d.night_s) AS night_s FROM study_days AS d GROUP BY d.person_no
) AS n
JOIN study AS t ON t.person_no = n.person_no
WHERE n.night_s >= $night_s AND n.night_s * 100 >= $night_percent * t.net_s
