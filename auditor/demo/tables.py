"""The short tables: registrations, lesson plan, claims; and the answer key."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from auditor.demo import network, words
from auditor.demo.people import People, second_account
from auditor.demo.plant import WHY, Plan, Task
from auditor.demo.sessions import lost_number
from auditor.demo.sink import Instead
from auditor.demo.study import DAY, Course, Ints
from auditor.policy import Policy

_EPOCH = dt.date(1970, 1, 1)
_EXCEL_DAYS = 25_569


def day_number(yyyymmdd: int) -> int:
    """Days since 1970-01-01."""
    return (dt.date(yyyymmdd // 10_000, yyyymmdd // 100 % 100, yyyymmdd % 100) - _EPOCH).days


@dataclass(frozen=True)
class Line:
    """One line of the answer key: the row as a spreadsheet shows it."""

    id_number: str
    rule: str
    source_table: str
    source_file: str
    source_sheet: str
    source_row: int
    why: str


_REGISTERED = (
    *("account-blank", "wrong-check", "wrong-date", "wrong-sex", "phone-blank"),
    *("register-name", "total-high", "total-low", "registered-late", "one-phone"),
    "phones-running",
)
_ON_PAPER = {
    "month-unpaid": "insurance", "month-absent": "claims", "not-filed": "claims", "already-taken": "benefits",
    "ledger-gap": "ledger", "kept-brief": "ledger", "late-claim": "claims", "claim-masked": "claims",
    "claim-more": "claims", "both-lines": "claims",
}  # fmt: skip
_ON_CLAIM = (
    *("class-hours-too-few", "class-hours-disputed", "class-hour-average-too-short", "exam-missing"),
    *("claim-unregistered", "claim-duplicate"),
)


def shown_in(task: Task) -> str:
    """The table that holds the row of a fault that no session shows; empty for the others."""
    if task.form in _REGISTERED:
        return "registrations"
    if task.rule in ("exam-failed", "exam-too-many-attempts", "exam-before-study-ended", "exam-too-fast"):
        return "exams"
    if task.form in _ON_PAPER:
        return _ON_PAPER[task.form]
    return "claims" if task.rule in _ON_CLAIM or task.form in ("claim-blank", "claim-number", "claim-name") else ""


def reason(task: Task) -> str:
    return WHY[task.form]


def write_key(path: Path, lines: list[Line]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id_number", "rule", "source_table", "source_file", "source_sheet", "source_row", "why"))
        for line in lines:
            writer.writerow((line.id_number, line.rule, line.source_table, line.source_file, line.source_sheet,
                             line.source_row, line.why))  # fmt: skip


def _names(people: People, who: Ints, renamed: list[int]) -> list[str]:
    """The names of `who`; of those `renamed` the last character is another."""
    other = set(renamed)
    pairs = zip(who.tolist(), people.name[who].tolist(), strict=True)
    return [name[:-1] + ("花" if name[-1] == "华" else "华") if person in other else name for person, name in pairs]


def lesson_names(course: Course, place: words.Place) -> list[str]:
    """Names of the lessons, topic after topic, each once."""
    topics = len(place.topics)
    sizes = [course.lessons // topics + (nth < course.lessons % topics) for nth in range(topics)]
    return [f"{place.topics[topic][1]}（第{nth + 1}讲）" for topic in range(topics) for nth in range(sizes[topic])]


def lesson_plan(names: list[str], course: Course, place: words.Place, rng: np.random.Generator) -> pl.DataFrame:
    """One row a lesson, each one class hour and a little longer than the unit."""
    topic = {course_name: topic for topic, course_name in place.topics}
    unit = -(-course.unit_s // 60)
    return pl.DataFrame(
        {
            "课程名称": names,
            "类别": [topic[name.partition("（")[0]] for name in names],
            "课时数": [1] * len(names),
            "课程时长(分钟)": unit + rng.integers(0, max(1, unit // 6), len(names)),
        }
    )


@dataclass
class Registrations:
    """The table, the damaged cells it needs, and for each row the person."""

    frame: pl.DataFrame
    person: Ints


def registrations(
    people: People, plan: Plan, course: Course, raw_s: Ints, first_day: Ints, rng: np.random.Generator
) -> Registrations:
    """One row an account. `raw_s`: seconds by person and account, shape (people, 2); `first_day` of study, days since
    1970-01-01."""
    count = len(people)
    doubled = np.zeros(count, dtype=np.int64)
    doubled[plan.who("two-accounts", "account-blank")] = 1
    doubled[plan.who("unregistered")] = -1
    person = np.repeat(np.arange(count), 1 + doubled)
    second = np.zeros(len(person), dtype=np.int64)
    second[1:] = person[1:] == person[:-1]
    when = (course.first_day - rng.integers(2, 7, len(person))) * DAY + rng.integers(29_700, 63_000, len(person))
    when += second * DAY
    when = np.where(np.isin(person, plan.who("registered-late")), (first_day[person] + 3) * DAY + 36_000, when)
    spent = raw_s[person, second]
    spent = np.where(np.isin(person, plan.who("total-high")), spent * 3 // 2, spent)
    spent = np.where(np.isin(person, plan.who("total-low")), spent // 2, spent)
    number, phone = people.number[person].tolist(), people.phone[person].tolist()
    account = people.account[person].tolist()
    for row in np.flatnonzero(second).tolist():
        account[row] = second_account(account[row])
        if plan.tasks[int(person[row])].form == "account-blank":
            number[row] = None
    for row in np.flatnonzero(np.isin(person, plan.who("phone-blank"))).tolist():
        phone[row] = None
    sex = people.sex[person]
    sex = np.where(np.isin(person, plan.who("wrong-sex")), 3 - sex, sex)
    text = {
        "*身份证号": number,
        "学员账号": account,
        "姓名": _names(people, person, plan.who("register-name")),
        "性别": np.where(sex == 1, "男", "女").tolist(),
        "手机号码": phone,
        "单位名称": people.employers[people.employer[person]].tolist(),
    }
    frame = pl.DataFrame(text, schema=dict.fromkeys(text, pl.String))
    frame = frame.with_columns(
        pl.from_epoch(pl.Series("注册时间", when), "s").dt.strftime("%Y-%m-%d %H:%M:%S"),
        pl.Series(
            "学习总时长", [f"{s // 3600}:{s // 60 % 60:02d}:{s % 60:02d}" for s in spent.tolist()], dtype=pl.String
        ),
    )
    return Registrations(frame, person)


def employers(people: People, place: words.Place) -> pl.DataFrame:
    """One row an employer; two of three have declared the addresses of their workshops and dormitories."""
    sites = pl.DataFrame({"firm": people.employer, "site": people.site}).unique().sort("firm", "site")
    declared = sites.with_columns(at=network.texts(network.site(place, sites["site"].to_numpy())))
    declared = declared.group_by("firm", maintain_order=True).agg(pl.col("at").str.join("；"))
    firm = pl.int_range(len(people.employers), eager=True, dtype=pl.Int64).alias("firm")
    return (
        pl.DataFrame({"firm": firm, "企业名称": people.employers.tolist()})
        .join(declared, on="firm", how="left", maintain_order="left")
        .select(
            "企业名称",
            pl.when(pl.col("firm") % 3 != 2).then("at").alias("网络出口地址"),
            pl.lit("否").alias("是否劳务派遣企业"),
            pl.Series("所属区", place.districts).gather(firm % len(place.districts)),
        )
    )


@dataclass
class Claims:
    """One row a claim: `person`, `employer` (index), `day` (since 1970-01-01), `again` (the later of two claims)."""

    person: Ints
    employer: Ints
    day: Ints
    again: Ints

    def split(self) -> int:
        """The row at which the second half of the employers begins."""
        return int(np.searchsorted(self.employer, (int(self.employer[-1]) + 1) // 2)) if len(self.employer) else 0


def claims(people: People, plan: Plan, policy: Policy, place: words.Place, rng: np.random.Generator) -> Claims:
    """Every learner who is no drop-out is claimed for by the own employer, all of an employer's on one day."""
    low, high = (day_number(day) for day in place.claims) if place.claims else (0, 0)
    if not place.claims:
        low = day_number(policy.period_to) + 5
        high = low + 30
    firms = len(people.employers)
    day = rng.integers(low, high + 1, firms)
    if firms > 1 and (day == day[0]).all():
        day[0] = low if day[0] > low else high
    person = np.flatnonzero(~people.dropout)
    twice = plan.who("claimed-twice")
    other = [_other_firm(int(people.employer[who]), day, rng) for who in twice]
    person = np.concatenate((person, np.array(twice, dtype=np.int64)))
    employer = np.concatenate((people.employer[person[: len(person) - len(twice)]], np.array(other, dtype=np.int64)))
    order = np.lexsort((person, employer))
    person, employer = person[order], employer[order]
    again = np.zeros(len(person), dtype=np.int64)
    for who in twice:
        rows = np.flatnonzero(person == who)
        again[rows[np.argmax(day[employer[rows]])]] = 1
    late = np.isin(person, plan.who("late-claim"))
    return Claims(person, employer, np.where(late, high + 9, day[employer]), again)


