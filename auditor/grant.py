"""Which line of subsidy each claim is of, and what the tables say of the certificates that the second line pays for.
Facts make of it what each claim is granted (facts/claim_grants.sql)."""

import re

import polars as pl

from auditor import wording
from auditor.lines import CERTIFICATE, ONLINE
from auditor.policy import Policy
from auditor.store import Store, text

_ABOVE = "以上"


def find(store: Store, policy: Policy) -> None:
    """Add to claims: line, project_unknown (the list names another subsidy), said_level (of a certificate),
    unread_level and certificate_no. Of people, only those claimed for in the online line stay `judged`.
    certificate_rows: the certificates, with their level and whether the catalogue of trades holds theirs (listed: null
    where that cannot be told). levels, months: the levels of the notice; the calendar's months (yyyymm), numbered."""
    _given(store, policy)
    _read_levels(store, policy)
    _claims(store, policy)
    _certificates(store)
    if len(policy.lines) > 1:
        store.run(
            f"""UPDATE people SET judged = 0 WHERE judged = 1 AND claimed = 1
            AND person_no NOT IN (SELECT person_no FROM claims WHERE line = {ONLINE} AND person_no IS NOT NULL)"""
        )


def claimed(store: Store) -> set[str]:
    """The ids of the lines of which there are claims; without a claim list, that of the online line."""
    found = {number for (number,) in store.rows("SELECT DISTINCT line FROM claims")} or {ONLINE}
    return {name for number, name in ((ONLINE, "online"), (CERTIFICATE, "certificate")) if number in found}


def _given(store: Store, policy: Policy) -> None:
    given = [level for line in policy.lines for level in line.levels]
    columns = {"level": pl.Int64, "fen": pl.Int64, "uplift_fen": pl.Int64, "zh": pl.String, "en": pl.String}
    rows = [(one.no, one.fen, one.uplift_fen, one.label["zh"], one.label["en"]) for one in given]
    store.add("levels", pl.DataFrame(rows, schema=columns, orient="row"), temporary=False)
    store.run(
        """CREATE TABLE months AS SELECT CAST(y.year * 100 + m.month AS BIGINT) AS month,
            CAST(y.year * 12 + m.month AS BIGINT) AS month_no
        FROM range(1990, 2101) y (year), range(1, 13) m (month) ORDER BY month"""
    )


def _read_levels(store: Store, policy: Policy) -> None:
    """level_texts, project_levels: of each text the one level that it names, null where it names several; texts that
    name none are absent. trade_levels: of a catalogue's text each level that it takes in."""
    words = sorted(
        ((word, one.no) for line in policy.lines for one in line.levels for word in one.words),
        key=lambda pair: (-len(pair[0]), pair),
    )
    store.add("level_words", pl.DataFrame(words, schema={"word": pl.String, "level": pl.Int64}, orient="row"))
    any_word = text("|".join(re.escape(word) for word, _ in words) or "$^")
    for name, texts in (("level_said", "text_level"), ("project_said", "text_project")):
        store.run(
            f"""CREATE TEMP TABLE {name} AS
            SELECT s.no, w.level, s.above FROM (
                SELECT no, contains(text, {text(_ABOVE)}) AS above,
                       unnest(regexp_extract_all({wording.folded("text")}, {any_word})) AS word
                FROM {texts}) s JOIN level_words w USING (word)"""
        )
    for name, said in (("level_texts", "level_said"), ("project_levels", "project_said")):
        store.run(
            f"""CREATE TEMP TABLE {name} AS
            SELECT no, CASE WHEN count(DISTINCT level) = 1 THEN min(level) END AS level FROM {said} GROUP BY no"""
        )
    store.run(
        """CREATE TEMP TABLE trade_levels AS
        SELECT DISTINCT s.no, l.level FROM level_said s JOIN levels l ON l.level = s.level
            OR (s.above AND l.level > s.level)"""
    )


