/*
title = { zh = "待核对的人何时学习多久", en = "When those to be compared studied, and how long" }
why = { zh = "记录可能整体相同的人，同一时刻开始、时长相同的学习合为一行，逐次核对时每一时刻只比一次。", en = "Sessions of one person that begin at one moment and last equally long stand in one row, so that each moment of two records is compared once." }
needs = ["sessions", "copied_shifts"]
params = ["sitting_gap_s", "round_s"]
*/
-- sessions: how many; fresh: how many of them are fresh starts; sharp: 1 where the moment is no round mark of the clock.
CREATE TABLE copied_moments (
  person_no BIGINT, start_s BIGINT, dur_s BIGINT, sessions BIGINT, fresh BIGINT, sharp INTEGER
);
INSERT INTO copied_moments
SELECT
  s.person_no AS person_no, s.start_s AS start_s, s.dur_s AS dur_s, COUNT(s.row_id) AS sessions,
  COUNT(CASE WHEN s.before_s IS NULL OR s.start_s - s.before_s > $sitting_gap_s THEN s.row_id END) AS fresh,
  CASE WHEN s.start_s % $round_s <> 0 THEN 1 ELSE 0 END AS sharp
FROM sessions AS s
JOIN (
  SELECT k.person_no AS person_no
  FROM copied_shifts AS k
  UNION
  SELECT k.other_no AS person_no
  FROM copied_shifts AS k
) AS w ON w.person_no = s.person_no
WHERE s.timed > 0 AND s.copy = 0
GROUP BY s.person_no, s.start_s, s.dur_s;
