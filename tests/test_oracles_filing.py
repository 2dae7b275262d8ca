"""The rules of filing and claiming against a slow reading of their own words, on data made by Hypothesis."""

from __future__ import annotations

import datetime as dt
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from harness import Row, Tables, examples, identity, person_name, run_audit, sex
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

UNREADABLE = "某日"
REFUSE, VERIFY = "refuse", "verify"


@dataclass(frozen=True)
class Notice:
    id: str
    first: dt.date  # of the period
    last: dt.date
    unit: int
    need: int
    claims: tuple[str, str]  # first and last day, both counted
    filed_by: str
    lead: int | None
    rules: frozenset[str]


COMMON = {
    *("claim-outside-window", "filing-after-deadline", "employer-not-filed"),
    *("study-before-approval", "platform-not-listed"),
}
NOTICES = {
    "taicang-2021": Notice(
        "taicang-2021", dt.date(2021, 2, 1), dt.date(2021, 2, 28), 1800, 24 * 1800, ("2021-04-01", "2021-05-31"),
        "2021-02-23", None, frozenset({*COMMON, "employer-not-listed"}),
    ),
    "wuxi-2023": Notice(
        "wuxi-2023", dt.date(2023, 1, 1), dt.date(2023, 3, 31), 2700, 15 * 2700, ("0000-00-00", "2023-04-30"),
        "2023-03-31", 5,
        frozenset({*COMMON, "filing-too-late", "claim-not-in-filed-list", "employer-is-dispatch-company"}),
    ),
}  # fmt: skip
ALL = frozenset().union(*(notice.rules for notice in NOTICES.values()))
# the State Council's schedule for the first quarter of 2023: days off from Monday to Friday, and weekends worked
OFF = {"2023-01-02", "2023-01-23", "2023-01-24", "2023-01-25", "2023-01-26", "2023-01-27", "2023-04-05"}
WORKED = {"2023-01-28", "2023-01-29"}


def working(day: dt.date) -> bool:
    return str(day) in WORKED or (day.isoweekday() <= 5 and str(day) not in OFF)


def days(first: dt.date, stop: dt.date) -> Iterator[dt.date]:
    while first < stop:
        yield first
        first += dt.timedelta(days=1)


# ── made data ────────────────────────────────────────────────────────────────────────────────────────────────────────

FIRMS = tuple(f"{name}厂" for name in "甲乙丙丁戊己庚辛壬癸")
PLATFORMS = ("好学平台", "勤学平台", "乐学平台")


def made(notice: Notice, rng: random.Random) -> Tables:
    """Several firms, each with its own muddle of papers; every table has a row of a firm that is in order."""
    near = [str(notice.first + dt.timedelta(days=n)) for n in (-30, -12, -9, -6, -3, -1, 0, 1, 2, 3, 5, 8, 22, 23, 26)]
    near += [
        "2021-02-23",
        "2021-02-24",
        "2023-01-18",
        "2023-01-19",
        "2023-01-31",
        "2023-02-01",
        "2023-03-31",
        "2023-04-01",
    ]
    near = [day for day in near if day[:4] in (str(notice.first.year), str(notice.first.year - 1))]

    def date(*others: str) -> str:
        return rng.choice([*near, *others])

    tables: Tables = {name: [] for name in ("registrations", "sessions", "exams", "claims", "filings", "trainees")}
    tables["platforms"] = [
        {"platform": PLATFORMS[0]},
        {"platform": PLATFORMS[1], "listed": rng.choice(["是", "否", ""])},
    ]
    tables["employers"] = [{"employer": "在册厂", "listed": rng.choice(["是", "是", "否"]), "dispatch": "否"}]
    tables["filings"].append(
        {
            "employer": "在册厂",
            "filed_on": near[0],
            "approved_on": near[1],
            "opens_on": near[6],
            "class": "",
            "platform": "",
        }
    )
    place = 0
    for firm in rng.sample(FIRMS, rng.randint(3, 8)):
        for _ in range(rng.choice([0, 1, 1, 1])):
            tables["employers"].append(
                {"employer": firm, "listed": rng.choice(["是", "否", ""]), "dispatch": rng.choice(["否", "是", ""])}
            )
        if rng.randint(0, 4) == 0:
            tables["employers"].append(
                {"employer": firm, "listed": rng.choice(["是", "否"]), "dispatch": rng.choice(["否", "是"])}
            )
        for _ in range(rng.choice([0, 1, 1, 2, 3])):
            tables["filings"].append({
                "employer": firm, "class": rng.choice(["一班", "二班", ""]), "platform": rng.choice([*PLATFORMS, ""]),
                "filed_on": date("", UNREADABLE), "approved_on": date("", UNREADABLE),
                "opens_on": date("", "", UNREADABLE),
            })  # fmt: skip
        for _ in range(rng.randint(3, 8)):
            person(notice, tables, rng, place, firm)
            place += 1
    return tables


