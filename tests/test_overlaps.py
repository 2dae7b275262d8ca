"""What a platform does to everybody tells of nobody: late leaves, relays, private addresses."""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from harness import Row, Tables, honest, merge, run_audit

from auditor import policy

NOTICE = policy.load("taicang-2021")
TWO_PLACES, OVERLAP = "sessions-overlap-other-address", "sessions-overlap"
DAY = dt.datetime(2021, 2, 22, 8)


def twice(who: Row, left: int, places: tuple[str, str], length: int = 7200, day: int = 0) -> list[Row]:
    """Two lessons; the first is left so many seconds after the second has begun."""
    one = DAY + dt.timedelta(days=day)
    two = one + dt.timedelta(hours=1)
    times = (one, two + dt.timedelta(seconds=left)), (two, two + dt.timedelta(seconds=length))
    keys = {name: who[name] for name in ("id_number", "name", "employer")}
    who.pop("total_time", None)  # more was studied than it says
    return [
        {**keys, "start_at": str(start), "end_at": str(end), "course": f"早课{nth}", "address": place}
        for nth, ((start, end), place) in enumerate(zip(times, places, strict=True))
    ]


def learners(
    count: int, late: int, left: int, places: tuple[str, str], length: int = 7200, firms: str = "甲", days: int = 20
) -> Tables:
    """So many of each firm; `late` of the first one have two lessons at once, on so many days."""
    tables = merge(*(honest(NOTICE, count, f"{firm}厂", count * at) for at, firm in enumerate(firms)))
    for row in tables["sessions"]:
        row.pop("total_time")
    for at, who in enumerate(tables["registrations"][:late]):
        tables["sessions"] += twice(who, left, places, length, at % days)
    return tables


def moved(tables: Tables, folder: Path) -> tuple[int, int]:
    """How many are to be verified, and how many findings of two places there are."""
    made = run_audit(tables, "taicang-2021", folder)
    verdicts = made.people["verdict"].to_list()
    return verdicts.count("to_verify"), made.findings.filter(pl.col("rule") == TWO_PLACES).height


@pytest.mark.parametrize(
    ("count", "late", "left", "expected"),
    [
        (100, 10, 1800, 0),
        (100, 9, 1800, 9),
        (101, 10, 1800, 10),
        (100, 10, 1801, 10),
        (20, 10, 61, 0),
    ],
)
def test_a_platform_that_notes_the_leave_late(count: int, late: int, left: int, expected: int, tmp_path: Path) -> None:
    """10 % of a sheet's learners, 10 at least, left within half an hour."""
    tables = learners(count, late, left, ("58.212.9.1", "117.88.9.1"))
    assert moved(tables, tmp_path) == (expected, late)


def test_a_short_second_lesson_within_a_late_leave_is_no_other(tmp_path: Path) -> None:
    assert moved(learners(20, 10, 900, ("58.212.9.1", "117.88.9.1"), 300), tmp_path) == (0, 10)


@pytest.mark.parametrize(("late", "expected"), [(10, 0), (9, 9)])
def test_what_is_open_is_closed_at_midnight(late: int, expected: int, tmp_path: Path) -> None:
    """The second lesson begins hours before."""
    left = int((dt.datetime(2021, 2, 23) - DAY).total_seconds()) - 3600
    assert moved(learners(20, late, left, ("58.212.9.1", "117.88.9.1")), tmp_path) == (expected, late)


@pytest.mark.parametrize(
    ("late", "days", "besides", "expected"),
    [
        (10, 1, 10, 0),
        (10, 1, 11, 10),  # fewer than half of those who studied then
        (9, 1, 0, 9),
        (10, 2, 0, 10),
        (12, 1, 0, 0),
    ],
)
def test_overlaps_that_crowd_in_one_stretch(late: int, days: int, besides: int, expected: int, tmp_path: Path) -> None:
    """The clock was set back by an hour or two, and nobody studied across that moment."""
    places = "58.212.9.1", "117.88.9.1"
    tables = learners(100, late, 5000, places, days=days)
    for who in tables["registrations"][late : late + besides]:
        tables["sessions"].append(twice(who, 0, places)[1])
    assert moved(tables, tmp_path) == (expected, late)


