/*
title = { zh = "手机号连号", en = "Consecutive mobile numbers" }
why = { zh = "同一单位的注册人员中，几个人的手机号一个接一个连着。各人自己办的号码不会这样；单位统一办的集团号卡会，随手编的号码也会。所以只作提示。本审计工具自定的指标。", en = "Several people registered by one employer have mobile numbers that follow one another. Numbers people took out themselves do not; a block of cards bought by the employer does, and so do invented numbers. Hence a note. An indicator of this tool's own." }
fix = { zh = "拨打其中几个号码，核对机主姓名；请单位提供集团号卡的开户或缴费凭证。", en = "Call some of the numbers and ask for the owner's name; ask the employer for the contract or the bill of the block of cards." }
false_positives = { zh = "单位统一办理的集团号、工作手机。", en = "A block of cards or work telephones bought by the employer." }
message = { zh = "{n3} 个人登记的手机号有 {measured} 个连号（达到 {limit_value} 个即列出），{other} 是其中之一", en = "{n3} people have {measured} mobile numbers that follow one another (listed from {limit_value}), {other} among them" }
class = "lead"
population = "registered"
subject = "group"
unit = "count"
reads = ["registrations.phone", "registrations.employer", "registrations.id_number|registrations.account"]
key = ["employer_no", "other_no", "n1"]
rests_on = [{ table = "registrations", on = ["phone_run", "employer_no"], from = ["n2", "employer_no"] }]
params = { phones_in_row = { unit = "count", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  g.employer_no AS employer_no, g.other_no AS other_no, g.phones AS measured, $phones_in_row AS limit_value,
  g.row_id AS n2, g.persons AS n3,
  ROW_NUMBER() OVER (PARTITION BY g.employer_no, g.other_no ORDER BY g.phones DESC, g.last_no, g.row_id) AS n1
FROM (
  SELECT
    r.employer_no AS employer_no, r.phone_run AS row_id, COUNT(DISTINCT r.phone_no) AS phones,
    COUNT(DISTINCT r.person_no) AS persons, MIN(r.person_no) AS other_no, MAX(r.person_no) AS last_no
  FROM registrations AS r
  WHERE r.phone_run IS NOT NULL
  GROUP BY r.employer_no, r.phone_run
) AS g
WHERE g.phones >= $phones_in_row AND g.persons >= $phones_in_row
