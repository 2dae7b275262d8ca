/*
title = { zh = "许多人同时重叠的时段", en = "Stretches of time in which many overlap" }
why = { zh = "一张表中的重叠几乎都挤在同一段不长的时间里，而这段时间里学习的人多半都重叠，平时没有：像是平台的时钟在那时被调回过，先后学习的两次显得重叠，不是哪一个人的事。", en = "Where nearly all overlaps of a sheet crowd in one short stretch of time, most of those who studied then overlap, and hardly anybody at other times, the platform's clock seems to have been set back then: sittings one after the other seem to overlap, and it tells of no one person." }
needs = ["sessions", "overlap_pairs"]
params = ["reconnect_s", "set_back_most_s", "set_back_gap_s", "set_back_percent", "set_back_learners", "late_persons"]
*/
-- from_s, to_s: first and last start of the later sittings. Pages opened anew do not count.
CREATE TABLE crowded_overlaps (source_no BIGINT, from_s BIGINT, to_s BIGINT, persons BIGINT);
INSERT INTO crowded_overlaps
SELECT g.source_no AS source_no, g.from_s AS from_s, g.to_s AS to_s, g.persons AS persons
FROM (
  SELECT
    n.source_no AS source_no, n.stretch AS stretch, MIN(n.start_s) AS from_s, MAX(n.start_s) AS to_s,
    COUNT(DISTINCT n.person_no) AS persons
  FROM (
    SELECT
      m.source_no AS source_no, m.person_no AS person_no, m.start_s AS start_s,
      SUM(CASE WHEN m.start_s - m.before_s <= $set_back_gap_s THEN 0 ELSE 1 END) OVER (
        PARTITION BY m.source_no
        ORDER BY m.start_s, m.row_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS stretch
    FROM (
      SELECT
        b.row_id AS row_id, b.source_no AS source_no, b.person_no AS person_no, b.start_s AS start_s,
        LAG(b.start_s) OVER (PARTITION BY b.source_no ORDER BY b.start_s, b.row_id) AS before_s
      FROM (
        SELECT DISTINCT o.row_id AS row_id
        FROM overlap_pairs AS o
        WHERE o.goes_on = 0 OR o.overlap_s > $reconnect_s
      ) AS p
      JOIN sessions AS b ON b.row_id = p.row_id
    ) AS m
  ) AS n
  GROUP BY n.source_no, n.stretch
  HAVING COUNT(DISTINCT n.person_no) >= $late_persons AND MAX(n.start_s) - MIN(n.start_s) <= $set_back_most_s
) AS g
JOIN (
  SELECT w.source_no AS source_no, COUNT(DISTINCT w.person_no) AS persons
  FROM overlap_pairs AS v
  JOIN sessions AS w ON w.row_id = v.row_id
  WHERE v.goes_on = 0 OR v.overlap_s > $reconnect_s
  GROUP BY w.source_no
) AS a ON a.source_no = g.source_no
JOIN sessions AS s ON s.source_no = g.source_no
WHERE 100 * g.persons >= $set_back_percent * a.persons AND s.timed > 0 AND s.copy = 0
  AND s.start_s >= g.from_s AND s.start_s <= g.to_s
GROUP BY g.source_no, g.from_s, g.to_s, g.persons
HAVING 100 * g.persons >= $set_back_learners * COUNT(DISTINCT s.person_no);
