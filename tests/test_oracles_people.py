"""Rules about registrations, exams, the log itself and claims by name, against a slow reading of their own words: lists
and loops over the cells as they stand in the files. The numbers are smaller than the notices', so that few rows do."""

from __future__ import annotations

import datetime as dt
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import polars as pl
import pytest
from harness import Row, Tables, examples, identity, person_name, write_table
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from auditor import audit, policy, rule
from auditor.render import FORMATS

NOTICES = ("taicang-2021", "wuxi-2023")
DAY = 86_400
SET = {
    "bulk_persons": 3, "bulk_s": 10, "migrated_persons": 4, "migrated_percent": 50, "phone_persons": 2,
    "phones_in_row": 3, "registration_slack_s": 3600, "exam_min_s": 60, "fast_persons": 3, "fast_percent": 50,
    "cluster_persons": 3, "cluster_percent": 60, "pass_cluster_percent": 40, "cluster_marks": 3, "edited_s": DAY,
    "edited_percent": 50, "record_gap_s": 3600, "record_percent": 30, "burst_times": 2, "burst_persons": 3,
    "burst_days": 2,
}  # fmt: skip
# what is said of a finding: rule, measured, the rows it rests on as (table, row)
Said = tuple[str, int, frozenset[tuple[str, int]]]
Line = tuple[int, Row]


# ── made data ────────────────────────────────────────────────────────────────────────────────────────────────────────


def moment(second: int) -> str:
    return str(dt.datetime(1970, 1, 1) + dt.timedelta(seconds=second))


