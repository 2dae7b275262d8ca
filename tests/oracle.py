"""An independent slow reading of the two notices: lists, loops and integers, nothing of the package.

It was written from the decision layer (VERDICTS.md) and the notices before the package was read. It takes the cells
as text, exactly as they stand in the files, and answers: the seconds of every person, the rules that fire and on which
rows, the verdict of every claim and the money. Where the texts leave a choice open, the line says `choice`.

A table is a list of rows, a row a dict of cells; a table that was not exported is missing, and so is a column.
"""

from __future__ import annotations

import datetime
import ipaddress
from dataclasses import dataclass, field
from itertools import pairwise, permutations

from oracle_roster import JOINED, Led, Roster, folded, legible, stands_in

Row = dict[str, str]
Tables = dict[str, list[Row]]

TABLES = ("registrations", "sessions", "exams", "claims")
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
    "address-shared-across-employers": "verify",  # only with a second lead of the same person, else a note
    "address-shared-in-employer": "note",
    "total-mismatch": "note",
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
            "class-hour-average-too-short": "note",
            "total-mismatch": "verify",
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
        effects={**COMMON, "claim-unregistered": "verify", "employer-is-dispatch-company": "refuse"},
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


def span(text: str) -> int | None:
    """Seconds of a length as h:mm:ss; None where there is none."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    return int(parts[0]) * 3600 + int(parts[1]) * 60 + int(parts[2])


def readable(name: str) -> str:
    """A name as it is compared: without blanks, dots and remarks in brackets; '' where it is masked or damaged."""
    if any(sign in name for sign in "*?＊？某○□") or not any(sign.isalpha() for sign in name):
        return ""
    return name.split("(")[0].split("（")[0].replace(" ", "").replace("·", "").lower()


def absent(row: Row) -> bool:
    """缺考: nobody sat down, so it is no attempt."""
    return row.get("score", "") == "缺考" or row.get("result", "") == "缺考"


def passed(row: Row, notice: Notice) -> bool | None:
    """Whether an attempt passes; None where the cell that decides cannot be read."""
    if notice.by_mark:
        value = mark(row.get("score", ""))
        return None if value is None else value >= 60_00
    return {"合格": True, "不合格": False}.get(row.get("result", ""))


def number(row: Row) -> int:
    """The exported number of an attempt, 0 where there is none."""
    return int(row.get("attempt", "")) if row.get("attempt", "").isdigit() else 0


def deciding_name(row: Row) -> bool:
    """The exam that closes the course, where the export says so."""
    said = row.get("exam", "") + row.get("kind", "")
    return any(word in said.lower() for word in ("结业", "结课", "期末", "final")) and not mock(row)


def mock(row: Row) -> bool:
    """An exam for practice."""
    said = row.get("exam", "") + row.get("kind", "")
    return any(word in said.lower() for word in ("模拟", "练习", "摸底", "mock"))


def address(text: str) -> str | None:
    """An address as it can be compared: IPv6 by its first 64 bits, one household; None: missing or unreadable."""
    if text.count(".") == 3 and all(part.isdigit() and int(part) < 256 for part in text.split(".")):
        return text
    if ":" in text:
        parts = [part.rjust(4, "0") for part in text.lower().split("::")[0].split(":")]
        return ":".join((parts + ["0000"] * 8)[:4])
    return None


def declares(row: Row, where: str) -> bool:
    """Whether a row of the list of employers names an address among the networks of its own."""
    for part in row.get("networks", "").replace("；", ";").replace("、", ";").split(";"):
        first, _, last = part.strip().partition("-")
        if ":" in where or ":" in part:
            home = address(part.split("/")[0]) if ":" in part else None
            if home == where:
                return True
        elif "*" in part:
            if where.split(".")[:3] == part.strip().split(".")[:3]:
                return True
        elif last:
            low, high = ipaddress.ip_address(first), ipaddress.ip_address(last)
            if int(low) <= int(ipaddress.ip_address(where)) <= int(high):
                return True
        elif first and ipaddress.ip_address(where) in ipaddress.ip_network(first, strict=False):
            return True
    return False


def public(where: str) -> bool:
    if ":" in where:
        return where[0] in "23"
    a, b = int(where.split(".")[0]), int(where.split(".")[1])
    if a in (0, 10, 127) or a >= 224 or (a == 172 and 16 <= b <= 31) or (a == 100 and 64 <= b <= 127):
        return False
    return (a, b) not in ((192, 168), (169, 254), (198, 18), (198, 19))


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
    own: set[str] = field(default_factory=set)  # the names among them that are not only what somebody calls himself
    employers: set[str] = field(default_factory=set)
    said: dict[str, list[str]] = field(default_factory=dict)  # table → the employers it names for this person
    accounts: set[str] = field(default_factory=set)
    registered: bool = False
    claimed: bool = False
    sittings: list[Sitting] = field(default_factory=list)
    exams: list[Row] = field(default_factory=list)
    raw: int = 0
    net: int = 0
    parallel: bool = False  # an overlap that is more than a page opened anew or a clock that was set back
    set_back: bool = False  # an overlap in hours that the clock showed twice
    counted: int = 0
    readings: dict[str, bool | None] = field(default_factory=dict)
    effects: dict[str, str] = field(default_factory=dict)  # rule → the worst effect it has on this person
    verdict: str | None = None  # of people nobody judges

    @property
    def home(self) -> str:
        """choice: of several employers that of the registration, else of claim, roster, exam, session."""
        for table in ("registrations", "claims", "roster", "exams", "sessions"):
            if self.said.get(table):
                return min(self.said[table])
        return ""

    @property
    def identified(self) -> bool:
        return not self.key.startswith(("claim:", "account:"))


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
    shared: bool = False  # one amount for several claims


@dataclass
class Answer:
    people: dict[str, Person]
    claims: list[Claim]
    rows: set[tuple[str, str, int]]  # rule, person, the session row the finding rests on
    shared: set[tuple[int, frozenset[str]]]  # day and people of an address shared across employers
    judged: set[str]  # the people hours and exams are asked of
    blocked: set[str]  # rules that could not be evaluated
    unled: dict[int, tuple[int, int]]  # session row that its name leads to nobody → why, and how many it may be
    joins: dict[tuple[str, str], tuple[int, int]]  # table and key → rows, people


class Reading:
    """One reading of one set of files under one notice."""

    def __init__(self, tables: Tables, notice: Notice, left_out: frozenset[str], nicknamed: bool) -> None:
        self.tables = tables
        self.notice = notice
        self.left_out = left_out
        self.people: dict[str, Person] = {}
        self.claims: list[Claim] = []
        self.rows: set[tuple[str, str, int]] = set()
        self.shared: set[tuple[int, frozenset[str]]] = set()
        self.owner_of_account: dict[str, str] = {}
        self.registered_accounts: set[str] = set()
        self.lost: dict[str, list[Row]] = {table: [] for table in TABLES}
        self.undecided: list[list[Claim]] = []
        self.later: list[tuple[list[Claim], list[Claim]]] = []
        self.roster = Roster(tables, nicknamed, lambda text: identity(text) == "good")
        self.shared_accounts: set[str] = set()
        self.unled: dict[int, tuple[int, int]] = {}
        self.joined: dict[tuple[str, str], list[str]] = {}
        self.shown_twice: list[tuple[int, int]] = []

    # who

    def person(self, key: str) -> Person:
        return self.people.setdefault(key, Person(key))

    def owner(self, row: Row, table: str = "") -> str | None:
        """The identity number; where there is none that can be read, the account, through registrations and roster;
        else what the roster says of the phone and the name."""
        number, account = row.get("id_number", ""), row.get("account", "")
        if identity(number) in ("good", "invalid"):
            return number
        if account in self.owner_of_account:
            return self.owner_of_account[account]
        led = self.led(row, table)
        if led and led.who:
            return led.who
        return "account:" + account if account and account not in self.shared_accounts else None

    def led(self, row: Row, table: str) -> Led | None:
        account = row.get("account", "")
        if identity(row.get("id_number", "")) in ("good", "invalid") or account in self.owner_of_account:
            return None
        nicknamed = self.roster.nicknamed and table == "sessions"  # there a name leads where the account is nobody's
        return self.roster.lead(row, table, not account or account in self.shared_accounts or nicknamed)

    def note(self, row: Row, key: str | None, table: str, line: int) -> None:
        """How a row of sessions or exams was led."""
        led = self.led(row, table)
        if led and led.why and table == "sessions":
            self.unled[line] = (led.why, led.candidates)
        by = "id_number" if identity(row.get("id_number", "")) in ("good", "invalid") else "account"
        if led and led.who:
            by = "phone" if "phone" in led.by else "name"
        known = key is not None and not key.startswith("account:")
        self.joined.setdefault((table, by if known else "nobody"), []).append(key if known and key else "")

    def meet(self, row: Row, key: str, table: str) -> Person:
        person = self.person(key)
        led = self.led(row, table)
        if row.get("name"):
            person.names.add(row["name"])
            nicknamed = self.roster.nicknamed and table == "sessions" and not (led and led.by == "name")
            if not nicknamed and not (led and led.by in ("said_phone", "nickname")):
                person.own.add(row["name"])
        if row.get("employer"):
            person.employers.add(row["employer"])
            person.said.setdefault(table, []).append(row["employer"])
        if row.get("account"):
            person.accounts.add(row["account"])
        return person

    def gather(self) -> None:
        for table in ("registrations", "roster", "sessions", "exams"):  # where two differ, the first is believed
            if table == "roster":
                for account, people in self.roster.accounts().items():
                    if account not in self.owner_of_account and len(people) == 1:
                        self.owner_of_account[account] = next(iter(people))
                    elif account not in self.owner_of_account:
                        self.shared_accounts.add(account)
                continue
            for row in self.tables.get(table, []):
                if row.get("account", "") in self.shared_accounts:
                    continue
                if row.get("account") and identity(row.get("id_number", "")) in ("good", "invalid"):
                    self.owner_of_account.setdefault(row["account"], row["id_number"])
        self.roster.learn(self.owner_of_account)
        for row in self.once("registrations"):
            self.registered_accounts.add(row.get("account", ""))
            key = self.owner(row)
            if key is not None:
                self.meet(row, key, "registrations").registered = True
            self.doubt(row, key, "registrations")
        for line, row in enumerate(self.tables.get("claims", []), 2):
            number = row.get("id_number", "")
            key = number if identity(number) in ("good", "invalid") else f"claim:{line}"
            self.meet(row, key, "claims").claimed = True
            self.doubt(row, key, "claims")
            amount = mark(row.get("amount", ""))
            self.claims.append(Claim(line, key, row.get("employer", ""), row.get("claimed_on", ""), amount))
        for line, row in enumerate(self.tables.get("sessions", []), 2):
            key = self.owner(row, "sessions")
            self.note(row, key, "sessions", line)
            self.doubt(row, key, "sessions")
            if key is None:
                continue
            person = self.meet(row, key, "sessions")
            sitting = Sitting(line, row, seconds(row.get("start_at", "")), seconds(row.get("end_at", "")))
            if self.first_of_its_kind(person, sitting):
                person.sittings.append(sitting)
        for row in self.tables.get("exams", []):
            self.note(row, self.owner(row, "exams"), "exams", 0)
        for row in self.once("exams"):
            key = self.owner(row, "exams")
            self.doubt(row, key, "exams")
            if key is not None:
                self.meet(row, key, "exams").exams.append(row)
        for known, row in zip(self.roster.known, self.roster.listed, strict=False):  # the roster comes first
            if known.who in self.people:
                person = self.people[known.who]
                person.names |= {row.get("name", "")} - {""}
                person.employers |= {row.get("employer", "")} - {""}
                person.said.setdefault("roster", []).extend({row.get("employer", "")} - {""})

    def once(self, table: str) -> list[Row]:
        """The rows of a table, each exact copy once: collapsed before any fact. choice: a result that is said again in
        the place of the mark makes no other row."""
        kept: list[Row] = []
        seen: list[Row] = []
        for row in self.tables.get(table, []):
            read = row | {"score": ""} if row.get("score") and row.get("score") == row.get("result") else row
            if read not in seen:
                seen.append(read)
                kept.append(row)
                continue
            key = self.owner(row, table)
            if key is not None:
                self.fire("row-duplicated", key)
        return kept

    def doubt(self, row: Row, key: str | None, table: str) -> None:
        """Keep a row whose owner is not certain: it may be somebody else's."""
        unknown = key is None or not self.person(key).identified
        if unknown or identity(row.get("id_number", "")) == "invalid":
            self.lost[table].append(row)

    def first_of_its_kind(self, person: Person, sitting: Sitting) -> bool:
        """Exact duplicates collapse: same person, start, end, course, address, stated duration."""
        for other in person.sittings:
            same = all(
                other.cells.get(column, "") == sitting.cells.get(column, "")
                for column in ("start_at", "end_at", "course", "duration")
            )
            same = same and address(other.cells.get("address", "")) == address(sitting.cells.get("address", ""))
            if same and sitting.start is not None and sitting.end is not None:
                self.fire("row-duplicated", person.key)
                return False
        return True

    # what may be missing

    def may_be(self, row: Row, person: Person, table: str) -> bool:
        """Whether a row of an uncertain owner may be this person's."""
        joined = self.roster.on and table in JOINED
        if joined and (person.key in self.roster.maybe(row, table) or self.roster.anybodys(row, table)):
            return True
        names, employers = {row.get("name", "")} - {""}, {row.get("employer", "")} - {""}
        account, text = row.get("account", ""), row.get("id_number", "")
        if identity(text) == "invalid":  # whoever it is, the same one on every row of this number
            names, employers = self.person(text).names or names, self.person(text).employers or employers
        elif (
            account and account not in self.owner_of_account and account not in self.shared_accounts
        ):  # an account is one person, named on whatever row
            alone = self.person("account:" + account)
            names, employers = names or alone.names, employers or alone.employers
            unread = text or account in self.registered_accounts
            if not unread and person.accounts:
                return False  # an unknown account is a person of its own, unless this one has none
        if names and person.names and not names & person.names:
            keys = {legible(text) for text in person.names} - {""}
            within = any(stands_in(key, folded(text)) for key in keys for text in names)
            if not (self.roster.on and table in JOINED and within):
                return False
        return not employers or not person.employers or bool(employers & person.employers)

    def soft(self, person: Person, *tables: str) -> bool:
        """Whether a refusal of this person rests on damage: of the number, or of rows that may be the person's."""
        if identity(person.key) != "good":
            return True
        return any(self.may_be(row, person, table) for table in tables for row in self.lost[table])

    def fire(self, rule: str, key: str, effect: str = "") -> None:
        """Note what a rule does to a person: the effect the notice gives it unless another is said."""
        if rule not in self.notice.effects or rule in self.left_out:
            return
        effect = effect or self.notice.effects[rule]
        before = self.person(key).effects.get(rule, "note")
        self.person(key).effects[rule] = max(before, effect, key=["note", "verify", "refuse"].index)

    def refuse(self, rule: str, key: str, soften: bool) -> None:
        """A refusal, or where it rests on damage a question."""
        if self.notice.effects.get(rule) == "refuse":
            self.fire(rule, key, "verify" if soften else "refuse")
        else:
            self.fire(rule, key)

    # hours

    def study(self, person: Person) -> None:
        notice = self.notice
        timed = [s for s in person.sittings if s.start is not None and s.end is not None and s.end > s.start]
        # choices: of two that start together the shorter comes first, then the one that names its course
        timed.sort(key=lambda s: (s.start, s.end, not s.cells.get("course"), s.cells.get("course", "")))
        person.raw = sum(s.length or 0 for s in timed)
        marks = {notice.first, notice.stop}
        for s in timed:
            marks |= {s.start or 0, s.end or 0}
        edges = sorted(edge for edge in marks if notice.first <= edge <= notice.stop)
        for left, right in pairwise(edges):
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
            credit = planned = 0
            for lesson in {row["course"] for row in plan}:
                spent = sum(s.new for s in timed if s.cells.get("course") == lesson)
                hours = sum(int(row.get("class_hours") or "1") for row in plan if row["course"] == lesson)
                planned += hours * notice.unit
                credit += min(spent // notice.unit, hours) * notice.unit  # choice: a lesson of two hours, hour by hour
            if planned >= notice.need:  # choice: a plan too short for the notice cannot carry the reading
                person.readings["per_lesson"] = credit >= notice.need

    def hours(self, person: Person) -> None:
        if person.readings["cumulative"]:
            if False in person.readings.values():
                self.fire("class-hours-disputed", person.key)
            earning = [s.new for s in person.sittings if s.new]
            if sum(earning) < len(earning) * self.notice.unit:  # choice: a sitting that adds nothing is no class hour
                self.fire("class-hour-average-too-short", person.key)
            return
        slack = 0
        reached: int | None = None
        for s in sorted(
            (s for s in person.sittings if s.start is not None and s.end is not None and s.end >= s.start),
            key=lambda s: (s.start, s.end, not s.cells.get("course"), s.cells.get("course", "")),
        ):
            assert s.start is not None and s.end is not None
            if reached is not None and s.new and s.start > self.notice.first:
                slack += reached - s.start if 0 < reached - s.start <= TOLERANCE else 0
                slack += reached == s.start - 1 and not s.start % 86400
            reached = max(s.end, reached or s.end)
        if slack and person.net + slack >= self.notice.need:
            self.refuse("class-hours-too-few", person.key, soften=True)
            return
        unread = person.set_back or any(s.length is None or s.length < 0 for s in person.sittings)
        self.refuse("class-hours-too-few", person.key, unread or self.soft(person, "sessions"))

    def totals(self, person: Person) -> None:
        """The platform's own total against the raw sum of all sessions: more than max(60 s × sessions, 1 %) apart.

        choices: the total of an account may be that of the person, so with several anything between the largest and
        their sum agrees; 1 % of the raw sum; a total above the sum is no difference where rows may be missing.
        """
        mine = [row for row in self.once("registrations") if self.owner(row) == person.key]
        stated = [span(row.get("total_time", "")) for row in mine]
        known = [total for total in stated if total is not None]
        bounds: list[tuple[int, int | None]] = []
        if known:
            bounds.append((max(known), sum(known) if len(known) == len(stated) else None))
        running = [total for s in person.sittings if (total := span(s.cells.get("total_time", ""))) is not None]
        if running:
            bounds.append((max(running), max(running) if len(mine) < 2 else None))
        unread = any(s.length is None or s.length < 0 for s in person.sittings)
        for least, most in bounds:
            over = 0 if most is None else person.raw - most
            under = 0 if unread or self.soft(person, "sessions") else least - person.raw
            if max(over, under) > max(60 * len(person.sittings), person.raw / 100):
                self.fire("total-mismatch", person.key)

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
            if s.start < s.end and (s.start < self.notice.first or s.end > self.notice.stop):
                self.at("session-outside-period", person, s)
        for later in person.sittings:
            for earlier in person.sittings:
                if later is earlier or None in (later.start, later.end, earlier.start, earlier.end):
                    continue
                assert later.start is not None and later.end is not None
                assert earlier.start is not None and earlier.end is not None
                if (earlier.start, earlier.end, earlier.row) > (later.start, later.end, later.row):
                    continue
                over = min(earlier.end, later.end)
                if over - later.start <= TOLERANCE:
                    continue
                self.at("sessions-overlap", person, later)
                twice = any(later.start < to and over > since for since, to in self.shown_twice)
                goes_on = self.goes_on(earlier, later)
                person.set_back |= twice
                person.parallel |= not twice and not (goes_on and earlier.end - later.start <= 600)
                if self.elsewhere(earlier, later):
                    by_habit = earlier.end - later.start <= 600 and self.changes_networks(person)
                    mild = twice or (goes_on and by_habit)
                    self.at("sessions-overlap-other-address", person, later, "note" if mild else "verify")

    def goes_on(self, earlier: Sitting, later: Sitting) -> bool:
        """The same course goes on, and the earlier sitting ends first."""
        assert earlier.end is not None and later.end is not None
        course = earlier.cells.get("course", "")
        return bool(course) and course == later.cells.get("course", "") and earlier.end < later.end

    def elsewhere(self, earlier: Sitting, later: Sitting) -> bool:
        here, there = address(later.cells.get("address", "")), address(earlier.cells.get("address", ""))
        return bool(here and there) and here != there

    def changes_networks(self, person: Person) -> bool:
        """At least twice the same course went on at another address within a minute of the end, and no less often than
        it went on while the sitting before was still open, for up to ten minutes."""
        timed = sorted(
            (
                (s.start, s.end, s)
                for s in person.sittings
                if s.start is not None and s.end is not None and s.end >= s.start
            ),
            key=lambda one: (one[0], one[1], one[2].row),
        )
        at_once, late = 0, set()
        for (_, end, one), (start, _, two) in pairwise(timed):
            same = bool(one.cells.get("course")) and one.cells.get("course") == two.cells.get("course")
            at_once += same and self.elsewhere(one, two) and abs(start - end) <= TOLERANCE
        for _, end, one in timed:
            for start, _, two in timed:
                if one is not two and one.row != two.row and self.elsewhere(one, two) and self.goes_on(one, two):
                    late |= {two.row} if start >= one.start and TOLERANCE < end - start <= 600 else set()  # type: ignore[operator]
        return at_once >= max(2, len(late))

    def hours_shown_twice(self) -> list[tuple[int, int]]:
        """Where at least 80 % of the sittings that end before they start, of five people or more, lie together, half
        an hour apart at the most."""
        crossing = sorted(
            (s.end, s.start, person.key)
            for person in self.people.values()
            for s in person.sittings
            if s.start is not None and s.end is not None and s.end < s.start
        )
        stretches: list[list[tuple[int, int, str]]] = []
        for one in crossing:
            if stretches and one[0] - max(start for _, start, _ in stretches[-1]) <= 1800:
                stretches[-1].append(one)
            else:
                stretches.append([one])
        return [
            (stretch[0][0], max(start for _, start, _ in stretch))
            for stretch in stretches
            if len({key for _, _, key in stretch}) >= 5 and 100 * len(stretch) >= 80 * len(crossing)
        ]

    def at(self, rule: str, person: Person, sitting: Sitting, effect: str = "") -> None:
        self.fire(rule, person.key, effect)
        self.rows.add((rule, person.key, sitting.row))

    def own(self, employer: str, where: str) -> bool:
        """An address that the employer has declared; labour dispatched by it works at the places of all the others."""
        rows = self.tables.get("employers", [])
        if employer and employer in self.dispatching():
            return any(declares(row, where) for row in rows if row.get("employer"))
        return bool(employer) and any(declares(row, where) for row in rows if row.get("employer") == employer)

    def dispatching(self) -> set[str]:
        return {row["employer"] for row in self.tables.get("employers", []) if row.get("dispatch") == "是"}

    def addresses(self) -> None:
        """At least three persons of at least two employers on one address on one day, not all of them at an address of
        their own employer. A dispatch company is an employer only where there is no other."""
        active = {p.key for p in self.people.values() if p.sittings}
        users: dict[str, set[str]] = {}
        seen: dict[tuple[str, int], set[str]] = {}
        for person in self.people.values():
            for s in person.sittings:
                where = address(s.cells.get("address", ""))
                if where is None or not public(where) or s.start is None:
                    continue
                users.setdefault(where, set()).add(person.key)
                seen.setdefault((where, s.start // 86400), set()).add(person.key)
        for (where, day), keys in seen.items():
            if len(active) >= 50 and len(users[where]) * 100 > 30 * len(active):
                continue  # a proxy
            employers = {self.people[key].home for key in keys} - {""}
            employers = employers - self.dispatching() or employers
            away = {key for key in keys if not self.own(self.people[key].home, where)}
            if len(keys) < 3 or len(employers) < 2 or not away:
                continue
            self.shared.add((day, frozenset(away)))
            for key in away:
                person = self.people[key]
                second = person.parallel or "sessions-overlap-other-address" in person.effects
                self.fire("address-shared-across-employers", key, "verify" if second else "note")

    # exams

    def deciding(self, person: Person) -> list[Row]:
        """The rows of the exams that decide: the closing exam where somebody of the employer has one, else all."""
        theirs = [row for other in self.people.values() if other.home == person.home for row in other.exams]
        theirs += [  # choice: of somebody of that employer, whoever it is
            row
            for row in self.lost["exams"]
            if self.owner(row, "exams") is None and row.get("employer", "") == person.home
        ]
        if any(map(deciding_name, theirs)):
            return [row for row in person.exams if deciding_name(row)]
        if all(map(mock, theirs)):
            return list(person.exams)
        return [row for row in person.exams if not mock(row)]

    def exams(self, person: Person) -> None:
        notice = self.notice
        rows = [row for row in self.deciding(person) if not absent(row)]
        names = sorted({row.get("exam", "") for row in rows})
        orders = {name: self.orders([row for row in rows if row.get("exam", "") == name]) for name in names}
        soft = self.soft(person, "exams")
        soft = soft or any(passed(row, notice) is None for row in person.exams if not absent(row))
        for name in names:  # a number higher than its place: attempts that were not exported
            for order in orders[name]:
                soft = soft or any(number(row) > place for place, row in enumerate(order, 1))
        if not rows:
            self.refuse("exam-missing", person.key, soft)
        for name in names:
            if not any(passed(row, notice) for row in orders[name][0]):
                self.refuse("exam-failed", person.key, soft)
                continue
            self.tries(person, orders[name], soft)
            if not self.no_hours():
                self.before(person, orders[name])

    def orders(self, attempts: list[Row]) -> list[list[Row]]:
        """Every order of the attempts that the times and numbers allow: by time, then by number."""
        allowed = []
        for order in permutations(attempts):
            fine = True
            for i, one in enumerate(order):
                for other in order[i + 1 :]:
                    a, b = seconds(one.get("taken_at", "")), seconds(other.get("taken_at", ""))
                    if a is not None and b is not None and a != b:
                        fine = fine and a < b
                    elif number(one) and number(other):
                        fine = fine and number(one) <= number(other)
            if fine:
                allowed.append(list(order))
        return allowed or [list(order) for order in permutations(attempts)]

    def tries(self, person: Person, orders: list[list[Row]], soft: bool) -> None:
        """2次考核未通过者不得享受: the pass is the first or second attempt; in an open order its place is open too."""
        limit = self.notice.attempts
        if limit is None:
            return
        outcomes = set()
        for order in orders:  # choice: of several passes the most favourable, where numbers contradict times
            places = [max(place, number(row)) for place, row in enumerate(order, 1) if passed(row, self.notice)]
            outcomes.add(min(places) > limit)
        if True in outcomes:
            self.refuse("exam-too-many-attempts", person.key, soft or False in outcomes)

    def before(self, person: Person, orders: list[list[Row]]) -> None:
        """Counted time before the passing attempt is less than the notice asks for; a day alone counts to its end."""
        first = next(row for row in orders[0] if passed(row, self.notice))
        text = first.get("taken_at", "")
        until = seconds(text)
        if until is None:
            return
        until = min(until + (86400 if len(text) == 10 else 0), self.notice.stop)
        timed = [s for s in person.sittings if s.start is not None and s.end is not None]
        edges = {self.notice.first, until}
        for s in timed:
            edges |= {s.start or 0, s.end or 0}
        line = sorted(e for e in edges if self.notice.first <= e <= until)
        net = 0
        for left, right in pairwise(line):
            if any((s.start or 0) <= left and right <= (s.end or 0) for s in timed):
                net += right - left
        if net - net % self.notice.unit < self.notice.need:
            self.fire("exam-before-study-ended", person.key)

    # identity

    def identities(self) -> None:
        for table in ("registrations", "sessions", "exams", "claims"):
            for line, row in enumerate(self.tables.get(table, []), 2):
                kind = identity(row.get("id_number", ""))
                key = self.owner(row, table) if table != "claims" else None
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
            if len({readable(text) for text in person.own} - {""}) > 1:
                self.fire("identity-two-names", person.key)

    # claims and money

    def claim_rules(self, blocked: set[str]) -> None:
        for key in sorted({claim.key for claim in self.claims}):
            person = self.people[key]
            if not person.identified:
                continue
            mine = [claim for claim in self.claims if claim.key == key]
            if not person.registered and "claim-unregistered" not in blocked:
                self.refuse("claim-unregistered", key, self.soft(person, "registrations", "claims"))
            if len(mine) < 2:
                continue
            dates = [seconds(claim.date) for claim in mine]
            known = [date for date in dates if date is not None]
            first = [c for c in mine if known and seconds(c.date) == min(known)]
            if len(known) < len(mine) or len({c.employer for c in first}) > 1:
                self.undecided.append(mine)
            else:  # choice: of several on one day for one employer the lowest stands
                first.sort(key=lambda c: -1 if c.claimed is None else c.claimed)
                self.later.append((first, [c for c in mine if c is not first[0]]))

    def judge(self) -> Answer:
        self.gather()
        self.shown_twice = self.hours_shown_twice()
        for person in list(self.people.values()):
            self.study(person)
            self.session_rows(person)
            if not self.no_hours():
                self.totals(person)
            if not person.registered and self.recorded("registrations", "id_number", "account"):
                if person.sittings:
                    self.fire("session-unregistered", person.key)
                if person.exams:
                    self.fire("exam-unregistered", person.key)
        self.identities()
        self.addresses()
        listed = bool(self.tables.get("claims"))
        judged = {p.key for p in self.people.values() if p.identified and (p.claimed if listed else p.registered)}
        blocked = self.blocked()
        for key in sorted(judged):
            if "class-hours-too-few" not in blocked:
                self.hours(self.people[key])
            if "exam-missing" not in blocked:
                self.exams(self.people[key])
        self.claim_rules(blocked)
        self.settle(listed, blocked)
        joins = {key: (len(rows), len(set(rows) - {""})) for key, rows in self.joined.items() if self.roster.on}
        return Answer(self.people, self.claims, self.rows, self.shared, judged, blocked, self.unled, joins)

    def recorded(self, table: str, *columns: str) -> bool:
        return any(row.get(column, "") for row in self.tables.get(table, []) for column in columns)

    def no_hours(self) -> bool:
        """Whether the export cannot say who studied when."""
        who = self.recorded("sessions", "id_number", "account") or self.led_any("sessions")
        return not (who and self.recorded("sessions", "start_at") and self.recorded("sessions", "end_at"))

    def led_any(self, table: str) -> bool:
        """Whether a phone or a name led any row to somebody."""
        return any((table, by) in self.joined for by in ("phone", "name"))

    def blocked(self) -> set[str]:
        """Rules that could refuse and cannot run: what they read was not exported. They never count as passed."""
        out = set()
        who = ("id_number", "account")
        if self.no_hours():
            out.add("class-hours-too-few")
        if not (
            (self.recorded("exams", *who) or self.led_any("exams"))
            and self.recorded("exams", "score" if self.notice.by_mark else "result")
        ):
            out |= {"exam-missing", "exam-failed"}
            if self.notice.attempts is not None:
                out.add("exam-too-many-attempts")
        if self.tables.get("claims"):  # without a claim list the rules about claims have nobody to judge
            if not self.recorded("claims", "id_number"):
                out |= {"claim-duplicate", "claim-unregistered"}
            if not self.recorded("registrations", "id_number"):
                out.add("claim-unregistered")
        return out

    def settle(self, listed: bool, blocked: set[str]) -> None:
        stopped = {rule for rule in blocked if self.notice.effects.get(rule) == "refuse"}
        priced = any(claim.claimed is not None for claim in self.claims)
        for claim in self.claims:
            effects = dict(self.people[claim.key].effects) | dict.fromkeys(stopped, "verify")
            for group in self.undecided:
                if claim in group:
                    effects["claim-duplicate"] = "verify"
            for _, later in self.later:
                if claim in later:
                    soft = self.soft(self.people[claim.key], "claims")
                    effects["claim-duplicate"] = "verify" if soft else "refuse"
            if effect := self.by_dispatch(claim):
                effects["employer-is-dispatch-company"] = effect
            if claim.claimed is None:  # choice: an amount that cannot be read is taken to be what the notice grants
                claim.claimed = GRANT
                if priced:
                    effects["value-missing"] = "verify"
            claim.reasons = {rule for rule, effect in effects.items() if effect != "note"}
            claim.verdict = self.verdict_of(effects)
            self.pay(claim)
        for group in self.undecided:
            self.share(group)
        for person in self.people.values():
            mine = [claim for claim in self.claims if claim.key == person.key]
            if mine:
                person.verdict = max((claim.verdict for claim in mine), key=WORST.index)
            elif not listed and person.registered:
                person.verdict = self.verdict_of(dict(person.effects) | dict.fromkeys(stopped, "verify"))

    def by_dispatch(self, claim: Claim) -> str | None:
        """What becomes of a claim of an employer that is said to dispatch labour; a claim that may be anybody's softens
        all refusals about claims."""
        rule = "employer-is-dispatch-company"
        said = {r["dispatch"] for r in self.tables.get("employers", []) if r["employer"] == claim.employer} - {""}
        if rule not in self.notice.effects or rule in self.left_out or not claim.employer or "是" not in said:
            return None
        anybodys = any(not row.get("name") and not row.get("employer") for row in self.lost["claims"])
        return "verify" if len(said) > 1 or anybodys else "refuse"

    @staticmethod
    def verdict_of(effects: dict[str, str]) -> str:
        if "refuse" in effects.values():
            return REFUSED
        return TO_VERIFY if "verify" in effects.values() else SUPPORTED

    @staticmethod
    def pay(claim: Claim) -> None:
        """supported = min(claimed, what the policy grants); the excess is not supported."""
        claimed = claim.claimed or 0
        granted = 0 if claim.verdict == REFUSED else min(claimed, GRANT)
        claim.supported = granted if claim.verdict == SUPPORTED else 0
        claim.to_verify = granted if claim.verdict == TO_VERIFY else 0
        claim.refused = claimed - granted

    @staticmethod
    def share(group: list[Claim]) -> None:
        """One amount in total. choice: in equal parts, so that the order of the rows does not decide."""
        for claim in group:
            claim.shared = True
            if claim.verdict == TO_VERIFY:
                claim.to_verify = min(claim.claimed or 0, GRANT // len(group))
                claim.refused = (claim.claimed or 0) - claim.to_verify


def read(tables: Tables, notice: str, left_out: frozenset[str] = frozenset(), nicknamed: bool = False) -> Answer:
    """The oracle's answer for one set of files. `left_out`: rules that are not asked; `nicknamed`: a layout says that
    the sessions name people by nicknames."""
    return Reading(tables, NOTICES[notice], left_out, nicknamed).judge()
