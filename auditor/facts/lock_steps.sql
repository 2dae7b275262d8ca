/*
title = { zh = "步调相同的两人", en = "Pairs in lock-step" }
why = { zh = "接连三次同时坐下来学习的两人，再逐次核对：有多少次学习是同一门课、同时开始的；两人地址不同的，要相差更近才算同时。周围学同样课程的人大多只是前后脚开始的，是按课表上课，不算。", en = "Two people who sat down together three times in a row are compared session by session: how many they began together on the same course; from two addresses they must be closer to be together. Where most of those around them who took the same lessons came in one after another, there was a schedule, and it does not count." }
needs = ["sessions", "start_cells", "companions"]
params = ["lockstep_s", "lockstep_far_s", "lockstep_sessions", "lockstep_percent", "shared_starts", "sitting_gap_s", "round_s"]
*/
-- Each pair both ways. times: sessions begun together; sessions: of the one who has fewer. Round marks of the clock do not
-- testify.
CREATE TABLE lock_steps (person_no BIGINT, other_no BIGINT, times BIGINT, sessions BIGINT);
INSERT INTO lock_steps
SELECT
  CASE WHEN y.turned = 0 THEN v.person_no ELSE v.other_no END AS person_no,
  CASE WHEN y.turned = 0 THEN v.other_no ELSE v.person_no END AS other_no, v.times AS times, v.sessions AS sessions
FROM (
  SELECT
    m.person_no AS person_no, m.other_no AS other_no,
    CASE WHEN m.own < m.others THEN m.own ELSE m.others END AS times,
    CASE WHEN n.sessions < o.sessions THEN n.sessions ELSE o.sessions END AS sessions
  FROM (
    SELECT
      g.person_no AS person_no, g.other_no AS other_no, SUM(CASE WHEN g.side = 0 THEN g.counts ELSE 0 END) AS own,
      SUM(CASE WHEN g.side = 1 THEN g.counts ELSE 0 END) AS others
    FROM (
      SELECT
        k.person_no AS person_no, k.other_no AS other_no, t.side AS side,
        CASE WHEN t.side = 0 THEN a.row_id ELSE b.row_id END AS row_id,
        MAX(CASE WHEN CASE WHEN t.side = 0 THEN a.start_s ELSE b.start_s END % $round_s <> 0 THEN 1 ELSE 0 END) AS counts,
        MAX(CASE
          WHEN t.side = 0 AND (a.before_s IS NULL OR a.start_s - a.before_s > $sitting_gap_s)
            AND (b.before_s IS NULL OR b.start_s - b.before_s > $sitting_gap_s)
            AND (a.start_s % $round_s <> 0 OR b.start_s % $round_s <> 0) THEN 1
          ELSE 0
        END) AS afresh
      FROM (
        SELECT DISTINCT c.person_no AS person_no, d.person_no AS other_no
        FROM start_cells AS c
        JOIN start_cells AS d ON d.side = c.side AND d.cell_no = c.cell_no
        JOIN companions AS p ON p.person_no = c.person_no
        JOIN companions AS q ON q.person_no = d.person_no
        WHERE c.person_no < d.person_no AND 100 * p.at_once >= $lockstep_percent * p.near
          AND 100 * q.at_once >= $lockstep_percent * q.near
          AND d.first_s - c.first_s <= $lockstep_s AND c.first_s - d.first_s <= $lockstep_s
          AND d.second_s - c.second_s <= $lockstep_s AND c.second_s - d.second_s <= $lockstep_s
          AND d.third_s - c.third_s <= $lockstep_s AND c.third_s - d.third_s <= $lockstep_s
      ) AS k
      JOIN sessions AS a ON a.person_no = k.person_no
      JOIN sessions AS b ON b.person_no = k.other_no AND b.course_no = a.course_no
      CROSS JOIN (SELECT 0 AS side UNION ALL SELECT 1 AS side) AS t
      WHERE a.timed > 0 AND a.copy = 0 AND b.timed > 0 AND b.copy = 0
        AND b.start_s - a.start_s <= $lockstep_s AND a.start_s - b.start_s <= $lockstep_s
        AND (
          a.address_no IS NULL OR b.address_no IS NULL OR a.address_no = b.address_no
          OR (b.start_s - a.start_s <= $lockstep_far_s AND a.start_s - b.start_s <= $lockstep_far_s)
        )
      GROUP BY k.person_no, k.other_no, t.side, CASE WHEN t.side = 0 THEN a.row_id ELSE b.row_id END
    ) AS g
    GROUP BY g.person_no, g.other_no
    HAVING SUM(g.afresh) >= $shared_starts
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
CROSS JOIN (SELECT 0 AS turned UNION ALL SELECT 1 AS turned) AS y
WHERE v.times >= $lockstep_sessions AND 100 * v.times >= $lockstep_percent * v.sessions;
