"""report.html's explorer: what is packed into the page is what the Parquet files hold; the pages that scripts make of
it show, filter, sort and export exactly that, offline, and take no word of the data for markup."""

import base64
import csv
import gzip
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl
import pytest
from harness import Tables, honest, merge, total_time, write_table
from test_html import CHROMIUM, Page

from auditor import audit, explore, policy, words
from auditor.content import folder
from auditor.render import FORMATS, explorer, paper_words, to_html
from auditor.render.embedded import packed
from auditor.report import Report

NOTICE = policy.load("taicang-2021")
FORMULA = "=cmd|'/c calc'!A1"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}"
LONG = "很长的单位" * 40  # longer ones are not read
RARE = "喆玥祎堃䶮𬱖·"
EMPLOYERS = (FORMULA, f"{MARKUP}有限公司", LONG, f"{RARE}机械厂", "乙机械厂")
SCRIPTS = sorted((folder("reports") / "html").glob("*.js"))


def export() -> Tables:
    """Five employers, whose names no careless page survives; some people fail, everybody has short sittings."""
    made = merge(*(honest(NOTICE, 12, employer, 12 * place) for place, employer in enumerate(EMPLOYERS)))
    for place, row in enumerate(made["exams"]):
        if place % 4 == 0:
            row |= {"exam": f"结业考试{MARKUP}", "score": "12", "result": "不合格"}
        row["exam"] = f"+{row['exam']}" if place % 8 == 0 else row["exam"]
    made["registrations"][0]["name"] = made["claims"][0]["name"] = f"@{RARE}"
    made["claims"] += [dict(made["claims"][5])]
    for place, row in enumerate(made["sessions"]):
        if place % 5 == 0:
            row["end_at"] = row["start_at"][:-5] + "07:00"
    for row in made["registrations"]:
        own = [sitting for sitting in made["sessions"] if sitting["id_number"] == row["id_number"]]
        for stated in (row, *own):
            stated["total_time"] = total_time(own)
    return made


@dataclass(frozen=True)
class Written:
    out: Path
    blocks: dict[str, Any]

    @property
    def html(self) -> str:
        return (self.out / "report.html").read_text(encoding="utf-8")

    def parquet(self, name: str) -> pl.DataFrame:
        return pl.read_parquet(self.out / f"{name}.parquet")


def blocks(html: str) -> dict[str, Any]:
    """The packed blocks of a page, by plain means."""
    found = re.findall(r'<script type="application/octet-stream\+gzip" id="data-([\w-]+)">([^<]+)</script>', html)
    return {name: json.loads(gzip.decompress(base64.b64decode(block))) for name, block in found}


