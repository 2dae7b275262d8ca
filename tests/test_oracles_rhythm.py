"""The rules about the rhythm of one person's sittings against their slow reading (oracle_rhythm.py)."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import duckdb
import polars as pl
import pytest
from harness import examples
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from oracle import Row
from oracle_rhythm import DAY, Found, Period, Reading, Sitting
from strategies import moment, number, write

from auditor import audit, fact, policy
from auditor.render import FORMATS

NOTICE = policy.load("taicang-2021")
NUMBERS = fact.numbers(NOTICE)
PERIOD = Period(NUMBERS["period_from_s"], NUMBERS["period_to_s"])
SHEETS = ("学习记录_1.csv", "学习记录_2.csv")
RULES = {
    "clock-truncated": ("n2",),
    "clock-synthetic": ("n1", "n2"),
    "durations-identical": ("n1", "n2"),
    "rhythm-of-platform": ("n2", "n3"),
    "study-faster-than-course": ("n1",),
    "course-length-doubtful": ("n1",),
    "session-marathon": ("n1", "n2", "n3"),
    "day-too-long": ("n1", "start_s"),
    "study-at-night": ("n1",),
}
STILL = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip


class Maker:
    """A few people, each with a habit that a rule looks for or just misses, and what may come between."""

    def __init__(self, chance: random.Random) -> None:
        self.of, self.chance = chance.choice, chance
        self.plan: dict[str, list[int]] = {}
        for at in range(1, 13):
            if stated := self.of([[2700], [2700], [3000], [], [2400, 2700]]):
                self.plan[f"第{at}课"] = stated
        self.common = self.of([2711, 2700, 3001])
        self.hurry = chance.random() < 0.15
        self.rows: list[Sitting] = []

    def make(self) -> list[Sitting]:
        habits = [
            self.of(["hand", "round", "pause", "step", "daily", "live", "long", "night"])
            for _ in range(self.of([1, 2, 3]))
        ]
        cut = self.of([None, SHEETS[0], SHEETS[1]])  # a sheet without seconds
        for at in range(self.chance.randint(10, 30)):
            sheet = self.of([SHEETS[0], SHEETS[0], SHEETS[1]])
            rows = self.person(number(at), self.of(habits), sheet)
            rows += [self.nasty(number(at), sheet) for _ in range(self.of([0, 0, 0, 1, 3]))]
            if sheet == cut:
                rows = [self.on_the_minute(row) for row in rows]
            unique = {(row.start, row.end, row.course): row for row in rows}
            rows = list(unique.values())
            if self.chance.random() < 0.3:
                again = self.of([row for row in rows if row.timed])
                rows.append(Sitting(again.who, again.start, again.end, again.course, sheet, copy=True))
            self.rows += rows
        return self.rows

    @staticmethod
    def on_the_minute(row: Sitting) -> Sitting:
        return Sitting(row.who, row.start // 60 * 60, row.end and row.end // 60 * 60, row.course, row.sheet)

    def person(self, who: str, habit: str, sheet: str) -> list[Sitting]:
        made: list[Sitting] = []
        lasting = self.of(["any", "any", "one", "common", "fast", "edge"])
        lasting = "fast" if self.hurry else lasting
        pace, own = self.of([0.2, 0.5, 0.65, 0.66, 0.67]), self.chance.randint(1500, 3600)
        pause, minute = self.of([0, 10, 11, 605]), self.chance.randint(0, 3599)
        day = PERIOD.first + self.of([0, 2, 3]) * DAY
        per_day = self.of([1, 2, 3, 5])
        start = day + 9 * 3600
        for at in range(self.of([7, 8, 9, 10, 12])):
            course = f"第{at % 12 + 1}课"
            length = self.length(lasting, pace, own, course)
            today = day + at // per_day * DAY
            turn = at % per_day
            clock = 8 * 3600 + turn * 7200
            start = {
                "hand": today + clock + self.chance.randint(0, 3000),
                "round": today + clock + 300 * self.of(range(8)),
                "pause": start + pause if turn else today + clock + self.chance.randint(0, 900),
                "step": today + 8 * 3600 + minute + turn * 5407,
                "daily": today + clock + minute,
                "live": today + clock + self.of([0, 0, 7]),
                "long": today + self.chance.randint(0, 2) * 3600,
                "night": today + self.of([-3600, 0, 3600, 17_000]),
            }[habit]
            if self.chance.random() < 0.08:
                start += self.of([-60, 1, 300, 61])
            if habit == "long":
                length = self.of([10_800, 10_801, 12_345, 12_345, 43_200, 43_201, 2 * DAY + 77])
            made.append(Sitting(who, start, start + length, course, sheet))
            start += length
        return made

    def length(self, lasting: str, pace: float, own: int, course: str) -> int:
        stated = min(self.plan.get(course, [2700]))
        return {
            "any": self.chance.randint(1200, 3600),
            "one": own,
            "common": self.common,
            "fast": int(stated * pace),
            "edge": self.of(
                [stated - 3, stated - 2, stated + 2, stated * 66 // 100, stated // 10 - 1, stated // 10, own]
            ),
        }[lasting]

    def nasty(self, who: str, sheet: str) -> Sitting:
        edge = self.of([PERIOD.first - 600, PERIOD.stop - 600, PERIOD.first + 3 * DAY - 700, PERIOD.first + 5 * DAY])
        start = edge + self.of([0, 1, 60, 9 * 3600])
        end = self.of([start, start + 1, start + 60, start + 2700, start + 4 * 3600, start + 3 * DAY, start - 60, None])
        return Sitting(who, start, end, self.of(["第1课", "第2课", "别的课", ""]), sheet)


@st.composite
def exports(draw: st.DrawFn) -> Maker:
    maker = Maker(random.Random(draw(st.integers(0, 1 << 32))))
    maker.make()
    return maker


def cells(row: Sitting) -> Row:
    end = "" if row.end is None else moment(row.end)
    return {"id_number": row.who, "course": row.course, "start_at": moment(row.start), "end_at": end}


def audited(made: Maker, out: Path) -> tuple[Found, dict[tuple[str, int], int]]:
    """What the rules found, and the rhythm of every row by file and row."""
    with TemporaryDirectory() as folder, mock.patch.dict(FORMATS, clear=True):
        for sheet in SHEETS:
            mine = [cells(row) for row in made.rows if row.sheet == sheet]
            write(Path(folder), {"sessions": mine}, {"sessions": sheet})
        stated = [{"course": c, "minutes": f"{s // 60}分钟"} for c, lengths in made.plan.items() for s in lengths]
        write(Path(folder), {"courses": stated})
        audit.run([Path(folder)], NOTICE, out, edition="full", threads=1)
    people = pl.read_parquet(out / "people.parquet")
    names = dict(people.select("person_id", "id_number").iter_rows())
    with duckdb.connect(str(out / "audit.duckdb"), read_only=True) as con:
        figures = con.execute(
            """SELECT w.rule, p.person_id, s.file, f.measured, f.n1, f.n2, f.n3, f.start_s
            FROM finding_rows f JOIN rules w USING (rule_no) LEFT JOIN people p USING (person_no)
            LEFT JOIN sources s ON w.rule = 'clock-truncated' AND s.source_no = source_no(f.row_id)"""
        ).fetchall()
        rhythm = con.execute(
            """SELECT s.file, source_row(r.row_id), r.rhythm FROM sessions r
            JOIN sources s ON s.source_no = source_no(r.row_id) WHERE r.timed = 1"""
        ).fetchall()
    found: Found = {}
    for rule, person, file, measured, n1, n2, n3, start in figures:
        if rule in RULES:
            value = {"n1": n1, "n2": n2, "n3": n3, "start_s": start}
            key = names[person] if person else {"rhythm-of-platform": str(n1)}.get(rule, file or "")
            found.setdefault(rule, {})[key] = (measured, *(value[name] for name in RULES[rule]))
    return found, {(file, row): flags for file, row, flags in rhythm}


SEEN: Counter[str] = Counter()


def test_the_slow_reading_agrees(tmp_path_factory: pytest.TempPathFactory) -> None:
    @settings(STILL, max_examples=examples(5))
    @given(exports())
    def agree(made: Maker) -> None:
        reading = Reading(made.rows, made.plan, PERIOD, NUMBERS)
        expected = reading.read()
        found, rhythm = audited(made, tmp_path_factory.mktemp("out"))
        place = {
            id(row): (sheet, line)
            for sheet in SHEETS
            for line, row in enumerate([row for row in made.rows if row.sheet == sheet], 2)
        }
        flags = {
            place[id(p.sitting)]: p.rhythm for who in reading.people for p in reading.places[who] if p.sitting.timed
        }
        assert {key: (rhythm[key], flags[key]) for key in flags if rhythm[key] != flags[key]} == {}
        assert found == expected
        SEEN.update({rule: len(mine) for rule, mine in found.items()})

    agree()
    assert all(SEEN[rule] for rule in RULES), SEEN  # else it agrees on nothing
