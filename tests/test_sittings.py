"""A log of events becomes sessions: a slow reading of the rule in plain Python against the audit, on invented logs."""

from __future__ import annotations

import csv
import datetime as dt
import json
import random
from collections import defaultdict
from dataclasses import dataclass, field, fields
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

import duckdb
import polars as pl
import pytest
from harness import Row, Tables, examples, identity, learner, merge, person_name, write_table
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from auditor import audit, policy, preset, rule
from auditor.preset import Preset
from auditor.render import FORMATS

POLICY = "taicang-2021"
EPOCH = dt.datetime(1970, 1, 1)
FIRST, STOP = (int((dt.datetime(2021, month, 1) - EPOCH).total_seconds()) for month in (2, 3))
NEED, UNIT = 24 * 1800, 1800
Span = tuple[int, int]
Who = tuple[str, ...]
Json = dict[str, Any]
OWN = Preset("own", 600, 45, 30, {}, "")
RULES = [*preset.catalogue().values(), OWN]
SET = {one.id: {"events": one.id} for one in RULES} | {
    "own": {"event_gap_s": "600", "event_tail_s": "45", "event_minimum_s": "30"}
}


def at(second: int) -> str:
    return str(EPOCH + dt.timedelta(seconds=second))


def second(text: str) -> int:
    return int((dt.datetime.fromisoformat(text) - EPOCH).total_seconds())


# ── the rule, read slowly ────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Sitting:
    """One run of one key's events under a rule. `parts`: start, end, course, address, whose the first event is."""

    start: int
    end: int
    counts: bool
    parts: list[tuple[int, int, str, str, Who]]


@dataclass
class Export:
    """Rows as they stand in the files; `owner`: account → identity number, from the registrations."""

    events: list[Row]
    sessions: list[Row] = field(default_factory=list)
    totals: list[Row] = field(default_factory=list)  # account, start_at, duration: a platform's totals
    registrations: list[Row] = field(default_factory=list)

    @property
    def owner(self) -> dict[str, str]:
        return {row["account"]: row["id_number"] for row in self.registrations}

    def label(self, row: Row) -> Who:
        """Whose a row is, as the outputs say it: the number, else the account's name, else name and employer."""
        if number := row.get("id_number") or self.owner.get(row.get("account", ""), ""):
            return (number,)
        return (row.get("name", ""), row.get("employer", "")) if row.get("name") else ()

    def key(self, row: Row) -> Who:
        account, number = row.get("account", ""), row.get("id_number", "")
        if account:
            numbers = {one["id_number"] for one in self.events if one.get("account") == account and one["id_number"]}
            return ("account", account, number if len(numbers) > 1 else "")
        return ("number", number) if number else ("name", row.get("name", ""), row.get("employer", ""))

    def sittings(self, one: Preset) -> dict[Who, list[Sitting]]:
        by_key: dict[Who, list[Row]] = defaultdict(list)
        for row in self.events:
            if row["happened_at"]:
                by_key[self.key(row)].append(row)
        return {key: self._of_one(rows, one) for key, rows in by_key.items()}

    def _of_one(self, rows: list[Row], one: Preset) -> list[Sitting]:
        last = "￿"  # an empty cell comes last
        rows = sorted(rows, key=lambda row: (row["happened_at"], row["course"] or last, row["address"] or last))
        runs: list[list[Row]] = []
        for row in rows:
            if runs and second(row["happened_at"]) - second(runs[-1][-1]["happened_at"]) <= one.gap_s:
                runs[-1].append(row)
            else:
                runs.append([row])
        found = []
        for run in runs:
            start, end = second(run[0]["happened_at"]), second(run[-1]["happened_at"]) + one.tail_s
            turns = [run[0]]
            for before, row in pairwise(run):
                if (before["course"], before["address"]) != (row["course"], row["address"]):
                    turns.append(row)
            edges = [second(row["happened_at"]) for row in turns] + [end]
            counts = one.minimum_s == 0 or end - start > one.minimum_s
            parts = [
                (begin, stop if counts else begin, row["course"], row["address"], self.label(row))
                for row, (begin, stop) in zip(turns, pairwise(edges), strict=True)
            ]
            found.append(Sitting(start, end, counts, parts))
        return found

    def parts(self, one: Preset) -> list[tuple[Who, int | None, int | None, str, str]]:
        """The sessions that the events are."""
        timed = [
            (who, start, end, course, address)
            for sittings in self.sittings(one).values()
            for sitting in sittings
            for start, end, course, address, who in sitting.parts
        ]
        untimed = [
            (self.label(row), None, None, row["course"], row["address"])
            for row in self.events
            if not row["happened_at"]
        ]
        return [*timed, *untimed]

    def measured(self, who: Who) -> list[Span]:
        return [(second(r["start_at"]), second(r["end_at"])) for r in self.sessions if self.label(r) == who]

    def apart(self, who: Who) -> list[Span]:
        """Each total once, however often it was exported."""
        spans = {(r["course"], second(r["start_at"]), int(r["duration"])) for r in self.totals if self.label(r) == who}
        return [(start, start + length) for _, start, length in spans]

    def by_rule(self, one: Preset, who: Who) -> list[Span]:
        return [
            (sitting.start, sitting.end)
            for sittings in self.sittings(one).values()
            for sitting in sittings
            if sitting.counts and sitting.parts[0][-1] == who
        ]

    def may_be(self, chosen: Preset, who: Who) -> tuple[int, int, int]:
        """chosen_s, most_s, apart_s of one person."""
        nets = [
            union([*self.measured(who), *self.by_rule(one, who)])
            for one in [chosen, *(one for one in preset.catalogue().values() if one.id != chosen.id)]
        ]
        return nets[0], max(nets), sum(length(span) for span in self.apart(who))

    def net(self, chosen: Preset, who: Who) -> int:
        return union([*self.measured(who), *self.by_rule(chosen, who), *self.apart(who)])


