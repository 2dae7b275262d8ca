"""The fingerprint that outlives an export: the same for the same finding, whoever comes, goes or moves in the files."""

import random
from collections import defaultdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from harness import Result, Tables, examples, honest, merge, run_audit
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


SEEDS = [(notice, 7 * place + more) for place, notice in enumerate(NOTICES, 1) for more in range(examples(1))]
EACH = pytest.mark.parametrize(("notice", "seed"), SEEDS)


@cache
def before(notice: str, seed: int) -> tuple[Tables, Result]:
    tables = invented(notice, seed, 30).tables
    with TemporaryDirectory() as folder:
        return tables, run_audit(tables, notice, Path(folder))


@EACH
def test_people_come_and_go_and_rows_move(notice: str, seed: int, tmp_path: Path) -> None:
    tables, first = before(notice, seed)
    after = without(tables, min(row["id_number"] for row in tables["registrations"] if row.get("id_number")))
    newcomers = honest(policy.load(notice), 3, "戊纺机厂", first=800)
    after |= {table: newcomers[table] + after[table] for table in set(after) & set(newcomers)}
    second = run_audit(shuffled(after, seed), notice, tmp_path)
    assert_one_to_one(first)
    assert_one_to_one(second)
    old, new = said(first), said(second)
    both = old.keys() & new.keys()
    assert len(both) > 60
    for key in both:
        assert old[key] == new[key] or len(old[key]) != len(new[key]), key


@pytest.mark.parametrize(("notice", "seed"), SEEDS[:1])
def test_order_alone_changes_nothing(notice: str, seed: int, tmp_path: Path) -> None:
    tables, one = before(notice, seed)
    other = run_audit(shuffled(tables, seed), notice, tmp_path)
    assert_one_to_one(one)
    assert_one_to_one(other)
    mine, theirs = (set(result.findings["lasting"]) for result in (one, other))
    group = one.findings.filter(~pl.col("subject_kind").is_in(OWN))
    assert mine - theirs <= set(group["lasting"])  # two groups of the same people change places
    assert len(mine) == len(theirs)


def few() -> Tables:
    """Four people of one phone and one more; and sittings of an account that nobody registered."""
    tables = honest(NOTICE, 5, "甲机械厂")
    for row in tables["registrations"][:4]:
        row["phone"] = "19911110001"
    for row in tables["sessions"]:
        row["account"] = f"u{row['id_number']}"
    stray = [dict(row, account="nobody", id_number="") for row in tables["sessions"][:4]]
    return tables | {"sessions": tables["sessions"] + stray}


@cache
def full(others: int) -> Result:
    """The few among others."""
    many = merge(honest(NOTICE, others, "乙电子厂", first=100), few())
    with TemporaryDirectory() as folder:
        return run_audit(shuffled(many, others) if others else few(), NOTICE.id, Path(folder))


@pytest.mark.parametrize(
    "rule", ["phone-shared", "session-unregistered"], ids=["a group by its people", "an account by its name"]
)
def test_who_has_no_number_of_his_own_is_known_among_others(rule: str) -> None:
    alone, among = (full(others).findings.filter(rule=rule)["lasting"].to_list() for others in (0, 60))
    assert alone == among and len(alone) == 1


def test_the_masked_edition_has_none(tmp_path: Path) -> None:
    masked = run_audit(few(), NOTICE.id, tmp_path, edition="masked").findings
    assert len(masked) and masked["lasting"].null_count() == len(masked)
    assert masked.drop("lasting").equals(full(0).findings.drop("lasting"))
