/*
title = { zh = "同一考核两次作答时间冲突", en = "Two attempts at one exam at the same time" }
why = { zh = "同一人同一门考核有两条成绩不同的记录，而时间互相冲突：或者两次作答按平台记录的用时必然重叠（考核时间无论是开始还是交卷都一样），或者时间精确到秒完全相同。一个人不能同时考两次，所以至少有一条记录的时间不是它看起来的意思，也可能有两个人在答。很多人共有的同一时刻是成绩导入时间，不算。本审计工具自定的指标。", en = "Two results of one person at one exam differ while their times conflict: by the time used the two attempts must overlap (whether the time is that of the start or of handing in), or they are the same to the second. Nobody sits an exam twice at once, so at least one time is not what it seems, or two people answered. A moment shared with others is one of import and left out. An indicator of this tool's own." }
fix = { zh = "请平台提供两次作答的原始日志（登录地址、设备、开始和交卷时间）；核对成绩是否人工补录或修改；电话回访本人考了几次。", en = "Ask the platform for the original log of both attempts (address, device, start, handing in); check whether a mark was entered or changed by hand; call the person back: how many attempts were there?" }
false_positives = { zh = "成绩更正后保留了旧记录；断线重连产生两条记录；考核时间其实是成绩录入时间。", en = "A corrected mark beside the old one; a lost connection that made two records; a time of entry instead of the exam's own." }
message = { zh = "{exam}：{start_s:time} 起有 {measured} 处两次作答时间冲突而成绩不同", en = "{exam}: {measured} pairs of attempts with different results conflict in time, the first at {start_s:time}" }
class = "lead"
population = "all"
subject = "exam"
unit = "count"
reads = ["exams.id_number|exams.account", "exams.taken_at", "exams.score|exams.result"]
key = ["person_no", "exam_no"]
rests_on = [{ table = "exams", on = ["person_no", "exam_no"] }]
params = { overlap_tolerance_s = { unit = "s", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  w.person_no AS person_no, w.exam_no AS exam_no, COUNT(w.row_id) AS measured, 0 AS limit_value,
  MIN(w.taken_s) AS start_s
FROM (
  SELECT
    e.row_id AS row_id, e.person_no AS person_no, e.exam_no AS exam_no, e.taken_s AS taken_s, e.used_s AS used_s,
    e.score_c AS score_c, e.result AS result, LAG(e.taken_s) OVER attempt AS before_s,
    LAG(e.used_s) OVER attempt AS before_used_s, LAG(e.score_c) OVER attempt AS before_score_c,
    LAG(e.result) OVER attempt AS before_result
  FROM exams AS e
  JOIN people AS p ON p.person_no = e.person_no
  WHERE p.named = 1 AND e.taken_s % 86400 <> 0 AND (e.result IS NULL OR e.result <> 2)
  WINDOW attempt AS (
    PARTITION BY e.person_no, e.exam_no
    ORDER BY e.taken_s, COALESCE(e.score_c, -1), COALESCE(e.result, -1), COALESCE(e.used_s, -1), e.row_id
  )
) AS w
JOIN (
  SELECT m.taken_s AS taken_s, COUNT(DISTINCT m.person_no) AS persons
  FROM exams AS m
  WHERE m.taken_s IS NOT NULL
  GROUP BY m.taken_s
) AS t ON t.taken_s = w.taken_s
WHERE t.persons = 1 AND (w.score_c <> w.before_score_c OR w.result <> w.before_result)
  AND (
    (w.taken_s = w.before_s AND w.taken_s % 60 <> 0)
    OR (
      w.taken_s - w.before_s + $overlap_tolerance_s < w.used_s
      AND w.taken_s - w.before_s + $overlap_tolerance_s < w.before_used_s
    )
  )
GROUP BY w.person_no, w.exam_no
