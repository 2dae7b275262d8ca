"""The findings: what a rule raises, the rows it rests on, and how both are written at the border."""

import re
from collections.abc import Mapping
from typing import Any

from auditor.schema import tables
from auditor.store import Store, text
from auditor.words import say, section

# What a rule's SELECT may return: integers of the inner layer, and a few texts that are no person's.
_NUMBERS = (
    "person_no", "other_no", "employer_no", "address_no", "course_no", "exam_no", "row_id", "other_row_id", "start_day",
    "start_s", "end_s", "other_start_s", "measured", "limit_value", "doubt", "mild", "n1", "n2", "n3", "n4",
)  # fmt: skip
_TEXTS = ("table_name", "field", "shown")
COLUMNS = _NUMBERS + _TEXTS
# What findings of one rule are ordered by: their content, and the row only where nothing else tells them apart.
ORDER = (
    "person_no", "other_no", "start_day", "start_s", "end_s", "employer_no", "address_no", "course_no", "exam_no", "n1",
    *_TEXTS, "row_id",
)  # fmt: skip
RAISED = f"""
CREATE TEMP SEQUENCE finding_numbers;
CREATE TEMP TABLE raised (finding_no BIGINT, rule VARCHAR, {", ".join(f"{name} BIGINT" for name in _NUMBERS)},
    {", ".join(f"{name} VARCHAR" for name in _TEXTS)});
CREATE TEMP TABLE rests (finding_no BIGINT, table_name VARCHAR, row_id BIGINT);
CREATE TEMP VIEW copied AS SELECT table_name, person_no, row_id FROM row_copies
    UNION SELECT table_name, person_no, first_row_id FROM row_copies;
"""
FORGET = "DROP TABLE raised; DROP TABLE rests; DROP VIEW copied; DROP SEQUENCE finding_numbers"
_WORDS = {
    "employer": "we.employer",
    "address": "wa.address",
    "exam": "we2.exam",
    "course": "wc.course",
    "other": "wo.person_id",
}
JOINS = """
LEFT JOIN people wp ON wp.person_no = f.person_no
LEFT JOIN employers we ON we.employer_no = coalesce(f.employer_no, wp.employer_no)
LEFT JOIN addresses wa ON wa.address_no = f.address_no
LEFT JOIN courses wc ON wc.course_no = f.course_no
LEFT JOIN exam_names we2 ON we2.exam_no = f.exam_no
LEFT JOIN people wo ON wo.person_no = f.other_no
"""


def raise_all(rule: str, sql: str) -> str:
    """The statement that runs a rule into `raised`."""
    return (
        f"INSERT INTO raised BY NAME SELECT nextval('finding_numbers') AS finding_no, {text(rule)} AS rule, q.* "
        f"FROM (\n{sql}\n) AS q"
    )


def evidence(store: Store, rule: str, rests_on: Mapping[str, Any]) -> None:
    """Note the rows that a rule's findings rest on.

    `table`: one of ours, joined on the columns `on` (of a finding: `from`, else the same names); or `rows`: a table of
    (table_name, row_id) joined null-safe; `where`: a further condition on the finding f and the row e.
    """
    on = list(rests_on["on"])
    pairs = list(zip(on, rests_on.get("from", on), strict=True))
    where = f"AND ({rests_on['where']})" if "where" in rests_on else ""
    if on == ["row_id"] and not where:
        own = f"SELECT finding_no, {text(rests_on['table'])}, {pairs[0][1]} FROM raised WHERE rule = {text(rule)}"
        store.run(f"INSERT INTO rests {own}")
        return
    if "table" in rests_on:
        joined = " AND ".join(f"e.{theirs} = f.{ours}" for theirs, ours in pairs)
        found = f"FROM raised f JOIN {rests_on['table']} e ON {joined} WHERE f.rule = {text(rule)} {where}"
        store.run(f"INSERT INTO rests SELECT f.finding_no, {text(rests_on['table'])}, e.row_id {found}")
        return
    joined = " AND ".join(f"e.{theirs} IS NOT DISTINCT FROM f.{ours}" for theirs, ours in pairs)
    store.run(
        f"""INSERT INTO rests SELECT DISTINCT f.finding_no, e.table_name, e.row_id
        FROM raised f JOIN {rests_on["rows"]} e ON {joined} WHERE f.rule = {text(rule)} {where}"""
    )


def key(rule: str, columns: tuple[str, ...], person: str = "wp.person_id", other: str = "wo.person_id") -> str:
    """SQL for the text that stays the same in a re-export: the rule and its key columns in words; `person`, `other`:
    what names people."""
    said = {
        "person_no": person, "employer_no": "we.employer", "address_no": "wa.address", "course_no": "wc.course",
        "exam_no": "we2.exam", "other_no": other,
    }  # fmt: skip
    parts = [text(rule), *(said.get(name, f"f.{name}") for name in columns)]
    return "concat(" + ", '|', ".join(parts) + ")"


def fingerprint(key: str) -> str:
    """SQL for a finding's fingerprint as people see it, of the SQL for its key."""
    return shown(f"md5_number_lower({key})")


def shown(number: str) -> str:
    return f"format('{{:016x}}', {number})"


