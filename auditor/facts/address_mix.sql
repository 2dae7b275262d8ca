/*
title = { zh = "地址是否为各单位共用", en = "Whether addresses serve people of all employers" }
why = { zh = "平台的代理地址后面是各个单位的人；单位自己的出口后面主要是本单位的人。所以逐一去掉每个单位再看：其余的人中仍有这样大的比例用它，才像是代理。", en = "Behind a proxy of the platform stand people of every employer, behind an employer's own address mostly its own. So each employer is left out in turn: only an address that so large a share of all others uses still looks like a proxy." }
needs = ["address_people", "study"]
params = ["proxy_percent", "proxy_learners", "proxy_pool_percent"]
*/
-- alone: the share makes it a proxy; pooled: one of several, if they serve nearly everybody together. common: used by
-- that share of all learners, whoever they are: it tells nobody apart. People of unknown employers are never left out.
CREATE TABLE address_mix (address_no BIGINT, persons BIGINT, common BIGINT, alone BIGINT, pooled BIGINT);
INSERT INTO address_mix
SELECT
  v.address_no AS address_no, MIN(v.persons) AS persons, MIN(v.common) AS common, MIN(v.alone) AS alone,
  MIN(v.pooled) AS pooled
FROM (
  SELECT
    a.address_no AS address_no, a.persons AS persons,
    CASE WHEN l.learners >= $proxy_learners AND a.persons * 100 > $proxy_percent * l.learners THEN 1 ELSE 0 END AS common,
    CASE
      WHEN l.counted >= $proxy_learners AND (a.counted - CASE WHEN e.employer_no IS NULL THEN 0 ELSE e.counted END) * 100
        > $proxy_percent * (l.counted - COALESCE(k.counted, 0)) THEN 1
      ELSE 0
    END AS alone,
    CASE
      WHEN l.counted >= $proxy_learners AND (a.counted - CASE WHEN e.employer_no IS NULL THEN 0 ELSE e.counted END) * 100
        > $proxy_pool_percent * (l.counted - COALESCE(k.counted, 0)) THEN 1
      ELSE 0
    END AS pooled
  FROM (
    SELECT u.address_no AS address_no, COUNT(u.person_no) AS persons, SUM(u.counted) AS counted
    FROM address_people AS u
    GROUP BY u.address_no
  ) AS a
  JOIN (
    SELECT w.address_no AS address_no, w.employer_no AS employer_no, SUM(w.counted) AS counted
    FROM address_people AS w
    GROUP BY w.address_no, w.employer_no
  ) AS e ON e.address_no = a.address_no
  CROSS JOIN (
    SELECT
      SUM(t.active) AS learners, SUM(CASE WHEN COALESCE(f.is_dispatch, 0) = 0 THEN t.active ELSE 0 END) AS counted
    FROM study AS t
    JOIN people AS q ON q.person_no = t.person_no
    LEFT JOIN employers AS f ON f.employer_no = q.employer_no
    WHERE q.named = 1
  ) AS l
  LEFT JOIN (
    SELECT r.employer_no AS employer_no, SUM(y.active) AS counted
    FROM study AS y
    JOIN people AS r ON r.person_no = y.person_no
    LEFT JOIN employers AS g ON g.employer_no = r.employer_no
    WHERE r.named = 1 AND COALESCE(g.is_dispatch, 0) = 0
    GROUP BY r.employer_no
  ) AS k ON k.employer_no = e.employer_no
) AS v
GROUP BY v.address_no;
