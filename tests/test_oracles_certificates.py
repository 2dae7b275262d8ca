"""The second line of subsidy and the higher of two, against a slow reading of the notice's words: lists and loops.
Money adds up by claim, employer, line and in total."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from harness import Result, Row, Tables, examples, identity, learner, person_name, run_audit
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from auditor import policy

NOTICE = policy.load("wuxi-2023")
EXAMPLES = examples(3)
FIRMS = ("甲厂", "乙厂", "丙厂")
FEN = {1: 100_000, 2: 150_000, 3: 200_000, 4: 300_000, 5: 400_000}
SAID = {"初级工": 1, "五级": 1, "中级工（四级）": 2, "高级工": 3, "三级/高级工": 3, "技师": 4, "高级技师": 5, "一级": 5,
        "优秀": None, "初级工、中级工": None, "": None}  # fmt: skip
CATALOGUE = ("电工", "数控车工")
TRADES = {"电工": True, "数控车工": True, "维修电工": None, "仓储管理员": False, "": None}
PROJECTS = {"岗位技能提升培训补贴": 2, "技能等级证书补贴": 2, "": 0, "稳岗留工线上培训": 1, "职业培训补贴": 0}
RULES = {
    "certificate-missing", "certificate-level-differs", "certificate-outside-period", "certificate-claimed-twice",
    "insured-months-too-few", "trade-not-in-catalogue", "claim-lower-of-two", "claim-duplicate", "class-hours-too-few",
}  # fmt: skip
NOT, VERIFY, GOOD = 2, 1, 0
VERDICT = {GOOD: "supported", VERIFY: "to_verify", NOT: "not_supported"}


class World:
    """Thirty-three learners of three employers, some of whom did not study."""

    def __init__(self, random: Random) -> None:
        self.r = random
        self.people = [(identity(n), person_name(n), FIRMS[n % 3]) for n in range(33)]
        self.lazy = {number for number, _, _ in self.people if random.random() < 0.3}
        self.claims = [row for who in self.people for row in self._claims(*who)]
        self.certificates = [row for who in self.people for row in self._certificates(*who)]
        self.insurance = [row for who in self.people for row in self._insurance(*who)]
        self.has = {name: random.random() < 0.8 for name in ("certificates", "insurance", "trades")}
        self.has["certificates"] &= bool(self.certificates)
        self.has["insurance"] &= bool(self.insurance)

    def _claims(self, number: str, name: str, firm: str) -> list[Row]:
        who = {"id_number": number, "name": name}
        days = ["", "2023-04-08", "2023-04-08", "2023-04-10"]
        rows = []
        if self.r.random() < 0.6:
            amount = self.r.choice(["300", "250", "400"])
            online = {"project": "稳岗留工线上培训", "amount": amount, "claimed_on": self.r.choice(days)}
            rows.append({"employer": firm, **online})
        for _ in range(self.r.choice([0, 1, 1, 1, 2])):
            level = self.r.choice(list(SAID))
            fen = FEN[SAID[level] or 3] * self.r.choice([10, 10, 13]) // 10
            amount = self.r.choice([fen, fen, fen, 20_000, 550_000])
            rows.append({"employer": self.r.choice([firm, firm, *FIRMS]), "project": self.r.choice(list(PROJECTS)),
                         "level": level, "amount": f"{amount / 100:.2f}", "claimed_on": self.r.choice(days),
                         "certificate": self.r.choice(["", "", "", f"Y{number[:17]}1"])})  # fmt: skip
        return [who | row for row in rows]

    def _certificates(self, number: str, name: str, firm: str) -> list[Row]:
        days = ["2023-03-20", "2023-03-20", "2023-01-01", "2022-12-31", "2023-04-01", ""]
        spans = [
            ("", ""),
            ("", ""),
            ("2023-01-01", "2023-03-31"),
            ("2022-12-30", "2023-02-01"),
            ("2023-04-02", "2023-04-03"),
        ]
        rows = []
        for nth in range(self.r.choice([0, 1, 1, 1, 2])):
            began, ended = self.r.choice(spans)
            rows.append({"id_number": number, "name": name, "employer": firm, "certificate": f"Y{number[:17]}{nth}",
                         "trade": self.r.choice(list(TRADES)), "level": self.r.choice(list(SAID)),
                         "issued_on": self.r.choice(days), "trained_from": began, "trained_to": ended})  # fmt: skip
        return rows

    def _insurance(self, number: str, name: str, firm: str) -> list[Row]:
        who = {"id_number": number, "name": name, "employer": firm}
        roll = self.r.random()
        if roll < 0.15:
            return []
        first, last = self.r.choice(
            [("202207", "202304"), ("202211", "202304"), ("202212", "202306"), ("202301", "202303")]
        )
        rows = [{"month_from": first, "month_to": last, "paid_up": "正常缴费"}]
        if roll < 0.4:
            rows.append({"month": "202210", "paid_up": self.r.choice(["未缴", "？？", "正常缴费"])})
        if roll < 0.5:
            rows.append({"month": "202303", "paid_up": "未缴"})
        return [who | row for row in rows]

    def tables(self) -> Tables:
        made: Tables = {"registrations": [], "sessions": [], "exams": []}
        for n, (number, _, firm) in enumerate(self.people):
            part = learner(NOTICE, n, firm)
            made["registrations"] += [
                {k: v for k, v in row.items() if k != "total_time"} for row in part["registrations"]
            ]
            made["exams"] += part["exams"]
            studied = part["sessions"][:1] if number in self.lazy else part["sessions"]
            made["sessions"] += [{k: v for k, v in row.items() if k != "total_time"} for row in studied]
        made["claims"] = self.claims
        made |= {name: getattr(self, name) for name in ("certificates", "insurance") if self.has[name]}
        return made | ({"trades": [{"trade": name} for name in CATALOGUE]} if self.has["trades"] else {})


# ── the slow reading ─────────────────────────────────────────────────────────────────────────────────────────────────


class Claim:
    """What a claim is worth and what stands against it: marks by rule."""

    def __init__(self, world: World, row: Row) -> None:
        self.world, self.row = world, row
        self.said = SAID[row.get("level", "")]
        kind = PROJECTS[row["project"]]
        self.line = kind or (2 if self.said else 1)
        self.claimed = round(float(row["amount"]) * 100)
        self.day = row["claimed_on"]
        self.marks: dict[str, int] = {}
        self.certificate = self._certificate() if self.line == 2 and world.has["certificates"] else None
        self.grant, self.open = self._grant()
        self.payable = min(self.claimed, self.grant) if self.grant else self.claimed

    def _certificate(self) -> Row | None:
        wanted = self.row.get("certificate", "")
        mine = [row for row in self.world.certificates if row["id_number"] == self.row["id_number"]]
        fitting = [row for row in mine if not wanted or row["certificate"] == wanted]
        order = {
            row["certificate"]: (
                SAID[row["level"]] != self.said or self.said is None, period(row), -(SAID[row["level"]] or 0),
                row["issued_on"], row["certificate"],
            ) for row in fitting
        }  # fmt: skip
        return min(fitting, key=lambda row: order[row["certificate"]], default=None)

    def _grant(self) -> tuple[int, int]:
        if self.line == 1:
            return 30_000, 0
        held = self.certificate
        level = (SAID[held["level"]] if held else None) or self.said
        if level is None:
            return 0, 520_000
        more = FEN[level] * 3 // 10 if level >= 3 else 0
        listed = TRADES[held["trade"]] if held and self.world.has["trades"] else None
        return FEN[level] + (more if listed else 0), more if listed is None else 0


def period(row: Row) -> int:
    """0 within, 1 to 3 not to be told, 4 outside."""
    first, last = "2023-01-01", "2023-03-31"
    began, ended, issued = row["trained_from"], row["trained_to"], row["issued_on"]
    if began:
        if ended < first or began > last:
            return 4
        if first <= began and ended <= last:
            return 3 if issued and issued < began else 0
        return 3
    if not issued:
        return 2
    return 4 if issued < first else 1 if issued > last else 0


def insured(world: World, claim: Claim) -> int:
    until = int((claim.day or "2099-12-31").replace("-", "")) // 100
    states: dict[int, list[bool | None]] = {}
    for row in world.insurance:
        if row["id_number"] == claim.row["id_number"]:
            months = [int(row["month"])] if row.get("month") else span(int(row["month_from"]), int(row["month_to"]))
            for month in months:
                if month <= until:
                    states.setdefault(month, []).append({"正常缴费": True, "未缴": False, "？？": None}[row["paid_up"]])
    sure = sum(all(one is True for one in said) for said in states.values())
    most = sum(any(one is not False for one in said) for said in states.values())
    if sure >= 6:
        return GOOD
    first = min(int(row.get("month") or row["month_from"]) for row in world.insurance)
    end = int((claim.day or "2023-03-31").replace("-", "")) // 100
    covered = any(row["employer"] == claim.row["employer"] for row in world.insurance)
    doubt = most >= 6 or len(span(first, end)) < 6 or (not states and not covered)
    return VERIFY if doubt else NOT


def span(first: int, last: int) -> list[int]:
    return [month for month in range(first, last + 1) if 1 <= month % 100 <= 12]


def expected(world: World) -> list[Claim]:
    claims = [Claim(world, row) for row in world.claims]
    for claim in claims:
        if claim.line == 1 and claim.row["id_number"] in world.lazy:
            claim.marks["class-hours-too-few"] = NOT
        if claim.line == 2:
            second_line(world, claim, claims)
        order(claim, claims)
    own = {id(claim): max(claim.marks.values(), default=GOOD) for claim in claims}
    for claim in claims:
        higher = [
            own[id(other)] for other in claims
            if other.row["id_number"] == claim.row["id_number"] and other.line != claim.line
            and (other.payable, other.line) > (claim.payable, claim.line)
        ]  # fmt: skip
        if higher and min(higher) < NOT:
            claim.marks["claim-lower-of-two"] = NOT if min(higher) == GOOD else VERIFY
    return claims


def second_line(world: World, claim: Claim, claims: list[Claim]) -> None:
    held, number = claim.certificate, claim.row["id_number"]
    claim.marks["insured-months-too-few"] = insured(world, claim) if world.has["insurance"] else VERIFY
    if not world.has["certificates"]:
        claim.marks |= {"certificate-missing": VERIFY}
        return
    if held is None:
        any_of_his = any(row["id_number"] == number for row in world.certificates)
        covered = any(row["employer"] == claim.row["employer"] for row in world.certificates)
        claim.marks["certificate-missing"] = NOT if covered and not any_of_his else VERIFY
        return
    level = SAID[held["level"]]
    unread = claim.said is None and bool(claim.row["level"])
    if level is None or unread or (claim.said is not None and level < claim.said):
        claim.marks["certificate-level-differs"] = VERIFY
    if state := period(held):
        claim.marks["certificate-outside-period"] = NOT if state == 4 else VERIFY
    same = [one for one in claims if one.line == 2 and one.certificate is held]
    days = sorted(one.day for one in same)
    if len(same) > 1:
        if not days[0] or days[0] == days[1]:
            claim.marks["certificate-claimed-twice"] = VERIFY
        elif claim.day > days[0]:
            claim.marks["certificate-claimed-twice"] = NOT


def order(claim: Claim, claims: list[Claim]) -> None:
    mine = [one for one in claims if one.line == claim.line and one.row["id_number"] == claim.row["id_number"]]
    if len(mine) == 1:
        return
    days = sorted(one.day for one in mine)
    firms = {one.row["employer"] for one in mine if one.day == days[0]}
    told = days[0] != "" and len(firms) == 1
    if claim.line == 1:
        first = min(mine, key=lambda one: (one.day, FIRMS_BY_RANK.index(one.row["employer"]), one.claimed))
        if not told:
            claim.marks["claim-duplicate"] = VERIFY
            claim.grant = claim.grant // len(mine)
        elif claim is not first:
            claim.marks["claim-duplicate"] = NOT
    elif not told or claim is not min(
        mine, key=lambda one: (one.day, FIRMS_BY_RANK.index(one.row["employer"]), one.claimed)
    ):
        claim.marks["claim-duplicate"] = VERIFY


FIRMS_BY_RANK = sorted(FIRMS)  # the order of the texts


def outcome(claim: Claim) -> tuple[str, int, int, int, set[str]]:
    rank = max(claim.marks.values(), default=GOOD)
    granted = min(claim.claimed, claim.grant)
    part = min(claim.claimed - granted, claim.open)
    reasons = {rule for rule, mark in claim.marks.items() if mark}
    if rank < NOT and part:
        reasons.add("trade-not-in-catalogue")
    if rank == NOT:
        return VERDICT[NOT], 0, claim.claimed, 0, reasons
    rest = claim.claimed - granted - part
    if rank == VERIFY or part:
        return VERDICT[VERIFY], 0 if rank else granted, rest, part + (granted if rank else 0), reasons
    return VERDICT[GOOD], granted, rest, 0, reasons


# ── beside the package ───────────────────────────────────────────────────────────────────────────────────────────────


def adds_up(done: Result) -> None:
    names = ("supported_fen", "not_supported_fen", "to_verify_fen")
    claims, money = done.claims, done.report.money
    assert all(sum(row[name] for name in names) == row["claimed_fen"] for row in claims.iter_rows(named=True))
    for name in (*names, "claimed_fen"):
        total = int(claims[name].sum())
        assert money[name] == total == sum(line[name] for line in money["lines"])
        assert total == sum(one[name] for one in done.report.employers)
        for line in money["lines"]:
            assert line[name] == claims.filter(claims["line"] == line["line"])[name].sum()
    for line in money["lines"]:
        assert line["claims"] == line["supported"] + line["not_supported"] + line["to_verify"]
        assert line["claimed_fen"] == sum(line[name] for name in names)


def test_the_second_line_is_its_words() -> None:
    seen: Counter[tuple[str, str]] = Counter()

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.integers(min_value=0, max_value=2**32))
    def check(seed: int) -> None:
        world = World(Random(seed))
        if not world.claims:
            return
        with TemporaryDirectory() as folder:
            done = run_audit(world.tables(), NOTICE.id, Path(folder))
        adds_up(done)
        rows = {row["source_row"]: row for row in done.claims.iter_rows(named=True)}
        for place, claim in enumerate(expected(world), 2):
            row = rows[place]
            verdict, supported, refused, open_fen, reasons = outcome(claim)
            found = {reason for reason in row["reasons"].split(",") if reason in RULES}
            said = (row["verdict"], row["supported_fen"], row["not_supported_fen"], row["to_verify_fen"], found)
            wanted = (verdict, supported, refused, open_fen, reasons)
            assert said == wanted, (seed, claim.row, claim.certificate)
            assert row["line"] == ("online" if claim.line == 1 else "certificate")
            seen.update((rule, verdict) for rule in reasons)
            seen[f"line {claim.line}", verdict] += 1

    check()
    assert {rule for rule, _ in seen} >= RULES
    assert {("line 2", verdict) for verdict in VERDICT.values()} <= set(seen)
