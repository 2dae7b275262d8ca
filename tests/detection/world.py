"""An invented platform, its people and how they study: the parts that honest and sham populations are made of.

Nothing here is shared with auditor/demo: the same thing made twice by the same hands would prove only that it agrees
with itself. Times are seconds of local wall time since 1970, addresses integers (IPv4).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from ipaddress import IPv4Address
from typing import Any

import numpy as np
import polars as pl

from auditor.policy import Policy

Ints = np.ndarray[Any, np.dtype[np.int64]]
Reals = np.ndarray[Any, np.dtype[np.float64]]
DAY, HOUR, MINUTE = 86_400, 3_600, 60
NEAR, FAR, _ADDRESSES = "58.208.0.0", "14.16.0.0", 1 << 20  # networks of 2**20: of the city, and of another province


@dataclass
class Site:
    """What the people of one export share. `lengths`: seconds of each lesson of the plan; `minutes`: times are cut to
    the minute; `proxies`: so many addresses stand before almost everybody; `full`: rows carry when they were written
    and a running number, and the bureau's tables are there."""

    notice: Policy
    rng: np.random.Generator
    minutes: bool = False
    proxies: int = 0
    full: bool = False
    employers: list[str] = field(default_factory=list)
    _given: int = 0
    _phones: int = 0

    def __post_init__(self) -> None:
        self.unit = self.notice.params["unit_s"]
        self.required = self.unit * self.notice.params["min_units"]
        self.first, self.year = _day(self.notice.period_from), self.notice.period_from // 10_000
        self.days = min(_day(self.notice.period_to) - self.first - 1, 45)
        self.lengths: Ints = self.unit + self.rng.integers(30, self.unit // 6, self.notice.params["min_units"] + 6)
        self.pool = self.addresses(12)  # a mobile operator's egress

    def addresses(self, count: int, network: str = NEAR) -> Ints:
        """So many new public addresses, far apart."""
        place = np.arange(self._given, self._given + count)
        self._given += count
        return int(IPv4Address(network)) + place * 611_953 % _ADDRESSES

    def phones(self, count: int) -> Ints:
        """So many new mobile numbers, far apart."""
        place = np.arange(self._phones, self._phones + count)
        self._phones += count
        return 13_000_000_000 + place * 7_368_787 % 899_999_963

    def employer(self) -> int:
        self.employers.append(f"测算企业{len(self.employers) + 1:03}有限公司")
        return len(self.employers) - 1


def _day(yyyymmdd: int) -> int:
    return (dt.date(yyyymmdd // 10_000, yyyymmdd // 100 % 100, yyyymmdd % 100) - dt.date(1970, 1, 1)).days


@dataclass
class Group:
    """`people`: one row a person (employer, registered, phone, exam, score, exam_s, accounts, and labels that build()
    adds); `sittings`: person (its row), lesson, start, end, address, second (account), late (seconds after its end at
    which the row was written)."""

    people: pl.DataFrame
    sittings: pl.DataFrame


def study(
    site: Site, n: int, *, hour: float | Reals = 19.3, spread: float = 0.7, fresh: float = 0.55,
    order: Ints | None = None, speed: float | Reals = 1.0, resumed: float = 0.1, looks: float = 0.05,
    extra: float = 25.0, pause: float = 240.0, days: Ints | None = None, runs: int = 0,
) -> pl.DataFrame:  # fmt: skip
    """How n people work through the lessons: some days of the period, some lessons a day, each lesson in a sitting or
    two. `hour`, `spread`: when in the day; `fresh`: share of the lessons before which a day ends (`runs`: always so
    many a day instead); `order`: lessons, shape (n, lessons); `speed`: of playback; `resumed`, `looks`: share of the
    lessons in two parts, and looked into before; `extra`: mean seconds a page stays open after the video; `pause`: mean
    seconds between lessons; `days`: the day of each lesson day, shape (n, lesson days)."""
    rng = site.rng
    order = np.tile(np.arange(len(site.lengths)), (n, 1)) if order is None else order
    size = order.shape[1]
    begins = np.arange(size) % runs == 0 if runs else rng.random((n, size)) < fresh
    begins = np.broadcast_to(begins, (n, size)).copy()
    begins[:, :: runs or 7] = True  # nobody sits through more than seven
    begins &= np.cumsum(begins, 1) <= site.days
    nth = np.cumsum(begins, 1) - 1
    if days is None:
        chosen = np.argsort(np.argsort(rng.random((n, site.days)), 1), 1) <= nth[:, -1:]
        days = np.sort(np.where(chosen, np.arange(site.days), 9999), 1)
    clock = np.reshape(hour, (-1, 1)) + rng.normal(0, spread, (n, days.shape[1]))
    first = ((site.first + 1 + days) * DAY + clock * HOUR).astype(np.int64)

    whole = site.lengths[order] / speed + rng.exponential(extra, (n, size))
    part = np.where(rng.random((n, size)) < resumed, rng.uniform(0.15, 0.85, (n, size)), 1.0)
    look = np.where(rng.random((n, size)) < looks, rng.uniform(5, 180, (n, size)), 0.0)
    length = np.stack([look, whole * part, whole * (1 - part)], 2).reshape(n, -1)
    wait = rng.exponential(pause, (n, size, 3)) + 2
    wait[:, :, 2] = rng.uniform(30, 1_500, (n, size))
    wait = np.where(length > 0, wait.reshape(n, -1), 0)
    until = np.cumsum(length + wait, 1)
    opening = np.repeat(begins, 3, 1) & (np.arange(size * 3) % 3 == 0)
    base = np.maximum.accumulate(np.where(opening, until - length - wait, 0), 1)
    start = np.take_along_axis(first, np.repeat(nth, 3, 1), 1) + (until - length - base)
    frame = pl.DataFrame(
        {
            "person": np.repeat(np.arange(n), size * 3),
            "lesson": np.repeat(order.ravel(), 3),
            "start": start.ravel().astype(np.int64),
            "end": (start + length).ravel().astype(np.int64),
        }
    )
    return frame.filter(pl.col("end") > pl.col("start"))


def sitting(frame: pl.DataFrame, address: pl.Expr | Ints) -> pl.DataFrame:
    """The columns that a population leaves as they are."""
    given = address if isinstance(address, pl.Expr) else pl.Series("address", address)
    defaults = [pl.lit(0).alias(name) for name in ("second", "late") if name not in frame.columns]
    return frame.with_columns(given.cast(pl.Int64).alias("address"), *defaults)


def at_home(site: Site, frame: pl.DataFrame, lease: int = 9) -> pl.DataFrame:
    """From a household's own address, which the operator changes every `lease` days."""
    leases = site.days // lease + 3
    given = site.addresses((int(frame["person"].max()) + 1) * leases)  # type: ignore[arg-type]
    day = frame["start"].to_numpy() // DAY - site.first
    return sitting(frame, given[frame["person"].to_numpy() * leases + np.clip(day // lease, 0, leases - 1)])


def persons(site: Site, sittings: pl.DataFrame, n: int, *, per_employer: int = 40, **given: Any) -> pl.DataFrame:
    """Everybody's registration and exam as honest people have them; `given`: columns that are otherwise."""
    rng = site.rng
    firms = [site.employer() for _ in range(-(-n // per_employer))]
    last = sittings.group_by("person").agg(pl.col("end").max()).sort("person")["end"].to_numpy()
    # registered singly in the week before; a mark of most people between 70 and 95; 10 to 40 minutes for the exam
    columns = {
        "employer": np.array(firms)[np.arange(n) // per_employer],
        "registered": (site.first - 1) * DAY - rng.integers(0, 6 * DAY, n),
        "phone": site.phones(n),
        "exam": last + rng.integers(HOUR, 30 * HOUR, n),
        "score": np.clip(rng.normal(82, 8, n), 61, 100).astype(np.int64),
        "exam_s": rng.integers(600, 2_400, n),
        "accounts": np.ones(n, dtype=np.int64),
    } | given
    return pl.DataFrame(columns).with_columns(pl.all().cast(pl.Int64))
