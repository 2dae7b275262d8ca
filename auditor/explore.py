"""What somebody who explores the report is given beside it: findings with the rows they rest on, claims, counts by
employer. Column by column, set-based, and capped: the Parquet files hold everything."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from auditor.intake.shape import PART
from auditor.intake.stage import ROWS, SHEETS
from auditor.store import Store

FINDINGS = 100_000  # the gravest; also claims
EVIDENCE = 300_000  # rows that findings rest on
EACH = 50  # of one finding
EMPLOYERS = 300  # of one rule
Json = dict[str, Any]


def findings(store: Store) -> Json:
    """The first FINDINGS by severity; where a severity is cut, those of people who are not supported come first, then
    every rule's first, its second … Columns are lists of equal length; {"words", "at"}: a column of repeated texts, -1
    for none. `place`: the finding's number among its rule's. `evidence`: for the first findings, `count` rows each,
    `source` (a number of `sources`) and `row`, each as the difference from the one before; `count` 0: only the first
    row, in `source` and `row`, is here."""
    total = _pick(store)
    found = store.frame(
        f"""SELECT f.rule, f.effect, v.verdict, f.person_id, f.employer, f.subject, f.message, f.measured, f."limit",
            coalesce(r.place % {ROWS * SHEETS} // {ROWS}, -1) AS source, f.source_row AS row, f.rows, f.fingerprint,
            f.waived_by, x.place
        FROM explored x JOIN told f USING (finding_no) JOIN finding_rows r ON r.rowid = x.finding_no
        LEFT JOIN people_verdicts v ON v.person_no = f.person_no ORDER BY x.finding_no"""
    )
    listed = _columns(found, ("rule", "effect", "verdict", "person_id", "employer", "waived_by"))
    return {"total": total, "listed": found.height, **listed, "evidence": _evidence(store)}


def _pick(store: Store) -> int:
    """explored: the findings to be listed, and their places. Findings lie ordered by severity and by rule, so that a
    place is a difference."""
    store.run(
        """CREATE OR REPLACE TEMP TABLE piles AS
        SELECT rule_no, grade, first - coalesce(sum(size) OVER (PARTITION BY rule_no ORDER BY grade DESC
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) - 1 AS before, size
        FROM (SELECT rule_no, grade, min(rowid) AS first, count(*) AS size FROM finding_rows GROUP BY rule_no, grade)"""
    )
    sizes = dict(store.rows("SELECT grade, CAST(sum(size) AS BIGINT) FROM piles GROUP BY grade"))
    store.run("CREATE OR REPLACE TEMP TABLE explored (finding_no BIGINT, place BIGINT)")
    room = FINDINGS
    for grade in sorted(sizes, reverse=True):
        picked = f"""SELECT f.rowid AS finding_no, CAST(f.rowid - p.before AS BIGINT) AS place
            FROM finding_rows f JOIN piles p ON p.rule_no = f.rule_no AND p.grade = f.grade
            LEFT JOIN people_verdicts v ON v.person_no = f.person_no WHERE f.grade = {grade}"""
        if sizes[grade] > room:
            picked += f" ORDER BY (v.verdict = 'not_supported') DESC NULLS LAST, place, finding_no LIMIT {room}"
        store.run(f"INSERT INTO explored {picked}")
        room = max(0, room - sizes[grade])
    return sum(sizes.values())


def _evidence(store: Store) -> Json:
    rows = store.frame(
        f"""SELECT e.finding_no, e.place % {ROWS * SHEETS} // {ROWS} AS source, e.place % {PART} AS row
        FROM evidence_rows e JOIN (
            SELECT finding_no FROM (
                SELECT x.finding_no, sum(least(f.rows, {EACH})) OVER (ORDER BY x.finding_no) AS so_far
                FROM explored x JOIN finding_rows f ON f.rowid = x.finding_no)
            WHERE so_far <= {EVIDENCE}) k USING (finding_no)
        QUALIFY row_number() OVER (PARTITION BY e.finding_no ORDER BY e.place) <= {EACH}
        ORDER BY e.finding_no, e.place"""
    )
    order = store.frame("SELECT finding_no FROM explored ORDER BY finding_no")
    counted = rows.group_by("finding_no").agg(pl.len().alias("count"))
    count = order.join(counted, "finding_no", "left", maintain_order="left")["count"].fill_null(0)
    return {
        "total": int(store.value("SELECT count(*) FROM evidence_rows")),
        "listed": rows.height,
        "count": count.to_list(),
        **{name: rows[name].diff().fill_null(rows[name]).to_list() for name in ("source", "row")},
    }


def sources(store: Store) -> list[Json]:
    """The sheets, in the order of their numbers, from 1."""
    return [
        {"file": file, "sheet": sheet, "table": table}
        for file, sheet, table in store.rows("SELECT file, sheet, table_name FROM sources ORDER BY source_no")
    ]


def concern(store: Store) -> None:
    """concern: each rule's people, and how many of its findings are about each."""
    store.run(
        """CREATE TEMP TABLE concern AS
        SELECT rule, person_no, count(*) AS times FROM concerned GROUP BY rule, person_no"""
    )


def employers(store: Store) -> dict[str, Json]:
    """Rule → by employer of the people concerned, most people first: the first EMPLOYERS; how many there are, and the
    people and times of all of them. `times`: a finding about three people counts three times."""
    found = store.rows(
        f"""SELECT rule, employer, persons, times, of, all_persons, all_times FROM (
            SELECT *, row_number() OVER (PARTITION BY rule ORDER BY persons DESC, employer NULLS LAST) AS place,
                count(*) OVER (PARTITION BY rule) AS of,
                CAST(sum(persons) OVER (PARTITION BY rule) AS BIGINT) AS all_persons,
                CAST(sum(times) OVER (PARTITION BY rule) AS BIGINT) AS all_times
            FROM (SELECT c.rule, e.employer, count(*) AS persons, CAST(sum(c.times) AS BIGINT) AS times
                FROM concern c LEFT JOIN people p USING (person_no)
                LEFT JOIN employers e USING (employer_no)
                GROUP BY c.rule, e.employer))
        WHERE place <= {EMPLOYERS} ORDER BY rule, place"""
    )
    out: dict[str, Json] = {}
    for rule, employer, persons, times, of, everybody, always in found:
        by = out.setdefault(rule, {"total": of, "persons": everybody, "times": always, "listed": []})
        by["listed"].append([employer, persons, times])
    return out


def claims(store: Store, claimed: bool, name: str, number: str, matched: str) -> Json:
    """Claims (without a claim list: the people judged), those not supported and to verify first, in the order of the
    papers. `name`, `number`: SQL for what the edition shows of a person; `matched`: if anything is known of one."""
    source = "claim_verdicts" if claimed else "people_verdicts"
    row = "c.row_id" if claimed else "CAST(NULL AS BIGINT)"
    same = "c.row_id = q.row_id" if claimed else "c.person_no = q.person_no"
    employer = "c.employer_no" if claimed else "p.employer_no"
    found = store.frame(
        f"""SELECT c.verdict, q.place, p.person_id, {name} AS name, {number} AS id_number, e.employer, c.claimed_fen,
            c.supported_fen, c.not_supported_fen, c.to_verify_fen, c.reasons,
            CASE WHEN {matched} THEN r.net_s END AS net_s,
            coalesce(source_no({row}), -1) AS source, source_row({row}) AS row
        FROM {source} c LEFT JOIN claim_places q ON {same}
        LEFT JOIN people p ON p.person_no = c.person_no LEFT JOIN person_identity i ON i.person_no = c.person_no
        LEFT JOIN readings r ON r.person_no = c.person_no LEFT JOIN employers e ON e.employer_no = {employer}
        WHERE c.verdict IS NOT NULL
        ORDER BY CASE c.verdict WHEN 'not_supported' THEN 0 WHEN 'to_verify' THEN 1 ELSE 2 END, q.place, e.employer,
            p.person_id, c.claimed_fen, {row} LIMIT {FINDINGS}"""
    )
    total = store.value(f"SELECT count(*) FROM {source} WHERE verdict IS NOT NULL")
    return {"total": int(total), "listed": found.height, **_columns(found, ("verdict", "employer", "reasons"))}


def _columns(found: pl.DataFrame, coded: Sequence[str]) -> Json:
    """The columns as lists; the `coded` ones, of repeated texts, as the texts and a number for each row."""
    return {name: _coded(found[name]) if name in coded else found[name].to_list() for name in found.columns}


def _coded(texts: pl.Series) -> Json:
    words = texts.drop_nulls().unique(maintain_order=True)
    at = texts.cast(pl.Enum(words)).to_physical().cast(pl.Int64).fill_null(-1)
    return {"words": words.to_list(), "at": at.to_list()}
