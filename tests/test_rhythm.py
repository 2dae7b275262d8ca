"""How the rules about the rhythm of sittings tell honest learners from plain sham, on simulated populations."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from harness import Row, honest, identity, run_audit

from auditor import fact, policy
from auditor.store import Store

START = dt.datetime(2021, 2, 2)
DAY, LESSONS, LESSON = 86_400, 28, 2700
LEADS = (
    "clock-synthetic",
    "durations-identical",
    "study-faster-than-course",
    "session-marathon",
    "day-too-long",
    "study-at-night",
)
HONEST, SHAM = 225, 24  # of each population
Sat = tuple[int, int, int]  # start, end, lesson


def evening(chance: random.Random, length: int = LESSON) -> Iterator[Sat]:
    """After work, one to three lessons by autoplay, some broken off and gone on with later."""
    lesson, day = 0, chance.randint(0, 3)
    while lesson < LESSONS:
        now = day * DAY + int(chance.gauss(19.5, 1.2) * 3600)
        for _ in range(chance.randint(1, 3)):
            if lesson == LESSONS:
                break
            if chance.random() < 0.25:  # a call, a bath, the bus
                part = chance.randint(120, length - 120)
                yield now, now + part, lesson
                now += part + int(chance.expovariate(1 / 900)) + 20
                yield now, now + length - part + chance.randint(0, 40), lesson
                now += length - part + 40
            else:
                yield now, now + length + chance.choice([0, 0, 0, 1, 1, 2, chance.randint(3, 600)]), lesson
                now += length + 600
            now += chance.choice([1, 2, 3, 5, int(chance.expovariate(1 / 400)) + 11])
            lesson += 1
        day += chance.choice([1, 1, 1, 2])


def resumed(chance: random.Random) -> Iterator[Sat]:
    """On the phone, at any hour of the day, a lesson in several pieces."""
    for lesson in range(LESSONS):
        left, now = LESSON, lesson % 24 * DAY + chance.randint(7 * 3600, 12 * 3600)
        while left > 0:
            piece = min(left, chance.randint(200, 1500))
            yield now, now + piece, lesson
            now += piece + int(chance.expovariate(1 / 1500)) + chance.choice([1, 30])
            left -= piece


def live(chance: random.Random) -> Iterator[Sat]:
    """Two lessons every evening by the timetable; the platform logs when they were opened, and who left early."""
    for lesson in range(LESSONS):
        opened = lesson // 2 * DAY + 19 * 3600 + lesson % 2 * 3000
        late = 0 if chance.random() < 0.8 else chance.randint(10, 900)
        yield opened + late, opened + LESSON - (0 if chance.random() < 0.7 else chance.randint(1, 300)), lesson


def skimming(chance: random.Random) -> Iterator[Sat]:
    """Faster playing where the platform offers it, up to 1.5 times."""
    yield from evening(chance, chance.choice([LESSON, LESSON, LESSON * 4 // 5, LESSON * 2 // 3 + 15]))


def table(chance: random.Random) -> Iterator[Sat]:
    """Written down in a spreadsheet."""
    for lesson in range(LESSONS):
        now = lesson // 2 * DAY + (8 + lesson % 2 * 3) * 3600 + 300 * chance.randint(0, 11)
        yield now, now + LESSON + chance.randint(0, 59), lesson


def metronome(chance: random.Random) -> Iterator[Sat]:
    """A script that waits as long after each lesson."""
    pause, now = chance.randint(11, 900), 0
    for lesson in range(LESSONS):
        if lesson % 4 == 0:
            now = lesson // 4 * DAY + 9 * 3600 + chance.randint(0, 3000)
        length = LESSON + chance.randint(0, 200)
        yield now, now + length, lesson
        now += length + pause


def alarm(chance: random.Random) -> Iterator[Sat]:
    """A task started at the same moments every day."""
    moments = [chance.randint(8 * 3600, 12 * 3600) + turn * 4 * 3600 for turn in range(2)]
    for lesson in range(LESSONS):
        now = lesson // 2 * DAY + moments[lesson % 2]
        yield now, now + LESSON + chance.randint(0, 300), lesson


def stamped(chance: random.Random) -> Iterator[Sat]:
    """Every sitting lasts as long, to the second."""
    length = chance.randint(LESSON + 20, 3500)
    for lesson in range(LESSONS):
        now = lesson // 2 * DAY + chance.randint(8, 11) * 3600 + lesson % 2 * 4 * 3600 + chance.randint(0, 3599)
        yield now, now + length, lesson


def brushed(chance: random.Random) -> Iterator[Sat]:
    """Lessons played at two to four times the speed."""
    speed = chance.uniform(2, 4)
    yield from ((a, a + int((b - a) / speed), lesson) for a, b, lesson in evening(chance))


def idle(chance: random.Random) -> Iterator[Sat]:
    """A page left open all afternoon."""
    for lesson in range(6):
        now = lesson * 2 * DAY + chance.randint(12 * 3600, 14 * 3600)
        yield now, now + chance.randint(3 * 3600 + 60, 8 * 3600), lesson


def endless(chance: random.Random) -> Iterator[Sat]:
    """Fourteen hours a day."""
    for lesson in range(18):
        now = lesson // 18 * DAY + 7 * 3600 + lesson * (LESSON + 130) + chance.randint(0, 60)
        yield now, now + LESSON + 60, lesson


def nightly(chance: random.Random) -> Iterator[Sat]:
    """While everybody sleeps."""
    for lesson in range(LESSONS):
        now = (lesson // 4 + 1) * DAY + lesson % 4 * 3300 + chance.randint(600, 900)
        yield now, now + LESSON + chance.randint(0, 200), lesson


POPULATIONS = {"evening": (evening,), "resumed": (resumed, evening), "live": (live,), "skimming": (skimming, resumed)}
SHAMS = {
    table: "clock-synthetic",
    metronome: "clock-synthetic",
    alarm: "clock-synthetic",
    stamped: "durations-identical",
    brushed: "study-faster-than-course",
    idle: "session-marathon",
    endless: "day-too-long",
    nightly: "study-at-night",
}


def rows(who: str, sittings: Iterator[Sat], whole: bool = False) -> list[Row]:
    unit = 60 if whole else 1
    return [
        {
            "id_number": who,
            "course": f"第{lesson + 1}课",
            "start_at": str(START + dt.timedelta(seconds=start // unit * unit)),
            "end_at": str(START + dt.timedelta(seconds=end // unit * unit)),
        }
        for start, end, lesson in sittings
    ]


def plan(stated: bool) -> list[Row]:
    length = {"minutes": "45分钟"} if stated else {"class_hours": "1"}
    return [{"course": f"第{lesson + 1}课", **length} for lesson in range(LESSONS)]


def flagged(sessions: list[Row], stated: bool, folder: Path) -> tuple[dict[str, set[str]], set[str]]:
    """Rule → the identity numbers it lists; and who is to be verified for any of these rules."""
    made = run_audit({"sessions": sessions, "courses": plan(stated)}, "taicang-2021", folder)
    named = made.findings.join(made.people.select("person_id", "id_number"), on="person_id")
    listed = {rule: set(named.filter(pl.col("rule") == rule)["id_number"]) for rule in LEADS}
    moved = named.filter(pl.col("rule").is_in(LEADS) & (pl.col("effect") == "verify"))
    return listed, set(moved["id_number"])


def assert_not_listed(people: dict[str, str], listed: dict[str, set[str]]) -> None:
    """At most one in a hundred of each population for any rule. `people`: number → population."""
    sizes = Counter(people.values())
    for rule, who in listed.items():
        found = Counter(people[number] for number in who)
        assert {name: count for name, count in found.items() if count * 100 > sizes[name]} == {}, rule


@pytest.mark.parametrize("stated", [True, False], ids=["lengths stated", "not stated"])
def test_honest_people_are_not_listed(stated: bool, tmp_path: Path) -> None:
    """Whether the plan states lengths or not; and nobody is to be verified."""
    chance = random.Random(f"honest {stated}")
    people = {identity(at): name for at, name in enumerate(name for name in POPULATIONS for _ in range(HONEST))}
    sittings = {who: chance.choice(POPULATIONS[name])(chance) for who, name in people.items()}
    listed, moved = flagged([row for who, sat in sittings.items() for row in rows(who, sat)], stated, tmp_path)
    assert moved == set()
    assert_not_listed(people, listed)


@pytest.mark.parametrize("stated", [True, False], ids=["lengths stated", "not stated"])
def test_honest_people_are_not_listed_where_a_platform_keeps_minutes(stated: bool, tmp_path: Path) -> None:
    chance = random.Random(f"whole minutes {stated}")
    people = {identity(at): "evening" for at in range(HONEST)}
    sessions = [row for who in people for row in rows(who, evening(chance), whole=True)]
    listed, moved = flagged(sessions, stated, tmp_path)
    assert moved == set()
    assert_not_listed(people, listed)


def test_plain_sham_is_listed(tmp_path: Path) -> None:
    """At least 95 of a hundred of each kind, among honest people."""
    chance = random.Random(0)
    honest = [row for at in range(HONEST) for row in rows(identity(at), evening(chance))]
    who = {identity(HONEST + at): kind for at, kind in enumerate(kind for kind in SHAMS for _ in range(SHAM))}
    sham = [row for number, kind in who.items() for row in rows(number, kind(chance))]
    found, _ = flagged(honest + sham, True, tmp_path)
    caught = Counter(kind.__name__ for number, kind in who.items() if number in found[SHAMS[kind]])
    assert {kind.__name__: caught[kind.__name__] for kind in SHAMS if caught[kind.__name__] < 0.95 * SHAM} == {}


def test_a_sheet_of_sessions_without_length_refuses_nobody(tmp_path: Path) -> None:
    """Where many rows begin and end at one moment their ends were not kept; a few were opened and closed."""
    notice = policy.load("taicang-2021")
    verdicts = {}
    for name, hollow in (("few", 1), ("many", 20)):
        tables = honest(notice, 20, "甲厂")
        mine: dict[str, int] = {}
        for row in tables["sessions"]:
            nth = mine[row["id_number"]] = mine.get(row["id_number"], 0) + 1
            if list(mine).index(row["id_number"]) < hollow and nth % 2:
                row["end_at"] = row["start_at"]
        done = run_audit(tables, notice.id, tmp_path / name)
        verdicts[name] = done.people.sort("id_number")["verdict"].to_list()
        said = done.findings.filter(rule="class-hours-too-few")["message"].to_list()
        assert len(said) == hollow and all(("起止时间相同的记录" in one) == (name == "many") for one in said)
    assert sorted(verdicts["few"]) == ["not_supported"] + ["supported"] * 19
    assert verdicts["many"] == ["to_verify"] * 20


@pytest.mark.parametrize(("zero", "of", "hollow"), [(20, 400, 1), (20, 401, 0), (19, 19, 0), (20, 20, 1), (0, 400, 0)])
def test_from_how_many_rows_without_length_a_sheet_is_hollow(zero: int, of: int, hollow: int, tmp_path: Path) -> None:
    """5 % of a sheet, and at least 20."""
    store = Store(tmp_path / "a.duckdb", tmp_path, threads=1)
    store.run(
        f"""CREATE TABLE sessions AS SELECT 1 AS source_no, range AS row_id, 60 * range AS start_s,
        60 * range + CASE WHEN range < {zero} THEN 0 ELSE 59 END AS end_s, end_s - start_s AS dur_s, 1 AS timed,
        0 AS copy FROM range({of})"""
    )
    store.run(fact.with_values(fact.catalogue()["clocks"].sql, fact.numbers(policy.load("taicang-2021"))))
    assert store.rows("SELECT sessions, hollow FROM clocks") == [(of, hollow)]
    store.close()
