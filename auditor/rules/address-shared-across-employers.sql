/*
title = { zh = "不同单位共用地址", en = "One address, several employers" }
why = { zh = "同一公网 IP 地址在同一天有多人学习，而且分属不同单位。单独一条不能说明问题（园区网络、运营商共用地址都会如此），只有同一人还有另一条有力的疑点时才转为待核实。在本单位申报的地址上学习的人不作疑点；劳务派遣企业不另算一个单位。", en = "On one day several people of different employers studied from one public address. On its own this proves nothing (business parks, carrier networks); it moves a claim only with a second lead of the same person. People at an address that their own employer declared are no lead; a labour dispatch company is no further employer." }
fix = { zh = "请用人单位提供办公和宿舍网络的出口地址，列入“用人单位”表后重新审计；抽取当天该地址的学员电话回访。", en = "Ask employers for the public addresses of their offices and dormitories, add them as a table of employers and audit again; call back learners of that day." }
false_positives = { zh = "园区或宿舍共用宽带、移动运营商共用出口地址、咖啡馆。", en = "Shared broadband in parks and dormitories, carrier-grade NAT, cafés." }
message = { zh = "{start_day:day} 有 {measured} 人在地址 {address} 学习，分属 {n1} 个单位{n3?、}{n3}{n3? 个区}{n2?；其中 }{n2}{n2? 人在本单位（劳务派遣人员：任一单位）申报的地址上，不作疑点}", en = "On {start_day:day} {measured} people of {n1} employers{n3? in }{n3}{n3? districts} studied from {address}{n2?; }{n2}{n2? of them at an address that their own employer (of dispatched labour: any employer) declared: no lead}" }
class = "lead"
population = "all"
subject = "address"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.address", "sessions.start_at", "registrations.employer|claims.employer|sessions.employer|exams.employer"]
key = ["address_no", "start_day"]
rests_on = [{ table = "sessions", on = ["address_no", "start_day"], where = "NOT EXISTS (SELECT 1 FROM people p JOIN own_addresses o ON o.employer_no = p.employer_no WHERE p.person_no = e.person_no AND o.address_no = e.address_no)" }]
params = { shared_persons = { unit = "persons", stricter = "down" }, shared_employers = { unit = "employers", stricter = "down" } }
since = "0.1.0"
*/
SELECT
  d.address_no AS address_no, d.start_day AS start_day, d.persons AS measured, $shared_persons AS limit_value,
  d.employers AS n1, CASE WHEN d.own > 0 THEN d.own END AS n2, CASE WHEN d.districts > 1 THEN d.districts END AS n3
FROM address_days AS d
WHERE d.persons >= $shared_persons AND d.employers >= $shared_employers AND d.own < d.persons
