/*
title = { zh = "计划中没有学的课", en = "Lessons of the plan that were not studied" }
why = { zh = "核查的每个人，本单位应学而没有计入时间的课。学过的课按计划已够通知课时数的人不算，计划往往比通知长。多数同事学的课才算本单位的课（不同单位、不同工种可能各有计划）；谁都没有学的课，算每个单位的。", en = "Of each person looked at, the lessons of the employer without any counted time; of nobody whose lessons make the class hours of the notice, which plans often exceed. A lesson is the employer's where enough of its people studied it (employers and trades may have plans of their own), or where nobody at all did." }
needs = ["sessions", "planned", "plan_match"]
params = ["lesson_peers_percent", "required_s"]
*/
-- row_id: the first row of the plan that names the lesson. Nobody who has study without the name of a course, and no lesson with a sitting whose times cannot be read.
CREATE TABLE lessons_left (table_name VARCHAR, row_id BIGINT, person_no BIGINT, course_no BIGINT);
INSERT INTO lessons_left
SELECT 'courses' AS table_name, w.row_id AS row_id, w.person_no AS person_no, w.course_no AS course_no
FROM (
  SELECT p.person_no AS person_no, h.course_no AS course_no, h.row_id AS row_id
  FROM people AS p
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
      SELECT COALESCE(b.employer_no, -1) AS employer_no, a.course_no AS course_no, COUNT(DISTINCT a.person_no) AS persons
      FROM sessions AS a
      JOIN people AS b ON b.person_no = a.person_no
      WHERE a.new_s > 0 AND b.judged = 1
      GROUP BY COALESCE(b.employer_no, -1), a.course_no
    ) AS g ON g.employer_no = f.employer_no AND g.course_no = l.course_no
    LEFT JOIN (SELECT DISTINCT e.course_no AS course_no FROM sessions AS e WHERE e.new_s > 0) AS o
      ON o.course_no = l.course_no
    WHERE g.persons * 100 >= $lesson_peers_percent * f.persons OR o.course_no IS NULL
  ) AS h ON h.employer_no = COALESCE(p.employer_no, -1)
  LEFT JOIN (
    SELECT d.person_no AS person_no, SUM(d.planned_s) AS planned_s
    FROM (
      SELECT DISTINCT v.person_no AS person_no, v.course_no AS course_no, z.planned_s AS planned_s
      FROM sessions AS v
      JOIN planned AS z ON z.course_no = v.course_no
      WHERE v.new_s > 0 OR v.timed = 0
    ) AS d
    GROUP BY d.person_no
  ) AS y ON y.person_no = p.person_no
  WHERE p.judged = 1 AND COALESCE(y.planned_s, 0) < $required_s
) AS w
CROSS JOIN plan_match AS m
LEFT JOIN (
  SELECT DISTINCT s.person_no AS person_no, s.course_no AS course_no
  FROM sessions AS s
  WHERE (s.new_s > 0 OR s.timed = 0) AND s.course_no IS NOT NULL
) AS k ON k.person_no = w.person_no AND k.course_no = w.course_no
LEFT JOIN (
  SELECT DISTINCT u.person_no AS person_no
  FROM sessions AS u
  WHERE u.course_no IS NULL AND (u.new_s > 0 OR u.timed = 0)
) AS n ON n.person_no = w.person_no
WHERE m.matches = 1 AND k.person_no IS NULL AND n.person_no IS NULL;
