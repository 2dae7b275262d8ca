/*
title = { zh = "每次学习", en = "Every sitting" }
why = { zh = "同一人的学习按开始时间排好，每次只计此前没有计过的秒数（new_s），所以重叠的时间只计一次。", en = "A person's sittings in order of start; each adds only the seconds (new_s) that no earlier one has covered, so that overlapping time counts once." }
needs = []
params = ["period_from_s", "period_to_s"]
*/
-- One row a row of the export. timed: both ends are known and in order, and the person is known. copy: an exact copy of
-- another row, counted nowhere. before_s: where the person's earlier sittings had reached when this one began. Of two
-- that begin and end together the one that names its course earns the time.
CREATE TABLE sessions (
  row_id BIGINT, source_no BIGINT, source_row BIGINT, person_no BIGINT, course_no BIGINT, address_no BIGINT,
  employer_no BIGINT, start_s BIGINT, end_s BIGINT, dur_s BIGINT, stated_s BIGINT, total_s BIGINT, start_day BIGINT,
  timed BIGINT, copy BIGINT, before_s BIGINT, from_s BIGINT, to_s BIGINT, new_s BIGINT
);
INSERT INTO sessions
SELECT
  w.row_id AS row_id, w.source_no AS source_no, w.source_row AS source_row, w.person_no AS person_no,
  w.course_no AS course_no, w.address_no AS address_no, w.employer_no AS employer_no, w.start_s AS start_s,
  w.end_s AS end_s, w.end_s - w.start_s AS dur_s, w.stated_s AS stated_s, w.total_s AS total_s,
  w.start_day AS start_day, w.timed AS timed, w.copy AS copy, w.before_s AS before_s, w.from_s AS from_s, w.to_s AS to_s,
  CASE
    WHEN w.from_s IS NULL OR w.to_s <= w.from_s THEN 0
    WHEN w.reached_s IS NULL OR w.reached_s <= w.from_s THEN w.to_s - w.from_s
    WHEN w.reached_s < w.to_s THEN w.to_s - w.reached_s
    ELSE 0
  END AS new_s
FROM (
  SELECT
    c.row_id AS row_id, c.source_no AS source_no, c.source_row AS source_row, c.person_no AS person_no,
    c.course_no AS course_no, c.address_no AS address_no, c.employer_no AS employer_no, c.start_s AS start_s,
    c.end_s AS end_s, c.stated_s AS stated_s, c.total_s AS total_s, c.start_day AS start_day, c.timed AS timed,
    c.from_s AS from_s, c.to_s AS to_s,
    CASE
      WHEN c.person_no IS NULL OR c.start_s IS NULL OR c.end_s IS NULL THEN 0
      WHEN LAG(c.start_s) OVER person = c.start_s AND LAG(c.end_s) OVER person = c.end_s
        AND LAG(c.course_key) OVER person = c.course_key AND LAG(c.address_key) OVER person = c.address_key
        AND LAG(c.stated_key) OVER person = c.stated_key THEN 1
      ELSE 0
    END AS copy,
    MAX(CASE WHEN c.timed = 1 THEN c.end_s END) OVER (
      PARTITION BY c.person_no ORDER BY c.start_key, c.end_key, c.course_key, c.address_key, c.stated_key, c.row_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before_s,
    MAX(c.to_s) OVER (
      PARTITION BY c.person_no ORDER BY c.start_key, c.end_key, c.course_key, c.address_key, c.stated_key, c.row_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS reached_s
  FROM (
    SELECT
      s.row_id AS row_id, s.source_no AS source_no, s.source_row AS source_row, s.person_no AS person_no,
      s.course_no AS course_no, s.address_no AS address_no, s.employer_no AS employer_no, s.start_s AS start_s,
      s.end_s AS end_s, s.stated_s AS stated_s, s.total_s AS total_s, s.start_day AS start_day,
      COALESCE(s.start_s, 9000000000000) AS start_key, COALESCE(s.end_s, 9000000000000) AS end_key,
      COALESCE(s.course_no, 9000000000000) AS course_key, COALESCE(s.address_no, -1) AS address_key,
      COALESCE(s.stated_s, -1) AS stated_key,
      CASE WHEN s.person_no IS NOT NULL AND s.end_s >= s.start_s THEN 1 ELSE 0 END AS timed,
      CASE
        WHEN s.person_no IS NULL OR s.end_s < s.start_s OR s.end_s IS NULL THEN NULL
        WHEN s.start_s < $period_from_s THEN $period_from_s ELSE s.start_s
      END AS from_s,
      CASE
        WHEN s.person_no IS NULL OR s.end_s < s.start_s OR s.start_s IS NULL THEN NULL
        WHEN s.end_s > $period_to_s THEN $period_to_s ELSE s.end_s
      END AS to_s
    FROM session_rows AS s
  ) AS c
  WINDOW person AS (PARTITION BY c.person_no ORDER BY c.start_key, c.end_key, c.course_key, c.address_key, c.stated_key, c.row_id)
) AS w;