def length(span: Span) -> int:
    return max(0, min(span[1], STOP) - max(span[0], FIRST))


def union(spans: list[Span]) -> int:
    """Seconds inside the period that any of them covers."""
    reached, net = FIRST, 0
    for start, end in sorted(spans):
        net += max(0, min(end, STOP) - max(start, reached))
        reached = max(reached, end)
    return net


# ── the audit ────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Told:
    """What an audit wrote."""

    sessions: list[tuple[Who, int | None, int | None, str, str]]
    rows: list[tuple[int, int | None, str]]  # row of the log, start, course of each session made of events
    estimates: dict[Who, tuple[int, int, int, int]]
    people: dict[Who, Json]
    findings: pl.DataFrame
    evidence: pl.DataFrame
    report: Json


def run(folder: Path, tables: Tables, given: dict[str, str], totals: list[Row] | None = None) -> Told:
    source, out = folder / "in", folder / "out"
    source.mkdir(parents=True)
    for table, rows in tables.items():
        if rows:
            write_table(table, rows, source)
    if totals:
        write_totals(source / "直播观看.csv", totals)
    chosen = policy.override(policy.load(POLICY), given, rule.stricter())
    with mock.patch.dict(FORMATS, {"report.json": FORMATS["report.json"]}, clear=True):
        audit.run([source], chosen, out, "full", threads=2)
    people = pl.read_parquet(out / "people.parquet").to_dicts()
    named: dict[str | None, Who] = {
        one["person_id"]: (one["id_number"],) if one["id_number"] else (one["name"] or "", one["employer"] or "")
        for one in people
    }
    with duckdb.connect(str(out / "audit.duckdb"), read_only=True) as con:
        sessions = con.execute(
            """SELECT s.row_id % 2147483648, p.person_id, s.start_s, s.end_s, coalesce(c.course, ''),
                coalesce(a.address, ''), s.timed
            FROM sessions s LEFT JOIN people p USING (person_no) LEFT JOIN courses c USING (course_no)
            LEFT JOIN addresses a USING (address_no)"""
        ).fetchall()
        estimates = con.execute(
            """SELECT p.person_id, chosen_s, most_s, apart_s, enough_s
            FROM estimates e LEFT JOIN people p USING (person_no)"""
        ).fetchall()
    assert len({row[0] for row in estimates}) == len(estimates)
    return Told(
        sessions=[(named.get(row[1], ()), *row[2:6]) for row in sessions],
        rows=[(row[0], row[2], row[4]) for row in sessions if row[6] == 2 or row[2] is None],
        estimates={named[row[0]]: row[1:] for row in estimates},
        people={named[one["person_id"]]: one for one in people},
        findings=pl.read_parquet(out / "findings.parquet"),
        evidence=pl.read_parquet(out / "evidence.parquet"),
        report=json.loads((out / "report.json").read_text(encoding="utf-8")),
    )


