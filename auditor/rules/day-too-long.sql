/*
title = { zh = "一天学习过长", en = "Too much study in a day" }
why = { zh = "按自然日计算（跨零点的学习按零点切开，重叠只计一次），一天的净学习时间超过十二小时。通知没有规定每日上限；湖南每天最多计 7 学时，韩国每天最多 8 小时，所以十二小时只作提示。", en = "By calendar day (cut at midnight, overlaps counted once) the net study of a day exceeds twelve hours. The notice sets no daily limit; Hunan counts at most 7 class hours a day and Korea at most 8 hours, so twelve hours are a note." }
fix = { zh = "对照当天的考勤和排班；请平台提供当天的心跳或操作日志；电话回访学员本人。", en = "Compare with attendance and shifts of the day; ask for the heartbeats or activity of that day; call the learner back." }
false_positives = { zh = "期限将满时集中补学；页面一直开着；停工或休假期间全天学习；补录的学习时间。", en = "Catching up before the deadline; a page left open; whole days of study while off work; times entered afterwards." }
message = { zh = "有 {n1} 天净学习超过 {limit_value:hms}，最多的一天（{start_s:date}）{measured:hms}", en = "{n1} days of more than {limit_value:hms} of net study; the longest ({start_s:date}) {measured:hms}" }
class = "lead"
population = "all"
subject = "person"
unit = "s"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.new_s > 0 AND e.start_s < f.start_s + 86400 AND e.end_s > f.start_s" }]
params = { day_long_s = { unit = "s", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  w.person_no AS person_no, w.net_s AS measured, $day_long_s AS limit_value, w.days AS n1, MIN(d.day_s) AS start_s
FROM (
  SELECT a.person_no AS person_no, MAX(a.net_s) AS net_s, COUNT(a.day_s) AS days
  FROM study_days AS a
  WHERE a.net_s > $day_long_s
  GROUP BY a.person_no
) AS w
JOIN study_days AS d ON d.person_no = w.person_no AND d.net_s = w.net_s
GROUP BY w.person_no, w.net_s, w.days
