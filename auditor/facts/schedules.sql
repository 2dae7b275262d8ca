/*
title = { zh = "同时开始的课", en = "Lessons that begin together" }
why = { zh = "同一门课多人在同一秒开始，多半是直播或按课表开课；这样的开始时间不是学员自己选的，时钟规则不看。", en = "Where several people begin one course at the same second, it is a live class or a schedule; nobody chose that moment, and the clock rules leave it out." }
needs = ["sessions", "clocks"]
params = ["synthetic_mark_s", "schedule_persons"]
*/
-- Only of starts that a clock rule would look at. course_no -1: no course is named.
CREATE TABLE schedules (course_no BIGINT, start_s BIGINT);
INSERT INTO schedules
SELECT COALESCE(s.course_no, -1) AS course_no, s.start_s AS start_s
FROM sessions AS s
JOIN (
  SELECT COALESCE(r.course_no, -1) AS course_no, r.start_s AS start_s
  FROM sessions AS r
  JOIN clocks AS c ON c.source_no = r.source_no
  WHERE r.timed = 1 AND r.copy = 0 AND c.blunt = 0 AND (r.start_s % $synthetic_mark_s = 0 OR r.rhythm >= 2)
  GROUP BY COALESCE(r.course_no, -1), r.start_s
  HAVING COUNT(r.row_id) >= $schedule_persons
) AS k ON k.start_s = s.start_s AND k.course_no = COALESCE(s.course_no, -1)
WHERE s.timed = 1 AND s.copy = 0
GROUP BY COALESCE(s.course_no, -1), s.start_s
HAVING COUNT(DISTINCT s.person_no) >= $schedule_persons;
