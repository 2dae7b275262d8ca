/*
title = { zh = "过了截止日才申请开班", en = "Filed after the last day" }
why = { zh = "通知规定了申请开班的截止日（含当日），开班申请表上的申请日期在此之后。备案名单写明班级的，按该班的申请；没有写明的，按该单位申请最早的一份。没有写申请日期的，不作判断；有日期不能读取，或该单位另有申请没有写日期的，待核实。", en = "The notice sets a last day for filing a class, that day included, and the table of filed classes states a later one. Where the filed list says in which class a person is, that class counts; else the employer's first. Without a date nothing is judged; where a date cannot be read, or another filing of the employer has none, the claims are to be verified." }
fix = { zh = "看受理单位的收件记录和系统的首次提交记录；核对是否退回后重新提交、是否另有一份更早的申请。", en = "Look at the receiving office's record and at the first submission in the system; check for a return and second submission, and for an earlier application." }
false_positives = { zh = "表上是退回修改后重新提交的日期、受理或录入的日期；日期录错；另有更早的申请没有列入表中。", en = "The date of handing in again after a return, of receipt or of entry; a typing error; an earlier application left out of the table." }
message = { zh = "{shown?“}{shown}{shown?”}{n3|0=申请开班的日期是 |1=申请开班的日期是 |2=申请开班的日期不能读取}{n1:day}，截止日是 {n2:day}（含当日）{n3|0=|1=；该单位另有申请没有写明日期|2=}", en = "{shown?“}{shown}{shown?” }{n3|0=filed on |1=filed on |2=filed on a date that cannot be read}{n1:day}; the last day is {n2:day}, included{n3|0=|1=; another filing of this employer gives no date|2=}" }
class = "breach"
population = "claimed"
subject = "employer"
unit = "count"
reads = ["filings.employer", "filings.filed_on"]
awaits = ["filings.filed_on"]
key = ["employer_no", "shown", "n1", "n3"]
rests_on = [{ table = "filings", on = ["row_id"] }, { rows = "claim_filings", on = ["filed_row", "filed_state"], from = ["row_id", "n3"], where = "e.row_id IS NOT NULL" }]
params = { filed_by = { unit = "day", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  f.employer_no AS employer_no, f.row_id AS row_id, n.class AS shown, f.filed_on AS n1, $filed_by AS n2, c.filed_state AS n3,
  0 AS measured, 1 AS limit_value, CASE WHEN c.filed_state = 0 THEN 0 ELSE 1 END AS doubt
FROM (
  SELECT DISTINCT a.filed_row AS filed_row, a.filed_state AS filed_state FROM claim_filings AS a
) AS c
JOIN filed_classes AS f ON f.row_id = c.filed_row
LEFT JOIN class_names AS n ON n.class_no = f.class_no
WHERE f.filed_on > $filed_by OR c.filed_state = 2