def write_totals(path: Path, rows: list[Row]) -> None:
    """A platform's export of one total a viewer: only the first start and how long in all."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["用户账号", "用户昵称", "课程", "首次进入时间", "最后离开时间", "直播观看时长（秒）"])
        for row in rows:
            end = at(second(row["start_at"]) + 90_000)
            writer.writerow([row["account"], row["name"], row["course"], row["start_at"], end, row["duration"]])


def audited(export: Export, one: Preset) -> Told:
    tables = {"registrations": export.registrations, "events": export.events, "sessions": export.sessions}
    with TemporaryDirectory() as folder:
        return run(Path(folder) / "audit", tables, SET[one.id], export.totals)


# ── invented logs ────────────────────────────────────────────────────────────────────────────────────────────────

COURSES = ("第1课", "第1课", "第2课", "第3课", "")
ADDRESSES = ("58.211.16.8", "58.211.16.8", "58.211.16.9", "58.211.7.9", "")
STEPS = (0, 0, 1, 30, 31, 119, 120, 121, 299, 300, 301, 600, 601, 1799, 1800, 1801, 3000, 3600, 3601, 40_000)
NEAR = (700, 1750, 2950, 3300, 3600)  # steps of who studies about as long as the notice asks for
BEGINS = (FIRST - 5_000, FIRST - 100, FIRST + 86_400, FIRST + 9 * 86_400, STOP - 7_000)
FAMILIES = "甲乙丙"  # each a set of learners who have nothing to do with those of another


def registered(family: int) -> dict[str, int]:
    """account → the learner's number."""
    numbers = {"a1": 1, "b1": 2, "b2": 2, "c1": 3, "d1": 4, "e1": 5, "f1": 6}
    return {f"{account}{FAMILIES[family]}": 10 * family + number for account, number in numbers.items()}


def voices(family: int) -> list[list[Row]]:
    """The ways in which one learner's events may name him."""
    mark = FAMILIES[family]
    three, four, five, six = (identity(10 * family + number) for number in (3, 4, 5, 6))
    return [
        [{"account": f"a1{mark}"}],
        [{"account": f"b1{mark}"}, {"account": f"b2{mark}"}],
        [{"id_number": three}],
        [{"account": f"d1{mark}", "id_number": four}, {"account": f"d1{mark}"}],
        [{"account": f"shared{mark}", "id_number": five}, {"account": f"shared{mark}", "id_number": six}],
        [{"account": f"g1{mark}", "name": f"无名氏{mark}"}],
        [{"name": f"同名{mark}", "employer": "甲厂"}, {"name": f"同名{mark}", "employer": "乙厂"}],
        [{}],
    ]


