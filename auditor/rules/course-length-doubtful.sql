/*
title = { zh = "课程时长与多数人的学习不符", en = "Course lengths that most learners do not reach" }
why = { zh = "半数以上的学员都学得比课程表写的时长快得多，问题多半在课程表：写的是课时折算而不是视频时长，或者单位不同。因此不把任何一个学员列为“学得比课程还快”。", en = "More than half of the learners study in far less time than the plan gives the courses: most likely the plan states converted class hours, not the length of videos, or another unit. So nobody is listed as faster than the course." }
fix = { zh = "请平台提供课件的实际时长（分钟），更正课程表后重新审计；时长无误的，查平台是否普遍允许倍速或跳过。", en = "Ask the platform for the real length of its videos in minutes and audit again with them; where the lengths are right, ask whether faster playing or skipping is open to everybody." }
false_positives = { zh = "平台对所有人开放倍速；课程包含未记录的线下部分。", en = "Faster playing open to everybody; a part of the course offline that is not recorded." }
message = { zh = "{n1} 名可比较的学员中有 {measured} 名学得比课程时长快得多；课程表的时长存疑，没有因此列出任何学员", en = "{measured} of {n1} learners who can be compared are far faster than the courses; the stated lengths are in doubt, and nobody is listed for it" }
class = "data"
population = "all"
subject = "file"
unit = "count"
reads = ["courses.minutes", "sessions.course", "sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
awaits = ["courses.minutes"]
key = ["table_name"]
rests_on = []
params = { most_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT 'courses' AS table_name, a.fast AS measured, a.learners AS n1
FROM (SELECT COUNT(p.person_no) AS learners, SUM(p.fast) AS fast FROM lesson_pace AS p) AS a
WHERE a.fast * 100 > $most_percent * a.learners
