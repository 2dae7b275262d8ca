/*
title = { zh = "单位没有开班申请", en = "No class filed by the employer" }
why = { zh = "通知要求培训先经申请和审核。开班申请表里没有这个单位的任何一份申请。", en = "The notice wants training filed and approved first. The table of filed classes holds nothing of this employer." }
fix = { zh = "核对单位的全称、曾用名和统一社会信用代码；请单位提供申请表和审核答复，或向受理单位查询。", en = "Compare full and former names and the credit code; ask the employer for its application and the answer, or ask the receiving office." }
false_positives = { zh = "两张表的单位名称写法不同、由总公司或镇区统一申请、开班申请表没有导全。", en = "The employer is written in another way, the parent company or the town applied for all, the table is not whole." }
message = { zh = "开班申请表中没有该单位的申请", en = "No class of this employer in the table of filed classes" }
class = "breach"
population = "claimed"
subject = "employer"
unit = "count"
reads = ["filings.employer"]
key = ["employer_no"]
rests_on = [{ rows = "claim_filings", on = ["employer_no"], where = "e.row_id IS NOT NULL" }]
params = {}
since = "0.2.0"
*/
SELECT DISTINCT c.employer_no AS employer_no, 0 AS measured, 1 AS limit_value
FROM claim_filings AS c
WHERE c.filings = 0 AND c.employer_no IS NOT NULL
