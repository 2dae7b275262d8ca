/*
title = { zh = "台账中每人的材料", en = "Papers of each person in the ledger" }
why = { zh = "学习台账清单里写明每人有、没有、没有写明哪些材料；几行说法不一的，有一行说有即有。", en = "Which papers the ledger's check list says each person has, lacks, or says nothing of; where rows differ, one that has it suffices." }
needs = []
params = ["period_to_day"]
*/
-- Each paper 1 there, 0 not there, null not known. known: 0 no row of the person, though there are some of the employer;
-- -1 none of the employer either; -2 a row that cannot be read may be the person's.
CREATE TABLE ledger_items (
  person_no BIGINT, known BIGINT, sign_in BIGINT, travel_card BIGINT, study_record BIGINT, exam_content BIGINT,
  exam_pass BIGINT, kept_until BIGINT, kept_years BIGINT
);
INSERT INTO ledger_items
SELECT
  p.person_no AS person_no,
  CASE
    WHEN l.person_no IS NOT NULL THEN 1
    WHEN s.person_no IS NOT NULL OR w.strays > 0 THEN -2
    WHEN e.employer_no IS NOT NULL THEN 0
    ELSE -1
  END AS known,
  l.sign_in AS sign_in, l.travel_card AS travel_card, l.study_record AS study_record, l.exam_content AS exam_content,
  l.exam_pass AS exam_pass, l.kept_until AS kept_until, l.kept_years AS kept_years
FROM people AS p
LEFT JOIN (
  SELECT
    r.person_no AS person_no, MAX(r.sign_in) AS sign_in, MAX(r.travel_card) AS travel_card,
    MAX(r.study_record) AS study_record, MAX(r.exam_content) AS exam_content, MAX(r.exam_pass) AS exam_pass,
    MAX(CASE WHEN r.kept_until < 1000 THEN $period_to_day + r.kept_until * 10000 ELSE r.kept_until END) AS kept_until,
    MAX(CASE WHEN r.kept_until < 1000 THEN r.kept_until END) AS kept_years
  FROM ledger AS r
  WHERE r.person_no IS NOT NULL
  GROUP BY r.person_no
) AS l ON l.person_no = p.person_no
LEFT JOIN (
  SELECT DISTINCT COALESCE(t.employer_no, q.employer_no) AS employer_no
  FROM ledger AS t
  LEFT JOIN people AS q ON q.person_no = t.person_no
) AS e ON e.employer_no = p.employer_no
LEFT JOIN (SELECT DISTINCT y.person_no AS person_no FROM strays AS y WHERE y.table_name = 'ledger') AS s
  ON s.person_no = p.person_no
CROSS JOIN (
  SELECT COUNT(z.table_name) AS strays FROM strays AS z WHERE z.table_name = 'ledger' AND z.person_no IS NULL
) AS w
WHERE p.judged = 1;