def person(notice: Notice, tables: Tables, rng: random.Random, place: int, firm: str) -> None:
    who = {"id_number": identity(place), "name": person_name(place), "employer": firm}
    registered = who | {"sex": sex(who["id_number"]), "phone": f"1990000{place:04}"}
    for _ in range(rng.choice([1, 1, 1, 2])):
        tables["registrations"].append(registered | {"platform": rng.choice([*PLATFORMS, ""])})
    day = notice.first + dt.timedelta(days=rng.choice([0, 1, 2, 5]))
    for place_of in range(rng.randint(0, 9)):
        length = rng.choice([900, notice.unit - 1, notice.unit, 2 * notice.unit, 10_800])
        start = dt.datetime.combine(day, dt.time(8))
        row = who | {
            "start_at": str(start),
            "end_at": str(start + dt.timedelta(seconds=length)),
            "course": f"第{place_of}课",
        }
        tables["sessions"].append(row)
        day += dt.timedelta(days=rng.choice([1, 1, 1, 3]))
    tables["exams"].append(
        who
        | {"exam": "结业考试", "score": "80", "result": "合格", "attempt": "1", "taken_at": f"{notice.last} 20:00:00"}
    )
    year = notice.first.year
    dates = ["03-31", "04-01", "04-20", "04-30", "05-01", "05-31", "06-01"]
    for _ in range(rng.choice([1, 1, 1, 1, 2])):
        tables["claims"].append(
            who
            | {"employer": rng.choice([firm, firm, firm, *FIRMS, ""]), "amount": "300"}
            | {"claimed_on": rng.choice([*(f"{year}-{date}" for date in dates), "", UNREADABLE])}
        )
    for _ in range(rng.choice([0, 1, 1, 1, 2])):
        tables["trainees"].append(
            {key: who[key] for key in ("id_number", "name")}
            | {"employer": rng.choice([firm, firm, "", *FIRMS[:2]]), "class": rng.choice(["一班", "二班", "三班", ""])}
        )


# ── the slow reading ─────────────────────────────────────────────────────────────────────────────────────────────────


