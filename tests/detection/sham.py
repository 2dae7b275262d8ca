"""Sham training: what the record says was studied was studied by nobody, or by somebody else.

Each kind is made by its own mechanism, at a strength; the people of a group belong to one employer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import polars as pl

from .world import DAY, FAR, HOUR, MINUTE, NEAR, Group, Ints, Site, at_home, persons, sitting, study


def hand_over(site: Site, n: int, least: int) -> Group:
    """One operator at one address logs in one account after another, seconds apart, a lesson each: `least` lessons a
    day, or more where the period is short."""
    rng, size = site.rng, len(site.lengths)
    turns = np.concatenate([rng.permutation(n) for _ in range(size)])
    lesson = np.repeat(np.arange(size), n)
    length = site.lengths[lesson] + rng.integers(1, 20, size * n)
    a_day = max(least, -(-size * n // (site.days - 3)))
    day, place = np.divmod(np.arange(size * n), a_day)
    gap = rng.integers(5, 90, size * n)
    until = np.cumsum(length + gap)
    first = np.maximum.accumulate(np.where(place == 0, until - length - gap, 0))
    start = (
        (site.first + 1 + day) * DAY
        + 8 * HOUR
        + rng.integers(0, 20 * MINUTE, day.max() + 1)[day]
        + until
        - length
        - gap
        - first
    )
    frame = pl.DataFrame({"person": turns, "lesson": lesson, "start": start, "end": start + length})
    return _firm(site, n, sitting(frame, np.repeat(site.addresses(1), len(frame))))


def _firm(site: Site, n: int, sittings: pl.DataFrame, **given: Ints) -> Group:
    return Group(persons(site, sittings, n, per_employer=n, **given), sittings)


def lock_step(site: Site, n: int, jitter: int) -> Group:
    """The same with n windows at once: every lesson begins in all of them within `jitter` seconds."""
    one = study(site, 1, hour=14.0, spread=1.5)
    frame = pl.concat([one.with_columns(person=pl.lit(who, dtype=pl.Int64)) for who in range(n)])
    frame = _shaken(site, frame, jitter)
    return _firm(site, n, sitting(frame, np.repeat(site.addresses(1), len(frame))))


def one_by_one(site: Site, n: int) -> Group:
    """The same where every window is opened three to ten seconds after the one before."""
    one = study(site, 1, hour=14.0, spread=1.5)
    later = np.cumsum(site.rng.integers(3, 11, (len(one), n)), 1)
    frame = pl.concat(
        [
            one.with_columns(
                person=pl.lit(who, dtype=pl.Int64), start=pl.col("start") + pl.Series(later[:, who]),
                end=pl.col("end") + pl.Series(later[:, who]),
            )
            for who in range(n)
        ]
    )  # fmt: skip
    return _firm(site, n, sitting(frame, np.repeat(site.addresses(1), len(frame))))


def _shaken(site: Site, frame: pl.DataFrame, jitter: int) -> pl.DataFrame:
    """Every time later by up to `jitter` seconds."""
    return frame.with_columns(
        pl.col(name) + pl.Series(site.rng.integers(0, jitter + 1, len(frame))) for name in ("start", "end")
    )


def script(site: Site, n: int, jitter: int) -> Group:
    """A program plays six lessons a day from an hour of the person's own, each for one fixed time, a fixed pause
    between them; it is off by up to `jitter` seconds."""
    rng, size = site.rng, len(site.lengths)
    nth = np.arange(size)
    hour = rng.integers(8 * HOUR, 17 * HOUR, (n, 1))
    length = site.unit + rng.integers(40, 400, (n, 1))
    step = length + rng.integers(20, 300, (n, 1))
    start = (site.first + 2 + nth // 6 * 2 + rng.integers(0, 6, (n, 1))) * DAY + hour + nth % 6 * step
    frame = pl.DataFrame(
        {
            "person": np.repeat(np.arange(n), size),
            "lesson": np.tile(nth, n),
            "start": start.ravel(),
            "end": (start + length).ravel(),
        }
    )
    return _firm(site, n, at_home(site, _shaken(site, frame, jitter)))


def cloned(site: Site, n: int, shift: int, jitter: int) -> Group:
    """One honest person's log copied for the others, each `shift` seconds after the one before; every time then moved
    by up to `jitter` seconds. Each copy has an address of its own."""
    one = study(site, 1, days=np.arange(site.days)[None, :])
    copies = [
        one.with_columns(pl.col("start", "end") + shift * who, person=pl.lit(who, dtype=pl.Int64)) for who in range(n)
    ]
    return _firm(site, n, at_home(site, _shaken(site, pl.concat(copies), jitter)))


def marathon(site: Site, n: int) -> Group:
    """A player left open for hours: a handful of sittings make all the class hours."""
    rng = site.rng
    length = rng.integers(int(3.5 * HOUR), 6 * HOUR, (n, 5))
    start = (site.first + 2 + np.arange(5) * 3 + rng.integers(0, 3, (n, 5))) * DAY + rng.integers(
        8 * HOUR, 17 * HOUR, (n, 5)
    )
    frame = pl.DataFrame(
        {
            "person": np.repeat(np.arange(n), 5),
            "lesson": np.tile(np.arange(5), n),
            "start": start.ravel(),
            "end": (start + length).ravel(),
        }
    )
    return _firm(site, n, at_home(site, frame))


def nonstop(site: Site, n: int) -> Group:
    """All lessons one after another in one day, from before dawn until they are done."""
    rng, size = site.rng, len(site.lengths)
    pause = rng.integers(10, 60, (n, size))
    until = np.cumsum(site.lengths + pause, 1)
    start = (site.first + 3 + rng.integers(0, site.days - 6, (n, 1))) * DAY + 4 * HOUR + until - site.lengths - pause
    frame = pl.DataFrame(
        {
            "person": np.repeat(np.arange(n), size),
            "lesson": np.tile(np.arange(size), n),
            "start": start.ravel(),
            "end": (start + site.lengths + rng.integers(0, 9, (n, size))).ravel(),
        }
    )
    return _firm(site, n, at_home(site, frame))


def sheet(site: Site, n: int, rounded: bool) -> Group:
    """A spreadsheet filled in at a desk: one or two lines a day per person, times typed on the five minutes, or drawn
    to the second."""
    rng, size = site.rng, len(site.lengths)
    grain = 5 * MINUTE if rounded else 1
    nth = np.arange(size)
    start = (
        (site.first + 1 + nth // 2) * DAY
        + 9 * HOUR
        + nth % 2 * 5 * HOUR
        + rng.integers(0, 4 * HOUR // grain, (n, size)) * grain
    )
    length = -(-site.unit // grain) * grain + rng.integers(0, 15 * MINUTE // grain + 1, (n, size)) * grain
    frame = pl.DataFrame(
        {
            "person": np.repeat(np.arange(n), size),
            "lesson": np.tile(nth, n),
            "start": start.ravel(),
            "end": (start + length).ravel(),
        }
    )
    return _firm(site, n, at_home(site, frame))


def sharing(site: Site, n: int, network: str = NEAR) -> Group:
    """Two use one account: the person at home, and a helper elsewhere at the same hours on every fourth lesson."""
    frame = at_home(site, study(site, n))
    helper = frame.filter(pl.col("lesson") % 4 == 1)
    helper = helper.with_columns(
        pl.col("start", "end") + pl.Series(site.rng.integers(120, 900, len(helper))),
        lesson=(pl.col("lesson") + 5) % len(site.lengths),
        address=pl.Series(site.addresses(n, network)).gather(helper["person"]),
    )  # fmt: skip
    return _firm(site, n, pl.concat([frame, helper]))


def elsewhere(site: Site, n: int) -> Group:
    """A service in another province studies for people who stayed."""
    frame = study(site, n, hour=14.0, spread=2.0)
    return _firm(site, n, sitting(frame, site.rng.choice(site.addresses(n, FAR), len(frame))))


def brushing(site: Site, n: int, speed: float) -> Group:
    """A plug-in plays all lessons at several times the speed; the hours that lack, from leaving the last ones on."""
    frame = study(site, n, speed=speed, extra=2.0, pause=20.0, fresh=0.3, resumed=0.0, looks=0.0)
    lacking = site.required - int(site.lengths.sum() / speed) + 2 * HOUR
    idle = frame.group_by("person").agg(pl.col("end").max()).sort("person")
    left_on = [
        idle.select(
            "person",
            lesson=pl.lit(len(site.lengths) - 1 - part, dtype=pl.Int64),
            start=pl.col("end") + 60 + part * 9_000,
        )
        .with_columns(end=pl.col("start") + min(9_000, lacking - part * 9_000))
        for part in range(-(-lacking // 9_000))
    ]  # fmt: skip
    return _firm(site, n, at_home(site, pl.concat([frame, *(one.select(frame.columns) for one in left_on)])))


def phones_in_row(site: Site, n: int) -> Group:
    """Accounts made by a program: registered a second apart, with telephone numbers in a row."""
    sittings = at_home(site, study(site, n))
    registered = (site.first - 1) * DAY + 15 * HOUR + np.arange(n)
    return _firm(site, n, sittings, registered=registered, phone=site.phones(1)[0] + np.arange(n))


def quick_exam(site: Site, n: int) -> Group:
    """A full paper answered in seconds."""
    rng = site.rng
    return _firm(site, n, at_home(site, study(site, n)), exam_s=rng.integers(12, 45, n), score=rng.integers(90, 101, n))


def pass_mark(site: Site, n: int) -> Group:
    """Everybody of an employer exactly at the pass mark."""
    return _firm(site, n, at_home(site, study(site, n)), score=np.full(n, 60))


def early_exam(site: Site, n: int) -> Group:
    """Examined and passed on the second day; the hours were made afterwards."""
    sittings = at_home(site, study(site, n))
    first = sittings.group_by("person").agg(pl.col("start").min()).sort("person")["start"].to_numpy()
    return _firm(site, n, sittings, exam=first + 2 * DAY)


def late_edit(site: Site, n: int) -> Group:
    """A third of the lessons written into the log weeks after the day they tell of."""
    sittings = at_home(site, study(site, n))
    late = np.where(sittings["lesson"].to_numpy() % 3 == 2, site.rng.integers(20 * DAY, 25 * DAY, len(sittings)), 0)
    return _firm(site, n, sittings.with_columns(late=pl.Series(late)))


@dataclass(frozen=True)
class Sham:
    """`make`: of a group of `sizes` people; `rules`: those whose business it is; `clear`: whoever looks at the rows
    sees it, so that it must be found."""

    kind: str
    strength: str
    make: Callable[[Site, int], Group]
    sizes: tuple[int, ...]
    rules: tuple[str, ...]
    clear: bool = True


_HAND = ("address-hand-over",)
_ORDER = ("sessions-in-fixed-order",)
_TOGETHER = ("sessions-in-lock-step", "learners-copied")
_TWO_PLACES = ("sessions-overlap-other-address", "sessions-overlap")
_CLOCK = ("clock-synthetic", "durations-identical")
SHAMS = (
    Sham("hand_over", "3-5 accounts, 3 lessons a day", partial(hand_over, least=3), (3, 5), _HAND, clear=False),
    Sham("hand_over", "5 accounts, 8 lessons a day", partial(hand_over, least=8), (5,), _HAND),
    Sham("hand_over", "10-20 accounts", partial(hand_over, least=10), (10, 20), _HAND),
    Sham("lock_step", "pairs, within 5 s", partial(lock_step, jitter=5), (2,), _TOGETHER),
    Sham("lock_step", "5-40 accounts, within 5 s", partial(lock_step, jitter=5), (5, 20, 40), _TOGETHER),
    Sham("lock_step", "5-20 accounts, within 30 s", partial(lock_step, jitter=30), (5, 20), _TOGETHER),
    Sham("lock_step", "20-30 accounts, each 3-10 s after the one before", one_by_one, (20, 30), _ORDER),
    Sham("script", "exact", partial(script, jitter=0), (5, 15), _CLOCK),
    Sham("script", "off by up to 3 s", partial(script, jitter=3), (5, 15), _CLOCK, clear=False),
    Sham("cloned", "days apart", partial(cloned, shift=DAY, jitter=0), (2, 4), _TOGETHER),
    Sham("cloned", "37 minutes apart", partial(cloned, shift=37 * MINUTE, jitter=0), (3, 10), _TOGETHER),
    Sham("cloned", "same time", partial(cloned, shift=0, jitter=0), (2, 10), _TOGETHER),
    Sham("cloned", "same time, off by 5 s", partial(cloned, shift=0, jitter=5), (3, 10), _TOGETHER),
    Sham("cloned", "days apart, off by 5 s", partial(cloned, shift=DAY, jitter=5), (2, 4), _TOGETHER, clear=False),
    Sham("marathon", "3.5-6 hours", marathon, (5, 15), ("session-marathon",)),
    Sham("nonstop", "one day", nonstop, (5, 15), ("day-too-long",)),
    Sham("sheet", "round times", partial(sheet, rounded=True), (5, 15), _CLOCK),
    Sham("sheet", "drawn to the second", partial(sheet, rounded=False), (5, 15), _CLOCK, clear=False),
    Sham("sharing", "two places", sharing, (5, 15), _TWO_PLACES),
    Sham("sharing", "two provinces", partial(sharing, network=FAR), (5, 15), (*_TWO_PLACES, "travel-impossible")),
    Sham("elsewhere", "another province", elsewhere, (5, 15), ("address-other-province",)),
    Sham("brushing", "twice the speed", partial(brushing, speed=2.0), (5, 15), ("study-faster-than-course",)),
    Sham("brushing", "4 times the speed", partial(brushing, speed=4.0), (5, 15), ("study-faster-than-course",)),
    Sham(
        "phones_in_row", "20-40 accounts", phones_in_row, (20, 40),
        ("registrations-in-bulk", "phones-in-sequence"),
    ),
    Sham("quick_exam", "12-45 seconds", quick_exam, (5, 15), ("exam-too-fast",)),
    Sham("pass_mark", "a whole employer", pass_mark, (25, 40), ("scores-clustered",)),
    Sham("early_exam", "on the third day", early_exam, (5, 15), ("exam-before-study-ended",)),
    Sham("late_edit", "a third, weeks late", late_edit, (5, 15), ("log-edited-late", "record-numbers-out-of-order")),
)  # fmt: skip
