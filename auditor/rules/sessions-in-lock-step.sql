/*
title = { zh = "两人步调相同", en = "Sessions in lock-step" }
why = { zh = "两人绝大多数学习都在几十秒之内（地址不同的，在几秒之内）同时开始同一门课，而且分别坐下来多次都是如此。各学各的人偶尔会同时开始，一次又一次都同时的很少：可能由一人或一个程序同时操作，也可能两人约好一起学。按课表上课不算：整 5 分钟时刻的开始不作数，周围的人大多前后脚进来的也不作数。一同开始的人多、而时多时少的，是集中上课的样子，只作提示：一人操作的账号每次到的都是那几个。以时间相接找出有联系的账号，见 Ruipérez-Valiente 等人 2017 年对网络课程中紧接着提交作业的人的研究。", en = "Two people begin nearly all their sessions on the same course within some tens of seconds of each other (from two addresses within a few), on several separate sittings. People who study on their own begin together now and then, hardly ever again and again: one person or program may work both accounts, or the two have agreed to study together. A class with a schedule is no lead: starts on whole five minutes do not testify, nor do starts around which most others come in one after another. Where many begin together, now more, now fewer, it looks like a class, and is a note: of accounts that one person works the same few come each time. Finding connected accounts by closeness in time was published by Ruipérez-Valiente and others in 2017 (close submitters in online courses)." }
fix = { zh = "分别电话回访两人，问是否一起学习、在哪里、用什么设备；单位组织集中学习的，看签到表和考勤；请平台提供这些学习的设备信息和原始日志。", en = "Call both people back separately: do they study together, where, on which devices? Where the employer gathered people to study, look at the sign-in sheet and the attendance record; ask the platform for the devices and original logs of these sessions." }
false_positives = { zh = "夫妻、同事约好同时学习；单位集中学习，由带班人员统一说开始；直播课中平台把所有人的开始都记成开播的那一秒。", en = "A couple or colleagues who study side by side; an instructor who tells a room when to begin; a platform that writes the second a live class opened as everybody's start." }
message = { zh = "有 {measured} 次学习与 {other} 同一门课、同时开始（相差不超过 {n3} 秒，两人地址不同时相差更小），两人中较少的一人共 {n2} 次；这样的人共 {n1} 人{n4?；一同开始的最多 }{n4}{n4? 人（连同本人），时多时少，像是集中上课}", en = "{measured} sessions begin together with {other} on the same course (within {n3} s, less where their addresses differ), of {n2} of the one who has fewer; {n1} such people in all{n4?; up to }{n4}{n4? begin together, this person included, now more, now fewer, as in a class}" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.course", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [
  { table = "sessions", on = ["person_no"], where = "e.copy = 0 AND e.timed > 0 AND EXISTS (SELECT 1 FROM sessions b WHERE b.person_no = f.other_no AND b.course_no = e.course_no AND b.copy = 0 AND b.timed > 0 AND b.start_s >= e.start_s - f.n3 AND b.start_s <= e.start_s + f.n3 AND (b.address_no IS NULL OR e.address_no IS NULL OR b.address_no = e.address_no OR abs(b.start_s - e.start_s) <= (SELECT p.lockstep_far_s FROM parameters p)))" },
  { table = "sessions", on = ["person_no"], from = ["other_no"], where = "e.copy = 0 AND e.timed > 0 AND EXISTS (SELECT 1 FROM sessions b WHERE b.person_no = f.person_no AND b.course_no = e.course_no AND b.copy = 0 AND b.timed > 0 AND b.start_s >= e.start_s - f.n3 AND b.start_s <= e.start_s + f.n3 AND (b.address_no IS NULL OR e.address_no IS NULL OR b.address_no = e.address_no OR abs(b.start_s - e.start_s) <= (SELECT p.lockstep_far_s FROM parameters p)))" },
]
params = { lockstep_s = { unit = "s", stricter = "up" }, lockstep_far_s = { unit = "s", stricter = "up" }, lockstep_sessions = { unit = "sittings", stricter = "down" }, lockstep_percent = { unit = "%", stricter = "down" }, lockstep_class = { unit = "persons", stricter = "up" }, lockstep_present = { unit = "%", stricter = "down" }, lockstep_group = { unit = "persons", stricter = "up" }, order_least_s = { unit = "s", stricter = "down" }, order_persons = { unit = "persons", stricter = "down" }, shared_starts = { unit = "count", stricter = "down" }, sitting_gap_s = { unit = "s", stricter = "down" }, round_s = { unit = "s", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  l.person_no AS person_no, l.other_no AS other_no, l.times AS measured, $lockstep_sessions AS limit_value,
  w.people AS n1, l.sessions AS n2, $lockstep_s AS n3, CASE WHEN c.person_no IS NULL THEN 0 ELSE 1 END AS mild,
  c.most + 1 AS n4
FROM lock_steps AS l
JOIN (
  SELECT k.person_no AS person_no, MIN(k.other_no) AS other_no, MAX(m.people) AS people
  FROM lock_steps AS k
  JOIN (
    SELECT o.person_no AS person_no, MAX(o.times) AS times, COUNT(o.other_no) AS people
    FROM lock_steps AS o
    GROUP BY o.person_no
  ) AS m ON m.person_no = k.person_no AND m.times = k.times
  GROUP BY k.person_no
) AS w ON w.person_no = l.person_no AND w.other_no = l.other_no
LEFT JOIN classes AS c ON c.person_no = l.person_no
