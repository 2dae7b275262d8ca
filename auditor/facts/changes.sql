/*
title = { zh = "同一地址上换人学习", en = "Changes of learner at one address" }
why = { zh = "同一公网地址同一天的学习按开始时间排好，前后两次不是同一人的，是一次换人；前一人结束后很短时间内另一人开始、中间没有别人在学，前一人不接着学、后一人也不是接着学的，是一次接替。", en = "The sittings of one public address and day in order of start: where two that follow each other are of different people the learner changes; where the second begins shortly after the first has ended, with nobody else studying between, the first not going on and the second not having just been there, one takes over from the other." }
needs = ["sessions", "address_use"]
params = ["handover_gap_s"]
*/
-- row_id, person_no: who begins; other_row_id, other_no: who studied before. direct: 1 for a hand-over.
CREATE TABLE changes (
  row_id BIGINT, other_row_id BIGINT, person_no INTEGER, other_no INTEGER, address_no INTEGER, start_day INTEGER,
  direct INTEGER
);
INSERT INTO changes
SELECT
  w.row_id AS row_id, w.other_row_id AS other_row_id, w.person_no AS person_no, w.other_no AS other_no,
  w.address_no AS address_no, w.start_day AS start_day,
  CASE
    WHEN w.end_s = w.before_s AND w.start_s >= w.before_s AND w.start_s - w.before_s <= $handover_gap_s
      AND (w.own_s IS NULL OR w.start_s - w.own_s > $handover_gap_s)
      AND (w.other_next_s IS NULL OR w.other_next_s - w.end_s > $handover_gap_s) THEN 1
    ELSE 0
  END AS direct
FROM (
  SELECT
    t.row_id AS row_id, t.person_no AS person_no, t.address_no AS address_no, t.start_day AS start_day,
    t.start_s AS start_s, t.own_s AS own_s, LAG(t.row_id) OVER place AS other_row_id,
    LAG(t.person_no) OVER place AS other_no, LAG(t.end_s) OVER place AS end_s,
    LAG(t.next_s) OVER place AS other_next_s,
    MAX(t.end_s) OVER (
      PARTITION BY t.address_no, t.start_day ORDER BY t.start_s, t.end_s, t.person_no, t.row_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before_s
  FROM (
    SELECT
      s.row_id AS row_id, s.person_no AS person_no, s.address_no AS address_no, s.start_day AS start_day,
      s.start_s AS start_s, s.end_s AS end_s,
      MAX(s.end_s) OVER (
        PARTITION BY s.address_no, s.start_day, s.person_no ORDER BY s.start_s, s.end_s, s.row_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS own_s,
      MIN(s.start_s) OVER (
        PARTITION BY s.address_no, s.start_day, s.person_no ORDER BY s.start_s, s.end_s, s.row_id
        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
      ) AS next_s
    FROM sessions AS s
    JOIN address_use AS u ON u.address_no = s.address_no
    JOIN people AS p ON p.person_no = s.person_no
    WHERE s.timed = 1 AND s.copy = 0 AND s.dur_s > 0 AND p.named = 1 AND u.is_public = 1 AND u.is_proxy = 0
      AND u.persons >= 2
  ) AS t
  WINDOW place AS (PARTITION BY t.address_no, t.start_day ORDER BY t.start_s, t.end_s, t.person_no, t.row_id)
) AS w
WHERE w.person_no <> w.other_no;
