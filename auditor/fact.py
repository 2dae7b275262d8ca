"""facts/*.sql → derived tables, computed once, in the order of what they need."""

import datetime as dt
import graphlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from auditor.content import PACKAGE
from auditor.policy import READINGS, Policy
from auditor.store import Store
from auditor.words import Words

FOLDER = PACKAGE / "facts"
_HEADER = re.compile(r"\A/\*(.*?)\*/\s*(.*)\Z", re.S)
_PARAM = re.compile(r"\$([a-z_]+)")
_DAY_S = 86_400
MANY = 2_000_000  # sessions, from which memory is spared
ROW_BYTES = 70  # of each session: 10 M take up to a fifth longer so, and half a gigabyte less


@dataclass(frozen=True)
class Fact:
    id: str
    title: Mapping[str, str]
    why: Mapping[str, str]
    needs: tuple[str, ...]
    params: tuple[str, ...]
    sql: str


def read(path: Path) -> tuple[dict[str, Any], str]:
    """An SQL file of ours → the TOML of its first comment, and the SQL below."""
    match = _HEADER.match(path.read_text(encoding="utf-8"))
    if not match:
        raise ValueError(f"{path.name}: the first comment must be a TOML header")
    return tomllib.loads(match[1]), match[2]


@cache
def catalogue() -> dict[str, Fact]:
    """Every fact, each after the ones it needs."""
    facts = {}
    for path in sorted(FOLDER.glob("*.sql")):
        head, sql = read(path)
        head["needs"], head["params"] = tuple(head["needs"]), tuple(head["params"])
        facts[path.stem] = Fact(id=path.stem, sql=sql, **head)
    order = graphlib.TopologicalSorter({fact.id: sorted(fact.needs) for fact in facts.values()}).static_order()
    return {name: facts[name] for name in order}


def numbers(policy: Policy) -> dict[str, int]:
    """Every number that SQL may ask for: those of the policy, and what follows from them.

    Seconds of local time end in `_s` (`period_to_s` is the first second after the period), days as yyyymmdd in `_day`,
    hundredths in `_c`, hundredths of a class hour in seconds in `_cs`. `clause_mark_c` is the notice's own mark where
    the auditor set a stricter one.
    """
    given = policy.params
    derived = {
        "amount_fen": policy.amount_fen,
        "period_from_s": _midnight(policy.period_from),
        "period_to_s": _midnight(policy.period_to) + _DAY_S,
        "period_from_day": policy.period_from,
        "period_to_day": policy.period_to,
        "required_s": given["unit_s"] * given["min_units"],
        "by_mark": int(policy.pass_by == "mark"),
        "pass_mark_c": given.get("pass_mark", 0) * 100,
        "clause_mark_c": policy.as_written.params.get("pass_mark", 0) * 100,
        "finals_decide": int(policy.deciding == "final-else-all"),
        "reading": READINGS.index(policy.reading),
    }
    if given["unit_s"] % 100:
        raise ValueError(f"{policy.id}: a class hour must be a whole number of hundreds of seconds")
    derived["unit_cs"] = given["unit_s"] // 100
    return {**given, **derived}


def _midnight(day: int) -> int:
    date = dt.date(day // 10_000, day // 100 % 100, day % 100)
    return (date - dt.date(1970, 1, 1)).days * _DAY_S


def with_values(sql: str, values: Mapping[str, int]) -> str:
    """The SQL with its `$parameters` put in: what runs is what people can run again."""
    return _PARAM.sub(lambda match: str(values[match[1]]), sql)


def forget(store: Store) -> None:
    """Drop every fact table."""
    for name in ("parameters", *catalogue()):
        store.run(f"DROP TABLE {name}")


def compute(store: Store, policy: Policy, say: Callable[[Words], None]) -> None:
    """Fill every fact table; one that asks for numbers the notice does not give stays empty."""
    values = numbers(policy)
    columns = ", ".join(f"CAST({value} AS BIGINT) AS {name}" for name, value in values.items())
    store.run(f"CREATE TABLE parameters AS SELECT {columns}")
    rows = int(store.value("SELECT count(*) FROM session_rows"))
    for fact in catalogue().values():
        if not set(_PARAM.findall(fact.sql)) <= values.keys():
            store.run(fact.sql.partition("INSERT INTO")[0])
            continue
        say(fact.title)
        sql = with_values(fact.sql, values)
        if rows < MANY:
            store.run(sql)
        else:
            store.spare(sql, rows * ROW_BYTES // 1_000_000)
