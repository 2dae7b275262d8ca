/*
title = { zh = "次序不变、相继开始的人", en = "People who begin one after another, always in the same order" }
why = { zh = "在同一时段开始同样课程的人中，找接连三次都紧跟在同一个人之后开始的：一屋子人各自点开始，先后次序每次不同；一人按名单依次打开账号，次序不变。", en = "Among those who begin the same lessons in the same stretches of time: who began right after the same person three sittings in a row. In a room where everybody presses play the order changes each time; where one person opens account after account from a list, it does not." }
needs = ["start_cells"]
params = ["lockstep_s", "order_least_s", "order_persons"]
*/
-- Each pair of neighbours twice: after 1 is of the one who follows, 0 of the one before. row_id, other_row_id: the third
-- sittings of the two; people: how many follow somebody so in that stretch, and the first.
CREATE TABLE fixed_orders (
  row_id BIGINT, person_no INTEGER, other_row_id BIGINT, other_no INTEGER, after BIGINT, people BIGINT
);
INSERT INTO fixed_orders
SELECT
  CASE WHEN y.after = 1 THEN n.row_id ELSE n.other_row_id END AS row_id,
  CASE WHEN y.after = 1 THEN n.person_no ELSE n.other_no END AS person_no,
  CASE WHEN y.after = 1 THEN n.other_row_id ELSE n.row_id END AS other_row_id,
  CASE WHEN y.after = 1 THEN n.other_no ELSE n.person_no END AS other_no, y.after AS after, MAX(n.people) AS people
FROM (
  SELECT
    t.row_id AS row_id, t.person_no AS person_no, t.other_row_id AS other_row_id, t.third_no AS other_no,
    1 + COUNT(t.row_id) OVER (PARTITION BY t.side, t.cell_no) AS people
  FROM (
    SELECT
      c.row_id AS row_id, c.person_no AS person_no, c.side AS side, c.cell_no AS cell_no,
      c.first_s - LAG(c.first_s) OVER first_ones AS first_gap_s, LAG(c.person_no) OVER first_ones AS first_no,
      c.second_s - LAG(c.second_s) OVER second_ones AS second_gap_s, LAG(c.person_no) OVER second_ones AS second_no,
      c.third_s - LAG(c.third_s) OVER third_ones AS third_gap_s, LAG(c.person_no) OVER third_ones AS third_no,
      LAG(c.row_id) OVER third_ones AS other_row_id
    FROM start_cells AS c
    WHERE c.persons > $order_persons
    WINDOW
      first_ones AS (PARTITION BY c.side, c.cell_no ORDER BY c.first_s, c.row_id),
      second_ones AS (PARTITION BY c.side, c.cell_no ORDER BY c.second_s, c.row_id),
      third_ones AS (PARTITION BY c.side, c.cell_no ORDER BY c.third_s, c.row_id)
  ) AS t
  WHERE t.first_no = t.third_no AND t.second_no = t.third_no
    AND t.first_gap_s >= $order_least_s AND t.first_gap_s <= $lockstep_s
    AND t.second_gap_s >= $order_least_s AND t.second_gap_s <= $lockstep_s
    AND t.third_gap_s >= $order_least_s AND t.third_gap_s <= $lockstep_s
) AS n
CROSS JOIN (SELECT 1 AS after UNION ALL SELECT 0 AS after) AS y
WHERE n.people > $order_persons
GROUP BY n.row_id, n.person_no, n.other_row_id, n.other_no, y.after;
