"""Scores and groups against a slow reading of their own words, and the weights that the notices give."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from harness import learner, merge, run_audit
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import policy, rule, score
from auditor.policy import Policy
from auditor.rule import Run
from auditor.store import Store

NOTICES = [policy.load(name) for name in policy.names()]
WEIGHTS = {
    "learners-copied": 8, "sessions-in-lock-step": 6, "study-faster-than-course": 5, "address-hand-over": 5,
    "sessions-overlap-other-address": 5, "sessions-in-fixed-order": 6, "durations-identical": 4, "clock-synthetic": 4,
    "exam-before-study-ended": 4, "exam-too-fast": 4, "log-edited-late": 4, "sessions-overlap": 3, "phone-shared": 2,
    "day-too-long": 2,
    "travel-impossible": 2, "total-mismatch": 2, "address-shared-in-employer": 0, "session-too-short": 0,
    "class-hours-disputed": 0, "class-hour-average-too-short": 0, "exam-impossible": 4, "lesson-not-studied": 0,
}  # fmt: skip
STRONG = ("sessions-overlap", "sessions-in-lock-step", "address-hand-over")


def weight(notice: Policy, name: str) -> int:
    return notice.leads[name].weight if name in notice.leads else 0


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.id)
def test_weights(notice: Policy) -> None:
    """Every lead has the weight that was agreed, else 1; data faults only where it was agreed, breaches never."""
    for name in notice.rules:
        cls = rule.catalogue()[name].cls
        expected = WEIGHTS.get(name, int(cls == "lead"))
        assert weight(notice, name) == (0 if cls == "breach" else expected), name


@pytest.mark.parametrize("notice", NOTICES, ids=lambda notice: notice.id)
def test_a_shared_address_alone_never_outranks(notice: Policy) -> None:
    about_addresses = [
        name for name in notice.rules if name.startswith("address-shared") or name == "address-not-public"
    ]
    assert len(about_addresses) >= 3
    strong = [weight(notice, name) for name in notice.rules if name.startswith(STRONG)]
    assert strong and sum(weight(notice, name) for name in about_addresses) < min(strong)


# --- against a slow reading ------------------------------------------------------------------------------------------

RULES = ("sessions-overlap", "sessions-overlap-other-address", "total-mismatch", "claim-duplicate", "session-too-short")
PEOPLE = st.integers(1, 9)
Found = tuple[int, str, tuple[int, ...], bool]  # number, rule, persons, whether waived
Link = tuple[int, int, str, int]


@dataclass(frozen=True)
class Added:
    """What add_up left."""

    scores: dict[int, tuple[int, str]]
    leads: list[tuple[int, str, int, int]]
    groups: dict[int, int]
    ties: list[tuple[int, int, str, int, int]]


def notice_with(weights: dict[str, int]) -> tuple[Policy, list[Run]]:
    leads = {name: policy.Lead(name, "note", {}, weight=n) for name, n in weights.items()}
    runs = [Run(rule.catalogue()[name], "evaluated", None, "") for name in RULES]
    return replace(NOTICES[0], leads=leads), runs


@contextmanager
def store() -> Iterator[Store]:
    with TemporaryDirectory() as folder:
        made = Store(Path(folder) / "a.duckdb", Path(folder), 1)
        made.run("CREATE TEMP TABLE concerned (finding_no BIGINT, rule VARCHAR, person_no BIGINT)")
        made.run("CREATE TEMP TABLE waived (finding_no BIGINT)")
        made.run("CREATE TABLE links (person_no BIGINT, other_no BIGINT, rule VARCHAR, times BIGINT)")
        try:
            yield made
        finally:
            made.close()


def added(weights: dict[str, int], found: list[Found], links: list[Link]) -> Added:
    notice, runs = notice_with(weights)
    with store() as made:
        for number, name, persons, waived in found:
            for person in persons:
                made.run(f"INSERT INTO concerned VALUES ({number}, '{name}', {person})")
            if waived:
                made.run(f"INSERT INTO waived VALUES ({number})")
        for link in links:
            made.run(f"INSERT INTO links VALUES {link}")
        score.add_up(made, notice, runs)
        return Added(
            {person: (total, text) for person, total, text in made.rows("SELECT * FROM scores")},
            made.rows("SELECT * FROM person_leads ORDER BY ALL"),
            dict(made.rows("SELECT person_no, group_no FROM groups")),
            made.rows("SELECT * FROM ties ORDER BY ALL"),
        )


def read_slowly(weights: dict[str, int], found: list[Found], links: list[Link]) -> Added:
    """The same, one finding and one link at a time."""
    counting = {name: n for name, n in weights.items() if n and name in RULES and name != "claim-duplicate"}
    about: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for number, name, persons, waived in found:
        for person in persons:
            if name in counting and not waived:
                about[person][name].add(number)
    scores = {}
    for person, leads in about.items():
        heaviest = sorted(leads, key=lambda name: (-counting[name], name))
        text = ",".join(f"{name} {counting[name]}" for name in heaviest)
        scores[person] = (sum(counting[name] for name in leads), text)
    listed = [(who, name, counting[name], len(of)) for who, leads in about.items() for name, of in leads.items()]
    times: dict[tuple[int, int, str], int] = defaultdict(int)
    parent: dict[int, int] = {}

    def root(person: int) -> int:
        while parent.setdefault(person, person) != person:
            person = parent[person]
        return person

    for one, other, name, count in links:
        if one != other and any(name in about[who] for who in (one, other) if who in about):
            times[min(one, other), max(one, other), name] += count
            first, second = sorted((root(one), root(other)))
            parent[second] = first
    numbers = {first: place for place, first in enumerate(sorted({root(person) for person in parent}), 1)}
    groups = {person: numbers[root(person)] for person in parent}
    ties = sorted((*tie, count, groups[tie[0]]) for tie, count in times.items())
    return Added(scores, sorted(listed), groups, ties)


FOUND = st.lists(
    st.tuples(st.sampled_from(RULES), st.sets(PEOPLE, min_size=1, max_size=4), st.sampled_from((False, False, True))),
    max_size=14,
).map(lambda rows: [(place, name, tuple(sorted(who)), waived) for place, (name, who, waived) in enumerate(rows)])
LINKS = st.lists(st.tuples(PEOPLE, PEOPLE, st.sampled_from(RULES), st.integers(1, 5)), max_size=12)
GIVEN = st.dictionaries(st.sampled_from((*RULES, "learners-copied")), st.integers(0, 8), max_size=6)


@given(GIVEN, FOUND, LINKS)
@settings(max_examples=80, deadline=None)
def test_scores_and_groups_are_what_their_words_say(
    weights: dict[str, int], found: list[Found], links: list[Link]
) -> None:
    assert added(weights, found, links) == read_slowly(weights, found, links)


def test_a_lead_counts_once_and_a_waived_finding_not_at_all() -> None:
    given = {"sessions-overlap": 3, "total-mismatch": 2, "claim-duplicate": 9}
    found: list[Found] = [
        (1, "sessions-overlap", (4,), False),
        (2, "sessions-overlap", (4,), False),
        (3, "total-mismatch", (4,), False),
        (4, "total-mismatch", (5,), True),
        (5, "claim-duplicate", (4, 5), False),
    ]
    done = added(given, found, [])
    assert done.scores == {4: (5, "sessions-overlap 3,total-mismatch 2")}
    assert done.leads == [(4, "sessions-overlap", 3, 2), (4, "total-mismatch", 2, 1)]


def test_a_link_falls_with_the_waived_findings_of_both() -> None:
    links: list[Link] = [(1, 2, "sessions-overlap", 5)]
    both: list[Found] = [(1, "sessions-overlap", (1,), True), (2, "sessions-overlap", (2,), True)]
    assert added({"sessions-overlap": 3}, both, links).groups == {}
    one: list[Found] = [both[0], (2, "sessions-overlap", (2,), False)]
    assert added({"sessions-overlap": 3}, one, links).groups == {1: 1, 2: 1}


# --- connected people ------------------------------------------------------------------------------------------------


def connected(pairs: list[tuple[int, int]]) -> dict[int, int]:
    sides = [pl.Series([pair[side] for pair in pairs], dtype=pl.Int64) for side in (0, 1)]
    return dict(score.connected(*sides).rows())


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=30), st.randoms())
@settings(max_examples=200, deadline=None)
def test_the_order_of_pairs_does_not_matter(pairs: list[tuple[int, int]], chance: object) -> None:
    shuffled = [(b, a) for a, b in pairs]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert connected(pairs) == connected(shuffled)


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=40))
@settings(max_examples=300, deadline=None)
def test_connected_people_are_those_that_a_walk_reaches(pairs: list[tuple[int, int]]) -> None:
    near: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    expected: dict[int, int] = {}
    group = 0
    for start in sorted(near):
        if start in expected:
            continue
        group, todo = group + 1, [start]
        while todo:
            person = todo.pop()
            if person not in expected:
                expected[person] = group
                todo += near[person]
    assert connected(pairs) == expected


@pytest.mark.parametrize("step", [1, 7_919, -1])
def test_a_chain_of_ten_thousand_is_one_group(step: int) -> None:
    people = [place * step % 10_007 for place in range(10_007)]
    assert set(connected(list(pairwise(people))).values()) == {1}


def test_chains_side_by_side_are_numbered_by_their_first() -> None:
    pairs = [(person, person + 10) for person in range(1, 5_000)]
    found = connected(pairs)
    assert all(group == (person - 1) % 10 + 1 for person, group in found.items())


def test_a_lead_that_decides_tells_the_second_one(tmp_path: Path) -> None:
    """Whoever is held for an address that others share reads what else was found of him."""
    notice = policy.load("wuxi-2023")
    on = "2023-02-20"
    shared = [{"start_at": f"{on} 12:00:00", "end_at": f"{on} 13:00:00", "address": "61.177.10.9"}]
    own = [
        {"start_at": f"{on} 08:00:00", "end_at": f"{on} 09:00:00", "address": "61.177.10.9"},
        {"start_at": f"{on} 08:30:00", "end_at": f"{on} 09:30:00", "address": "61.177.10.9"},
    ]
    people = [learner(notice, 1, "甲厂"), *(learner(notice, number, "乙厂") for number in (2, 3))]
    for tables, more in zip(people, (own, shared, shared), strict=True):
        who = {key: tables["sessions"][0][key] for key in ("id_number", "course") if key in tables["sessions"][0]}
        tables["sessions"] += [who | row for row in more]
    for lang, joined in (("zh", "；第二项疑点“学习时间重叠”："), ("en", "; the second lead, “Overlapping sessions”: ")):
        done = run_audit(merge(*people), notice.id, tmp_path / lang, lang=lang)
        (held,) = done.report.claims["to_verify"]["listed"]
        assert held["reasons"] == ["address-shared-across-employers"]
        (said,) = held["said"]
        first, second = (
            done.findings.filter(rule=name)["message"][0]
            for name in ("address-shared-across-employers", "sessions-overlap")
        )
        assert said["message"] == first + joined + second
