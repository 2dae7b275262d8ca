/*
title = { zh = "估算的学习时间", en = "Estimated study time" }
why = { zh = "由事件日志折算的时间，随所用的公开规则而不同；只有总时长的记录，真实起止时间不明，重叠的部分可能是先后学的。这里是每人最多可能学了多少，凡按此够数的，不作不符合。", en = "Time made from a log of events depends on the published rule; of a record that tells only a total the true times are unknown, and what overlaps may have been studied one after another. This is how much each person may have studied at most: whom that suffices is not refused." }
needs = ["sessions"]
params = ["period_from_s", "period_to_s", "unit_s", "reading"]
*/
-- One row a person of whom any time is estimated. chosen_s: net of measured time and of events by the rule chosen; most_s:
-- by the most generous published rule; apart_s: totals, added up as if nothing else were studied beside them; enough_s:
-- what the deciding reading makes of most_s and apart_s at best (of lessons the net time is the bound). Inside the period.
CREATE TABLE estimates (person_no BIGINT, chosen_s BIGINT, most_s BIGINT, apart_s BIGINT, enough_s BIGINT);
INSERT INTO estimates
SELECT
  k.person_no AS person_no, COALESCE(MAX(CASE WHEN n.place = 0 THEN n.net_s END), 0) AS chosen_s,
  COALESCE(MAX(n.net_s), 0) AS most_s, MAX(k.apart_s) AS apart_s,
  MAX(k.apart_s) + COALESCE(MAX(n.counted_s), 0) AS enough_s
FROM (
  SELECT
    s.person_no AS person_no,
    SUM(
      CASE
        WHEN x.row_id IS NOT NULL OR s.copy = 1 OR s.end_s <= $period_from_s OR s.start_s >= $period_to_s THEN 0
        ELSE CASE WHEN s.end_s > $period_to_s THEN $period_to_s ELSE s.end_s END
          - CASE WHEN s.start_s < $period_from_s THEN $period_from_s ELSE s.start_s END
      END
    ) AS apart_s
  FROM sessions AS s
  LEFT JOIN event_sittings AS x ON x.place = 0 AND x.row_id = s.row_id
  WHERE s.timed = 2
  GROUP BY s.person_no
) AS k
LEFT JOIN (
  SELECT
    w.place AS place, w.person_no AS person_no, SUM(w.new_s) AS net_s,
    SUM(CASE WHEN $reading = 1 THEN w.new_s - w.new_s % $unit_s ELSE w.new_s END) AS counted_s
  FROM (
    SELECT
      b.place AS place, b.person_no AS person_no,
      CASE
        WHEN b.before_s IS NULL OR b.before_s <= b.from_s THEN b.to_s - b.from_s
        WHEN b.before_s < b.to_s THEN b.to_s - b.before_s
        ELSE 0
      END AS new_s
    FROM (
      SELECT
        c.place AS place, c.person_no AS person_no, c.from_s AS from_s, c.to_s AS to_s,
        MAX(c.to_s) OVER (
          PARTITION BY c.place, c.person_no
          ORDER BY c.from_s, c.to_s, c.row_id
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS before_s
      FROM (
        SELECT
          a.place AS place, a.person_no AS person_no, a.row_id AS row_id,
          CASE WHEN a.start_s < $period_from_s THEN $period_from_s ELSE a.start_s END AS from_s,
          CASE WHEN a.end_s > $period_to_s THEN $period_to_s ELSE a.end_s END AS to_s
        FROM (
          SELECT
            e.place AS place, e.person_no AS person_no, e.row_id AS row_id, e.start_s AS start_s, e.end_s AS end_s
          FROM event_sittings AS e
          UNION ALL
          SELECT
            p.place AS place, m.person_no AS person_no, m.row_id AS row_id, m.start_s AS start_s, m.end_s AS end_s
          FROM sessions AS m
          JOIN (SELECT DISTINCT t.person_no AS person_no FROM sessions AS t WHERE t.timed = 2) AS h
            ON h.person_no = m.person_no
          CROSS JOIN (SELECT 0 AS place UNION SELECT o.place AS place FROM event_sittings AS o) AS p
          WHERE m.timed = 1 AND m.copy = 0
        ) AS a
        WHERE a.end_s > $period_from_s AND a.start_s < $period_to_s
      ) AS c
    ) AS b
  ) AS w
  GROUP BY w.place, w.person_no
) AS n ON n.person_no = k.person_no
GROUP BY k.person_no;
