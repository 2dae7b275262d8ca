/*
title = { zh = "课程相接处只计一次的时间", en = "Time counted once where lessons meet" }
why = { zh = "前一次还没结束、后一次已经开始，而重叠不超过容差的，多半是平台切换课程、时钟取整所致；零点切开而缺一秒的也是。这些秒数可能是记录方式少记的。", en = "Where the next session has begun before the one before ended, within the tolerance, a platform mostly changed courses or rounded its clock; a second lost where a session is cut at midnight is the same. The recording may have taken these seconds." }
needs = ["sessions"]
params = ["period_from_s", "overlap_tolerance_s"]
*/
CREATE TABLE slack (person_no BIGINT, slack_s BIGINT);
INSERT INTO slack
SELECT
  s.person_no AS person_no,
  SUM(CASE WHEN s.before_s > s.start_s THEN s.before_s - s.start_s ELSE 1 END) AS slack_s
FROM sessions AS s
WHERE s.timed > 0 AND s.copy = 0 AND s.new_s > 0 AND s.start_s > $period_from_s
  AND (
    (s.before_s > s.start_s AND s.before_s - s.start_s <= $overlap_tolerance_s)
    OR (s.before_s = s.start_s - 1 AND s.start_s % 86400 = 0)
  )
GROUP BY s.person_no;
