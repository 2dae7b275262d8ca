/*
title = { zh = "重叠的两次学习", en = "Pairs of overlapping sittings" }
why = { zh = "只在开始时间早于此前最晚结束时间（超过容差）的学习中找另一次学习，不做全表自连接。", en = "The other sitting is looked up only for those that begin before an earlier one ends." }
needs = ["sessions", "repeated_hours", "address_use"]
params = ["overlap_tolerance_s"]
*/
-- left_s: how long after the later sitting begins the earlier one ends; 0 where it was closed at midnight, whenever it
-- was left. goes_on: the later one goes on with the same
-- course, and ends later.
-- other_address: from two addresses that tell places apart.
-- twice: they overlap within hours that the clock of their sheet showed twice.
-- row_id: the later sitting; other_row_id: an earlier one it overlaps by more than the tolerance.
CREATE TABLE overlap_pairs (
  row_id BIGINT, other_row_id BIGINT, person_no BIGINT, overlap_s BIGINT, other_address BIGINT, left_s BIGINT, goes_on BIGINT,
  twice BIGINT
);
INSERT INTO overlap_pairs
SELECT
  o.row_id AS row_id, o.other_row_id AS other_row_id, o.person_no AS person_no, o.overlap_s AS overlap_s,
  o.other_address AS other_address, o.left_s AS left_s, o.goes_on AS goes_on, o.twice AS twice
FROM (
  SELECT
    b.row_id AS row_id, a.row_id AS other_row_id, b.person_no AS person_no,
    CASE WHEN a.end_s < b.end_s THEN a.end_s - b.start_s ELSE b.end_s - b.start_s END AS overlap_s,
    CASE
      WHEN a.address_no = b.address_no OR COALESCE(u.is_proxy, 0) + COALESCE(v.is_proxy, 0) > 0
        OR COALESCE(u.is_public, 1) + COALESCE(v.is_public, 1) = 0 THEN 0
      WHEN a.address_no <> b.address_no THEN 1
      ELSE 0
    END AS other_address,
    CASE WHEN a.end_s % 86400 = 0 OR a.end_s % 86400 = 86399 THEN 0 ELSE a.end_s - b.start_s END AS left_s,
    CASE WHEN a.course_no = b.course_no AND a.end_s < b.end_s THEN 1 ELSE 0 END AS goes_on,
    CASE WHEN h.source_no IS NULL THEN 0 ELSE 1 END AS twice
  FROM sessions AS b
  JOIN sessions AS a ON a.person_no = b.person_no
  LEFT JOIN address_use AS u ON u.address_no = a.address_no
  LEFT JOIN address_use AS v ON v.address_no = b.address_no
  LEFT JOIN repeated_hours AS h ON h.source_no = b.source_no AND h.source_no = a.source_no AND b.start_s < h.to_s
    AND a.end_s > h.from_s AND b.end_s > h.from_s
  WHERE b.timed = 1 AND b.copy = 0 AND b.before_s - b.start_s > $overlap_tolerance_s AND a.timed = 1 AND a.copy = 0
    AND (
      a.start_s < b.start_s
      OR (a.start_s = b.start_s AND a.end_s < b.end_s)
      OR (a.start_s = b.start_s AND a.end_s = b.end_s AND COALESCE(a.course_no, 9000000000000) < COALESCE(b.course_no, 9000000000000))
      OR (a.start_s = b.start_s AND a.end_s = b.end_s AND COALESCE(a.course_no, 9000000000000) = COALESCE(b.course_no, 9000000000000) AND (
        COALESCE(a.address_no, 9000000000000) < COALESCE(b.address_no, 9000000000000)
        OR (COALESCE(a.address_no, 9000000000000) = COALESCE(b.address_no, 9000000000000) AND (
          COALESCE(a.stated_s, 9000000000000) < COALESCE(b.stated_s, 9000000000000)
          OR (COALESCE(a.stated_s, 9000000000000) = COALESCE(b.stated_s, 9000000000000) AND a.row_id < b.row_id)
        ))
      ))
    )
) AS o
WHERE o.overlap_s > $overlap_tolerance_s;
