/*
title = { zh = "相同时长的来由", en = "Where equal lengths come from" }
why = { zh = "连续相同的时长如果就是这门课的时长，或这门课（或整个导出）的许多学员都有，那是视频结束或服务器超时造成的，不是某个人的疑点。", en = "A length that is the course's own, or that many learners of the course or of the export have, comes from a video's end or a server's time-out and is no lead about anybody." }
needs = ["sessions", "length_runs"]
params = ["identical_slack_s", "common_persons", "common_percent"]
*/
-- One row a course (-1: none is named) and a length to the second that people of length_runs have again and again.
-- persons of learners have it on the course, everywhere of everybody on any course. explained: 1 the plan's length,
-- 2 common on the course, 3 common in the export, 4 nobody to compare with, 0 none of these.
CREATE TABLE length_use (
  course_no BIGINT, dur_s BIGINT, persons BIGINT, learners BIGINT, everywhere BIGINT, everybody BIGINT, explained BIGINT
);
INSERT INTO length_use
SELECT
  u.course_no AS course_no, u.dur_s AS dur_s, u.persons AS persons, u.learners AS learners,
  u.everywhere AS everywhere, u.everybody AS everybody,
  CASE
    WHEN u.planned > 0 THEN 1
    WHEN u.persons >= $common_persons AND u.persons * 100 >= $common_percent * u.learners THEN 2
    WHEN u.everywhere >= $common_persons AND u.everywhere * 100 >= $common_percent * u.everybody THEN 3
    WHEN u.known = 0 AND u.learners < $common_persons THEN 4
    ELSE 0
  END AS explained
FROM (
  SELECT
    w.course_no AS course_no, w.dur_s AS dur_s, COUNT(DISTINCT w.person_no) AS persons,
    MIN(l.learners) AS learners, MIN(f.everywhere) AS everywhere, MIN(a.everybody) AS everybody,
    COUNT(p.length_s) AS known,
    SUM(CASE WHEN p.length_s - w.dur_s <= $identical_slack_s AND w.dur_s - p.length_s <= $identical_slack_s THEN 1 ELSE 0 END)
      AS planned
  FROM (
    SELECT DISTINCT COALESCE(s.course_no, -1) AS course_no, s.dur_s AS dur_s, s.person_no AS person_no
    FROM sessions AS s
    JOIN (
      SELECT DISTINCT COALESCE(r.course_no, -1) AS course_no, r.dur_s AS dur_s
      FROM sessions AS r
      JOIN length_runs AS m ON m.person_no = r.person_no
      WHERE r.timed = 1 AND r.copy = 0 AND r.dur_s > 0 AND r.rhythm % 2 = 1
    ) AS c ON c.dur_s = s.dur_s AND c.course_no = COALESCE(s.course_no, -1)
    WHERE s.timed = 1 AND s.copy = 0
  ) AS w
  JOIN (
    SELECT COALESCE(t.course_no, -1) AS course_no, COUNT(DISTINCT t.person_no) AS learners
    FROM sessions AS t
    JOIN (
      SELECT DISTINCT COALESCE(q.course_no, -1) AS course_no
      FROM sessions AS q
      JOIN length_runs AS o ON o.person_no = q.person_no
    ) AS k ON k.course_no = COALESCE(t.course_no, -1)
    WHERE t.timed = 1 AND t.copy = 0
    GROUP BY COALESCE(t.course_no, -1)
  ) AS l ON l.course_no = w.course_no
  JOIN (
    SELECT v.dur_s AS dur_s, COUNT(DISTINCT v.person_no) AS everywhere
    FROM sessions AS v
    JOIN (
      SELECT DISTINCT x.dur_s AS dur_s
      FROM sessions AS x
      JOIN length_runs AS y ON y.person_no = x.person_no
      WHERE x.timed = 1 AND x.copy = 0 AND x.dur_s > 0 AND x.rhythm % 2 = 1
    ) AS z ON z.dur_s = v.dur_s
    WHERE v.timed = 1 AND v.copy = 0
    GROUP BY v.dur_s
  ) AS f ON f.dur_s = w.dur_s
  CROSS JOIN (
    SELECT COUNT(DISTINCT b.person_no) AS everybody FROM sessions AS b WHERE b.timed = 1 AND b.copy = 0
  ) AS a
  LEFT JOIN plan AS p ON p.course_no = w.course_no
  GROUP BY w.course_no, w.dur_s
) AS u;