def run(data: Path, out: Path, **options: Any) -> Written:
    wanted = {name: FORMATS[name] for name in ("report.html", "report.json")}
    with mock.patch.dict(FORMATS, wanted, clear=True):  # the other papers have tests of their own
        audit.run([data], NOTICE, out, **options)
    return Written(out, blocks((out / "report.html").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("in")
    for table, rows in export().items():
        write_table(table, rows, source)
    return source


@pytest.fixture(scope="module")
def both(data: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Written, dict[str, Any]]:
    """The full edition, and what the page of the same audit holds where it may hold little."""
    folder = tmp_path_factory.mktemp("out")

    def write(report: Report, path: Path) -> None:
        to_html.write(report, path)
        grave = sum(rule["refused"] + rule["to_verify"] for rule in report.rules)
        with mock.patch.multiple(explore, FINDINGS=grave + 10, EVIDENCE=40, EMPLOYERS=2):
            to_html.write(report, folder / "cut.html")

    with mock.patch.dict(FORMATS, {"report.html": write}):
        made = run(data, folder / "full", edition="full", threads=1)
    return made, blocks((folder / "cut.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def full(both: tuple[Written, dict[str, Any]]) -> Written:
    return both[0]


def spread(column: Any) -> list[Any]:
    """A column as a list of its values."""
    if isinstance(column, dict):
        return [column["words"][at] if at >= 0 else None for at in column["at"]]
    return list(column)


def shortened(text: str | None) -> str | None:
    return (
        text if not text or len(text) <= 1_000 else f"{text[:1_000]}…（共 {len(text):,} 字，全文见 Parquet 或原文件）"
    )


def test_the_findings_are_those_of_the_parquet_file(full: Written) -> None:
    held, expected = full.blocks["findings"], full.parquet("findings")
    assert held["total"] == held["listed"] == expected.height > 150
    sheets = [(None, None)] + [(source["file"], source["sheet"]) for source in full.blocks["report"]["sources"]]
    for name in ("rule", "effect", "person_id", "fingerprint", "measured", "limit", "waived_by"):
        assert spread(held[name]) == expected[name].to_list(), name
    for name in ("subject", "employer", "message"):
        assert spread(held[name]) == [shortened(text) for text in expected[name]], name
    assert [sheets[at][0] if at > 0 else None for at in held["source"]] == expected["source_file"].to_list()
    assert [row if at > 0 else None for at, row in zip(held["source"], held["row"], strict=True)] == expected[
        "source_row"
    ].to_list()
    places: dict[str, int] = {}
    for rule, place in zip(expected["rule"], held["place"], strict=True):
        places[rule] = places.get(rule, 0) + 1
        assert place == places[rule]
    verdict = dict(full.parquet("people").select("person_id", "verdict").iter_rows())
    assert spread(held["verdict"]) == [verdict.get(person) for person in expected["person_id"]]


def test_the_rows_of_a_finding_are_those_of_the_evidence(full: Written) -> None:
    held, evidence = full.blocks["findings"], full.parquet("evidence")
    sheets = [""] + [source["file"] for source in full.blocks["report"]["sources"]]
    packed = held["evidence"]
    files, rows = ([*accumulate(packed[name])] for name in ("source", "row"))
    ours = {(fingerprint, at): [] for at, fingerprint in enumerate(held["fingerprint"])}
    first = 0
    for (key, listed), count in zip(ours.items(), packed["count"], strict=True):
        assert count == min(held["rows"][key[1]], explore.EACH)
        listed += [(sheets[file], row) for file, row in zip(files[first:][:count], rows[first:][:count], strict=True)]
        first += count
    assert first == packed["listed"] <= packed["total"] == evidence.height
    theirs: dict[str, list[tuple[str, int]]] = {}
    for fingerprint, file, row in evidence.select("fingerprint", "source_file", "source_row").iter_rows():
        theirs.setdefault(fingerprint, []).append((file, row))
    assert all(set(listed) <= set(theirs.get(key[0], [])) for key, listed in ours.items())
    assert sum(len(listed) for listed in ours.values()) > 200


def test_a_very_long_text_is_shortened_and_says_so() -> None:
    long = "课" * 10_000
    block = {"message": [long, None, "短"], "employer": {"words": [long], "at": [0, -1, 0]}, "row": [1, 2, 3]}
    cut = explorer.shortened(block, paper_words.Words("zh"))
    assert cut["message"] == [shortened(long), None, "短"] and cut["employer"]["words"] == [shortened(long)]
    assert "共 10,000 字" in cut["message"][0] and (cut["row"], cut["employer"]["at"]) == ([1, 2, 3], [0, -1, 0])


def test_people_by_employer_add_up_to_the_rules_own(full: Written) -> None:
    report = full.blocks["report"]
    counted = {rule["id"]: rule for rule in report["rules"] if rule["persons"]}
    assert set(report["employers"]) == set(counted)
    for name, by in report["employers"].items():
        assert by["persons"] == sum(row[1] for row in by["listed"]) == counted[name]["persons"]
        assert by["total"] == len(by["listed"])


def test_the_claims_add_up_to_the_money(full: Written) -> None:
    held = full.blocks["claims"]
    money = json.loads((full.out / "report.json").read_text(encoding="utf-8"))["money"]
    assert held["total"] == held["listed"] == money["claims"]
    for name in ("claimed_fen", "supported_fen", "not_supported_fen", "to_verify_fen"):
        assert sum(held[name]) == money[name]
    order = ["not_supported", "to_verify", "supported"]
    verdicts = spread(held["verdict"])
    assert verdicts == sorted(verdicts, key=order.index) and set(verdicts) >= {"not_supported", "supported"}


def test_without_a_claim_list_people_stand_in_for_claims(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    made = honest(NOTICE, 1, "甲机械厂")
    for table in ("registrations", "sessions", "exams"):
        write_table(table, made[table], tmp_path / "in")
    alone = run(tmp_path / "in", tmp_path / "out")
    held = alone.blocks["claims"]
    assert alone.blocks["report"]["claimed"] is False and held["total"] == held["listed"] == 1
    assert (spread(held["verdict"]), held["row"]) == (alone.parquet("people")["verdict"].to_list(), [None])
    found = alone.blocks["findings"]
    assert found["total"] == alone.parquet("findings").height == len(found["message"])


def test_what_does_not_fit_is_the_least_grave_and_is_counted(both: tuple[Written, dict[str, Any]]) -> None:
    full, cut = both
    expected, held = full.parquet("findings"), cut["findings"]
    grave = expected.filter(pl.col("effect") != "note").height
    assert (held["total"], held["listed"]) == (expected.height, grave + 10)
    kept = set(held["fingerprint"])
    assert set(expected.filter(pl.col("effect") != "note")["fingerprint"]) <= kept
    notes = [at for at, effect in enumerate(spread(held["effect"])) if effect == "note"]
    assert {spread(held["verdict"])[at] for at in notes} == {"not_supported"}
    assert sum(held["evidence"]["count"]) == held["evidence"]["listed"] <= 40
    by = max(cut["report"]["employers"].values(), key=lambda by: by["total"])
    assert by["total"] == 5 and len(by["listed"]) == 2 and by["persons"] > sum(row[1] for row in by["listed"])
    assert cut["claims"]["listed"] < cut["claims"]["total"] or held["listed"] >= 61


def test_the_same_audit_gives_the_same_page(data: Path, full: Written, tmp_path: Path) -> None:
    again = run(data, tmp_path / "again", edition="full", threads=4)
    assert again.html == full.html


def test_the_masked_edition_holds_no_number_and_no_name(data: Path, tmp_path: Path) -> None:
    masked = run(data, tmp_path / "masked")
    text = json.dumps(masked.blocks, ensure_ascii=False)
    made = export()
    assert not [row["id_number"] for row in made["claims"] if row["id_number"] in text]
    assert not [row["phone"] for row in made["registrations"] if row["phone"] in text]
    assert set(masked.blocks["claims"]["id_number"]) == {None}
    assert all(name.endswith("＊＊") and len(name) == 3 for name in masked.blocks["claims"]["name"])


def test_scripts_make_no_markup_of_texts_and_name_no_address() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    made = ("innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "Function(", "DOMParser", "</script")
    asked = ("http:", "https:", "fetch(", "XMLHttp", "import(", "localStorage")
    for danger in made + asked:
        assert danger not in text, danger


def test_every_word_of_the_explorer_is_said_somewhere() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in (*SCRIPTS, *folder("reports").rglob("*.j2")))
    made = {"yuan_claimed", "yuan_supported", "yuan_not_supported", "yuan_to_verify"}
    unsaid = [name for name in words.table()["explore"] if f"explore.{name}" not in text and name not in made]
    assert unsaid == []


def luminance(colour: str) -> float:
    digits = colour * 2 if len(colour) == 3 else colour
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_colours_can_be_read_by_day_and_by_night() -> None:
    css = (folder("reports") / "report.css").read_text(encoding="utf-8")
    for palette in re.findall(r":root \{([^}]*--ink[^}]*)\}", css):
        colours = dict(re.findall(r"--(\w+): #([0-9a-f]+)", palette))
        for name in ("ink", "soft", "link", "red", "amber", "green"):
            for ground in ("page", "faint"):
                light, dark = sorted((luminance(colours[name]), luminance(colours[ground])), reverse=True)
                assert (light + 0.05) / (dark + 0.05) >= 4.5, (name, ground)


# --- in a browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: the explorer was not opened")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield opened
        opened.close()


class Tab:
    """One page of a report, and what it complained of or asked for."""

    def __init__(self, browser: Any, written: Written, **options: Any) -> None:
        self.uri = (written.out / "report.html").as_uri()
        self.context = browser.new_context(offline=True, accept_downloads=True, **options)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.asked: set[str] = set()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.add(request.url))

    def open(self, address: str = "") -> Any:
        self.page.goto("about:blank")
        self.page.goto(self.uri + address)
        self.page.wait_for_selector("html[data-ready]", state="attached")
        return self.page

    def go(self, address: str, heading: str) -> None:
        """To another page of the same document."""
        self.page.evaluate("(to) => { location.hash = to }", address)
        self.page.locator("#view h1", has_text=heading).wait_for()

    def quiet(self) -> bool:
        return self.said == [] and {url for url in self.asked if not url.startswith(("blob:", "about:"))} == {self.uri}


@pytest.fixture
def tab(browser: Any, full: Written) -> Iterator[Tab]:
    opened = Tab(browser, full, viewport={"width": 1280, "height": 900})
    yield opened
    assert opened.quiet(), (opened.said, opened.asked)
    opened.context.close()


def addresses(full: Written) -> list[str]:
    held = full.blocks["findings"]
    rule = full.blocks["report"]["rules"][0]["no"]
    file = max(held["source"])
    row = f"#/row/{file}/{held['row'][held['source'].index(file)]}"
    pages = ["#/clauses", "#/findings", "#/claims", "#/rule/exam-failed", f"#/finding/{rule}-001", row]
    return [*pages, "#/finding/R-99-999", "#/rule/%3Cscript%3E", "#/nowhere", "#/row/x/y", "#/%E0%A4%A"]


def saved(tab: Tab) -> list[list[str]]:
    with tab.page.expect_download() as waiting:
        tab.page.locator(".save").click()
    raw = Path(waiting.value.path()).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def shown(page: Any) -> list[list[str]]:
    """The cells of every page of the list."""
    rows: list[list[str]] = []
    page.locator(".pager input").fill("1")
    page.locator(".pager input").press("Enter")
    while True:
        rows += page.evaluate(
            "[...document.querySelectorAll('.list tbody tr')].map((r) => [...r.cells].map((c) => c.textContent))"
        )
        after = page.locator(".pager button").nth(1)
        if after.is_disabled():
            return rows
        after.click()


def test_the_export_is_exactly_what_is_filtered(tab: Tab, full: Written) -> None:
    page = tab.open("#/findings")
    everything = saved(tab)
    findings = full.parquet("findings")
    assert [row[-1].lstrip("'") for row in everything[1:]] == findings["fingerprint"].to_list()
    page.locator("label", has_text="作用").locator("select").select_option("note")
    page.locator("label", has_text="单位").locator("select").select_option(FORMULA)
    page.locator("label", has_text="查找文字").locator("input").fill("学习记录")
    expected = findings.filter((pl.col("effect") == "note") & (pl.col("employer") == FORMULA))
    expected = expected.filter(pl.col("source_file").str.contains("学习记录"))
    page.get_by_role("status").filter(has_text=f"符合条件 {expected.height} 条").wait_for()
    page.locator("th[data-key=message] button").click()
    assert page.locator("th[data-key=message]").get_attribute("aria-sort") == "ascending"
    rows, cells = saved(tab), shown(page)
    assert 20 < len(cells) == len(rows) - 1 == expected.height
    head = rows[0]
    assert {row[head.index("单位")] for row in rows[1:]} == {f"'{FORMULA}"}
    assert {row[-1].lstrip("'") for row in rows[1:]} == set(expected["fingerprint"])
    messages = [row[head.index("发现")] for row in rows[1:]]
    assert [row[head.index("发现")] for row in cells] == messages == sorted(messages)
    for exported, visible in zip(rows[1:], cells, strict=True):
        assert exported[0] == visible[0] and exported[head.index("行号")] in visible[head.index("出处")]
    address = page.url
    assert "effect=note" in address and "sort=message" in address
    tab.open(address.removeprefix(tab.uri))
    page.get_by_role("status").filter(has_text=f"符合条件 {expected.height} 条").wait_for()
    assert saved(tab) == rows


def test_no_cell_of_an_export_is_a_formula(tab: Tab) -> None:
    for address in ("#/findings", "#/claims"):
        tab.open(address)
        rows = saved(tab)
        assert not [cell for row in rows for cell in row if re.match(r"[=+\-@\t\r]", cell)]
        assert any(cell.startswith("'") for row in rows for cell in row)
    numbers = [row[rows[0].index("身份证号")] for row in rows[1:]]
    assert all(re.fullmatch(r"'\d{18}|\d{17}X", number) for number in numbers)


def test_a_reader_goes_from_clause_to_row_and_back(tab: Tab, full: Written) -> None:
    page = tab.open()
    assert page.locator("main").is_visible()
    page.locator("article.rule", has_text="exam-failed").locator("a.more").click()
    page.locator("#view h1", has_text="考核不合格").wait_for()
    rule = next(rule for rule in full.blocks["report"]["rules"] if rule["id"] == "exam-failed")
    assert rule["sql"] in str(page.locator("#view pre").text_content()) and "五.4" in page.locator("#view").inner_text()
    page.locator(".list tbody a").first.click()
    page.locator("#view h1", has_text=f"{rule['no']}-001").wait_for()
    page.locator(".t-evidence tbody a").first.click()
    page.get_by_text("本文件所列的发现中").wait_for()
    assert f"{rule['no']}-001" in page.locator("#view").inner_text()
    for heading in (f"{rule['no']}-001", "考核不合格"):
        page.go_back()
        page.locator("#view h1", has_text=heading).wait_for()
    page.go_back()
    page.locator("main").wait_for()
    assert page.title().startswith("审计报告") and page.locator("#view").inner_text() == ""


def test_keys_alone_lead_through_a_list(tab: Tab) -> None:
    page = tab.open("#/findings")
    assert page.evaluate("document.activeElement.tagName") == "H1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "search"
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "TR":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    focused = page.evaluate("document.activeElement.rowIndex")
    assert focused == 3
    no = page.evaluate("document.activeElement.cells[0].textContent")
    page.keyboard.press("Enter")
    page.locator("#view h1", has_text=no).wait_for()
    assert page.evaluate("document.activeElement.tagName") == "H1"
    tab.open("#/findings")
    page.locator(".skip").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#/findings") and page.evaluate("document.activeElement.tagName") == "H1"
    page.locator("nav").get_by_text("报告正文").click()
    page.locator("main").wait_for()


def test_a_hundred_thousand_findings_open_soon(browser: Any, full: Written, tmp_path: Path) -> None:
    """Two seconds on a machine that does nothing else; what is asked here stands on a busy one too."""
    held = full.blocks["findings"]
    times = explore.FINDINGS // held["listed"] + 1
    many: dict[str, Any] = {"total": 1_640_227, "listed": times * held["listed"]}
    for name, column in held.items():
        if name == "evidence":
            many[name] = {key: value * times if isinstance(value, list) else value for key, value in column.items()}
        elif isinstance(column, dict):
            many[name] = {"words": column["words"], "at": column["at"] * times}
        elif isinstance(column, list):
            many[name] = column * times
    many["message"] = [f"{message} {place}" for place, message in enumerate(many["message"])]
    many["place"] = list(range(1, many["listed"] + 1))
    (tmp_path / "report.html").write_text(
        re.sub(
            r'(id="data-findings">)[^<]+',
            lambda found: found[1] + packed(json.dumps(many, ensure_ascii=False).encode()),
            full.html,
        ),
        encoding="utf-8",
    )
    tab = Tab(browser, Written(tmp_path, {}))
    page = tab.open("#/findings")
    assert page.evaluate("performance.now()") < 20_000
    listed = f"{many['listed']:,}"
    assert f"发现共 1,640,227 条，本文件按作用从重到轻列入 {listed} 条" in page.get_by_role("status").inner_text()
    last = many["listed"] - 1
    page.locator("label", has_text="查找文字").locator("input").fill(many["message"][last])
    page.get_by_role("status").filter(has_text="符合条件 1 条").wait_for()
    assert tab.quiet()
    tab.context.close()


def test_the_claims_kept_are_added_up(tab: Tab, full: Written) -> None:
    page = tab.open("#/claims?verdict=not_supported")
    kept = full.parquet("claims").filter(verdict="not_supported")
    said = page.get_by_role("status").inner_text()
    assert (
        f"符合条件 {kept.height} 条" in said
        and f"不支持 {paper_words.yuan(kept['not_supported_fen'].sum())} 元" in said
    )


def test_without_scripts_the_report_is_whole(browser: Any, full: Written) -> None:
    tab = Tab(browser, full, java_script_enabled=False)
    tab.page.goto(tab.uri)
    assert tab.page.locator("main").is_visible() and not tab.page.locator("#explorer").is_visible()
    assert "explorer" in Page(full.html).ids
    text = tab.page.locator("main").inner_text()
    assert "N-0001" in text
    assert all(rule["title"] in text for rule in full.blocks["report"]["rules"] if rule["findings"])
    assert tab.quiet()
    tab.context.close()


def test_texts_of_the_data_stay_texts(tab: Tab) -> None:
    page = tab.open("#/findings?rule=exam-failed")
    assert MARKUP in page.locator("#view tbody").inner_text()
    tab.go("#/claims", "全部申领")
    text = str(page.locator("#view").text_content())
    assert FORMULA in text and LONG in text and MARKUP in text
    tab.open(f"#/claims?q=@{RARE}")
    assert page.locator(".list tbody tr").count() == 1 and f"@{RARE}" in page.locator(".list tbody").inner_text()
    page.emulate_media(media="print")
    assert not page.locator(".filters").is_visible() and page.locator(".list table").is_visible()
