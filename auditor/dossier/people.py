"""The people that report.html holds: verdicts, findings, exams, and every session with its row."""

from typing import Any

import polars as pl

from auditor import listing
from auditor.dossier import columns
from auditor.dossier.columns import cut
from auditor.report import Report
from auditor.schema import tables
from auditor.store import Store
from auditor.words import section

PEOPLE = 5_000  # people with a page
SESSIONS = 200_000  # sessions of them all
OF_ONE = 5_000  # sessions of one person
CLAIMS = 20  # claims of one person
EXAMS = 200  # rows of exams of one person
TROUBLES = 20_000  # values of sessions that are missing or cannot be read; lengths stated instead
DECIDING = 10  # findings that decide, of one rule about one person
NOTES = 2  # findings that decide nothing, likewise
FINDINGS = 30_000  # findings of all people
_ORDER = (
    "s.start_s NULLS LAST, s.end_s NULLS LAST, s.course_no NULLS LAST, s.address_no NULLS LAST, s.stated_s NULLS LAST, "
    "s.row_id"
)


def blocks(report: Report, rows: listing.Rows) -> dict[str, bytes]:
    """`people` and `person-ids`."""
    store, lang = rows.store, report.run["lang"]
    choose(store)
    people = _people(store, rows.edition)
    ids = people["id"].to_list()
    why, sets, whole = _why(store, report)
    sessions = _sessions(store, why)
    found, about = _findings(store, report)
    period_from_s, period_to_s, unit_s, required_s = store.rows(
        "SELECT period_from_s, period_to_s, unit_s, required_s FROM parameters"
    )[0]
    body: dict[str, Any] = {
        "total": report.people["all"], "total_sessions": report.people["sessions"],
        "claim_list": report.conclusion["claim_list"], "reading": report.run["reading"],
        "period": [period_from_s, period_to_s], "unit_s": unit_s, "required_s": required_s,
        "rules": columns.rules(report), "sheets": columns.sheets(store), "addresses": _addresses(store, lang),
        "courses": columns.named(store, "courses", "course_no", "course", "dossier_sessions", lang),
        "people": people, "sessions": sessions, "sets": sets, "whole": whole, "stated": _stated(store),
        "troubles": _troubles(store, lang), "damage": _damage(store, lang), "exams": _exams(store, lang),
        "claims": _claims(store, lang), "leads": _leads(store, report), "findings": found, "about": about,
        "judged": _judged(report, set(ids)),
    }  # fmt: skip
    return {"people": columns.pack(body), "person-ids": columns.pack(ids)}


def choose(store: Store) -> None:
    """dossier_people: whose page there is, in their order: claims not supported, to verify, people with a score, all
    others; `rows`: their sessions. dossier_sessions: these sessions, at most OF_ONE of a person."""
    store.run(
        f"""CREATE OR REPLACE TEMP TABLE dossier_people AS
        WITH first AS (
            SELECT p.person_no,
                   row_number() OVER (ORDER BY CASE v.verdict WHEN 'not_supported' THEN 0 WHEN 'to_verify' THEN 1
                       ELSE CASE WHEN k.score IS NULL THEN 3 ELSE 2 END END, k.score DESC NULLS LAST, p.person_no)
                       AS place
            FROM people p LEFT JOIN people_verdicts v USING (person_no) LEFT JOIN scores k USING (person_no)
            ORDER BY place LIMIT {PEOPLE}),
        counted AS (
            SELECT f.place, f.person_no, count(s.row_id) AS rows
            FROM first f LEFT JOIN sessions s USING (person_no) GROUP BY ALL)
        SELECT place, person_no, rows FROM counted
        QUALIFY sum(least(rows, {OF_ONE})) OVER (ORDER BY place) <= {SESSIONS} ORDER BY place"""
    )
    store.run(
        f"""CREATE OR REPLACE TEMP TABLE dossier_sessions AS
        SELECT row_number() OVER (ORDER BY d.place, {_ORDER}) - 1 AS pos, d.place, s.row_id, s.course_no, s.address_no,
               s.source_no, s.start_s, s.end_s, s.new_s, s.stated_s, s.timed, s.copy
        FROM sessions s JOIN dossier_people d USING (person_no)
        QUALIFY row_number() OVER (PARTITION BY d.place ORDER BY {_ORDER}) <= {OF_ONE}"""
    )


