"""The pages of people and of addresses in report.html: what they hold against a plain reading of the export, and how a
browser shows it."""

import csv
import datetime as dt
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from harness import Row, Tables, honest, identity, learner, merge, write_table
from test_html import browser

from auditor import audit, dossier, policy, words
from auditor.content import folder
from auditor.dossier import addresses, people
from auditor.render import FORMATS, to_html
from auditor.report import Report

__all__ = ["browser"]
Json = dict[str, Any]
NOTICE = policy.load("taicang-2021")
EPOCH = dt.datetime(1970, 1, 1)
LONG = "<script>alert(1)</script>{{7*7}}=cmd|'/c calc'!A1 𬱖喆" + "课" * 10_000
OVERLAP, MIDNIGHT, NOBODY, MANY, EVENTS, HOSTILE, SAT, FOLD = range(100, 108)
ROOM = "58.211.99.99"


@dataclass(frozen=True)
class Made:
    """An export, and what an audit made of it."""

    folder: Path
    html: Path
    blocks: dict[str, Json]
    capped: dict[str, Json]  # of the same audit, where pages may hold little

    def place(self, number: int) -> int:
        return int(self.blocks["people"]["people"]["number"].index(identity(number)))

    def id(self, number: int) -> str:
        return str(self.blocks["people"]["people"]["id"][self.place(number)])


def sitting(number: int, start: str, end: str, **cells: str) -> Row:
    """A sitting of somebody. Times are those of February 2021: `03 19:00:00`."""
    times = {"start_at": f"2021-02-{start}" if start else "", "end_at": f"2021-02-{end}" if end else ""}
    cell = {"course": "岗位技能第1讲", "address": f"58.211.1.{number}", "employer": "甲机械厂"} | cells
    return {"id_number": identity(number), "name": "张三"} | times | cell


