/*
title = { zh = "学习时间重叠", en = "Overlapping sessions" }
why = { zh = "同一人的两次学习在时间上重叠，超过容差。重叠部分只计一次，所以只作提示。一张表中许多学员都有的、前一次不久就结束（或在零点结束）的重叠，是平台记录方式的样子；几乎都挤在同一段时间、那时学习的人多半都有的重叠，是平台时钟被调回的样子：都不作其他疑点的第二项。", en = "Two sittings of one person overlap by more than the tolerance; the overlap is counted once. Overlaps that many learners of a sheet have, and in which the earlier sitting ends before long (or at midnight), look like the platform's way of recording; overlaps that crowd in one stretch of time, in which most who studied then have one, look like a clock set back. Neither is a second lead." }
fix = { zh = "电话回访学员本人；请平台提供两次学习的设备信息。", en = "Call the learner back; ask the platform for the devices of both sittings." }
false_positives = { zh = "浏览器旧页面未关、换设备继续学习、平台时钟被调回。", en = "An old tab left open, going on with another device, a platform's clock that was set back." }
message = { zh = "与另一次学习（{other_start_s:time} 开始）重叠 {measured:hms}，超过 {limit_value} 秒{n1|1=；同一门课接着学，前一次随即结束，像是重新打开了页面或换了网络|2=；所在时段平台时钟像是被调回过|4=；这张表中许多学员都如此，像是平台晚记了离开|0=}", en = "Overlaps another sitting (from {other_start_s:time}) by {measured:hms}, more than {limit_value} s{n1|1=; the same course goes on and the earlier sitting ends soon after, as when a page is opened anew or a network is changed|2=; within hours in which the platform's clock seems to have been set back|4=; many learners of this sheet are like that, as when a platform notes the leave late|0=}" }
class = "lead"
population = "all"
subject = "session"
unit = "s"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no", "start_s", "end_s", "course_no", "address_no"]
rests_on = [{ table = "sessions", on = ["row_id"] }, { table = "sessions", on = ["row_id"], from = ["other_row_id"] }]
params = { overlap_tolerance_s = { unit = "s", stricter = "down" }, reconnect_s = { unit = "s", stricter = "down" }, late_most_s = { unit = "s", stricter = "down" }, late_persons = { unit = "persons", stricter = "up" }, late_percent = { unit = "%", stricter = "up" }, set_back_learners = { unit = "%", stricter = "up" } }
since = "0.1.0"
*/
SELECT
  s.row_id AS row_id, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s, s.course_no AS course_no,
  s.address_no AS address_no, q.overlap_s AS measured, $overlap_tolerance_s AS limit_value,
  q.other_row_id AS other_row_id, a.start_s AS other_start_s,
  CASE WHEN m.reason > 0 THEN 1 ELSE 0 END AS mild, m.reason AS n1
FROM (
  SELECT
    o.row_id AS row_id, o.other_row_id AS other_row_id, o.overlap_s AS overlap_s,
    ROW_NUMBER() OVER (PARTITION BY o.row_id ORDER BY o.overlap_s DESC, b.start_s, b.end_s, o.other_row_id) AS place
  FROM overlap_pairs AS o
  JOIN sessions AS b ON b.row_id = o.other_row_id
) AS q
JOIN sessions AS s ON s.row_id = q.row_id
JOIN sessions AS a ON a.row_id = q.other_row_id
JOIN (
  SELECT
    p.row_id AS row_id, MIN(CASE
      WHEN p.goes_on = 1 AND p.overlap_s <= $reconnect_s THEN 1
      WHEN p.twice = 1 OR k.source_no IS NOT NULL THEN 2
      WHEN p.left_s <= $late_most_s AND t.source_no IS NOT NULL THEN 4
      ELSE 0
    END) AS reason
  FROM overlap_pairs AS p
  JOIN sessions AS x ON x.row_id = p.row_id
  LEFT JOIN late_leaves AS t ON t.source_no = x.source_no
  LEFT JOIN crowded_overlaps AS k ON k.source_no = x.source_no AND x.start_s >= k.from_s AND x.start_s <= k.to_s
  GROUP BY p.row_id
) AS m ON m.row_id = q.row_id
WHERE q.place = 1
