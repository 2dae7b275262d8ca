/*
title = { zh = "同时开始，还是前后脚开始", en = "At once, or one after another" }
why = { zh = "在同一时段学同样课程的人，多数是同时开始的，才可能步调相同；多数是前后脚进来的，是按课表上课。", en = "Of those who begin the same lessons in the same stretches of time, people in lock-step begin at once with most; in a class with a schedule most come in one after another." }
needs = ["start_cells"]
params = ["lockstep_s"]
*/
-- Of each person, three sittings in a row at a time. at_once, near: over all cells, with how many others all three began
-- at once, and how many there were. most, company: the most others at once, and their sum over all sittings; of the
-- two cells that a sitting is in the one that cuts off fewer counts.
CREATE TABLE companions (person_no INTEGER, at_once BIGINT, near BIGINT, most BIGINT, company BIGINT);
INSERT INTO companions
SELECT
  v.person_no AS person_no, SUM(v.at_once) AS at_once, SUM(v.near) AS near, MAX(v.best) AS most, SUM(v.best) AS company
FROM (
  SELECT
    w.row_id AS row_id, w.person_no AS person_no, SUM(w.at_once) AS at_once, SUM(w.near) AS near, MAX(w.at_once) AS best
  FROM (
    SELECT e.side AS side, e.row_id AS row_id, e.person_no AS person_no, COUNT(h.row_id) - 1 AS at_once,
      MIN(e.persons) - 1 AS near
    FROM start_cells AS e
    JOIN start_cells AS h ON h.side = e.side AND h.cell_no = e.cell_no
    WHERE h.first_s - e.first_s <= $lockstep_s AND e.first_s - h.first_s <= $lockstep_s
      AND h.second_s - e.second_s <= $lockstep_s AND e.second_s - h.second_s <= $lockstep_s
      AND h.third_s - e.third_s <= $lockstep_s AND e.third_s - h.third_s <= $lockstep_s
    GROUP BY e.side, e.row_id, e.person_no
  ) AS w
  GROUP BY w.row_id, w.person_no
) AS v
GROUP BY v.person_no;
