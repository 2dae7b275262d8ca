"""The package against an independent slow reading of the notices (oracle.py), and against itself turned round."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import oracle
import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from oracle import Answer, Tables
from strategies import Population, populations

from auditor import audit, policy

NOTICES = ("taicang-2021", "wuxi-2023")
ABOUT_ROWS = (
    "session-negative",
    "session-zero",
    "session-too-short",
    "session-outside-period",
    "sessions-overlap",
    "sessions-overlap-other-address",
)
ABOUT_GROUPS = ("address-shared-across-employers", "address-shared-in-employer", "address-not-public")
Json = dict[str, Any]


@dataclass
class Audited:
    """What the package left of one audit, in plain Python."""

    report: Json
    people: list[Json]
    claims: list[Json]
    findings: list[Json]
    evidence: list[Json]

    def __post_init__(self) -> None:
        self.number = {row["person_id"]: row["id_number"] for row in self.people}
        self.rows: dict[str, list[Json]] = {}
        for row in self.evidence:
            self.rows.setdefault(row["fingerprint"], []).append(row)

    def verdicts(self) -> dict[str, str | None]:
        return {row["id_number"]: row["verdict"] for row in self.people if row["id_number"]}


def run(folder: Path, notice: str, threads: int | None = 1) -> Audited:
    with TemporaryDirectory() as out:
        audit.run([folder], policy.load(notice), Path(out), edition="full", threads=threads)
        read = {path.stem: pl.read_parquet(path).to_dicts() for path in Path(out).glob("*.parquet")}
        report = Path(out, "report.json").read_text(encoding="utf-8")
    import json

    return Audited(json.loads(report), read["people"], read["claims"], read["findings"], read["evidence"])


def audited(tables: Tables, notice: str, threads: int | None = 1) -> Audited:
    with TemporaryDirectory() as folder:
        return run(Population(notice, tables).write(Path(folder)), notice, threads)


def asked(notice: str) -> frozenset[str]:
    """Rules of the decision layer that the package does not have."""
    return frozenset(oracle.NOTICES[notice].effects) - frozenset(policy.load(notice).rules)


# ── the slow reading ─────────────────────────────────────────────────────────────────────────────────────────────────


def differences(made: Audited, expected: Answer, notice: str) -> list[str]:
    """Every point in which the package and the oracle differ, in words."""
    said: list[str] = []

    def same(what: str, package: object, slow: object) -> None:
        if package != slow:
            said.append(f"{what}: package {package!r}, oracle {slow!r}")

    _people(made, expected, same)
    _findings(made, expected, notice, same)
    _rows(made, expected, same)
    _claims(made, expected, same)
    _totals(made, expected, same)
    return said


Same = Callable[[str, object, object], None]


def _people(made: Audited, expected: Answer, same: Same) -> None:
    known = {key: person for key, person in expected.people.items() if person.identified}
    found = {row["id_number"]: row for row in made.people if row["id_number"]}
    same("people", sorted(found), sorted(known))
    for key in sorted(found.keys() & known.keys()):
        row, person = found[key], known[key]
        same(f"{key} sessions", row["sessions"], len(person.sittings))
        same(f"{key} raw_s", row["raw_s"], person.raw)
        same(f"{key} net_s", row["net_s"], person.net)
        same(f"{key} counted_s", row["counted_s"], person.counted)
        same(f"{key} registered", row["registered"], person.registered)
        same(f"{key} verdict", row["verdict"], person.verdict)
        mine = [claim for claim in expected.claims if claim.key == key]
        same(f"{key} claimed_fen", row["claimed_fen"], sum(claim.claimed or 0 for claim in mine))
        same(f"{key} supported_fen", row["supported_fen"], sum(claim.supported for claim in mine))


def _findings(made: Audited, expected: Answer, notice: str, same: Same) -> None:
    order = ("note", "verify", "refuse")
    found: dict[str, dict[str, str]] = {}
    for row in made.findings:
        number = made.number.get(row["person_id"])
        if not number or row["rule"] in ABOUT_GROUPS or row["rule"] == "claim-duplicate":
            continue
        effects = found.setdefault(number, {})
        effects[row["rule"]] = max(effects.get(row["rule"], "note"), row["effect"], key=order.index)
    for key, person in sorted(expected.people.items()):
        if not person.identified:
            continue
        left = {rule for rule in found.get(key, {}) if rule not in oracle.NOTICES[notice].effects}
        wanted = {rule: effect for rule, effect in person.effects.items() if rule not in ABOUT_GROUPS}
        same(f"{key} findings", {r: e for r, e in found.get(key, {}).items() if r not in left}, wanted)


def _rows(made: Audited, expected: Answer, same: Same) -> None:
    """Session findings point to the row that holds the fault; of an overlap to both rows."""
    found = set()
    for row in made.findings:
        number = made.number.get(row["person_id"])
        if row["rule"] not in ABOUT_ROWS or not number:
            continue
        places = made.rows[row["fingerprint"]]
        person = expected.people[number]
        sittings = sorted(
            (s for s in person.sittings if s.row in {place["source_row"] for place in places}),
            key=lambda s: (s.start or 0, s.end or 0, s.row),
        )
        same(f"{row['rule']} table", {place["source_table"] for place in places}, {"sessions"})
        same(f"{row['rule']} first row", row["source_row"], min(place["source_row"] for place in places))
        if not sittings:
            same(f"{row['rule']} rows of {number}", [place["source_row"] for place in places], "rows of that person")
            continue
        found.add((row["rule"], number, sittings[-1].row))
        if row["rule"].startswith("sessions-overlap"):
            one, two = sittings[0], sittings[-1]
            assert one.end is not None and two.end is not None and two.start is not None
            same(f"{row['rule']} seconds", row["measured"], min(one.end, two.end) - two.start)
    same("session rows", sorted(found - expected.rows), [])
    wanted = {(rule, key, row) for rule, key, row in expected.rows if expected.people[key].identified}
    same("session rows", [], sorted(wanted - found))
    shared = set()
    for row in made.findings:
        if row["rule"] == "address-shared-across-employers":
            rows = {place["source_row"] for place in made.rows[row["fingerprint"]]}
            people = [p for p in expected.people.values() if any(s.row in rows for s in p.sittings)]
            days = {(s.start or 0) // 86400 for p in people for s in p.sittings if s.row in rows}
            shared.add((min(days), frozenset(p.key for p in people)))
    same("shared addresses", shared, expected.shared)


def _claims(made: Audited, expected: Answer, same: Same) -> None:
    same("number of claims", len(made.claims), len(expected.claims))
    found = {row["source_row"]: row for row in made.claims}
    for claim in expected.claims:
        row = found[claim.row]
        what = f"claim in row {claim.row} ({claim.key})"
        same(f"{what} verdict", row["verdict"], claim.verdict)
        if expected.people[claim.key].identified:
            same(f"{what} reasons", set(row["reasons"].split(",")) - {""}, claim.reasons)
        same(f"{what} claimed", row["claimed_fen"], claim.claimed)
        same(f"{what} employer", row["employer"] or "", claim.employer)
        total = row["supported_fen"] + row["not_supported_fen"] + row["to_verify_fen"]
        same(f"{what} money adds up", total, row["claimed_fen"])
        if not claim.shared:
            same(f"{what} supported", row["supported_fen"], claim.supported)
            same(f"{what} not supported", row["not_supported_fen"], claim.refused)
            same(f"{what} to verify", row["to_verify_fen"], claim.to_verify)
    for key in {claim.key for claim in expected.claims if claim.shared}:
        mine = [found[claim.row] for claim in expected.claims if claim.key == key]
        granted = sum(row["supported_fen"] + row["to_verify_fen"] for row in mine)
        same(f"{key} one amount in total", granted <= oracle.GRANT, True)
        same(f"{key} none supported", [row["supported_fen"] for row in mine], [0] * len(mine))
        if any(row["verdict"] == oracle.TO_VERIFY for row in mine):
            same(f"{key} something to verify", granted > 0, True)


def _totals(made: Audited, expected: Answer, same: Same) -> None:
    readings = {row["reading"]: row for row in made.report["readings"]}
    for name in ("cumulative", "per_session", "per_lesson"):
        passing = [expected.people[key].readings[name] for key in expected.judged]
        same(f"{name} passing", readings[name]["passing"], passing.count(True))
        same(f"{name} of", readings[name]["of"], len(expected.judged))
        if passing:
            same(f"{name} applicable", readings[name]["applicable"], passing[0] is not None)
    money = made.report["money"]
    same("claimed in all", money["claimed_fen"], sum(claim.claimed or 0 for claim in expected.claims))
    same("claims in all", money["claims"], len(expected.claims))
    parts = money["supported_fen"] + money["not_supported_fen"] + money["to_verify_fen"]
    same("money adds up", parts, money["claimed_fen"])
    if expected.claims:
        for row in made.report["employers"]:
            mine = [claim for claim in expected.claims if claim.employer == (row["employer"] or "")]
            same(f"claims of {row['employer']}", row["claims"], len(mine))
            same(f"claimed by {row['employer']}", row["claimed_fen"], sum(claim.claimed or 0 for claim in mine))
        same("employers add up", sum(row["claims"] for row in made.report["employers"]), len(expected.claims))
    said = {name: 0 for name in oracle.WORST}
    for person in expected.people.values():
        if person.verdict is not None and not person.key.startswith("claim:"):
            said[person.verdict] += 1
    for row in made.report["completeness"]:
        same(f"rows of {row['file']}", row["read"] + sum(row["set_aside"].values()), row["rows"])


STILL = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
)  # fmt: skip


@pytest.mark.parametrize("notice", NOTICES)
def test_the_slow_reading_agrees(notice: str) -> None:
    @settings(STILL, max_examples=16)
    @given(populations(notice, (8, 30)))
    def agree(made: Population) -> None:
        expected = oracle.read(made.tables, notice, asked(notice))
        assert differences(audited(made.tables, notice), expected, notice) == []

    agree()
