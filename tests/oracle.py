"""An independent slow reading of the two notices: lists, loops and integers, nothing of the package.

It was written from the decision layer (VERDICTS.md) and the notices before the package was read. It takes the cells
as text, exactly as they stand in the files, and answers: the seconds of every person, the rules that fire and on which
rows, the verdict of every claim and the money. Where the texts leave a choice open, the line says `choice`.

A table is a list of rows, a row a dict of cells; a table that was not exported is missing, and so is a column.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from itertools import permutations

Row = dict[str, str]
Tables = dict[str, list[Row]]

SUPPORTED, TO_VERIFY, REFUSED = "supported", "to_verify", "not_supported"
WORST = [SUPPORTED, TO_VERIFY, REFUSED]
GRANT = 300_00  # 每人300元, both notices
TOLERANCE = 60
EPOCH = datetime.datetime(1970, 1, 1)


def seconds(text: str) -> int | None:
    """Seconds of wall time, or None where the cell does not hold a moment."""
    for pattern in ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"):
        try:
            return int((datetime.datetime.strptime(text, pattern) - EPOCH).total_seconds())
        except ValueError:
            continue
    return None


@dataclass(frozen=True)
class Notice:
    """What the two notices say in numbers."""

    first: int  # the period's first second
    stop: int  # the midnight that ends its last day
    unit: int  # one class hour
    hours: int
    by_mark: bool  # Taicang: 大于等于60分为合格; Wuxi names no mark: the export's result
    attempts: int | None  # 2次考核未通过者不得享受
    effects: dict[str, str]  # refuse, verify, note; a rule that is not here does not run

    @property
    def need(self) -> int:
        return self.hours * self.unit


COMMON = {
    "class-hours-too-few": "refuse",
    "class-hours-disputed": "note",
    "exam-missing": "refuse",
    "exam-failed": "refuse",
    "claim-duplicate": "refuse",
    "identity-missing": "verify",
    "identity-invalid": "verify",
    "identity-two-names": "verify",
    "identity-damaged": "verify",
    "sessions-overlap-other-address": "verify",
    "sessions-overlap": "note",
    "address-shared-across-employers": "verify",
    "address-shared-in-employer": "note",
    "session-negative": "verify",
    "session-zero": "note",
    "session-too-short": "note",
    "session-outside-period": "note",
    "session-unregistered": "note",
    "exam-unregistered": "note",
    "row-duplicated": "note",
}
NOTICES = {
    "taicang-2021": Notice(
        first=seconds("2021-02-01") or 0,
        stop=seconds("2021-03-01") or 0,
        unit=30 * 60,
        hours=24,
        by_mark=True,
        attempts=2,
        effects={
            **COMMON,
            "exam-too-many-attempts": "refuse",
            "exam-before-study-ended": "verify",
            "claim-unregistered": "refuse",
        },
    ),
    "wuxi-2023": Notice(
        first=seconds("2023-01-01") or 0,
        stop=seconds("2023-04-01") or 0,
        unit=45 * 60,
        hours=15,
        by_mark=False,
        attempts=None,
        effects={**COMMON, "claim-unregistered": "verify"},
    ),
}


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────


def identity(text: str) -> str:
    """'' missing, 'damaged' (no number can be read back), 'invalid' (a number that cannot exist), 'good'."""
    if text == "":
        return ""
    if "E+" in text.upper() or len(text) != 18 or not text[:17].isdigit() or text[17] not in "0123456789X":
        return "damaged" if "E+" in text.upper() else "invalid"
    total = 0
    for digit, weight in zip(text[:17], [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], strict=True):
        total += int(digit) * weight
    if "10X98765432"[total % 11] != text[17]:
        return "invalid"
    try:
        datetime.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return "invalid"
    return "good"


def mark(text: str) -> int | None:
    """Hundredths of a mark; None where there is none."""
    whole, _, part = text.partition(".")
    if not whole.isdigit() or (part and not part.isdigit()):
        return None
    return int(whole) * 100 + int((part + "00")[:2])


def absent(row: Row) -> bool:
    """缺考: nobody sat down, so it is no attempt."""
    return row.get("score", "") == "缺考" or row.get("result", "") == "缺考"


def passed(row: Row, notice: Notice) -> bool | None:
    """Whether an attempt passes; None where the cell that decides cannot be read."""
    if notice.by_mark:
        value = mark(row.get("score", ""))
        return None if value is None else value >= 60_00
    return {"合格": True, "不合格": False}.get(row.get("result", ""))


def deciding_name(row: Row) -> bool:
    """The exam that closes the course, where the export says so."""
    said = row.get("exam", "") + row.get("kind", "")
    return any(word in said.lower() for word in ("结业", "结课", "期末", "final"))


def address_key(text: str) -> str | None:
    """What a public address is counted under; None: private, reserved, missing or unreadable."""
    if text.count(".") == 3 and all(part.isdigit() and int(part) < 256 for part in text.split(".")):
        a, b = int(text.split(".")[0]), int(text.split(".")[1])
        inside = a in (0, 10, 127) or (a == 172 and 16 <= b <= 31) or (a, b) in ((192, 168), (169, 254))
        carrier = a == 100 and 64 <= b <= 127
        return None if inside or carrier or a >= 224 else text
    if ":" in text:
        parts = [part.rjust(4, "0") for part in text.lower().split("::")[0].split(":")]
        parts = (parts + ["0000"] * 8)[:4]  # the first 64 bits: one household, one network
        return ":".join(parts) + "/64" if parts[0][0] in "23" else None
    return None


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Sitting:
    """One session row that has an owner."""

    row: int  # as a person sees it: the heading is row 1
    cells: Row
    start: int | None
    end: int | None
    new: int = 0

    @property
    def length(self) -> int | None:
        return None if self.start is None or self.end is None else self.end - self.start


@dataclass
class Person:
    key: str
    names: set[str] = field(default_factory=set)
    employers: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    registered: bool = False
    claimed: bool = False
    sittings: list[Sitting] = field(default_factory=list)
    exams: list[tuple[int, Row]] = field(default_factory=list)
    raw: int = 0
    net: int = 0
    counted: int = 0
    readings: dict[str, bool | None] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)  # rule → the worst effect it has on this person
    verdict: str = SUPPORTED


@dataclass
class Claim:
    row: int
    key: str
    employer: str
    date: str
    claimed: int | None
    verdict: str = SUPPORTED
    reasons: set[str] = field(default_factory=set)
    supported: int = 0
    refused: int = 0
    to_verify: int = 0


@dataclass
class Answer:
    people: dict[str, Person]
    claims: list[Claim]
    findings: set[tuple[str, str, str]]  # rule, person, effect
    rows: set[tuple[str, str, int]]  # rule, person, the session row the finding rests on
    judged: set[str]  # the people hours and exams are asked of


class Reading:
    """One reading of one set of files under one notice."""

    def __init__(self, tables: Tables, notice: Notice) -> None:
        self.tables = tables
        self.notice = notice
        self.people: dict[str, Person] = {}
        self.claims: list[Claim] = []
        self.findings: set[tuple[str, str, str]] = set()
        self.rows: set[tuple[str, str, int]] = set()
        self.owner_of_account: dict[str, str] = {}
        self.lost: dict[str, list[Row]] = {"sessions": [], "exams": [], "registrations": []}

    # who

    def person(self, key: str) -> Person:
        return self.people.setdefault(key, Person(key))

    def owner(self, row: Row) -> str | None:
        """The identity number; where there is none that can be read, the account, through registrations."""
        number, account = row.get("id_number", ""), row.get("account", "")
        if identity(number) in ("good", "invalid"):
            return number
        if account:
            return self.owner_of_account.get(account, "account:" + account)
        return None

    def meet(self, row: Row, key: str) -> Person:
        person = self.person(key)
        if row.get("name"):
            person.names.add(row["name"])
        if row.get("employer"):
            person.employers.add(row["employer"])
        if row.get("account"):
            person.accounts.add(row["account"])
        return person

    def gather(self) -> None:
        for row in self.tables.get("registrations", []):
            if row.get("account") and identity(row.get("id_number", "")) in ("good", "invalid"):
                self.owner_of_account[row["account"]] = row["id_number"]
        for row in self.tables.get("registrations", []):
            key = self.owner(row)
            if key is None:
                self.lost["registrations"].append(row)
                continue
            self.meet(row, key).registered = True
            if identity(row.get("id_number", "")) in ("", "damaged"):
                self.lost["registrations"].append(row)
        for line, row in enumerate(self.tables.get("claims", []), 2):
            number = row.get("id_number", "")
            key = number if identity(number) in ("good", "invalid") else f"claim:{line}"
            self.meet(row, key).claimed = True
            amount = mark(row.get("amount", ""))
            self.claims.append(Claim(line, key, row.get("employer", ""), row.get("claimed_on", ""), amount))
        for table in ("sessions", "exams"):
            for line, row in enumerate(self.tables.get(table, []), 2):
                key = self.owner(row)
                if key is None:
                    self.lost[table].append(row)
                    continue
                person = self.meet(row, key)
                if table == "exams":
                    person.exams.append((line, row))
                    continue
                sitting = Sitting(line, row, seconds(row.get("start_at", "")), seconds(row.get("end_at", "")))
                if self.first_of_its_kind(person, sitting):
                    person.sittings.append(sitting)

    def first_of_its_kind(self, person: Person, sitting: Sitting) -> bool:
        """Exact duplicates collapse: same person, start, end, course, address, stated duration."""
        for other in person.sittings:
            same = all(
                other.cells.get(column, "") == sitting.cells.get(column, "")
                for column in ("start_at", "end_at", "course", "address", "duration")
            )
            if same and sitting.start is not None and sitting.end is not None:
                self.fire("row-duplicated", person.key)
                return False
        return True

    # what may be missing

    def may_be(self, row: Row, person: Person) -> bool:
        """Whether a row without an owner may be this person's."""
        if row.get("name"):
            if row["name"] not in person.names:
                return False
            return not row.get("employer") or not person.employers or row["employer"] in person.employers
        if row.get("employer") and person.employers:
            return row["employer"] in person.employers
        return True

    def soft(self, person: Person, table: str) -> bool:
        """Whether rows of a table, or of the registrations that lead to it, may be lost for this person."""
        if person.key.startswith(("claim:", "account:")):
            return True  # who it is cannot be said
        for row in self.lost[table] + (self.lost["registrations"] if table != "registrations" else []):
            if self.may_be(row, person):
                return True
        if not person.accounts:
            for other in self.people.values():
                alone = other.key.startswith("account:")
                if alone and (other.sittings if table == "sessions" else other.exams):
                    return True
        return False

    def fire(self, rule: str, key: str, soften: bool = False) -> None:
        effect = self.notice.effects.get(rule)
        if effect is None:
            return
        if effect == "refuse" and soften:
            effect = "verify"
        self.findings.add((rule, key, effect))
        order = ["note", "verify", "refuse"]
        before = self.person(key).effects.get(rule, "note")
        self.person(key).effects[rule] = max(before, effect, key=order.index)

    # hours

    def study(self, person: Person) -> None:
        notice = self.notice
        timed = [s for s in person.sittings if s.start is not None and s.end is not None and s.end > s.start]
        timed.sort(key=lambda s: (s.start, s.end))  # choice: of two that start together the shorter comes first
        person.raw = sum(s.length or 0 for s in timed)
        marks = {notice.first, notice.stop}
        for s in timed:
            marks |= {s.start or 0, s.end or 0}
        edges = sorted(edge for edge in marks if notice.first <= edge <= notice.stop)
        for left, right in zip(edges, edges[1:], strict=False):
            for s in timed:  # the first that covers this piece has earned it
                if (s.start or 0) <= left and right <= (s.end or 0):
                    s.new += right - left
                    person.net += right - left
                    break
        person.counted = person.net - person.net % notice.unit
        person.readings["cumulative"] = person.counted >= notice.need
        person.readings["per_session"] = sum(s.new - s.new % notice.unit for s in timed) >= notice.need
        plan = self.tables.get("courses", [])
        person.readings["per_lesson"] = None
        if plan:
            credit = 0
            for lesson in {row["course"] for row in plan}:
                spent = sum(s.new for s in timed if s.cells.get("course") == lesson)
                hours = sum(int(row.get("class_hours") or "1") for row in plan if row["course"] == lesson)
                if spent >= hours * notice.unit:
                    credit += hours * notice.unit
            person.readings["per_lesson"] = credit >= notice.need

    def hours(self, person: Person) -> None:
        if person.readings["cumulative"]:
            if False in person.readings.values():
                self.fire("class-hours-disputed", person.key)
            return
        unread = any(s.start is None or s.end is None for s in person.sittings)
        self.fire("class-hours-too-few", person.key, unread or self.soft(person, "sessions"))

    def session_rows(self, person: Person) -> None:
        for s in person.sittings:
            if s.start is None or s.end is None:
                continue
            if s.end < s.start:
                self.at("session-negative", person, s)
            elif s.end == s.start:
                self.at("session-zero", person, s)
            else:
                if s.end - s.start < self.notice.unit:
                    self.at("session-too-short", person, s)
                if s.start < self.notice.first or s.end > self.notice.stop:
                    self.at("session-outside-period", person, s)
        for later in person.sittings:
            for earlier in person.sittings:
                if later is earlier or None in (later.start, later.end, earlier.start, earlier.end):
                    continue
                assert later.start is not None and later.end is not None
                assert earlier.start is not None and earlier.end is not None
                if (earlier.start, earlier.end) > (later.start, later.end):
                    continue
                if min(earlier.end, later.end) - later.start > TOLERANCE:
                    here, there = later.cells.get("address", ""), earlier.cells.get("address", "")
                    rule = "sessions-overlap"
                    if here and there and here != there:
                        rule = "sessions-overlap-other-address"
                    self.fire(rule, person.key)

    def at(self, rule: str, person: Person, sitting: Sitting) -> None:
        self.fire(rule, person.key)
        self.rows.add((rule, person.key, sitting.row))

    def addresses(self) -> None:
        """At least three persons of at least two employers on one address on one day."""
        active = {p.key for p in self.people.values() if p.sittings}
        users: dict[str, set[str]] = {}
        seen: dict[tuple[str, int], set[str]] = {}
        for person in self.people.values():
            for s in person.sittings:
                where = address_key(s.cells.get("address", ""))
                if where is None or s.start is None:
                    continue
                users.setdefault(where, set()).add(person.key)
                seen.setdefault((where, s.start // 86400), set()).add(person.key)
        for (where, _day), keys in seen.items():
            if len(active) >= 50 and len(users[where]) * 100 > 30 * len(active):
                continue  # a proxy
            employers: set[str] = set()
            for key in keys:
                employers |= self.people[key].employers
            if len(keys) < 3:
                continue
            for key in keys:
                if len(employers) >= 2:
                    second = {"sessions-overlap", "sessions-overlap-other-address"} & set(self.people[key].effects)
                    self.findings.add(("address-shared-across-employers", key, "verify" if second else "note"))
                    self.people[key].effects["address-shared-across-employers"] = "verify" if second else "note"
                elif len(employers) == 1:
                    self.fire("address-shared-in-employer", key)

    # exams

    def deciding(self, person: Person) -> list[tuple[int, Row]]:
        """The rows of the exams that decide: the closing exam where somebody of the employer has one, else all."""
        closing = False
        for other in self.people.values():
            if other is person or other.employers & person.employers:
                closing = closing or any(deciding_name(row) for _, row in other.exams)
        if closing:
            return [(line, row) for line, row in person.exams if deciding_name(row)]
        return list(person.exams)

    def exams(self, person: Person) -> None:
        notice = self.notice
        rows = [(line, row) for line, row in self.deciding(person) if not absent(row)]
        soft = self.soft(person, "exams")
        if not rows:
            self.fire("exam-missing", person.key, soft)
            return
        for exam in {row.get("exam", "") for _, row in rows}:
            attempts = [row for _, row in rows if row.get("exam", "") == exam]
            results = [passed(row, notice) for row in attempts]
            if True not in results:
                self.fire("exam-failed", person.key, soft or None in results)
                continue
            if notice.attempts is not None:
                self.tries(person, attempts, soft)
            if "exam-before-study-ended" in notice.effects:
                self.before(person, attempts)

    def orders(self, attempts: list[Row]) -> list[list[Row]]:
        """Every order of the attempts that the times and numbers allow."""
        allowed = []
        for order in permutations(attempts):
            fine = True
            for i, one in enumerate(order):
                for other in order[i + 1 :]:
                    a, b = seconds(one.get("taken_at", "")), seconds(other.get("taken_at", ""))
                    m, n = one.get("attempt", ""), other.get("attempt", "")
                    known = a is not None and b is not None
                    if known and a != b:
                        fine = fine and (a or 0) < (b or 0)
                    elif m.isdigit() and n.isdigit():
                        fine = fine and int(m) <= int(n)
            if fine:
                allowed.append(list(order))
        return allowed or [list(order) for order in permutations(attempts)]

    def tries(self, person: Person, attempts: list[Row], soft: bool) -> None:
        """2次考核未通过者不得享受: a pass counts on the first or second attempt."""
        limit = self.notice.attempts or 0
        outcomes = set()
        for order in self.orders(attempts):
            first = 0
            for place, row in enumerate(order, 1):
                result = passed(row, self.notice)
                if result is None:
                    soft = True  # it may have been the pass
                if result:
                    number = row.get("attempt", "")
                    first = max(place, int(number) if number.isdigit() else 0)
                    soft = soft or first > place  # attempts that were not exported
                    break
            outcomes.add(first > limit)
        if True in outcomes:
            self.fire("exam-too-many-attempts", person.key, soft or False in outcomes)

    def before(self, person: Person, attempts: list[Row]) -> None:
        """Counted time before the passing attempt is less than the notice asks for."""
        if not person.readings["cumulative"]:
            return
        for order in self.orders(attempts)[:1]:
            for row in order:
                if not passed(row, self.notice):
                    continue
                text = row.get("taken_at", "")
                until = seconds(text)
                if until is None:
                    return
                if len(text) == 10:
                    until += 86400
                edges = {self.notice.first, min(until, self.notice.stop)}
                timed = [s for s in person.sittings if s.start is not None and s.end is not None]
                for s in timed:
                    edges |= {s.start or 0, s.end or 0}
                line = sorted(e for e in edges if self.notice.first <= e <= min(until, self.notice.stop))
                net = 0
                for left, right in zip(line, line[1:], strict=False):
                    if any((s.start or 0) <= left and right <= (s.end or 0) for s in timed):
                        net += right - left
                if net - net % self.notice.unit < self.notice.need:
                    self.fire("exam-before-study-ended", person.key)
                return

    # identity

    def identities(self) -> None:
        for table in ("registrations", "sessions", "exams", "claims"):
            rows = self.tables.get(table, [])
            if not any("id_number" in row for row in rows):
                continue
            for line, row in enumerate(rows, 2):
                kind = identity(row.get("id_number", ""))
                key = self.owner(row) if table != "claims" else None
                if table == "claims":
                    key = next(claim.key for claim in self.claims if claim.row == line)
                if key is None:
                    continue
                if kind == "invalid":
                    self.fire("identity-invalid", key)
                if kind == "damaged":
                    self.fire("identity-damaged", key)
                if kind == "" and table in ("registrations", "claims"):
                    self.fire("identity-missing", key)
        for person in self.people.values():
            if len(person.names) > 1:
                self.fire("identity-two-names", person.key)

    # claims and money

    def claim_rules(self) -> None:
        for claim in self.claims:
            person = self.people[claim.key]
            if not person.registered:
                self.fire("claim-unregistered", claim.key, self.soft(person, "registrations"))
        for key in {claim.key for claim in self.claims}:
            mine = [claim for claim in self.claims if claim.key == key]
            if len(mine) < 2:
                continue
            dates = [seconds(claim.date) for claim in mine]
            known = [date for date in dates if date is not None]
            first = [c for c in mine if known and seconds(c.date) == min(known)]
            if len(known) < len(mine) or len({c.employer for c in first}) > 1:
                self.undecided.append(mine)
            else:
                self.later.append((first, [c for c in mine if c not in first]))

    def judge(self) -> Answer:
        self.undecided: list[list[Claim]] = []
        self.later: list[tuple[list[Claim], list[Claim]]] = []
        self.gather()
        for person in list(self.people.values()):
            self.study(person)
            self.session_rows(person)
            if person.sittings and not person.registered:
                self.fire("session-unregistered", person.key)
            if person.exams and not person.registered:
                self.fire("exam-unregistered", person.key)
        self.identities()
        self.addresses()
        listed = "claims" in self.tables
        judged = {p.key for p in self.people.values() if (p.claimed if listed else p.registered)}
        for key in sorted(judged):
            if "sessions" in self.tables:
                self.hours(self.people[key])
            if "exams" in self.tables:
                self.exams(self.people[key])
        self.claim_rules()
        self.settle()
        return Answer(self.people, self.claims, self.findings, self.rows, judged)

    def settle(self) -> None:
        unanswered = []  # rules that could refuse and could not run
        if "sessions" not in self.tables:
            unanswered.append("class-hours-too-few")
        if "exams" not in self.tables:
            unanswered.append("exam-missing")
        if "registrations" not in self.tables and self.notice.effects["claim-unregistered"] == "refuse":
            unanswered.append("claim-unregistered")
        for person in self.people.values():
            person.verdict = self.verdict_of(person.effects)
            if unanswered and person.verdict == SUPPORTED:
                person.verdict = TO_VERIFY
        for claim in self.claims:
            person = self.people[claim.key]
            claim.reasons = {rule for rule, effect in person.effects.items() if effect != "note"}
            claim.verdict = person.verdict
        for group in self.undecided:
            for claim in group:
                claim.reasons.add("claim-duplicate")
                claim.verdict = max(claim.verdict, TO_VERIFY, key=WORST.index)
        for first, later in self.later:
            for claim in later + first[1:]:  # choice: of equal claims of one employer one stands
                claim.reasons.add("claim-duplicate")
                claim.verdict = REFUSED
        for claim in self.claims:
            self.pay(claim, GRANT)
        for group in self.undecided:
            self.share(group)
        for claim in self.claims:
            person = self.people[claim.key]
            person.verdict = max(person.verdict, claim.verdict, key=WORST.index)

    @staticmethod
    def verdict_of(effects: dict[str, str]) -> str:
        if "refuse" in effects.values():
            return REFUSED
        return TO_VERIFY if "verify" in effects.values() else SUPPORTED

    @staticmethod
    def pay(claim: Claim, grant: int) -> None:
        """supported = min(claimed, what the policy grants); the excess is not supported."""
        claimed = claim.claimed or 0
        granted = 0 if claim.verdict == REFUSED else min(claimed, grant)
        claim.supported = granted if claim.verdict == SUPPORTED else 0
        claim.to_verify = granted if claim.verdict == TO_VERIFY else 0
        claim.refused = claimed - granted

    @staticmethod
    def share(group: list[Claim]) -> None:
        """One amount in total; how it is spread over the claims is a choice that the tests do not ask for."""
        left = GRANT
        for claim in sorted(group, key=lambda c: -(c.claimed or 0)):
            if claim.verdict != TO_VERIFY:
                continue
            claim.to_verify = min(claim.claimed or 0, left)
            claim.refused = (claim.claimed or 0) - claim.to_verify
            left -= claim.to_verify


def read(tables: Tables, notice: str) -> Answer:
    """The oracle's answer for one set of files."""
    return Reading(tables, NOTICES[notice]).judge()
