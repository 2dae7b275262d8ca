/*
title = { zh = "已申请的班", en = "Filed classes" }
why = { zh = "每份开班申请的日期、开班日期（没有写的，按该单位学员的第一个学习日）、从申请到开班的工作日数，以及平台是否在名单内。", en = "Of each filed class its dates, when it opened (where it does not say: the first study day of the employer's learners), the working days from filing to opening, and whether its platform is listed." }
needs = ["asked", "sessions", "trouble_rows", "platform_standing"]
params = []
*/
-- filed_unread, approved_unread: a date stands there and cannot be read. by_study: opened_on is a study day. lead_days:
-- the day of filing counts and that of opening does not; null where a day is not known, or its year not to the calendar.
CREATE TABLE filed_classes (
  row_id BIGINT, employer_no BIGINT, class_no BIGINT, platform_no BIGINT, filed_on BIGINT, filed_unread BIGINT,
  approved_on BIGINT, approved_unread BIGINT, opened_on BIGINT, by_study BIGINT, lead_days BIGINT, platform_listed BIGINT
);
INSERT INTO filed_classes
SELECT
  o.row_id AS row_id, o.employer_no AS employer_no, o.class_no AS class_no, o.platform_no AS platform_no,
  o.filed_on AS filed_on, o.filed_unread AS filed_unread, o.approved_on AS approved_on,
  o.approved_unread AS approved_unread, o.opened_on AS opened_on, o.by_study AS by_study,
  CASE WHEN o.opened_on <= o.filed_on THEN 0 ELSE b.workday_no - a.workday_no END AS lead_days,
  s.listed AS platform_listed
FROM (
  SELECT
    f.row_id AS row_id, f.employer_no AS employer_no, f.class_no AS class_no, f.platform_no AS platform_no,
    f.filed_on AS filed_on, COALESCE(t.filed_unread, 0) AS filed_unread, f.approved_on AS approved_on,
    COALESCE(t.approved_unread, 0) AS approved_unread,
    CASE WHEN f.opens_on IS NULL AND COALESCE(t.opens_unread, 0) = 0 THEN d.first_day ELSE f.opens_on END AS opened_on,
    CASE WHEN f.opens_on IS NULL THEN 1 ELSE 0 END AS by_study
  FROM filings AS f
  LEFT JOIN (
    SELECT
      u.row_id AS row_id, MAX(CASE WHEN u.field = 'filed_on' THEN 1 ELSE 0 END) AS filed_unread,
      MAX(CASE WHEN u.field = 'approved_on' THEN 1 ELSE 0 END) AS approved_unread,
      MAX(CASE WHEN u.field = 'opens_on' THEN 1 ELSE 0 END) AS opens_unread
    FROM trouble_rows AS u
    WHERE u.table_name = 'filings' AND u.kind = 'unreadable'
    GROUP BY u.row_id
  ) AS t ON t.row_id = f.row_id
  LEFT JOIN (
    SELECT q.employer_no AS employer_no, MIN(w.start_day) AS first_day
    FROM (
      SELECT DISTINCT c.person_no AS person_no, c.employer_no AS employer_no
      FROM asked AS c
      JOIN filings AS g ON g.employer_no = c.employer_no AND g.opens_on IS NULL
    ) AS q
    JOIN sessions AS w ON w.person_no = q.person_no AND w.new_s > 0
    GROUP BY q.employer_no
  ) AS d ON d.employer_no = f.employer_no
) AS o
LEFT JOIN workdays AS a ON a.day = o.filed_on
LEFT JOIN workdays AS b ON b.day = o.opened_on
LEFT JOIN platform_standing AS s ON s.platform_no = o.platform_no;