@pytest.mark.parametrize(("elsewhere", "expected"), [(2, 0), (3, 13)])
def test_overlaps_at_other_times_too(elsewhere: int, expected: int, tmp_path: Path) -> None:
    """10 of 12 people with overlaps are four fifths, 10 of 13 are fewer."""
    places = "58.212.9.1", "117.88.9.1"
    tables = learners(100, 10, 5000, places, days=1)
    for at, who in enumerate(tables["registrations"][10 : 10 + elsewhere], 1):
        tables["sessions"] += twice(who, 5000, places, day=at)
    made, findings = moved(tables, tmp_path)
    assert (made, findings) == (expected or elsewhere, 10 + elsewhere)


@pytest.mark.parametrize(
    ("places", "findings"),
    [
        (("10.0.3.7", "10.0.9.9"), 0),
        (("10.0.3.7", "58.212.9.1"), 3),
        (("192.168.1.2", "172.20.4.4"), 0),
    ],
)
def test_private_addresses_tell_no_places_apart(places: tuple[str, str], findings: int, tmp_path: Path) -> None:
    assert moved(learners(20, 3, 3000, places), tmp_path) == (findings, findings)


def test_a_relay_of_the_platform_is_no_other_place(tmp_path: Path) -> None:
    tables = learners(20, 3, 3000, ("58.212.9.1", "117.88.9.1"), firms="甲乙丙")
    for row in tables["sessions"]:
        row["address"] = {"117.88.9.1": "117.88.9.1"}.get(row["address"], "58.212.9.1")
    assert moved(tables, tmp_path) == (0, 0)


def test_what_many_have_is_no_second_lead(tmp_path: Path) -> None:
    """Three employers in one dormitory; rows of five minutes make everybody's lessons overlap."""
    tables = learners(7, 7, 300, ("58.212.9.1", "58.212.9.1"), firms="甲乙丙")
    for who in tables["registrations"][7:]:
        tables["sessions"] += twice(who, 300, ("58.212.9.1", "58.212.9.1"))
    for row in tables["sessions"]:
        row["address"] = "58.212.9.1"
    made = run_audit(tables, "taicang-2021", tmp_path)
    assert set(made.findings["rule"]) >= {OVERLAP, "address-shared-across-employers"}
    assert set(made.people["verdict"]) == {"supported"}


@pytest.mark.parametrize(("late", "expected"), [(10, "to_verify"), (9, "not_supported")])
def test_hours_that_a_clock_set_back_swallowed_refuse_nobody(late: int, expected: str, tmp_path: Path) -> None:
    tables = learners(100, late, 5000, ("58.212.9.1", "58.212.9.1"), days=1)
    first = tables["registrations"][0]["id_number"]
    evenings = [row for row in tables["sessions"] if row["id_number"] == first and row["course"].startswith("岗位")]
    for row in evenings[:8]:
        tables["sessions"].remove(row)
    made = run_audit(tables, "taicang-2021", tmp_path)
    short = made.findings.filter(pl.col("rule") == "class-hours-too-few")
    assert short.height == 1
    assert made.people.filter(pl.col("person_id") == short["person_id"][0])["verdict"].to_list() == [expected]


@pytest.mark.parametrize(("others", "expected"), [(3, "to_verify"), (4, "not_supported")])
def test_a_platform_that_takes_the_last_second_for_the_end(others: int, expected: str, tmp_path: Path) -> None:
    """24 lessons of 29:59; those of somebody else in the same sheet last otherwise, 5 % at most."""
    tables = honest(NOTICE, 3, "甲厂")
    short, besides = tables["sessions"][0], tables["sessions"][-16:]
    rows = [
        short
        | {
            "start_at": f"2021-02-{day:02} {hour}:00:00",
            "end_at": f"2021-02-{day:02} {hour}:29:59",
            "course": f"第{day}讲",
        }
        for day in range(2, 26)
        for hour in (19, 21)
    ]
    tables["sessions"] = rows[::2] + [
        row | {name: besides[0][name] for name in ("id_number", "name")} for row in rows
    ] + besides[:others]  # fmt: skip
    for row in tables["sessions"] + tables["registrations"]:
        row.pop("total_time", None)
    made = run_audit(tables, "taicang-2021", tmp_path)
    found = made.findings.filter(
        (pl.col("rule") == "class-hours-too-few") & pl.col("message").str.contains("11小时59分36秒")
    )
    assert found.height == 1
    assert made.people.filter(pl.col("person_id") == found["person_id"][0])["verdict"].to_list() == [expected]
    assert ("最后一秒" in found["message"][0]) == (expected == "to_verify")
