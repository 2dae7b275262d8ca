"""Honest populations: everybody here studied every minute that the record says. Each is a habit, a network or a fault
of a platform that resembles sham training."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl

from .world import DAY, FAR, HOUR, MINUTE, Group, Ints, Reals, Site, at_home, persons, sitting, study


def home(site: Site, n: int) -> Group:
    sittings = at_home(site, study(site, n))
    return Group(persons(site, sittings, n), sittings)


def couple(site: Site, n: int) -> Group:
    """Two of different employers in one household."""
    frame = study(site, n)
    given = site.addresses(-(-n // 2))
    sittings = sitting(frame, given[frame["person"].to_numpy() // 2])
    firms = np.array([site.employer(), site.employer()])
    return Group(persons(site, sittings, n, employer=firms[np.arange(n) % 2]), sittings)


def office(site: Site, n: int) -> Group:
    """One egress address an employer; at noon and after work."""
    hour = np.where(site.rng.random(n) < 0.5, 12.1, 17.6)
    frame = study(site, n, hour=hour, spread=0.25, fresh=0.7)
    sittings = sitting(frame, site.addresses(-(-n // 40))[frame["person"].to_numpy() // 40])
    return Group(persons(site, sittings, n), sittings)


def dormitory(site: Site, n: int) -> Group:
    """Three employers behind one address of 60 beds; everybody at eight in the evening."""
    frame = study(site, n, hour=20.0, spread=0.5)
    sittings = sitting(frame, site.addresses(-(-n // 60))[frame["person"].to_numpy() // 60])
    firms = np.array([site.employer() for _ in range(3)])
    return Group(persons(site, sittings, n, employer=firms[site.rng.integers(0, 3, n)]), sittings)


def mobile(site: Site, n: int) -> Group:
    """A phone behind a mobile operator's shared addresses (CGNAT): another one for every sitting."""
    frame = study(site, n, hour=site.rng.uniform(8, 20, n), spread=2.0, resumed=0.2)
    sittings = sitting(frame, site.rng.choice(site.pool, len(frame)))
    return Group(persons(site, sittings, n), sittings)


def roaming(site: Site, n: int) -> Group:
    """From home WLAN to the mobile network within a lesson. The platform begins a new sitting at once and ends the old
    one when its heartbeats stop: mostly within half a minute, one time in twenty minutes late."""
    rng = site.rng
    frame = at_home(site, study(site, n, resumed=0.0, looks=0.0))
    moved = pl.Series(rng.random(len(frame)) < 0.1)
    cut = pl.Series(rng.uniform(0.2, 0.8, len(frame)))
    after_minutes = rng.random(len(frame)) < 0.05
    late = pl.Series(np.where(after_minutes, 60 + rng.exponential(120, len(frame)), rng.uniform(0, 30, len(frame))))
    at = (pl.col("start") + (pl.col("end") - pl.col("start")) * cut).cast(pl.Int64)
    before = frame.with_columns(
        end=pl.when(moved).then(pl.min_horizontal(at + late.cast(pl.Int64), "end")).otherwise("end")
    )
    after = frame.with_columns(start=at, address=pl.Series(rng.choice(site.pool, len(frame)))).filter(moved)
    sittings = pl.concat([before, after])
    return Group(persons(site, sittings, n), sittings)


