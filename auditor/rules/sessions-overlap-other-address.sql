/*
title = { zh = "两个地址同时学习", en = "Overlapping sessions from two addresses" }
why = { zh = "同一人的两次学习在时间上重叠，超过容差，而且来自两个不同的 IP 地址。可能是账号借给他人，也可能是换了网络，须核实。同一门课在另一地址接着学、前一次随即结束的，是换网络的样子：记录表明本人常这样换网络的（前后相差不超过容差，次数不少于晚记的次数，这一次重叠也不超过10分钟），或者审计人员设定了延迟上限（roaming_s）的，只作提示。平台时钟像是被调回过的时段内的重叠（多人的记录在那里结束早于开始，或者表中的重叠几乎都挤在那里、那时学习的人多半都有），和一张表中许多学员都有的、前一次不久就结束（或在零点结束）的重叠（平台晚记离开的样子），也只作提示。内网地址之间、平台转发地址之间分不清地点，不算两个地址。", en = "Two sittings of one person overlap by more than the tolerance and come from two different addresses: a lent account or a change of network; to be verified. Where the same course goes on from the other address and the earlier sitting ends soon after, it looks like a change of network: where the record shows that this person does so as a habit (within the tolerance of the end, no less often than late, and this overlap of no more than 10 minutes), or within the delay that the auditor has set (roaming_s), it is a note. So is an overlap within hours in which the platform's clock seems to have been set back (sittings of several people end before they start there, or nearly all overlaps of the sheet crowd there and most who studied then have one), and one as many learners of the sheet have and in which the earlier sitting ends before long or at midnight (a platform that notes the leave late). Private addresses, and relays of the platform, tell no places apart and are not two addresses." }
fix = { zh = "电话回访学员本人；请平台提供两次学习的设备信息。", en = "Call the learner back; ask the platform for the devices of both sittings." }
false_positives = { zh = "学习中从无线网换到移动网络，而平台晚记了离开时间；很少换网络的人，记录里看不出这一习惯，仍列为待核实。", en = "Moving from WLAN to mobile while studying, where the platform notes the leave late; of somebody who moves seldom the record shows no habit, so it is to be verified." }
message = { zh = "与另一次学习（{other_start_s:time} 开始）重叠 {measured:hms}（超过 {limit_value} 秒），两次的 IP 地址不同{n1|1=；同一门课在另一地址接着学，前一次随即结束，像是换了网络|2=；同一门课在另一地址接着学，前一次随即结束，像是换了网络；本人还有 |3=；所在时段平台时钟像是被调回过|4=；这张表中许多学员都如此，像是平台晚记了离开|0=}{n2}{n2? 次这样换地址，前后相差不超过 }{n3}{n3? 秒}", en = "Overlaps another sitting (from {other_start_s:time}) by {measured:hms}, more than {limit_value} s, from another address{n1|1=; the same course goes on there and the earlier sitting ends soon after, as when a network is changed|2=; the same course goes on there and the earlier sitting ends soon after, as when a network is changed; this person went on so |3=; within hours in which the platform's clock seems to have been set back|4=; many learners of this sheet are like that, as when a platform notes the leave late|0=}{n2}{n2? other times within }{n3}{n3? s of the end}" }
class = "lead"
population = "all"
subject = "session"
unit = "s"
reads = ["sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration", "sessions.address"]
key = ["person_no", "start_s", "end_s", "course_no", "address_no"]
rests_on = [{ table = "sessions", on = ["row_id"] }, { table = "sessions", on = ["row_id"], from = ["other_row_id"] }]
params = { overlap_tolerance_s = { unit = "s", stricter = "down" }, roaming_s = { unit = "s", stricter = "down" }, reconnect_s = { unit = "s", stricter = "down" }, network_changes = { unit = "changes", stricter = "up" }, late_most_s = { unit = "s", stricter = "down" } }
since = "0.1.0"
*/
SELECT
  s.row_id AS row_id, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s, s.course_no AS course_no,
  s.address_no AS address_no, q.overlap_s AS measured, $overlap_tolerance_s AS limit_value,
  q.other_row_id AS other_row_id, a.start_s AS other_start_s,
  CASE WHEN m.reason > 0 THEN 1 ELSE 0 END AS mild, m.reason AS n1, CASE WHEN m.reason = 2 THEN m.changes END AS n2,
  CASE WHEN m.reason = 2 THEN $overlap_tolerance_s END AS n3
FROM (
  SELECT
    o.row_id AS row_id, o.other_row_id AS other_row_id, o.overlap_s AS overlap_s,
    ROW_NUMBER() OVER (PARTITION BY o.row_id ORDER BY o.overlap_s DESC, b.start_s, b.end_s, o.other_row_id) AS place
  FROM overlap_pairs AS o
  JOIN sessions AS b ON b.row_id = o.other_row_id WHERE o.other_address = 1
) AS q
JOIN sessions AS s ON s.row_id = q.row_id
JOIN sessions AS a ON a.row_id = q.other_row_id
JOIN (
  SELECT
    n.row_id AS row_id, MAX(c.changes) AS changes, MIN(CASE
      WHEN n.goes_on = 1 AND n.overlap_s <= $roaming_s THEN 1
      WHEN n.goes_on = 1 AND n.overlap_s <= $reconnect_s AND c.changes >= $network_changes AND c.changes >= c.late THEN 2
      WHEN n.twice = 1 OR k.source_no IS NOT NULL THEN 3
      WHEN n.left_s <= $late_most_s AND t.source_no IS NOT NULL THEN 4
      ELSE 0
    END) AS reason
  FROM overlap_pairs AS n
  JOIN sessions AS x ON x.row_id = n.row_id
  LEFT JOIN late_leaves AS t ON t.source_no = x.source_no
  LEFT JOIN crowded_overlaps AS k ON k.source_no = x.source_no AND x.start_s >= k.from_s AND x.start_s <= k.to_s
  LEFT JOIN network_changes AS c ON c.person_no = n.person_no
  WHERE n.other_address = 1
  GROUP BY n.row_id
) AS m ON m.row_id = q.row_id
WHERE q.place = 1
