/*
title = { zh = "一个账号多个身份证号", en = "One account, several identity numbers" }
why = { zh = "同一个账号的各行写着不同的身份证号。只写账号的行因此不能确定是谁的，这些人的学习和考核须先核实是谁所为。账号对应的号码很多时（超过参数），多半是占位的文字、单位的账号或列填错了，不说明哪一个人，只对文件列一条。", en = "The rows of one account carry different identity numbers, so that rows with the account alone belong to nobody for sure: who studied and sat the exams is to be verified first. An account of very many numbers (more than the parameter) is most likely a filler, an employer's account or a wrong column: it says nothing of any one person and is only listed once." }
fix = { zh = "请平台说明该账号实名登记的是谁、是否换绑过、登录设备有哪些；对照证件和用人单位的花名册；电话回访相关各人。", en = "Ask the platform who is registered for the account, whether it was handed on, and from which devices it was used; compare documents and the employer's list of staff; call the people back." }
false_positives = { zh = "号码录错或由 15 位换成 18 位、离职后账号转给别人、单位用一个账号组织集体学习、账号列填的是单位或班级代码。", en = "A mistyped number, or an old one of 15 digits beside the new; an account handed on after somebody left; an employer's account for study in a group; a column that holds the code of an employer or a class." }
message = { zh = "{n3|0=本人所用的账号在各行中有 |1=有账号对应很多个身份证号，最多 }{measured} 个不同的身份证号{n2?；另有 }{n2}{n2? 行只写了账号，不能确定是谁的}", en = "{n3|0=The rows of this person's account carry |1=There are accounts of very many identity numbers: up to }{measured} different identity numbers{n2?; }{n2}{n2? more rows have the account alone and belong to nobody for sure}" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = ["registrations.account|sessions.account|exams.account", "registrations.id_number|sessions.id_number|exams.id_number"]
awaits = ["registrations.account|sessions.account|exams.account"]
key = ["person_no"]
rests_on = [{ rows = "account_rows", on = ["person_no"], where = "f.person_no IS NOT NULL AND e.numbers <= f.measured" }, { rows = "account_rows", on = ["numbers"], from = ["measured"], where = "f.person_no IS NULL" }]
params = { account_numbers = { unit = "numbers", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  r.person_no AS person_no, MAX(a.numbers) AS measured, 1 AS limit_value,
  CASE WHEN MAX(a.unowned) > 0 THEN MAX(a.unowned) END AS n2, 0 AS n3
FROM account_rows AS r
JOIN shared_accounts AS a ON a.shared_no = r.shared_no
WHERE r.person_no IS NOT NULL AND a.numbers <= $account_numbers
GROUP BY r.person_no
UNION ALL
SELECT
  NULL AS person_no, MAX(b.numbers) AS measured, $account_numbers AS limit_value,
  CASE WHEN SUM(b.unowned) > 0 THEN SUM(b.unowned) END AS n2, 1 AS n3
FROM shared_accounts AS b
WHERE b.numbers > $account_numbers
HAVING COUNT(b.shared_no) > 0