class Maker:
    def __init__(self, choose: random.Random) -> None:
        self.of = choose.choice
        self.choose = choose

    def export(self) -> Export:
        exports = [self.of_family(family) for family in range(len(FAMILIES))]
        parts = ([row for one in exports for row in getattr(one, part.name)] for part in fields(Export))
        export = Export(*parts)
        self.choose.shuffle(export.events)
        return export

    def of_family(self, family: int) -> Export:
        events = [row for said in voices(family) for _ in range(self.of((1, 1, 2, 3))) for row in self.runs(said)]
        events += [dict(self.of(events)) for _ in range(self.of((0, 1, 5)))]  # exported twice
        events += [{**self.of(events), "happened_at": ""} for _ in range(self.of((0, 0, 2)))]
        accounts = registered(family)
        registrations = [
            {"account": account, "id_number": identity(number), "name": person_name(number), "employer": "甲厂"}
            for account, number in accounts.items()
        ]
        export = Export(events, registrations=registrations)
        if self.of((True, False)):
            export.sessions = [self.session(accounts) for _ in range(self.of((1, 4, 9)))]
        if self.of((True, False)):
            export.totals = [self.total(accounts) for _ in range(self.of((1, 4, 12)))]
            export.totals += export.totals[:1]
        return export

    def runs(self, voices: list[Row]) -> list[Row]:
        voice, now, rows = self.of(voices), self.of(BEGINS) + self.of((0, 1, 60)), []
        steps = STEPS if self.of((True, False)) else (self.of(NEAR),)
        turn = {"course": self.of(COURSES), "address": self.of(ADDRESSES)}
        for _ in range(self.of((1, 2, 5, 14, 20))):
            if self.of((True, False, False)):
                turn = {"course": self.of(COURSES), "address": self.of(ADDRESSES)}
            if self.of((True, False, False)):
                voice = self.of(voices)
            blank = {"id_number": "", "account": "", "name": "", "employer": ""}
            rows.append({**blank, **voice, **turn, "happened_at": at(now), "event": self.of(("查看", "播放"))})
            now += self.of(steps)
        return rows

    def session(self, accounts: dict[str, int]) -> Row:
        account, start = self.of(list(accounts)), self.of(BEGINS) + self.of((0, 600, 3000))
        end = start + self.of((60, 1800, 5000, 20_000))
        return {"account": account, "start_at": at(start), "end_at": at(end), "course": "第4课"}

    def total(self, accounts: dict[str, int]) -> Row:
        account, start = self.of(list(accounts)), self.of(BEGINS) + self.of((0, 600, 3000))
        name, course = person_name(accounts[account]), self.of(("第5课", "第6课"))
        spent = str(self.of((120, 2400, 15_000, 30_000)))
        return {"account": account, "name": name, "course": course, "start_at": at(start), "duration": spent}


