/*
title = { zh = "换网络", en = "Changes of network" }
why = { zh = "换网络的人，记录里多有前一次一结束、同一门课就在另一地址接着学的；这样的人偶尔一次晚记了离开，也是换网络的样子。", en = "The record of somebody who changes networks has sittings that end and go on with the same course from another address at once; where such a person's leave was noted late now and then, it looks like a change of network too." }
needs = ["sessions", "overlap_pairs"]
params = ["overlap_tolerance_s", "reconnect_s"]
*/
-- Of people with a late leave. changes: how often the same course went on at another address, within the tolerance
-- before or after the end. late: sittings that went on so while the one before was still open for longer.
CREATE TABLE network_changes (person_no BIGINT, changes BIGINT, late BIGINT);
INSERT INTO network_changes
SELECT
  w.person_no AS person_no, SUM(CASE
    WHEN w.course_no = w.course_1 AND w.address_no <> w.address_1
      AND w.start_s - w.end_1 <= $overlap_tolerance_s AND w.end_1 - w.start_s <= $overlap_tolerance_s THEN 1
    ELSE 0
  END) AS changes, MAX(w.late) AS late
FROM (
  SELECT
    s.person_no AS person_no, s.course_no AS course_no, s.address_no AS address_no, s.start_s AS start_s,
    LAG(s.end_s) OVER person AS end_1, LAG(s.course_no) OVER person AS course_1,
    LAG(s.address_no) OVER person AS address_1, l.late AS late
  FROM sessions AS s
  JOIN (
    SELECT p.person_no AS person_no, COUNT(DISTINCT p.row_id) AS late
    FROM overlap_pairs AS p
    WHERE p.other_address = 1 AND p.goes_on = 1 AND p.overlap_s <= $reconnect_s
    GROUP BY p.person_no
  ) AS l ON l.person_no = s.person_no
  WHERE s.timed = 1 AND s.copy = 0
  WINDOW person AS (
    PARTITION BY s.person_no
    ORDER BY s.start_s, s.end_s, s.course_no NULLS LAST, s.address_no NULLS LAST, s.row_id
  )
) AS w
GROUP BY w.person_no;
