/*
title = { zh = "晚记离开的表", en = "Sheets that note the leave late" }
why = { zh = "一张表中许多学员都有前一次还没结束、后一次已经开始、而前一次不久就结束的重叠，说明是平台晚记离开、零点统一结束、按固定的几分钟记录或几台服务器的时钟不一致，不是哪一个人的事。", en = "Where many learners of a sheet have overlaps in which the next sitting has begun and the one before ends before long, the platform notes the leave late, closes what is open at midnight, writes rows of so many minutes, or has servers whose clocks differ: it tells of no one person." }
needs = ["sessions", "overlap_pairs"]
params = ["late_most_s", "late_persons", "late_percent"]
*/
CREATE TABLE late_leaves (source_no BIGINT, persons BIGINT, learners BIGINT);
INSERT INTO late_leaves
SELECT l.source_no AS source_no, l.persons AS persons, n.learners AS learners
FROM (
  SELECT b.source_no AS source_no, COUNT(DISTINCT o.person_no) AS persons
  FROM overlap_pairs AS o
  JOIN sessions AS b ON b.row_id = o.row_id
  WHERE o.left_s <= $late_most_s
  GROUP BY b.source_no
) AS l
JOIN (
  SELECT s.source_no AS source_no, COUNT(DISTINCT s.person_no) AS learners
  FROM sessions AS s
  WHERE s.timed > 0 AND s.copy = 0
  GROUP BY s.source_no
) AS n ON n.source_no = l.source_no
WHERE l.persons >= $late_persons AND l.persons * 100 >= $late_percent * n.learners;
