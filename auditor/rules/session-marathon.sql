/*
title = { zh = "单次学习过长", en = "Very long sittings" }
why = { zh = "一次学习超过三小时，中间没有退出；课程表写明时长的，还须比这门课长。多半是离开后页面没有关，或由服务器在超时后结束；这样的时间里是否有人在学，记录看不出来。美国 NMLS 规定 6 分钟无操作即退出，edX 日志研究以 30 分钟无操作为界。只作提示。", en = "A sitting of more than three hours without leaving once, and longer than the course where the plan states its length. Mostly a page left open, or ended by the server's time-out; whether anybody studied all that time the record cannot tell. The American NMLS logs out after 6 minutes without activity; research on edX logs ends a sitting after 30. A note only." }
fix = { zh = "请平台提供这几次学习的心跳或操作日志，并说明超时设置；电话回访学员。", en = "Ask for the heartbeats or activity of these sittings and the platform's time-out; call the learner back." }
false_positives = { zh = "页面忘了关、服务器超时、整天的直播课、连续播放的合集。", en = "A page left open, a server's time-out, a live class of a whole day, a playlist played through." }
message = { zh = "{n1} 次学习超过 {limit_value:hms}，最长 {measured:hms}（{start_s:time} 开始）{n2?；其中 }{n2}{n2? 次的时长与多名学员完全相同（其中最长的 }{n3:hms}{n2?），多半是服务器超时}", en = "{n1} sittings longer than {limit_value:hms}, the longest {measured:hms} (from {start_s:time}){n2?; }{n2}{n2? of them have a length that several learners share (the longest }{n3:hms}{n2?), most likely a server's time-out}" }
class = "lead"
population = "all"
subject = "person"
unit = "s"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.timed = 1 AND e.copy = 0 AND e.dur_s > f.limit_value AND e.dur_s > coalesce((SELECT max(p.length_s) FROM plan p WHERE p.course_no = e.course_no), 0)" }]
params = { marathon_s = { unit = "s", stricter = "down" }, common_persons = { unit = "persons", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  w.person_no AS person_no, w.longest_s AS measured, $marathon_s AS limit_value, COUNT(w.row_id) AS n1,
  CASE WHEN COUNT(t.dur_s) > 0 THEN COUNT(t.dur_s) END AS n2, MAX(t.dur_s) AS n3,
  MIN(CASE WHEN w.dur_s = w.longest_s THEN w.start_s END) AS start_s
FROM (
  SELECT
    s.person_no AS person_no, s.row_id AS row_id, s.start_s AS start_s, s.dur_s AS dur_s, MAX(s.dur_s) OVER person AS longest_s
  FROM sessions AS s
  LEFT JOIN (
    SELECT p.course_no AS course_no, MAX(p.length_s) AS length_s FROM plan AS p GROUP BY p.course_no
  ) AS l ON l.course_no = s.course_no
  WHERE s.timed = 1 AND s.copy = 0 AND s.dur_s > $marathon_s AND s.dur_s > COALESCE(l.length_s, 0)
  WINDOW person AS (PARTITION BY s.person_no)
) AS w
LEFT JOIN (
  SELECT r.dur_s AS dur_s
  FROM sessions AS r
  WHERE r.timed = 1 AND r.copy = 0 AND r.dur_s > $marathon_s
  GROUP BY r.dur_s
  HAVING COUNT(DISTINCT r.person_no) >= $common_persons
) AS t ON t.dur_s = w.dur_s
GROUP BY w.person_no, w.longest_s
