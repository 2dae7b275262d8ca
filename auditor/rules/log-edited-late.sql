/*
title = { zh = "学习记录事后写入或修改", en = "Session rows written or changed long afterwards" }
why = { zh = "平台自己写明，这些学习记录是在学习结束很久以后才写入或修改的，而同一张表里多数记录是当时写入的。正常的记录随学习产生；事后补录、更正、断网后补传也会留下同样的痕迹，所以须结合其他疑点看。有的省份要求网络培训平台不得擅自修改培训数据（江西，2024年）；写入时间晚于发生时间，是国际学习记录规范 xAPI（stored 与 timestamp）也区分的两个时间。", en = "By the platform's own word these sessions were written or changed long after they ended, while most rows of the same sheet were written at once. A log grows with the study; entries made up for, corrections and late uploads after a lost connection leave the same mark, so it counts only beside other leads. Some provinces forbid platforms to alter training data (Jiangxi, 2024); xAPI, the international form of learning records, keeps the two times (stored, timestamp) apart as well." }
fix = { zh = "请平台提供这些行的修改日志：谁、何时、改了什么、依据什么单据；要修改前的备份数据；与考勤、登录原始日志核对；电话回访本人当天是否学习。", en = "Ask the platform for the change log of these rows: who, when, what, on which paper; ask for the backup from before; compare with attendance and the sign-in log; call the person back: did study take place that day?" }
false_positives = { zh = "手机离线学习后联网补传；客服按学员申诉更正；平台升级时部分记录被刷新。", en = "Offline study on a telephone, uploaded later; a correction after a complaint; rows refreshed when the platform was upgraded." }
message = { zh = "{measured} 次学习的记录在结束 {limit_value:hms} 以后才写入或修改，最晚的晚了 {n1:hms}", en = "{measured} sessions were written or changed more than {limit_value:hms} after they ended, the latest {n1:hms} after" }
class = "lead"
population = "all"
subject = "person"
unit = "count"
reads = ["sessions.saved_at", "sessions.end_at|sessions.duration", "sessions.id_number|sessions.account"]
awaits = ["sessions.saved_at"]
key = ["person_no"]
rests_on = [{ rows = "saved_late", on = ["person_no"] }]
params = { edited_s = { unit = "s", stricter = "down" }, edited_percent = { unit = "%", stricter = "up" } }
since = "0.2.0"
*/
SELECT
  w.person_no AS person_no, COUNT(w.row_id) AS measured, $edited_s AS limit_value, MAX(w.late_s) AS n1
FROM saved_late AS w
GROUP BY w.person_no
