"""Synthetic exports of one invented platform to practise on, with planted faults and the key to them.

Nobody in them exists: identity numbers carry a sequence of 9xx, employers are called 演示…. The same arguments
give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from auditor.demo import export, tables, words
from auditor.demo.people import invent
from auditor.demo.plant import BY_NUMBER_LARGE, Plan, faults, peculiar
from auditor.demo.shared import Demo
from auditor.demo.study import Course
from auditor.policy import Policy
from auditor.words import Words, phrase

__all__ = ["Written", "write"]

LARGE = 20_000  # learners; above it everything is CSV


@dataclass(frozen=True)
class Written:
    """`files`: data rows of each file, by its name; `planted`: lines of the answer key, by rule."""

    files: dict[str, int]
    planted: dict[str, int]


def write(
    out: Path,
    policy: Policy,
    learners: int,
    seed: int,
    *,
    violations: float = 0.05,
    say: Callable[[Words], None] = lambda _: None,
) -> Written:
    """Write the export of `learners` people into the folder `out`, with `answer_key.csv`.

    About the share `violations` of the claimed people carry one planted fault each; 0 leaves only honest people.
    """
    out.mkdir(parents=True, exist_ok=True)
    place, course = words.place(policy.id), _course(policy)
    rng = np.random.default_rng((seed, 0))
    say(phrase("progress.invent", count=learners))
    people = invent(learners, place, course.first_day, rng)
    large = learners > LARGE
    kinds = np.full(learners, BY_NUMBER_LARGE) if large else people.employer % 3
    plan = Plan()
    if learners >= 25:
        peculiar(people, plan, rng)
    faults(people, kinds, plan, course, policy, violations, rng)
    with TemporaryDirectory(dir=out, ignore_cleanup_errors=True) as temporary:
        demo = Demo(out, Path(temporary), policy, people, kinds, plan, course, place, large, {}, [])
        export.everything(demo, seed, violations > 0, rng, say)
    demo.lines.sort(
        key=lambda line: (line.rule, line.source_table, line.source_file, line.source_sheet, line.source_row)
    )
    tables.write_key(out / "answer_key.csv", demo.lines)
    return Written(demo.files, dict(sorted(Counter(line.rule for line in demo.lines).items())))


def _course(policy: Policy) -> Course:
    first, last = tables.day_number(policy.period_from), tables.day_number(policy.period_to)
    units = policy.params["min_units"]
    return Course(
        first_day=first,
        days=last - first + 1,
        unit_s=policy.params["unit_s"],
        units=units,
        lessons=units + 4,
        tolerance_s=policy.params.get("overlap_tolerance_s", 60),
    )
