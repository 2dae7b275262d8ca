/*
title = { zh = "学习记录整批写入", en = "Sessions written as a batch" }
why = { zh = "一张表里多数学习记录的写入时间都远在学习结束之后：这是整批补传、数据迁移，或者该列其实是导出时间。这是平台记录方式的问题，不是学员的问题；“学习记录事后写入或修改”因此不看这张表。", en = "Most rows of a sheet were written long after the sessions ended: a batch upload, a migration, or the column is really the time of the export. It is about how the platform records, not about a learner; the rule on late changes leaves the sheet out." }
fix = { zh = "请平台说明该列的含义，以及这批记录来自哪里、何时写入；能提供当时生成的原始日志的，请一并提供。", en = "Ask the platform what the column means, where these rows come from and when they were written, and for the log made at the time." }
false_positives = { zh = "每周或期末统一同步；列中写的是导出时间。", en = "A weekly or final synchronisation; the time of the export in that column." }
message = { zh = "{shown}：{n1} 行中有 {measured} 行在学习结束 {limit_value:hms} 以后才写入", en = "{shown}: {measured} of {n1} rows were written more than {limit_value:hms} after the session ended" }
class = "data"
population = "all"
subject = "file"
unit = "count"
reads = ["sessions.saved_at", "sessions.end_at|sessions.duration"]
awaits = ["sessions.saved_at"]
key = ["table_name", "shown"]
rests_on = []
params = { edited_s = { unit = "s", stricter = "down" }, edited_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  'sessions' AS table_name, o.file AS shown, SUM(t.late) AS measured, $edited_s AS limit_value, SUM(t.rows_timed) AS n1
FROM (
  SELECT
    k.sheet_no AS sheet_no, COUNT(k.row_id) AS rows_timed,
    SUM(CASE WHEN k.saved_s - k.end_s > $edited_s THEN 1 ELSE 0 END) AS late
  FROM session_logs AS k
  WHERE k.saved_s IS NOT NULL AND k.end_s IS NOT NULL
  GROUP BY k.sheet_no
) AS t
JOIN sources AS o ON o.source_no = t.sheet_no
WHERE t.late * 100 > $edited_percent * t.rows_timed
GROUP BY o.file
