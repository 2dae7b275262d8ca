/*
title = { zh = "年龄与在职职工不相称", en = "Age unusual for an employee" }
why = { zh = "按身份证号的出生日期，此人在培训期限开始时不满法定最低就业年龄，或远过法定退休年龄。审计署公布的培训补贴问题中有退休人员、在校学生充作学员的情形，所以值得看一眼；年龄本身不违反通知，超龄务工和返聘都很常见，因此只作提示。", en = "By the date of birth in the identity number this person was below the legal working age, or well past the legal age of retirement, when the training period began. Retired people and students entered as learners are among what the National Audit Office has reported of training subsidies, so it is worth a look; age as such breaks nothing in the notice and work past retirement is common, so it is only pointed out." }
fix = { zh = "看社保缴费记录、劳动或返聘合同和工资发放记录；核对身份证原件，排除号码录错。", en = "Look at social insurance, the labour or re-employment contract and payment of wages; check the identity card for a mistyped number." }
false_positives = { zh = "退休返聘、超龄务工；号码录错却恰好符合校验码；使用了家人的证件注册（须核对证件）。", en = "Re-employment after retirement, work past that age; a mistyped number whose check digit happens to hold; registration with a relative's card (check the card)." }
message = { zh = "培训期限开始时 {measured} 岁，{n1|1=不满|2=超过} {limit_value} 岁", en = "{measured} years old when the training period began, {n1|1=below|2=above} {limit_value}" }
class = "data"
population = "all"
subject = "person"
unit = "count"
reads = ["registrations.id_number|claims.id_number|sessions.id_number|exams.id_number"]
key = ["person_no"]
rests_on = [{ table = "registrations", on = ["person_no"] }, { table = "claims", on = ["person_no"] }]
params = { age_min = { unit = "years", stricter = "up" }, age_max = { unit = "years", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  a.person_no AS person_no, a.age AS measured, CASE WHEN a.age < $age_min THEN $age_min ELSE $age_max END AS limit_value,
  CASE WHEN a.age < $age_min THEN 1 ELSE 2 END AS n1
FROM ages AS a
WHERE a.age < $age_min OR a.age > $age_max