def export() -> Tables:
    made = merge(honest(NOTICE, 6, "甲机械厂"), *(learner(NOTICE, number, "甲机械厂") for number in range(100, 108)))
    made["sessions"] = [row for row in made["sessions"] if row["id_number"] not in map(identity, range(100, 108))]
    more = [
        sitting(OVERLAP, "05 19:00:00", "05 21:00:00"),
        sitting(OVERLAP, "05 20:00:00", "05 20:30:00", address=ROOM, course="安全生产"),
        sitting(OVERLAP, "05 20:10:00", "05 22:00:00"),
        sitting(OVERLAP, "05 20:10:00", "05 22:00:00"),
        sitting(MIDNIGHT, "10 23:30:00", "11 00:45:00"),
        sitting(MIDNIGHT, "28 23:30:00", "28 23:59:59"),
        sitting(MIDNIGHT, "01 00:00:00", "02 00:00:00"),
        sitting(HOSTILE, "06 19:00:00", "06 20:00:00", course=LONG),
        sitting(HOSTILE, "31 19:00:00", "07 20:00:00", course=LONG),
        sitting(HOSTILE, "08 19:00:00", "08 18:00:00"),
        sitting(HOSTILE, "", "09 18:00:00"),
        sitting(HOSTILE, "09 19:00:00", ""),
        sitting(FOLD, "02 08:00:00", "02 09:00:00", address=ROOM),
        sitting(FOLD, "25 08:00:00", "25 09:00:00", address=ROOM),
        sitting(SAT, "03 19:00:00", "20 19:00:00"),
    ]
    more[5] |= {"start_at": "2021-03-04 20:00:00", "end_at": "2021-03-04 21:00:00"}
    begin = dt.datetime(2021, 2, 1, 6)
    for place in range(400):
        start = begin + dt.timedelta(days=place % 28, minutes=45 * (place // 28))
        times = {"start_at": str(start), "end_at": str(start + dt.timedelta(minutes=40))}
        more.append(sitting(MANY, "01", "01", course=f"课程{place % 30}", address=f"58.211.3.{place % 9}") | times)
    made["sessions"] += more
    made["events"] = [
        {"id_number": identity(EVENTS), "name": "张三", "course": "防疫", "address": "58.211.1.7", "event": "click",
         "happened_at": f"2021-02-04 {hour}:{minute:02}:00"} for hour in (9, 14) for minute in range(0, 40, 5)
    ]  # fmt: skip
    failed = made["exams"][-1] | {"score": "30", "result": "不合格", "taken_at": "2021-02-20 15:00:00"}
    made["exams"] += [failed, failed | {"id_number": identity(MIDNIGHT), "taken_at": "2021-02-21", "attempt": "2"}]
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    base = tmp_path_factory.mktemp("timeline")
    (base / "in").mkdir()
    for table, rows in export().items():
        write_table(table, rows, base / "in")
    return run(base / "in", base / "out")


VERDICTS = ("supported", "not_supported", "to_verify")


def judgement(person_id: str | None) -> Json:
    """What somebody concluded about a claim of this person, as the Report has it."""
    money = dict.fromkeys(("claimed_fen", "not_supported_fen", "judged_supported_fen"), 30_000) | dict.fromkeys(
        ("supported_fen", "judged_not_supported_fen", "to_verify_fen", "judged_to_verify_fen"), 0
    )
    said = {"fingerprint": "0" * 16, "rule": "total-mismatch", "conclusion": "dismissed", "note": "<b>学员手册</b>",
            "by": "李四", "on": "2021-03-09"}  # fmt: skip
    of_claim = said | {"rule": None, "place": None, "conclusion": "supported"}
    claim = {"person_id": person_id, "verdict": "not_supported", "judged_verdict": "supported"}
    counts = ("entries", "confirmed", "dismissed", "pending", "supported", "not_supported", "to_verify", "unmatched")
    totals = dict.fromkeys(("supported", "not_supported", "to_verify", *(f"{name}_fen" for name in VERDICTS)), 0)
    where = {"name": "王＊＊", "id_number": None, "employer": "甲厂", "file": None, "sheet": None, "row": None}
    listed = [claim | money | where | {"said": [said | {"place": 7}, of_claim]}]
    return dict.fromkeys(counts, 0) | {
        "files": [], "unmatched_listed": [], "money": totals, "changed": {"total": 1, "listed": listed},
    }  # fmt: skip


FEW = {"SESSIONS": 30, "OF_ONE": 10, "FINDINGS": 7}


def run(source: Path, out: Path, edition: str = "full", lang: str = "zh") -> Made:
    caught: dict[str, Json] = {}
    capped: dict[str, Json] = {}

    def write(report: Report, path: Path) -> None:
        first, again = dossier.blocks(report), dossier.blocks(report)
        assert first == again
        caught.update({name: json.loads(block) for name, block in first.items()})
        with mock.patch.multiple(people, **FEW), mock.patch.object(addresses, "ADDRESSES", 1):
            capped.update({name: json.loads(block) for name, block in dossier.blocks(report).items()})
        ids = dict(zip(caught["people"]["people"]["number"], caught["people"]["people"]["id"], strict=True))
        to_html.write(replace(report, judgement=judgement(ids.get(identity(MANY)))), path)

    with mock.patch.dict(FORMATS, {"report.html": write}, clear=True):
        audit.run([source], NOTICE, out, edition=edition, lang=lang)
    return Made(source, out / "report.html", caught, capped)


# ── the reader against a plain reading ───────────────────────────────────────────────────────────────────────────


def rows_of(columns: Json) -> list[Json]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def decoded(block: Json) -> Iterator[tuple[int, Json]]:
    """The place of a person and a session, as a page reads the columns."""
    ends = list(accumulate(block["people"]["n"]))
    listed = rows_of(block["sessions"])
    for place, end in enumerate(ends):
        start, row = block["period"][0], 0
        for one in listed[end - block["people"]["n"][place] : end]:
            known = one["start"] is not None
            start += one["start"] or 0
            row += one["row"]
            since = start if known else block["period"][0]
            yield place, {
                "start": start if known else None, "end": None if one["length"] is None else since + one["length"],
                "file": block["sheets"][one["sheet"]][0], "row": row, "new": one["new"], "kind": one["kind"],
                "course": None if one["course"] is None else block["courses"][one["course"]],
                "address": None if one["address"] is None else block["addresses"]["address"][one["address"]],
            }  # fmt: skip


def second(text: str) -> int | None:
    try:
        return int((dt.datetime.fromisoformat(text) - EPOCH).total_seconds())
    except ValueError:
        return None


def plain(source: Path, table: str) -> list[tuple[int, Row]]:
    with (source / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(enumerate(csv.DictReader(stream), 2))


def test_every_session_is_there_once_with_its_row(made: Made) -> None:
    block = made.blocks["people"]
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for place, one in decoded(block):
        if one["file"] == "学习记录.csv":
            number = block["people"]["number"][place]
            found[number].append((one["row"], one["start"], one["end"], one["address"], one["course"]))
    wanted: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row, cells in plain(made.folder, "学习记录"):
        course = cells["课程名称"]
        if len(course) > 200:
            course = words.say("page.cut", "zh", start=course[:200], count=f"{len(course):,}")
        times = second(cells["学习开始时间"]), second(cells["学习结束时间"])
        wanted[cells["身份证号"]].append((row, *times, cells["培训 IP 地址"], course))
    assert set(found) == set(wanted) and len(wanted) == 12
    for number, sessions in wanted.items():
        assert sorted(found[number]) == sorted(sessions), number
    assert block["total_sessions"] == len(block["sessions"]["new"]) - 1  # all but a copy


def test_net_time_and_kinds_add_up(made: Made) -> None:
    block = made.blocks["people"]
    net, kinds = Counter[int](), defaultdict(list)
    for place, one in decoded(block):
        net[place] += one["new"]
        kinds[place].append(one["kind"])
    assert [net[place] for place in range(len(block["people"]["id"]))] == block["people"]["net_s"]
    assert sorted(kinds[made.place(OVERLAP)]) == [1, 1, 1, 5]
    assert set(kinds[made.place(EVENTS)]) == {2} and len(kinds[made.place(EVENTS)]) == 2
    assert sorted(kinds[made.place(HOSTILE)]) == [0, 0, 0, 0, 1]
    assert len(kinds[made.place(MANY)]) == 400 and made.place(NOBODY) not in kinds


def test_findings_of_a_person_are_those_of_the_parquet(made: Made) -> None:
    import polars as pl

    listed = pl.read_parquet(made.html.parent / "findings.parquet")
    block = made.blocks["people"]
    about = [one for one in rows_of(block["about"]) if one["person"] == made.place(OVERLAP)]
    own = listed.filter(person_id=made.id(OVERLAP))
    assert {block["rules"][one["rule"]][0]: one["total"] for one in about} == dict(
        own["rule"].value_counts().iter_rows()
    )
    findings = rows_of(block["findings"])
    for one in about:
        for place in one["listed"]:
            found = findings[place]
            name, number = block["rules"][found["rule"]][:2]
            assert number == f"R-{list(NOTICE.rules).index(name) + 1:02}"
            there = listed.filter(rule=name).row(found["place"] - 1, named=True)  # the place is the papers' own
            assert (there["message"], there["source_row"]) == (found["message"], found["row"])
            assert there["person_id"] == made.id(OVERLAP)


def test_rules_are_told_by_the_session_they_rest_on(made: Made) -> None:
    import polars as pl

    block, place = made.blocks["people"], made.place(OVERLAP)
    told: dict[str, set[int]] = defaultdict(set)
    listed = rows_of(block["sessions"])
    for at, (person, one) in enumerate(decoded(block)):
        if person == place:
            for rule in block["sets"][listed[at]["why"]]:
                told[block["rules"][rule][0]].add(one["row"])
            for rule in (each["rule"] for each in rows_of(block["whole"]) if each["person"] == place):
                told[block["rules"][rule][0]].add(one["row"])
    folder = made.html.parent
    own = pl.read_parquet(folder / "findings.parquet").filter(person_id=made.id(OVERLAP)).select("rule", "fingerprint")
    rests = pl.read_parquet(folder / "evidence.parquet").filter(source_table="sessions").join(own, on="fingerprint")
    wanted: dict[str, set[int]] = defaultdict(set)
    for rule, row in rests.select("rule", "source_row").iter_rows():
        wanted[rule].add(row)
    assert told == wanted and len(told) > 4 and any(len(rows) == 2 for rows in told.values())


def test_claims_verdicts_and_exams(made: Made) -> None:
    block = made.blocks["people"]
    claims = rows_of(block["claims"])
    assert len(claims) == 14 and sum(one["claimed"] for one in claims) == 14 * 30_000
    assert all(one["claimed"] == one["supported"] + one["not_supported"] + one["to_verify"] for one in claims)
    order = [one["verdict"] for one in rows_of(block["people"])]
    assert order == sorted(order, key=["not_supported", "to_verify", "supported"].index)
    exams = [one for one in rows_of(block["exams"]) if one["person"] == made.place(MIDNIGHT)]
    assert [(one["score"], one["passed"]) for one in exams] == [(3000, 0), (8000, 1)]
    assert exams[0]["taken"] % 86_400 == 0 and len(block["exams"]["exam"]) == 16


def test_an_address_page_counts_people_and_days(made: Made) -> None:
    block = made.blocks["addresses"]
    place = block["addresses"]["id"].index(ROOM)
    wanted: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for _, cells in plain(made.folder, "学习记录"):
        if cells["培训 IP 地址"] == ROOM:
            wanted[cells["身份证号"], cells["学习开始时间"][:10].replace("-", "")].append(cells)
    ids = [one["id"] for one in rows_of(block["people"]) if one["address"] == place]
    numbers = dict(zip(made.blocks["people"]["people"]["id"], made.blocks["people"]["people"]["number"], strict=True))
    cells = [one for one in rows_of(block["cells"]) if one["address"] == place]
    found = {(numbers[ids[one["person"]]], str(one["day"])): one["sessions"] for one in cells}
    assert found == {key: len(rows) for key, rows in wanted.items()}
    own = rows_of(block["addresses"])[place]
    assert (own["persons"], own["days"], own["sessions"]) == (2, 3, 3)
    assert block["total"] == len(block["addresses"]["id"])


def test_caps_are_exact(made: Made) -> None:
    block = made.capped["people"]
    assert sum(block["people"]["n"]) == len(block["sessions"]["new"]) <= 30
    assert all(n == min(rows, 10) for n, rows in zip(block["people"]["n"], block["people"]["rows"], strict=True))
    assert len(block["people"]["id"]) < block["total"] == 14
    assert len(block["findings"]["rule"]) <= 7
    assert len(made.capped["addresses"]["addresses"]["id"]) == 1


def test_the_masked_edition_names_nobody(made: Made, tmp_path: Path) -> None:
    hidden = run(made.folder, tmp_path / "out", "masked")
    said = json.dumps(hidden.blocks, ensure_ascii=False)
    assert set(hidden.blocks["people"]["people"]["number"]) == {None}
    for _, cells in plain(made.folder, "实名注册"):
        assert cells["姓名"] not in said and cells["身份证号"] not in said and cells["联系电话"] not in said
    assert ROOM in said


def test_nothing_to_show(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for table, rows in honest(NOTICE, 1, "甲机械厂").items():
        write_table(
            table, rows[:1] if table == "registrations" else [], tmp_path / "in"
        ) if table == "registrations" else None
    done = run(tmp_path / "in", tmp_path / "out")
    assert done.blocks["people"]["people"]["n"] == [0] and done.blocks["addresses"]["addresses"]["id"] == []


def test_every_word_of_the_scripts_is_there() -> None:
    import re

    table = words.table()
    texts = {path.name: path.read_text(encoding="utf-8") for path in (folder("reports") / "html").glob("dossier*.js")}
    said = set(re.findall(r'"((?:dossier|claims|money|page|unit|place|verdict)\.\w+)"', "".join(texts.values())))
    assert len(said) > 100
    assert {key for key in said if key.split(".")[1] not in table[key.split(".")[0]]} == set()
    kept = {f"dossier.{name}" for name in table["dossier"]}
    assert kept - said == {f"dossier.{name}" for name in ("confirmed", "dismissed", "pending")}


# ── in a browser ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def tab(browser, made: Made) -> Iterator[Any]:  # type: ignore[no-untyped-def]
    context = browser.new_context(offline=True)
    opened = context.new_page()
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("dialog", lambda dialog: said.append(dialog.message))
    opened.on("request", lambda request: said.append(request.url) if request.url != made.html.as_uri() else None)
    yield opened
    assert said == []
    context.close()


def show(tab: Any, made: Made, *route: str, width: int = 1280) -> None:
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(f"{made.html.as_uri()}#/{'/'.join(route)}")
    tab.reload()
    tab.wait_for_selector("#view h1")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width


def texts(tab: Any, selector: str) -> list[str]:
    return [" ".join(text.split()) for text in tab.locator(selector).all_inner_texts()]


def test_overlaps_are_marked(tab: Any, made: Made) -> None:
    show(tab, made, "person", made.id(OVERLAP))
    assert tab.locator("svg.timeline g.overlap").count() == 1
    assert "20:00:00–21:00:00" in (tab.locator("svg.timeline g.overlap title").text_content() or "")
    assert tab.locator("svg.timeline g.bar").count() == 4 and tab.locator("svg.timeline g.copied").count() == 1
    rows = tab.locator("details.all-sessions table tbody tr")
    assert rows.count() == 4
    assert "与先前的学习重叠 30分钟" in (rows.nth(1).text_content() or "")
    svg = tab.locator("svg.timeline").first
    assert svg.get_attribute("role") == "img"
    ids = (svg.get_attribute("aria-labelledby") or "").split()
    assert len(ids) == 2 and all(tab.locator(f"#{id}").text_content() for id in ids)
    links = tab.locator("#view a[href^='#/rule/']")
    assert links.count() > 2
    links.first.click()
    tab.wait_for_function("location.hash.startsWith('#/rule/')")


def test_midnight_and_the_period(tab: Any, made: Made) -> None:
    show(tab, made, "person", made.id(MIDNIGHT))
    assert tab.locator("svg.timeline g.bar").count() == 4  # two for the one across midnight; a whole day is one
    assert tab.locator("svg.timeline g.bar .over").count() == 2
    assert tab.locator("svg.timeline g.bar.outside").count() == 1
    limits = texts(tab, "#view figure") and [
        text.text_content() for text in tab.locator("svg.timeline text.limit").all()
    ]
    assert limits == ["培训期限自 2021-02-01 起", "培训期限至 2021-02-28 止"]
    exams = tab.locator("svg.timeline g.exam")
    assert exams.count() == 2
    assert tab.locator("svg.timeline g.exam.failed").count() == 1 and tab.locator("g.exam.passed").count() == 1
    said = " ".join(text or "" for text in exams.all_text_contents())
    assert "30 分 不合格" in said and "80 分 合格" in said and "只有日期" in said


def test_long_gaps_are_folded(tab: Any, made: Made) -> None:
    show(tab, made, "person", made.id(FOLD))
    said = [text.text_content() for text in tab.locator("svg.timeline text.said:not(.limit)").all()]
    assert "17 天没有学习记录（2021-02-03 至 2021-02-19）" in said  # there is an exam on the 20th
    show(tab, made, "person", made.id(SAT))
    said = [text.text_content() for text in tab.locator("svg.timeline text.said:not(.limit)").all()]
    assert "15 天都在同一次学习之内（2021-02-05 至 2021-02-19）" in said
    assert tab.locator("svg.timeline g.bar").count() == 3


def test_nobody_many_and_estimates(tab: Any, made: Made) -> None:
    show(tab, made, "person", made.id(NOBODY))
    assert "没有此人的学习记录" in tab.locator("#view").inner_text()
    assert tab.locator("svg.timeline g.bar").count() == 0
    show(tab, made, "person", made.id(MANY), width=390)
    assert tab.locator("svg.timeline g.bar").count() == 400
    assert tab.locator("details.all-sessions tbody tr").count() == 400
    show(tab, made, "person", made.id(EVENTS))
    assert tab.locator("svg.timeline g.bar.estimated").count() == 2
    assert "结束时间为估算" in (tab.locator("details.all-sessions").text_content() or "")


def test_what_people_concluded_stands_beside(tab: Any, made: Made) -> None:
    show(tab, made, "person", made.id(MANY))
    lines = texts(tab, "table.t-person-judged tbody tr")
    assert lines == ["程序判定 不支持 0.00 300.00 0.00", "核实以后 支持 300.00 0.00 0.00"]
    said = tab.locator("#view").inner_text()
    assert "-007 平台总时长与明细不符：排除。<b>学员手册</b>（核实人 李四，2021-03-09）" in said
    assert "该项申领：支持。" in said
    show(tab, made, "person", made.id(OVERLAP))
    assert tab.locator("table.t-person-judged").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_hostile_names_and_damaged_rows(tab: Any, made: Made, width: int) -> None:
    show(tab, made, "person", made.id(HOSTILE), width=width)
    text = tab.locator("#view").text_content() or ""
    assert LONG[:200] in text and f"共 {len(LONG):,} 字" in text and LONG[:300] not in text
    assert tab.locator("#view script").count() == 0
    assert tab.locator("svg.timeline g.damaged").count() == 2  # only a start, and an end before it
    below = tab.locator("#view h3:has-text('没有可用起止时间') ~ .box table").first
    rows = [" ".join(row.split()) for row in below.locator("tbody tr").all_inner_texts()]
    assert len(rows) == 4
    said = "\n".join(rows)
    assert "结束早于开始" in said and "学习开始时间读不出：“2021-02-31 19:00:00”" in said
    assert tab.locator("details.all-sessions tbody tr").count() == 5


def test_an_address_page(tab: Any, made: Made) -> None:
    for width in (1280, 390):
        show(tab, made, "address", ROOM, width=width)
        assert tab.locator("table.t-grid td.used").count() == 3
    assert texts(tab, "table.t-grid tfoot tr:first-child td") == ["1", "1", "1"]
    tab.locator("table.t-grid tbody th a").first.click()
    tab.wait_for_selector("svg.timeline")
    assert ROOM in (tab.locator(".legends").text_content() or "")
    tab.locator(f".legends a:has-text('{ROOM}')").click()
    tab.wait_for_selector("table.t-grid")


def test_who_is_not_here_is_told_where_to_look(tab: Any, made: Made) -> None:
    show(tab, made, "person", "P999999")
    said = tab.locator("#view").inner_text()
    assert "14 人中的 14 人" in said and "SELECT * FROM session_list WHERE person_id = 'P999999'" in said


def test_it_prints(tab: Any, made: Made, tmp_path: Path) -> None:
    import pypdf

    show(tab, made, "person", made.id(OVERLAP))
    tab.pdf(path=tmp_path / "page.pdf", format="A4", prefer_css_page_size=True)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "page.pdf").pages)
    assert "与先前的学习重叠" in "".join(text.split())  # the table of every session is open on paper
