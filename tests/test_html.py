"""report.html: what it says is the Report's, what it quotes is harmless, and a browser opens it without a network."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from auditor import policy, words
from auditor.render import page_parts, paper_words, to_html
from auditor.report import Report

CHROMIUM = Path("/usr/bin/chromium")
SCRIPT = "<script>alert(1)</script>"
FORBIDDEN = ("骗取", "套取", "造假", "欺诈", "fraud", "cheat")
VOID = {"meta", "br", "col", "link", "img", "hr", "input"}


class Page(HTMLParser):
    """What a page holds: tags with their attributes, ids, headings, text, and text that is no quotation."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = self.own = ""
        self.headings: list[int] = []
        self.cells: list[list[str]] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, f"not closed: {self._open}"
        self.ids = [values["id"] for _, values in self.tags if values.get("id")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "tr":
            self.cells.append([])
        elif tag in ("td", "th"):
            self.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open and self._open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if {"style", "script"} & set(self._open):
            return
        self.text += data
        if "q" not in self._open:
            self.own += data
        if self.cells and ({"td", "th"} & set(self._open)):
            self.cells[-1][-1] += data

    def row(self, *first: str) -> list[str]:
        """The first row that begins with these cells."""
        return next(cells for cells in self.cells if tuple(map(str.strip, cells[: len(first)])) == first)


@pytest.fixture(scope="session", params=policy.names())
def report(request: pytest.FixtureRequest, sample: Callable[..., Path]) -> Report:
    """The Report of an audit, as a reader of report.json gets it."""
    return Report(**json.loads((sample(request.param) / "report.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="session")
def page(report: Report) -> Page:
    return Page(to_html.page(report))


def rule(report: Report, **wanted: object) -> dict[str, object]:
    return next(rule for rule in report.rules if all(rule[name] == value for name, value in wanted.items()))


def hostile(report: Report) -> Report:
    """The same Report with texts from the data that would break a careless page."""
    long = "很长的名字" * 2_000
    parts = deepcopy(report.json())
    parts["employers"][0]["employer"] = SCRIPT + long
    for name in ("not_supported", "to_verify"):
        for row in parts["claims"][name]["listed"]:
            row |= {"employer": long, "name": SCRIPT, "file": f"{SCRIPT}.xlsx", "sheet": "W" * 10_000}
            for said in row["said"]:
                said["message"] = '"><img src=x onerror=alert(1)>'
    for found in parts["rules"]:
        for row in found["sample"]:
            row |= {"subject": SCRIPT, "employer": "x" * 10_000, "message": f"{SCRIPT} http://a.b/ {{{{ 7 * 7 }}}}"}
            row |= {"source_file": "文件" * 500, "source_sheet": "'onload='"}
    for source in parts["completeness"]:
        source["unrecognised"] = [SCRIPT, "列" * 10_000]
        source["notes"] = ["</style><script>alert(2)</script>"]
    parts["problems"] = [SCRIPT]
    parts["policy"]["title"] = '标题"; } body { display: none } </style><script>'
    return Report(**parts)


def test_texts_of_the_data_are_escaped_and_cut(report: Report) -> None:
    html = to_html.page(hostile(report))
    page = Page(html)
    assert "img" not in [tag for tag, _ in page.tags]
    assert [values.get("type", "ours") for tag, values in page.tags if tag == "script"].count("ours") == 1
    assert not [name for _, values in page.tags for name in values if name.startswith("on")]
    assert SCRIPT in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert html.count("</style>") == 1
    assert "共 10,000 字" in page.text
    assert max(map(len, re.findall(r"\S+", page.text))) < 2_000


def test_nothing_leads_outside(report: Report, page: Page) -> None:
    html = to_html.page(report)
    assert "http:" not in html and "https:" not in html and "url(" not in html and "@import" not in html
    ids = set(page.ids)
    for tag, values in page.tags:
        assert "src" not in values and "style" not in values and tag not in ("link", "iframe", "object", "form")
        if "href" in values:
            assert str(values["href"]).startswith("#") and str(values["href"])[1:] in ids, values
    policies = [values["content"] for tag, values in page.tags if tag == "meta" and "http-equiv" in values]
    assert len(policies) == 1 and "unsafe" not in str(policies[0])
    assert str(policies[0]).startswith("default-src 'none'; script-src 'sha256-")


def test_ids_headings_and_tables_are_in_order(page: Page) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert page.headings[0] == 1 and page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))
    names = [tag for tag, _ in page.tags]
    assert names.count("table") == names.count("caption")
    assert all("scope" in values for tag, values in page.tags if tag == "th")


def test_own_sentences_hold_no_words_of_guilt(page: Page) -> None:
    assert not [word for word in FORBIDDEN if word in page.own]
    words = (Path(to_html.folder("reports")) / "words.toml").read_text(encoding="utf-8")
    assert not [word for word in FORBIDDEN if word in words.lower()]


def test_money_is_the_reports_and_adds_up(report: Report, page: Page) -> None:
    money = report.money
    yuan = paper_words.yuan
    for name, label in (("supported", "支持"), ("not_supported", "不支持"), ("to_verify", "待核实")):
        assert page.row(label)[1:] == [paper_words.number(money[name]), yuan(money[f"{name}_fen"])]
    assert page.row("合计")[1:] == [paper_words.number(money["claims"]), yuan(money["claimed_fen"])]
    sentence = f"申领 {money['claims']} 人次（{money['persons']} 人）、{yuan(money['claimed_fen'])} 元"
    assert sentence in page.text and f"建议核减 {yuan(money['not_supported_fen'])} 元" in page.text
    assert "与名单逐行相加相符" in page.text and "各单位合计与总表相符" in page.text
    assert "不符，请勿使用" not in page.text
    totals = next(row for row in page.cells if row[0] == "合计" and len(row) == 9)
    assert totals[4] == str(money["claims"]) and totals[8] == yuan(money["claimed_fen"])
    for row in report.employers:
        assert yuan(row["claimed_fen"]) == page.row(f"{row['employer']} {row['district']}")[8]
    once = sum(found["counted_once_fen"] for found in report.rules)
    assert f"只计一次合计 {yuan(once)} 元" in page.text


def test_a_total_that_does_not_add_up_is_said(report: Report) -> None:
    wrong = Page(to_html.page(replace(report, money=report.money | {"claimed_fen": report.money["claimed_fen"] + 1})))
    assert wrong.text.count("不符，请勿使用") == 2


def test_every_clause_and_every_rule_is_there(report: Report, page: Page) -> None:
    for clause in report.clauses:
        cells = page.row(f"T-{clause['id']}")
        assert paper_words.anchor(clause["id"]) in page.ids
        assert clause["quote"] in cells[1] and clause["summary"] in cells[1]
        assert cells[2] in ("符合", "不符合", "未执行", "人工核查", "无需核查")
        assert not clause["manual"] or clause["manual"] in cells[3]
    for place, found in enumerate(report.rules, 1):
        assert f"R-{place:02}" in page.ids and found["id"] in page.text
        if found["findings"]:
            assert found["sql"] in page.text and found["false_positives"] in page.text and found["fix"] in page.text
            assert not found["lead_reason"] or found["lead_reason"] in page.text


def test_lists_are_capped_and_say_so(report: Report, page: Page) -> None:
    for name, letter in (("not_supported", "N"), ("to_verify", "V")):
        listed = report.claims[name]
        assert f"共 {listed['total']} 条，列出 {len(listed['listed'])} 条；全部申领见 claims.parquet" in page.text
        assert sum(bool(re.fullmatch(rf"{letter}-\d+", at or "")) for at in page.ids) == len(listed["listed"])
    for place, found in enumerate(report.rules, 1):
        rows = [at for at in page.ids if re.fullmatch(rf"R-{place:02}-\d+", at or "")]
        deciding = sum(row["effect"] != "note" for row in found["sample"])
        assert len(rows) == min(deciding + page_parts.NOTES, len(found["sample"])) or len(rows) == deciding
        if found["findings"]:
            assert f"共 {found['findings']:,} 条，列出前 {len(rows)} 条；全部在 findings.parquet" in page.text
    assert rule(report, id="session-too-short")["findings"] > page_parts.NOTES  # type: ignore[operator]


def test_many_employers_are_capped_and_still_add_up(report: Report) -> None:
    many = [report.employers[0] | {"employer": f"单位{place:04}"} for place in range(page_parts.EMPLOYERS + 7)]
    money = {name: value * len(many) for name, value in many[0].items() if name in report.money}
    page = Page(to_html.page(replace(report, employers=many, money=report.money | money)))
    assert f"共 {len(many)} 个单位，列出 {page_parts.EMPLOYERS} 个" in page.text
    assert page.row("未逐一列出的 7 个单位")[4] == paper_words.number(many[0]["claims"] * 7)
    assert "各单位合计与总表相符" in page.text


def test_every_row_is_accounted_for(report: Report, page: Page) -> None:
    for place, source in enumerate(report.completeness, 1):
        cells = page.row(f"F-{place:02}")
        assert [cells[4], cells[5]] == [paper_words.number(source["rows"]), paper_words.number(source["read"])]
        assert cells[8] == "相符"
        for header in source["unrecognised"]:
            assert header in page.text
    assert all(file["sha256"] in page.text for file in report.inputs)


def test_readings_and_parameters(report: Report, page: Page) -> None:
    for row in report.readings:
        if row["applicable"]:
            assert f"{row['passing']} / {row['of']} 人" in page.text
    assert all(name in page.text for name in report.policy["params"])
    assert paper_words.day(report.policy["period_from"]) in page.text


def test_rules_that_did_not_run_are_said_first_and_last(report: Report) -> None:
    rules = deepcopy(report.rules)
    for found in rules:
        if found["id"] == "exam-missing":
            found |= {"outcome": "not_evaluated", "reason": "导出文件没有记录考试成绩", "findings": 0, "sample": []}
    conclusion = report.conclusion | {"blocked": ["exam-missing"], "meets": False}
    page = Page(to_html.page(replace(report, rules=rules, conclusion=conclusion)))
    assert "全部申领列为待核实" in page.text and "导出文件没有记录考试成绩" in page.text
    assert "平台记录不能认定为符合通知" in page.text
    assert page.row(f"R-{[r['id'] for r in rules].index('exam-missing') + 1:02}")


def test_without_a_claim_list_no_money_is_shown(report: Report) -> None:
    verdicts = {"supported": 50, "to_verify": 4, "not_supported": 3}
    employers = [{**report.employers[0], "claims": 57, "supported": 50, "to_verify": 4, "not_supported": 3}]
    nobody = {"total": 0, "listed": []}
    people = report.people | {"claim_list": False, "verdicts": verdicts}
    conclusion = report.conclusion | {"claim_list": False, "blocked": []}
    claims = {"not_supported": nobody, "to_verify": nobody}
    report = replace(report, conclusion=conclusion, employers=employers, people=people, claims=claims)
    page = Page(to_html.page(report))
    assert "不计金额" in page.text and "支持 50 人，不支持 3 人，待核实 4 人" in page.text
    assert page.row("合计")[1:] == ["57"]
    assert "申领（元）" not in page.text and "涉及金额（元）" not in page.text


def test_editions_say_what_they_hold(report: Report, page: Page) -> None:
    assert "脱敏版" in page.text and "不含身份证号" in page.text
    claims = deepcopy(report.claims)
    claims["to_verify"]["listed"][0] |= {"id_number": "320522199001019998", "name": "张三"}
    full = Page(to_html.page(replace(report, claims=claims, run=report.run | {"edition": "full"})))
    assert "完整版" in full.text and "仅限" in full.text and "320522199001019998" in full.text


def test_overrides_are_on_the_first_page(report: Report) -> None:
    run = report.run | {"overrides": {"min_units": 20}, "reading": "per_session"}
    head = to_html.page(replace(report, run=run)).split("<main")[0]
    assert "min_units = 20" in head and "按次" in head


def test_both_languages_have_every_word(report: Report) -> None:
    english = Page(to_html.page(report, "en"))
    assert "Audit report" in english.text and "R-01" in english.ids
    for part in words.table().values():
        for key, said in part.items():
            assert set(said) == {"zh", "en"} and all(said[x] or key == "gap" for x in said), key
            assert set(re.findall(r"{(\w+)}", said["zh"])) == set(re.findall(r"{(\w+)}", said["en"])), key


def test_the_same_report_gives_the_same_bytes(report: Report, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        to_html.write(report, tmp_path / name)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert b"\r" not in (tmp_path / "a.html").read_bytes()


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0秒"), (59, "59秒"), (60, "1分钟"), (61, "1分1秒"), (3600, "1小时"), (3660, "1小时1分钟"),
     (3601, "1小时0分1秒"), (-425, "−7分5秒"), (86_400 * 100, "2,400小时")],
)  # fmt: skip
def test_durations(seconds: int, said: str) -> None:
    assert paper_words.Words("zh").hms(seconds) == said


@pytest.mark.parametrize(("fen", "said"), [(0, "0.00"), (5, "0.05"), (123_456_789, "1,234,567.89"), (-150, "−1.50")])
def test_yuan(fen: int, said: str) -> None:
    assert paper_words.yuan(fen) == said


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: the page was not opened")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("kind", ["plain", "hostile"])
def test_a_browser_opens_it_offline(report: Report, browser, tmp_path: Path, kind: str) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "report.html"
    to_html.write(hostile(report) if kind == "hostile" else report, path)
    context = browser.new_context(offline=True)
    tab = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("dialog", lambda dialog: said.append(dialog.message))
    tab.on("request", lambda request: asked.append(request.url))
    for width in (1280, 390):
        tab.set_viewport_size({"width": width, "height": 900})
        tab.goto(path.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert said == [] and set(asked) == {path.as_uri()}
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 680, "height": 960})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 680
    closed = tab.locator("details.sample:not([open]) tbody tr")
    assert closed.count() and closed.first.is_visible()
    assert not tab.locator("details.sql").first.is_visible()
    context.close()
