/*
title = { zh = "学得比课程还快", en = "Studied faster than the course runs" }
why = { zh = "课程表写明了课程时长，而此人在大部分学过的课上花的净时间不到课程时长的三分之二，即使以 1.5 倍速看完也不够。只看了一眼的课（不足课程时长的十分之一）、学到培训期以外的课和时间有损坏的课不算；有学习没写课程名的人不看；半数以上学员都如此的，不列任何人，另在课程表上说明。流传的刷课脚本以 4 倍速静音播放；韩国自 2026 年起规定倍速播放只按实际分钟计算。课时本来就按实际学习时间计算，不因这一项再减少。", en = "The plan states how long the courses run, and on most of the lessons studied this person spent less than two thirds of that: too little even at 1.5 times the speed. Lessons only looked at (less than a tenth), studied beyond the period, or with damaged times are left out; nobody with a sitting that names no course is looked at; where more than half of the learners are like that nobody is listed and it is said of the plan. Scripts in circulation play courses muted at four times the speed; Korea, since 2026, counts faster playing by its real minutes only. Class hours are counted from real time in any case and are not reduced again." }
fix = { zh = "核对课件的实际时长和平台是否提供倍速、跳过功能；请平台提供播放进度日志；电话回访，请学员说说课程内容。", en = "Check the real length of the videos and whether the platform offers faster playing or skipping; ask for the log of the playing position; call the learner back and ask about the content." }
false_positives = { zh = "跳过已经会的内容；平台提供 2 倍速；看课件文字而不放完视频；课程表写的是课时数而不是视频时长，或单位不同；一门课另有线下部分。", en = "Skipping what one knows; a platform that offers double speed; reading the slides instead of playing the video; a plan that states class hours, not the length of videos, or another unit; a course that has a part offline." }
message = { zh = "学过的 {n1} 门已知时长的课中，有 {measured} 门的净时间不到课程时长的 {n2}%，用时最短的一门（{course}）{n3:hms}", en = "Of {n1} lessons of known length that were studied, {measured} took less than {n2} % of their length, the shortest ({course}) {n3:hms}" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["courses.minutes", "sessions.course", "sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
awaits = ["courses.minutes"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.copy = 0 AND EXISTS (SELECT 1 FROM fast_lessons l WHERE l.person_no = e.person_no AND l.course_no = e.course_no)" }]
params = { faster_percent = { unit = "%", stricter = "up" }, faster_courses = { unit = "courses", stricter = "down" }, faster_share_percent = { unit = "%", stricter = "down" }, glance_percent = { unit = "%", stricter = "down" }, most_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  p.person_no AS person_no, p.faster AS measured, $faster_courses AS limit_value, p.lessons AS n1,
  $faster_percent AS n2, q.course_no AS course_no, q.net_s AS n3
FROM lesson_pace AS p
JOIN (
  SELECT f.person_no AS person_no, f.net_s AS net_s, MIN(f.course_no) AS course_no
  FROM fast_lessons AS f
  JOIN (
    SELECT g.person_no AS person_no, MIN(g.net_s) AS net_s FROM fast_lessons AS g GROUP BY g.person_no
  ) AS m ON m.person_no = f.person_no AND m.net_s = f.net_s
  GROUP BY f.person_no, f.net_s
) AS q ON q.person_no = p.person_no
CROSS JOIN (SELECT COUNT(l.person_no) AS learners, SUM(l.fast) AS fast FROM lesson_pace AS l) AS a
LEFT JOIN (
  SELECT d.person_no AS person_no, COUNT(d.field) AS fields
  FROM damage AS d
  WHERE d.table_name = 'sessions' AND d.field = '*'
  GROUP BY d.person_no
) AS h ON h.person_no = p.person_no
WHERE p.fast = 1 AND h.person_no IS NULL AND a.fast * 100 <= $most_percent * a.learners
