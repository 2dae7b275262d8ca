/*
title = { zh = "劳务派遣企业申领", en = "Claimed by a labour dispatch company" }
why = { zh = "通知规定劳务派遣企业不能申领；被派遣的人由用工单位申领，不受影响。用人单位表注明提出申领的单位是劳务派遣企业。几行说法不一的，只作待核实。只看申请名单上写的单位。", en = "The notice excludes labour dispatch companies; dispatched workers are claimed for by the employer they work at, which is fine. The list of employers says that the claiming one dispatches labour. Where it contradicts itself the claims are to be verified. Only the employer that the claim list names counts." }
fix = { zh = "看营业执照的经营范围和劳务派遣经营许可证；向用工单位了解这些人实际由谁用工、由谁申领。", en = "Look at the business licence and for a dispatch permit; ask where these people work and who claims for them." }
false_positives = { zh = "用人单位表标错或单位重名；兼营派遣的企业为自己的职工申领；名单写的是派遣单位而实际由用工单位申领。", en = "A wrong mark or another company of the same name; a company that also dispatches and claims for its own staff; a list that names the dispatcher although the place of work claims." }
message = { zh = "用人单位表{doubt|0=注明该单位是劳务派遣企业|1=对该单位是否劳务派遣企业说法不一}", en = "The list of employers {doubt|0=says that this one is a labour dispatch company|1=says both that this one is a labour dispatch company and that it is not}" }
class = "breach"
population = "claimed"
subject = "employer"
unit = "count"
reads = ["employers.dispatch", "claims.employer"]
awaits = ["employers.dispatch", "claims.employer"]
key = ["employer_no"]
rests_on = [{ table = "claims", on = ["employer_no"] }]
params = {}
since = "0.2.0"
*/
SELECT DISTINCT
  c.employer_no AS employer_no, 0 AS measured, 1 AS limit_value, CASE WHEN e.is_dispatch = 1 THEN 0 ELSE 1 END AS doubt
FROM claims AS c
JOIN employers AS e ON e.employer_no = c.employer_no AND e.said_dispatch = 1
WHERE c.line = 1
