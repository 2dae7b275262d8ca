"""Groups of people → one labelled export: CSV files with our own headers, and the label of everybody in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from .papers import PLANTED, claim_day, write_papers
from .table import write_table
from .world import HOUR, MINUTE, Group, Ints, Site

_TOPICS = ("岗位技能", "安全生产", "职业道德", "防疫知识", "工匠精神", "质量意识", "工伤预防")
_WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", "安宁平和文武良善勤俭诚信明亮春秋"


@dataclass
class World:
    """`people`: as in Group, with id_number, kind, strength, sham and planted (both texts may be empty)."""

    site: Site
    people: pl.DataFrame
    sittings: pl.DataFrame


def build(site: Site, groups: Sequence[tuple[str, str, bool, Group]], plant: int = 0) -> World:
    """One export of these (kind, strength, sham, group), the people in no order; `plant`: so many people of each
    breach among those who study at home."""
    people, sittings, first = [], [], 0
    for kind, strength, sham, group in groups:
        labels = (pl.lit(kind).alias("kind"), pl.lit(strength).alias("strength"), pl.lit(sham).alias("sham"))
        people.append(group.people.with_columns(labels))
        sittings.append(
            group.sittings.select("person", "lesson", "start", "end", "address", "second", "late")
            .cast(pl.Int64)
            .with_columns(pl.col("person") + first)
        )
        first += len(group.people)
    numbers = identities(site.rng.permutation(first))
    everybody = pl.concat(people).with_columns(
        pl.Series("id_number", numbers), planted=_planted(site, pl.concat(people), plant)
    )
    return World(site, everybody, _cut(site, everybody, pl.concat(sittings)))


def _planted(site: Site, people: pl.DataFrame, count: int) -> pl.Series:
    at_home = site.rng.permutation(np.flatnonzero((people["kind"] == "home").to_numpy()))
    wanted = [fault for fault, name in PLANTED.items() if name in site.notice.rules] * count
    planted = np.full(len(people), "", dtype=object)
    planted[at_home[: len(wanted)]] = wanted[: len(at_home)]
    return pl.Series("planted", planted.tolist(), dtype=pl.String)


def _cut(site: Site, people: pl.DataFrame, sittings: pl.DataFrame) -> pl.DataFrame:
    """Of people whose hours are to be short, only the sittings that stay half a class hour below."""
    short = pl.Series((people["planted"] == "short").to_numpy()).gather(sittings["person"])
    spent = (pl.col("end") - pl.col("start")).cum_sum().over("person", order_by="start")
    return sittings.filter(~short | (spent < site.required - site.unit // 2))


def identities(order: Ints) -> list[str]:
    """Invented identity numbers with their check digits, sequence 9xx."""
    born = np.datetime64("1968-01-01") + (order * 37 % 12_000)
    days = np.char.replace(np.datetime_as_string(born, unit="D"), "-", "")
    body = np.char.add(np.char.add("321283", days), np.char.mod("9%02d", order // 12_000 % 100))
    digits = np.array([list(one) for one in body], dtype=np.int64)
    return np.char.add(body, np.array(list("10X98765432"))[digits @ _WEIGHTS % 11]).tolist()  # type: ignore[no-any-return]


def _moment(column: str) -> pl.Expr:
    return pl.from_epoch(pl.col(column), "s").dt.strftime("%Y-%m-%d %H:%M:%S").alias(column)


def _length(column: str) -> pl.Expr:
    seconds = pl.col(column).cast(pl.Int64)
    return pl.format(
        "{}:{}:{}",
        seconds // HOUR,
        (seconds // 60 % 60).cast(pl.String).str.zfill(2),
        (seconds % 60).cast(pl.String).str.zfill(2),
    ).alias(column)


def write(world: World, folder: Path) -> None:
    """Every table of the export, into an empty folder."""
    folder.mkdir(parents=True, exist_ok=True)
    site, people = world.site, world.people
    number = np.arange(len(people))
    names = [_SURNAMES[n % 16] + _GIVEN[n // 16 % 16] + _GIVEN[n // 256 % 16] for n in number.tolist()]
    who = people.select(
        "id_number", pl.Series("name", names), pl.Series("employer", site.employers).gather(people["employer"]),
        account=pl.format("xy{}", pl.Series(number + 10_000)),
    )  # fmt: skip
    lessons = pl.Series([f"{_TOPICS[n % len(_TOPICS)]}第{n // len(_TOPICS) + 1}讲" for n in range(len(site.lengths))])
    _sessions(world, folder, who, lessons)
    _registrations(world, folder, who)
    _exams(world, folder, who)
    _claims(world, folder, who)
    plan = pl.DataFrame(
        {
            "course": lessons,
            "class_hours": 1,
            "minutes": site.lengths,
            "topic": [_TOPICS[n % len(_TOPICS)] for n in range(len(lessons))],
        }
    )
    write_table(folder, "courses", plan.with_columns(_length("minutes")))
    firms = pl.DataFrame(
        {"employer": site.employers, "district": [f"测算{'东西南'[n % 3]}区" for n in range(len(site.employers))]}
    )
    write_table(folder, "employers", firms.with_columns(dispatch=pl.lit("否")))
    if site.full:
        write_papers(site, folder, who.select("id_number", "name", "employer"), people["planted"])


def _account(frame: pl.DataFrame) -> pl.Expr:
    return pl.when(pl.col("second") == 1).then(pl.format("{}b", "account")).otherwise("account").alias("account")


def _sessions(world: World, folder: Path, who: pl.DataFrame, lessons: pl.Series) -> None:
    site, rows = world.site, world.sittings
    if site.proxies:
        relay = site.rng.choice(site.addresses(site.proxies), len(rows))
        through = site.rng.random(len(rows)) < 0.96
        rows = rows.with_columns(address=pl.when(pl.Series(through)).then(pl.Series(relay)).otherwise("address"))
    written = pl.col("end") + pl.col("late") + pl.Series(site.rng.integers(0, 4, len(rows)))
    rows = rows.with_columns(saved_at=written).sort("saved_at", "person", "start")
    rows = rows.with_columns(record_no=pl.int_range(pl.len()) + 500_001)
    if site.minutes:
        rows = rows.with_columns(pl.col(name) - pl.col(name) % MINUTE for name in ("start", "end"))
    octets = [pl.col("address") // 256**power % 256 for power in (3, 2, 1, 0)]
    frame = pl.concat([who[rows["person"]], rows], how="horizontal").with_columns(
        _account(rows), lessons.gather(rows["lesson"]).alias("course"),
        pl.format("{}.{}.{}.{}", *octets).alias("address"),
        _moment("start").alias("start_at"), _moment("end").alias("end_at"), _moment("saved_at"),
    )  # fmt: skip
    frame = frame.drop("late") if site.full else frame.drop("late", "saved_at", "record_no")
    write_table(folder, "sessions", frame.sort("person", "start", "end"))


def _registrations(world: World, folder: Path, who: pl.DataFrame) -> None:
    people, rows = world.people, world.sittings
    total = rows.group_by("person", "second").agg(total_time=(pl.col("end") - pl.col("start")).sum())
    each = people.with_row_index("person").select(
        pl.col("person").cast(pl.Int64), "registered", "phone", "accounts", "planted"
    )
    each = pl.concat(
        [
            each,
            who.with_columns(
                sex=pl.when(pl.col("id_number").str.slice(16, 1).cast(pl.Int64) % 2 == 1)
                .then(pl.lit("男"))
                .otherwise(pl.lit("女"))
            ),
        ],
        how="horizontal",
    )
    both = [each.with_columns(second=pl.lit(nth, dtype=pl.Int64)).filter(pl.col("accounts") > nth) for nth in (0, 1)]
    frame = pl.concat(both).filter(pl.col("planted") != "unregistered")
    frame = frame.join(total, on=["person", "second"], how="left").with_columns(pl.col("total_time").fill_null(0))
    frame = frame.with_columns(_account(frame), _length("total_time"), _moment("registered").alias("registered_at"))
    write_table(folder, "registrations", frame.sort("person", "second"))


def _exams(world: World, folder: Path, who: pl.DataFrame) -> None:
    people = world.people
    once = pl.concat([who, people.select("exam", "score", "exam_s", "planted")], how="horizontal")
    once = once.filter(pl.col("planted") != "absent").with_columns(attempt=pl.lit(1))
    once = once.with_columns(score=pl.when(pl.col("planted") == "failed").then(40).otherwise("score"))
    third = once.filter(pl.col("planted") == "third")
    failed = [
        third.with_columns(pl.col("exam") + nth * HOUR, score=pl.lit(41 + nth, dtype=pl.Int64), attempt=pl.lit(nth + 1))
        for nth in (0, 1)
    ]
    last = once.with_columns(
        pl.col("exam") + pl.when(pl.col("planted") == "third").then(2 * HOUR).otherwise(0),
        attempt=pl.when(pl.col("planted") == "third").then(3).otherwise(1),
    )  # fmt: skip
    schema = last.select("attempt", "score").schema
    frame = pl.concat([*(one.cast({"attempt": schema["attempt"], "score": schema["score"]}) for one in failed), last])
    frame = frame.with_columns(
        pl.lit("结业考试").alias("exam_name"), pl.lit("、".join(_TOPICS)).alias("content"),
        _moment("exam").alias("taken_at"), _length("exam_s").alias("duration"),
        result=pl.when(pl.col("score") >= 60).then(pl.lit("合格")).otherwise(pl.lit("不合格")),
    ).drop("exam").rename({"exam_name": "exam"})  # fmt: skip
    write_table(folder, "exams", frame)


def _claims(world: World, folder: Path, who: pl.DataFrame) -> None:
    year, on = world.site.year, claim_day(world.site).isoformat()
    planted = world.people["planted"]
    frame = pl.concat([who, world.people.select("planted")], how="horizontal").with_columns(
        amount=pl.lit("300.00"),
        claimed_on=pl.when(pl.col("planted") == "late").then(pl.lit(f"{year}-07-01")).otherwise(pl.lit(on)),
    )  # fmt: skip
    again = frame.filter(planted == "twice").with_columns(claimed_on=pl.lit(f"{year}-04-20"))
    write_table(folder, "claims", pl.concat([frame, again]))
