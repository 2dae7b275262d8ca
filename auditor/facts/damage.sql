/*
title = { zh = "受损的数据", en = "Damaged data" }
why = { zh = "数据受损不等于没有：凡依据受损数据得出的不支持，都改为待核实。这里列出谁的哪些数据受损。", en = "Damage is not absence: a refusal that rests on damaged data becomes to verify. This lists whose data are damaged." }
needs = ["sessions", "trouble_rows", "exam_outcomes", "clocks", "overlap_pairs", "crowded_overlaps"]
params = []
*/
-- person_no null: it may concern anybody. field '*': every field of the table.
CREATE TABLE damage (table_name VARCHAR, field VARCHAR, person_no BIGINT, cause VARCHAR);
INSERT INTO damage
SELECT d.table_name AS table_name, d.field AS field, d.person_no AS person_no, MIN(d.cause) AS cause
FROM (
  SELECT t.table_name AS table_name, t.field AS field, t.person_no AS person_no, t.kind AS cause
  FROM trouble_rows AS t
  LEFT JOIN exams AS e ON t.table_name = 'exams' AND e.row_id = t.row_id
  WHERE t.person_no IS NOT NULL AND (e.result IS NULL OR e.result <> 2)
  UNION ALL
  SELECT 'sessions' AS table_name, 'end_at' AS field, s.person_no AS person_no, 'negative' AS cause
  FROM sessions AS s
  WHERE s.dur_s < 0
  UNION ALL
  SELECT 'sessions' AS table_name, 'end_at' AS field, z.person_no AS person_no, 'zero' AS cause
  FROM sessions AS z
  JOIN clocks AS c ON c.source_no = z.source_no
  WHERE z.dur_s = 0 AND z.copy = 0 AND z.timed = 1 AND c.hollow = 1
  UNION ALL
  SELECT 'sessions' AS table_name, 'end_at' AS field, q.person_no AS person_no, 'set_back' AS cause
  FROM overlap_pairs AS q
  JOIN sessions AS l ON l.row_id = q.row_id
  LEFT JOIN crowded_overlaps AS r ON r.source_no = l.source_no AND l.start_s >= r.from_s AND l.start_s <= r.to_s
  WHERE q.twice = 1 OR r.source_no IS NOT NULL
  UNION ALL
  SELECT 'sessions' AS table_name, 'start_at' AS field, u.person_no AS person_no, 'missing' AS cause
  FROM sessions AS u
  LEFT JOIN (
    SELECT DISTINCT v.row_id AS row_id
    FROM trouble_rows AS v
    WHERE v.table_name = 'sessions' AND (v.field = 'start_at' OR v.field = 'end_at' OR v.field = 'duration')
  ) AS x ON x.row_id = u.row_id
  WHERE u.person_no IS NOT NULL AND (u.start_s IS NULL OR u.end_s IS NULL) AND x.row_id IS NULL
  UNION ALL
  SELECT 'exams' AS table_name, '*' AS field, o.person_no AS person_no,
    CASE WHEN o.unread > 0 THEN 'unreadable' ELSE 'unexported' END AS cause
  FROM exam_outcomes AS o
  WHERE o.unread > 0 OR o.unexported > 0
  UNION ALL
  SELECT y.table_name AS table_name, '*' AS field, y.person_no AS person_no, 'stray' AS cause
  FROM strays AS y
  UNION ALL
  SELECT n.table_name AS table_name, '*' AS field, n.person_no AS person_no, n.cause AS cause
  FROM torn_rows AS n
) AS d
GROUP BY d.table_name, d.field, d.person_no;
