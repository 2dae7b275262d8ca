/*
title = { zh = "审核通过之前已在学习", en = "Studied before the approval" }
why = { zh = "通知要求审核通过后才开始培训。此人在审核通过日期以前（不含当天）有计入课时的学习，满一课时，或者不计这部分课时就不够。备案名单写明班级的，按该班的审核日期；没有写明的，按该单位最早的一个。不足一课时又不影响课时的，可能只是登录试用，不列。没有审核日期的，不作判断。", en = "The notice wants training to begin once approved. This person's study before the day of approval, that day not included, makes a class hour, or the hours do not suffice without it. Where the filed list says in which class a person is, the approval of that class counts; else the employer's first. Less than a class hour that changes nothing may be a trial of the platform and is not listed. Without a date of approval nothing is judged." }
fix = { zh = "看审核通过的记录和日期；向单位、平台了解这部分学习的原因；必要时按审核通过之后的学习重新计算课时。", en = "Look at the approval and its date; ask employer and platform what this study was; where needed count the hours from the approval on." }
false_positives = { zh = "表上是书面批复的日期，而口头或系统已先同意；另有一份更早的申请没有列入；学的是单位平时的课程。", en = "The date of the paper, with consent given earlier by word or in the system; an earlier application left out of the table; courses the employer gives at all times." }
message = { zh = "{start_day:day} 审核通过，此前净学习 {measured:hms}，此后 {n1:hms}，{n2|1=不计此前的部分课时仍够|0=不计此前的部分课时不够}", en = "Approved on {start_day:day}: net study of {measured:hms} before it and {n1:hms} from then on, {n2|1=which suffices without the part before|0=which does not suffice without the part before}" }
class = "breach"
population = "claimed"
subject = "person"
unit = "s"
reads = ["filings.employer", "filings.approved_on", "sessions.id_number|sessions.account", "sessions.start_at", "sessions.end_at|sessions.duration"]
awaits = ["filings.approved_on"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.new_s > 0 AND e.start_day < f.start_day" }, { table = "filings", on = ["row_id"] }, { table = "claims", on = ["person_no"] }]
params = { unit_s = { unit = "s", stricter = "up" }, required_s = { unit = "s", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  b.person_no AS person_no, b.row_id AS row_id, b.approved_on AS start_day, b.early_s AS measured, 0 AS limit_value,
  b.rest_s AS n1, CASE WHEN b.rest_s >= $required_s THEN 1 ELSE 0 END AS n2
FROM (
  SELECT
    q.person_no AS person_no, MIN(q.row_id) AS row_id, MIN(q.approved_on) AS approved_on,
    SUM(CASE WHEN s.start_day < q.approved_on THEN s.new_s ELSE 0 END) AS early_s,
    SUM(CASE WHEN s.start_day < q.approved_on THEN 0 ELSE s.new_s END) AS rest_s
  FROM (
    SELECT
      c.person_no AS person_no, f.row_id AS row_id, f.approved_on AS approved_on,
      ROW_NUMBER() OVER (PARTITION BY c.person_no ORDER BY f.approved_on, f.row_id, c.row_id) AS place
    FROM claim_filings AS c
    JOIN filed_classes AS f ON f.row_id = c.approved_row
  ) AS q
  JOIN sessions AS s ON s.person_no = q.person_no AND s.new_s > 0
  WHERE q.place = 1
  GROUP BY q.person_no
) AS b
JOIN people AS p ON p.person_no = b.person_no
WHERE p.judged = 1
  AND (b.early_s >= $unit_s OR (b.early_s > 0 AND b.rest_s < $required_s AND b.early_s + b.rest_s >= $required_s))
