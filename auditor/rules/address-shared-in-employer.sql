/*
title = { zh = "同一单位共用地址", en = "One address, one employer" }
why = { zh = "同一公网 IP 地址在同一天有同一单位的多人学习。企业组织的培训本来如此，只作提示，供与其他疑点对照；本单位申报的地址不列。", en = "Several people of one employer studied from one public address on one day: what training organised by an employer looks like; only pointed out. An address that the employer declared is not listed." }
fix = { zh = "不需要单独处理；可请用人单位确认该地址是其办公或宿舍网络。", en = "Nothing on its own; the employer can confirm the address." }
false_positives = { zh = "办公室、宿舍、机房的正常学习。", en = "Normal study in offices, dormitories and classrooms." }
message = { zh = "{employer}：地址 {address} 有 {n1} 天出现多人学习，最多一天 {measured} 人", en = "{employer}: address {address} was shared on {n1} days, by {measured} people at most" }
class = "lead"
population = "all"
subject = "address"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.address", "sessions.start_at", "registrations.employer|claims.employer|sessions.employer|exams.employer"]
key = ["address_no", "employer_no"]
rests_on = [{ table = "sessions", on = ["address_no"], where = "EXISTS (SELECT 1 FROM people p WHERE p.person_no = e.person_no AND p.employer_no = f.employer_no) AND EXISTS (SELECT 1 FROM address_days d WHERE d.address_no = e.address_no AND d.start_day = e.start_day AND d.persons >= f.limit_value)" }]
params = { shared_persons = { unit = "persons", stricter = "down" } }
since = "0.1.0"
*/
SELECT
  d.address_no AS address_no, d.employer_no AS employer_no, MAX(d.persons) AS measured, $shared_persons AS limit_value,
  COUNT(d.start_day) AS n1
FROM address_days AS d
LEFT JOIN own_addresses AS o ON o.employer_no = d.employer_no AND o.address_no = d.address_no
WHERE d.persons >= $shared_persons AND d.employers = 1 AND o.address_no IS NULL
GROUP BY d.address_no, d.employer_no
