"""The fingerprint that outlives an export: the same for the same finding, whoever comes, goes or moves in the files."""

import random
from collections import defaultdict
from pathlib import Path

import polars as pl
import pytest
from harness import Result, Tables, honest, identity, run_audit
from hypothesis import given, settings
from hypothesis import strategies as st
from oracle import NOTICES
from strategies import invented

from auditor import policy

NOTICE = policy.load("taicang-2021")
OWN = ("person", "session", "exam", "claim", "address", "employer")
ONE_TO_ONE = ["fingerprint", "lasting"]


def without(tables: Tables, number: str) -> Tables:
    return {table: [row for row in rows if row.get("id_number") != number] for table, rows in tables.items()}


def shuffled(tables: Tables, seed: int) -> Tables:
    chance = random.Random(seed)
    return {table: chance.sample(rows, len(rows)) for table, rows in tables.items() if rows}


def said(result: Result) -> dict[tuple[object, ...], set[str]]:
    """What a finding says of whom → its lasting fingerprints."""
    people = result.people.select("person_id", "id_number")
    found: dict[tuple[object, ...], set[str]] = defaultdict(set)
    for row in (
        result.findings.filter(pl.col("subject_kind").is_in(OWN))
        .join(people, on="person_id", how="left")
        .rows(named=True)
    ):
        who = row["id_number"] or ("" if row["person_id"] else row["subject"])
        if who:  # another export may hold several people of one name
            found[row["rule"], who, row["employer"], row["message"]].add(row["lasting"])
    return found


def assert_one_to_one(result: Result) -> None:
    findings = result.findings
    assert findings["lasting"].null_count() == 0
    pairs = findings.select(ONE_TO_ONE).unique()
    for name in ONE_TO_ONE:
        assert len(pairs) == pairs[name].n_unique(), f"two findings of one {name}"


@pytest.mark.parametrize("notice", NOTICES)
def test_people_come_and_go_and_rows_move(notice: str, tmp_path: Path) -> None:
    matched = 0
    for seed in range(2):
        before = invented(notice, seed, 14).tables
        numbers = sorted({row["id_number"] for row in before.get("registrations", []) if row.get("id_number")})
        after = without(before, numbers[0]) if numbers else before
        newcomers = honest(policy.load(notice), 3, "戊纺机厂", first=800 + 10 * seed)
        for table in set(after) & set(newcomers):
            after[table] = newcomers[table] + after[table]
        first = run_audit(before, notice, tmp_path / f"before{seed}")
        second = run_audit(shuffled(after, seed), notice, tmp_path / f"after{seed}")
        assert_one_to_one(first)
        assert_one_to_one(second)
        old, new = said(first), said(second)
        both = old.keys() & new.keys()
        matched += len(both)
        for key in both:
            assert old[key] == new[key] or len(old[key]) != len(new[key]), key
    assert matched > 60


@settings(max_examples=2, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.integers(0, 10_000))
def test_order_alone_changes_nothing(tmp_path_factory: pytest.TempPathFactory, seed: int, order: int) -> None:
    tables = invented(NOTICE.id, seed, 8).tables
    folder = tmp_path_factory.mktemp("order")
    one = run_audit(tables, NOTICE.id, folder / "one")
    other = run_audit(shuffled(tables, order), NOTICE.id, folder / "other")
    assert_one_to_one(one)
    assert_one_to_one(other)
    mine, theirs = (set(result.findings["lasting"]) for result in (one, other))
    group = one.findings.filter(~pl.col("subject_kind").is_in(OWN))
    assert mine - theirs <= set(group["lasting"])  # two groups of the same people change places
    assert len(mine) == len(theirs)


def test_a_group_is_known_by_its_people(tmp_path: Path) -> None:
    def phones(tables: Tables) -> Tables:
        for row in tables["registrations"]:
            if row["id_number"] in {identity(number) for number in range(4)}:
                row["phone"] = "19911110001"
        return tables

    def of(tables: Tables, folder: str) -> list[str]:
        found = run_audit(tables, NOTICE.id, tmp_path / folder).findings.filter(rule="phone-shared")
        return found["lasting"].to_list()

    alone = of(phones(honest(NOTICE, 5, "甲机械厂")), "alone")
    assert len(alone) == 1
    for more in (20, 60):
        assert of(shuffled(phones(honest(NOTICE, more, "甲机械厂")), more), f"among{more}") == alone


def test_a_person_without_a_number_is_known_by_the_account(tmp_path: Path) -> None:
    tables = honest(NOTICE, 3, "甲机械厂")
    for row in tables["sessions"]:
        row["account"] = f"u{row['id_number']}"
    stray = [dict(row, account="nobody", id_number="") for row in tables["sessions"][:4]]

    def of(more: Tables, folder: str) -> list[str]:
        found = run_audit(more, NOTICE.id, tmp_path / folder).findings.filter(rule="session-unregistered")
        return found["lasting"].to_list()

    few = of(tables | {"sessions": tables["sessions"] + stray}, "few")
    many = honest(NOTICE, 30, "乙电子厂", first=100)
    merged = {table: many[table] + rows for table, rows in tables.items()}
    assert few == of(merged | {"sessions": merged["sessions"] + stray}, "many") and len(few) == 1


def test_the_masked_edition_has_none(tmp_path: Path) -> None:
    tables = honest(NOTICE, 2, "甲机械厂")
    del tables["sessions"][4:]
    masked = run_audit(tables, NOTICE.id, tmp_path / "masked", edition="masked").findings
    full = run_audit(tables, NOTICE.id, tmp_path / "full").findings
    assert len(masked) and masked["lasting"].null_count() == len(masked)
    assert masked.drop("lasting").equals(full.drop("lasting"))
