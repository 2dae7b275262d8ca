/*
title = { zh = "记录编号与时间的先后", en = "Record numbers and time" }
why = { zh = "记录编号通常随时间增大。编号更大、却比此前编号的学习早很多的行，是后来插入的。", en = "Record numbers grow with time. A row with a higher number than rows that happened much later was put in afterwards." }
needs = []
params = ["record_gap_s", "period_from_s", "period_to_s"]
*/
-- behind_s: how far a row lies before one of a lower number. Only sessions of the period, so that one wrong clock does
-- not put all others out of order.
CREATE TABLE record_order (row_id BIGINT, sheet_no BIGINT, behind_s BIGINT);
INSERT INTO record_order
SELECT w.row_id AS row_id, w.sheet_no AS sheet_no, w.before_s - w.start_s AS behind_s
FROM (
  SELECT
    l.row_id AS row_id, l.sheet_no AS sheet_no, l.start_s AS start_s,
    MAX(l.start_s) OVER (
      PARTITION BY l.sheet_no ORDER BY l.record_no, l.row_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before_s
  FROM session_logs AS l
  WHERE l.record_no IS NOT NULL AND l.start_s >= $period_from_s AND l.start_s < $period_to_s
) AS w
WHERE w.before_s - w.start_s > $record_gap_s;
