/*
title = { zh = "课时的三种读法", en = "Three readings of a class hour" }
why = { zh = "累计：净时间折成课时；按次：每次学习不足一课时的零头不计；按课：计划中的每一课学满才计。三种都印在报告上。", en = "Cumulative, per sitting, per lesson; all three are printed." }
needs = ["study", "planned", "lessons"]
params = ["unit_s", "required_s", "reading"]
*/
-- counted_s and passes are those of the deciding reading: 0 cumulative, 1 per sitting, 2 per lesson of the plan.
-- lesson_s is null where the plan cannot carry the reading (no plan, or fewer class hours than the notice wants). A
-- lesson is credited once its net time reaches its class hours; a course of several hours hour by hour, up to the plan.
CREATE TABLE readings (
  person_no BIGINT, net_s BIGINT, cumulative_s BIGINT, sitting_s BIGINT, lesson_s BIGINT, counted_s BIGINT,
  cumulative_passes BIGINT, sitting_passes BIGINT, lesson_passes BIGINT, passes BIGINT
);
INSERT INTO readings
SELECT
  g.person_no AS person_no, g.net_s AS net_s, g.cumulative_s AS cumulative_s, g.sitting_s AS sitting_s,
  g.lesson_s AS lesson_s, g.counted_s AS counted_s,
  CASE WHEN g.cumulative_s >= $required_s THEN 1 ELSE 0 END AS cumulative_passes,
  CASE WHEN g.sitting_s >= $required_s THEN 1 ELSE 0 END AS sitting_passes,
  CASE WHEN g.lesson_s IS NULL THEN NULL WHEN g.lesson_s >= $required_s THEN 1 ELSE 0 END AS lesson_passes,
  CASE WHEN g.counted_s IS NULL THEN NULL WHEN g.counted_s >= $required_s THEN 1 ELSE 0 END AS passes
FROM (
  SELECT
    r.person_no AS person_no, r.net_s AS net_s, r.net_s - r.net_s % $unit_s AS cumulative_s,
    r.sitting_s AS sitting_s, r.lesson_s AS lesson_s,
    CASE $reading WHEN 1 THEN r.sitting_s WHEN 2 THEN r.lesson_s ELSE r.net_s - r.net_s % $unit_s END AS counted_s
  FROM (
    SELECT
      p.person_no AS person_no, COALESCE(t.net_s, 0) AS net_s, COALESCE(t.sitting_s, 0) AS sitting_s,
      CASE WHEN c.planned_s >= $required_s THEN COALESCE(l.lesson_s, 0) END AS lesson_s
    FROM people AS p
    CROSS JOIN (SELECT COALESCE(SUM(q.planned_s), 0) AS planned_s FROM planned AS q) AS c
    LEFT JOIN study AS t ON t.person_no = p.person_no
    LEFT JOIN (
      SELECT
        k.person_no AS person_no,
        SUM(CASE WHEN k.net_s - k.net_s % $unit_s > d.planned_s THEN d.planned_s ELSE k.net_s - k.net_s % $unit_s END)
          AS lesson_s
      FROM lessons AS k
      JOIN planned AS d ON d.course_no = k.course_no
      GROUP BY k.person_no
    ) AS l ON l.person_no = p.person_no
  ) AS r
) AS g;