def _timetable(site: Site, size: int) -> Ints:
    """Begin of each lesson of a live class: two an evening from 19:00."""
    slot = -(-int(site.lengths.max()) // (5 * MINUTE)) * 5 * MINUTE + 10 * MINUTE
    nth = np.arange(size)
    return (site.first + 2 + nth // 2) * DAY + 19 * HOUR + nth % 2 * slot


def live(site: Site, n: int) -> Group:
    """Classes of 30 by a timetable; people come minutes early or late and leave minutes after the end."""
    rng, size = site.rng, len(site.lengths)
    begins = np.tile(_timetable(site, size), (n, 1))
    start = begins + rng.normal(-20, 150, (n, size)).astype(np.int64)
    end = begins + site.lengths + np.minimum(rng.exponential(90, (n, size)), 400).astype(np.int64)
    return _class(site, n, start, end)


def timetable(site: Site, n: int) -> Group:
    """The same, but the platform logs the timetable's own times for everybody who came."""
    begins = np.tile(_timetable(site, len(site.lengths)), (n, 1))
    length = -(-site.lengths // (5 * MINUTE)) * 5 * MINUTE
    return _class(site, n, begins, begins + length)


def _class(site: Site, n: int, start: Ints, end: Ints) -> Group:
    came = np.asarray(site.rng.random(start.shape) < 0.95)
    person, lesson = np.nonzero(came)
    frame = pl.DataFrame({"person": person, "lesson": lesson, "start": start[came], "end": end[came]})
    sittings = at_home(site, frame)
    return Group(persons(site, sittings, n, per_employer=30), sittings)


def classroom(site: Site, n: int) -> Group:
    """Thirty in a meeting room on the employer's network, two lessons an evening: at the instructor's word everybody
    presses play, most within a minute, and leaves when the video ends."""
    return _in_class(site, n, lambda shape: site.rng.gamma(2.0, 30.0, shape))


def class_at_once(site: Site, n: int) -> Group:
    """The same where nearly everybody presses play within twenty seconds."""
    return _in_class(site, n, lambda shape: np.abs(site.rng.normal(0, 12.0, shape)))


def _in_class(site: Site, n: int, late: Callable[[tuple[int, int]], Reals]) -> Group:
    rng, size = site.rng, len(site.lengths)
    begins = _timetable(site, size) + np.repeat(rng.integers(-300, 900, -(-size // 2)), 2)[:size]
    start = begins + late((n, size)).astype(np.int64)
    end = start + site.lengths + rng.exponential(20, (n, size)).astype(np.int64)
    came = np.asarray(rng.random(start.shape) < 0.95)
    person, lesson = np.nonzero(came)
    frame = pl.DataFrame({"person": person, "lesson": lesson, "start": start[came], "end": end[came]})
    sittings = sitting(frame, site.addresses(-(-n // 30))[person // 30])
    return Group(persons(site, sittings, n, per_employer=30), sittings)


def night_shift(site: Site, n: int) -> Group:
    sittings = at_home(site, study(site, n, hour=site.rng.uniform(0.3, 2.5, n), spread=0.6))
    return Group(persons(site, sittings, n), sittings)


def training_room(site: Site, n: int) -> Group:
    """Eight colleagues at the one computer of a training room, two lessons each, at booked hours in changing order."""
    return _in_turn(site, n, booked=True)


def queue(site: Site, n: int) -> Group:
    """The same without booking: the next one sits down within half a minute to three."""
    return _in_turn(site, n, booked=False)


def _in_turn(site: Site, n: int, booked: bool) -> Group:
    rng, runs, rooms = site.rng, -(-len(site.lengths) // 2), -(-n // 8)
    days = np.tile(np.arange(runs), (8 * rooms, 1))
    frame = study(
        site, 8 * rooms, hour=0.0, spread=0.0, runs=2, days=days, resumed=0.0, looks=0.0, extra=10.0, pause=60.0
    )
    frame = frame.with_columns(nth=pl.col("start") // DAY - site.first - 1)
    spent = frame.group_by("person", "nth").agg(pl.col("end").max() - pl.col("start").min()).sort("person", "nth")
    spent_s = spent["end"].to_numpy().reshape(rooms, 8, runs)
    turn = rng.permuted(np.tile(np.arange(8)[:, None], (rooms, 1, runs)), axis=1)
    if booked:
        slot = 2 * int(site.lengths.max()) + 8 * MINUTE
        begin = turn * slot + rng.integers(0, 5 * MINUTE, turn.shape)
    else:
        order = np.argsort(turn, 1)
        taken = np.take_along_axis(spent_s, order, 1) + rng.integers(30, 3 * MINUTE, turn.shape)
        begin = np.take_along_axis(np.cumsum(taken, 1) - taken, turn, 1)
    late = 7 * HOUR + begin.reshape(-1, runs)[frame["person"].to_numpy(), frame["nth"].to_numpy()]
    frame = frame.with_columns(pl.col("start") + late, pl.col("end") + late).filter(pl.col("person") < n)
    sittings = sitting(frame, site.addresses(rooms)[frame["person"].to_numpy() // 8])
    exam = (site.first + site.days + 1) * DAY + 9 * HOUR + rng.integers(0, 8 * HOUR, n)
    return Group(persons(site, sittings, n, employer=np.full(n, site.employer()), exam=exam), sittings)


def business_trip(site: Site, n: int) -> Group:
    """Four days in another province, and home again; a journey takes the day."""
    frame = at_home(site, study(site, n))
    day = pl.col("start") // DAY - site.first
    left = pl.Series(site.rng.integers(3, site.days - 6, n)).gather(frame["person"])
    hotel = pl.Series(site.addresses(n, FAR)).gather(frame["person"])
    sittings = frame.with_columns(address=pl.when(day.is_between(left, left + 3)).then(hotel).otherwise("address"))
    return Group(persons(site, sittings, n), sittings)


def vpn(site: Site, n: int) -> Group:
    """The employer's VPN comes out in another province; switched on for every third sitting or so."""
    frame = at_home(site, study(site, n))
    on, gate = pl.Series(site.rng.random(len(frame)) < 0.3), int(site.addresses(1, FAR)[0])
    sittings = frame.with_columns(address=pl.when(on).then(gate).otherwise("address"))
    return Group(persons(site, sittings, n), sittings)


def autoplay(site: Site, n: int) -> Group:
    """The next lesson begins by itself after three seconds; a page closes with its video."""
    frame = study(site, n, fresh=0.2, resumed=0.0, looks=0.0, extra=0.4, pause=0.0)
    nth = pl.int_range(pl.len()).over("person", pl.col("start") // DAY)
    frame = frame.with_columns(pl.col("start") + nth, pl.col("end") + nth)
    sittings = at_home(site, frame)
    return Group(persons(site, sittings, n), sittings)


def interrupted(site: Site, n: int) -> Group:
    """Half the lessons in two parts, a third looked into before."""
    sittings = at_home(site, study(site, n, resumed=0.5, looks=0.35))
    return Group(persons(site, sittings, n), sittings)


def two_accounts(site: Site, n: int) -> Group:
    frame = at_home(site, study(site, n))
    change = pl.Series(site.rng.integers(5, 15, n)).gather(frame["person"])
    sittings = frame.with_columns(second=(pl.col("lesson") >= change).cast(pl.Int64))
    return Group(persons(site, sittings, n, accounts=np.full(n, 2)), sittings)


def clock_back(site: Site, n: int) -> Group:
    """One evening at half past eight the platform's clock is set back by an hour, until midnight. Every second person
    is on a phone, behind another address for every sitting."""
    frame = at_home(site, study(site, n))
    phone = pl.Series(site.rng.choice(site.pool, len(frame)))
    frame = frame.with_columns(address=pl.when(pl.col("person") % 2 == 0).then("address").otherwise(phone))
    at = (site.first + 6) * DAY + 20 * HOUR + 30 * MINUTE
    back = [
        pl.col(name) - HOUR * pl.col(name).is_between(at, at + 3 * HOUR + 30 * MINUTE).cast(pl.Int64)
        for name in ("start", "end")
    ]
    sittings = frame.with_columns(back)
    return Group(persons(site, sittings, n), sittings)


def registered_by_clerk(site: Site, n: int) -> Group:
    """A clerk's list: 40 people of an employer within a minute."""
    sittings = at_home(site, study(site, n))
    hour = (site.first - 2) * DAY + 10 * HOUR
    return Group(persons(site, sittings, n, registered=hour + np.arange(n) // 40 * 900 + np.arange(n) % 40), sittings)


def exam_day(site: Site, n: int) -> Group:
    """One morning for everybody, after the course."""
    sittings = at_home(site, study(site, n))
    at = (site.first + site.days + 2) * DAY + 9 * HOUR
    return Group(persons(site, sittings, n, exam=at + site.rng.integers(30 * MINUTE, 60 * MINUTE, n)), sittings)


def watched_again(site: Site, n: int) -> Group:
    """A dozen lessons a second time, the night before the exam as it may be."""
    size = len(site.lengths)
    again = np.sort(np.argsort(site.rng.random((n, size)), 1)[:, :12], 1)
    order = np.concatenate([np.tile(np.arange(size), (n, 1)), again], 1)
    sittings = at_home(site, study(site, n, order=order, fresh=0.45))
    return Group(persons(site, sittings, n), sittings)


def faster_playback(site: Site, n: int) -> Group:
    """1.25 or 1.5 times the speed, on all lessons or on some; the hours that lack come from watching again."""
    rng, size = site.rng, len(site.lengths)
    short = size - int(size / 1.5) + 2
    again = np.argsort(rng.random((n, size)), 1)[:, :short]
    order = np.concatenate([np.tile(np.arange(size), (n, 1)), again], 1)
    pace = rng.choice([1.25, 1.5], n)[:, None]
    some = np.where(rng.random(n) < 0.5, 1.0, 0.5)[:, None]
    speed = np.where(rng.random(order.shape) < some, pace, 1.0)
    speed[:, size:] = 1.0
    sittings = at_home(site, study(site, n, order=order, speed=speed, fresh=0.45))
    return Group(persons(site, sittings, n), sittings)


POPULATIONS: dict[str, Callable[[Site, int], Group]] = {
    one.__name__: one
    for one in (
        home, couple, office, dormitory, mobile, roaming, live, timetable, classroom, class_at_once,
        night_shift, training_room, queue,
        autoplay, interrupted, two_accounts, clock_back, registered_by_clerk, exam_day, watched_again, faster_playback,
        business_trip, vpn,
    )
}  # fmt: skip
# Faults of a whole platform: the traits of its Site. People study at home, in offices, dormitories and on phones.
PLATFORMS = {"minutes": {"minutes": True}, "proxy": {"proxies": 1}, "balancers": {"proxies": 3}}