def message(template: Mapping[str, str], unit_s: int, lang: str) -> str:
    """SQL for a rule's message. `{n1:hms}` formats a value (hms, time, date, day, month, units, score, yuan, table,
    field, why, topic, level, items), `{address}` names a thing, `{n1|1=甲|2=乙}` chooses, `{n1?甲}` speaks where
    there is a value."""
    parts = [
        _placeholder(piece[1:-1], unit_s, lang) if piece.startswith("{") else text(piece)
        for piece in re.split(r"(\{[^{}]*\})", template[lang])
        if piece
    ]
    return f"concat({', '.join(parts)})"


def _placeholder(inside: str, unit_s: int, lang: str) -> str:
    if given := re.fullmatch(r"(\w+)\?(.*)", inside):
        return f"CASE WHEN f.{given[1]} IS NOT NULL THEN {text(given[2])} END"
    name, *choices = inside.split("|")
    if choices:
        cases = " ".join(
            f"WHEN f.{name} = {int(value)} THEN {text(words)}" for value, words in (c.split("=", 1) for c in choices)
        )
        return f"CASE {cases} END"
    name, _, form = name.partition(":")
    value = _WORDS.get(name, f"f.{name}")
    if name not in _WORDS and name not in COLUMNS:
        raise ValueError(f"unknown placeholder {inside!r}")
    match form:
        case "hms":
            return f"CASE WHEN {value} IS NOT NULL THEN {hms(value, lang)} END"
        case "time":
            return f"CAST(make_timestamp({value} * 1000000) AS VARCHAR)"
        case "date":  # of seconds, the day alone
            return f"CAST(CAST(make_timestamp({value} * 1000000) AS DATE) AS VARCHAR)"
        case "day":
            return f"(substr({value}, 1, 4) || '-' || substr({value}, 5, 2) || '-' || substr({value}, 7, 2))".replace(
                value, f"CAST({value} AS VARCHAR)"
            )
        case "month":  # of yyyymm
            return f"concat({value} // 100, '-', printf('%02d', {value} % 100))"
        case "units":
            exact = f"CAST({value} // {unit_s} AS VARCHAR)"
            part = f"CAST(CAST({value} AS DECIMAL(18, 2)) / {unit_s} AS DECIMAL(18, 1))"
            figure = f"CASE WHEN {value} % {unit_s} = 0 THEN {exact} ELSE CAST({part} AS VARCHAR) END"
            return f"coalesce({figure}, {_said('not_applicable', lang)})"
        case "score":
            exact = f"CAST({value} // 100 AS VARCHAR)"
            figure = f"CASE WHEN {value} % 100 = 0 THEN {exact} ELSE CAST({value} / 100 AS VARCHAR) END"
            return f"coalesce({figure}, {_said('no_score', lang)})"
        case "yuan":  # of fen
            return f"concat(format('{{:,}}', {value} // 100), '.', printf('%02d', {value} % 100))"
        case "table":
            return _labels(value, {table.name: table.label[lang] for table in tables().values()})
        case "field":
            named = {f"{t.name}.{c.name}": c.label[lang] for t in tables().values() for c in t.columns.values()}
            return _labels(f"concat(f.table_name, '.', {value})", named)
        case "why":
            return _labels(value, section("identity", lang))
        case "topic":
            return f"(SELECT t.{lang} FROM topics t WHERE t.topic = {value})"
        case "level":
            return f"(SELECT t.{lang} FROM levels t WHERE t.level = {value})"
        case "items":  # a sum of 1, 2, 4 …: yes-or-no columns of the ledger, in their order
            items = [c.label[lang] for c in tables()["ledger"].columns.values() if c.kind == "yes"]
            said = [f"CASE WHEN {value} // {2**at} % 2 = 1 THEN {text(item)} END" for at, item in enumerate(items)]
            return f"concat_ws({text(say('list.comma', lang))}, {', '.join(said)})"
        case "" if name == "exam":
            return f"coalesce({value}, {_said('unnamed_exam', lang)})"
        case "":
            return f"CAST({value} AS VARCHAR)"
    raise ValueError(f"unknown format {inside!r}")


def hms(value: str, lang: str) -> str:
    """SQL for seconds as 1小时5分9秒, 1小时5分钟, 1 h 5 min 9 s."""
    hours, minutes, full, seconds = (_said(name, lang) for name in ("hours", "minutes", "full_minutes", "seconds"))
    return (
        f"rtrim(concat(CASE WHEN {value} >= 3600 THEN concat({value} // 3600, {hours}) END, "
        f"CASE WHEN {value} >= 60 AND {value} % 60 > 0 THEN concat({value} // 60 % 60, {minutes}) "
        f"WHEN {value} // 60 % 60 > 0 THEN concat({value} // 60 % 60, {full}) END, "
        f"CASE WHEN {value} % 60 > 0 OR {value} = 0 THEN concat({value} % 60, {seconds}) END))"
    )


def _said(name: str, lang: str) -> str:
    return text(say(f"finding_value.{name}", lang))


def _labels(value: str, labels: dict[str, str]) -> str:
    return (
        f"CASE {value} " + " ".join(f"WHEN {text(name)} THEN {text(label)}" for name, label in labels.items()) + " END"
    )
