/*
title = { zh = "缺少规定的培训内容", en = "Required topic not among the courses" }
why = { zh = "通知规定培训应包含的内容，教学计划和学习记录中没有一门课的名称或类别看得出是这一内容。通知的列举以“等”结尾或只说“融入”，课程名也未必写明内容，所以只作提示。没有写明其他内容的课，算作岗位技能。", en = "A topic that training is to include, which no course of the plan or of the study record names or is classed as. The notice's list is open or asks only that topics be woven in, and a course's name need not tell its content: a note. A course that tells of no other topic counts as job skills." }
fix = { zh = "看教学计划、课件目录或课件本身，是否在别的课里讲了这一内容。", en = "Look at the plan, the list of course material or the material itself: another course may teach the topic." }
false_positives = { zh = "课程名只写编号或讲次、一门综合课讲了几项内容、内容在线下讲授、计划没有导出。", en = "Courses named by number only, one course on several topics, a topic taught offline, a plan that was not exported." }
message = { zh = "课程的名称和类别中没有看出“{shown:topic}”", en = "No course's name or kind tells of {shown:topic}" }
class = "breach"
population = "all"
subject = "file"
unit = "count"
reads = ["courses.course|sessions.course"]
awaits = ["courses.course|sessions.course"]
key = ["shown"]
rests_on = []
params = {}
since = "0.2.0"
*/
SELECT
  t.topic AS shown, CASE WHEN n.lessons > 0 THEN 'courses' ELSE 'sessions' END AS table_name, 0 AS measured,
  1 AS limit_value
FROM topics AS t
CROSS JOIN (SELECT COUNT(p.course_no) AS lessons FROM plan AS p) AS n
LEFT JOIN (SELECT DISTINCT c.topic_no AS topic_no FROM course_topics AS c) AS k ON k.topic_no = t.topic_no
WHERE k.topic_no IS NULL
