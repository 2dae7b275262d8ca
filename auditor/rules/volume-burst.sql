/*
title = { zh = "一天内合格人数突增", en = "Far more passes on one day than usual" }
why = { zh = "某一天第一次合格的人数，是有人合格的各天的中位数的许多倍。湖北咸宁的审计曾以“短时间内大量发证”为线索查出问题。期限最后一天、统一组织的考核、成绩集中录入也会这样，所以只针对整份数据提示，不针对任何一个人。", en = "On one day many times as many people first passed as on the median of the days with any pass. An audit in Xianning started from just that, a mass of certificates in a short time. The last day of the period, an exam held for all, or marks entered together do the same, so it is a note about the data as a whole and about no single person." }
fix = { zh = "问平台和组织单位当天是否统一考核；核对当天在线人数、服务器日志和监考安排；从当天合格的人中抽取几人电话回访。", en = "Ask platform and organiser whether an exam was held for all that day; look at the number of people online, the server log and the invigilation; call some of those who passed that day." }
false_positives = { zh = "统一组织的考核；培训期限最后一天；成绩集中录入。", en = "An exam held for all; the last day of the period; marks entered together." }
message = { zh = "{start_s:date} 有 {measured} 人第一次合格；有人合格的 {n1} 天中，每天人数的中位数是 {n2}", en = "On {start_s:date} {measured} people first passed; the median of the {n1} days with any pass is {n2}" }
class = "lead"
population = "all"
subject = "file"
unit = "count"
reads = ["exams.id_number|exams.account", "exams.$grade", "exams.taken_at"]
key = ["table_name", "start_s"]
rests_on = [{ rows = "first_passes", on = ["table_name", "day_s"], from = ["table_name", "start_s"] }]
params = { burst_times = { unit = "times", stricter = "down" }, burst_persons = { unit = "persons", stricter = "down" }, burst_days = { unit = "days", stricter = "down" } }
since = "0.2.0"
*/
SELECT
  'exams' AS table_name, d.day_s AS start_s, d.persons AS measured, $burst_times * m.persons AS limit_value,
  m.days AS n1, m.persons AS n2
FROM (
  SELECT f.day_s AS day_s, COUNT(f.person_no) AS persons
  FROM first_passes AS f
  GROUP BY f.day_s
) AS d
CROSS JOIN (
  SELECT MIN(v.persons) AS persons, MIN(v.days) AS days
  FROM (
    SELECT a.persons AS persons, COUNT(b.day_s) AS days, SUM(CASE WHEN b.persons <= a.persons THEN 1 ELSE 0 END) AS lower
    FROM (
      SELECT f.day_s AS day_s, COUNT(f.person_no) AS persons
      FROM first_passes AS f
      GROUP BY f.day_s
    ) AS a
    CROSS JOIN (
      SELECT f.day_s AS day_s, COUNT(f.person_no) AS persons
      FROM first_passes AS f
      GROUP BY f.day_s
    ) AS b
    GROUP BY a.day_s, a.persons
  ) AS v
  WHERE 2 * v.lower > v.days
) AS m
WHERE m.days >= $burst_days AND d.persons >= $burst_persons AND d.persons >= $burst_times * m.persons
