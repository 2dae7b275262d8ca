/*
title = { zh = "内网或代理地址", en = "Private or proxy address" }
why = { zh = "该地址是内网保留地址，或被大部分学员共用（平台自己的代理或负载均衡）。它不能说明学员在哪里学习，所以不参加地址规则。", en = "The address is private, or most learners share it (a proxy of the platform): it says nothing about where anybody was, so the address rules leave it out." }
fix = { zh = "请平台导出学员的真实出口地址（代理之前的地址）。", en = "Ask the platform for the addresses before its proxy." }
false_positives = { zh = "只有一个单位的导出文件中，单位出口地址也会被大部分学员共用。", en = "In an export of one employer its own public address is shared by most learners too." }
message = { zh = "地址 {address} 是{n1|1=内网地址|2=大部分学员共用的地址（疑为代理）}，{measured} 人使用，不参加地址规则", en = "{address} is {n1|1=private|2=shared by most learners (a proxy?)}, used by {measured} people, and left out of the address rules" }
class = "data"
population = "all"
subject = "address"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.address", "sessions.start_at"]
key = ["address_no"]
rests_on = [{ table = "sessions", on = ["address_no"] }]
params = { proxy_percent = { unit = "%", stricter = "down" }, proxy_learners = { unit = "persons", stricter = "down" } }
since = "0.1.0"
*/
SELECT
  u.address_no AS address_no, u.persons AS measured, CASE WHEN u.is_public = 0 THEN 1 ELSE 2 END AS n1
FROM address_use AS u
WHERE u.is_public = 0 OR u.is_proxy = 1