def _people(store: Store, edition: str) -> pl.DataFrame:
    """One row each. `n`: sessions that the block holds; `rows`: all of the export."""
    return store.frame(
        f"""SELECT q.person_id AS id, q.name, q.id_number AS number, q.employer,
               CAST(q.registered AS INTEGER) AS registered, q.verdict, q.reasons,
               q.claimed_fen, q.supported_fen, q.not_supported_fen, q.to_verify_fen, q.score,
               q.raw_s, q.net_s, r.sitting_s, r.lesson_s, r.counted_s, g.group_no AS "group",
               d.rows, least(d.rows, {OF_ONE}) AS n
        FROM dossier_people d JOIN people p USING (person_no) JOIN ({listing.people(edition)}) q USING (person_id)
        LEFT JOIN readings r USING (person_no) LEFT JOIN groups g USING (person_no) ORDER BY d.place"""
    )


def _sessions(store: Store, why: pl.DataFrame) -> pl.DataFrame:
    """Every session. `start`: seconds since the one before, of a person's
    first since the period began; `length`: to its end, where it has no start from the beginning of the period. `kind`:
    0 without times in order, 1 measured, 2 with an estimated end, 4 more for a copy. `row`: as far below the one
    before."""
    found = store.frame("SELECT *, source_row(row_id) AS row FROM dossier_sessions ORDER BY pos")
    began = pl.lit(store.value("SELECT period_from_s FROM parameters"))
    return found.join(why, on="pos", how="left", maintain_order="left").select(
        (pl.col("start_s") - pl.coalesce(pl.col("start_s").shift().over("place"), began)).alias("start"),
        (pl.col("end_s") - pl.coalesce("start_s", began)).alias("length"),
        pl.col("new_s").alias("new"),
        columns.code("course_no").alias("course"),
        columns.code("address_no").alias("address"),
        (pl.col("timed") + 4 * pl.col("copy")).alias("kind"),
        pl.col("source_no").alias("sheet"),
        (pl.col("row") - pl.col("row").shift().over("place").fill_null(0)).alias("row"),
        pl.col("why").fill_null(0),
    )


def _why(store: Store, report: Report) -> tuple[pl.DataFrame, list[list[int]], pl.DataFrame]:
    """pos, why: the rules whose findings rest on each session; the sets of rules that `why` numbers; and of each person
    the rules about persons that rest on all sessions, which would tell nothing of a single one."""
    store.run(
        f"""CREATE OR REPLACE TEMP TABLE dossier_why AS
        WITH rested AS (
            SELECT DISTINCT s.pos, s.place, w.rule, w.subject_kind
            FROM rests r JOIN dossier_sessions s USING (row_id)
            JOIN finding_rows f ON f.raised_no = r.finding_no JOIN rules w USING (rule_no)
            WHERE r.table_name = 'sessions')
        SELECT r.pos, r.place, CAST(k.rule_at AS INTEGER) AS rule,
               r.subject_kind = 'person'
                   AND count(*) OVER (PARTITION BY r.place, r.rule) = least(d.rows, {OF_ONE}) AS whole
        FROM rested r JOIN dossier_people d USING (place) JOIN {columns.rule_places(report)} ON k.rule = r.rule"""
    )
    found = store.frame("SELECT pos, list(rule ORDER BY rule) AS rules FROM dossier_why WHERE NOT whole GROUP BY pos")
    sets = found.select(pl.col("rules").unique()).sort("rules")["rules"].to_list()
    numbers = pl.DataFrame(
        {"rules": sets, "why": range(1, len(sets) + 1)}, schema={"rules": pl.List(pl.Int32), "why": pl.Int64}
    )
    whole = store.frame("SELECT DISTINCT place - 1 AS person, rule FROM dossier_why WHERE whole ORDER BY ALL")
    return found.join(numbers, on="rules").select("pos", "why"), [[], *sets], whole


def _addresses(store: Store, lang: str) -> pl.DataFrame:
    """The addresses that sessions number: `persons` who used it; `kind`: 0 public, 1 private, 2 a proxy, 3 used by most
    learners."""
    return store.frame(
        f"""SELECT {cut("a.address", lang)} AS address, u.persons,
               {columns.ADDRESS_KIND} AS kind
        FROM addresses a LEFT JOIN address_use u USING (address_no)
        WHERE a.address_no IN (SELECT address_no FROM dossier_sessions) ORDER BY a.address_no"""
    )


def _stated(store: Store) -> pl.DataFrame:
    """The length that the platform stated, of sessions (their place among all) without times of their own."""
    return store.frame(
        f"""SELECT pos AS session, stated_s AS seconds FROM dossier_sessions
        WHERE timed = 0 AND stated_s IS NOT NULL ORDER BY pos LIMIT {TROUBLES}"""
    )


