/*
title = { zh = "每人学习时间", en = "Study time of each person" }
why = { zh = "原始合计（raw_s）、期限内净时间（net_s）、按每次学习取整的时间（sitting_s），以及平台自己记录的总时长（total_s）。", en = "Raw sum, net time inside the period, time rounded down sitting by sitting, and the platform's own total." }
needs = ["sessions"]
params = ["unit_s"]
*/
-- sittings: those that add to net_s; last_s: when the last of them ended.
CREATE TABLE study (
  person_no BIGINT, sessions BIGINT, raw_s BIGINT, net_s BIGINT, sitting_s BIGINT, sittings BIGINT, last_s BIGINT,
  total_s BIGINT, active BIGINT
);
INSERT INTO study
SELECT
  s.person_no AS person_no,
  SUM(CASE WHEN s.copy = 0 THEN 1 ELSE 0 END) AS sessions,
  SUM(CASE WHEN s.copy = 0 AND s.timed > 0 THEN s.dur_s ELSE 0 END) AS raw_s,
  SUM(s.new_s) AS net_s,
  SUM(s.new_s - s.new_s % $unit_s) AS sitting_s,
  SUM(CASE WHEN s.new_s > 0 THEN 1 ELSE 0 END) AS sittings,
  MAX(CASE WHEN s.new_s > 0 THEN s.end_s END) AS last_s,
  MAX(s.total_s) AS total_s,
  MAX(CASE WHEN s.timed > 0 THEN 1 ELSE 0 END) AS active
FROM sessions AS s
WHERE s.person_no IS NOT NULL
GROUP BY s.person_no;
