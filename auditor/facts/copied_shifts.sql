/*
title = { zh = "可能整体相同的两人", en = "Pairs whose records may be one" }
why = { zh = "有接连三次坐下来学习的间隔和时长逐秒相同的人，各与其中编号最小的一人配成一对，记下相差的时间，好逐次核对，而不必两两比较。", en = "Whose three sittings in a row have the same gaps and the same lengths to the second is paired with the first of those people, with the time between the two, so that records are compared without comparing everybody with everybody." }
needs = ["start_triples"]
params = []
*/
-- shift_s: how much later other_no studied; several shifts a pair where a record repeats itself.
CREATE TABLE copied_shifts (person_no BIGINT, other_no BIGINT, shift_s BIGINT);
INSERT INTO copied_shifts
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
WHERE d.person_no <> c.person_no;
