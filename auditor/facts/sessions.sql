/*
title = { zh = "每次学习", en = "Every sitting" }
why = { zh = "同一人的学习按开始时间排好，每次只计此前没有计过的秒数（new_s），所以重叠的时间只计一次。", en = "A person's sittings in order of start; each adds only the seconds (new_s) that no earlier one has covered, so that overlapping time counts once." }
needs = []
params = ["period_from_s", "period_to_s"]
*/
-- One row a row of the export. timed: 1 both ends are known and in order, and the
-- person is known; 2 the same, but the end is an estimate (of a log of events, of a total that leaves out breaks). copy: an exact copy of
-- another row, counted nowhere. before_s: where the person's earlier sittings had reached when this one began. Of two
-- that begin and end together the one that names its course earns the time. source_no: the sheet. rhythm adds up what
-- repeats, to the second, what the person's rows before this one did: 1 the length of the one before; 2 the pause or
-- the step from start to start, within a day, of one of the two before; 4 the time of day of one of the three before.
-- Keys, days and flags are narrow: no table is larger.
CREATE TABLE sessions (
  row_id BIGINT, person_no INTEGER, course_no INTEGER, address_no INTEGER, employer_no INTEGER, start_s BIGINT,
  end_s BIGINT, dur_s BIGINT, stated_s BIGINT, total_s BIGINT, start_day INTEGER, timed INTEGER, copy INTEGER,
  before_s BIGINT, new_s BIGINT, source_no INTEGER, rhythm INTEGER
);
INSERT INTO sessions
SELECT
  w.row_id AS row_id, w.person_no AS person_no, w.course_no AS course_no, w.address_no AS address_no,
  w.employer_no AS employer_no, w.start_s AS start_s, w.end_s AS end_s, w.end_s - w.start_s AS dur_s,
  w.stated_s AS stated_s, w.total_s AS total_s, w.start_day AS start_day, w.timed AS timed, w.copy AS copy,
  w.before_s AS before_s,
  CASE
    WHEN w.timed = 0 OR w.to_s <= w.from_s THEN 0
    WHEN w.before_s IS NULL OR w.before_s <= w.from_s THEN w.to_s - w.from_s
    WHEN w.before_s < w.to_s THEN w.to_s - w.before_s
    ELSE 0
  END AS new_s,
  w.source_no AS source_no,
  CASE WHEN w.end_s - w.start_s = w.length_1 THEN 1 ELSE 0 END
    + CASE
      WHEN w.start_s % 86400 < w.start_s - w.end_1 THEN 0
      WHEN w.start_s - w.end_1 = w.start_1 - w.end_2 OR w.start_s - w.end_1 = w.start_2 - w.end_3
        OR w.start_s - w.start_1 = w.start_1 - w.start_2 OR w.start_s - w.start_1 = w.start_2 - w.start_3 THEN 2
      ELSE 0
    END
    + CASE
      WHEN (w.start_s > w.start_1 AND (w.start_s - w.start_1) % 86400 = 0)
        OR (w.start_s > w.start_2 AND (w.start_s - w.start_2) % 86400 = 0)
        OR (w.start_s > w.start_3 AND (w.start_s - w.start_3) % 86400 = 0) THEN 4
      ELSE 0
    END AS rhythm
FROM (
  SELECT
    c.row_id AS row_id, c.person_no AS person_no, c.course_no AS course_no, c.address_no AS address_no,
    c.employer_no AS employer_no, c.start_s AS start_s, c.end_s AS end_s, c.stated_s AS stated_s,
    c.total_s AS total_s, c.start_day AS start_day,
    CASE WHEN c.person_no IS NOT NULL AND c.end_s >= c.start_s THEN 1 + c.estimated ELSE 0 END AS timed,
    CASE WHEN c.start_s < $period_from_s THEN $period_from_s ELSE c.start_s END AS from_s,
    CASE WHEN c.end_s > $period_to_s THEN $period_to_s ELSE c.end_s END AS to_s,
    CASE
      WHEN c.person_no IS NULL OR c.start_s IS NULL OR c.end_s IS NULL THEN 0
      WHEN LAG(c.start_s) OVER person = c.start_s AND LAG(c.end_s) OVER person = c.end_s
        AND COALESCE(LAG(c.course_no) OVER person, -1) = COALESCE(c.course_no, -1)
        AND COALESCE(LAG(c.address_no) OVER person, -1) = COALESCE(c.address_no, -1)
        AND COALESCE(LAG(c.stated_s) OVER person, -1) = COALESCE(c.stated_s, -1) THEN 1
      ELSE 0
    END AS copy,
    MAX(CASE WHEN c.person_no IS NOT NULL AND c.end_s >= c.start_s THEN c.end_s END) OVER (
      PARTITION BY c.person_no
      ORDER BY c.start_s NULLS LAST, c.end_s NULLS LAST, c.course_no NULLS LAST, c.address_no NULLS LAST,
        c.stated_s NULLS LAST, c.row_id
      ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before_s,
    c.source_no AS source_no, LAG(c.end_s) OVER person - LAG(c.start_s) OVER person AS length_1,
    LAG(c.start_s) OVER person AS start_1, LAG(c.start_s, 2) OVER person AS start_2,
    LAG(c.start_s, 3) OVER person AS start_3, LAG(c.end_s) OVER person AS end_1, LAG(c.end_s, 2) OVER person AS end_2,
    LAG(c.end_s, 3) OVER person AS end_3
  FROM session_rows AS c
  WINDOW person AS (
    PARTITION BY c.person_no
    ORDER BY c.start_s NULLS LAST, c.end_s NULLS LAST, c.course_no NULLS LAST, c.address_no NULLS LAST,
      c.stated_s NULLS LAST, c.row_id
  )
) AS w;
