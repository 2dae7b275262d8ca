/*
title = { zh = "注册之前已有学习或考核", en = "Study or exam before the registration" }
why = { zh = "同一人的学习或考核，比此人最早的注册时间还早，超过允许的差距。没有账号就不能学习，所以两个时间里有一个不是它看起来的意思：注册时间可能是实名认证、重新开户或迁移的时间，学习记录也可能是后来补录的。只有日期的注册时间从当天零点算起，只有日期的考核算到当天结束。注册记录中多数人都如此、或多数账号同一时刻注册的，说明该列不是注册时间，不列。本审计工具自定的指标。", en = "A person's study or exam lies before the earliest registration, by more than is allowed. Nobody studies without an account, so one of the two times is not what it seems: the registration may be a later identity check, a new account or a migration, or the study was entered afterwards. A registration of which only the day is known counts from midnight, an exam to the end of its day. Where most people are like that, or most accounts share one moment, the column is no time of registration and nothing is listed. An indicator of this tool's own." }
fix = { zh = "请平台说明注册时间记的是什么，提供该账号的开户日志和首次登录的原始日志；电话回访本人何时开始学习。", en = "Ask the platform what its time of registration means, and for the logs of opening the account and of the first sign-in; call the person back: when did study begin?" }
false_positives = { zh = "先学习、后补实名认证；换手机号后重新开户；平台迁移账号；注册时间是名单导入时间。", en = "Study first, identity check later; a new account after a change of number; accounts moved over; the time at which the list was imported." }
message = { zh = "最早的学习或考核在 {start_s:time}，注册在 {end_s:time}，早 {measured:hms}", en = "First study or exam at {start_s:time}, registered at {end_s:time}: {measured:hms} earlier" }
class = "lead"
population = "registered"
subject = "person"
unit = "s"
reads = ["registrations.registered_at", "registrations.id_number|registrations.account", "sessions.start_at|exams.taken_at", "sessions.id_number|sessions.account|exams.id_number|exams.account"]
key = ["person_no"]
rests_on = [{ table = "registrations", on = ["person_no"] }, { table = "sessions", on = ["person_no"], where = "e.timed > 0 AND e.start_s < f.end_s - f.limit_value" }, { table = "exams", on = ["person_no"], where = "coalesce(e.result, 0) <> 2 AND CASE WHEN e.taken_s % 86400 = 0 THEN e.taken_s + 86400 ELSE e.taken_s END < f.end_s - f.limit_value" }]
params = { registration_slack_s = { unit = "s", stricter = "down" }, migrated_persons = { unit = "persons", stricter = "up" }, migrated_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  a.person_no AS person_no, a.first_s AS start_s, a.registered_s AS end_s, a.registered_s - a.first_s AS measured,
  $registration_slack_s AS limit_value
FROM first_acts AS a
CROSS JOIN (
  SELECT
    COUNT(b.first_s) AS persons,
    SUM(CASE WHEN b.registered_s - b.first_s > $registration_slack_s THEN 1 ELSE 0 END) AS early
  FROM first_acts AS b
) AS w
WHERE a.registered_s - a.first_s > $registration_slack_s
  AND (w.persons < $migrated_persons OR w.early * 100 <= $migrated_percent * w.persons)
