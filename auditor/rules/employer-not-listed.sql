/*
title = { zh = "单位不在补贴对象之内", en = "Employer not among those it is for" }
why = { zh = "通知限定了可以申请补贴的单位。用人单位表注明这个单位不在其内，或几行说法不一。没有注明的单位不作判断；表里没有任何一个单位注明为“是”的，不作判断。", en = "The notice says which employers may claim. The list of employers says that this one is not among them, or contradicts itself. Of employers it says nothing about nothing is judged, and nothing at all where it says yes of none." }
fix = { zh = "看统计或主管部门的证明（产值、是否规上工业企业），以及受理单位审核申请时的依据。", en = "Look at the statistical or official proof (output, standing), and at what the receiving office approved the application on." }
false_positives = { zh = "表是另一年度的、单位名称对不上、更名或重组。", en = "A table of another year, an employer mistaken for another, renamed or reorganised." }
message = { zh = "用人单位表{n1|0=注明该单位不符合条件|1=对该单位是否符合条件说法不一}", en = "The list of employers {n1|0=says that this one does not meet the conditions|1=says both that this one meets the conditions and that it does not}" }
class = "breach"
population = "claimed"
subject = "employer"
unit = "count"
reads = ["employers.listed"]
awaits = ["employers.listed"]
key = ["employer_no"]
rests_on = [{ rows = "asked", on = ["employer_no"], where = "e.row_id IS NOT NULL" }]
params = {}
since = "0.2.0"
*/
SELECT DISTINCT a.employer_no AS employer_no, e.said_listed AS n1, 0 AS measured, 1 AS limit_value
FROM asked AS a
JOIN employers AS e ON e.employer_no = a.employer_no AND e.is_listed = 0
CROSS JOIN (SELECT MAX(y.said_listed) AS said FROM employers AS y) AS l
WHERE l.said = 1