def _troubles(store: Store, lang: str) -> pl.DataFrame:
    """What of a session (its place among all) could not be read, and what stood there."""
    return store.frame(
        f"""SELECT s.pos AS session, t.field, t.kind, {cut("t.shown", lang)} AS shown
        FROM trouble_rows t JOIN dossier_sessions s USING (row_id) WHERE t.table_name = 'sessions'
        ORDER BY s.pos, t.field, t.kind LIMIT {TROUBLES}"""
    ).with_columns(
        _labels("field", {name: column.label[lang] for name, column in tables()["sessions"].columns.items()})
    )


def _damage(store: Store, lang: str) -> pl.DataFrame:
    """Of each person (the place among them) what is damaged: table, field or null, cause."""
    fields = {column.name: column.label[lang] for table in tables().values() for column in table.columns.values()}
    return store.frame(
        """SELECT d.place - 1 AS person, g.table_name AS "table", nullif(g.field, '*') AS field, g.cause
        FROM damage g JOIN dossier_people d USING (person_no) ORDER BY ALL"""
    ).with_columns(
        _labels("table", {name: table.label[lang] for name, table in tables().items()}),
        _labels("field", fields),
        _labels("cause", section("cause", lang)),
    )


def _labels(name: str, labels: dict[str, str]) -> pl.Expr:
    return pl.col(name).replace(labels)


def _exams(store: Store, lang: str) -> pl.DataFrame:
    """`passed`: 1, 0 or null; `absent`: 1 for one who did not come; `score`: hundredths; `attempt`: its place among the
    person's, else what the export says."""
    return store.frame(
        f"""SELECT d.place - 1 AS person, {cut("n.exam", lang)} AS exam, x.taken_s AS taken, x.score_c AS score,
               CAST(coalesce(x.result, 0) = 2 AS INTEGER) AS absent, a.passed, a.deciding,
               coalesce(a.place, x.attempt_no) AS attempt, source_no(x.row_id) AS sheet, source_row(x.row_id) AS row
        FROM exams x JOIN dossier_people d USING (person_no) LEFT JOIN attempts a USING (row_id)
        LEFT JOIN exam_names n ON n.exam_no = x.exam_no
        QUALIFY row_number() OVER (PARTITION BY d.place ORDER BY x.taken_s NULLS LAST, x.exam_no, x.row_id) <= {EXAMS}
        ORDER BY d.place, x.taken_s NULLS LAST, x.exam_no, x.row_id"""
    )


def _claims(store: Store, lang: str) -> pl.DataFrame:
    return store.frame(
        f"""SELECT d.place - 1 AS person, {cut("e.employer", lang)} AS employer, v.claimed_fen AS claimed, v.verdict,
               v.reasons, v.supported_fen AS supported, v.not_supported_fen AS not_supported,
               v.to_verify_fen AS to_verify, source_no(v.row_id) AS sheet, source_row(v.row_id) AS row
        FROM claim_verdicts v JOIN dossier_people d USING (person_no)
        LEFT JOIN employers e ON e.employer_no = v.employer_no
        QUALIFY row_number() OVER (PARTITION BY d.place ORDER BY v.claim_no) <= {CLAIMS} ORDER BY d.place, v.claim_no"""
    )


def _leads(store: Store, report: Report) -> pl.DataFrame:
    """What a score is the sum of."""
    return store.frame(
        f"""SELECT d.place - 1 AS person, k.rule_at AS rule, l.weight, l.findings
        FROM person_leads l JOIN dossier_people d USING (person_no)
        JOIN {columns.rule_places(report)} ON k.rule = l.rule ORDER BY d.place, l.weight DESC, k.rule_at"""
    )


def _findings(store: Store, report: Report) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The findings listed about these people; and of each person and rule, how many there are (`total`) and which of
    them are listed (`listed`)."""
    store.run(
        """CREATE OR REPLACE TEMP TABLE person_about AS
        WITH ours AS (
            SELECT DISTINCT d.place - 1 AS pos, f.rule_no, f.grade, f.rowid AS finding_no
            FROM concerned c JOIN dossier_people d USING (person_no) JOIN finding_rows f ON f.raised_no = c.finding_no)
        SELECT pos, rule_no, grade, finding_no, count(*) OVER (PARTITION BY pos, rule_no) AS total,
               row_number() OVER (PARTITION BY pos, rule_no ORDER BY finding_no) AS nth FROM ours"""
    )
    shown = f"nth <= CASE WHEN grade > 0 THEN {DECIDING} ELSE {NOTES} END"
    return columns.listed(store, report, "person_about", shown, FINDINGS, "person")


def _judged(report: Report, ids: set[str]) -> dict[str, list[Any]]:
    """What people concluded about the claims that changed, as the Report has it, by person."""
    out: dict[str, list[Any]] = {}
    for claim in report.judgement["changed"]["listed"] if report.judgement else ():
        if claim["person_id"] in ids:
            out.setdefault(claim["person_id"], []).append(claim)
    return out
