"""Frames as columns of JSON, and what the pages of people and of addresses tell alike."""

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from auditor.intake.stage import ROWS, SHEETS
from auditor.report import Report
from auditor.store import Store, text
from auditor.words import say

TEXT = 200  # characters of a text of the data
SENTENCE = 600  # of a sentence of ours, with the texts it quotes
ADDRESS_KIND = (  # of addresses a and address_use u: 0 public, 1 private, 2 a proxy, 3 used by most learners
    "CASE WHEN a.is_public = 0 THEN 1 WHEN u.is_proxy = 1 THEN 2 WHEN u.is_common = 1 THEN 3 ELSE 0 END"
)


def pack(value: Any) -> bytes:
    """JSON of plain values and, one level deep, of frames, whose columns become lists."""
    if not isinstance(value, Mapping):
        return _json(value).encode()
    return f"{{{','.join(f'{json.dumps(name)}:{_json(part)}' for name, part in value.items())}}}".encode()


def _json(part: Any) -> str:
    if isinstance(part, pl.DataFrame):
        return f"{{{','.join(f'{json.dumps(column.name)}:{_list(column)}' for column in part)}}}"
    return json.dumps(part, ensure_ascii=False, separators=(",", ":"))


def _list(column: pl.Series) -> str:
    if column.dtype.is_integer():
        return f"[{column.cast(pl.String).fill_null('null').str.join(',').item() or ''}]"
    return json.dumps(column.to_list(), ensure_ascii=False, separators=(",", ":"))


def cut(column: str, lang: str, limit: int = TEXT) -> str:
    """SQL for a text of the data, of a very long one its beginning and how long it is."""
    short = text(say("page.cut", lang, start="{start}", count="{count}"))
    counted = f"replace({short}, '{{count}}', format('{{:,}}', length({column})))"
    return (
        f"CASE WHEN length({column}) > {limit} THEN replace({counted}, '{{start}}', left({column}, {limit})) "
        f"ELSE {column} END"
    )


def code(name: str) -> pl.Expr:
    """The place of each value among the different ones in order, from 0."""
    return (pl.col(name).rank("dense").cast(pl.Int64) - 1).alias(name)


def named(store: Store, table: str, key: str, name: str, among: str, lang: str) -> list[str]:
    """The texts that `code` numbers: of `table`, those whose `key` stands in the table `among`."""
    found = store.rows(
        f"SELECT {cut(name, lang)} FROM {table} WHERE {key} IN (SELECT {key} FROM {among}) ORDER BY {key}"
    )
    return [row[0] for row in found]


def sheets(store: Store) -> list[list[str | None]]:
    """File and sheet by source_no, which counts from 0."""
    found = {row[0]: [row[1], row[2]] for row in store.rows("SELECT source_no, file, sheet FROM sources")}
    return [found.get(number, [None, None]) for number in range(max(found, default=-1) + 1)]


def rules(report: Report) -> list[list[str | None]]:
    """Of each rule its id, its number in all papers, title, clause and class."""
    return [
        [rule["id"], f"R-{place:02}", rule["title"], rule["clause"], rule["class"]]
        for place, rule in enumerate(report.rules, 1)
    ]


def rule_places(report: Report) -> str:
    """SQL for a table k (rule, rule_at): where `rules` has it."""
    listed = ", ".join(f"({text(rule['id'])}, {pos})" for pos, rule in enumerate(report.rules)) or "('', 0)"
    return f"(VALUES {listed}) k (rule, rule_at)"


def listed(
    store: Store, report: Report, about: str, shown: str, most: int, whose: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of the table `about` (pos, rule_no, grade, finding_no, total) the findings that are `shown`, `most` at most, each
    once; and of each `whose` and rule how many there are in `total` and which of them are `listed`."""
    store.run(
        f"""CREATE OR REPLACE TEMP TABLE listed_about AS SELECT pos, rule_no, finding_no FROM {about} WHERE {shown}
        ORDER BY pos, grade DESC, rule_no, finding_no LIMIT {most}"""
    )
    store.run("CREATE OR REPLACE TEMP TABLE listed_once AS SELECT DISTINCT finding_no FROM listed_about")
    counted = store.frame(
        f"""WITH placed AS (SELECT finding_no, row_number() OVER (ORDER BY finding_no) - 1 AS place FROM listed_once),
        listed AS (
            SELECT pos, rule_no, list(p.place ORDER BY p.place) AS listed
            FROM listed_about JOIN placed p USING (finding_no) GROUP BY ALL),
        counted AS (SELECT pos, rule_no, max(grade) AS grade, max(total) AS total FROM {about} GROUP BY ALL)
        SELECT c.pos AS {whose}, k.rule_at AS rule, c.grade, c.total, coalesce(l.listed, []) AS listed
        FROM counted c JOIN rules w USING (rule_no) JOIN {rule_places(report)} ON k.rule = w.rule
        LEFT JOIN listed l USING (pos, rule_no) ORDER BY c.pos, c.grade DESC, k.rule_at"""
    )
    return _findings(store, report), counted


def _findings(store: Store, report: Report) -> pl.DataFrame:
    """The findings of listed_once: `rule` (its place among `rules`), `place` among the rule's, `grade` (2 refuses, 1 to
    verify, 0 a note), `message`, `sheet` and `row` of the first row it rests on, and how many `rows` there are."""
    store.run(  # what a rule found of one grade lies together
        """CREATE OR REPLACE TEMP TABLE placed_findings AS
        SELECT rule_no, grade, first_no,
               1 + coalesce(sum(findings) OVER (
                   PARTITION BY rule_no ORDER BY grade DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
                   AS first_place
        FROM (SELECT rule_no, grade, min(rowid) AS first_no, count(*) AS findings FROM finding_rows GROUP BY ALL)"""
    )
    return store.frame(
        f"""SELECT k.rule_at AS rule, CAST(f.finding_no - p.first_no + p.first_place AS BIGINT) AS place, p.grade,
               {cut("f.message", report.run["lang"], SENTENCE)} AS message,
               source_no(r.place % {ROWS * SHEETS}) AS sheet, f.source_row AS row, f.rows
        FROM listed_once JOIN told f USING (finding_no) JOIN finding_rows r ON r.rowid = f.finding_no
        JOIN placed_findings p ON p.rule_no = r.rule_no AND p.grade = r.grade
        JOIN {rule_places(report)} ON k.rule = f.rule ORDER BY f.finding_no"""
    )
