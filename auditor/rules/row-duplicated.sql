/*
title = { zh = "重复的行", en = "Row repeated to the letter" }
why = { zh = "同一行数据出现一次以上，只计一次。", en = "The same row stands there more than once; it is counted once." }
fix = { zh = "请平台说明重复的原因（例如同一段记录导出两次）。", en = "Ask the platform why (the same records exported twice?)." }
false_positives = { zh = "分批导出时首尾重叠。", en = "Batches of an export that overlap at their ends." }
message = { zh = "{table_name:table}中的同一行另有 {measured} 份", en = "{measured} further copies of the same row in {table_name:table}" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = []
key = ["table_name", "person_no", "start_s", "end_s", "course_no", "address_no", "n1"]
rests_on = [{ table = "sessions", on = ["person_no", "start_s", "end_s"], where = "f.table_name = 'sessions' AND coalesce(e.course_no, -1) = coalesce(f.course_no, -1) AND coalesce(e.address_no, -1) = coalesce(f.address_no, -1) AND coalesce(e.stated_s, -1) = coalesce(f.n1, -1)" }, { rows = "copied", on = ["table_name", "person_no"] }]
params = {}
since = "0.1.0"
*/
SELECT
  'sessions' AS table_name, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s, s.course_no AS course_no,
  s.address_no AS address_no, s.stated_s AS n1, COUNT(s.row_id) AS measured, 0 AS limit_value
FROM sessions AS s
WHERE s.copy = 1
GROUP BY s.person_no, s.start_s, s.end_s, s.course_no, s.address_no, s.stated_s
UNION ALL
SELECT
  r.table_name AS table_name, r.person_no AS person_no, NULL AS start_s, NULL AS end_s, NULL AS course_no,
  NULL AS address_no, NULL AS n1, COUNT(r.row_id) AS measured, 0 AS limit_value
FROM row_copies AS r
GROUP BY r.table_name, r.person_no
