/*
title = { zh = "前后两次学习的地点来不及到达", en = "Places too far apart for the time between" }
why = { zh = "前后相接的两次学习，登录地址归属的两地相距很远，而中间的时间连乘飞机也来不及。每天只算一次，往返不重复计。距离按两地最近的可能计算。这是登录异常检测中通行的“不可能的行程”（公开资料多用每小时 800 至 850 公里），归属地本身常有错，所以只作提示：可能是两个人用一个账号，也可能只是换了网络。", en = "Two sittings, one after the other, from addresses of places so far apart that not even a plane makes it in the time between. Each day counts once, so that there and back are not two; distances are the least that the places allow. This is the “impossible travel” of common sign-in checks (published thresholds are 800 to 850 km/h). Places of addresses are often wrong, so it is only pointed out: two people may use one account, or one person changed networks." }
fix = { zh = "电话回访本人，问清当时用什么设备、什么网络；请平台提供这几次学习的设备标识和网络类型；看行程卡和考勤。", en = "Call the person back: which device, which network? Ask the platform for the device and the kind of network of these sittings; look at travel card and attendance." }
false_positives = { zh = "在无线网和手机网络之间切换（外地手机号的出口可能远在号码归属地）；打开或关闭 VPN、加速器、云桌面；地址库过时或有错；平台转发地址。", en = "Moving between WLAN and mobile (the egress of a number from elsewhere may be far away); a VPN, an accelerator or a cloud desktop switched on or off; a database that is old or wrong; relays of the platform." }
message = { zh = "有 {measured} 天出现：前后两次学习的登录地址归属两地，来不及到达。例如 {start_s:time} 开始的一次：{shown}，至少相距 {n1} 公里，{n2|0=中间没有间隔|1=中间只隔 }{n3:hms}", en = "On {measured} days two sittings, one after the other, come from places too far apart for the time between. For instance the one from {start_s:time}: {shown}, at least {n1} km{n2|0=, with no time between|1=, with only }{n3:hms}{n3? between}" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.address", "sessions.start_at", "sessions.end_at|sessions.duration", "places.network", "places.latitude", "places.longitude"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.row_id IN (SELECT j.row_id FROM journeys j UNION SELECT j.other_row_id FROM journeys j)" }]
params = { travel_km = { unit = "km", stricter = "down" }, travel_km_per_h = { unit = "km_per_h", stricter = "down" }, travel_times = { unit = "days", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  q.person_no AS person_no, q.start_s AS start_s, t.days AS measured, $travel_times AS limit_value, q.km AS n1,
  CASE WHEN q.gap_s > 0 THEN 1 ELSE 0 END AS n2, CASE WHEN q.gap_s > 0 THEN q.gap_s END AS n3, q.places AS shown
FROM (
  SELECT
    j.person_no AS person_no, j.start_s AS start_s, j.km AS km, j.gap_s AS gap_s, j.places AS places,
    ROW_NUMBER() OVER (PARTITION BY j.person_no ORDER BY j.km DESC, j.gap_s, j.start_s, j.row_id) AS place
  FROM journeys AS j
) AS q
JOIN (
  SELECT k.person_no AS person_no, COUNT(DISTINCT k.start_day) AS days
  FROM journeys AS k
  GROUP BY k.person_no
) AS t ON t.person_no = q.person_no
WHERE q.place = 1 AND t.days >= $travel_times
