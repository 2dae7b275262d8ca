/*
title = { zh = "内网或代理地址", en = "Private or proxy address" }
why = { zh = "该地址是内网保留地址，或像是平台自己的代理或负载均衡：无论去掉哪一个单位，其余学员中仍有很大比例用它，或者它和另外几个这样的地址合起来服务了几乎全部学员。它不能说明学员在哪里学习，所以不参加地址规则。单位自己的出口，后面主要是本单位的人，不算代理。", en = "The address is private, or looks like a proxy or load balancer of the platform: whichever employer is left out, a large share of all other learners uses it, or it serves nearly everybody together with a few more such addresses. It says nothing about where anybody was, so the address rules leave it out. Behind an employer's own address stand mostly its own people: that is no proxy." }
fix = { zh = "请平台导出学员的真实出口地址（代理之前的地址）。", en = "Ask the platform for the addresses before its proxy." }
false_positives = { zh = "园区内几个单位共用一个出口，而导出文件中只有这几个单位；同一城市的手机网络出口。", en = "Employers of one business park in an export of only these; the egress of a mobile network of one city." }
message = { zh = "地址 {address} 是{n1|1=内网地址|2=大部分学员共用的地址（疑为代理）|3=与另外几个地址合起来被几乎全部学员共用的地址（疑为一组代理）}，{measured} 人使用，不参加地址规则", en = "{address} is {n1|1=private|2=shared by most learners (a proxy?)|3=one of a few that nearly all learners share (a set of proxies?)}, used by {measured} people, and left out of the address rules" }
class = "data"
population = "all"
subject = "address"
unit = "count"
reads = ["sessions.id_number|sessions.account", "sessions.address", "sessions.start_at"]
key = ["address_no"]
rests_on = [{ table = "sessions", on = ["address_no"] }]
params = { proxy_percent = { unit = "%", stricter = "down" }, proxy_learners = { unit = "persons", stricter = "down" }, proxy_pool_percent = { unit = "%", stricter = "down" }, proxy_cover_percent = { unit = "%", stricter = "down" } }
since = "0.1.0"
*/
SELECT
  u.address_no AS address_no, u.persons AS measured,
  CASE WHEN u.is_public = 0 THEN 1 WHEN m.alone = 1 THEN 2 ELSE 3 END AS n1
FROM address_use AS u
JOIN address_mix AS m ON m.address_no = u.address_no
WHERE u.is_public = 0 OR u.is_proxy = 1
