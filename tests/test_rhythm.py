"""How the rules about the rhythm of sittings tell honest learners from plain sham, on simulated populations."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from harness import Row, identity, run_audit

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
HONEST, SHAM = 150, 8
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


@pytest.mark.parametrize("name", [*POPULATIONS, "whole minutes"])
def test_honest_people_are_not_listed(name: str, tmp_path: Path) -> None:
    """At most one in a hundred for any rule, whether the plan states lengths or not; nobody is to be verified."""
    total, listed = 0, dict.fromkeys(LEADS, 0)
    for seed in range(3):
        chance = random.Random(f"{name} {seed}")
        kinds = POPULATIONS.get(name, (evening,))
        sessions = [
            row
            for at in range(HONEST)
            for row in rows(identity(at), chance.choice(kinds)(chance), whole=name == "whole minutes")
        ]
        found, moved = flagged(sessions, seed % 2 == 0, tmp_path / str(seed))
        assert moved == set()
        total += HONEST
        for rule, who in found.items():
            listed[rule] += len(who)
    assert {rule: count for rule, count in listed.items() if count * 100 > total} == {}


def test_plain_sham_is_listed(tmp_path: Path) -> None:
    """At least 95 of a hundred of each kind, among honest people."""
    caught = {kind.__name__: 0 for kind in SHAMS}
    for seed in range(3):
        chance = random.Random(seed)
        honest = [row for at in range(HONEST) for row in rows(identity(at), evening(chance))]
        who = {identity(HONEST + at): kind for at, kind in enumerate(kind for kind in SHAMS for _ in range(SHAM))}
        sham = [row for number, kind in who.items() for row in rows(number, kind(chance))]
        found, _ = flagged(honest + sham, True, tmp_path / str(seed))
        for number, kind in who.items():
            caught[kind.__name__] += number in found[SHAMS[kind]]
    assert {kind: count for kind, count in caught.items() if count < 0.95 * 3 * SHAM} == {}
