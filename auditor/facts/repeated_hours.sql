/*
title = { zh = "可能显示过两次的时段", en = "Hours that a clock may have shown twice" }
why = { zh = "结束早于开始的记录集中在一段不长的时间里、属于多人的，像是平台时钟被调回：这段时间可能显示过两次，先后学习的两次会显得重叠。", en = "Where sittings that end before they start crowd in one short stretch of time and belong to several people, the platform's clock may have been set back: it may have shown that time twice, and sittings one after the other seem to overlap." }
needs = ["sessions"]
params = ["set_back_most_s", "set_back_gap_s", "set_back_persons", "set_back_percent"]
*/
-- A sitting across the moment runs from its end to its start through the time that was shown twice; such stretches of a
-- sheet with short gaps between them are one. A sheet of exchanged columns, or of ends
-- across midnight under the day of the start, has them all over: the one must be short and hold a large part.
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
      m.row_id AS row_id, m.source_no AS source_no, m.person_no AS person_no, m.start_s AS start_s, m.end_s AS end_s,
      m.whole AS whole,
      MAX(m.start_s) OVER (
        PARTITION BY m.source_no
        ORDER BY m.end_s, m.start_s, m.row_id
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS reached_s
    FROM (
      SELECT
        s.row_id AS row_id, s.source_no AS source_no, s.person_no AS person_no, s.start_s AS start_s, s.end_s AS end_s,
        COUNT(s.row_id) OVER (PARTITION BY s.source_no) AS whole
      FROM sessions AS s
      WHERE s.dur_s < 0 AND s.copy = 0 AND s.person_no IS NOT NULL
    ) AS m
    WHERE m.start_s - m.end_s <= $set_back_most_s
  ) AS n
) AS g
GROUP BY g.source_no, g.stretch, g.whole
HAVING MAX(g.start_s) - MIN(g.end_s) <= $set_back_most_s
  AND COUNT(DISTINCT g.person_no) >= $set_back_persons AND COUNT(g.start_s) * 100 >= $set_back_percent * g.whole;
