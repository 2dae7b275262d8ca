/*
title = { zh = "时间只记到分钟", en = "Times cut to minutes" }
why = { zh = "这张表里几乎所有学习都在整分开始、整分结束，说明平台或导出时去掉了秒。这不是学员的问题；但少了秒，就看不出时间是否过于整齐，所以有关时钟和相同时长的规则不用于这张表，也不算通过；步调相同的规则不看整5分钟时刻开始的学习，记录整体相同的规则要有几次不在整5分钟时刻：按固定的几分钟一行记录的平台，这些规则也看不出什么。", en = "Nearly all sittings of this sheet begin and end on a whole minute: the platform or its export cut the seconds off. That is nobody's fault; but without seconds nothing can be said of times that are too regular, so the rules on clocks and on equal lengths are off for this sheet, and not passed either. The rule on lock-step does not look at sessions that begin on whole five minutes, and that on copied records asks for some off them: of a platform that writes rows of so many minutes they tell nothing either." }
fix = { zh = "请平台重新导出精确到秒的开始和结束时间，或提供原始日志。", en = "Ask the platform to export the times to the second, or for its original log." }
false_positives = { zh = "平台本来只记录到分钟；在电子表格中打开并另存后秒被去掉。", en = "A platform that only keeps minutes; a spreadsheet that dropped the seconds when it was saved." }
message = { zh = "这张表 {n2} 次学习中有 {measured} 次在整分开始、整分结束：时间只记到分钟，时钟和相同时长的规则不用于这张表", en = "{measured} of the {n2} sittings of this sheet begin and end on a whole minute: its times are cut to minutes, and the rules on clocks and equal lengths are off for it" }
class = "data"
population = "all"
subject = "file"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["table_name", "start_s"]
rests_on = [{ table = "sessions", on = ["row_id"] }]
params = { clock_sessions = { unit = "sittings", stricter = "down" }, clock_percent = { unit = "%", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  'sessions' AS table_name, c.first_s AS start_s, c.row_id AS row_id, c.whole AS measured, c.sessions AS n2,
  $clock_sessions AS limit_value
FROM clocks AS c
WHERE c.blunt = 1 AND c.sessions >= $clock_sessions
