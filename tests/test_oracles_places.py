"""The rules about places and the data rules beside them, against a slow reading of their words in plain Python."""

from __future__ import annotations

import datetime as dt
import ipaddress
import math
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from harness import Result, Row, Tables, checked, examples, person_name, run_audit, sex
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from auditor import places, policy
from auditor.intake import network

STILL = settings(
    deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
EPOCH = dt.datetime(1970, 1, 1)
RULES = (
    *("address-not-public", "address-shared-across-districts", "address-other-province", "travel-impossible"),
    *("identity-masked", "value-masked", "account-of-several", "session-too-long", "age-implausible"),
)
FIRMS = ("甲厂", "乙厂", "丙厂", "丁厂")
DISTRICTS = {"甲厂": "东区", "乙厂": "西区", "丙厂": "东区", "丁厂": ""}
CITIES = {  # province, city, latitude, longitude
    "A": ("江苏省", "苏州", "31.30", "120.60"), "B": ("江苏", "南京", "32.06", "118.80"),
    "C": ("北京", "", "39.50", "116.40"), "D": ("新疆", "乌鲁木齐", "43.80", "87.60"), "E": ("贵州", "", "", ""),
    "F": ("", "", "", ""),
}  # fmt: skip
NETWORKS = {  # of two that hold an address the smaller one tells
    "58.211.0.0/16": "A", "61.155.0.0/16": "B", "111.13.0.0/16": "C", "124.117.0.0/16": "D", "124.117.9.0/24": "A",
    "117.187.0.0-117.187.255.255": "E", "27.0.0.0/8": "F", "240e:3a1::/32": "A", "240e:3a1:9::/48": "D",
}  # fmt: skip
ADDRESSES = (
    *("58.211.1.1", "58.211.1.2", "58.211.1.3", "61.155.1.1", "111.13.1.1", "111.13.1.2", "124.117.1.1"),
    *("124.117.9.1", "117.187.1.1", "27.1.1.1", "8.8.8.8", "10.0.0.5", "240e:3a1:9:1::7", "240e:3a1:1:1::7"),
)


# ── the slow reading ─────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Sitting:
    who: str
    where: str
    start: int
    end: int
    row: int


def seconds(text: str) -> int:
    return int((dt.datetime.fromisoformat(text) - EPOCH).total_seconds())


def written(address: str) -> str:
    """An address as it is compared: of IPv6 the household."""
    if ":" not in address:
        return address
    parts = ipaddress.ip_address(address).exploded.split(":")[:4]
    return ":".join(f"{int(part, 16):x}" for part in parts) + "::/64"


def place(address: str) -> tuple[str, str, str, str] | None:
    """What the smallest network says that holds an address."""
    at, found = ipaddress.ip_address(address), []
    for cell, city in NETWORKS.items():
        first, _, last = cell.partition("-")
        low, high = ipaddress.ip_network(first), ipaddress.ip_network(last or first)
        if low.version == at.version and int(low[0]) <= int(at) <= int(high[-1]):
            found.append((int(high[-1]) - int(low[0]), city))
    return CITIES[min(found)[1]] if found else None


def apart(one: tuple[str, ...], two: tuple[str, ...]) -> float:
    """Kilometres between two places, over the poles' sphere."""
    y, x, v, u = (math.radians(float(text)) for text in (*one[2:], *two[2:]))
    return 6371 * math.acos(min(1, math.sin(y) * math.sin(v) + math.cos(y) * math.cos(v) * math.cos(x - u)))


class Reading:
    """What each rule says of a population: rule → what it is about → what it measures."""

    def __init__(self, tables: Tables, notice: str) -> None:
        self.tables, self.notice = tables, policy.load(notice)
        self.home = {row["id_number"]: row["employer"] for row in tables["registrations"]}
        self.dispatch = {row["employer"] for row in tables["employers"] if row["dispatch"] == "是"}
        self.first = seconds(f"{self.notice.period_from:08}")
        self.stop = seconds(f"{self.notice.period_to:08}") + 86400
        owners = defaultdict(set)
        for row in tables["registrations"]:
            owners[row["account"]].add(row["id_number"])
        self.sittings: list[Sitting] = []
        self.nobodys: list[Sitting] = []
        for number, row in enumerate(tables["sessions"]):
            who = row["id_number"] if row["id_number"].isalnum() else ""
            if not row["id_number"] and len(owners[row["account"]]) == 1:
                (who,) = owners[row["account"]]
            times = seconds(row["start_at"]), seconds(row["end_at"])
            one = Sitting(who, written(row["address"]), *times, number)
            (self.sittings if who else self.nobodys).append(one)
        self.by: dict[str, list[Sitting]] = defaultdict(list)
        for one in sorted(self.sittings, key=lambda s: (s.start, s.end, s.where, s.row)):
            self.by[one.who].append(one)
        self.raw = {written(row["address"]): row["address"] for row in tables["sessions"]}
        self.people()
        self.said: dict[str, Counter[object]] = {name: Counter() for name in RULES}
        self.relays()
        self.districts()
        self.provinces()
        self.travels()
        self.data()

    def people(self) -> None:
        self.users: dict[str, set[str]] = defaultdict(set)
        for one in self.sittings:
            self.users[one.where].add(one.who)
        self.active = {one.who for one in self.sittings if one.end >= one.start}
        self.private = {at for at, raw in self.raw.items() if not ipaddress.ip_address(raw).is_global}

    def share(self, at: str, percent: int) -> bool:
        """Whether more than `percent` of all learners use an address, whichever employer is left out."""
        counted = {who for who in self.active if self.home.get(who, "") not in self.dispatch}
        here = self.users[at] & counted
        if len(counted) < 50:
            return False
        for left in {self.home.get(who, "") for who in self.users[at]}:
            out = {who for who in counted if self.home.get(who, "") == left}
            if len(here - out) * 100 <= percent * len(counted - out):
                return False
        return True

    def relays(self) -> None:
        counted = {who for who in self.active if self.home.get(who, "") not in self.dispatch}
        pool = {at for at in self.users if at not in self.private and self.share(at, 10)}
        served = {who for at in pool for who in self.users[at]} & counted
        together = pool if len(served) * 100 >= 80 * len(counted) else set()
        self.proxies = {at for at in self.users if self.share(at, 30)} | together
        self.common = {
            at for at, who in self.users.items() if len(self.active) >= 50 and len(who) * 100 > 30 * len(self.active)
        }
        for at in self.users:
            if at in self.private | self.proxies:
                self.said["address-not-public"][at] = len(self.users[at])

    def districts(self) -> None:
        seen = defaultdict(set)
        for one in self.sittings:
            if one.where not in self.private | self.proxies:
                seen[one.where, one.start // 86400].add(one.who)
        own = {row["employer"]: row["networks"] for row in self.tables["employers"]}
        for (at, day), keys in seen.items():
            firms = {self.home[who] for who in keys} - self.dispatch
            areas = {DISTRICTS[firm] for firm in firms if firm in own} - {""}
            declared = set(own.values())
            away = {
                who
                for who in keys
                if self.raw[at] not in (declared if self.home[who] in self.dispatch else {own.get(self.home[who], "")})
            }
            if len(keys) >= 3 and len(areas) >= 2 and away:
                self.said["address-shared-across-districts"][at, day] = len(keys)

    def provinces(self) -> None:
        placed = {at: place(raw) for at, raw in self.raw.items() if at in self.users}
        names = {at: said[0] for at, said in placed.items() if said and said[0]}
        if not any("江苏" in name for name in names.values()):
            return
        for who, sittings in self.by.items():
            reached, days = 0, defaultdict(set)
            for one in sittings:
                low, high = max(one.start, self.first, reached), min(one.end, self.stop)
                if one.end < one.start:
                    continue
                if high > low and one.where in names and one.where not in self.private:
                    at_home = "江苏" in names[one.where]
                    if at_home or one.where not in self.common | self.proxies:
                        days[one.start // 86400].add(at_home)
                reached = max(reached, one.end)
            away = sum(said == {False} for said in days.values())
            if away >= 3 and away * 2 >= len(days):
                self.said["address-other-province"][who] = away

    def travels(self) -> None:
        skipped = self.private | self.common | self.proxies
        for who, sittings in self.by.items():
            days, before = set(), None
            for one in sittings:
                at = place(self.raw[one.where])
                if one.end < one.start or one.where in skipped or not at or not at[2]:
                    continue
                if before:
                    far, gap = apart(before[1], at), max(0, one.start - before[0].end)
                    assert abs(far - 300) > 5 and (far < 300 or abs(far / 900 * 3600 - gap) > 10), "too near to tell"
                    if far >= 300 and far * 3600 > 900 * gap:
                        days.add(one.start // 86400)
                before = one, at
            if len(days) >= 2:
                self.said["travel-impossible"][who] = len(days)

    def data(self) -> None:
        numbers: dict[str, set[str]] = defaultdict(set)
        for table in ("registrations", "sessions"):
            masked = sum("*" in row["id_number"] for row in self.tables[table])
            if masked:
                self.said["identity-masked"][table] = masked
            for field in ("name", "phone", "account"):
                hidden = sum("*" in row.get(field, "") for row in self.tables[table])
                if hidden:
                    self.said["value-masked"][table, field] = hidden
            for row in self.tables[table]:
                if row["account"] and row["id_number"].isalnum():
                    numbers[row["account"]].add(row["id_number"])
        for count, who in ((len(found), who) for found in numbers.values() for who in found):
            if 2 <= count <= 5:
                said = self.said["account-of-several"]
                said[who] = max(said[who], count)
        if (most := max(map(len, numbers.values()))) > 5:
            self.said["account-of-several"][None] = most
        seen = set()
        for one in self.sittings + self.nobodys:  # of equal rows the first
            key = (one.who, one.start, one.end, one.where)
            if one.end - one.start > 86400 and key not in seen:
                self.said["session-too-long"][one.row + 2] = one.end - one.start  # below the header
            seen.add(key)
        day = str(self.notice.period_from)
        for who in {*self.home, *self.by}:
            age = int(day[:4]) - int(who[6:10]) - (day[4:] < who[10:14])
            if not 16 <= age <= 65:
                self.said["age-implausible"][who] = age


# ── populations ──────────────────────────────────────────────────────────────────────────────────────────────────────


def near(address: str, person: int) -> str:
    """An address of one person's own in the same network."""
    if ":" in address:
        return address
    one, two, three, _ = address.split(".")
    return f"{one}.{two}.9.{person + 1}" if three == "9" else f"{one}.{two}.{100 + person}.1"


def population(seed: int, notice: str) -> Tables:
    chance = random.Random(seed)
    of = chance.choice
    first = dt.datetime.strptime(str(policy.load(notice).period_from), "%Y%m%d") + dt.timedelta(days=3)
    firms = FIRMS[: of((1, 2, 3, 4, 4))]
    relays = ADDRESSES[3 : 3 + of((0, 0, 0, 0, 1, 3, 5))]  # stand before everybody
    tables: Tables = {
        "employers": [
            {
                **{"employer": firm, "district": DISTRICTS[firm], "dispatch": of("否否否是")},
                "networks": of(("", "", "58.211.1.2")),
            }
            for firm in firms
            if chance.random() < 0.8
        ],
        "places": [
            dict(zip(("network", "province", "city", "latitude", "longitude"), (cell, *CITIES[city]), strict=True))
            for cell, city in NETWORKS.items()
        ],
        "registrations": [],
        "sessions": [],
    }
    for n in range(chance.randint(46, 66)):
        born = dt.date(2021 - of((*[40] * 6, 15, 16, 17, 64, 65, 66, 67)), of((1, 2, 6)), of((1, 2, 28)))
        who = checked(f"320585{born:%Y%m%d}9{n:02}")
        account = of((*[f"user{n}"] * 8, "shared", f"u{n // 12}", "138****1234"))
        name, phone = of((person_name(n),) * 9 + ("张*",)), of((f"1990000{n:04}",) * 9 + ("138****1234",))
        person = {"id_number": who, "sex": sex(who), "account": account, "name": name, "phone": phone}
        tables["registrations"].append({**person, "employer": of(firms)})
        home = of(relays) if relays and chance.random() < 0.95 else ""
        usual = near(of(ADDRESSES), n)
        for _ in range(chance.randint(1, 7)):
            day = first + dt.timedelta(days=chance.randint(0, 5))
            start = day + dt.timedelta(hours=of((0, 8, 9, 9, 12, 20)), minutes=5 * chance.randint(0, 11))
            length = dt.timedelta(seconds=of((0, 1800, 3600, 3600, 7200, 86400, 86401, 200_000, -60)))
            if length > dt.timedelta(days=1) - dt.timedelta(seconds=1) and chance.random() < 0.8:
                length = dt.timedelta(minutes=40)
            row: Row = {"id_number": who, "account": account, "start_at": str(start), "end_at": str(start + length)}
            row["address"] = home or (usual if chance.random() < 0.7 else of((near(of(ADDRESSES), n), of(ADDRESSES))))
            match chance.randint(0, 19):
                case 0:
                    row |= {"id_number": "3205**********1234", "account": ""}
                case 1 | 2:
                    row["id_number"] = ""
            tables["sessions"] += [row] * (2 if chance.random() < 0.05 else 1)
        for day in range(7, 7 + of((0, 0, 0, 1, 2, 3))):  # from one place to another
            for at, begin in zip(chance.sample(ADDRESSES, 2), (0, 3600 + 300 * chance.randint(0, 60)), strict=True):
                start = first + dt.timedelta(days=day, hours=8, seconds=begin)
                row = {"id_number": who, "account": account, "start_at": str(start), "address": near(at, n)}
                tables["sessions"].append({**row, "end_at": str(start + dt.timedelta(hours=1))})
    return tables


def found(made: Result) -> dict[str, Counter[object]]:
    """What the package says, in the words of `Reading`."""
    number = dict(made.people.select("person_id", "id_number").rows())
    session = {
        row["fingerprint"]: (row["source_row"]) for row in made.evidence.sort("source_row", descending=True).to_dicts()
    }
    said: dict[str, Counter[object]] = {name: Counter() for name in RULES}
    labels = {
        "实名注册": "registrations",
        "学习记录": "sessions",
        "姓名": "name",
        "联系电话": "phone",
        "学员账号": "account",
    }
    for row in made.findings.filter(pl.col("rule").is_in(RULES)).to_dicts():
        who: object = number.get(row["person_id"])
        match row["rule"]:
            case "address-not-public":
                who = row["subject"]
            case "address-shared-across-districts":
                day = dt.date.fromisoformat(row["message"][:10])
                who = row["subject"], (day - EPOCH.date()).days
            case "identity-masked":
                who = labels[row["message"].partition("中")[0]]
            case "value-masked":
                table, field = row["message"].partition("”")[0].split("的“")
                who = labels[table], labels[field]
            case "session-too-long":
                who = session[row["fingerprint"]]
        said[row["rule"]][who] = row["measured"]
    return said


@pytest.mark.parametrize("notice", policy.names())
def test_the_slow_reading_agrees(notice: str) -> None:
    seen: Counter[str] = Counter()

    @settings(STILL, max_examples=examples(1))
    @given(st.integers(0, 10**6))
    @example(3)
    @example(5)
    def agree(seed: int) -> None:
        tables = population(seed, notice)
        expected = Reading(tables, notice)
        with TemporaryDirectory() as folder:
            made = found(run_audit({name: rows for name, rows in tables.items() if any(rows)}, notice, Path(folder)))
        for name in RULES:
            assert made[name] == expected.said[name], (seed, name)
            seen[name] += bool(made[name])

    agree()
    assert set(seen) == set(RULES) and min(seen.values()) > 0, seen


# ── the parts ────────────────────────────────────────────────────────────────────────────────────────────────────────

V4, V6 = st.integers(1 << 24, (1 << 32) - 1), st.integers(0x2 << 124, (0x4 << 124) - 1)


@st.composite
def spans(draw: st.DrawFn) -> tuple[list[str], list[str]]:
    """Networks, and addresses near their ends."""
    cells, near = [], []
    for _ in range(draw(st.integers(1, 12))):
        six = draw(st.booleans())
        base = draw(V6 if six else V4)
        made = ipaddress.IPv6Address if six else ipaddress.IPv4Address
        length = draw(st.integers(16, 64) if six else st.integers(8, 32))
        block = ipaddress.ip_network((base, length), strict=False)
        cells.append(str(block))
        if not six and draw(st.booleans()):
            cells.append(f"{block[0]}-{made(min(int(block[-1]) + draw(st.integers(0, 5000)), (1 << 32) - 1))}")
        ends = (int(block[0]), int(block[-1]), int(block[-1]) + 1, int(block[0]) - 1)
        near += [str(made(at)) for at in ends if (1 << 24) <= at < (0x4 << 124 if six else 1 << 32)]
    return sorted(set(cells)), sorted(set(near))


@settings(STILL, max_examples=examples(60))
@given(spans())
def test_the_smallest_network_is_found(made: tuple[list[str], list[str]]) -> None:
    cells, near = made
    texts = pl.DataFrame({"no": range(len(cells)), "text": cells})
    assert network.read(texts["text"], network.ANY)["text"].to_list() == cells
    addresses = pl.DataFrame({"rank": range(len(near)), "text": [written(at) for at in near]})
    got = defaultdict(set)
    for address_no, no in network.smallest(network.spans(texts), network.points(addresses)).rows():
        got[address_no].add(no)
    for rank, address in enumerate(near):
        at, held = ipaddress.ip_address(address), []
        for no, cell in enumerate(cells):
            first, _, last = cell.partition("-")
            low, high = int(ipaddress.ip_network(first)[0]), int(ipaddress.ip_network(last or first)[-1])
            here, version = int(at), ipaddress.ip_network(first).version
            if version == 6:
                low, high, here = low >> 64, high >> 64, here >> 64
            if version == at.version and low <= here <= high:
                held.append((high - low, no))
        assert got[rank] == {no for width, no in held if width == min(held)[0]}, address


@settings(STILL, max_examples=40)
@given(st.lists(st.tuples(st.integers(-8000, 8000), st.integers(-17900, 17900)), min_size=2, max_size=8, unique=True))
def test_distances_are_never_too_long(at: list[tuple[int, int]]) -> None:
    said = pl.DataFrame(
        {
            "latitude": [y for y, _ in at],
            "longitude": [x for _, x in at],
            "province": ["x"] * len(at),
            "city": ["y"] * len(at),
        }
    )
    spots, cell = places._spots(said)
    assert cell == 1 and spots["place_no"].n_unique() == len(at)
    where = {
        no: ("", "", str(y / 100), str(x / 100))
        for y, x, no in spots.select("latitude", "longitude", "place_no").rows()
    }
    kept = {(a, b): km for a, b, km in places._distances(spots, cell).rows()}
    for a in where:
        for b in where:
            true = apart(where[a], where[b])
            assert kept.get((a, b), 0) <= true + 0.1
            assert kept.get((a, b), 0) >= true - 4.5


def test_of_very_many_places_near_ones_are_one() -> None:
    grid = [(y, x) for y in range(3000, 3100) for x in range(12000, 12100, 2)]
    said = pl.DataFrame(grid, orient="row", schema={"latitude": pl.Int64, "longitude": pl.Int64})
    said = said.with_columns(province=pl.lit(None, pl.String), city=pl.lit(None, pl.String))
    spots, cell = places._spots(said)
    assert 100 < spots["place_no"].n_unique() <= 400 and cell == 8
    where = {(y, x): no for y, x, no in spots.select("latitude", "longitude", "place_no").rows()}
    kept = {(a, b): km for a, b, km in places._distances(spots, cell).rows()}
    for one, two in (((3000, 12000), (3099, 12098)), ((3000, 12000), (3003, 12098)), ((3050, 12050), (3090, 12002))):
        true = apart(("", "", str(one[0] / 100), str(one[1] / 100)), ("", "", str(two[0] / 100), str(two[1] / 100)))
        assert true - 26 < kept[where[one], where[two]] <= true
