/*
title = { zh = "同一地址上接连换人学习", en = "Learners take turns at one address" }
why = { zh = "同一公网地址一天之内，一人刚学完，另一人马上开始，其间没有别人在学，如此接连几次、轮到几个人：几个账号可能由一人依次操作，也可能是几个人轮流用一台电脑。同时有多人在学的办公室、宿舍和手机网络一般不会如此。以时间相接找出有联系的账号，见 Ruipérez-Valiente 等人 2017 年对网络课程中紧接着提交作业的人的研究。这条单独只作提示。", en = "Within one day at one public address one person has just finished when another begins, nobody else studying between, several times and for several people: one person may work the accounts one after another, or people share one computer in turn. Offices, dormitories and mobile networks, where several study at once, mostly do not look like this. Finding connected accounts by closeness in time was published by Ruipérez-Valiente and others in 2017 (close submitters in online courses). On its own this is a note." }
fix = { zh = "分别电话回访接替的各人，问在哪里、用什么设备学的；请单位说明该地址有没有共用的电脑，查看机房使用登记和考勤；请平台提供这几次学习的设备信息和原始日志。", en = "Call each of these people back and ask where and on which device they studied; ask the employer whether a computer is shared at this address, and look at its sign-in sheet and the attendance record; ask the platform for the devices and original logs of these sessions." }
false_positives = { zh = "培训室、车间的一台公用电脑大家排队使用；轮班、轮岗的人依次学习；一家几口轮流用一台平板。", en = "One shared computer in a training room or workshop used in turn; people relieved one after another at work; a family with one tablet." }
message = { zh = "在 {n2} 天里与 {n1} 人在同一地址先后接替学习，本人参与 {n3} 次，与 {other} 接替次数最多；接替最多的一天在地址 {address}，共 {measured} 次（达到 {limit_value} 次即列出）", en = "On {n2} days took turns with {n1} people at one address: {n3} hand-overs of this person, most with {other}; on the busiest day {measured} hand-overs at {address} (listed from {limit_value})" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.address", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [
  { table = "sessions", on = ["person_no"], where = "EXISTS (SELECT 1 FROM hand_overs h WHERE h.row_id = e.row_id)" },
  { table = "sessions", on = ["person_no"], from = ["other_no"], where = "EXISTS (SELECT 1 FROM hand_overs h WHERE h.row_id = e.row_id AND h.other_no = f.person_no)" },
]
params = { handover_gap_s = { unit = "s", stricter = "up" }, handover_count = { unit = "count", stricter = "down" }, handover_persons = { unit = "persons", stricter = "down" }, handover_percent = { unit = "%", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  w.person_no AS person_no, w.other_no AS other_no, n.address_no AS address_no, n.most AS measured,
  $handover_count AS limit_value, n.people AS n1, n.days AS n2, n.times AS n3
FROM (
  SELECT k.person_no AS person_no, MIN(k.other_no) AS other_no
  FROM (
    SELECT a.person_no AS person_no, a.other_no AS other_no, COUNT(a.row_id) AS times
    FROM hand_overs AS a
    GROUP BY a.person_no, a.other_no
  ) AS k
  JOIN (
    SELECT b.person_no AS person_no, MAX(b.times) AS times
    FROM (
      SELECT c.person_no AS person_no, c.other_no AS other_no, COUNT(c.row_id) AS times
      FROM hand_overs AS c
      GROUP BY c.person_no, c.other_no
    ) AS b
    GROUP BY b.person_no
  ) AS m ON m.person_no = k.person_no AND m.times = k.times
  GROUP BY k.person_no
) AS w
JOIN (
  SELECT
    v.person_no AS person_no, MIN(CASE WHEN v.times = v.most THEN v.address_no END) AS address_no, v.most AS most,
    COUNT(v.row_id) AS times, COUNT(DISTINCT v.other_no) AS people, COUNT(DISTINCT v.start_day) AS days
  FROM (
    SELECT
      h.row_id AS row_id, h.person_no AS person_no, h.other_no AS other_no, h.address_no AS address_no,
      h.start_day AS start_day, d.times AS times, MAX(d.times) OVER (PARTITION BY h.person_no) AS most
    FROM hand_overs AS h
    JOIN (
      SELECT
        g.address_no AS address_no, g.start_day AS start_day,
        SUM(CASE WHEN g.person_no < g.other_no THEN 1 ELSE 0 END) AS times
      FROM hand_overs AS g
      GROUP BY g.address_no, g.start_day
    ) AS d ON d.address_no = h.address_no AND d.start_day = h.start_day
  ) AS v
  GROUP BY v.person_no, v.most
) AS n ON n.person_no = w.person_no
