/*
title = { zh = "学得比课程还快的课", en = "Lessons studied faster than they run" }
why = { zh = "学得比课程还快的人，是哪几门课的净时间明显少于课程时长。", en = "Of people who studied faster than the course runs: which lessons took clearly less time than they last." }
needs = ["sessions", "lesson_pace"]
params = ["period_from_s", "period_to_s", "faster_percent", "glance_percent"]
*/
CREATE TABLE fast_lessons (person_no BIGINT, course_no BIGINT, net_s BIGINT, length_s BIGINT);
INSERT INTO fast_lessons
SELECT k.person_no AS person_no, k.course_no AS course_no, k.net_s AS net_s, k.length_s AS length_s
FROM (
  SELECT
    s.person_no AS person_no, s.course_no AS course_no, SUM(s.new_s) AS net_s, MIN(l.length_s) AS length_s
  FROM sessions AS s
  JOIN lesson_pace AS f ON f.person_no = s.person_no AND f.fast = 1
  JOIN (
    SELECT p.course_no AS course_no, MIN(p.length_s) AS length_s
    FROM plan AS p
    WHERE p.length_s > 0
    GROUP BY p.course_no
  ) AS l ON l.course_no = s.course_no
  WHERE s.copy = 0
  GROUP BY s.person_no, s.course_no
  HAVING MIN(s.timed) = 1 AND MAX(s.timed) = 1 AND MIN(s.start_s) >= $period_from_s AND MAX(s.end_s) <= $period_to_s
) AS k
WHERE k.net_s > 0 AND k.net_s * 100 >= $glance_percent * k.length_s AND k.net_s * 100 < $faster_percent * k.length_s;
