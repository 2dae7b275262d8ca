/*
title = { zh = "不能确认是谁的参会记录", en = "Attendee not identified" }
why = { zh = "会议、直播的导出只有昵称、手机号或工号。按花名册或实名注册对不上任何人，或者可能是几个人的，没有对应，逐行列出，不猜测；可能是他的人，不因缺少记录而不予支持。", en = "Exports of meetings and broadcasts have a nickname, a phone or a staff number only. What leads to nobody of the roster or the registrations, or perhaps to several, is not joined but listed, never guessed; nobody whom it may mean is refused for lacking a record." }
fix = { zh = "请组织者确认是谁，在花名册中补上其手机号或工号，或要求实名入会后重新导出。", en = "Ask the organiser who it was, and add the phone or staff number to the roster; or ask for an export with real names." }
false_positives = { zh = "用昵称入会、家人代开设备、两人共用一台设备、主持人和嘉宾。", en = "Nicknames, a relative's device, two people at one device, hosts and guests." }
message = { zh = "{table_name:table}中有 {n2} 行{shown?的名字 }{shown}不能对应到一个人：{n1|1=花名册中没有这个名字，或其身份证号不能用|2=同名的不止一人|3=两个名字共用一台设备|4=名字之外另有内容|5=两部分名字不是同一人}（可能是 {measured} 人）", en = "{n2} rows of {table_name:table}{shown? named }{shown} lead to no one person: {n1|1=nobody of that name is listed with a number that can be used|2=several people have that name|3=two names on one device|4=a name with an addition|5=its two parts name different people} (candidates: {measured})" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = []
key = ["table_name", "person_no", "shown", "n1"]
rests_on = [{ rows = "attendees", on = ["table_name", "person_no"], where = "e.shown IS NOT DISTINCT FROM f.shown AND e.why = f.n1" }]
params = {}
since = "0.2.0"
*/
SELECT
  a.table_name AS table_name, a.person_no AS person_no, a.shown AS shown, a.why AS n1, COUNT(a.row_id) AS n2,
  MAX(a.candidates) AS measured, 1 AS limit_value
FROM attendees AS a
GROUP BY a.table_name, a.person_no, a.shown, a.why
