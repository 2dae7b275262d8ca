/*
title = { zh = "单日学习超过上限", en = "More study in a day than the cap" }
why = { zh = "审计人员设定了每日可计课时的上限（通知没有规定）：此人有一天或几天的净学习时间超过它。一次学习归入它开始的那一天。别的地方有这样的规定：湖南每日计7学时，韩国每日不超过8课时。", en = "The auditor set how many class hours a day may count (the notice names none), and this person has one or more days with more net study. A sitting belongs to the day it starts. Other places have such rules: Hunan counts 7 class hours a day, Korea at most 8." }
fix = { zh = "核对当天的考勤和排班；电话回访；请平台提供当天的播放日志和防挂机记录。", en = "Check attendance and shifts of those days; call the learner; ask the platform for its playback log and presence checks." }
false_positives = { zh = "休息日集中学习、停工期间全天培训、跨零点的一次学习全部算在开始那天、连续播放没有关闭。", en = "Study kept for days off, whole days of training while work stood still, a sitting past midnight counted to its first day, a player left running." }
message = { zh = "有 {n1} 天净学习时间超过每日 {limit_value:units} 课时，最多的一天 {n2:day} 学习 {n3:hms}，合计超出 {measured:hms}", en = "{n1} days with more net study than {limit_value:units} class hours; most on {n2:day}: {n3:hms}; above the cap in all {measured:hms}" }
class = "breach"
population = "claimed"
subject = "person"
unit = "s"
reads = ["sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.new_s > 0" }, { table = "claims", on = ["person_no"] }]
params = { day_cap_units = { unit = "class_hours", stricter = "down" }, unit_s = { unit = "s", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  o.person_no AS person_no, o.above_s AS measured, $day_cap_units * $unit_s AS limit_value, o.days AS n1,
  MIN(w.start_day) AS n2, o.worst_s AS n3
FROM (
  SELECT
    d.person_no AS person_no, COUNT(d.start_day) AS days, MAX(d.day_s) AS worst_s,
    SUM(d.day_s - $day_cap_units * $unit_s) AS above_s
  FROM (
    SELECT s.person_no AS person_no, s.start_day AS start_day, SUM(s.new_s) AS day_s
    FROM sessions AS s
    WHERE s.new_s > 0
    GROUP BY s.person_no, s.start_day
    HAVING SUM(s.new_s) > $day_cap_units * $unit_s
  ) AS d
  JOIN people AS p ON p.person_no = d.person_no
  WHERE p.judged = 1
  GROUP BY d.person_no
) AS o
JOIN (
  SELECT t.person_no AS person_no, t.start_day AS start_day, SUM(t.new_s) AS day_s
  FROM sessions AS t
  WHERE t.new_s > 0
  GROUP BY t.person_no, t.start_day
  HAVING SUM(t.new_s) > $day_cap_units * $unit_s
) AS w ON w.person_no = o.person_no AND w.day_s = o.worst_s
GROUP BY o.person_no, o.above_s, o.days, o.worst_s
