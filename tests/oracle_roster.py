"""The roster join of the oracle, in plain Python: rows of sessions and exams that carry no identity number."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

Row = dict[str, str]
JOINED = ("sessions", "exams")
ROLES = ("主持人", "联席主持人", "嘉宾", "host", "guest")
NOBODY, SEVERAL, DEVICE, ADDITION, PARTS = 1, 2, 3, 4, 5


def folded(text: str) -> str:
    """A name as it is compared."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    return text.replace("•", "·").replace("・", "·")


def legible(text: str) -> str:
    """'' where the name is masked, damaged or no name."""
    said = folded(text)
    if any(sign in said for sign in "*?○□某") or not any(sign.isalpha() for sign in said):
        return ""
    return said


def phone(text: str) -> str:
    digits = "".join(sign for sign in text if sign not in " -()").removeprefix("+").removeprefix("00")
    digits = digits[2:] if len(digits) == 13 and digits.startswith("86") else digits
    return digits if len(digits) == 11 and digits.isdigit() and digits[0] == "1" and digits[1] in "3456789" else ""


def phone_within(text: str) -> str:
    runs = "".join(sign if sign.isdigit() else " " for sign in text).split()
    return next((found for run in runs if (found := phone(run))), "")


def stands_in(key: str, said: str) -> bool:
    return key == said or (len(key) > 1 and key in said)


@dataclass(frozen=True)
class Known:
    """One row of the roster or of the registrations. `who`: an identity number, or a word for somebody unknown."""

    rostered: bool
    who: str
    phone: str
    name: str
    employer: str


@dataclass(frozen=True)
class Led:
    """Where a row leads: to `who` by a key, or nowhere: why, and how many it may be."""

    who: str | None
    by: str = ""
    why: int = 0
    candidates: int = 0


class Roster:
    def __init__(self, tables: dict[str, list[Row]], nicknamed: bool, good: Callable[[str], bool]) -> None:
        self.listed = tables.get("roster", [])
        self.nicknamed = nicknamed and bool(tables.get("sessions"))
        self.good = good
        phones = any(row.get("phone") for table in JOINED for row in tables.get(table, []))
        self.on = bool(self.listed) or self.nicknamed or phones
        self.known: list[Known] = []
        self.registrations = tables.get("registrations", [])

    def accounts(self) -> dict[str, set[str]]:
        """Account → whom the roster gives it to; nothing where it gives no number at all."""
        found: dict[str, set[str]] = {}
        for line, row in enumerate(self.listed):
            if row.get("account"):
                number = row.get("id_number", "")
                found.setdefault(row["account"], set()).add(number if self.good(number) else f"?{line}")
        return {account: who for account, who in found.items() if any(self.good(one) for one in who)}

    def learn(self, owner_of_account: dict[str, str]) -> None:
        by_phone: dict[str, set[str]] = {}
        registered = []
        for line, row in enumerate(self.registrations):
            who = self._who([row.get("id_number", ""), owner_of_account.get(row.get("account", ""), "")], f"r{line}?")
            registered.append(self._known(False, who, row))
            by_phone.setdefault(registered[-1].phone, set()).add(who)
        for line, row in enumerate(self.listed):
            ways = [row.get("id_number", ""), owner_of_account.get(row.get("account", ""), "")]
            reached = by_phone.get(phone(row.get("phone", "")) or "-", set())
            ways += reached if len(reached) == 1 else set()
            self.known.append(self._known(True, self._who(ways, f"l{line}?"), row))
        self.known += registered

    def _who(self, ways: list[str], otherwise: str) -> str:
        return next((way for way in ways if way and self.good(way)), otherwise)

    @staticmethod
    def _known(rostered: bool, who: str, row: Row) -> Known:
        return Known(rostered, who, phone(row.get("phone", "")), legible(row.get("name", "")), row.get("employer", ""))

    def by_name(self, table: str) -> bool:
        return bool(self.listed) or (self.nicknamed and table == "sessions")

    def phones(self, row: Row, table: str) -> list[str]:
        found = [phone(row.get("phone", ""))]
        if self.by_name(table):
            found.append(phone_within(row.get("name", "")))
        return [one for one in found if one]

    def lead(self, row: Row, table: str, bare: bool) -> Led | None:
        """`bare`: the row has no account, or one that is several people's. None: the row asks for nothing."""
        if not self.on or table not in JOINED:
            return None
        for number in self.phones(row, table):
            who = {one.who for one in self.known if one.phone == number}
            if len(who) == 1 and self.good(*who):
                own = number == phone(row.get("phone", ""))
                return Led(*who, "phone" if own else "said_phone")
        if not bare or not self.by_name(table):
            return None
        return self._by_name(row, self.nicknamed and table == "sessions")

    def _by_name(self, row: Row, nicknamed: bool) -> Led:
        employer, said = row.get("employer", ""), folded(row.get("name", ""))
        known = [
            one
            for one in self.known
            if one.name and (one.rostered or nicknamed) and (not employer or one.employer in ("", employer))
        ]

        def bearers(text: str) -> set[str]:
            return {one.who for one in known if one.name == text}

        def held(text: str) -> set[str]:
            return {one.who for one in known if stands_in(one.name, text)}

        whole = bearers(said)
        if whole:
            why = SEVERAL if len(whole) > 1 else NOBODY
            return Led(*whole, "name") if len(whole) == 1 and self.good(*whole) else Led(None, "", why, len(whole))
        count = len(held(said))
        if any(sign in said.strip("&、") for sign in "&、"):
            return Led(None, "", DEVICE, count)
        front, inside = "", ""
        if said.endswith(")") and said.count("(") == 1 and said.count(")") == 1:
            front, inside = said[:-1].split("(")
            if inside.lower() not in ROLES:
                one, two = bearers(front), bearers(inside)
                if len(two) == 1 and (one == two or (not one and held(front) <= two)) and self.good(*two):
                    return Led(*two, "nickname")
                if len(one) > 1 or len(two) > 1:
                    return Led(None, "", SEVERAL, count)
                if held(front) and held(inside):
                    return Led(None, "", PARTS, count)
        return Led(None, "", ADDITION if count else NOBODY, count)

    def anybodys(self, row: Row, table: str) -> bool:
        """Whether somebody is meant by a name of his own making, whom no list knows."""
        if not (self.nicknamed and table == "sessions" and row.get("name") and not row.get("account")):
            return False
        led = self.lead(row, table, True)
        return led is not None and led.why == NOBODY and not led.candidates

    def maybe(self, row: Row, table: str) -> set[str]:
        """Whom the keys of a row that leads to nobody may mean."""
        found = {one.who for one in self.known if one.phone and one.phone in self.phones(row, table)}
        accounts = self.accounts().get(row.get("account", ""), set())
        return found | (accounts if len(accounts) > 1 else set())
