/*
title = { zh = "平均每次学习不足一课时", en = "Sittings shorter than a class hour on average" }
why = { zh = "净学习时间总数够，但把每次学习当作一课时来看，平均每次达不到一课时的长度。按累计读法平均数必然达到，所以只作提示。", en = "The net time suffices, but with each sitting taken as one class hour their average is under the length of one. By the cumulative reading the average always holds, so this is only pointed out." }
fix = { zh = "由审计人员与主管部门确认一课时指什么；可请平台说明课程如何切分。", en = "Agree with the authority on what one class hour is; ask the platform how it cuts its lessons." }
false_positives = { zh = "课件切得短、中途休息、网络中断后重新进入。", en = "Lessons cut short, breaks, lost connections." }
message = { zh = "{n1} 次学习的净时间共 {measured:hms}；平均每次满一课时应为 {limit_value:hms}", en = "{n1} sittings make {measured:hms} net; a class hour each on average would be {limit_value:hms}" }
class = "lead"
population = "claimed"
subject = "person"
unit = "s"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"] }, { table = "claims", on = ["person_no"] }]
params = { unit_s = { unit = "s", stricter = "up" } }
since = "0.1.0"
*/
SELECT
  t.person_no AS person_no, t.net_s AS measured, t.sittings * $unit_s AS limit_value, t.sittings AS n1
FROM study AS t
JOIN readings AS r ON r.person_no = t.person_no
JOIN people AS p ON p.person_no = t.person_no
LEFT JOIN estimates AS e ON e.person_no = t.person_no
WHERE e.person_no IS NULL AND p.judged = 1 AND r.cumulative_passes = 1 AND t.net_s < t.sittings * $unit_s