def made(chance: random.Random, first: int) -> Tables:
    """A few people with everything near the limits. `first`: midnight of the period's first day."""
    of = lambda *choices: chance.choice(choices)  # noqa: E731
    tables: Tables = {"registrations": [], "sessions": [], "exams": [], "claims": []}
    opened, migrated = first - 5 * DAY, of(True, False, False)
    lates = of((0, 1, 60, DAY, DAY + 1, 9 * DAY), (0, DAY + 1, 9 * DAY, 9 * DAY, 20 * DAY))
    logged, numbered, timed = of(True, True, False), of(True, True, False), of(True, True, False)
    for number in range(chance.randint(10, 30)):
        who = {"id_number": identity(number), "name": person_name(of(0, 1, 2, number)), "employer": of("甲厂", "乙厂")}
        for account in range(of(1, 1, 1, 2)):
            at = opened + of(0, 1, 5, 9, 10, 11, 15, 25, 600)
            at = of(opened + 7, at) if migrated else at
            said = of(moment(at), moment(at), moment(at), moment(at), moment(at + 20 * DAY), moment(first)[:10], "")
            digits = f"19922219{of(995, 996, 997, 998, 999)}" if of(True, False) else f"1992222{of(0, 1, 3, 50):04}"
            phone = of(digits, digits, f"+86 {digits[:3]} {digits[3:7]} {digits[7:]}", "0512-53520000", "")
            tables["registrations"].append(
                who | {"account": f"u{number}{'b' * account}", "registered_at": said, "phone": phone}
            )
        for _ in range(chance.randint(0, 4)):
            start = first + of(1, 1, 2, 3, 6) * DAY + of(0, 1, 3600, 3601, 7200)
            end = start + of(1800, 3600)
            row = who | {"start_at": moment(start), "end_at": of(moment(end), moment(end), moment(end), "")}
            if logged:
                late = of(*lates)
                row["saved_at"] = of(moment(end + late), moment(end + late), moment(end + late), "")
            if numbered:
                row["record_no"] = of(
                    *(str(start // 60 + chance.randint(-2, 2)),) * 6, str(chance.randint(1, 60)), "x1"
                )
            tables["sessions"].append(row)
        for _ in range(of(0, 1, 1, 1, 2, 3)):
            score = of(50, 60, 60, 60, 70, 75, 80, 90, 100)
            at = first + of(2, 3, 3, 3, 4, 9) * DAY + of(0, 37, 37, 60, 61, 600) + of(0, 1, 1, 1) * 1200 * number
            row = who | {"exam": "结业考试", "score": str(score), "result": "合格" if score >= 60 else "不合格"}
            row["taken_at"] = of(moment(at), moment(at), moment(at), moment(at)[:10], "")
            if of(*(False,) * 9, True):
                row |= {"score": "缺考", "result": "缺考"}
            if timed:
                row["duration"] = of("00:00:20", "00:00:59", "00:01:00", "00:20:00", "00:20:00", "00:00:00", "")
            tables["exams"].append(row)
        written = of(who["id_number"], who["id_number"], "", "3.20522E+17")
        tables["claims"].append({**who, "id_number": written, "amount": "300", "claimed_on": "2023-04-08"})
    return tables


# ── the slow reading ─────────────────────────────────────────────────────────────────────────────────────────────────


def seconds(text: str) -> int | None:
    return int((dt.datetime.fromisoformat(text) - dt.datetime(1970, 1, 1)).total_seconds()) if text else None


def length(text: str) -> int | None:
    return sum(int(part) * unit for part, unit in zip(text.split(":"), (3600, 60, 1), strict=True)) if text else None


def mobile(text: str) -> int | None:
    digits = re.sub(r"^\+86|[ -]", "", text)
    return int(digits) if re.fullmatch(r"1\d{10}", digits) else None


def by(lines: list[Line], *fields: str) -> dict[tuple[str, ...], list[Line]]:
    groups: dict[tuple[str, ...], list[Line]] = {}
    for line in lines:
        groups.setdefault(tuple(line[1][field] for field in fields), []).append(line)
    return groups


class Reading:
    """What the rules say of one set of tables; a line is the row as a person sees it, and its cells."""

    def __init__(self, tables: Tables, first: int, stop: int, by_mark: bool) -> None:
        self.first, self.stop, self.by_mark = first, stop, by_mark
        lines = {table: list(enumerate(rows, 2)) for table, rows in tables.items()}
        self.registrations, self.sessions, self.claims = lines["registrations"], lines["sessions"], lines["claims"]
        exams = [(n, {**row, "taken_at": row["taken_at"]}) for n, row in lines["exams"]]
        self.every_exam, self.exams = exams, [(n, row) for n, row in exams if row["result"] != "缺考"]
        times = Counter(row["registered_at"] for _, row in self.registrations if row["registered_at"])
        judged = times.total() >= SET["migrated_persons"]
        self.migrated = {at for at, n in times.items() if judged and n * 100 > SET["migrated_percent"] * times.total()}

    def all(self) -> Counter[Said]:
        parts = (
            *(self.bulk, self.shared_phones, self.phones_in_row, self.before_registration, self.fast, self.impossible),
            *(self.clusters, self.late, self.inserted, self.bursts, self.namesakes),
        )
        return Counter(said for part in parts for said in part())

    @staticmethod
    def said(name: str, measured: int, lines: list[Line], table: str) -> Said:
        return name, measured, frozenset((table, n) for n, _ in lines)

    def bulk(self) -> Iterator[Said]:
        usable = [
            (n, row) for n, row in self.registrations
            if row["registered_at"] not in self.migrated and len(row["registered_at"]) > 10
            and (seconds(row["registered_at"]) or 0) % DAY
        ]  # fmt: skip
        for people in by(usable, "employer").values():
            own = by(sorted(people, key=lambda line: (line[1]["registered_at"], line[0])), "id_number")
            firsts = sorted((lines[0] for lines in own.values()), key=lambda line: (line[1]["registered_at"], line[0]))
            bursts: list[set[int]] = []
            for start in range(len(firsts) - SET["bulk_persons"] + 1):
                window = firsts[start : start + SET["bulk_persons"]]
                ends = [seconds(row["registered_at"]) or 0 for _, row in (window[0], window[-1])]
                if ends[1] - ends[0] <= SET["bulk_s"]:
                    rows = {n for n, _ in window}
                    touched = [burst for burst in bursts if burst & rows]
                    bursts = [burst for burst in bursts if not burst & rows] + [rows.union(*touched)]
            for burst in bursts:
                lines = [line for line in firsts if line[0] in burst]
                yield self.said("registrations-in-bulk", len(lines), lines, "registrations")

    def shared_phones(self) -> Iterator[Said]:
        numbers = {mobile(row["phone"]) for _, row in self.registrations} - {None}
        for number in numbers:
            lines = [line for line in self.registrations if mobile(line[1]["phone"]) == number]
            if (people := len({row["id_number"] for _, row in lines})) >= SET["phone_persons"]:
                yield self.said("phone-shared", people, lines, "registrations")

    def phones_in_row(self) -> Iterator[Said]:
        for people in by(self.registrations, "employer").values():
            numbers = {number for _, row in people if (number := mobile(row["phone"]))}
            for number in sorted(numbers):
                if number - 1 in numbers:
                    continue
                last = number
                while last + 1 in numbers:
                    last += 1
                lines = [line for line in people if number <= (mobile(line[1]["phone"]) or 0) <= last]
                if min(last - number + 1, len({row["id_number"] for _, row in lines})) >= SET["phones_in_row"]:
                    yield self.said("phones-in-sequence", last - number + 1, lines, "registrations")

    def acts(self, who: str) -> Iterator[tuple[int, str, int]]:
        """When a person did what: the moment, the table and the row; a day counts to its end."""
        for n, row in self.sessions:
            if row["id_number"] == who and row["end_at"]:
                yield seconds(row["start_at"]) or 0, "sessions", n
        for n, row in self.exams:
            if row["id_number"] == who and (at := seconds(row["taken_at"])) is not None:
                yield at if at % DAY else at + DAY, "exams", n

    def before_registration(self) -> Iterator[Said]:
        early, compared = [], 0
        for (who,), lines in by(self.registrations, "id_number").items():
            times = sorted(row["registered_at"] for _, row in lines)
            if not times[0] or min(times, key=lambda at: seconds(at) or 0) in self.migrated:
                continue
            registered = min(seconds(at) or 0 for at in times)
            acts = list(self.acts(who))
            compared += bool(acts)
            if acts and registered - min(acts)[0] > SET["registration_slack_s"]:
                rows = {(table, n) for at, table, n in acts if at < registered - SET["registration_slack_s"]}
                rows |= {("registrations", n) for n, _ in lines}
                early.append(("study-before-registration", registered - min(acts)[0], frozenset(rows)))
        if compared < SET["migrated_persons"] or len(early) * 100 <= SET["migrated_percent"] * compared:
            yield from early

    def passed(self, row: Row) -> bool:
        return int(row["score"]) >= 60 if self.by_mark else row["result"] == "合格"

    def fast(self) -> Iterator[Said]:
        passes = [(n, row) for n, row in self.exams if self.passed(row) and length(row.get("duration", ""))]
        fast = [line for line in passes if (length(line[1]["duration"]) or 0) < SET["exam_min_s"]]
        people = len(by(passes, "id_number"))
        hasty = len(by(fast, "id_number"))
        if people >= SET["fast_persons"] and hasty * 100 > SET["fast_percent"] * people:
            yield self.said("exam-fast-for-many", hasty, fast, "exams")
            return
        for (who,), lines in by(fast, "id_number").items():
            rows = [line for line in self.every_exam if line[1]["id_number"] == who]
            yield self.said("exam-too-fast", min(length(row["duration"]) or 0 for _, row in lines), rows, "exams")

    def impossible(self) -> Iterator[Said]:
        def place(line: Line) -> tuple[int, int, int, int, int]:
            used = length(line[1].get("duration", ""))
            at, result = seconds(line[1]["taken_at"]) or 0, int(line[1]["result"] == "合格")
            return at, int(line[1]["score"]), result, -1 if used is None else used, line[0]

        for (who,), lines in by(self.exams, "id_number").items():
            timed = sorted((line for line in lines if (seconds(line[1]["taken_at"]) or 0) % DAY), key=place)
            pairs = 0
            for one, two in pairwise(timed):
                at, gap = place(two)[0], place(two)[0] - place(one)[0]
                alone = {row["id_number"] for _, row in self.every_exam if seconds(row["taken_at"]) == at} == {who}
                overlap = gap + 60 < min(place(one)[3], place(two)[3])
                pairs += alone and place(one)[1] != place(two)[1] and (overlap or (not gap and at % 60 != 0))
            if pairs:
                rows = [line for line in self.every_exam if line[1]["id_number"] == who]
                yield self.said("exam-impossible", pairs, rows, "exams")

    def clusters(self) -> Iterator[Said]:
        firsts: list[Line] = []
        for lines in by(self.exams, "id_number").values():
            times = [seconds(row["taken_at"]) for _, row in lines]
            known = [at for at in times if at is not None]
            earliest = min(known) if len(known) == len(times) else None
            might = [line for line in lines if earliest is None or seconds(line[1]["taken_at"]) == earliest]
            best = min(might, key=lambda line: (-self.passed(line[1]), -int(line[1]["score"]), line[0]))
            worst = min(might, key=lambda line: (self.passed(line[1]), int(line[1]["score"]), line[0]))
            firsts += [best] if best == worst else []
        marks = {int(row["score"]) for _, row in firsts}
        for people in by(firsts, "employer").values():
            for (mark,), lines in by(people, "score").items():
                share = len(lines) * 100
                heap = share >= SET["cluster_percent"] * len(people)
                at_pass = self.by_mark and mark == "60" and share >= SET["pass_cluster_percent"] * len(people)
                if len(people) < SET["cluster_persons"] or len(marks) < SET["cluster_marks"]:
                    continue
                if (heap or at_pass) and int(mark) < max(marks):
                    yield self.said("scores-clustered", len(lines), lines, "exams")

    def once(self, lines: list[Line]) -> list[Line]:
        """Without exact copies of a sitting: of two with both ends alike the later row."""
        kept = []
        for n, row in lines:
            key = (row["id_number"], row["start_at"], row["end_at"])
            alike = by(self.sessions, "id_number", "start_at", "end_at")[key]
            if not row["end_at"] or alike[0][0] == n:
                kept.append((n, row))
        return kept

    def late(self) -> Iterator[Said]:
        timed = [(n, row) for n, row in self.sessions if row.get("saved_at") and row["end_at"]]
        late = [
            (n, row) for n, row in timed
            if (seconds(row["saved_at"]) or 0) - (seconds(row["end_at"]) or 0) > SET["edited_s"]
        ]  # fmt: skip
        if len(late) * 100 > SET["edited_percent"] * len(timed):
            yield "log-saved-in-batch", len(late), frozenset()
            return
        for lines in by(self.once(late), "id_number").values():
            yield self.said("log-edited-late", len(lines), lines, "sessions")

    def inserted(self) -> Iterator[Said]:
        numbered = [
            (n, row) for n, row in self.sessions
            if row.get("record_no", "").isdigit() and self.first <= (seconds(row["start_at"]) or 0) < self.stop
        ]  # fmt: skip
        behind = []
        for n, row in numbered:
            own = (int(row["record_no"]), n)
            before = [seconds(r["start_at"]) or 0 for m, r in numbered if (int(r["record_no"]), m) < own]
            if before and max(before) - (seconds(row["start_at"]) or 0) > SET["record_gap_s"]:
                behind.append((n, row))
        if len(behind) * 100 <= SET["record_percent"] * len(numbered):
            for lines in by(self.once(behind), "id_number").values():
                yield self.said("record-numbers-out-of-order", len(lines), lines, "sessions")

    def bursts(self) -> Iterator[Said]:
        days: dict[int, list[Line]] = {}
        for lines in by([(n, r) for n, r in self.exams if self.passed(r) and r["taken_at"]], "id_number").values():
            first = min(lines, key=lambda line: (seconds(line[1]["taken_at"]) or 0, line[0]))
            days.setdefault((seconds(first[1]["taken_at"]) or 0) // DAY, []).append(first)
        counts = sorted(map(len, days.values()))
        for lines in days.values():
            enough = len(counts) >= SET["burst_days"] and len(lines) >= SET["burst_persons"]
            if enough and len(lines) >= SET["burst_times"] * counts[len(counts) // 2]:
                yield self.said("volume-burst", len(lines), lines, "exams")

    def namesakes(self) -> Iterator[Said]:
        for line in self.claims:
            people = {row["id_number"] for _, row in self.registrations if row["name"] == line[1]["name"]}
            if len(line[1]["id_number"]) != 18 and len(people) > 1:
                yield self.said("claim-name-ambiguous", len(people), [line], "claims")


# ── the package ──────────────────────────────────────────────────────────────────────────────────────────────────────

RULES = (
    *("registrations-in-bulk", "phone-shared", "phones-in-sequence", "study-before-registration", "exam-too-fast"),
    *("exam-impossible", "scores-clustered", "log-edited-late", "log-saved-in-batch", "record-numbers-out-of-order"),
    *("volume-burst", "claim-name-ambiguous", "exam-fast-for-many"),
)


def found(tables: Tables, notice: policy.Policy) -> Counter[Said]:
    with TemporaryDirectory() as folder, mock.patch.dict(FORMATS, clear=True):
        source, out = Path(folder, "in"), Path(folder, "out")
        source.mkdir()
        for table, rows in tables.items():
            if rows:
                write_table(table, rows, source)
        audit.run([source], notice, out, threads=1)
        findings, evidence = (pl.read_parquet(out / f"{name}.parquet") for name in ("findings", "evidence"))
    rows: dict[str, set[tuple[str, int]]] = {}
    for print_, table, row in evidence.select("fingerprint", "source_table", "source_row").rows():
        rows.setdefault(print_, set()).add((table, row))
    ours = findings.filter(pl.col("rule").is_in(RULES))
    assert ours["fingerprint"].is_unique().all()
    return Counter(
        (name, measured, frozenset(rows.get(print_, set())))
        for name, measured, print_ in ours.select("rule", "measured", "fingerprint").rows()
    )


def small(name: str) -> policy.Policy:
    return policy.override(policy.load(name), {key: str(value) for key, value in SET.items()}, rule.stricter())


@pytest.mark.parametrize("name", NOTICES)
def test_the_slow_reading_agrees(name: str) -> None:
    notice = small(name)
    first, last = (seconds(str(dt.date.fromisoformat(str(day)))) for day in (notice.period_from, notice.period_to))
    assert first is not None and last is not None
    met: Counter[str] = Counter()

    @settings(
        deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
        max_examples=examples(1), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(st.integers(0, 2**32))
    @example(2)
    @example(17)  # these two raise every rule
    def agree(seed: int) -> None:
        tables = made(random.Random(seed), first)
        expected = Reading(tables, first, last + DAY, notice.pass_by == "mark").all()
        got = found(tables, notice)
        assert got - expected == Counter(), "the package alone says it"
        assert expected - got == Counter(), "the oracle alone says it"
        met.update(said[0] for said in expected)

    run: Callable[[], None] = agree
    run()
    assert set(met) == set(RULES), "the data never say it"
