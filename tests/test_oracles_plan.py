"""The rules about benefits, the ledger, the plan, topics and optional caps against a slow reading of their own words:
lists and loops, nothing of the package but the numbers of a notice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import pytest
from harness import Row, Tables, examples, identity, learner, person_name, run_audit
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from auditor import policy

Json = dict[str, Any]
Found = Counter[tuple[str, str, int, str, str]]  # rule, who (or nobody), measured, effect, a piece of the message
RULES = (
    "benefit-already-taken", "ledger-item-missing", "ledger-kept-too-short", "lesson-not-studied", "topic-not-covered",
    "exam-topic-not-covered", "day-over-cap", "review-over-cap",
)  # fmt: skip
FIRMS = ("甲厂", "乙厂", "丁厂")
EXAMPLES = examples(2)
UNITS = {"taicang-2021": (1800, 24), "wuxi-2023": (2700, 15)}
YEAR = {"taicang-2021": 2021, "wuxi-2023": 2023}
FIRST = {"taicang-2021": "2021-02-01", "wuxi-2023": "2023-01-01"}
KEPT = {"taicang-2021": "2024-02-28", "wuxi-2023": "2026-03-31"}
IN_WORDS = ("3年", "二年", "永久")
PAPERS = {"sign_in": "签到注册记录", "travel_card": "行程卡", "study_record": "学习记录", "exam_content": "考核内容",
          "exam_pass": "合格记录"}  # fmt: skip
WANTED = {"taicang-2021": list(PAPERS), "wuxi-2023": ["study_record"]}

# what a person who reads these names understands: the same subsidy, the other one, training of no name, something else
PROJECTS = {
    "taicang-2021": {
        "留苏优技": "same", "“留苏优技”项目制培训补贴": "same", "太人社培〔2021〕1号": "same", "taicang-2021": "same",
        "2020年“留苏优技”": "same, another year", "职业培训补贴": "no name", "2021年企业职工线上培训补贴": "no name",
        "": "no name", "以工代训": "else", "焊工培训补贴": "else",
    },
    "wuxi-2023": {
        "稳岗留工线上培训": "same", "岗位技能提升培训-2023年线上项目制培训": "same",
        "2022年线上培训": "same, another year",
        "岗位技能提升培训": "other", "高级工证书补贴": "other", "2022年技能等级补贴": "other, another year",
        "职业技能培训补贴": "no name", "": "no name", "失业保险返还": "else",
    },
}  # fmt: skip
# what each course is about, by its name; none of the topics: job skills
COURSES = {
    "焊接": "", "安全生产": "safety", "职业道德课": "ethics craft", "新冠防疫知识": "epidemic",
    "消防与质量": "safety quality",
    "工伤预防": "injury", "第三课": "",
}  # fmt: skip
TOPICS = {
    "taicang-2021": {"job": "岗位技能", "safety": "安全生产", "ethics": "职业道德", "epidemic": "防疫知识"},
    "wuxi-2023": {"job": "岗位技能", "epidemic": "健康防疫", "craft": "工匠精神", "quality": "质量意识",
                  "safety": "安全生产", "injury": "工伤预防"},
}  # fmt: skip
CONTENTS = {
    "": None, "单选题20道": None, "岗位技能、安全生产": {"job", "safety"}, "职业道德；防疫知识": {"ethics", "epidemic"},
    "焊接，消防": {"job", "safety"}, "安全生产": {"safety"}, "岗位技能 安全生产 职业道德 疫情防控":
    {"job", "safety", "ethics", "epidemic"},
}  # fmt: skip


class World:
    """Twenty-eight learners of three employers, the last four not claimed for, and what the tables say of them."""

    def __init__(self, notice: str, random: Random) -> None:
        self.notice, self.r = notice, random
        self.unit, self.hours = UNITS[notice]
        self.year = YEAR[notice]
        self.cap, self.review = random.choice([4, 8]), random.choice([100, 150, 200])
        self.courses = random.sample(list(COURSES), random.randint(2, 6))
        self.people = [(identity(n), person_name(n), FIRMS[n % 3]) for n in range(28)]
        self.claimed = self.people[:24]
        self.sittings = {who: self._sittings() for who, _, _ in self.people}
        self.plan = self._plan() if random.random() < 0.8 else []
        self.exams = [row for number, name, firm in self.people for row in self._exams(number, name, firm)]
        self.claims = [row for who in self.claimed for row in self._claims(*who)]
        self.benefits = [self._benefit() for _ in range(random.randint(12, 48))]
        self.ledger = [self._ledger() for _ in range(random.randint(1, 16))]

    def _sittings(self) -> list[tuple[int, int, str, str]]:
        """start, end (seconds), day, course; no two begin and end together."""
        found = {}
        for _ in range(self.r.randint(0, 10)):
            day = dt.datetime(self.year, 2, self.r.randint(2, 4), self.r.choice([8, 10, 19, 22]))
            start = int((day - dt.datetime(1970, 1, 1)).total_seconds())
            length = self.r.choice([1800, 3600, 2 * self.unit, 4 * self.unit, 4 * self.unit + 1, 21600, 21600])
            course = self.r.choice([*self.courses, *self.courses[:2], *([""] if self.r.random() < 0.05 else [])])
            found[start, start + length] = (start, start + length, f"{day:%Y-%m-%d}", course)
        return sorted(found.values())

    def _plan(self) -> list[Row]:
        rows = {
            (course, self.r.choice(["1", "1.5", "6", ""]), self.r.choice(["45分钟", "60分钟", "360分钟", ""]))
            for course in self.r.sample(self.courses, self.r.randint(1, len(self.courses)))
            for _ in range(self.r.choice([1, 1, 2]))
        }
        ordered = sorted(rows)
        self.r.shuffle(ordered)
        return [{"course": course, "class_hours": hours, "minutes": minutes} for course, hours, minutes in ordered]

    def _exams(self, number: str, name: str, firm: str) -> list[Row]:
        names = self.r.choice([["结业考试"], ["单元一", "单元二"], [f"结业考试{firm}"], ["单元三"]])
        return [
            {"id_number": number, "name": name, "employer": firm, "exam": exam, "score": "80", "result": "合格",
             "content": self.r.choice(list(CONTENTS))} for exam in names
        ]  # fmt: skip

    def _claims(self, number: str, name: str, firm: str) -> list[Row]:
        days = ["", f"{self.year}-04-08", f"{self.year}-04-08"]
        first = {"id_number": number, "name": name, "employer": firm, "amount": self.r.choice(["300", "300", ""]),
                 "claimed_on": self.r.choice(days)}  # fmt: skip
        again = first | {"employer": FIRMS[firm == FIRMS[0]], "claimed_on": f"{self.year}-04-10"}
        return [first, again] if self.r.random() < 0.2 else [first]

    def _benefit(self) -> Row:
        number, name, firm = self.r.choice(self.people)
        y = self.year
        days = ["", f"{y - 1}-12-31", FIRST[self.notice], f"{y}-04-07", f"{y}-04-08", f"{y}-04-09", f"{y}-12-31",
                f"{y + 1}-01-01"]  # fmt: skip
        return {
            "id_number": number if self.r.random() < 0.9 else "", "name": name,
            "employer": self.r.choice([firm, FIRMS[firm == FIRMS[0]], "丙厂", ""]),
            "project": self.r.choice(list(PROJECTS[self.notice])), "granted_on": self.r.choice(days),
            "amount": self.r.choice(["", "299.99", "300", "1000"]), "register": self.r.choice(["", "第一批"]),
        }  # fmt: skip

    def _ledger(self) -> Row:
        number, name, firm = self.r.choice(self.people)
        lost = self.r.random()
        cells = {paper: self.r.choice(["有", "有", "无", "", "？？"]) for paper in PAPERS}
        kept = KEPT[self.notice]
        short = str(dt.date.fromisoformat(kept) - dt.timedelta(days=1))
        return cells | {
            "id_number": "" if lost < 0.15 else number, "name": "" if lost < 0.03 else name,
            "employer": self.r.choice([firm, firm, ""]),
            "kept_until": self.r.choice(["", kept, short, "2031-01-01", *IN_WORDS]),
        }  # fmt: skip

    def tables(self) -> Tables:
        made = [learner(policy.load(self.notice), n, firm) for n, (_, _, firm) in enumerate(self.people)]
        registrations = [dict(part["registrations"][0]) for part in made]
        for row in registrations:
            del row["total_time"]
        sessions = [
            {"id_number": who, "name": name, "employer": firm, "start_at": moment(start), "end_at": moment(end),
             "course": course} for who, name, firm in self.people for start, end, _, course in self.sittings[who]
        ]  # fmt: skip
        made_up: Tables = {
            "registrations": registrations, "sessions": sessions, "exams": self.exams, "claims": self.claims,
            "courses": self.plan, "benefits": self.benefits, "ledger": self.ledger,
        }  # fmt: skip
        return {table: rows for table, rows in made_up.items() if rows}


def moment(seconds: int) -> str:
    return str(dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds))


# ── the slow reading ─────────────────────────────────────────────────────────────────────────────────────────────────


def expected(world: World) -> Found:
    found: Found = Counter()
    benefits(world, found)
    ledger(world, found)
    lessons(world, found)
    topics(world, found)
    if world.notice == "taicang-2021":
        papers(world, found)
    caps(world, found)
    return found


def benefits(world: World, found: Found) -> None:
    lost = {row["name"] for row in world.benefits if not row["id_number"]}
    said = (
        "本次申领之前已享受同一补贴",
        "另一类补贴，金额不低于本次申领",
        "同一补贴另由其他单位",
        "其他年度",
        "没有写明项目",
        "孰高孰先",
    )
    for claim in world.claims:
        mine = [row for row in world.benefits if row["id_number"] == claim["id_number"]]
        places = [place for row in mine if (place := against(world, claim, row)) is not None]
        if places:
            effect = "refuse" if min(places) < 2 and claim["name"] not in lost else "verify"
            found["benefit-already-taken", claim["id_number"], len(places), effect, said[min(places)]] += 1


def against(world: World, claim: Row, row: Row) -> int | None:
    """How a benefit stands against a claim: the place of its words; None where it does not."""
    kind, _, year = PROJECTS[world.notice][row["project"]].partition(", ")
    granted, claimed = row["granted_on"], claim["claimed_on"]
    before_the_period = bool(granted) and granted < FIRST[world.notice]
    before_the_claim = bool(granted and claimed) and granted < claimed
    another = bool(row["employer"]) and row["employer"] != claim["employer"]
    may_be_this_one = not another and not before_the_claim
    if kind == "else":
        return None
    if before_the_period or year:
        return 3 if kind == "same" else None
    if kind == "other":
        amount, asked = (float(one) if one else None for one in (row["amount"], claim["amount"]))
        if amount is not None and amount == asked and may_be_this_one:
            return None
        within_the_year = bool(granted) and granted <= f"{world.year}-12-31"
        return 1 if amount is not None and asked is not None and amount >= asked and within_the_year else 5
    if may_be_this_one:
        return None
    if kind == "no name":
        return 4
    return 0 if before_the_claim else 2


def ledger(world: World, found: Found) -> None:
    covered = {row["employer"] for row in world.ledger}
    covered |= {firm for number, _, firm in world.people for row in world.ledger
                if row["id_number"] == number and not row["employer"]}  # fmt: skip
    lost = {row["name"] for row in world.ledger if not row["id_number"]}
    if not any(row["id_number"] for row in world.ledger):
        return  # nothing to be joined: the rules wait
    for number, name, firm in world.claimed:
        mine = [row for row in world.ledger if row["id_number"] == number]
        missing = []
        for paper in WANTED[world.notice]:
            cells = {row[paper] for row in mine}
            if not mine or ("有" not in cells and "无" in cells):
                missing.append(PAPERS[paper])
        if missing:
            remark = ""
            if not mine:
                remark = "可能是此人" if lost & {name, ""} else "没有此人" if firm in covered else "没有该单位任何人"
            piece = f"{'、'.join(missing)}{'（' if remark else ''}" + (f"|{remark}" if remark else "")
            found["ledger-item-missing", number, len(missing), "verify", piece] += 1
        kept = KEPT[world.notice]
        in_words = dict(zip(IN_WORDS, (kept, f"{int(kept[:4]) - 1}{kept[4:]}", "2100-12-31"), strict=True))
        until = max((in_words.get(row["kept_until"], row["kept_until"]) for row in mine), default="")
        if until and until < kept:
            found["ledger-kept-too-short", number, 1, "note", until] += 1


def counted(sittings: list[tuple[int, int, str, str]]) -> list[tuple[int, str, str]]:
    """Seconds that no earlier sitting covers, with day and course."""
    reached, found = 0, []
    for start, end, day, course in sittings:
        found.append((max(0, end - max(start, reached)), day, course))
        reached = max(reached, end)
    return found


def lessons(world: World, found: Found) -> None:
    planned = dict.fromkeys((row["course"] for row in world.plan), 0.0)
    for row in world.plan:
        planned[row["course"]] += float(row["class_hours"] or 1)
    study = {who: counted(sittings) for who, sittings in world.sittings.items()}
    total = sum(s for parts in study.values() for s, _, _ in parts)
    on_plan = sum(s for parts in study.values() for s, _, course in parts if course in planned)
    if not planned or not total or on_plan * 2 < total or not any(c for p in study.values() for _, _, c in p):
        return
    learned = {who: {course for s, _, course in parts if s} for who, parts in study.items()}
    by_anybody = set().union(*learned.values())
    for number, _, firm in world.claimed:
        colleagues = [who for who, _, other in world.claimed if other == firm]
        owed = [course for course in planned if course not in by_anybody
                or sum(course in learned[who] for who in colleagues) * 2 >= len(colleagues)]  # fmt: skip
        left = [course for course in owed if course not in learned[number]]
        done = sum(planned[course] for course in learned[number] if course in planned)
        if left and "" not in learned[number] and done < world.hours:
            found["lesson-not-studied", number, len(left), "note", left[0]] += 1


def topics(world: World, found: Found) -> None:
    courses = {row["course"] for row in world.plan}
    courses |= {course for sittings in world.sittings.values() for _, _, _, course in sittings} - {""}
    wanted = TOPICS[world.notice]
    covered: set[str] = set()
    for course in courses:
        about = set(COURSES[course].split()) & set(wanted)
        covered |= about or {"job"}
    if courses:
        for topic, label in wanted.items():
            if topic not in covered:
                found["topic-not-covered", "", 0, "note", label] += 1


def papers(world: World, found: Found) -> None:
    contents: dict[str, set[str] | None] = {}
    for row in world.exams:
        if (said := CONTENTS[row["content"]]) is not None:
            contents[row["exam"]] = (contents.get(row["exam"]) or set()) | said
    with_final = {row["employer"] for row in world.exams if "结业" in row["exam"]}
    deciding = {row["exam"] for row in world.exams if "结业" in row["exam"] or row["employer"] not in with_final}
    finals = [{exam} for exam in deciding if "结业" in exam]
    for paper in [*finals, deciding - set().union(*finals)]:
        if not paper or not all(contents.get(exam) for exam in paper):
            continue
        covered = set().union(*(contents[exam] or set() for exam in paper))
        for topic, label in TOPICS[world.notice].items():
            if topic not in covered:
                together = f"|{len(paper)} 门" if len(paper) > 1 else ""
                found["exam-topic-not-covered", "", 0, "note", f"{min(paper)}|{label}{together}"] += 1


def caps(world: World, found: Found) -> None:
    lengths: dict[str, list[str]] = {}
    for row in world.plan:
        lengths.setdefault(row["course"], []).append(row["minutes"])
    for number, _, _ in world.claimed:
        days: Counter[str] = Counter()
        courses: Counter[str] = Counter()
        for seconds, day, course in counted(world.sittings[number]):
            days[day] += seconds
            courses[course] += seconds
        above = {day: seconds for day, seconds in days.items() if seconds > world.cap * world.unit}
        if above:
            beyond = sum(above.values()) - len(above) * world.cap * world.unit
            worst = min(day for day in above if above[day] == max(above.values()))
            found["day-over-cap", number, beyond, "verify", f"有 {len(above)} 天|{worst}"] += 1
        hundredths, long = 0, 0
        for course, seconds in courses.items():
            minutes = lengths.get(course, [""])
            most = sum(60 * world.review * int(one[:-2]) for one in minutes) if all(minutes) else None
            long += most is not None and seconds * 100 > most
            hundredths += seconds * 100 if most is None else min(seconds * 100, most)
        net, need = sum(courses.values()), world.hours * world.unit
        if net >= need > hundredths / 100 and any(row["minutes"] for row in world.plan):
            found["review-over-cap", number, net, "verify", f"{long} 门课"] += 1


# ── beside the package ───────────────────────────────────────────────────────────────────────────────────────────────


def differences(world: World, wanted: Found, findings: pl.DataFrame, people: pl.DataFrame) -> list[str]:
    numbers = dict(people.select("person_id", "id_number").rows())
    left = Counter(wanted)
    said = []
    for rule, person, measured, effect, message in (
        findings.filter(pl.col("rule").is_in(RULES)).select("rule", "person_id", "measured", "effect", "message").rows()
    ):
        who = numbers.get(person) or ""
        fits = [
            one for one in left if left[one] and one[:4] == (rule, who, measured, effect)
            and all(piece in message for piece in one[4].split("|"))
        ]  # fmt: skip
        if fits:
            left[fits[0]] -= 1
        else:
            said.append(f"only the package: {rule} {who} {measured} {effect} {message}")
    return said + [f"only the reading: {one}" for one in left.elements()]


@pytest.mark.parametrize("notice", list(UNITS))
def test_the_rules_are_their_words(notice: str) -> None:
    raised: set[str] = set()

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(min_value=0, max_value=2**32))
    def check(seed: int) -> None:
        world = World(notice, Random(seed))
        numbers = {"day_cap_units": str(world.cap), "review_percent": str(world.review)}
        with TemporaryDirectory() as folder:
            done = run_audit(world.tables(), notice, Path(folder), set=numbers)
        wanted = expected(world)
        raised.update(one[0] for one in wanted)
        assert differences(world, wanted, done.findings, done.people) == [], seed

    check()
    assert raised >= set(RULES) - ({"exam-topic-not-covered"} if notice == "wuxi-2023" else set())
