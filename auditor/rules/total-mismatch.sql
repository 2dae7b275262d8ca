/*
title = { zh = "平台总时长与明细不符", en = "The platform's total differs from its sessions" }
why = { zh = "平台写明的学习总时长，与导出的各次学习相加（不去重叠、不按期限）相差超过允许值。学习记录中有缺失、不能读取或无法确认归属的行时，总时长多于明细不作差异。", en = "The total that the platform states differs from the plain sum of the sessions (overlaps and dates aside) by more than is allowed. With rows missing, unreadable or of nobody known, a total above the sum says nothing." }
fix = { zh = "请平台说明总时长的算法和取数时间，并核对是否漏导出学习记录。", en = "Ask how and when the total was made, and whether sessions were left out of the export." }
false_positives = { zh = "总时长只计有效时间、含培训期以外或未导出的课程、导出之后又继续学习。", en = "A total of valid time only, of courses that were not exported, or taken on another day." }
message = { zh = "{table_name:table}写明的总时长为 {limit_value:hms}，{n1} 次学习相加为 {measured:hms}", en = "{table_name:table} state a total of {limit_value:hms}; the {n1} sessions add up to {measured:hms}" }
class = "data"
population = "all"
subject = "person"
unit = "s"
reads = ["sessions.total_time|registrations.total_time", "sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no", "table_name"]
rests_on = [{ table = "registrations", on = ["person_no"], where = "f.table_name = 'registrations'" }, { table = "sessions", on = ["person_no"] }]
params = { total_slack_s = { unit = "s_per_sitting", stricter = "down" }, total_slack_percent = { unit = "%", stricter = "down" } }
since = "0.1.0"
*/
SELECT
  c.person_no AS person_no, c.table_name AS table_name, c.raw_s AS measured,
  CASE WHEN c.over_s > 0 THEN c.most_s ELSE c.least_s END AS limit_value, c.sessions AS n1
FROM (
  SELECT
    t.person_no AS person_no, t.table_name AS table_name, t.least_s AS least_s, t.most_s AS most_s,
    COALESCE(s.raw_s, 0) AS raw_s, COALESCE(s.sessions, 0) AS sessions,
    COALESCE(s.raw_s, 0) - t.most_s AS over_s,
    CASE WHEN d.person_no IS NULL AND a.anybodys = 0 THEN t.least_s - COALESCE(s.raw_s, 0) END AS under_s
  FROM totals AS t
  LEFT JOIN study AS s ON s.person_no = t.person_no
  LEFT JOIN (
    SELECT h.person_no AS person_no, COUNT(h.field) AS fields
    FROM damage AS h
    WHERE h.table_name = 'sessions'
      AND (h.field = '*' OR h.field = 'start_at' OR h.field = 'end_at' OR h.field = 'duration')
    GROUP BY h.person_no
  ) AS d ON d.person_no = t.person_no
  CROSS JOIN (
    SELECT COUNT(n.table_name) AS anybodys
    FROM damage AS n
    WHERE n.table_name = 'sessions' AND n.person_no IS NULL
  ) AS a
) AS c
WHERE (c.over_s > $total_slack_s * c.sessions AND c.over_s * 100 > $total_slack_percent * c.raw_s)
  OR (c.under_s > $total_slack_s * c.sessions AND c.under_s * 100 > $total_slack_percent * c.raw_s)
