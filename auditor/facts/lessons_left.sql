/*
title = { zh = "计划中没有学的课", en = "Lessons of the plan that were not studied" }
why = { zh = "核查的每个人，本单位应学而没有计入时间的课。学过的课按计划已够通知课时数的人不算，计划往往比通知长。多数同事学的课才算本单位的课（不同单位、不同工种可能各有计划）；谁都没有学的课，算每个单位的。", en = "Of each person looked at, the lessons of the employer without any counted time; of nobody whose lessons make the class hours of the notice, which plans often exceed. A lesson is the employer's where enough of its people studied it (employers and trades may have plans of their own), or where nobody at all did." }
needs = ["sessions", "planned", "lessons", "plan_match"]
params = ["lesson_peers_percent", "required_s"]
*/
-- row_id: the first row of the plan that names the lesson. Nobody who has study without the name of a course, and no
-- lesson with a sitting whose times cannot be read.
CREATE TABLE lessons_left (table_name VARCHAR, row_id BIGINT, person_no BIGINT, course_no BIGINT);
INSERT INTO lessons_left
SELECT 'courses' AS table_name, o.row_id AS row_id, w.person_no AS person_no, o.course_no AS course_no
FROM (
  SELECT p.person_no AS person_no, COALESCE(p.employer_no, -1) AS employer_no
  FROM people AS p
  CROSS JOIN plan_match AS m
  LEFT JOIN (
    SELECT b.person_no AS person_no, SUM(d.planned_s) AS planned_s
    FROM lessons AS b
    JOIN planned AS d ON d.course_no = b.course_no
    WHERE b.net_s > 0 OR b.untimed > 0
    GROUP BY b.person_no
  ) AS y ON y.person_no = p.person_no
  LEFT JOIN (
    SELECT DISTINCT u.person_no AS person_no
    FROM sessions AS u
    WHERE u.course_no IS NULL AND (u.new_s > 0 OR u.timed = 0)
  ) AS n ON n.person_no = p.person_no
  WHERE p.judged = 1 AND m.matches = 1 AND n.person_no IS NULL AND COALESCE(y.planned_s, 0) < $required_s
) AS w
JOIN (
  SELECT f.employer_no AS employer_no, l.course_no AS course_no, l.row_id AS row_id
  FROM (
    SELECT COALESCE(q.employer_no, -1) AS employer_no, COUNT(q.person_no) AS persons
    FROM people AS q
    WHERE q.judged = 1
    GROUP BY COALESCE(q.employer_no, -1)
  ) AS f
  CROSS JOIN (
    SELECT c.course_no AS course_no, MIN(c.row_id) AS row_id
    FROM plan AS c
    WHERE c.course_no IS NOT NULL
    GROUP BY c.course_no
  ) AS l
  LEFT JOIN (
    SELECT COALESCE(h.employer_no, -1) AS employer_no, a.course_no AS course_no, COUNT(a.person_no) AS persons
    FROM lessons AS a
    JOIN people AS h ON h.person_no = a.person_no
    WHERE a.net_s > 0 AND h.judged = 1
    GROUP BY COALESCE(h.employer_no, -1), a.course_no
  ) AS g ON g.employer_no = f.employer_no AND g.course_no = l.course_no
  LEFT JOIN (SELECT DISTINCT e.course_no AS course_no FROM lessons AS e WHERE e.net_s > 0) AS s
    ON s.course_no = l.course_no
  WHERE g.persons * 100 >= $lesson_peers_percent * f.persons OR s.course_no IS NULL
) AS o ON o.employer_no = w.employer_no
LEFT JOIN lessons AS k
  ON k.person_no = w.person_no AND k.course_no = o.course_no AND (k.net_s > 0 OR k.untimed > 0)
WHERE k.person_no IS NULL;
