/*
title = { zh = "登录地址多在外省", en = "Mostly studied from another province" }
why = { zh = "通知补贴的是留在当地的职工，而“IP归属地”表把此人多数学习日的登录地址放在外省。一天之中只要有一次在本省的地址上学习，这一天就不算；大部分学员共用的地址不算外省。归属地由审计人员用任一地址库查得，只是线索：地址库常有错，手机网络的出口也可能不在人所在的省。思路来自登录异常检测的通行做法（按地址归属地核对所称的所在地）。", en = "The notice pays for people who stay, and the table of places puts the addresses of most of this person's study days in another province. A day with any study from an address in the province does not count, and addresses that most learners share never do. The places come from whatever geolocation database the auditor used: they are often wrong, and the egress of a mobile network need not be where the person is. The idea is that of common sign-in checks, which compare the place of an address with the place claimed." }
fix = { zh = "看本人当月的行程卡、考勤和工资记录；电话回访，问清当时在哪里、用什么上网、手机号归属哪里；用另一个地址库复查；向平台要原始日志中的网络类型。", en = "Look at the person's travel card, attendance and pay of that month; call back and ask where they were, how they went online and where the phone number is from; check with a second geolocation database; ask the platform for the kind of network in its log." }
false_positives = { zh = "VPN 和公司总部的统一出口；外地手机号上网，出口常在号码归属地；与邻省相接的地方（如太仓与上海）手机网络出口在邻省；云桌面；地址库过时或有错；经批准的出差。", en = "A VPN, or a company that leaves through its head office; a phone number from elsewhere, whose egress is often where the number is from; places next to another province (Taicang and Shanghai); cloud desktops; a database that is old or wrong; approved business trips." }
message = { zh = "{n1} 个能确定归属地的学习日中，有 {measured} 天的登录地址都在外省（{shown}{n2?等 }{n2}{n2? 地}）", en = "On {measured} of the {n1} study days whose addresses can be placed, all of them lie in another province ({shown}{n2?, }{n2}{n2? in all})" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.address", "sessions.start_at", "places.network", "places.province"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.new_s > 0 AND EXISTS (SELECT 1 FROM address_places p JOIN address_use u ON u.address_no = p.address_no WHERE p.address_no = e.address_no AND p.away = 1 AND u.is_public = 1 AND u.is_common = 0 AND u.is_proxy = 0)" }]
params = { away_days = { unit = "days", stricter = "down" }, away_percent = { unit = "%", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  d.person_no AS person_no, SUM(d.away) AS measured, $away_days AS limit_value, COUNT(d.start_day) AS n1,
  CASE WHEN COUNT(DISTINCT d.province) > 1 THEN COUNT(DISTINCT d.province) END AS n2, MIN(d.province) AS shown
FROM (
  SELECT
    s.person_no AS person_no, s.start_day AS start_day, MIN(p.away) AS away,
    CASE WHEN MIN(p.away) = 1 THEN MIN(p.province) END AS province
  FROM sessions AS s
  JOIN address_places AS p ON p.address_no = s.address_no
  JOIN address_use AS u ON u.address_no = s.address_no
  WHERE s.person_no IS NOT NULL AND s.new_s > 0 AND u.is_public = 1
    AND (p.away = 0 OR (p.away = 1 AND u.is_common = 0 AND u.is_proxy = 0))
  GROUP BY s.person_no, s.start_day
) AS d
GROUP BY d.person_no
HAVING SUM(d.away) >= $away_days AND SUM(d.away) * 100 >= $away_percent * COUNT(d.start_day)
