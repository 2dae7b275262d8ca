"""Small populations with dense, nasty values, as the CSV files a platform would export. Nobody in them exists."""

from __future__ import annotations

import csv
import datetime
import itertools
import random
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import oracle
from hypothesis import strategies as st
from oracle import NOTICES, Row, Tables

SCHEMAS = Path(__file__).parent.parent / "schemas"
LABELS: dict[str, dict[str, str]] = {}
FILES: dict[str, str] = {}
for _path in sorted(SCHEMAS.glob("*.toml")):
    _schema = tomllib.loads(_path.read_text(encoding="utf-8"))
    LABELS[_path.stem] = {name: column["label"]["zh"] for name, column in _schema["columns"].items()}
    FILES[_path.stem] = _schema["label"]["zh"] + ".csv"

EMPLOYERS = ("甲机械厂", "乙电子厂", "丙纺织厂", "丁化工厂")
OTHER_NAMES = ("郑八", "郑八", "赵*", "张某", "钱?", " 赵 一(主持人)", "120", "")
NAMES = ("赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七")
ADDRESSES = (
    *("58.211.16.8",) * 4,
    *("2408:8000:1:2::5", "2408:8000:1:2:9::7", "2408:8000:1:2::5", "58.211.16.9"),
    *("10.0.0.5", "10.0.0.5", "192.168.1.7", "100.64.3.3", "", "未知"),
)
NETWORKS = (
    *("", "", "58.211.16.8", "58.211.16.0/24；2408:8000:1:2::/64", "58.211.16.5-58.211.16.9", "2408:8000:1:2::7"),
    *("58.211.16.*、10.0.0.0/24", "61.1.1.1;58.211.16.8"),
)
DAMAGED = "3.20522E+17"

Pick = Callable[[Sequence[Any]], Any]


@dataclass
class Population:
    """`tables`: rows as they stand in the files; a column that no row of a table carries is not exported."""

    notice: str
    tables: Tables = field(default_factory=dict)

    def write(self, folder: Path) -> Path:
        return write(folder, self.tables)


