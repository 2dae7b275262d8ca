/*
title = { zh = "同一时段开始同样课程的人", en = "People who begin the same lessons in the same half-hours" }
why = { zh = "接连三次都在同一时段开始同一门课的人放在一格；一格里的人太多，是按课表上课。时段错开半格再分一次，免得两人恰好被分在两边。", en = "Who began the same courses in the same stretches of time three sittings in a row shares a cell; more people than a group may have keep a schedule. Stretches are laid twice, half a length apart, so that no edge parts two people who belong together." }
needs = ["start_triples"]
params = ["sitting_gap_s", "lockstep_group"]
*/
-- cell_no: the smallest row_id of the cell; persons: how many share it. A cell's people cannot be a group of the
-- greatest size and its majority at once where there are twice as many.
CREATE TABLE start_cells (
  row_id BIGINT, person_no INTEGER, side INTEGER, cell_no BIGINT, persons BIGINT, first_s BIGINT, second_s BIGINT,
  third_s BIGINT
);
INSERT INTO start_cells
SELECT
  n.row_id AS row_id, n.person_no AS person_no, n.side AS side, n.cell_no AS cell_no, n.persons AS persons,
  n.first_s AS first_s, n.second_s AS second_s, n.third_s AS third_s
FROM (
  SELECT
    c.row_id AS row_id, c.person_no AS person_no, c.side AS side, c.first_s AS first_s, c.second_s AS second_s,
    c.third_s AS third_s, MIN(c.row_id) OVER cell AS cell_no, COUNT(c.row_id) OVER cell AS persons
  FROM (
    SELECT
      t.row_id AS row_id, t.person_no AS person_no, g.side AS side, t.first_s AS first_s, t.second_s AS second_s,
      t.third_s AS third_s, t.first_course AS first_course, t.second_course AS second_course,
      t.third_course AS third_course,
      2 * t.first_s + g.side * $sitting_gap_s - (2 * t.first_s + g.side * $sitting_gap_s) % (2 * $sitting_gap_s) AS first_cell,
      2 * t.second_s + g.side * $sitting_gap_s - (2 * t.second_s + g.side * $sitting_gap_s) % (2 * $sitting_gap_s) AS second_cell,
      2 * t.third_s + g.side * $sitting_gap_s - (2 * t.third_s + g.side * $sitting_gap_s) % (2 * $sitting_gap_s) AS third_cell
    FROM start_triples AS t
    CROSS JOIN (SELECT 0 AS side UNION ALL SELECT 1 AS side) AS g
    WHERE t.first_course IS NOT NULL AND t.second_course IS NOT NULL AND t.third_course IS NOT NULL
  ) AS c
  WINDOW cell AS (
    PARTITION BY c.side, c.first_cell, c.second_cell, c.third_cell, c.first_course, c.second_course, c.third_course
  )
) AS n
WHERE n.persons >= 2 AND n.persons < 2 * $lockstep_group;
