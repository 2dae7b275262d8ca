"""Network addresses as integers: below 2**32 an IPv4 address, from 2**33 an IPv6 home network of one person.

Two people of different employers never meet on one address of one day unless a violation is planted: offices and
dormitories belong to one employer, a home to one person, a mobile address to one person a day.
"""

from __future__ import annotations

import ipaddress

import numpy as np
import numpy.typing as npt
import polars as pl

from auditor.demo.words import Place

Ints = npt.NDArray[np.int64]

_V6 = 1 << 33
_MOBILE = int(ipaddress.IPv4Address("223.64.0.0"))  # /11, a mobile carrier
_OTHER = int(ipaddress.IPv4Address("117.136.0.0"))  # /13, another one
_MEETING = int(ipaddress.IPv4Address("61.155.0.0"))  # /16, where planted groups meet
_IN_HOUSE = int(ipaddress.IPv4Address("61.177.0.0"))  # /16, a planted dormitory of one employer
_PRIVATE = ("10.0.0.0", "192.168.0.0", "100.64.0.0")


def site(place: Place, number: Ints) -> Ints:
    """Public address of a workshop (even numbers) or a dormitory (odd ones); distinct up to 65,536 sites."""
    office, dorm = (int(ipaddress.IPv4Address(net)) for net in place.nets[:2])
    return np.where(number % 2 == 0, office, dorm) + (number * 40503 + 4099) % (1 << 16)


def home(place: Place, person: Ints) -> Ints:
    """Home address, one person in twelve by IPv6."""
    fixed = int(ipaddress.IPv4Address(place.nets[2])) + (person * 620_749 + 77_777) % (1 << 20)
    return np.where(person % 12 == 5, _V6 + person, fixed)


def mobile(person: Ints, day: Ints) -> Ints:
    """Address of a mobile carrier: on one day no two people have the same, on another day somebody else has it."""
    return _MOBILE + (person * 1_234_567 + day * 77_773 + 12_345) % (1 << 21)


def elsewhere(person: int) -> int:
    """A second public address of one person, outside every other block."""
    return _OTHER + (person * 123_457 + 999) % (1 << 19)


def meeting(number: int) -> int:
    """A public address for a planted group of several employers."""
    return _MEETING + (number * 24_821 + 4_660) % (1 << 16)


def in_house(number: int) -> int:
    """A public address for a planted group of one employer."""
    return _IN_HOUSE + (number * 24_821 + 9_029) % (1 << 16)


def private(person: int, kind: int) -> int:
    """A private address (`kind` 0: 10/8, 1: 192.168/16, 2: the shared block 100.64/10)."""
    size = (1 << 24, 1 << 16, 1 << 22)[kind]
    return int(ipaddress.IPv4Address(_PRIVATE[kind])) + (person * 257 + 258) % size


def texts(codes: Ints) -> pl.Series:
    """Address codes → texts, same length."""
    distinct, places = np.unique(codes, return_inverse=True)
    v4 = distinct[distinct < _V6]
    octets = pl.DataFrame({"v": v4}).select(
        pl.concat_str([(pl.col("v") // (1 << shift) % 256).cast(pl.String) for shift in (24, 16, 8, 0)], separator=".")
    )
    v6 = [f"240e:3a1:{code - _V6 >> 16 & 0xFFFF:x}:{code - _V6 & 0xFFFF:x}::1" for code in distinct[len(v4) :].tolist()]
    named = pl.concat([octets.to_series().alias("v"), pl.Series("v", v6, dtype=pl.String)])
    return named.gather(places)
