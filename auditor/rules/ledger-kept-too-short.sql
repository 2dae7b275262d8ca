/*
title = { zh = "台账保存期不足", en = "Ledger kept too short" }
why = { zh = "通知要求台账保存规定的年数，起算日没有写明；按对单位最有利的读法，从培训期最后一天起算，清单写明的保存截止日仍早于它；清单写的是年数的，从同一天起算。", en = "The notice has the ledger kept for a number of years and does not say from which day. Even by the reading that is kindest to the employer, from the last day of the training period, the day until which the list says it is kept comes earlier; a number of years in the list is counted from the same day." }
fix = { zh = "请用人单位延长保存期限并书面说明；核对档案目录上的保管期限。", en = "Ask the employer to keep it longer and say so in writing; check the period on the file's list." }
false_positives = { zh = "清单把归档日期、下次检查日期当作保存截止日；按年填写的日期被读成1月1日。", en = "A list that gives the day of filing or of the next check; a bare year read as 1 January." }
message = { zh = "台账保存至 {n1:day}{n3?（清单写的是年数：}{n3}{n3? 年）}，应不早于 {n2:day}", en = "The ledger is kept until {n1:day}{n3? (the list gives years: }{n3}{n3?)}; it should be no earlier than {n2:day}" }
class = "breach"
population = "claimed"
subject = "person"
unit = "count"
reads = ["ledger.id_number", "ledger.kept_until"]
awaits = ["ledger.kept_until"]
key = ["person_no"]
rests_on = [{ table = "ledger", on = ["person_no"] }]
params = { keep_years = { unit = "years", stricter = "up" }, period_to_day = { unit = "day", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  i.person_no AS person_no, 1 AS measured, 0 AS limit_value, i.kept_until AS n1,
  $period_to_day + $keep_years * 10000 AS n2,
  CASE WHEN i.kept_until = $period_to_day + i.kept_years * 10000 THEN i.kept_years END AS n3
FROM ledger_items AS i
WHERE i.kept_until < $period_to_day + $keep_years * 10000
