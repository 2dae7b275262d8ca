"""The sessions of a block of people: honest ones, then the changes of the plan, in person and time order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from auditor.demo.edits import EDITS, Hand
from auditor.demo.patterns import PATTERNS
from auditor.demo.people import People
from auditor.demo.plant import Plan
from auditor.demo.study import EXACT, ROW, SHORT, WHOLE, Course, Ints, Rows, habits, honest
from auditor.demo.words import Place

BLOCK = 8_192  # people


@dataclass(frozen=True)
class Planted:
    """A planted fault in row `index` of a block."""

    index: int
    person: int
    rule: str
    why: str


@dataclass
class Totals:
    """Of all sessions: `raw_s` by person and account (shape (people, 2)), `exam_after` seconds since 1970-01-01."""

    raw_s: Ints
    exam_after: Ints
    first_day: Ints  # of study, days since 1970-01-01


def blocks(
    people: People, plan: Plan, course: Course, place: Place, seed: int, totals: Totals
) -> Iterator[tuple[int, Rows, list[Planted]]]:
    """Yield (first person, rows, planted) block after block; `totals` grows on the way."""
    for low in range(0, len(people), BLOCK):
        high = min(low + BLOCK, len(people))
        rng = np.random.default_rng((seed, 1, low))
        habit = habits(high - low, rng)
        for person in plan.who("exact", "disputed", "average"):
            if low <= person < high:
                habit[person - low] = EXACT if plan.tasks[person].form == "exact" else SHORT
        block = slice(low, high)
        rows = honest(low, habit, people.site[block], people.dropout[block], course, place, rng)
        totals.exam_after[block] = np.maximum.reduceat(
            rows["end"], np.searchsorted(rows["person"], np.arange(low, high))
        )
        rows, planted = _changed(rows, low, high, plan, course, place, seed, totals)
        _add_up(rows, low, high, totals)
        yield low, rows, planted


def _changed(
    rows: Rows, low: int, high: int, plan: Plan, course: Course, place: Place, seed: int, totals: Totals
) -> tuple[Rows, list[Planted]]:
    """The rows after the tasks of the people `low` to `high`, sorted, and what was planted in them."""
    edges = np.searchsorted(rows["person"], np.arange(low, high + 1))
    keep = np.ones(len(rows), dtype=np.bool_)
    parts: list[Rows] = []
    found: list[tuple[int, int, str, str]] = []  # index after the kept rows, person, rule, why
    size = 0
    for person in range(low, high):
        task = plan.tasks.get(person)
        edit = EDITS.get(task.form) or PATTERNS.get(task.form) if task else None
        if task is None or edit is None:
            continue
        own = slice(edges[person - low], edges[person - low + 1])
        hand = Hand(rows[own].copy(), task, course, place, np.random.default_rng((seed, 2, person)))
        edit(hand)
        keep[own] = False
        found += [(size + index, person, rule, why) for index, rule, why in hand.marks]
        parts.append(hand.rows)
        size += len(hand.rows)
        totals.exam_after[person] = hand.exam_after
    kept = rows[keep]
    merged = np.concatenate((kept, *parts)).astype(ROW)
    order = np.lexsort((merged["end"], merged["start"], merged["person"]))
    place_of = np.empty(len(order), dtype=np.int64)
    place_of[order] = np.arange(len(order))
    planted = [Planted(int(place_of[len(kept) + at]), person, rule, why) for at, person, rule, why in found]
    return merged[order], planted


def _add_up(rows: Rows, low: int, high: int, totals: Totals) -> None:
    whole = rows["damage"] == WHOLE
    length = np.where(whole, np.maximum(0, rows["end"] - rows["start"]), 0)
    key = (rows["person"] - low) * 2 + rows["second"]
    totals.raw_s[low:high] = np.bincount(key, length, 2 * (high - low)).astype(np.int64).reshape(-1, 2)
    first = np.searchsorted(rows["person"], np.arange(low, high))
    totals.first_day[low:high] = rows["start"][first] // 86_400
