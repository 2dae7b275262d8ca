/*
title = { zh = "整体平移后相同的记录", en = "Records that are each other's copy, shifted" }
why = { zh = "接连三次坐下来学习的间隔和时长逐秒相同的人，再把两人的全部学习逐次核对：整体相差同一时间、时长相同的有多少次。", en = "Whose three sittings in a row have the same gaps and the same lengths to the second are compared session by session: how many of the one's are the other's, moved by the same time and of the same length." }
needs = ["sessions", "start_triples", "study"]
params = ["copied_sessions", "copied_percent", "shared_starts", "sitting_gap_s", "round_s"]
*/
-- Each with the first of those who share three sittings (first_no), both ways. shift_s: how much later other_no studied;
-- times: sessions that agree; sessions: of the one who has fewer.
CREATE TABLE alike (
  person_no BIGINT, other_no BIGINT, first_no BIGINT, shift_s BIGINT, times BIGINT, sessions BIGINT
);
INSERT INTO alike
SELECT
  CASE WHEN y.turned = 0 THEN v.person_no ELSE v.other_no END AS person_no,
  CASE WHEN y.turned = 0 THEN v.other_no ELSE v.person_no END AS other_no, v.person_no AS first_no,
  CASE WHEN y.turned = 0 THEN v.shift_s ELSE 0 - v.shift_s END AS shift_s, v.times AS times, v.sessions AS sessions
FROM (
  SELECT
    m.person_no AS person_no, m.other_no AS other_no, m.shift_s AS shift_s,
    CASE WHEN m.own < m.others THEN m.own ELSE m.others END AS times,
    CASE WHEN n.sessions < o.sessions THEN n.sessions ELSE o.sessions END AS sessions
  FROM (
    SELECT
      k.person_no AS person_no, k.other_no AS other_no, k.shift_s AS shift_s, COUNT(DISTINCT a.row_id) AS own,
      COUNT(DISTINCT b.row_id) AS others
    FROM (
      SELECT DISTINCT c.person_no AS person_no, d.person_no AS other_no, d.third_s - c.third_s AS shift_s
      FROM (
        SELECT
          MIN(e.person_no) AS person_no, e.second_s - e.first_s AS first_gap, e.third_s - e.second_s AS second_gap,
          e.first_dur AS first_dur, e.second_dur AS second_dur, e.third_dur AS third_dur
        FROM start_triples AS e
        GROUP BY e.second_s - e.first_s, e.third_s - e.second_s, e.first_dur, e.second_dur, e.third_dur
        HAVING MIN(e.person_no) < MAX(e.person_no)
      ) AS q
      JOIN start_triples AS c ON c.person_no = q.person_no AND c.second_s - c.first_s = q.first_gap
        AND c.third_s - c.second_s = q.second_gap AND c.first_dur = q.first_dur AND c.second_dur = q.second_dur
        AND c.third_dur = q.third_dur
      JOIN start_triples AS d ON d.second_s - d.first_s = q.first_gap AND d.third_s - d.second_s = q.second_gap
        AND d.first_dur = q.first_dur AND d.second_dur = q.second_dur AND d.third_dur = q.third_dur
      WHERE d.person_no <> c.person_no
    ) AS k
    JOIN sessions AS a ON a.person_no = k.person_no
    JOIN sessions AS b ON b.person_no = k.other_no AND b.start_s = a.start_s + k.shift_s AND b.dur_s = a.dur_s
    WHERE a.timed > 0 AND a.copy = 0 AND b.timed > 0 AND b.copy = 0
    GROUP BY k.person_no, k.other_no, k.shift_s
    HAVING COUNT(DISTINCT CASE WHEN a.start_s % $round_s <> 0 OR b.start_s % $round_s <> 0 THEN a.row_id END) >= $copied_sessions
      AND COUNT(DISTINCT CASE
        WHEN (a.before_s IS NULL OR a.start_s - a.before_s > $sitting_gap_s)
          AND (b.before_s IS NULL OR b.start_s - b.before_s > $sitting_gap_s)
          AND (a.start_s % $round_s <> 0 OR b.start_s % $round_s <> 0) THEN a.row_id
      END) >= $shared_starts
  ) AS m
  JOIN study AS n ON n.person_no = m.person_no
  JOIN study AS o ON o.person_no = m.other_no
) AS v
CROSS JOIN (SELECT 0 AS turned UNION ALL SELECT 1 AS turned) AS y
WHERE 100 * v.times >= $copied_percent * v.sessions;
