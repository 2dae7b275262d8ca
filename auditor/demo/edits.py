"""Changes to the sessions of one person: planted faults and honest peculiarities."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from auditor.demo import network
from auditor.demo.plant import WHY, Task
from auditor.demo.study import BAD_DATE, DAY, LOST_NUMBER, NO_END, REPEATED, ROW, WORDS, Course, Ints, Rows
from auditor.demo.words import Place

Mark = tuple[int, str, str]  # index of the row among the person's rows, rule, why


class Hand:
    """The sessions of one person (`rows`, dtype ROW, ordered by start at first) while they are being changed."""

    def __init__(self, rows: Rows, task: Task, course: Course, place: Place, rng: np.random.Generator) -> None:
        self.rows, self.task, self.course, self.rng = rows, task, course, rng
        self.person = int(rows["person"][0])
        self.home = int(network.home(place, np.array([self.person]))[0])
        self.marks: list[Mark] = []
        self.exam_after = int(rows["end"].max())
        self._free = rng.permutation(np.unique(rows["start"] // DAY)).tolist()

    def between(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))

    def add(self, start: int, end: int, addr: int, damage: int = 0, *, late: bool = False) -> int:
        """A further session. `late`: it does not delay the exam. Returns its index."""
        row = np.zeros(1, dtype=ROW)
        lesson = self.rows["lesson"][self.between(0, len(self.rows) - 1)]
        for name, value in zip(ROW.names or (), (self.person, start, end, lesson, addr, 0, damage), strict=True):
            row[name] = value
        self.rows = np.concatenate((self.rows, row))
        if not late:
            self.exam_after = max(self.exam_after, start, end)
        return len(self.rows) - 1

    def spare(self, length: int, damage: int = 0, *, night: bool = False) -> int:
        """A further session of at most 40 minutes on a study day, at an hour when nobody learns. Returns its index."""
        day = int(self._free.pop())
        addr = int(self.rows["addr"][self.rows["start"] // DAY == day][-1])
        clock = 83_400 + self.between(0, 500) if night else 19_800 + self.between(0, 3_000)  # 23:10, 05:30
        return self.add(day * DAY + clock, day * DAY + clock + length, addr, damage)

    def mark(self, index: int, rule: str = "", form: str = "") -> None:
        self.marks.append((index, rule or self.task.rule, WHY[form or self.task.form]))

    def mark_overlaps(self) -> None:
        """A `sessions-overlap` line for each row that shares more than the tolerance with what began before it."""
        order = np.lexsort((self.rows["end"], self.rows["start"]))
        start, end = self.rows["start"][order], self.rows["end"][order]
        reached = np.maximum.accumulate(end)[:-1]
        shared = np.minimum(end[1:], reached) - start[1:]
        form = self.task.form if self.task.rule == "sessions-overlap" else "overlap"
        for index in np.sort(order[1:][shared > self.course.tolerance_s]).tolist():
            self.mark(index, "sessions-overlap", form)

    def fresh_seconds(self) -> Ints:
        """Seconds of each row that no earlier row has covered; rows ordered by start, all inside the period."""
        start, end = self.rows["start"], self.rows["end"]
        reached = np.maximum.accumulate(np.concatenate(([0], end[:-1])))
        return np.asarray(np.maximum(0, end - np.maximum(start, reached)), dtype=np.int64)

    def cut(self, target_s: int) -> None:
        """Leave the first sessions, with exactly `target_s` seconds of net time."""
        fresh = self.fresh_seconds()
        done = np.cumsum(fresh)
        stay = done - fresh < target_s
        self.rows = self.rows[stay].copy()
        self.rows["end"][-1] -= max(0, int(done[stay][-1]) - target_s)
        self.exam_after = int(self.rows["end"].max())

    def inside(self, host: int, addr: int) -> int:
        """A session within session `host`. Returns its index."""
        start, end = int(self.rows["start"][host]), int(self.rows["end"][host])
        return self.add(start + self.between(60, 180), end - self.between(15, 90), addr)

    def tail(self, addr: int | None = None) -> int:
        """A session that begins before the last session of some day has ended. Returns its index."""
        days = self.rows["start"] // DAY
        last = np.flatnonzero(np.diff(days, append=-1))
        host = int(last[np.argmax((self.rows["end"] - self.rows["start"])[last])])
        end = int(self.rows["end"][host])
        shared = min(self.between(300, 800), (end - int(self.rows["start"][host])) // 2)
        return self.add(
            end - shared, end + self.between(300, 900), int(self.rows["addr"][host]) if addr is None else addr
        )

    def longest(self) -> int:
        return int(np.argmax(self.rows["end"] - self.rows["start"]))


def _low(hand: Hand) -> None:
    hand.cut(hand.course.required_s * hand.between(35, 90) // 100)


def _hours_overlap(hand: Hand) -> None:
    hand.cut(hand.course.required_s * 80 // 100)
    hosts = hand.rng.permutation(np.flatnonzero(hand.rows["end"] - hand.rows["start"] >= 600)).tolist()
    while hosts and (hand.rows["end"] - hand.rows["start"]).sum() < hand.course.required_s * 102 // 100:
        host = int(hosts.pop())
        hand.inside(host, int(hand.rows["addr"][host]))
    hand.mark_overlaps()


def _hours_outside(hand: Hand) -> None:
    done = np.cumsum(hand.fresh_seconds())
    days = hand.rows["start"] // DAY
    heads = np.flatnonzero(np.diff(days, prepend=-1))
    inside = done[np.maximum(heads - 1, 0)]
    split = int(heads[(inside < hand.course.required_s * 85 // 100) | (heads == 0)][-1])
    shift = hand.course.after_s - int(days[split]) * DAY
    hand.rows["start"][split:] += shift
    hand.rows["end"][split:] += shift
    hand.exam_after = int(hand.rows["end"].max())
    for index in range(split, len(hand.rows)):
        hand.mark(index, "session-outside-period", "outside")


def _short(hand: Hand) -> None:
    for _ in range(2):
        hand.mark(hand.spare(hand.between(60, 300)))


def _negative(hand: Hand) -> None:
    index = hand.spare(0, night=True)
    hand.rows["end"][index] -= hand.between(240, 800)
    hand.mark(index)


def _overlap_inside(hand: Hand) -> None:
    host = hand.longest()
    hand.inside(host, int(hand.rows["addr"][host]))
    hand.mark_overlaps()


def _overlap_tail(hand: Hand) -> None:
    hand.tail()
    hand.mark_overlaps()


def _elsewhere(hand: Hand, index: int) -> None:
    hand.mark_overlaps()
    hand.mark(
        index, "sessions-overlap-other-address", hand.task.form if hand.task.rule.endswith("address") else "elsewhere"
    )


def _outside(hand: Hand, moment: int) -> None:
    length = hand.between(1_300, 2_400)
    hand.mark(hand.add(moment, moment + length, hand.home))


def _crossing(hand: Hand) -> None:
    edge = hand.course.after_s if hand.rng.random() < 0.7 else hand.course.first_s
    hand.mark(hand.add(edge - hand.between(600, 1_400), edge + hand.between(600, 1_400), hand.home))


def _group(hand: Hand) -> None:
    task = hand.task
    index = hand.add(task.at, task.at + task.length_s, task.addr)
    hand.mark(index)
    if task.twist == "same":
        hand.inside(index, task.addr)
        hand.mark_overlaps()
    elif task.twist == "other":
        _elsewhere(hand, hand.inside(index, network.elsewhere(hand.person)))


def _private(hand: Hand, kind: int) -> None:
    for index in np.sort(hand.rng.choice(len(hand.rows), hand.between(2, 4), replace=False)).tolist():
        hand.rows["addr"][index] = network.private(hand.person, kind)
        hand.mark(index)


def _twice(hand: Hand) -> None:
    copy = hand.rows[hand.between(0, len(hand.rows) - 1)].copy()
    copy["damage"] = REPEATED
    hand.rows = np.append(hand.rows, copy)
    hand.mark(len(hand.rows) - 1)


def _damaged(hand: Hand, damage: int) -> None:
    hand.mark(hand.spare(hand.between(900, 2_200), damage))


def _rewatch(hand: Hand) -> None:
    last_day = int(hand.rows["start"].max()) // DAY
    start = last_day * DAY + 83_700 + hand.between(0, 300)  # 23:15
    hand.add(start, start + hand.between(400, 1_800), hand.home, late=True)


def _first_second(hand: Hand) -> None:
    hand.add(hand.course.first_s, hand.course.first_s + hand.between(900, 2_400), hand.home)


def _last_second(hand: Hand) -> None:
    hand.add(hand.course.after_s - 1 - hand.between(900, 1_800), hand.course.after_s - 1, hand.home)


def _two_accounts(hand: Hand) -> None:
    hand.rows["second"][len(hand.rows) // 2 :] = 1


EDITS: dict[str, Callable[[Hand], None]] = {
    "hours-low": _low,
    "hours-overlap": _hours_overlap,
    "hours-outside": _hours_outside,
    "hours-second": lambda hand: hand.cut(hand.course.required_s - 1),
    "short": _short,
    "negative": _negative,
    "zero": lambda hand: hand.mark(hand.spare(0)),
    "overlap-inside": _overlap_inside,
    "overlap-tail": _overlap_tail,
    "elsewhere-inside": lambda hand: _elsewhere(hand, hand.inside(hand.longest(), network.elsewhere(hand.person))),
    "elsewhere-tail": lambda hand: _elsewhere(hand, hand.tail(network.elsewhere(hand.person))),
    "outside-before": lambda hand: _outside(hand, hand.course.first_s - hand.between(14_400, 20_000)),
    "outside-after": lambda hand: _outside(hand, hand.course.after_s + hand.between(66_000, 72_000)),
    "outside-crossing": _crossing,
    "group-plain": _group,
    "group-overlap": _group,
    "group-house": _group,
    "private-ten": lambda hand: _private(hand, 0),
    "private-home": lambda hand: _private(hand, 1),
    "private-carrier": lambda hand: _private(hand, 2),
    "unregistered": lambda hand: hand.mark(0, "session-unregistered", "stranger-study"),
    "session-number": lambda hand: _damaged(hand, LOST_NUMBER),
    "row-twice": _twice,
    "date-impossible": lambda hand: _damaged(hand, BAD_DATE),
    "time-in-words": lambda hand: _damaged(hand, WORDS),
    "end-blank": lambda hand: _damaged(hand, NO_END),
    "rewatch": _rewatch,
    "first-second": _first_second,
    "last-second": _last_second,
    "two-accounts": _two_accounts,
}  # fmt: skip
