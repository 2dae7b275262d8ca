/*
title = { zh = "课程相接处只计一次的时间", en = "Time counted once where lessons meet" }
why = { zh = "前一次还没结束、后一次已经开始，而重叠不超过容差的，多半是平台切换课程、时钟取整所致；零点切开而缺一秒的，和平台把最后一秒记作结束、每次少一秒的也是。这些秒数可能是记录方式少记的。", en = "Where the next session has begun before the one before ended, within the tolerance, a platform mostly changed courses or rounded its clock; a second lost where a session is cut at midnight, or at each session where the platform takes the last second for the end, is the same. The recording may have taken these seconds." }
needs = ["sessions", "clocks"]
params = ["period_from_s", "overlap_tolerance_s"]
*/
CREATE TABLE slack (person_no BIGINT, slack_s BIGINT);
INSERT INTO slack
SELECT q.person_no AS person_no, SUM(q.slack_s) AS slack_s
FROM (
  SELECT
    s.person_no AS person_no,
    CASE
      WHEN s.before_s > s.start_s AND s.before_s - s.start_s <= $overlap_tolerance_s AND s.start_s > $period_from_s
        THEN s.before_s - s.start_s
      WHEN s.before_s = s.start_s - 1 AND s.start_s % 86400 = 0 AND s.start_s > $period_from_s AND COALESCE(c.clipped, 0) = 0
        THEN 1
      ELSE 0
    END + CASE WHEN c.clipped = 1 AND s.dur_s % 60 = 59 THEN 1 ELSE 0 END AS slack_s
  FROM sessions AS s
  LEFT JOIN clocks AS c ON c.source_no = s.source_no
  WHERE s.timed > 0 AND s.copy = 0 AND s.new_s > 0
    AND (s.before_s >= s.start_s - 1 OR c.clipped = 1)
) AS q
WHERE q.slack_s > 0
GROUP BY q.person_no;
