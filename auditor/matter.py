"""One paper a matter: what the workbook lists of each rule that refuses, asks for verification or reduces money, the
rows these findings rest on, and the counts of each rule by employer."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from auditor.intake.stage import ROWS, SHEETS
from auditor.store import Store, text

MOST = 1_000  # findings of a matter that its sheet lists; the sheet of findings has them all
EXHIBITS = 4  # rows of a finding
BATCH = 20_000  # read at once
Json = dict[str, Any]
_FOUND = ("rule", "place", "effect", "person_id", "name", "id_number", "employer", "subject", "message", "measured",
          "limit", "unit", "source_file", "source_sheet", "source_row", "rows", "fingerprint", "lasting", "judged",
          "judged_by", "judged_on", "judged_note")  # fmt: skip
_SHOWN = ("rule", "place", "table", "file", "sheet", "row", "start", "end", "day", "thing", "address", "score",
          "passed", "fen")  # fmt: skip
_COUNTED = ("rule", "employer", "findings", "refused", "to_verify", "notes", "persons", "claims", "claims_fen",
            "once_fen")  # fmt: skip


def place(store: Store) -> None:
    """matter_findings: the first MOST findings of each rule that refuse, ask for verification or reduce money, numbered
    in the order of the papers (`seq`) and within their rule (`place`)."""
    store.run(
        f"""CREATE TEMP TABLE matter_findings AS
        SELECT row_number() OVER (ORDER BY rule_no, place) AS seq, * FROM (
            SELECT f.rowid AS finding_no, f.rule_no,
                row_number() OVER (PARTITION BY f.rule_no ORDER BY f.rowid) AS place
            FROM finding_rows f JOIN rules w USING (rule_no) WHERE f.grade > 0 OR w.unit = 'fen')
        WHERE place <= {MOST}"""
    )


def matters(store: Store, name: str, number: str) -> Iterator[tuple[str, list[Json], list[Json]]]:
    """Rule, its first MOST findings of consequence, the first rows of each. `name`, `number`: SQL for what the edition
    shows of an identity."""
    exhibits = groupby(_exhibits(store), key=lambda row: row["rule"])
    rule, rows = next(exhibits, (None, iter(())))
    for matter, found in groupby(_findings(store, name, number), key=lambda row: row["rule"]):
        listed: list[Json] = []
        if rule == matter:
            listed = list(rows)
            rule, rows = next(exhibits, (None, iter(())))
        yield matter, list(found), listed


def _findings(store: Store, name: str, number: str) -> Iterator[Json]:
    for here in _batches(store):
        for row in store.rows(
            f"""SELECT f.rule, m.place, f.effect, f.person_id, {name}, {number}, f.employer, f.subject, f.message,
                f.measured, f."limit", f.unit, f.source_file, f.source_sheet, f.source_row, f.rows, f.fingerprint,
                f.lasting, f.judged, f.judged_by, f.judged_on, f.judged_note
            FROM told f JOIN matter_findings m USING (finding_no)
            LEFT JOIN person_identity i ON i.person_no = f.person_no WHERE {here} ORDER BY m.seq"""
        ):
            yield dict(zip(_FOUND, row, strict=True))


def _exhibits(store: Store) -> Iterator[Json]:
    """What the tables keep of each row: when, what, how much. Of other tables the place alone."""
    row_id = f"v.place % {ROWS * SHEETS}"
    for here in _batches(store):
        for row in store.rows(
            f"""WITH v AS (
                SELECT e.* FROM evidence_rows e JOIN matter_findings m USING (finding_no) WHERE {here}
                QUALIFY row_number() OVER (PARTITION BY e.finding_no ORDER BY e.place) <= {EXHIBITS}),
            cited AS (
                SELECT v.finding_no, v.place, {row_id} AS row_id, e.source_table, e.source_file, e.source_sheet,
                    e.source_row
                FROM v JOIN evidence e ON e.finding_no = v.finding_no AND e.place = v.place)
            SELECT r.rule, m.place, c.source_table, c.source_file, c.source_sheet, c.source_row,
                {_time("coalesce(s.start_s, x.taken_s, g.registered_s)")}, {_time("s.end_s")},
                coalesce(k.claim_day, b.granted_on, f.filed_on), coalesce(o.course, n.exam), a.address,
                x.score_c, x.result, coalesce(k.amount_fen, b.amount)
            FROM cited c JOIN matter_findings m USING (finding_no) JOIN rules r USING (rule_no)
            LEFT JOIN sessions s ON c.source_table = 'sessions' AND s.row_id = c.row_id
            LEFT JOIN courses o ON o.course_no = s.course_no LEFT JOIN addresses a ON a.address_no = s.address_no
            LEFT JOIN exams x ON c.source_table = 'exams' AND x.row_id = c.row_id
            LEFT JOIN exam_names n ON n.exam_no = x.exam_no
            LEFT JOIN claims k ON c.source_table = 'claims' AND k.row_id = c.row_id
            LEFT JOIN registrations g ON c.source_table = 'registrations' AND g.row_id = c.row_id
            LEFT JOIN benefits b ON c.source_table = 'benefits' AND b.row_id = c.row_id
            LEFT JOIN filings f ON c.source_table = 'filings' AND f.row_id = c.row_id
            ORDER BY m.seq, c.place"""
        ):
            yield dict(zip(_SHOWN, row, strict=True))


def _batches(store: Store) -> Iterator[str]:
    last = int(store.value("SELECT count(*) FROM matter_findings"))
    for first in range(1, last + 1, BATCH):
        yield f"m.seq BETWEEN {first} AND {first + BATCH - 1}"


def _time(seconds: str) -> str:
    return f"CAST(make_timestamp({seconds} * 1000000) AS VARCHAR)"


def by_employer(store: Store, order: list[str]) -> list[Json]:
    """Each rule and employer with findings, people, claims and money; the sums over the employers of a rule are the
    Report's. `order`: the rules, of which the first that decides a claim is the one its money is counted under."""
    places = ", ".join(f"({text(name)}, {at})" for at, name in enumerate(order)) or "('', 0)"
    rows = store.rows(
        f"""WITH found AS (
            SELECT w.rule, coalesce(f.employer_no, p.employer_no) AS employer_no, count(*) AS findings,
                count(*) FILTER (f.grade = 2) AS refused, count(*) FILTER (f.grade = 1) AS to_verify,
                count(*) FILTER (f.grade = 0) AS notes
            FROM finding_rows f JOIN rules w USING (rule_no) LEFT JOIN people p ON p.person_no = f.person_no
            GROUP BY ALL),
        who AS (
            SELECT c.rule, p.employer_no, count(*) AS persons FROM (SELECT DISTINCT rule, person_no FROM concerned) c
            LEFT JOIN people p USING (person_no) GROUP BY ALL),
        marked AS (SELECT DISTINCT row_id, rule FROM claim_marks WHERE rank > 0),
        money AS (
            SELECT m.rule, v.employer_no, count(*) AS claims, CAST(sum(v.claimed_fen) AS BIGINT) AS claims_fen
            FROM marked m JOIN claim_verdicts v USING (row_id) GROUP BY ALL),
        deciding AS (
            SELECT m.row_id, arg_min(m.rule, o.place) AS rule FROM claim_marks m JOIN claim_verdicts v USING (row_id)
            JOIN (VALUES {places}) o (rule, place) ON o.rule = m.rule
            WHERE m.rank = CASE v.verdict WHEN 'not_supported' THEN 2 ELSE 1 END GROUP BY m.row_id),
        once AS (
            SELECT d.rule, v.employer_no, CAST(sum(v.claimed_fen - v.supported_fen) AS BIGINT) AS once_fen
            FROM deciding d JOIN claim_verdicts v USING (row_id) GROUP BY ALL),
        each AS (
            SELECT rule, employer_no FROM found UNION SELECT rule, employer_no FROM who
            UNION SELECT rule, employer_no FROM money UNION SELECT rule, employer_no FROM once)
        SELECT k.rule, e.employer, coalesce(f.findings, 0), coalesce(f.refused, 0), coalesce(f.to_verify, 0),
            coalesce(f.notes, 0), coalesce(w.persons, 0), coalesce(m.claims, 0), coalesce(m.claims_fen, 0),
            coalesce(n.once_fen, 0)
        FROM each k JOIN (VALUES {places}) o (rule, place) ON o.rule = k.rule
        LEFT JOIN employers e ON e.employer_no = k.employer_no
        LEFT JOIN found f ON f.rule = k.rule AND f.employer_no IS NOT DISTINCT FROM k.employer_no
        LEFT JOIN who w ON w.rule = k.rule AND w.employer_no IS NOT DISTINCT FROM k.employer_no
        LEFT JOIN money m ON m.rule = k.rule AND m.employer_no IS NOT DISTINCT FROM k.employer_no
        LEFT JOIN once n ON n.rule = k.rule AND n.employer_no IS NOT DISTINCT FROM k.employer_no
        ORDER BY o.place, e.employer NULLS LAST, k.employer_no"""
    )
    return [dict(zip(_COUNTED, row, strict=True)) for row in rows]