def _other_firm(own: int, day: Ints, rng: np.random.Generator) -> int:
    """An employer that claims on another day than `own`."""
    return int(rng.choice(np.flatnonzero(day != day[own])))


@dataclass(frozen=True)
class Shape:
    """How a claim list is laid out. `cells`: dates as Excel days; `other_names`: another set of headers."""

    cells: bool
    other_names: bool


def claim_table(
    claimed: Claims, rows: Ints, people: People, plan: Plan, policy: Policy, shape: Shape
) -> tuple[pl.DataFrame, Instead]:
    """The chosen `rows`, and their damaged cells."""
    who = claimed.person[rows]
    day = pl.Series(claimed.day[rows])
    names = ("身份证号码", "姓名", "企业名称", "申请补贴金额", "申请日期")
    if shape.other_names:
        names = ("公民身份号码", "职工姓名", "申报单位", "补贴金额（元）", "申报日期")
    yuan = policy.amount_fen // 100 if policy.amount_fen % 100 == 0 else policy.amount_fen / 100
    frame = pl.DataFrame(
        {
            "序号": np.arange(1, len(rows) + 1),
            names[1]: pl.Series(_names(people, who, plan.who("claim-name")), dtype=pl.String),
            names[0]: pl.Series(people.number[who].tolist(), dtype=pl.String),
            names[2]: pl.Series(people.employers[claimed.employer[rows]].tolist(), dtype=pl.String),
            names[3]: np.where(np.isin(who, plan.who("claim-more")), yuan + 60, yuan),
            names[4]: day + _EXCEL_DAYS if shape.cells else pl.from_epoch(day, "d").dt.strftime("%Y-%m-%d"),
        }
    )
    changes: dict[int, str | float | None] = {}
    for row in np.flatnonzero(np.isin(who, plan.who("claim-blank", "claim-number", "claim-masked"))).tolist():
        number = str(people.number[int(who[row])])
        match plan.tasks[int(who[row])].form:
            case "claim-blank":
                changes[row] = None
            case "claim-masked":
                changes[row] = number[:6] + "*" * 8 + number[14:]
            case _:
                changes[row] = float(number) if shape.cells else lost_number(number)
    return frame, {names[0]: changes}
