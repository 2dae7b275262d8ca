/*
title = { zh = "每次按同一次序相继开始", en = "Sessions begun one after another in a fixed order" }
why = { zh = "一批人学同样的课程，每次都按同样的先后次序、隔几秒到几十秒一个接一个地开始。一间教室里各人自己点开始，次序每次都不同；一人按名单逐个打开账号，次序就不变。各有一分多钟以上先后的，“步调相同”看不出来，由这条列出。", en = "A number of people begin the same lessons in the same order every time, one some seconds to some tens of seconds after the other. In a classroom, where everybody presses play, the order changes each time; where one person opens account after account from a list, it does not. Accounts that begin more than a minute apart are not seen as in lock-step, but here." }
fix = { zh = "分别电话回访次序相连的几人，问在哪里、用什么设备学的，谁打开的课程；单位组织集中学习的，看签到表，问是否由带班人员逐台打开；请平台提供这些学习的设备信息和原始日志。", en = "Call some neighbours of this order back separately: where and on which device did they study, and who opened the lesson? Where the employer gathered people to study, look at the sign-in sheet and ask whether an instructor opened the machines one by one; ask the platform for the devices and original logs of these sessions." }
false_positives = { zh = "机房的带班人员每次沿座位逐台替学员打开课程；平台按名单顺序逐条补写集中上课的开始时间。", en = "An instructor who goes along the seats and opens the lesson on every machine; a platform that writes the starts of a class one by one in the order of its list." }
message = { zh = "有 {measured} 次坐下来学习，连同各次的前两次，都紧接在 {other} 之{n4|1=后|0=前}（相差 {n2} 至 {n3} 秒）开始同一门课（达到 {limit_value} 次即列出）；按这样不变的次序相继开始的共 {n1} 人", en = "{measured} sittings, each with the two before it, begin right {n4|1=after|0=before} {other} ({n2} to {n3} s) on the same course (listed from {limit_value}); {n1} people begin one after another in this order" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.course", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [
  { table = "sessions", on = ["person_no"], where = "e.copy = 0 AND e.timed > 0 AND EXISTS (SELECT 1 FROM sessions b WHERE b.person_no = f.other_no AND b.course_no = e.course_no AND b.copy = 0 AND b.timed > 0 AND b.start_s >= e.start_s - f.n3 AND b.start_s <= e.start_s + f.n3)" },
  { table = "sessions", on = ["person_no"], from = ["other_no"], where = "e.copy = 0 AND e.timed > 0 AND EXISTS (SELECT 1 FROM sessions b WHERE b.person_no = f.person_no AND b.course_no = e.course_no AND b.copy = 0 AND b.timed > 0 AND b.start_s >= e.start_s - f.n3 AND b.start_s <= e.start_s + f.n3)" },
]
params = { lockstep_s = { unit = "s", stricter = "up" }, order_least_s = { unit = "s", stricter = "down" }, order_persons = { unit = "persons", stricter = "down" }, order_percent = { unit = "%", stricter = "down" }, lockstep_group = { unit = "persons", stricter = "up" }, shared_starts = { unit = "count", stricter = "down" }, sitting_gap_s = { unit = "s", stricter = "down" }, round_s = { unit = "s", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  u.person_no AS person_no, u.other_no AS other_no, u.times AS measured, $shared_starts AS limit_value, u.people AS n1,
  $order_least_s AS n2, $lockstep_s AS n3, u.after AS n4
FROM (
  SELECT
    w.person_no AS person_no, w.other_no AS other_no, w.after AS after, w.times AS times, w.people AS people,
    ROW_NUMBER() OVER (
      PARTITION BY w.person_no
      ORDER BY w.times DESC, w.after DESC, w.other_no, w.row_id
    ) AS place
  FROM (
    SELECT
      o.person_no AS person_no, o.other_no AS other_no, o.after AS after, COUNT(o.row_id) AS times,
      MAX(o.people) AS people, MIN(o.row_id) AS row_id
    FROM fixed_orders AS o
    GROUP BY o.person_no, o.other_no, o.after
  ) AS w
) AS u
JOIN (
  SELECT t.person_no AS person_no, COUNT(t.row_id) AS sittings
  FROM start_triples AS t
  GROUP BY t.person_no
) AS s ON s.person_no = u.person_no
WHERE u.place = 1 AND u.times >= $shared_starts AND 100 * u.times >= $order_percent * s.sittings
