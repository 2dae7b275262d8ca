/*
title = { zh = "每人每课的快慢", en = "Pace of each person" }
why = { zh = "已知时长的课，一个人学了多少门、其中多少门的净时间明显少于课程时长；只看一眼的课、学到培训期以外的课和时间有损坏的课不算。", en = "Of lessons of known length: how many a person studied and how many in clearly less time than they last. Lessons only looked at, studied beyond the period, or with damaged times are left out." }
needs = ["sessions"]
params = ["period_from_s", "period_to_s", "faster_percent", "faster_courses", "faster_share_percent", "glance_percent"]
*/
-- The shortest length that the plan gives a course is believed. fast: by the numbers of the policy. Nobody with a
-- sitting that names no course: its time may belong to any.
CREATE TABLE lesson_pace (person_no BIGINT, lessons BIGINT, faster BIGINT, fast BIGINT);
INSERT INTO lesson_pace
SELECT
  g.person_no AS person_no, g.lessons AS lessons, g.faster AS faster,
  CASE WHEN g.faster >= $faster_courses AND g.faster * 100 >= $faster_share_percent * g.lessons THEN 1 ELSE 0 END
    AS fast
FROM (
  SELECT
    k.person_no AS person_no, COUNT(k.course_no) AS lessons,
    SUM(CASE WHEN k.net_s * 100 < $faster_percent * k.length_s THEN 1 ELSE 0 END) AS faster
  FROM (
    SELECT
      s.person_no AS person_no, s.course_no AS course_no, SUM(s.new_s) AS net_s, MIN(l.length_s) AS length_s
    FROM sessions AS s
    JOIN (
      SELECT p.course_no AS course_no, MIN(p.length_s) AS length_s
      FROM plan AS p
      WHERE p.length_s > 0
      GROUP BY p.course_no
    ) AS l ON l.course_no = s.course_no
    WHERE s.person_no IS NOT NULL AND s.copy = 0
    GROUP BY s.person_no, s.course_no
    HAVING MIN(s.timed) = 1 AND MAX(s.timed) = 1 AND MIN(s.start_s) >= $period_from_s AND MAX(s.end_s) <= $period_to_s
  ) AS k
  LEFT JOIN (
    SELECT DISTINCT n.person_no AS person_no FROM sessions AS n WHERE n.course_no IS NULL AND n.person_no IS NOT NULL
  ) AS x ON x.person_no = k.person_no
  WHERE x.person_no IS NULL AND k.net_s > 0 AND k.net_s * 100 >= $glance_percent * k.length_s
  GROUP BY k.person_no
) AS g
WHERE g.lessons >= $faster_courses;
