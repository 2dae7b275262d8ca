"""Changes to the sessions of one person that make a pattern: what a lead looks for. Nobody loses an hour by them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from auditor.demo.edits import Hand
from auditor.demo.study import DAY, ROW, Ints


def _rewrite(hand: Hand, start: list[int], length: list[int], lesson: list[int]) -> None:
    """Other sessions in place of the person's own, at home."""
    rows = np.zeros(len(start), dtype=ROW)
    rows["person"], rows["addr"] = hand.person, hand.home
    rows["start"], rows["lesson"] = start, np.asarray(lesson) % hand.course.lessons
    rows["end"] = rows["start"] + np.asarray(length)
    hand.rows = rows
    hand.exam_after = int(rows["end"].max())


def _enough(hand: Hand, lengths: Callable[[], int]) -> list[int]:
    """Lengths that together are a little more than the notice asks for."""
    found: list[int] = []
    while sum(found) < hand.course.required_s * 103 // 100:
        found.append(lengths())
    return found


def _evenings(days: Ints, count: int, rng: np.random.Generator) -> list[int]:
    """Starts on the given days, a few an evening, so far apart that sessions of up to 85 minutes do not touch."""
    each = -(-count // len(days))
    return [
        int(days[nth // each]) * DAY + 61_200 + nth % each * 5_400 + int(rng.integers(3, 240)) for nth in range(count)
    ]


def _days(hand: Hand) -> Ints:
    return np.asarray(np.unique(hand.rows["start"] // DAY), dtype=np.int64)


def _identical(hand: Hand) -> None:
    length = hand.course.unit_s * 3 // 2 + 13
    lengths = _enough(hand, lambda: length)
    _rewrite(hand, _evenings(_days(hand), len(lengths), hand.rng), lengths, list(range(len(lengths))))
    hand.mark(len(lengths) - 1)


def _round(hand: Hand) -> None:
    lengths = _enough(hand, lambda: hand.between(hand.course.unit_s + 7, hand.course.unit_s * 13 // 10))
    starts = [start - start % 1_800 for start in _evenings(_days(hand), len(lengths), hand.rng)]
    _rewrite(hand, starts, lengths, list(range(len(lengths))))
    hand.mark(0)


def _night(hand: Hand) -> None:
    days, first = np.unique(hand.rows["start"] // DAY, return_index=True)
    for day, rows in zip(days.tolist(), np.split(np.arange(len(hand.rows)), first[1:]), strict=True):
        reached = day * DAY + hand.between(60, 900)
        for row in rows.tolist():
            length = int(hand.rows["end"][row] - hand.rows["start"][row])
            hand.rows["start"][row], hand.rows["end"][row] = reached, reached + length
            reached += length + hand.between(15, 300)
    hand.exam_after = int(hand.rows["end"].max())
    hand.mark(0)


def _marathon(hand: Hand) -> None:
    day = int(hand.rng.choice(_days(hand)))
    start = day * DAY + hand.between(1_000, 2_000)  # half past midnight
    hand.mark(hand.add(start, start + hand.between(11_500, 13_000), hand.home))


def _whole_day(hand: Hand) -> None:
    free = np.setdiff1d(np.arange(hand.course.first_day + 1, hand.course.first_day + hand.course.days), _days(hand))
    at, done = int(free[len(free) // 2]) * DAY + hand.between(21_600, 22_500), 0  # six in the morning
    while done < 45_000:
        length = hand.between(2_700, 3_300)
        index = hand.add(at, at + length, hand.home)
        at, done = at + length + hand.between(30, 240), done + length
    hand.mark(index)


def _faster(hand: Hand) -> None:
    fast = hand.course.units // 2
    brief = [hand.course.unit_s // 2 + hand.between(0, 90) for _ in range(fast)]
    rest = (hand.course.required_s * 103 // 100 - sum(brief)) // (fast - 1)
    lengths = brief + [min(rest, 5_100) + hand.between(0, 60) for _ in range(fast - 1)]
    lessons = list(range(fast)) + [fast + nth for nth in range(fast - 1)]
    while sum(lengths) < hand.course.required_s * 102 // 100:
        lengths.append(rest)
        lessons.append(2 * fast - 2)
    _rewrite(hand, _evenings(_days(hand), len(lengths), hand.rng), lengths, lessons)
    hand.mark(0)


def _together(hand: Hand, shift_s: int, jitter_s: int, stretch_s: int, backwards: bool = False) -> None:
    """The same evenings for everybody of a group (`at` is their seed), each a little apart; `backwards`: the last
    lesson first, so that two such groups never look like one class."""
    shared, nth = np.random.default_rng(hand.task.at), hand.task.length_s
    lengths = _enough(hand, lambda: int(shared.integers(hand.course.unit_s + 11, hand.course.unit_s * 3 // 2)))
    lengths += [int(shared.integers(hand.course.unit_s, hand.course.unit_s * 3 // 2))]
    first = hand.course.first_day + 3 + int(shared.integers(0, 3))
    days = np.arange(first, first + 11)
    hour = int(shared.integers(0, 2_700))
    starts = [at + hour + nth * shift_s + hand.between(0, jitter_s) for at in _evenings(days, len(lengths), shared)]
    lessons = list(range(len(lengths)))
    _rewrite(
        hand, starts, [each + hand.between(0, stretch_s) for each in lengths], lessons[::-1] if backwards else lessons
    )
    hand.mark(0)


def _in_turn(hand: Hand) -> None:
    """Before dawn, on one address, each when the one before has ended; twice over, on three days."""
    shared, nth = np.random.default_rng(hand.task.at), hand.task.length_s
    for day in range(3):
        at = (hand.course.first_day + 5 + 2 * day) * DAY + 18_000
        for turn in range(6):
            length = int(shared.integers(1_000, 1_200))
            if turn % 3 == nth:
                index = hand.add(at, at + length, hand.task.addr)
            at += length + int(shared.integers(20, 90))
    hand.mark(index)


PATTERNS: dict[str, Callable[[Hand], None]] = {
    "lengths-same": _identical,
    "starts-round": _round,
    "night": _night,
    "marathon": _marathon,
    "whole-day": _whole_day,
    "faster": _faster,
    "copied": lambda hand: _together(hand, DAY + 2_220, 0, 0),
    "lock-step": lambda hand: _together(hand, 3, 2, 200),
    "one-by-one": lambda hand: _together(hand, 35, 2, 200, backwards=True),
    "in-turn": _in_turn,
}
