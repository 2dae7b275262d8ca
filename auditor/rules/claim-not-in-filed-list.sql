/*
title = { zh = "不在备案的人员名单内", en = "Not on the filed list of trainees" }
why = { zh = "通知要求开班前确定培训人员名单。申领的人不在备案的名单内。名单里没有该单位的任何人，或此人列在另一个单位名下的，名单可能不全或单位写法不同，只作待核实。", en = "The notice wants the list of trainees fixed before the class opens. The person claimed for is not on it. Where the list holds nobody of this employer, or has the person under another one, it may not be whole or may write the employer in another way: to be verified." }
fix = { zh = "看系统中备案的名单和增补人员的记录；核对证件号码。", en = "Look at the list as filed in the system and at later additions; check the identity number." }
false_positives = { zh = "名单有增补没有导出、备案时证件号录错或用了别的证件、单位更名。", en = "Additions that were not exported, a wrong or another document number when filing, an employer that changed its name." }
message = { zh = "{n1|0=备案的培训人员名单中没有此人|1=备案的培训人员名单中没有此人，也没有该单位的任何人|2=备案的培训人员名单把此人列在另一个单位名下}", en = "{n1|0=Not on the filed list of trainees|1=Not on the filed list of trainees, which holds nobody of this employer|2=On the filed list of trainees under another employer}" }
class = "breach"
population = "claimed"
subject = "claim"
unit = "count"
reads = ["trainees.id_number"]
key = ["person_no", "employer_no"]
rests_on = [{ rows = "asked", on = ["person_no", "employer_no"], where = "e.row_id IS NOT NULL" }, { table = "trainees", on = ["person_no"] }]
params = {}
since = "0.2.0"
*/
SELECT
  a.person_no AS person_no, a.employer_no AS employer_no, 0 AS measured, 1 AS limit_value,
  CASE WHEN t.person_no IS NOT NULL THEN 2 WHEN h.employer_no IS NULL THEN 1 ELSE 0 END AS n1,
  CASE WHEN t.person_no IS NOT NULL OR h.employer_no IS NULL THEN 1 ELSE 0 END AS doubt
FROM (SELECT DISTINCT q.person_no AS person_no, q.employer_no AS employer_no FROM asked AS q) AS a
JOIN people AS p ON p.person_no = a.person_no AND p.known = 1
LEFT JOIN (SELECT DISTINCT x.person_no AS person_no FROM trainees AS x) AS t ON t.person_no = a.person_no
LEFT JOIN (
  SELECT DISTINCT b.person_no AS person_no, b.employer_no AS employer_no
  FROM asked AS b
  JOIN trainees AS y
    ON y.person_no = b.person_no AND COALESCE(y.employer_no, b.employer_no, -1) = COALESCE(b.employer_no, y.employer_no, -1)
) AS m ON m.person_no = a.person_no AND COALESCE(m.employer_no, -1) = COALESCE(a.employer_no, -1)
LEFT JOIN (
  SELECT DISTINCT COALESCE(z.employer_no, r.employer_no, -1) AS employer_no
  FROM trainees AS z
  LEFT JOIN people AS r ON r.person_no = z.person_no
) AS h ON h.employer_no = COALESCE(a.employer_no, -1)
WHERE m.person_no IS NULL
