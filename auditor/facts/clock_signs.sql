/*
title = { zh = "每人开始学习的钟点", en = "When each person begins" }
why = { zh = "一个人自己开始的学习里，有多少在整五分钟的零秒开始，多少次停顿或间隔与前一两次相同到秒，多少次在几天的同一秒开始。自动连播、直播课和只记到分钟的表不算。", en = "Of the sittings that a person began: how many on a round mark, how many after the same pause or step, how many at the same second of another day. Autoplay, live classes and sheets cut to minutes are left out." }
needs = ["sessions", "clocks", "schedules"]
params = ["autoplay_s", "synthetic_sessions", "synthetic_percent", "synthetic_repeats", "synthetic_mark_s"]
*/
-- sign: 1 round starts, 2 one pause or step within a day, 3 one second of the day that is not round, 0 none; of and
-- shown: out of how many, and how many. readable: there are enough starts to tell.
CREATE TABLE clock_signs (person_no BIGINT, sign BIGINT, shown BIGINT, seen BIGINT, readable BIGINT);
INSERT INTO clock_signs
SELECT
  g.person_no AS person_no, g.sign AS sign,
  CASE g.sign WHEN 1 THEN g.rounds WHEN 2 THEN g.beats WHEN 3 THEN g.dailies ELSE 0 END AS shown,
  CASE g.sign WHEN 2 THEN g.pauses ELSE g.starts END AS seen,
  CASE WHEN g.starts >= $synthetic_sessions THEN 1 ELSE 0 END AS readable
FROM (
  SELECT
    n.person_no AS person_no, n.starts AS starts, n.rounds AS rounds, n.pauses AS pauses, n.beats AS beats,
    n.dailies AS dailies,
    CASE
      WHEN n.starts < $synthetic_sessions THEN 0
      WHEN n.rounds * 100 >= $synthetic_percent * n.starts THEN 1
      WHEN n.beats >= $synthetic_repeats AND n.beats * 100 >= $synthetic_percent * n.pauses THEN 2
      WHEN n.dailies >= $synthetic_repeats AND n.dailies * 100 >= $synthetic_percent * n.starts THEN 3
      ELSE 0
    END AS sign
  FROM (
    SELECT
      s.person_no AS person_no, COUNT(s.row_id) AS starts,
      SUM(CASE WHEN s.start_s % $synthetic_mark_s = 0 THEN 1 ELSE 0 END) AS rounds,
      SUM(CASE WHEN s.start_s - s.before_s <= s.start_s % 86400 THEN 1 ELSE 0 END) AS pauses,
      SUM(CASE WHEN s.start_s - s.before_s <= s.start_s % 86400 AND s.rhythm % 4 >= 2 THEN 1 ELSE 0 END) AS beats,
      SUM(CASE WHEN s.rhythm >= 4 AND s.start_s % $synthetic_mark_s > 0 THEN 1 ELSE 0 END) AS dailies
    FROM sessions AS s
    JOIN clocks AS c ON c.source_no = s.source_no
    LEFT JOIN schedules AS k ON k.start_s = s.start_s AND k.course_no = COALESCE(s.course_no, -1)
    WHERE s.timed = 1 AND s.copy = 0 AND c.blunt = 0 AND k.start_s IS NULL
      AND (s.before_s IS NULL OR s.start_s - s.before_s > $autoplay_s)
    GROUP BY s.person_no
  ) AS n
) AS g;