def _claims(store: Store, policy: Policy) -> None:
    """A project says the line by the words of the policy; else a level does; else it is the online one."""
    several = str(len(policy.lines) > 1).upper()
    store.run(f"CREATE TEMP TABLE claim_projects AS {wording.kinds(policy, 'text_project')}")
    store.run(
        f"""CREATE OR REPLACE TABLE claims AS
        WITH said AS (
            SELECT c.*, CASE WHEN {several} THEN k.kind END AS kind, k.kind = 0 AS strange,
                   coalesce(l.level, p.level) AS level, r.level IS NOT NULL AND l.level IS NULL AS unread,
                   CAST(tc.rank AS BIGINT) AS certificate_no
            FROM claims c JOIN staged_claims r USING (row_id)
            LEFT JOIN claim_projects k ON k.no = r.project
            LEFT JOIN level_texts l ON l.no = r.level LEFT JOIN project_levels p ON p.no = r.project
            LEFT JOIN text_certificate tc ON tc.no = r.certificate)
        SELECT * EXCLUDE (kind, strange, level, unread, certificate_no),
               CAST(CASE WHEN kind IN ({wording.SAME}, {wording.OTHER}) THEN kind
                         WHEN {several} AND level IS NOT NULL THEN {CERTIFICATE} ELSE {ONLINE} END AS BIGINT) AS line,
               CAST(coalesce({several} AND strange, FALSE) AS BIGINT) AS project_unknown,
               level AS said_level, CAST(unread AS BIGINT) AS unread_level, certificate_no
        FROM said ORDER BY row_id"""
    )


def _certificates(store: Store) -> None:
    name = wording.folded("text")
    store.run(f"CREATE TEMP TABLE trade_names AS SELECT no, {name} AS trade FROM text_trade WHERE length({name}) > 0")
    store.run(
        """CREATE TEMP TABLE catalogue AS
        SELECT n.trade, l.level, r.level IS NOT NULL AND l.level IS NULL AS unread, r.valid_from, r.valid_to
        FROM staged_trades r JOIN trade_names n ON n.no = r.trade LEFT JOIN trade_levels l ON l.no = r.level"""
    )
    # standing: 2 the catalogue holds the trade, level and day; 1 it may; a similar name: the shorter within the longer
    store.run(
        """CREATE TEMP TABLE trade_standing AS
        WITH asked AS (
            SELECT DISTINCT r.trade AS no, n.trade, l.level, r.issued_on FROM staged_certificates r
            JOIN trade_names n ON n.no = r.trade LEFT JOIN level_texts l ON l.no = r.level)
        SELECT a.no, a.level, a.issued_on,
               max(CASE WHEN c.trade <> a.trade THEN 1
                        WHEN c.level <> a.level OR a.issued_on < c.valid_from OR a.issued_on > c.valid_to THEN 0
                        WHEN c.unread OR (c.level IS NOT NULL AND a.level IS NULL)
                            OR (a.issued_on IS NULL AND coalesce(c.valid_from, c.valid_to) IS NOT NULL) THEN 1
                        ELSE 2 END) AS standing
        FROM asked a JOIN catalogue c ON c.trade = a.trade OR (length(c.trade) > 1 AND length(a.trade) > 1
            AND (contains(a.trade, c.trade) OR contains(c.trade, a.trade)))
        GROUP BY ALL"""
    )
    store.run(
        """CREATE TABLE certificate_rows AS
        SELECT k.row_id, k.person_no, k.employer_no, CAST(tc.rank AS BIGINT) AS certificate_no, l.level,
               CAST(r.level IS NOT NULL AND l.level IS NULL AS BIGINT) AS unread_level, r.issued_on, r.trained_from,
               r.trained_to,
               CAST(CASE WHEN (SELECT count(*) FROM catalogue) = 0 OR n.trade IS NULL OR s.standing = 1 THEN NULL
                         ELSE coalesce(s.standing, 0) // 2 END AS BIGINT) AS listed
        FROM certificates k JOIN staged_certificates r USING (row_id)
        LEFT JOIN level_texts l ON l.no = r.level LEFT JOIN trade_names n ON n.no = r.trade
        LEFT JOIN text_certificate tc ON tc.no = r.certificate
        LEFT JOIN trade_standing s ON s.no = r.trade AND s.level IS NOT DISTINCT FROM l.level
            AND s.issued_on IS NOT DISTINCT FROM r.issued_on
        ORDER BY k.row_id"""
    )
