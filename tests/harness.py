"""An audit in process, of rows written down in a test: CSV files with our own headers in, frames and the Report out."""

import csv
import datetime as dt
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl

from auditor import audit, policy, rule
from auditor.policy import Policy
from auditor.render import FORMATS
from auditor.report import Report
from auditor.schema import tables as schemas

Row = dict[str, str]
Tables = dict[str, list[Row]]
MALE, FEMALE = "男", "女"
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨"
GIVEN = "安宁平和文武良善勤俭诚信明亮春秋"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def examples(count: int) -> int:
    """How many invented exports a slow reading is held against: `count` in CI, EXAMPLES times as many by hand."""
    return count * int(os.environ.get("EXAMPLES", "1"))


@dataclass(frozen=True)
class Result:
    """What an audit wrote, read back."""

    findings: pl.DataFrame
    evidence: pl.DataFrame
    people: pl.DataFrame
    claims: pl.DataFrame
    report: Report


def run_audit(tables: Tables, name: str, folder: Path, **options: Any) -> Result:
    """Audit `tables` (rows keyed by field, a missing key an empty cell) under the policy `name`, in the full edition so
    that people can be found by their number; `set`: what the auditor sets. A field that no row of a table has is no
    column of its file."""
    chosen = policy.override(policy.load(name), options.pop("set", {}), rule.stricter())
    source, out = folder / "in", folder / "out"
    source.mkdir(parents=True)
    for table, rows in tables.items():
        write_table(table, rows, source)
    settings: dict[str, Any] = {"edition": "full", "threads": 1} | options
    with mock.patch.dict(FORMATS, clear=True):  # the papers have tests of their own
        done = audit.run([source], chosen, out, **settings)
    frames = [pl.read_parquet(out / f"{part}.parquet") for part in ("findings", "evidence", "people", "claims")]
    return Result(frames[0], frames[1], frames[2], frames[3], done.report)


def write_table(table: str, rows: list[Row], folder: Path) -> None:
    """`folder`/<the table's Chinese name>.csv."""
    columns = schemas()[table].columns
    if unknown := {field for row in rows for field in row} - set(columns):
        raise ValueError(f"{table} has no field {sorted(unknown)}")
    fields = [field for field in columns if any(field in row for row in rows)]
    with (folder / f"{schemas()[table].label['zh']}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([columns[field].label["zh"] for field in fields])
        writer.writerows([row.get(field, "") for field in fields] for row in rows)


def identity(number: int) -> str:
    """The `number`th invented identity number: right check digit, sequence 9xx (odd: male)."""
    born = dt.date(1970, 1, 1) + dt.timedelta(days=number // 100)
    return checked(f"320585{born:%Y%m%d}9{number % 100:02}")


def checked(body: str) -> str:
    """17 digits with their check digit (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def sex(id_number: str) -> str:
    return MALE if int(id_number[16]) % 2 else FEMALE


def person_name(number: int) -> str:
    """A name that no other number below 4096 has."""
    return SURNAMES[number % 16] + GIVEN[number // 16 % 16] + GIVEN[number // 256 % 16]


def sessions(days: list[dt.date], lengths: list[int], start: str = "19:00:00") -> list[Row]:
    """One sitting a day from `start`, of the given lengths in seconds."""
    begins = [dt.datetime.combine(day, dt.time.fromisoformat(start)) for day in days]
    return [
        {"start_at": str(begin), "end_at": str(begin + dt.timedelta(seconds=length)), "course": f"岗位技能第{n}讲"}
        for n, (begin, length) in enumerate(zip(begins, lengths, strict=True), 1)
    ]


def total_time(rows: list[Row]) -> str:
    """What a platform would state as the sum of the sittings that can be read."""
    total = 0
    for row in rows:
        try:
            ends = dt.datetime.fromisoformat(row["start_at"]), dt.datetime.fromisoformat(row["end_at"])
        except (KeyError, ValueError):
            continue
        total += max(0, int((ends[1] - ends[0]).total_seconds()))
    return f"{total // 3600}:{total // 60 % 60:02}:{total % 60:02}"


def study(notice: Policy) -> list[Row]:
    """Comfortably more than the notice asks for: sittings of two whole class hours, one a day from the third day on."""
    first = dt.date.fromisoformat(str(notice.period_from)) + dt.timedelta(days=2)
    count = notice.params["min_units"] // 2 + 4
    return sessions([first + dt.timedelta(days=n) for n in range(count)], [2 * notice.params["unit_s"]] * count)


def learner(notice: Policy, number: int, employer: str) -> Tables:
    """The rows of one honest learner: registered, studied, passed, claimed for."""
    who = {"id_number": identity(number), "name": person_name(number), "employer": employer}
    last = dt.date.fromisoformat(str(notice.period_to))
    address = {"address": f"58.211.{number // 250}.{number % 250 + 1}"}
    sittings = study(notice)
    total = {"total_time": total_time(sittings)}
    registration = {
        "sex": sex(who["id_number"]), "phone": f"199{number * 7919 % 10**8:08}",
        "registered_at": f"{last.year}-01-01 09:00:00",
    }  # fmt: skip
    exam = {
        "exam": "结业考试", "content": "岗位技能、安全生产", "score": "80", "result": "合格", "attempt": "1",
        "taken_at": f"{last} 10:00:00",
    }  # fmt: skip
    return {
        "registrations": [who | registration | total],
        "sessions": [who | address | row | total for row in sittings],
        "exams": [who | exam],
        "claims": [who | {"amount": "300.00", "claimed_on": f"{last.year}-04-08"}],
    }


def honest(notice: Policy, n: int, employer: str, first: int = 0) -> Tables:
    """`n` honest learners of one employer, numbered from `first`."""
    return merge(*(learner(notice, number, employer) for number in range(first, first + n)))


def merge(*parts: Tables) -> Tables:
    """All rows of all parts, table by table."""
    merged: Tables = {}
    for part in parts:
        for table, rows in part.items():
            merged.setdefault(table, []).extend(rows)
    return merged