class Reader:
    """What the rules say of each row of the claim list: rule → effect, and the values measured."""

    def __init__(self, notice: Notice, tables: Tables) -> None:
        self.notice, self.tables = notice, tables
        self.home = {row["id_number"]: row["employer"] for row in tables["registrations"]}
        self.claims = [(row, row["employer"] or self.home[row["id_number"]]) for row in tables["claims"]]

    def recorded(self, table: str, field: str) -> bool:
        return any(row.get(field, "") not in ("", UNREADABLE) for row in self.tables[table])

    def candidates(self, number: str, firm: str) -> list[Row]:
        """The filings that a claim may rest on."""
        mine = [row for row in self.tables["filings"] if row["employer"] == firm]
        told = {
            row["class"]
            for row in self.tables["trainees"]
            if row["id_number"] == number and row["employer"] in ("", firm) and row["class"]
        } & {row["class"] for row in mine}
        return [row for row in mine if row["class"] in told] if len(told) == 1 else mine

    def first_study(self, firm: str) -> str:
        people = {row["id_number"] for row, claimant in self.claims if claimant == firm}
        return min((row["start_at"][:10] for row in self.tables["sessions"] if row["id_number"] in people), default="")

    def lead(self, filing: Row) -> int | None:
        opening = filing["opens_on"] or self.first_study(filing["employer"])
        if {filing["filed_on"], opening} & {"", UNREADABLE}:
            return None
        return sum(map(working, days(dt.date.fromisoformat(filing["filed_on"]), dt.date.fromisoformat(opening))))

    def standing(self, platform: str) -> bool:
        return any(row["platform"] == platform and row.get("listed") != "否" for row in self.tables["platforms"])

    def said(self, firm: str, field: str) -> set[str]:
        return {row[field] for row in self.tables["employers"] if row["employer"] == firm} - {""}

    def read(self, claim: Row, firm: str) -> dict[str, str]:
        number, found = claim["id_number"], {}
        first, last = self.notice.claims
        if claim["claimed_on"] == UNREADABLE:
            found["claim-outside-window"] = VERIFY
        elif claim["claimed_on"] and not first <= claim["claimed_on"] <= last:
            others = [one["claimed_on"] for one in self.tables["claims"] if one["id_number"] == number]
            found["claim-outside-window"] = VERIFY if UNREADABLE in others else REFUSE  # the damage is the person's
        filings = self.candidates(number, firm)
        if not filings:
            found["employer-not-filed"] = VERIFY
        dates = [row["filed_on"] for row in filings]
        known = [date for date in dates if date not in ("", UNREADABLE)]
        if known and min(known) > self.notice.filed_by:
            found["filing-after-deadline"] = REFUSE if len(known) == len(dates) else VERIFY
        elif not known and UNREADABLE in dates:
            found["filing-after-deadline"] = VERIFY
        leads = [lead for lead in map(self.lead, filings) if lead is not None]
        if self.notice.lead and leads and max(leads) < self.notice.lead:
            found["filing-too-late"] = VERIFY
        if self.early(number):
            found["study-before-approval"] = VERIFY
        if effect := self.unlisted(number, firm):
            found["claim-not-in-filed-list"] = effect
        used = {row["platform"] for row in self.tables["registrations"] if row["id_number"] == number} - {""}
        if used:
            unlisted = not any(map(self.standing, used))
        else:
            unlisted = bool(filings) and all(row["platform"] and not self.standing(row["platform"]) for row in filings)
        if unlisted:
            found["platform-not-listed"] = VERIFY
        if "否" in self.said(firm, "listed") and any(row["listed"] == "是" for row in self.tables["employers"]):
            found["employer-not-listed"] = VERIFY
        if claim["employer"] and "是" in (said := self.said(claim["employer"], "dispatch")):
            found["employer-is-dispatch-company"] = REFUSE if said == {"是"} else VERIFY
        return found

    def early(self, number: str) -> bool:
        """The person's earliest approval, and the study before it."""
        rows = [
            row for claim, firm in self.claims if claim["id_number"] == number for row in self.candidates(number, firm)
        ]
        approved = min((row["approved_on"] for row in rows if row["approved_on"] not in ("", UNREADABLE)), default="")
        before = after = 0
        for row in self.tables["sessions"]:
            if row["id_number"] == number and str(self.notice.first) <= row["start_at"][:10] <= str(self.notice.last):
                length = dt.datetime.fromisoformat(row["end_at"]) - dt.datetime.fromisoformat(row["start_at"])
                if row["start_at"][:10] < approved:
                    before += int(length.total_seconds())
                else:
                    after += int(length.total_seconds())
        enough = self.notice.need
        return before >= self.notice.unit or (before > 0 and after < enough <= before + after)

    def unlisted(self, number: str, firm: str) -> str | None:
        mine = [row["employer"] for row in self.tables["trainees"] if row["id_number"] == number]
        if firm in mine or "" in mine:
            return None
        if mine:
            return VERIFY
        held = {row["employer"] or self.home[row["id_number"]] for row in self.tables["trainees"]}
        return REFUSE if firm in held else VERIFY


FIELDS = {
    "claim-outside-window": ("claims.claimed_on",),
    "filing-after-deadline": ("filings.filed_on",),
    "filing-too-late": ("filings.filed_on",),
    "study-before-approval": ("filings.approved_on", "sessions.start_at"),
    "claim-not-in-filed-list": ("trainees.id_number",),
    "platform-not-listed": ("platforms.platform",),
    "employer-not-listed": ("employers.listed",),
    "employer-is-dispatch-company": ("employers.dispatch", "claims.employer"),
    "employer-not-filed": ("filings.employer",),
}


@pytest.mark.parametrize("name", NOTICES)
@settings(
    max_examples=examples(2), deadline=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)  # fmt: skip
@given(seed=st.integers(0, 1 << 40))
def test_the_rules_say_what_their_words_say(name: str, seed: int) -> None:
    notice, tables = NOTICES[name], made(NOTICES[name], random.Random(seed))
    reader = Reader(notice, tables)
    runs = {rule for rule, needs in FIELDS.items() if all(reader.recorded(*need.split(".")) for need in needs)}
    expected = {
        (place, rule): effect
        for place, (claim, firm) in enumerate(reader.claims, 2)
        for rule, effect in reader.read(claim, firm).items()
        if rule in notice.rules & runs
    }
    with tempfile.TemporaryDirectory() as folder:
        result = run_audit({table: rows for table, rows in tables.items() if any(rows)}, name, Path(folder))
    rests = result.findings.filter(pl.col("rule").is_in(sorted(ALL))).join(
        result.evidence.filter(pl.col("source_table") == "claims"), on="fingerprint", suffix="_of"
    )
    found: dict[tuple[int, str], str] = {}
    for row, rule, effect in rests.select("source_row_of", "rule", "effect").rows():
        found[row, rule] = REFUSE if REFUSE in (effect, found.get((row, rule))) else effect
    assert found == expected
    reasons = {
        (row, rule)
        for row, said in result.claims.select("source_row", "reasons").rows()
        for rule in set(said.split(",")) & ALL
    }
    assert reasons == set(expected)
