/*
title = { zh = "课时要靠重复学习才够", en = "Class hours suffice only with repeats" }
why = { zh = "审计人员设定了一门课的学习时间最多按课程时长的百分之几计（通知没有规定）：超出部分不计，此人的课时就不够。没有写明时长的课按全部时间计。韩国等地的规定把一门课的时间封顶在课程时长。", en = "The auditor set up to what percentage of its length the time on a course counts (the notice names none): without what lies beyond, this person's class hours do not suffice. A course without a length counts in full. Korean rules cap a course at its length." }
fix = { zh = "请平台提供该学员这些课的播放日志，看是反复学习、暂停停留还是同一段反复播放；请本人说明。", en = "Ask the platform for its playback log of these courses: studied again, paused, or one part played over and over; ask the person." }
false_positives = { zh = "暂停做笔记、复习、课后练习和讨论计入时长、课程表所列时长不含练习或写错。", en = "Pauses for notes, revision, exercises and discussion counted in, a length that leaves out exercises or is mistyped." }
message = { zh = "净学习 {measured:hms} 够 {limit_value:units} 课时，但 {n1} 门课的时间超过课程时长的 {n3}%（这些课共学 {n2:hms}），超出部分不计则不够", en = "Net study {measured:hms} makes the {limit_value:units} class hours, but {n1} courses took more than {n3} % of their length ({n2:hms} in all); without what lies beyond it does not suffice" }
class = "breach"
population = "claimed"
subject = "person"
unit = "s"
reads = ["courses.course", "courses.minutes", "sessions.course", "sessions.start_at", "sessions.end_at|sessions.duration"]
key = ["person_no"]
rests_on = [{ table = "sessions", on = ["person_no"], where = "e.new_s > 0" }, { table = "claims", on = ["person_no"] }]
params = { review_percent = { unit = "%", stricter = "down" }, required_s = { unit = "s", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  k.person_no AS person_no, k.net_s AS measured, $required_s AS limit_value, k.courses AS n1, k.long_s AS n2,
  $review_percent AS n3
FROM (
  SELECT
    c.person_no AS person_no, SUM(c.net_s) AS net_s,
    SUM(CASE WHEN c.net_s * 100 > l.length_s * $review_percent THEN 1 ELSE 0 END) AS courses,
    SUM(CASE WHEN c.net_s * 100 > l.length_s * $review_percent THEN c.net_s ELSE 0 END) AS long_s,
    SUM(
      CASE WHEN c.net_s * 100 > l.length_s * $review_percent THEN l.length_s * $review_percent ELSE c.net_s * 100 END
    ) AS capped_c
  FROM (
    SELECT s.person_no AS person_no, s.course_no AS course_no, SUM(s.new_s) AS net_s
    FROM sessions AS s
    WHERE s.new_s > 0
    GROUP BY s.person_no, s.course_no
  ) AS c
  JOIN people AS p ON p.person_no = c.person_no
  LEFT JOIN (
    SELECT d.course_no AS course_no, SUM(d.length_s) AS length_s
    FROM plan AS d
    WHERE d.course_no IS NOT NULL
    GROUP BY d.course_no
    HAVING COUNT(d.length_s) = COUNT(d.row_id)
  ) AS l ON l.course_no = c.course_no
  WHERE p.judged = 1
  GROUP BY c.person_no
) AS k
WHERE k.net_s >= $required_s AND k.capped_c < $required_s * 100
