/*
title = { zh = "整体平移后相同的记录", en = "Records that are each other's copy, shifted" }
why = { zh = "接连三次坐下来学习的间隔和时长逐秒相同的人，再把两人的全部学习逐次核对：整体相差同一时间、时长相同的有多少次。", en = "Whose three sittings in a row have the same gaps and the same lengths to the second are compared session by session: how many of the one's are the other's, moved by the same time and of the same length." }
needs = ["copied_shifts", "copied_moments", "study"]
params = ["copied_sessions", "copied_percent", "shared_starts"]
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
      k.person_no AS person_no, k.other_no AS other_no, k.shift_s AS shift_s, SUM(a.sessions) AS own,
      SUM(b.sessions) AS others
    FROM copied_shifts AS k
    JOIN copied_moments AS a ON a.person_no = k.person_no
    JOIN copied_moments AS b ON b.person_no = k.other_no AND b.start_s = a.start_s + k.shift_s AND b.dur_s = a.dur_s
    GROUP BY k.person_no, k.other_no, k.shift_s
    HAVING SUM(CASE WHEN a.sharp + b.sharp > 0 THEN a.sessions END) >= $copied_sessions
      AND SUM(CASE WHEN a.sharp + b.sharp > 0 AND b.fresh > 0 THEN a.fresh END) >= $shared_starts
  ) AS m
  JOIN study AS n ON n.person_no = m.person_no
  JOIN study AS o ON o.person_no = m.other_no
) AS v
CROSS JOIN (SELECT 0 AS turned UNION ALL SELECT 1 AS turned) AS y
WHERE 100 * v.times >= $copied_percent * v.sessions;
