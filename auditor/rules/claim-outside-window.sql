/*
title = { zh = "不在申报期限内申请", en = "Claimed outside the time for claims" }
why = { zh = "通知规定了申请补贴的期限（首尾两日都算在内），申请名单上的申请日期在期限之外。没有写日期的，不作判断；日期不能读取的，待核实。", en = "The notice sets a time for claims, its first and last day included, and the claim list states a date outside it. A claim without a date is not judged; one whose date cannot be read is to be verified." }
fix = { zh = "看申报系统的提交记录和受理记录；名单上的日期可能是打印、填表、退回后重报的日期。", en = "Look at what the system records as handed in and received; the date on the list may be that of printing, of filling in, or of a second submission after a return." }
false_positives = { zh = "名单写的是填表、打印或重新提交的日期，不是首次申请的日期；日期录错；主管部门另行延期。", en = "The list states the day of filling in, printing or handing in again, not of the first claim; a typing error; an extension by the authority." }
message = { zh = "{doubt|1=申请日期不能读取|0=申请日期是 }{start_day:day}，申报期限{n1?自 }{n1:day}{n1? 起}至 {n2:day} 止", en = "{doubt|1=The date of the claim cannot be read|0=Claimed on }{start_day:day}; claims are taken {n1?from }{n1:day}{n1? }until {n2:day}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.claimed_on"]
awaits = ["claims.claimed_on"]
key = ["person_no", "employer_no", "start_day", "n3"]
rests_on = [{ table = "claims", on = ["row_id"] }]
params = { claim_from = { unit = "day", stricter = "up" }, claim_to = { unit = "day", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, c.row_id AS row_id,
  CASE WHEN $claim_from > 0 THEN $claim_from END AS n1, $claim_to AS n2,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n3,
  0 AS measured, 1 AS limit_value,
  CASE WHEN c.claim_day IS NULL THEN 1 ELSE 0 END AS doubt
FROM claims AS c
LEFT JOIN (
  SELECT DISTINCT t.row_id AS row_id
  FROM trouble_rows AS t
  WHERE t.table_name = 'claims' AND t.field = 'claimed_on' AND t.kind = 'unreadable'
) AS u ON u.row_id = c.row_id
WHERE c.line = 1
  AND (c.claim_day < $claim_from OR c.claim_day > $claim_to OR (c.claim_day IS NULL AND u.row_id IS NOT NULL))
