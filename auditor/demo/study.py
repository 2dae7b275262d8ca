"""Honest study: when people learn, for how long, from where. Everything is vectorised over a block of people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.demo import network
from auditor.demo.words import Place

Ints = npt.NDArray[np.int64]
Rows = npt.NDArray[Any]  # structured, dtype ROW

DAY = 86_400
# `start`, `end`: seconds since 1970-01-01 of local wall time; `lesson`: index into the plan; `addr`: see network.py;
# `second`: recorded under the person's second account; `damage`: see below.
ROW = np.dtype(
    [
        ("person", "i4"),
        ("start", "i8"),
        ("end", "i8"),
        ("lesson", "i2"),
        ("addr", "i8"),
        ("second", "i1"),
        ("damage", "i1"),
    ]
)
WHOLE, BAD_DATE, WORDS, NO_END, LOST_NUMBER, REPEATED = range(6)

# How a person learns: a lesson a sitting, mixed, long sittings, short ones (never a whole class hour at a time), and
# mixed with exactly the time required.
BY_LESSON, MIXED, LONG, SHORT, EXACT = range(5)
_SHARES = (0.52, 0.30, 0.13, 0.05)
_SPREAD = np.array((0.0, 0.5, 0.2, 0.25, 0.5))


@dataclass(frozen=True)
class Course:
    """What the notice asks for: `days` from `first_day` (since 1970-01-01), `units` class hours of `unit_s` seconds."""

    first_day: int
    days: int
    unit_s: int
    units: int
    lessons: int
    tolerance_s: int

    @property
    def required_s(self) -> int:
        return self.unit_s * self.units

    @property
    def first_s(self) -> int:
        return self.first_day * DAY

    @property
    def after_s(self) -> int:
        """The first second after the period."""
        return (self.first_day + self.days) * DAY


def habits(count: int, rng: np.random.Generator) -> Ints:
    """How each of `count` people learns (not EXACT)."""
    return rng.choice(4, count, p=_SHARES).astype(np.int64)


def honest(
    first: int,
    habit: Ints,
    site: Ints,
    dropout: npt.NDArray[np.bool_],
    course: Course,
    place: Place,
    rng: np.random.Generator,
) -> Rows:
    """Sessions of the people `first`, `first` + 1, …, ordered by person and start. All but drop-outs learn long enough.

    Nobody has two sessions that share more than 60 seconds, and nobody learns between 22:56 and 07:30.
    """
    people = len(habit)
    count = np.maximum(rng.integers(33, 51, people), course.units + 5)
    count = np.where(habit == SHORT, np.maximum(count, 36), count)
    person = np.repeat(np.arange(people), count)
    rank = np.arange(len(person)) - np.repeat(np.cumsum(count) - count, count)
    length, long = _lengths(habit, count, person, rank, course, rng)
    day, group = _days(count, person, rank, course, rng)
    start, lunch = _starts(person, day, group, length, habit, rng)

    rows = np.empty(len(person), dtype=ROW)
    rows["person"], rows["start"], rows["end"] = person + first, start, start + length
    rows["lesson"] = _lessons(habit, count, person, length, long, course)
    rows["addr"] = _addresses(person, day, group, lunch, first, site, place, rng)
    rows["second"] = rows["damage"] = 0
    stay = np.where(dropout, rng.integers(1, 15, people), count)
    return np.asarray(rows[rank < stay[person]])


def _lengths(
    habit: Ints, count: Ints, person: Ints, rank: Ints, course: Course, rng: np.random.Generator
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Seconds of each session, and whether it is one of the person's main ones (the others are short looks)."""
    people, total = len(habit), len(person)
    some = np.round(count * 0.7).astype(np.int64)
    main = np.choose(habit, [course.units + rng.integers(0, 3, people), some, rng.integers(8, 12, people), count, some])
    long = ((rank + 1) * main[person]) // count[person] != (rank * main[person]) // count[person]
    length = np.where(long, 0, 90 + rng.integers(0, 420, total))
    margin = np.choose(
        habit,
        [
            np.zeros(people),
            rng.uniform(0.02, 0.22, people),
            rng.uniform(0.08, 0.3, people),
            rng.uniform(0.03, 0.09, people),
            np.zeros(people),
        ],
    )
    target = (course.required_s * (1 + margin)).astype(np.int64)
    open_s = target - np.bincount(person, length, people).astype(np.int64)
    weight = np.where(long, 1 + _SPREAD[habit][person] * rng.uniform(-1, 1, total), 0)
    share = np.floor(weight * (open_s / np.bincount(person, weight, people))[person]).astype(np.int64)
    rest = open_s - np.bincount(person, share, people).astype(np.int64)
    first_main = np.flatnonzero(long)[np.unique(person[long], return_index=True)[1]]
    share[first_main] += rest
    by_lesson = course.unit_s + rng.integers(0, course.unit_s * 3 // 10, total)
    return np.where(long, np.where(habit[person] == BY_LESSON, by_lesson, share), length), long


def _days(count: Ints, person: Ints, rank: Ints, course: Course, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Day of each session (since 1970-01-01), and the number of its group: the sessions of one person on one day."""
    people = len(count)
    shortest, longest = max(1, min(20, course.days)), min(70, course.days)
    span = rng.integers(shortest, longest + 1, people)
    begin = rng.integers(0, course.days - span + 1)
    sittings = np.minimum(rng.integers(11, 18, people), span)
    jitter = rng.random((people, 17))
    sitting = rank * sittings[person] // count[person]
    offset = (sitting + jitter[person, sitting]) * (span / sittings)[person]
    day = course.first_day + begin[person] + np.minimum(np.floor(offset).astype(np.int64), span[person] - 1)
    fresh = np.ones(len(day), dtype=np.bool_)
    fresh[1:] = (person[1:] != person[:-1]) | (day[1:] != day[:-1])
    return day, np.cumsum(fresh) - 1


def _starts(
    person: Ints, day: Ints, group: Ints, length: Ints, habit: Ints, rng: np.random.Generator
) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """Start of each session, and whether it is held at lunch time."""
    total = len(person)
    roll = rng.random(total)
    gap = 15 + rng.integers(0, 400, total)
    gap = np.where(roll < 0.24, rng.integers(900, 2700, total), gap)
    slip = np.where(rng.random(total) < 0.2, 60, rng.integers(1, 61, total))
    may_slip = (habit[person] != EXACT) & (np.arange(total) % 7 == 3)
    gap = np.where((roll < 0.16) & may_slip, -slip, gap)
    gap = np.where(roll < 0.12, 0, gap)

    head = np.flatnonzero(np.diff(group, prepend=-1))
    last = np.append(head[1:], total) - 1
    reach = np.cumsum(length + gap) - length
    since = reach - reach[head][group]
    load = (since + length)[last]
    evening = rng.integers(65_100, 70_500, len(head))  # 18:05 to 19:35
    weekend = (day[head] + 3) % 7 >= 5
    roll = rng.random(len(head))
    base = np.where(weekend & (roll < 0.4), rng.integers(30_600, 36_000, len(head)), evening)
    base = np.where(weekend & (roll > 0.7), rng.integers(48_600, 54_000, len(head)), base)
    base = np.minimum(base, 82_500 - rng.integers(0, 1_200, len(head)) - load)  # over before 22:55
    start = base[group] + since

    at_lunch = ~weekend & (base >= 61_200) & (length[head] <= 3_600) & (rng.random(len(head)) < 0.25)
    start[head] = np.where(at_lunch, rng.integers(43_380, 44_700, len(head)), start[head])  # 12:03 to 12:25
    lunch = np.zeros(total, dtype=np.bool_)
    lunch[head] = at_lunch
    return day * DAY + start, lunch


def _lessons(habit: Ints, count: Ints, person: Ints, length: Ints, long: npt.NDArray[np.bool_], course: Course) -> Ints:
    """The lesson of each session: one a main session, else the one that the time learned so far has come to."""
    done = np.cumsum(length) - length
    main = np.cumsum(long) - 1
    head = np.repeat(np.cumsum(count) - count, count)
    nth = np.maximum(main - (main - long)[head] - 1, 0)
    so_far = (done - done[head]) // course.unit_s
    return np.minimum(np.where(habit[person] == BY_LESSON, nth, so_far), course.lessons - 1)


def _addresses(
    person: Ints,
    day: Ints,
    group: Ints,
    lunch: npt.NDArray[np.bool_],
    first: int,
    site: Ints,
    place: Place,
    rng: np.random.Generator,
) -> Ints:
    """Address of each session: one network an evening; at lunch the works or the mobile."""
    on_site = rng.random(len(site)) < 0.65
    roll = rng.random(int(group[-1]) + 1)[group]
    who = person + first
    works, at_home, mobile = network.site(place, site[person]), network.home(place, who), network.mobile(who, day)
    evening = np.where(roll < 0.3, at_home, np.where(roll < 0.5, mobile, np.where(on_site[person], works, at_home)))
    return np.where(lunch, np.where(on_site[person], works, mobile), evening)
