/*
title = { zh = "台账材料不全", en = "Papers missing from the ledger" }
why = { zh = "通知列出了企业学习台账应有的材料，而学习台账清单写明此人缺其中一项或几项，或清单里有该单位其他人、没有此人。清单中留空的材料不知道有没有，不算缺。清单里根本没有该单位任何人，或有读不出证件号、可能是此人的行，也只作待核实，并在说明中写明。", en = "The notice lists what the employer's study ledger holds. The check list says that this person lacks some of it, or holds others of the employer and not this person. A cell left empty says nothing and is not taken for missing. Where the list holds nobody of the employer, or rows whose number cannot be read and which may be this person's, the message says so." }
fix = { zh = "请用人单位补充所缺材料或说明存放处；对照平台的注册、学习和考核记录；行程卡可请本人出示当月截图或其他留苏证明。", en = "Ask the employer for the papers or where they are kept; compare the platform's records of registration, study and exam; of the travel card ask the person for screenshots or other proof of the stay." }
false_positives = { zh = "清单漏登、材料存在别处或电子化保存、行程卡页面只显示14天而没有及时截图、换了单位。", en = "A paper left off the list, kept elsewhere or electronically; a travel card that shows only 14 days and was not captured in time; a change of employer." }
message = { zh = "学习台账缺 {measured} 项：{n1:items}{n2|1=|0=（清单中有该单位其他人，没有此人）|-1=（清单中没有该单位任何人）|-2=（有证件号不能读取的行，可能是此人的）}{n3?；另有没有写明的：}{n3:items}", en = "{measured} papers missing from the ledger: {n1:items}{n2|1=|0= (the list holds others of the employer, not this person)|-1= (the list holds nobody of the employer)|-2= (rows whose number cannot be read may be this person's)}{n3?; not said of: }{n3:items}" }
class = "breach"
population = "claimed"
subject = "person"
unit = "count"
reads = ["ledger.id_number", "ledger.sign_in|ledger.travel_card|ledger.study_record|ledger.exam_content|ledger.exam_pass"]
key = ["person_no"]
rests_on = [{ table = "claims", on = ["person_no"] }, { table = "ledger", on = ["person_no"] }]
params = { want_sign_in = { unit = "0/1", stricter = "up" }, want_travel_card = { unit = "0/1", stricter = "up" }, want_study_record = { unit = "0/1", stricter = "up" }, want_exam_content = { unit = "0/1", stricter = "up" }, want_exam_pass = { unit = "0/1", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  m.person_no AS person_no, m.a + m.b + m.c + m.d + m.e AS measured, 0 AS limit_value,
  m.a + m.b * 2 + m.c * 4 + m.d * 8 + m.e * 16 AS n1, m.known AS n2,
  CASE WHEN m.open > 0 THEN m.open END AS n3, CASE WHEN m.known < 0 THEN 1 ELSE 0 END AS doubt
FROM (
  SELECT
    i.person_no AS person_no, i.known AS known,
    CASE WHEN $want_sign_in = 1 AND (i.known < 1 OR i.sign_in = 0) THEN 1 ELSE 0 END AS a,
    CASE WHEN $want_travel_card = 1 AND (i.known < 1 OR i.travel_card = 0) THEN 1 ELSE 0 END AS b,
    CASE WHEN $want_study_record = 1 AND (i.known < 1 OR i.study_record = 0) THEN 1 ELSE 0 END AS c,
    CASE WHEN $want_exam_content = 1 AND (i.known < 1 OR i.exam_content = 0) THEN 1 ELSE 0 END AS d,
    CASE WHEN $want_exam_pass = 1 AND (i.known < 1 OR i.exam_pass = 0) THEN 1 ELSE 0 END AS e,
    CASE WHEN $want_sign_in = 1 AND i.known = 1 AND i.sign_in IS NULL THEN 1 ELSE 0 END
      + CASE WHEN $want_travel_card = 1 AND i.known = 1 AND i.travel_card IS NULL THEN 2 ELSE 0 END
      + CASE WHEN $want_study_record = 1 AND i.known = 1 AND i.study_record IS NULL THEN 4 ELSE 0 END
      + CASE WHEN $want_exam_content = 1 AND i.known = 1 AND i.exam_content IS NULL THEN 8 ELSE 0 END
      + CASE WHEN $want_exam_pass = 1 AND i.known = 1 AND i.exam_pass IS NULL THEN 16 ELSE 0 END AS open
  FROM ledger_items AS i
) AS m
WHERE m.a + m.b + m.c + m.d + m.e > 0
