/*
title = { zh = "时钟显示过两次的时段", en = "Hours that a clock showed twice" }
why = { zh = "结束早于开始的记录集中在同一时段、属于多人的，是平台时钟被调回：这段时间时钟显示了两次，先后学习的两次会显得重叠。", en = "Where sittings that end before they start crowd in one stretch of time and belong to several people, the platform's clock was set back: it showed that time twice, and sittings one after the other seem to overlap." }
needs = ["sessions"]
params = ["set_back_gap_s", "set_back_persons", "set_back_percent"]
*/
-- A sitting across the moment runs from its end to its start through the time that was shown twice; such stretches of a
-- sheet with short gaps between them are one. A sheet of exchanged columns has them all over: the one must hold a large part.
CREATE TABLE repeated_hours (source_no BIGINT, from_s BIGINT, to_s BIGINT, persons BIGINT);
INSERT INTO repeated_hours
SELECT g.source_no AS source_no, MIN(g.end_s) AS from_s, MAX(g.start_s) AS to_s, COUNT(DISTINCT g.person_no) AS persons
FROM (
  SELECT
    n.source_no AS source_no, n.person_no AS person_no, n.start_s AS start_s, n.end_s AS end_s, n.whole AS whole,
    SUM(CASE WHEN n.end_s - n.reached_s <= $set_back_gap_s THEN 0 ELSE 1 END) OVER (
      PARTITION BY n.source_no
      ORDER BY n.end_s, n.start_s, n.row_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS stretch
  FROM (
    SELECT
      s.row_id AS row_id, s.source_no AS source_no, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s,
      COUNT(s.row_id) OVER (PARTITION BY s.source_no) AS whole,
      MAX(s.start_s) OVER (
        PARTITION BY s.source_no
        ORDER BY s.end_s, s.start_s, s.row_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS reached_s
    FROM sessions AS s
    WHERE s.dur_s < 0 AND s.copy = 0 AND s.person_no IS NOT NULL
  ) AS n
) AS g
GROUP BY g.source_no, g.stretch, g.whole
HAVING COUNT(DISTINCT g.person_no) >= $set_back_persons AND COUNT(g.start_s) * 100 >= $set_back_percent * g.whole;
