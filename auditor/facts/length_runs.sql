/*
title = { zh = "时长连续相同的人", en = "People whose sittings have one length" }
why = { zh = "先找出多次学习与前一次时长相同到秒的人；只记到分钟的表看不出秒，不算。", en = "First, people many of whose sittings last, to the second, as long as the one before; sheets cut to minutes show no seconds and are left out." }
needs = ["sessions", "clocks"]
params = ["identical_sessions", "identical_percent"]
*/
CREATE TABLE length_runs (person_no BIGINT, sessions BIGINT);
INSERT INTO length_runs
SELECT s.person_no AS person_no, COUNT(s.row_id) AS sessions
FROM sessions AS s
JOIN clocks AS c ON c.source_no = s.source_no
WHERE s.timed = 1 AND s.copy = 0 AND s.dur_s > 0 AND c.blunt = 0
GROUP BY s.person_no
HAVING COUNT(s.row_id) >= $identical_sessions
  AND SUM(s.rhythm % 2) * 100 >= $identical_percent * COUNT(s.row_id);
