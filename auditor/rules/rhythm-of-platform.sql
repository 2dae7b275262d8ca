/*
title = { zh = "多数学员共有的规律", en = "A rhythm that most learners share" }
why = { zh = "一种整齐的规律（整点开始、固定停顿、固定时刻、同一时长）在许多学员身上都有，多半来自平台：课表、自动推送、视频时长或服务器超时。这样的规律不作为任何一个学员的疑点，只在这里说明一次，请人看一下来由。", en = "A regular pattern (round starts, one pause, one time of day, one length) that many learners share most likely comes from the platform: a timetable, lessons pushed by the clock, the length of videos, a server's time-out. It is no lead about any learner; it is said here once, so that somebody looks where it comes from." }
fix = { zh = "请平台说明这一规律的来由（课表、超时设置、课件时长），并提供课程时长；说明不了的，抽取原始日志核对。", en = "Ask the platform where it comes from (timetable, time-out, length of the videos) and for the lengths of the courses; where it cannot say, compare a sample with the original log." }
false_positives = { zh = "直播、课表、视频时长一致、服务器超时。", en = "Live classes, timetables, videos of one length, a server's time-out." }
message = { zh = "{n3} 名学员中有 {measured} 名{n1|1=大多在整五分钟的零秒开始学习|2=同一天内的停顿或间隔反复相同到秒|3=在多天的同一秒开始学习|4=有时长完全相同的学习}{n2?：}{n2:hms}；多半来自平台，没有因此列出任何学员", en = "{measured} of {n3} learners {n1|1=mostly begin on second 0 of a round five minutes|2=repeat one pause or step within a day to the second|3=begin at one second of many days|4=have sittings of one length to the second}{n2?: }{n2:hms}; most likely the platform's, and nobody is listed for it" }
class = "data"
population = "all"
subject = "file"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["table_name", "n1"]
rests_on = []
params = { most_percent = { unit = "%", stricter = "up" }, common_persons = { unit = "persons", stricter = "up" }, common_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  'sessions' AS table_name, t.sign AS n1, t.persons AS measured, NULL AS n2, a.learners AS n3
FROM (
  SELECT k.sign AS sign, COUNT(k.person_no) AS persons FROM clock_signs AS k WHERE k.sign > 0 GROUP BY k.sign
) AS t
CROSS JOIN (SELECT SUM(l.readable) AS learners FROM clock_signs AS l) AS a
WHERE t.persons * 100 > $most_percent * a.learners
UNION ALL
SELECT
  'sessions' AS table_name, 4 AS n1, u.everywhere AS measured, MIN(u.dur_s) AS n2, u.everybody AS n3
FROM length_use AS u
JOIN (SELECT MAX(v.everywhere) AS everywhere FROM length_use AS v WHERE v.explained = 2 OR v.explained = 3) AS m
  ON m.everywhere = u.everywhere
WHERE u.explained = 2 OR u.explained = 3
GROUP BY u.everywhere, u.everybody
