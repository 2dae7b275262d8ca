/*
title = { zh = "申请离开班太近", en = "Filed too shortly before the opening" }
why = { zh = "通知要求在开班之前若干个工作日申请。工作日按国务院公布的放假和调休安排计算，取最宽的算法：申请当天计入，开班当天不计。备案名单写明班级的，按该班的申请；没有写明的，按该单位间隔最长的一份。没有写开班日期的，按该单位学员的第一个学习日。", en = "The notice wants a class filed some working days before it opens. Working days follow the State Council's schedule of holidays and made-up days, counted as generously as the words allow: the day of filing counts, that of opening does not. Where the filed list says in which class a person is, that class counts; else the employer's with the longest interval. Where no opening day is given, the first study day of the employer's learners is taken." }
fix = { zh = "看系统的首次提交记录和审核通过的记录、实际开班的日期；审核部门同意照常开班的，留存其意见。", en = "Look at the first submission and at the approval in the system, and at the day the class really opened; keep the office's consent if it allowed the class to open all the same." }
false_positives = { zh = "表上是退回修改后重新提交的日期；实际开班晚于计划；审核部门提前通过；第一个学习日只是试用平台。", en = "The date of handing in again after a return; a class that opened later than planned; an approval given early; a first study day that only tried the platform." }
message = { zh = "{shown?“}{shown}{shown?”}{n1:day} 申请，{n3|0=|1=没有写开班日期，第一个学习日是 }{n2:day}{n3|0= 开班|1=}，其间 {measured} 个工作日，要求 {limit_value} 个", en = "{shown?“}{shown}{shown?” }filed on {n1:day}, {n3|0=opening on |1=no opening day given, first study day }{n2:day}: {measured} working days between, {limit_value} are required" }
class = "breach"
population = "claimed"
subject = "employer"
unit = "count"
reads = ["filings.employer", "filings.filed_on", "filings.opens_on|sessions.start_at"]
awaits = ["filings.filed_on", "filings.opens_on|sessions.start_at"]
calendar = true
key = ["employer_no", "shown", "n1", "n2"]
rests_on = [{ table = "filings", on = ["row_id"] }, { rows = "claim_filings", on = ["lead_row"], from = ["row_id"], where = "e.row_id IS NOT NULL" }]
params = { lead_workdays = { unit = "workdays", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  f.employer_no AS employer_no, f.row_id AS row_id, n.class AS shown, f.filed_on AS n1, f.opened_on AS n2, f.by_study AS n3,
  f.lead_days AS measured, $lead_workdays AS limit_value
FROM (
  SELECT DISTINCT a.lead_row AS lead_row FROM claim_filings AS a
) AS c
JOIN filed_classes AS f ON f.row_id = c.lead_row
LEFT JOIN class_names AS n ON n.class_no = f.class_no
WHERE f.lead_days < $lead_workdays
