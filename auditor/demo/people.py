"""Invented people: identity numbers with a true check character and a sequence of 9xx, names, phones, employers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from auditor.demo import words

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Texts = npt.NDArray[Any]  # unicode, shape (people,)

_WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
_CHECKS = np.array(list("10X98765432"))
_PHONES = np.array([133, 135, 136, 137, 138, 139, 150, 151, 152, 158, 159, 177, 180, 186, 187, 188, 189, 199]).astype(
    "U3"
)


@dataclass
class People:
    """Columns, one entry a person; persons of one employer stand together."""

    number: Texts  # identity number as the platform holds it
    name: Texts
    sex: Ints  # 1 male, 2 female, by digit 17
    phone: Texts
    account: Texts
    employer: Ints  # index into `employers`
    site: Ints  # workshop or dormitory the person belongs to, over all employers
    employers: Texts
    dropout: Bools

    def __len__(self) -> int:
        return len(self.number)


def check_characters(digits: Ints) -> Texts:
    """ISO 7064 MOD 11-2 of the first 17 digits. Shape (n, 17) → (n,)."""
    return np.asarray(_CHECKS[(digits @ _WEIGHTS) % 11])


def complete(first17: str) -> str:
    """A number of 18 characters from its first 17 digits."""
    return first17 + str(check_characters(np.array([[int(digit) for digit in first17]]))[0])


def invent(count: int, place: words.Place, start_day: int, rng: np.random.Generator) -> People:
    """`count` people. `start_day`: days since 1970-01-01 of the first day of training."""
    sex = np.where(rng.random(count) < 0.58, 1, 2)
    origin = _origins(count, rng)
    number = _numbers(sex, origin, start_day, rng)
    employer, employers = _employers(count, rng)
    dropout = rng.random(count) < 0.04
    if count >= 25:
        dropout[rng.integers(count)] = True
    return People(
        number=number,
        name=_names(sex, origin, rng),
        sex=sex,
        phone=_phones(count, rng),
        account=_accounts(rng.permutation(count) + 1, place),
        employer=employer,
        site=_sites(employer),
        employers=employers,
        dropout=dropout,
    )


def second_account(account: str) -> str:
    return account + "b"


def _origins(count: int, rng: np.random.Generator) -> Ints:
    """0 citizen, 1 residence permit of Hong Kong, Macau or Taiwan, 2 foreigner's card, 3 citizen with a long name."""
    roll = rng.random(count)
    origin = np.select([roll < 0.004, roll < 0.007, roll < 0.015], [1, 2, 3], 0)
    if count >= 50:
        origin[rng.choice(count, 3, replace=False)] = (1, 2, 3)
    return origin


def _numbers(sex: Ints, origin: Ints, start_day: int, rng: np.random.Generator) -> Texts:
    """Distinct numbers: area, birth date (aged 18 to 59, women to 54), sequence 900-999 with the parity of the sex."""
    areas = np.array(words.AREAS + words.ISLANDS + words.FOREIGN)
    ends = np.cumsum([len(words.AREAS), len(words.ISLANDS), len(words.FOREIGN)])
    kind = np.where(origin == 3, 0, origin)
    low, high = np.concatenate(([0], ends[:2]))[kind], ends[kind]
    oldest = np.where(sex == 1, 59, 54) * 365
    chosen = np.empty((len(sex), 3), dtype=np.int64)  # area, days before the training, half sequence
    open_rows = np.arange(len(sex))
    while len(open_rows):
        chosen[open_rows, 0] = rng.integers(low[open_rows], high[open_rows])
        chosen[open_rows, 1] = rng.integers(18 * 366, oldest[open_rows])
        chosen[open_rows, 2] = rng.integers(0, 50, len(open_rows))
        key = ((chosen[:, 0] << 20) + chosen[:, 1]) * 128 + chosen[:, 2] * 2 + (sex == 1)
        first = np.unique(key, return_index=True)[1]
        open_rows = np.setdiff1d(np.arange(len(sex)), first)
    born = (np.datetime64(0, "D") + (start_day - chosen[:, 1])).astype("U10")
    birth = np.char.replace(born, "-", "")
    sequence = (900 + chosen[:, 2] * 2 + (sex == 1)).astype("U3")
    stem = np.char.add(np.char.add(areas[chosen[:, 0]], birth), sequence).astype("U17")
    digits = stem.view(np.uint32).reshape(len(sex), 17).astype(np.int64) - ord("0")
    return np.char.add(stem, check_characters(digits))


def _names(sex: Ints, origin: Ints, rng: np.random.Generator) -> Texts:
    count = len(sex)
    surname = np.array(words.SURNAMES)[rng.integers(0, len(words.SURNAMES), count)]
    male, female = np.array(words.GIVEN_MALE), np.array(words.GIVEN_FEMALE)
    given = [
        np.where(sex == 1, male[rng.integers(0, len(male), count)], female[rng.integers(0, len(female), count)])
        for _ in range(2)
    ]
    second = np.where(rng.random(count) < 0.22, "", given[1])
    name = np.char.add(np.char.add(surname, given[0]), second).astype("U16")
    lasts = np.array(words.STEPPE_LAST)
    for man, own in ((True, words.STEPPE_MALE), (False, words.STEPPE_FEMALE)):
        who = np.flatnonzero((origin == 3) & ((sex == 1) == man))
        first = np.array(own)[rng.integers(0, len(own), len(who))]
        name[who] = np.char.add(np.char.add(first, "·"), lasts[rng.integers(0, len(lasts), len(who))])
    for man, own in ((True, words.FOREIGN_MALE), (False, words.FOREIGN_FEMALE)):
        who = np.flatnonzero((origin == 2) & ((sex == 1) == man))
        name[who] = np.array(own)[rng.integers(0, len(own), len(who))]
    return name


def _phones(count: int, rng: np.random.Generator) -> Texts:
    rest = (np.arange(count) * 7_368_787 + int(rng.integers(10**8))) % 10**8
    return np.char.add(_PHONES[rng.integers(0, len(_PHONES), count)], np.char.zfill(rest.astype("U8"), 8))


def _accounts(numbers: Ints, place: words.Place) -> Texts:
    return np.char.add(place.prefix, np.char.zfill(numbers.astype("U7"), 6))


def _employers(count: int, rng: np.random.Generator) -> tuple[Ints, Texts]:
    """Employer of each person, in ascending order, and the employers' names: 25 to 60 people each."""
    firms = max(3 if count >= 75 else 1, round(count / 40))
    weights = rng.uniform(30, 54, firms)
    ends = np.round(np.cumsum(weights) / weights.sum() * count).astype(np.int64)
    employer = np.searchsorted(ends, np.arange(count), side="right")
    left, right, trade = (np.array(part) for part in (words.FIRM_LEFT, words.FIRM_RIGHT, words.FIRM_TRADE))
    room = len(left) * len(right) * len(trade)
    pick = rng.permutation(room)[np.arange(firms) % room]
    name = np.char.add(left[pick % len(left)], right[pick // len(left) % len(right)])
    name = np.char.add("演示", np.char.add(name, trade[pick // (len(left) * len(right))]))
    return employer, np.char.add(name, "有限公司")


def _sites(employer: Ints) -> Ints:
    """One site for about 12 people, so that no address carries a large share of a small export."""
    sizes = np.bincount(employer)
    sites = -(-sizes // 12)
    before_people, before_sites = np.cumsum(sizes) - sizes, np.cumsum(sites) - sites
    rank = np.arange(len(employer)) - before_people[employer]
    return np.asarray(before_sites[employer] + rank % sites[employer], dtype=np.int64)
