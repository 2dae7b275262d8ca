/*
title = { zh = "接连换人的地址", en = "Addresses where learners take turns" }
why = { zh = "某个地址某一天，接替的次数、轮流的人数和接替占换人次数的比例都达到下限的，列出其中每一次接替。", en = "The hand-overs of address-days that have enough of them, among enough people, and as a large enough share of all changes of learner." }
needs = ["changes"]
params = ["handover_count", "handover_persons", "handover_percent"]
*/
-- Each hand-over twice: once for each of its two people.
CREATE TABLE hand_overs (
  row_id BIGINT, other_row_id BIGINT, person_no BIGINT, other_no BIGINT, address_no BIGINT, start_day BIGINT
);
INSERT INTO hand_overs
SELECT
  b.row_id AS row_id, b.other_row_id AS other_row_id, b.person_no AS person_no, b.other_no AS other_no,
  b.address_no AS address_no, b.start_day AS start_day
FROM (
  SELECT
    c.row_id AS row_id, c.other_row_id AS other_row_id, c.person_no AS person_no, c.other_no AS other_no,
    c.address_no AS address_no, c.start_day AS start_day
  FROM changes AS c
  WHERE c.direct = 1
  UNION ALL
  SELECT
    d.other_row_id AS row_id, d.row_id AS other_row_id, d.other_no AS person_no, d.person_no AS other_no,
    d.address_no AS address_no, d.start_day AS start_day
  FROM changes AS d
  WHERE d.direct = 1
) AS b
JOIN (
  SELECT
    e.address_no AS address_no, e.start_day AS start_day
  FROM (
    SELECT f.address_no AS address_no, f.start_day AS start_day, f.person_no AS person_no, f.direct AS direct
    FROM changes AS f
    UNION ALL
    SELECT g.address_no AS address_no, g.start_day AS start_day, g.other_no AS person_no, g.direct AS direct
    FROM changes AS g
  ) AS e
  GROUP BY e.address_no, e.start_day
  HAVING SUM(e.direct) >= 2 * $handover_count AND 100 * SUM(e.direct) >= $handover_percent * COUNT(e.person_no)
    AND COUNT(DISTINCT CASE WHEN e.direct = 1 THEN e.person_no END) >= $handover_persons
) AS q ON q.address_no = b.address_no AND q.start_day = b.start_day;
