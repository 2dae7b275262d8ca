/*
title = { zh = "来不及到达的两地", en = "Journeys too fast to be made" }
why = { zh = "同一人前后相接的两次学习，登录地址归属的两地相距很远，而间隔的时间来不及到达。结束时间不准的，从前一次的开始算起。", en = "Two sittings of one person, one after the other, from places far apart, with too little time between them to get there. Where an end is only estimated, the time runs from the start." }
needs = ["sessions", "address_use"]
params = ["travel_km", "travel_km_per_h"]
*/
-- row_id: the later sitting; other_row_id: the one before it.
CREATE TABLE journeys (
  row_id BIGINT, other_row_id BIGINT, person_no BIGINT, start_day BIGINT, start_s BIGINT, km BIGINT, gap_s BIGINT,
  places VARCHAR
);
INSERT INTO journeys
SELECT
  j.row_id AS row_id, j.other_row_id AS other_row_id, j.person_no AS person_no, j.start_day AS start_day,
  j.start_s AS start_s, j.km AS km, j.gap_s AS gap_s, j.places AS places
FROM (
  SELECT
    w.row_id AS row_id, w.other_row_id AS other_row_id, w.person_no AS person_no, w.start_day AS start_day,
    w.start_s AS start_s, k.km AS km, k.places AS places,
    CASE WHEN w.start_s > w.left_s THEN w.start_s - w.left_s ELSE 0 END AS gap_s
  FROM (
    SELECT
      s.row_id AS row_id, s.person_no AS person_no, s.start_day AS start_day, s.start_s AS start_s,
      p.place_no AS place_no, LAG(s.row_id) OVER person AS other_row_id, LAG(p.place_no) OVER person AS other_no,
      LAG(CASE WHEN s.timed = 2 THEN s.start_s ELSE s.end_s END) OVER person AS left_s
    FROM sessions AS s
    JOIN address_places AS p ON p.address_no = s.address_no
    JOIN address_use AS u ON u.address_no = s.address_no
    WHERE s.timed > 0 AND s.copy = 0 AND p.place_no IS NOT NULL AND u.is_public = 1 AND u.is_proxy = 0
      AND u.is_common = 0
    WINDOW person AS (PARTITION BY s.person_no ORDER BY s.start_s, s.end_s, s.course_no, s.address_no, s.row_id)
  ) AS w
  JOIN place_pairs AS k ON k.place_no = w.place_no AND k.other_no = w.other_no
) AS j
WHERE j.km >= $travel_km AND j.km * 3600 > $travel_km_per_h * j.gap_s;
