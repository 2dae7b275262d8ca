/*
title = { zh = "步调相同的两人", en = "Pairs in lock-step" }
why = { zh = "接连三次同时坐下来学习、而且在同一时段学同样课程的人里占多数的，才逐次核对：两人有多少次学习是同一门课、同时开始的。多数人只是前后脚进来的，是按课表上课，不算。", en = "Only people who sat down together three times in a row, and who are the majority of those who began the same lessons in the same stretch of time, are compared session by session: how many they began together on the same course. Where most came in one after another there was a schedule, and it does not count." }
needs = ["sessions", "start_cells"]
params = ["lockstep_s", "lockstep_sessions", "lockstep_percent", "round_s"]
*/
-- times: sessions begun together; sessions: of the one who has fewer. Round marks of the clock do not testify.
CREATE TABLE lock_steps (person_no BIGINT, other_no BIGINT, times BIGINT, sessions BIGINT);
INSERT INTO lock_steps
SELECT v.person_no AS person_no, v.other_no AS other_no, v.times AS times, v.sessions AS sessions
FROM (
  SELECT
    m.person_no AS person_no, m.other_no AS other_no,
    CASE WHEN m.own < m.others THEN m.own ELSE m.others END AS times,
    CASE WHEN n.sessions < o.sessions THEN n.sessions ELSE o.sessions END AS sessions
  FROM (
    SELECT
      k.person_no AS person_no, k.other_no AS other_no,
      COUNT(DISTINCT CASE WHEN a.start_s % $round_s <> 0 THEN a.row_id END) AS own,
      COUNT(DISTINCT CASE WHEN b.start_s % $round_s <> 0 THEN b.row_id END) AS others
    FROM (
      SELECT DISTINCT
        CASE WHEN c.person_no < d.person_no THEN c.person_no ELSE d.person_no END AS person_no,
        CASE WHEN c.person_no < d.person_no THEN d.person_no ELSE c.person_no END AS other_no
      FROM (
        SELECT e.side AS side, e.cell_no AS cell_no, e.row_id AS row_id, COUNT(h.row_id) AS together
        FROM start_cells AS e
        JOIN start_cells AS h ON h.side = e.side AND h.cell_no = e.cell_no
        WHERE h.first_s - e.first_s <= $lockstep_s AND e.first_s - h.first_s <= $lockstep_s
          AND h.second_s - e.second_s <= $lockstep_s AND e.second_s - h.second_s <= $lockstep_s
          AND h.third_s - e.third_s <= $lockstep_s AND e.third_s - h.third_s <= $lockstep_s
        GROUP BY e.side, e.cell_no, e.row_id
        HAVING COUNT(h.row_id) >= 2 AND 2 * COUNT(h.row_id) > MIN(e.persons)
      ) AS q
      JOIN start_cells AS c ON c.side = q.side AND c.row_id = q.row_id
      JOIN start_cells AS d ON d.side = q.side AND d.cell_no = q.cell_no
      WHERE d.person_no <> c.person_no
        AND d.first_s - c.first_s <= $lockstep_s AND c.first_s - d.first_s <= $lockstep_s
        AND d.second_s - c.second_s <= $lockstep_s AND c.second_s - d.second_s <= $lockstep_s
        AND d.third_s - c.third_s <= $lockstep_s AND c.third_s - d.third_s <= $lockstep_s
    ) AS k
    JOIN sessions AS a ON a.person_no = k.person_no
    JOIN sessions AS b ON b.person_no = k.other_no AND b.course_no = a.course_no
    WHERE a.timed > 0 AND a.copy = 0 AND b.timed > 0 AND b.copy = 0
      AND b.start_s - a.start_s <= $lockstep_s AND a.start_s - b.start_s <= $lockstep_s
    GROUP BY k.person_no, k.other_no
    HAVING COUNT(DISTINCT a.row_id) >= $lockstep_sessions
  ) AS m
  JOIN (
    SELECT r.person_no AS person_no, COUNT(r.row_id) AS sessions
    FROM sessions AS r
    WHERE r.timed > 0 AND r.copy = 0 AND r.start_s % $round_s <> 0 AND r.course_no IS NOT NULL
    GROUP BY r.person_no
  ) AS n ON n.person_no = m.person_no
  JOIN (
    SELECT u.person_no AS person_no, COUNT(u.row_id) AS sessions
    FROM sessions AS u
    WHERE u.timed > 0 AND u.copy = 0 AND u.start_s % $round_s <> 0 AND u.course_no IS NOT NULL
    GROUP BY u.person_no
  ) AS o ON o.person_no = m.other_no
) AS v
WHERE v.times >= $lockstep_sessions AND 100 * v.times >= $lockstep_percent * v.sessions;
