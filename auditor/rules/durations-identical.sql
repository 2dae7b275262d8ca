/*
title = { zh = "多次学习时长完全相同", en = "Sittings of one length" }
why = { zh = "此人连着多次学习的时长相同到秒，而这个时长既不是这门课的时长，也不是许多学员都有的时长（视频结束、服务器超时）。同一个人的时长通常有长有短；关于虚构调查数据的研究（Koczela 等、Porras 等）把大量重复、几乎没有差异看作有力的线索。只记到分钟的表不看；多人同一秒一起开始的课（课表、直播）不看；不足5人学过、又没有课程时长可对照的课不看。", en = "Sitting after sitting of this person lasts the same to the second, and the length is neither the course's own nor one that many learners have (a video's end, a server's time-out). A person's sittings are long and short; studies of fabricated survey data (Koczela and others, Porras and others) call many repeats and hardly any variation strong indicators. Sheets cut to minutes are left out, so are lessons that several people began at the same second (a timetable, a live class), and courses with fewer than five learners and no stated length to compare with." }
fix = { zh = "请平台提供原始日志（心跳、播放进度）并说明时长怎样计算；核对课件的实际时长；电话回访学员本人。", en = "Ask the platform for its original log (heartbeats, playing position) and how a length is made; check the real length of the videos; call the learner back." }
false_positives = { zh = "整段看完同样长的视频（课程表中没有时长）；以固定倍速整段看完；用定时器学习的人；平台按固定时长切分记录。", en = "Videos of one length seen to the end (where the plan states no length); seen to the end at one fixed speed; people who study by a timer; a platform that cuts its records into fixed pieces." }
message = { zh = "{n1} 次学习中有 {measured} 次与前一次时长相同到秒（如 {n2:hms}），不是课程时长，也不是许多学员共有的时长", en = "{measured} of {n1} sittings last the same to the second as the one before (for example {n2:hms}), which is neither the course's length nor one that many learners have" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.timed = 1 AND e.copy = 0 AND e.rhythm % 2 = 1 AND EXISTS (SELECT 1 FROM length_use u WHERE u.explained = 0 AND u.dur_s = e.dur_s AND u.course_no = coalesce(e.course_no, -1)) AND NOT EXISTS (SELECT 1 FROM schedules k WHERE k.start_s = e.start_s AND k.course_no = coalesce(e.course_no, -1))" }]
params = { identical_sessions = { unit = "sittings", stricter = "down" }, identical_percent = { unit = "%", stricter = "down" }, identical_slack_s = { unit = "s", stricter = "down" }, common_persons = { unit = "persons", stricter = "up" }, common_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  r.person_no AS person_no, COUNT(s.row_id) AS measured, $identical_sessions AS limit_value, r.sessions AS n1,
  MIN(s.dur_s) AS n2
FROM length_runs AS r
JOIN sessions AS s ON s.person_no = r.person_no
JOIN clocks AS c ON c.source_no = s.source_no
JOIN length_use AS u ON u.dur_s = s.dur_s AND u.course_no = COALESCE(s.course_no, -1)
LEFT JOIN schedules AS k ON k.start_s = s.start_s AND k.course_no = COALESCE(s.course_no, -1)
WHERE s.timed = 1 AND s.copy = 0 AND s.rhythm % 2 = 1 AND c.blunt = 0 AND u.explained = 0 AND k.start_s IS NULL
GROUP BY r.person_no, r.sessions
HAVING COUNT(s.row_id) * 100 >= $identical_percent * r.sessions
