/*
title = { zh = "补贴项目不是本通知的", en = "A subsidy of another name" }
why = { zh = "申领名单写明了补贴项目，而它不是本通知的任何一类补贴。没有写项目的，或只写“培训补贴”一类统称的，不算。", en = "The claim list names the subsidy, and it is none of this notice's. A blank, or a name that is general, is not listed." }
fix = { zh = "请申领单位说明申领的是哪一类补贴；核对申报系统中的项目。", en = "Ask the employer which subsidy is claimed; compare with the system of claims." }
false_positives = { zh = "项目写的是课程名、班名或简称，名单混有其他通知的补贴。", en = "The name of a course, a class or an abbreviation stands there; the list mixes subsidies of other notices." }
message = { zh = "申领名单写明的补贴项目不是本通知的{n2|1=（暂按线上培训补贴审）|2=（暂按证书一类的补贴审）}", en = "The subsidy that the claim list names is none of this notice's{n2|1= (judged as online training for now)|2= (judged as one for a certificate for now)}" }
class = "data"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["claims.project"]
awaits = ["claims.project"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }]
params = {}
line = "every"
since = "0.3.0"
*/
SELECT
  c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, c.row_id AS row_id,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n1,
  c.line AS n2, 0 AS measured, 1 AS limit_value
FROM claims AS c
WHERE c.project_unknown = 1
