/*
title = { zh = "学习时间过于整齐", en = "Times too regular for a person" }
why = { zh = "人自己点开课程，开始的秒数是随机的。此人的开始时间大多落在整五分钟的零秒，或者同一天两次学习之间的停顿（或从开始到开始的间隔）反复相同到秒，或者在多天的同一秒开始，像是程序或表格生成的。统计上，过于平滑、反复重复的规律是虚构数据的常见线索。多人同时开始的课（直播、课表）、自动连播和只记到分钟的表已经排除；半数以上的学员都这样的，是平台的规律，只在文件层面说明。", en = "Somebody who opens a lesson does so at a random second. This person's starts mostly fall on a round five minutes and second 0, or the pause (or the step from start to start) between sittings of a day is the same to the second again and again, or starts fall on one second of many days, as a program or a spreadsheet makes them. In statistics, patterns that are unusually smooth and repeat themselves are a common lead to invented data. Lessons that several people begin together (live classes, timetables), autoplay and sheets cut to minutes are left out; what more than half of the learners show is the platform's own rhythm and only said of the file." }
fix = { zh = "请平台提供原始日志（登录、心跳、播放进度）和设备信息；电话回访学员本人，询问学习的时间和方式；对照考勤。", en = "Ask the platform for its original log (sign-ins, heartbeats, playing position) and the devices; call the learner back about when and how the study was done; compare with attendance records." }
false_positives = { zh = "人数很少的直播课或集体学习；平台定时推送或定时开课；设了定时开始的客户端；补录的学习时间；平台强制的固定休息。", en = "A live class or study group of very few; a platform that opens lessons by the clock; a client started by a timer; times entered by hand afterwards; a fixed break that the platform enforces." }
message = { zh = "{n2} 次{n1|1=自己开始的学习中有|2=同一天内的停顿中有|3=自己开始的学习中有} {measured} 次{n1|1=在整五分钟的零秒开始|2=与前一两次的停顿或间隔相同到秒|3=与前几次在一天中的同一秒开始}", en = "{measured} of {n2} {n1|1=sittings that this person began fall on second 0 of a round five minutes|2=pauses within a day are, as pause or as step from start to start, the same to the second as one of the two before|3=sittings that this person began fall on the same second of the day as one of the few before}" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.timed = 1 AND e.copy = 0" }]
params = { synthetic_sessions = { unit = "sittings", stricter = "down" }, synthetic_percent = { unit = "%", stricter = "down" }, synthetic_repeats = { unit = "sittings", stricter = "down" }, synthetic_mark_s = { unit = "s", stricter = "down" }, autoplay_s = { unit = "s", stricter = "down" }, schedule_persons = { unit = "persons", stricter = "up" }, most_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  g.person_no AS person_no, g.sign AS n1, g.shown AS measured, g.seen AS n2,
  CASE g.sign WHEN 1 THEN $synthetic_sessions ELSE $synthetic_repeats END AS limit_value
FROM clock_signs AS g
JOIN (
  SELECT k.sign AS sign, COUNT(k.person_no) AS persons FROM clock_signs AS k WHERE k.sign > 0 GROUP BY k.sign
) AS t ON t.sign = g.sign
CROSS JOIN (SELECT SUM(l.readable) AS learners FROM clock_signs AS l) AS a
WHERE t.persons * 100 <= $most_percent * a.learners