def write(folder: Path, tables: Tables, stems: dict[str, str] | None = None) -> Path:
    """Each table as one CSV file (UTF-8, Chinese headers)."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in tables.items():
        columns = [name for name in LABELS[table] if any(name in row for row in rows)]
        if not rows:
            continue
        name = (stems or {}).get(table, FILES[table])
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([LABELS[table][column] for column in columns])
            writer.writerows([[row.get(column, "") for column in columns] for row in rows])
    return folder


def number(sequence: int, valid: bool = True) -> str:
    """An identity number nobody holds: born 1990, sequence 9xx."""
    stem = f"320522{1980 + sequence // 90:04d}0101{910 + sequence % 90:03d}"
    for check in "0123456789X":
        good = oracle.identity(stem + check) == "good"
        if good == valid and not (stem + check).endswith("000"):
            return stem + check
    raise AssertionError(stem)


def moment(second: int) -> str:
    return (oracle.EPOCH + datetime.timedelta(seconds=second)).strftime("%Y-%m-%d %H:%M:%S")


def session(who: Row, start: int, end: int, course: str, address: str) -> Row:
    return {**who, "course": course, "address": address, "start_at": moment(start), "end_at": moment(end)}


class Maker:
    """Makes one population out of choices; `pick` takes one of several."""

    def __init__(self, pick: Pick, notice: str) -> None:
        self._pick = pick
        self.notice = NOTICES[notice]
        self.name = notice
        self.day = self.notice.first + 2 * 86400 + 9 * 3600
        self.year = moment(self.day)[:4]
        self.by = self.of("id", "id", "account", "both")
        self.named = self.of(True, True, False)
        self.employed = self.of(True, False)
        self.tables: Tables = {table: [] for table in ("registrations", "sessions", "exams")}
        self.totalled = self.of("registrations", "registrations", "sessions", "both", "no")
        self.firms = EMPLOYERS[: self.of(2, 3, 4)]

    def of(self, *choices: Any) -> Any:
        """One of the choices; said twice it comes twice as often."""
        return self._pick(choices)

    def one_in(self, count: int) -> bool:
        return bool(self._pick(range(count)) == count - 1)

    def make(self, people: int) -> Population:
        if not self.one_in(8):
            self.tables["claims"] = []
        if not self.one_in(3):
            lessons = self.notice.hours + self.of(0, 0, 1, -1)
            self.tables["courses"] = [
                {"course": f"第{n}课", "class_hours": self.of("1", "1", "1", "2", "") if n < 4 else "1"}
                for n in range(1, lessons + 1)
            ]
        for place in range(people):
            self.person(place)
        for _ in range(self.of(0, 0, 0, 1, 2)):
            self.stray()
        if self.of(True, False):
            self.tables["employers"] = [self.employer(firm) for firm in self.firms if not self.one_in(4)]
        for table in ("sessions", "exams"):
            rows = self.tables[table]
            if rows and self.one_in(2):
                rows.append(dict(rows[self.of(*range(len(rows)))]))  # the same row exported twice
        if not self.tables.get("claims", [{}]):
            del self.tables["claims"]
        return Population(self.name, {table: rows for table, rows in self.tables.items() if rows})

    def employer(self, firm: str) -> Row:
        return {"employer": firm, "networks": self.of(*NETWORKS), "dispatch": self.of("否", "否", "", "是")}

    # one person

    def person(self, place: int) -> None:
        good = number(place, valid=not self.one_in(25))
        name, firm = self.of(*NAMES), self.of(*self.firms)
        account = f"user{place:03d}"
        honest = self.of(True, False)
        kind = self.kind(honest)
        registered, studied = len(self.tables["registrations"]), len(self.tables["sessions"])
        accounts = self.registrations(good, name, firm, account, kind)
        self.sessions(place, self.keys(good, name, firm, accounts), honest)
        self.totals(honest, (registered, len(self.tables["registrations"])), (studied, len(self.tables["sessions"])))
        self.exams(self.keys(good, name, firm, accounts), honest)
        if "claims" in self.tables:
            self.claims(good, name, firm, honest)

    def kind(self, honest: bool) -> str:
        kinds = ("one", "one", "one", "two", "none", "no account", "blank", "damaged", "other name", "second damaged")
        return "one" if honest else str(self.of(*kinds))

    def registrations(self, good: str, name: str, firm: str, account: str, kind: str) -> list[str]:
        row = {"id_number": good, "account": account, "name": name, "employer": firm}
        rows = self.tables["registrations"]
        if kind == "none":
            return [account]
        rows.append(row)
        if kind in ("two", "second damaged"):
            rows.append({**row, "account": account + "b"})
            if kind == "second damaged":
                rows[-1]["id_number"] = DAMAGED
            return [account, account + "b"]
        if kind == "no account":
            row["account"] = ""
            return [account if self.by == "account" else ""]
        if kind == "blank":
            row["id_number"] = ""
        if kind == "damaged":
            row["id_number"] = DAMAGED
        if kind == "other name":
            row["name"] = self.of(*OTHER_NAMES)
        return [account]

    def keys(self, good: str, name: str, firm: str, accounts: list[str]) -> Row:
        row: Row = {}
        if self.by in ("id", "both"):
            row["id_number"] = good
        if self.by in ("account", "both"):
            row["account"] = self.of(*accounts)
        if self.named:
            row["name"] = name
        if self.employed:
            row["employer"] = firm
        return row

    def sessions(self, place: int, who: Row, honest: bool) -> None:
        notice, rows = self.notice, self.tables["sessions"]
        unit, need, start = notice.unit, notice.need, self.day + 86400
        home = f"58.211.17.{place + 1}"
        more = 0 if honest else self.of(-1, 0, 0, 1)
        match self.of("long", "lessons", "halves") if honest else self.of("long", "lessons", "halves", "edge", "none"):
            case "long":
                rows.append(session(who, start, start + need + more, "第1课", home))
            case "lessons":
                for n in range(notice.hours):
                    last = more if n == notice.hours - 1 else 0
                    rows.append(session(who, start + n * unit, start + (n + 1) * unit + last, f"第{n + 1}课", home))
            case "halves":
                half, lap = need // 2, self.of(0, 60, 61)
                other = home if honest else self.of(home, "58.211.16.9")
                rows.append(session(who, start, start + half, "第1课", home))
                rows.append(session(who, start + half - lap, start + need + more, "第2课", other))
            case "edge":  # the last hours of the period, and beyond
                over = self.of(0, 1, 60)
                rows.append(session(who, notice.stop - need + over, notice.stop + over, "第1课", home))
        if honest and not self.one_in(4):
            return
        rows += [self.nasty(who, honest) for _ in range(self.of(0, 1, 2, 3, 5))]

    def totals(self, honest: bool, registered: tuple[int, int], studied: tuple[int, int]) -> None:
        """The platform's own total of the sessions of one person, in the rows made for that person: right, at the
        limit of what may differ, or wrong."""
        mine = self.tables["sessions"][slice(*studied)]
        edges = [(oracle.seconds(row["start_at"]), oracle.seconds(row["end_at"])) for row in mine]
        raw = sum(max(0, end - start) for start, end in edges if start is not None and end is not None)
        slack = max(60 * len(mine), raw // 100)
        for table, rows in (("registrations", self.tables["registrations"][slice(*registered)]), ("sessions", mine)):
            if self.totalled not in (table, "both"):
                continue
            said = raw + (0 if honest else self.of(0, 0, slack, slack + 1, -slack, -slack - 1, 36_000, -raw))
            for row in rows:
                total = said if honest or not self.one_in(6) else self.of(said // 2, 0)
                row["total_time"] = f"{max(0, total) // 3600}:{max(0, total) // 60 % 60:02}:{max(0, total) % 60:02}"
                if not honest and self.one_in(12):
                    row["total_time"] = self.of("", "很久")

    def nasty(self, who: Row, honest: bool) -> Row:
        notice, day = self.notice, self.day
        first, stop = notice.first, notice.stop
        start = self.of(
            *(day, day, day, day + 1, day + 60, day + 61, day + 1800, day + 86400 + 600),
            *(first - 3600, first - 60, first - 1, first, first + 1, stop - 3600, stop - 61, stop - 1, stop, stop + 60),
        )
        length = self.of(
            *(0, 1, 59, 60, 61, 62, 120, 1800, 3600, notice.unit - 1, notice.unit, notice.unit + 1, 4 * 3600),
            *(() if honest else (-60, notice.need - 1, notice.need)),
        )
        row = session(who, start, start + length, self.of("第1课", "第2课", "第2课", "别的课", ""), self.of(*ADDRESSES))
        if not honest and self.one_in(10):
            row[self.of("start_at", "end_at", "end_at")] = self.of("", "2021-02-30 10:00:00", "昨天上午")
        if not honest and self.one_in(20) and "id_number" in row:
            row["id_number"] = self.of("", DAMAGED)
        return row

    def exams(self, who: Row, honest: bool) -> None:
        rows, after = self.tables["exams"], self.day + 20 * 86400
        if honest:
            rows.append(self.attempt(who, "结业考试", self.of("60", "80", "100"), "合格", "1", moment(after)))
            return
        count = self.of(0, 1, 1, 2, 2, 3, 4)
        # of several attempts all carry a time, or none; the same for numbers. Where only some do, the package asks for
        # verification in cases that could still be told.
        timed = count < 2 or self.of(True, True, False)
        numbers = self.of(*itertools.permutations("1234")) if count < 2 or self.of(True, False) else ("",) * 4
        for place in range(count):
            score, result = self.of(
                *(("59", "不合格"), ("59.5", "不合格"), ("59", "不合格"), ("60", "合格"), ("60", "合格")),
                *(("75", "不合格"), ("50", "合格"), ("", "合格"), ("", "不合格"), ("60", "")),
                *(("优", ""), ("", "缺考"), ("优", "合格"), ("缺考", "缺考")),
            )
            exam = self.of("结业考试", "结业考试", "结业考试", "单元测验", "安全期末")
            when = self.of(
                *(moment(after), moment(after + 60), moment(after + 86400), moment(after)),
                *(moment(self.day - 86400), moment(after)[:10], *(("", "") if count < 2 else ())),
            )
            attempt = numbers[place] if numbers[place] < "4" else self.of("4", "1", "2")
            rows.append(self.attempt(who, exam, score, result, attempt, when if timed else ""))

    @staticmethod
    def attempt(who: Row, exam: str, score: str, result: str, attempt: str, when: str) -> Row:
        return {**who, "exam": exam, "score": score, "result": result, "attempt": attempt, "taken_at": when}

    def claims(self, good: str, name: str, firm: str, honest: bool) -> None:
        rows = self.tables["claims"]
        row = {"id_number": good, "name": name, "employer": firm, "amount": "300", "claimed_on": f"{self.year}-04-08"}
        if honest:
            rows.append(row)
            return
        firms = (firm, firm, firm, *self.firms, "")
        for _ in range(self.of(0, 1, 1, 1, 1, 2, 2, 3)):
            written = self.of(*(good,) * 20, "", DAMAGED)
            row = {
                "id_number": written,
                "name": self.of(*(name,) * 8, *OTHER_NAMES),
                "employer": self.of(*firms),
                "amount": self.of("300", "300", "300", "500", "200", "200.50", ""),
                "claimed_on": self.of(*(f"{self.year}-04-{day}" for day in ("08", "08", "09", "20")), ""),
            }
            if any(row.values()):  # else a blank row, which is no claim
                rows.append(row)

    def stray(self) -> None:
        """A row that leads to nobody, or to an account that no registration knows."""
        who: Row = {}
        if self.by in ("id", "both"):
            who["id_number"] = self.of("", DAMAGED)
        if self.by in ("account", "both"):
            who["account"] = self.of("", "nobody1", "nobody2")
        if self.named:
            who["name"] = self.of(*NAMES, *NAMES, "")
        if self.employed:
            who["employer"] = self.of(*self.firms, *self.firms, "")
        if self.of(True, True, False):
            start = self.day
            self.tables["sessions"].append(session(who, start, start + 3600, "第1课", self.of(*ADDRESSES)))
        else:
            self.tables["exams"].append(self.attempt(who, "结业考试", "80", "合格", "1", moment(self.day)))


class Meeting:
    """Turns sessions, and perhaps exams, of a population into what a meeting exports: no identity number, and names as
    people write them; and adds a roster."""

    def __init__(self, maker: Maker, tables: Tables) -> None:
        self.maker, self.tables, self.of = maker, tables, maker.of
        self.listed = [dict(row) for row in tables["registrations"] if row["name"]]

    def make(self) -> bool:
        """Whether a layout says that the sessions carry nicknames."""
        for place, row in enumerate(self.tables["registrations"]):
            if self.of(True, False):
                row["phone"] = self.phone(place)
        who = {row["id_number"]: row for row in self.listed} | {row["account"]: row for row in self.listed}
        keys = self.of(("name",), ("name", "phone"), ("name", "account"), ("phone",), ("name", "phone", "employer"))
        for table in self.of(("sessions",), ("sessions",), ("sessions", "exams")):
            for row in self.tables[table]:
                real = who.get(row.get("id_number", "")) or who.get(row.get("account", ""))
                if real and not self.maker.one_in(12):
                    self.veil(row, real, keys)
        if self.of(True, True, True, False):
            self.tables["roster"] = [row for row in map(self.row, self.listed) if row] or [
                {"name": "冯十", "phone": "1"}
            ]
            if self.maker.one_in(3):
                self.tables["roster"].append(dict(self.of(*self.tables["roster"])) | {"account": self.of("", "A001")})
            return bool(self.maker.one_in(3))
        return True

    def place(self, row: Row) -> int:
        return int(row["account"].removeprefix("user").rstrip("b") or "0") if row["account"] else 99

    @staticmethod
    def phone(place: int) -> str:
        return f"19900000{place:03d}"

    def veil(self, row: Row, real: Row, keys: tuple[str, ...]) -> None:
        called, other = (name["name"].split("(")[0] for name in (real, self.of(*self.listed)))
        forms = ("{0}",) * 8 + (
            *(
                "{0}(主持人)",
                "{0}（{1}）",
                "sunny({0})",
                "{0}({0})",
                "{0}&{1}",
                "{0}＆路人",
                "{0}-甲公司",
                "001{0}",
                "{0}2",
            ),
            *("sunny", "", "{0} {2}", "({0})", "{1}", "{1}-甲({0})", "{0}、{1}({0})", "小{0}{2}"),
        )
        row |= {"id_number": "", "account": "", "name": "", "phone": ""}
        firm = row.pop("employer", "")
        if "name" in keys:
            row["name"] = self.of(*forms).format(called, other, self.phone(self.place(real)))
        if "phone" in keys:
            row["phone"] = self.of(self.phone(self.place(real)), self.phone(self.place(real)), "", "19900009999", "x")
        if "account" in keys:
            row["account"] = self.of(f"A{self.place(real):03d}", "", "", "zoom7")
        row["employer"] = firm if "employer" in keys else ""

    def row(self, real: Row) -> Row | None:
        if self.maker.one_in(6):
            return None
        place = self.place(real)
        return {
            "name": self.of(real["name"], real["name"], real["name"], " ".join(real["name"]), "冯十"),
            "id_number": self.of(*(real["id_number"],) * 6, "", DAMAGED),
            "phone": self.of(self.phone(place), f"+86 {self.phone(place)}", self.phone(place // 2), ""),
            "account": self.of(f"A{place:03d}", f"A{place:03d}", f"A{place // 2:03d}", ""),
            "employer": self.of(real["employer"], real["employer"], ""),
        }


@st.composite
def meetings(draw: st.DrawFn, notice: str, people: tuple[int, int] = (3, 9)) -> tuple[Population, bool]:
    """A population under a notice whose sessions name people by nicknames, and whether a layout says so."""
    maker = Maker(lambda choices: draw(st.sampled_from(choices)), notice)
    made = maker.make(draw(st.integers(*people)))
    for table in ("registrations", "sessions", "exams"):
        made.tables.setdefault(table, [])
    nicknamed = bool(made.tables["registrations"]) and Meeting(maker, made.tables).make()
    return Population(notice, {table: rows for table, rows in made.tables.items() if rows}), nicknamed


@st.composite
def populations(draw: st.DrawFn, notice: str, people: tuple[int, int] = (5, 25)) -> Population:
    """A population under a notice."""
    count = draw(st.integers(*people))
    return Maker(lambda choices: draw(st.sampled_from(choices)), notice).make(count)


def invented(notice: str, seed: int, people: int, **fixed: object) -> Population:
    """A population by chance; `fixed`: what is not left to it (`by`, `named`, `employed`)."""
    maker = Maker(random.Random(seed).choice, notice)
    for name, value in fixed.items():
        setattr(maker, name, value)
    return maker.make(people)
