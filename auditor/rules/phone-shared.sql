/*
title = { zh = "几个人登记同一个手机号", en = "One mobile number for several people" }
why = { zh = "实名注册中同一个手机号登记在几个不同的身份证号名下。平台的验证码、抽查电话都会打到同一个人手里，本人是否知情就无从核对。夫妻、家人合用一个号码，或者由单位经办人留自己的号码，都很平常，所以只作提示。座机和总机不算。本审计工具自定的指标；一些地方要求按比例电话抽查学员。", en = "One mobile number is registered for several identity numbers. Codes and call-backs then all reach one person, and nobody can tell whether the others know. Families share a number and clerks enter their own, so it is a note. Landlines and switchboards are left out. An indicator of this tool's own; some places ask for a share of the learners to be called back." }
fix = { zh = "拨打该号码，问清机主是谁、与其他人是什么关系；请单位补充各人本人的号码后电话回访；请平台提供该号码接收验证码的记录。", en = "Call the number: whose is it, and how are the others related? Ask the employer for each person's own number and call back; ask the platform for the codes it sent to this number." }
false_positives = { zh = "一家人合用手机；经办人代为注册时填自己的号码；老年职工没有手机。", en = "A family with one telephone; a clerk who enters the own number; older employees without one." }
message = { zh = "同一个手机号登记了 {measured} 个人（达到 {limit_value} 人即列出），{other} 是其中之一", en = "One mobile number is registered for {measured} people (listed from {limit_value}), {other} among them" }
class = "lead"
population = "registered"
subject = "group"
unit = "count"
reads = ["registrations.phone", "registrations.id_number|registrations.account"]
key = ["other_no", "n1"]
rests_on = [{ table = "registrations", on = ["phone_no"], from = ["n2"] }]
params = { phone_persons = { unit = "persons", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  g.other_no AS other_no, g.employer_no AS employer_no, g.persons AS measured, $phone_persons AS limit_value,
  g.row_id AS n2,
  ROW_NUMBER() OVER (PARTITION BY g.other_no ORDER BY g.persons DESC, g.last_no, g.row_id) AS n1
FROM (
  SELECT
    r.phone_no AS row_id, COUNT(DISTINCT r.person_no) AS persons, MIN(r.person_no) AS other_no,
    MAX(r.person_no) AS last_no,
    CASE WHEN MIN(r.employer_no) = MAX(r.employer_no) THEN MIN(r.employer_no) END AS employer_no
  FROM registrations AS r
  WHERE r.phone_no IS NOT NULL
  GROUP BY r.phone_no
) AS g
WHERE g.persons >= $phone_persons