MANY = settings(
    max_examples=examples(1), deadline=None, derandomize=True, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip


def known(who: Who) -> bool:
    return len(who) == 1


@pytest.mark.parametrize("one", RULES, ids=lambda one: one.id)
@MANY
@given(seed=st.integers(0, 1 << 32))
def test_the_audit_reads_the_rule_as_it_is_written(one: Preset, seed: int) -> None:
    export = Maker(random.Random(f"{one.id} {seed}")).export()
    told = audited(export, one)
    made = [(who, second(r["start_at"]), second(r["end_at"]), r["course"], "") for r in export.sessions
            for who in [export.label(r)]]  # fmt: skip
    placed = [(export.label(r), second(r["start_at"]), second(r["start_at"]) + int(r["duration"]), r["course"], "")
              for r in export.totals]  # fmt: skip
    assert sorted(told.sessions, key=str) == sorted([*export.parts(one), *made, *placed], key=str)
    people = {export.label(row) for row in [*export.events, *export.sessions, *export.totals]} - {()}
    for who in people:
        row = told.people[who]
        assert row["net_s"] == export.net(one, who), who
        spoken = [part for part in export.parts(one) if part[0] == who and part[1] is not None]
        if not spoken and not export.apart(who):
            assert who not in told.estimates
            continue
        chosen, most, apart = export.may_be(one, who)
        assert told.estimates[who] == (chosen, most, apart, most + apart), who
    _totals(export, one, told)
    _shortfalls(export, one, told, people)


def _totals(export: Export, one: Preset, told: Told) -> None:
    """What the report prints of the chosen rule and of every other."""
    expected = []
    for each in [one, *(other for other in preset.catalogue().values() if other.id != one.id)]:
        counted = [s for sittings in export.sittings(each).values() for s in sittings if s.counts]
        expected.append((each.id, len(counted), sum(s.end - s.start for s in counted), each.id == one.id))
    assert [(r["rule"], r["sittings"], r["total_s"], r["deciding"]) for r in told.report["events"]] == expected


def _shortfalls(export: Export, one: Preset, told: Told, people: set[Who]) -> None:
    """Who falls short is named, and refused only where nothing that was recorded may suffice."""
    short = {who for who in people if known(who) and export.net(one, who) < NEED}
    few = told.findings.filter(pl.col("rule") == "class-hours-too-few")
    ids = {row["person_id"]: who for who, row in told.people.items()}
    effects = {ids[person]: effect for person, effect in few.select("person_id", "effect").iter_rows()}
    assert short <= effects.keys()
    for who, effect in effects.items():
        _, most, apart = export.may_be(one, who)
        if most + apart >= NEED:
            assert effect == "verify", who


@MANY
@given(seed=st.integers(0, 1 << 32))
def test_the_order_of_rows_decides_nothing(seed: int) -> None:
    choose = random.Random(seed)
    export, one = Maker(choose).export(), choose.choice(RULES)
    told = audited(export, one)
    choose.shuffle(export.events)
    again = audited(export, one)
    assert sorted(again.sessions, key=str) == sorted(told.sessions, key=str)
    assert again.estimates == told.estimates and again.report["events"] == told.report["events"]
    facts = ("rule", "effect", "fingerprint", "subject", "measured", "limit", "message")
    assert sorted(again.findings.select(facts).rows(), key=str) == sorted(told.findings.select(facts).rows(), key=str)
    for row, start, course in told.rows:
        assert row > 1 and (start is None or course in COURSES or course >= "第4课")


def test_a_session_rests_on_the_event_that_opens_it(tmp_path: Path) -> None:
    export = Maker(random.Random(7)).export()
    export.sessions, export.totals = [], []
    before = [dict(row) for row in export.events]
    told = run(tmp_path, {"registrations": export.registrations, "events": export.events}, {})
    for row, start, course in told.rows:
        event = before[row - 2]
        assert (event["happened_at"], event["course"]) == ("" if start is None else at(start), course)


# ── what follows for a person ────────────────────────────────────────────────────────────────────────────────────


def person(number: int, **instead: list[Row]) -> Tables:
    """An honest learner with other study: `events`, `sessions`."""
    tables = learner(policy.load(POLICY), number, "甲厂")
    for row in [row for rows in tables.values() for row in rows]:
        row.pop("total_time", None)
    account = f"user{number}"
    tables["registrations"][0]["account"] = account
    del tables["sessions"]
    exam = tables["exams"][0]
    return {**tables, "exams": [exam], **{name: [{"account": account, **row} for row in rows]
                                         for name, rows in instead.items()}}  # fmt: skip


def clicks(start: int, step: int, until: int, **more: str) -> list[Row]:
    return [
        {"happened_at": at(second), "event": "查看", "course": "第1课", "address": "58.211.16.8", **more}
        for second in [*range(start, until, step), until]
    ]


def verdicts(told: Told) -> dict[str, str]:
    return {who[0]: row["verdict"] for who, row in told.people.items()}


def verdict(told: Told, number: int) -> str:
    return verdicts(told)[identity(number)]


def short_of_hours(told: Told, number: int) -> pl.DataFrame:
    """What is found about somebody's class hours."""
    found = told.findings.filter(person_id=told.people[(identity(number),)]["person_id"])
    return found.filter(rule="class-hours-too-few")


def total(start: int, seconds: int, course: str, number: int) -> Row:
    return {
        "account": f"user{number}", "name": person_name(number), "course": course, "start_at": at(start),
        "duration": str(seconds),
    }  # fmt: skip


DAY = FIRST + 2 * 86_400 + 8 * 3600
HALF = NEED // 2
# pauses of 50 minutes: a sitting by the chosen rule, none by one of 30 minutes
PAUSES = clicks(DAY, 3000, DAY + HALF) + clicks(DAY + 86_400, 3000, DAY + 86_400 + HALF)


def two_days(short_s: int = 0) -> list[Row]:
    return clicks(DAY, 250, DAY + HALF) + clicks(DAY + 86_400, 250, DAY + 86_400 + HALF - short_s)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """Learners who have nothing to do with each other, under the rules that hold where nobody chose others."""
    outside = [row for day in range(1, 9) for row in clicks(FIRST - day * 86_400, 250, FIRST - day * 86_400 + 7200)]
    measured = [{"start_at": at(DAY), "end_at": at(DAY + HALF), "course": "第3课"}]
    brief = clicks(DAY, 250, DAY + 3600)
    later = [{"start_at": at(DAY + 3600), "end_at": at(DAY + 10_800), "course": "第2课"}]
    learners = merge(
        person(1, events=two_days()),
        person(2, events=PAUSES),
        person(3, events=two_days(3600)),
        person(4, events=two_days(900)),  # a tail of 15 minutes a day makes it up
        person(5, events=outside + clicks(DAY, 250, DAY + NEED - 3600)),
        *(person(number) for number in (6, 7, 8)),
        person(9, sessions=measured),
        person(10, sessions=measured * 2 + [{**measured[0], "course": "第4课"}]),
        person(11, events=brief),
        person(12, events=[*brief, {**brief[0], "happened_at": "昨天上午"}]),
        person(13, events=clicks(DAY, 250, DAY + 7200), sessions=later),
    )
    totals = [
        *(total(DAY, HALF, "第1课", 6), total(DAY + 600, HALF, "第2课", 6)),
        *(total(DAY, HALF, "第1课", 7), total(DAY + 600, HALF - 1, "第2课", 7)),
        *[total(DAY, HALF, "第1课", 8)] * 2,
        total(DAY + 600, HALF, "第2课", 9),
    ]
    return run(tmp_path_factory.mktemp("told"), learners, {}, totals)


def test_who_falls_short_by_every_rule_is_refused_and_who_does_not_is_verified(told: Told, tmp_path: Path) -> None:
    said = [verdict(told, number) for number in (1, 2, 3, 4)]
    assert said == ["supported", "supported", "not_supported", "to_verify"]
    found = pl.concat(short_of_hours(told, number) for number in (1, 2, 3, 4))
    assert len(found) == 2
    assert any("按另一条公开规则可多计 30分" in message for message in found["message"])
    refused = found.filter(effect="refuse")
    assert refused["message"].to_list() == ["期限内净学习 11小时，合 22 课时，要求 24 课时"]
    stricter = run(tmp_path, person(2, events=PAUSES), {"events": "edx_5min"})
    assert verdict(stricter, 2) == "to_verify"


def test_a_remainder_of_a_class_hour_does_not_refuse(tmp_path: Path) -> None:
    """11 h 50 min are 23 class hours; by another rule 10 minutes more make 24."""
    told = run(
        tmp_path,
        person(1, events=clicks(DAY, 250, DAY + NEED - 600)),
        {"event_gap_s": "300", "event_tail_s": "0", "event_minimum_s": "0"},
    )
    assert verdicts(told) == {identity(1): "to_verify"}


def test_time_outside_the_period_makes_nothing_up(told: Told) -> None:
    """What another rule would add before the period begins is no reason to doubt."""
    assert verdict(told, 5) == "not_supported"


def test_a_reading_that_was_fixed_is_asked_of_every_rule(tmp_path: Path) -> None:
    """Sittings of 50 minutes lose 20 each when a class hour is counted sitting by sitting, by every rule that keeps
    them apart; one that joins them loses nothing."""
    pieces = [row for n in range(23) for row in clicks(DAY + n * 5000, 250, DAY + n * 5000 + 3000)]
    # more than 16 hours net, but whole class hours by no rule: none joins what lies 5,400 s apart, a tail makes no more
    short = [row for n in range(23) for row in clicks(DAY + n * 8000, 100, DAY + n * 8000 + 2600)]
    learners = merge(person(1, events=pieces), person(2, events=short))
    told = run(tmp_path, learners, {"reading": "per_session", "events": "edx_30min"})
    assert verdict(told, 1) == "to_verify"  # block_dedication joins what lies 2,000 s apart
    assert verdict(told, 2) == "not_supported"


def test_totals_that_overlap_are_not_refused(told: Told) -> None:
    """Two totals begun at once were studied one after another, or not: nobody can tell."""
    assert verdict(told, 6) == "to_verify"
    (message,) = short_of_hours(told, 6)["message"]
    assert "起止时间不明" in message and "5小时50分钟" in message and "按另一条公开规则" not in message
    assert verdict(told, 7) == "not_supported", "one second too few"
    assert verdict(told, 8) == "not_supported", "the same row exported twice is no more study"
    assert verdict(told, 9) == "to_verify", "a total beside a measured session"
    assert verdict(told, 10) == "not_supported", "measured sessions that overlap are what they are"


def test_events_and_measured_sessions_of_one_person_count_once(told: Told) -> None:
    who = (identity(13),)
    assert (told.people[who]["net_s"], told.people[who]["raw_s"]) == (10_800, 14_400)
    assert told.estimates[who][:3] == (10_800, 10_800, 0)


def test_rules_on_lengths_speak_of_measured_ends_alone(tmp_path: Path) -> None:
    """The same faults, once made of clicks, once measured."""
    lone = clicks(DAY, 1, DAY)  # a click of no length
    brief = clicks(DAY + 7200, 60, DAY + 7800)
    twice = clicks(DAY + 20_000, 100, DAY + 23_000, address="58.211.16.8")
    other = [{**row, "account": "user1b"} for row in clicks(DAY + 20_000, 100, DAY + 23_000, address="58.211.99.9")]
    made = person(1, events=lone + brief + twice)
    made["registrations"].append({**made["registrations"][0], "account": "user1b"})
    made["events"] += other
    sessions = [
        {"start_at": at(DAY), "end_at": at(DAY), "course": "第1课", "address": "58.211.17.8"},
        {"start_at": at(DAY + 7200), "end_at": at(DAY + 7800), "course": "第1课", "address": "58.211.17.8"},
        {"start_at": at(DAY + 20_000), "end_at": at(DAY + 23_000), "course": "第1课", "address": "58.211.17.8"},
        {"start_at": at(DAY + 20_500), "end_at": at(DAY + 22_000), "course": "第2课", "address": "58.211.98.9"},
        *({"start_at": at(DAY + n * 2000), "end_at": at(DAY + n * 2000 + 1000), "course": "第3课"}
          for n in range(50, 100)),
    ]  # fmt: skip
    many = [row for n in range(50, 100) for row in clicks(DAY + n * 5000, 250, DAY + n * 5000 + 1000)]
    told = run(
        tmp_path,
        merge(made, person(2, sessions=sessions), person(3, events=many)),
        {"events": "edx_30min"},
        [total(DAY + 40_000, 60, "第1课", 4), total(DAY + 40_010, 60, "第1课", 4), total(DAY + 50_000, 0, "第1课", 4)],
    )
    ids = {row["person_id"]: who for who, row in told.people.items()}
    spoken = {
        name: {ids[one] for one in found["person_id"]}
        for (name,), found in told.findings.filter(pl.col("person_id").is_not_null()).group_by("rule")
    }
    for name in (
        *("session-too-short", "session-zero", "class-hour-average-too-short"),
        *("sessions-overlap", "sessions-overlap-other-address"),
    ):
        assert spoken[str(name)] == {(identity(2),)}, name


def test_an_event_without_a_time_softens_a_refusal(told: Told) -> None:
    """Damage is not absence: what cannot be read may have been study."""
    assert (verdict(told, 11), verdict(told, 12)) == ("not_supported", "to_verify")
