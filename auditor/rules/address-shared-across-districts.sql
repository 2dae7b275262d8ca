/*
title = { zh = "不同区的单位共用地址", en = "One address, employers of several districts" }
why = { zh = "同一公网 IP 地址在同一天有多人学习，而且所在单位分属不同的区。相距较远的单位没有共同的办公网络，这比同一园区内共用更值得了解，但单凭地址不能说明问题：手机网络的一个出口可以服务全市，只有同一人还有另一条有力的疑点时才转为待核实。依据：韩国 2007 年起以多名学员共用地址为线索核查远程培训，单位内部网络除外；一个 IPv4 地址后面可以有成百上千人（Cloudflare 关于运营商共用地址的研究）。", en = "On one day several people of employers in different districts studied from one public address. Employers far apart have no office network in common, so this deserves a closer look than a shared business park; but an address alone proves nothing, as one egress of a mobile network may serve a whole city, and it moves a claim only with a second lead of the same person. Basis: Korea has used shared addresses since 2007 as a starting point for inquiries into remote training, workplace networks excepted; behind one IPv4 address there may be hundreds or thousands of people (Cloudflare on carrier-grade NAT)." }
fix = { zh = "先查该地址属于谁（宽带、手机网络、企业专线）；请各单位提供出口地址，列入“用人单位”表后重新审计；抽取当天该地址的学员电话回访，对照考勤。", en = "Find out whose address it is (broadband, mobile network, leased line); ask the employers for their public addresses, add them to the table of employers and audit again; call back learners of that day and compare attendance." }
false_positives = { zh = "手机网络共用出口、集团公司或总部在别区的分支机构、跨区的职工宿舍、培训机构的教室、平台的代理地址。", en = "Carrier-grade NAT of mobile networks, groups with a head office in another district, dormitories, a training centre's classroom, a proxy of the platform." }
message = { zh = "{start_day:day} 有 {measured} 人在地址 {address} 学习，所在的 {n1} 个单位分属 {n3} 个区{n2?；其中 }{n2}{n2? 人在本单位申报的地址上，不作疑点}", en = "On {start_day:day} {measured} people of {n1} employers in {n3} districts studied from {address}{n2?; }{n2}{n2? of them at an address that their own employer declared: no lead}" }
class = "lead"
population = "all"
subject = "address"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.address", "sessions.start_at", "registrations.employer|claims.employer|sessions.employer|exams.employer", "employers.district"]
awaits = ["employers.district"]
key = ["address_no", "start_day"]
rests_on = [{ table = "sessions", on = ["address_no", "start_day"], where = "NOT EXISTS (SELECT 1 FROM people p JOIN own_addresses o ON o.employer_no = p.employer_no WHERE p.person_no = e.person_no AND o.address_no = e.address_no)" }]
params = { shared_persons = { unit = "persons", stricter = "down" }, shared_districts = { unit = "districts", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  d.address_no AS address_no, d.start_day AS start_day, d.persons AS measured, $shared_persons AS limit_value,
  d.employers AS n1, CASE WHEN d.own > 0 THEN d.own END AS n2, d.districts AS n3
FROM address_days AS d
WHERE d.persons >= $shared_persons AND d.districts >= $shared_districts AND d.own < d.persons
