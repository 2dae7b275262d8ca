/*
title = { zh = "同一单位短时间内集中注册", en = "Many registrations of one employer at once" }
why = { zh = "同一单位的许多人在一两分钟之内先后注册，不像各人自己注册，而像有人代办。单位经办人统一导入名单是最常见、也完全正当的原因，所以只作提示：它说明账号是谁开的，不说明学习是谁做的。只有日期的注册时间、大部分账号共有的同一时刻（平台迁移）不算。本审计工具自定的指标，没有文件规定。", en = "Many people of one employer were registered within a minute or two, which looks like one hand rather than many. A clerk who imports the list is the most common and a perfectly proper reason, so it is a note: it says who opened the accounts, not who studied. Dates without a time and a moment that most accounts share (a migration) are left out. An indicator of this tool's own; no notice names it." }
fix = { zh = "问单位经办人：名单是否由单位统一导入，初始密码如何交给本人；请平台提供注册方式（导入、短信验证、人脸核验）的日志；抽取其中几人电话回访，问本人是否登录过。", en = "Ask the employer's clerk whether the list was imported and how people got their passwords; ask the platform for its log of how the accounts were opened (import, text message, face check); call some of them back and ask whether they ever signed in." }
false_positives = { zh = "经办人用模板批量导入；开班时全班在机房一起注册；平台把旧账号成批转入。", en = "A clerk's import from a template; a class that registers together; accounts moved over by the platform." }
message = { zh = "{start_s:time} 起的 {n1:hms} 内注册了 {measured} 人（达到 {limit_value} 人即列出）", en = "{measured} people were registered within {n1:hms} from {start_s:time} (listed from {limit_value})" }
class = "lead"
population = "registered"
subject = "group"
unit = "count"
reads = ["registrations.registered_at", "registrations.employer", "registrations.id_number|registrations.account"]
key = ["employer_no", "start_s"]
rests_on = [{ rows = "registration_bursts", on = ["employer_no", "start_s"] }]
params = { bulk_persons = { unit = "persons", stricter = "down" }, bulk_s = { unit = "s", stricter = "up" }, migrated_persons = { unit = "persons", stricter = "up" }, migrated_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  b.employer_no AS employer_no, b.start_s AS start_s, COUNT(b.person_no) AS measured, $bulk_persons AS limit_value,
  MAX(b.registered_s) - b.start_s AS n1
FROM registration_bursts AS b
GROUP BY b.employer_no, b.start_s
