/*
title = { zh = "两类补贴就高不重复", en = "The lower of two subsidies" }
why = { zh = "同一人既申领线上培训补贴、又凭证书申领，通知规定就高不重复。较高的一项经审计支持的，较低的一项不予支持；较高的一项待核实的，较低的一项也待核实；较高的一项不予支持的，较低的一项单独判断，这里只作提示。", en = "One person is claimed for online training and for a certificate, and the notice pays the higher only. Where the audit supports the higher, the lower is not supported; where the higher is to be verified, so is the lower; where the higher fails, the lower stands by itself and this is a note." }
fix = { zh = "请申领单位确认保留哪一项，撤回另一项。", en = "Ask the employer which claim is kept, and to withdraw the other." }
false_positives = { zh = "其中一项已撤回而名单未更新、证件号录错使两人成了一人。", en = "One of them was withdrawn and the list not updated; a mistyped number that makes two people one." }
message = { zh = "本项可发 {measured:yuan} 元，同一人另申领{n2|1=线上培训补贴|2=凭证书的岗位技能提升培训补贴} {limit_value:yuan} 元；两类补贴就高不重复，较高的一项成立的，本项不予支持", en = "This claim may be granted {measured:yuan} yuan, and the same person is also claimed {n2|1=for online training|2=for a certificate} with {limit_value:yuan} yuan; only the higher of the two is paid where it stands" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "fen"
reads = ["claims.id_number"]
key = ["person_no", "employer_no", "start_day", "n1"]
rests_on = [{ table = "claims", on = ["row_id"] }]
params = {}
line = "every"
since = "0.3.0"
*/
SELECT
  c.person_no AS person_no, c.employer_no AS employer_no, c.claim_day AS start_day, c.row_id AS row_id,
  ROW_NUMBER() OVER (PARTITION BY c.person_no, c.employer_no, c.claim_day ORDER BY c.amount_fen, c.row_id) AS n1,
  3 - c.line AS n2, t.fen AS measured, t.higher_fen AS limit_value
FROM claims AS c
JOIN (
  SELECT p.row_id AS row_id, MAX(p.fen) AS fen, MAX(p.higher_fen) AS higher_fen FROM claim_pairs AS p GROUP BY p.row_id
) AS t ON t.row_id = c.row_id
