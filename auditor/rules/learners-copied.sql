/*
title = { zh = "两人记录整体相同", en = "Two learners with one record" }
why = { zh = "两人的学习记录整体平移同一时间后几乎逐秒相同：各次之间的间隔、各次的时长都一样。间隔由每个人自己坐下来的时刻决定，各学各的人不会逐秒相同，所以一份记录可能由另一份复制而来，也可能本来就是同一个人的。其中至少 5 次不在整 5 分钟时刻；连播的课程不单独作数。同时开始的人多、而时多时少的，是集中上课、平台给每人记了同一时刻的样子，只作提示。逐行重复是识别编造数据的公认方法，见 Porras 与 English、Koczela 等人对调查数据的研究。", en = "The one's record is the other's, moved by one constant time, nearly to the second: the same gaps between sessions and the same lengths. Gaps are made by the moment somebody sits down; of people who study on their own they do not agree to the second. One record may have been made from the other, or both are one person's. At least 5 of them lie off the whole five minutes; lessons that a player strings together do not testify one by one. At one and the same time, where many begin together, now more, now fewer, it looks like a class for which the platform writes one moment, and is a note. Repeated rows are an accepted sign of fabricated data (Porras and English, and Koczela and others, on surveys)." }
fix = { zh = "先核对两个证件号是不是同一个人（新旧号码、两个账号）；请平台提供两人的原始日志和登录记录，与导出数据对照；分别电话回访，对照考勤。", en = "First see whether the two numbers are one person (an old and a new number, two accounts); ask the platform for the original logs and sign-ins of both and compare them with the export; call both back and compare with the attendance record." }
false_positives = { zh = "同一人有两个没有关联的账号；导出把一人在新旧两个证件号下各列一次；平台把直播课的开播和结束时刻记给每个人；时间只记到分钟时，偶然一致的机会大一些。", en = "One person with two accounts that nothing links; an export that lists a person under an old and a new number; a platform that writes the opening and closing of a live class for everybody; in logs kept to the minute chance agreement is less rare." }
message = { zh = "有 {measured} 次学习与 {other} 的间隔和时长逐秒相同，整体相差 {n3:hms}；与此人记录这样相同的共 {n1} 人{mild|1=；同时开始的人多，时多时少，像是平台给同一堂课的人记了同一时刻|0=}", en = "{measured} sessions have the gaps and lengths of those of {other} to the second, {n3:hms} apart throughout; {n1} people in all have a record like this one{mild|1=; many begin together, now more, now fewer, as when a platform writes one moment for everybody in a class|0=}" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [
  { table = "sessions", on = ["person_no"], where = "e.copy = 0 AND e.timed > 0 AND EXISTS (SELECT 1 FROM sessions b WHERE b.person_no = f.other_no AND b.copy = 0 AND b.timed > 0 AND b.start_s = e.start_s + f.n2 AND b.dur_s = e.dur_s)" },
  { table = "sessions", on = ["person_no"], from = ["other_no"], where = "e.copy = 0 AND e.timed > 0 AND EXISTS (SELECT 1 FROM sessions b WHERE b.person_no = f.person_no AND b.copy = 0 AND b.timed > 0 AND b.start_s = e.start_s - f.n2 AND b.dur_s = e.dur_s)" },
]
params = { copied_sessions = { unit = "sittings", stricter = "down" }, copied_percent = { unit = "%", stricter = "down" }, lockstep_s = { unit = "s", stricter = "up" }, lockstep_class = { unit = "persons", stricter = "up" }, lockstep_present = { unit = "%", stricter = "down" }, lockstep_group = { unit = "persons", stricter = "up" }, order_least_s = { unit = "s", stricter = "down" }, order_persons = { unit = "persons", stricter = "down" }, shared_starts = { unit = "count", stricter = "down" }, sitting_gap_s = { unit = "s", stricter = "down" }, round_s = { unit = "s", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  w.person_no AS person_no, w.other_no AS other_no, w.times AS measured, $copied_sessions AS limit_value,
  w.people AS n1, w.shift_s AS n2, CASE WHEN w.shift_s < 0 THEN 0 - w.shift_s ELSE w.shift_s END AS n3,
  CASE WHEN w.shift_s = 0 AND l.person_no IS NOT NULL THEN 1 ELSE 0 END AS mild
FROM (
  SELECT
    a.person_no AS person_no, a.other_no AS other_no, MAX(a.times) AS times, MIN(a.shift_s) AS shift_s,
    MAX(p.people) AS people
  FROM alike AS a
  JOIN (
    SELECT b.person_no AS person_no, MIN(b.other_no) AS other_no, MAX(m.times) AS times
    FROM alike AS b
    JOIN (
      SELECT c.person_no AS person_no, MAX(c.times) AS times
      FROM alike AS c
      GROUP BY c.person_no
    ) AS m ON m.person_no = b.person_no AND m.times = b.times
    GROUP BY b.person_no
  ) AS n ON n.person_no = a.person_no AND n.other_no = a.other_no AND n.times = a.times
  JOIN (
    SELECT d.first_no AS first_no, COUNT(DISTINCT d.other_no) AS people
    FROM alike AS d
    WHERE d.person_no = d.first_no
    GROUP BY d.first_no
  ) AS p ON p.first_no = a.first_no
  GROUP BY a.person_no, a.other_no
) AS w
LEFT JOIN classes AS l ON l.person_no = w.person_no
