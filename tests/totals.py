"""The totals of an audit, read back from every paper in its folder.

A number is (section, name, measure) → value; money in fen. Every paper says them in tables that are known by the words
of their heads: `verdict` (平台记录), `line` (补贴项目), `employer` (单位), `rule` (索引号).
"""

import base64
import gzip
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
from python_calamine import CalamineWorkbook

from auditor.words import table

Key = tuple[str, str, str]
Found = Iterator[tuple[Key, int]]
Rows = list[list[str]]
VERDICTS = {"支持": "supported", "不支持": "not_supported", "待核实": "to_verify", "合计": "total"}
COUNTS = ("supported", "not_supported", "to_verify", "claims")
MONEY = ("supported_fen", "not_supported_fen", "to_verify_fen", "claimed_fen")
NOBODY = table()["page"]["no_employer"]["zh"]
YUAN, COUNT = r"([\d,]+\.\d\d)", r"([\d,]+)"


class Truth:
    """report.json: every number there is, and how the other papers name things."""

    def __init__(self, folder: Path) -> None:
        self.report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        self.claimed = bool(self.report["conclusion"]["claim_list"])
        self.employers = [one["employer"] or NOBODY for one in self.report["employers"]]
        self.rules = {rule["id"]: f"R-{place:02}" for place, rule in enumerate(self.report["rules"], 1)}
        self.lines = {one["label"]: one["clause"] for one in self.report["money"]["lines"]}
        self.numbers = dict(self._numbers())

    def _numbers(self) -> Found:
        money, persons = self.report["money"], self.report["people"]["verdicts"]
        for name in ("supported", "not_supported", "to_verify"):
            yield ("verdict", name, "persons"), persons[name]
            if self.claimed:
                yield ("verdict", name, "claims"), money[name]
                yield ("verdict", name, "fen"), money[f"{name}_fen"]
        yield ("verdict", "total", "persons"), sum(persons.values())
        if self.claimed:
            yield ("verdict", "total", "claims"), money["claims"]
            yield ("verdict", "total", "fen"), money["claimed_fen"]
        measures = COUNTS + MONEY if self.claimed else COUNTS
        for line in money["lines"] if self.claimed else []:
            yield from ((("line", line["label"], name), line[name]) for name in measures)
        for one in self.report["employers"]:
            yield from ((("employer", one["employer"] or NOBODY, name), one[name]) for name in measures)
        for rule in self.report["rules"]:
            at = self.rules[rule["id"]]
            yield ("rule", at, "findings"), rule["findings"]
            yield ("rule", at, "persons"), rule["persons"]
            if self.claimed:
                yield ("rule", at, "claims"), rule["claims"]
                yield ("rule", at, "fen"), rule["claims_fen"]
                yield ("rule", at, "once_fen"), rule["counted_once_fen"]

    def wanted(self, sections: dict[str, str]) -> set[Key]:
        """What a paper has to say: of rules only those that found something."""
        found = {self.rules[rule["id"]] for rule in self.report["rules"] if rule["findings"]}
        return {
            key
            for key in self.numbers
            if key[2] in sections.get(key[0], "").split() and (key[0] != "rule" or key[1] in found)
        }

    def who(self, cell: str) -> str:
        """The employer that a cell begins with; its district may follow."""
        cell = " ".join(cell.split())
        return max((name for name in self.employers if cell.startswith(name)), key=len)

    def line(self, cell: str) -> str:
        return max((name for name in self.lines if "".join(cell.split()).startswith("".join(name.split()))), key=len)


def fen(text: object) -> int:
    """12,345.60 or 12345.6 → 1234560."""
    return round(float(str(text).replace(",", "")) * 100)


def count(text: object) -> int:
    return int(float(str(text).replace(",", "")))


def _values(section: str, name: str, measures: tuple[str, ...], cells: list[Any]) -> Found:
    for measure, cell in zip(measures, cells, strict=True):
        if cell not in ("—", ""):
            yield (section, name, measure), (fen if measure.endswith("fen") else count)(cell)


def _verdicts(rows: Rows, measures: tuple[str, ...]) -> Found:
    for row in rows:
        yield from _values("verdict", VERDICTS[row[0]], measures, row[1:])


def _people_sentence(text: str) -> Found:
    """The conclusion without a claim list, the second sentence of words.toml; a paper may break it anywhere."""
    said = re.escape(table()["conclusion"]["people"]["zh"].replace(" ", "").partition("。")[2])
    said = re.sub(r"\\{(\w+)\\}", lambda name: rf"(?P<{name[1]}>[\d,]+)", said)
    found = re.search(said, re.sub(r"\s", "", text))
    assert found, "the conclusion is not said"
    for name, value in found.groupdict().items():
        yield ("verdict", name, "persons"), count(value)


class _Html(HTMLParser):
    """The tables of a page, as it is seen, and its packed blocks."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: list[Rows] = []
        self.blocks: dict[str, Any] = {}
        self._cell = self._block = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self._cell = tag
        elif tag == "script":
            self._block = (dict(attrs).get("id") or "") if dict(attrs).get("type") else ""

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._cell = ""
        elif tag == "script":
            self._block = ""

    def handle_data(self, data: str) -> None:
        if self._block.startswith("data-"):
            self.blocks[self._block.removeprefix("data-")] = json.loads(gzip.decompress(base64.b64decode(data)))
        elif self._cell:
            self.tables[-1][-1][-1] += data

    def table(self, *head: str) -> Rows:
        """The rows under a head, spaces evened out."""
        for rows in self.tables:
            cells = [[" ".join(cell.split()) for cell in row] for row in rows]
            if cells and tuple(cells[0][: len(head)]) == head:
                return cells[1:]
        raise AssertionError(f"no table {head}")


def html(path: Path, truth: Truth) -> Found:
    page = _Html(path.read_text(encoding="utf-8"))
    yield from _verdicts(page.table("平台记录"), ("claims", "fen") if truth.claimed else ("persons",))
    rows = page.table("单位", "人次", "金额（元）")[1:] if truth.claimed else page.table("单位", "支持")
    for row in rows[:-1]:
        yield from _values("employer", truth.who(row[0]), COUNTS + MONEY if truth.claimed else COUNTS, row[1:])
    measures = ("findings", "persons", "claims", "fen", "once_fen") if truth.claimed else ("findings", "persons")
    for row in page.table("索引号", "规则", "类别", "条款", "发现"):
        if row[0] in truth.rules.values():
            yield from _values("rule", row[0], measures, row[4:])
    if "findings" in page.blocks:
        yield from _packed(page.blocks, truth)


def _packed(blocks: dict[str, Any], truth: Truth) -> Found:
    """What report.html carries for its scripts, column by column."""

    def column(block: str, name: str) -> list[Any]:
        values = blocks[block][name]
        if isinstance(values, list):
            return values
        return [values["words"][at] if at >= 0 else None for at in values["at"]]

    rules = column("findings", "rule")
    assert blocks["findings"]["total"] == blocks["findings"]["listed"] == len(rules)
    for rule, at in truth.rules.items():
        yield ("rule", at, "findings"), rules.count(rule)
    if truth.claimed:
        claims = pl.DataFrame({name: column("claims", name) for name in ("verdict", "employer", *MONEY[::-1])})
        assert blocks["claims"]["total"] == len(claims)
        yield from _claims(claims)


def _claims(claims: pl.DataFrame) -> Found:
    """Of rows of claims: verdict, employer, money."""
    claims = claims.with_columns(pl.col("employer").fill_null(NOBODY))
    for verdict in COUNTS[:3]:
        yield ("verdict", verdict, "claims"), len(claims.filter(verdict=verdict))
        yield ("verdict", verdict, "fen"), claims[f"{verdict}_fen"].sum()
    yield ("verdict", "total", "claims"), len(claims)
    yield ("verdict", "total", "fen"), claims["claimed_fen"].sum()
    for (employer,), rows in claims.group_by("employer"):
        yield from ((("employer", str(employer), name), len(rows.filter(verdict=name))) for name in COUNTS[:3])
        yield ("employer", str(employer), "claims"), len(rows)
        yield from ((("employer", str(employer), name), rows[name].sum()) for name in MONEY)


def docx(path: Path, truth: Truth) -> Found:
    import docx as word

    opened = word.Document(str(path))
    tables = [[[cell.text.strip() for cell in row.cells] for row in one.rows] for one in opened.tables]

    def under(*head: str) -> Rows:
        return next(rows[1:] for rows in tables if tuple(rows[0][: len(head)]) == head)

    rules = ("persons", "claims", "fen", "once_fen") if truth.claimed else ("persons",)
    for row in under("索引号", "规则", "核查人数"):
        if row[0] in truth.rules.values():
            yield from _values("rule", row[0], rules, row[3:])
    if not truth.claimed:
        yield from _people_sentence("\n".join(one.text for one in opened.paragraphs))
        return
    yield from _verdicts(under("平台记录"), ("claims", "persons", "fen"))
    money = ("claims", "claimed_fen", *MONEY[:3])
    for row in under("补贴（条款）"):
        if row[0] != "合计":
            yield from _values("line", truth.line(row[0]), money, row[1:])
    for row in under("单位", "人次"):
        if row[0] != "合计":
            yield from _values("employer", truth.who(row[0]), money, row[1:])


def pdf(path: Path, truth: Truth) -> Found:
    """By the order of the words on a page: the cells of a row follow its name."""
    import pypdf

    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)

    def after(name: str, *cells: str) -> tuple[str, ...]:
        spaced = r"\s*".join(map(re.escape, "".join(name.split())))
        found = re.search(spaced + r"(?:\s*（[^）]*）)?\s*" + r"\s+".join(cells), text)
        assert found, f"not in the PDF: {name}"
        return found.groups()

    if truth.claimed:
        for word, name in VERDICTS.items():
            found = re.search(rf"^{word} {COUNT} {YUAN}$", text, re.M)
            assert found, word
            yield from _values("verdict", name, ("claims", "fen"), list(found.groups()))
        for label, clause in truth.lines.items():
            cells = after(label, rf"T-{re.escape(clause)}", COUNT, *4 * (YUAN,))
            yield from _values("line", label, ("claims", *MONEY), list(cells))
        for name in truth.employers:
            cells = after(name, *4 * (YUAN + r"\s+" + COUNT + " 人次",))
            yield from _values("employer", name, MONEY, list(cells[::2]))
            yield from _values("employer", name, COUNTS, list(cells[1::2]))
    else:
        yield from _people_sentence(text)
        for name in truth.employers:
            yield from _values("employer", name, COUNTS, list(after(name, *4 * (COUNT,))))
    for rule in truth.report["rules"]:
        if rule["findings"]:  # the first place where its identifier stands alone is the table of rules
            name = r"\s*".join(map(re.escape, rule["id"]))
            money = r"\s*" + YUAN + r"\s+只计一次\s+" + YUAN if truth.claimed else ""
            found = re.search(rf"^{name}$.*?{COUNT}\s+{COUNT} / [\d,]+ 人{money}", text, re.M | re.S)
            assert found, rule["id"]
            measures = ("findings", "persons", "fen", "once_fen") if truth.claimed else ("findings", "persons")
            yield from _values("rule", truth.rules[rule["id"]], measures, list(found.groups()))


def xlsx(path: Path, truth: Truth) -> Found:
    """Formulas by the values written beside them."""
    opened = CalamineWorkbook.from_path(path)
    sheets = {name: opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names}
    rows = sheets["结论"]

    def under(head: str, width: int) -> list[list[Any]]:
        first = next(at for at, row in enumerate(rows) if row[0] == head) + 1
        last = next(at for at, row in enumerate(rows) if at >= first and row[0] == "合计")
        return [row[:width] for row in rows[first : last + 1]]

    measures = COUNTS + MONEY if truth.claimed else COUNTS
    wide = 1 + len(measures)
    yield from _verdicts(under("平台记录", 4 if truth.claimed else 2),
                         ("claims", "persons", "fen") if truth.claimed else ("persons",))  # fmt: skip
    for row in under("单位", wide)[:-1]:
        yield from _values("employer", truth.who(row[0]), measures, row[1:])
    if truth.claimed:
        for row in under("补贴项目", wide)[:-1]:
            yield from _values("line", truth.line(row[0]), measures, row[1:])
        total = dict(zip(sheets["人员"][2], sheets["人员"][-1], strict=True))
        for word, name in (("支持金额（元）", "supported"), ("不支持金额（元）", "not_supported"),
                           ("待核实金额（元）", "to_verify"), ("申领金额（元）", "total")):  # fmt: skip
            yield ("verdict", name, "fen"), fen(total[word])
    yield from _summary(sheets["发现汇总"])
    for row in sheets["规则执行"][3:-1]:
        named = dict(zip(sheets["规则执行"][2], row, strict=True))
        yield from _values("rule", named["索引号"], ("findings", "persons"), [named["发现"], named["人数"]])
    for name, matter in sheets.items():
        if name.startswith("R-"):
            first = next(at for at, row in enumerate(matter) if row[0] == "三、审计结论") + 1
            figures = {row[0]: row[3] for row in matter[first : first + 8]}
            yield from _values("rule", name.split()[0], ("findings", "persons"), [figures["发现"], figures["人数"]])


def _summary(rows: list[list[Any]]) -> Found:
    """Rule × employer, added up by rule."""
    words = {
        "发现": "findings",
        "人数": "persons",
        "人次": "claims",
        "涉及金额（元）": "fen",
        "只计一次（元）": "once_fen",
    }
    sums: dict[Key, int] = {}
    for row in rows[3:]:
        named = dict(zip(rows[2], row, strict=True))
        if named["索引号"].startswith("R-"):
            for word, measure in words.items():
                if word in named:
                    key = ("rule", named["索引号"], measure)
                    number = (fen if measure.endswith("fen") else count)(named[word])
                    sums[key] = sums.get(key, 0) + number
    yield from sums.items()


def claims_table(path: Path, truth: Truth) -> Found:
    if truth.claimed:
        yield from _claims(pl.read_parquet(path))


def people_table(path: Path, truth: Truth) -> Found:
    people = pl.read_parquet(path).filter(pl.col("verdict").is_not_null())
    for verdict in COUNTS[:3]:
        yield ("verdict", verdict, "persons"), len(people.filter(verdict=verdict))
        if truth.claimed:
            yield ("verdict", verdict, "fen"), people[f"{verdict}_fen"].sum()
    yield ("verdict", "total", "persons"), len(people)
    if truth.claimed:
        yield ("verdict", "total", "fen"), people["claimed_fen"].sum()


def findings_table(path: Path, truth: Truth) -> Found:
    rules = pl.read_parquet(path)["rule"].to_list()
    for rule, at in truth.rules.items():
        yield ("rule", at, "findings"), rules.count(rule)


def database(path: Path, truth: Truth) -> Found:
    import duckdb

    with duckdb.connect(str(path), read_only=True) as con:
        for rule, found in con.execute("SELECT rule, count(*) FROM findings GROUP BY rule").fetchall():
            yield ("rule", truth.rules[rule], "findings"), found
        people = con.execute("SELECT verdict, count(*) FROM people_verdicts WHERE verdict IS NOT NULL GROUP BY verdict")
        found = dict.fromkeys(COUNTS[:3], 0) | dict(people.fetchall())
        yield from ((("verdict", name, "persons"), persons) for name, persons in found.items())
        if truth.claimed:
            yield from _claims(con.sql("SELECT * FROM claim_verdicts LEFT JOIN employers USING (employer_no)").pl())


_ALL = {
    "verdict": "claims persons fen",
    "line": " ".join(COUNTS + MONEY),
    "employer": " ".join(COUNTS + MONEY),
    "rule": "findings persons claims fen once_fen",
}
_BY_CLAIM = {"verdict": "claims fen", "employer": " ".join(COUNTS + MONEY)}
_WORD = {"verdict": "claims persons fen", "line": " ".join(("claims", *MONEY)), "rule": "persons claims fen once_fen"}
_TYPESET = {"verdict": "claims fen", "line": " ".join(("claims", *MONEY)), "rule": "findings persons fen once_fen"}
PAPERS: dict[str, tuple[Callable[[Path, Truth], Found], dict[str, str], dict[str, str]]] = {
    # how it is read; the sections and measures that must be there with a claim list, and without one
    "report.html": (html, _ALL | {"verdict": "claims fen", "line": ""}, _ALL | {"line": ""}),
    "report.docx": (docx, _WORD | {"employer": _WORD["line"]}, {"verdict": "persons", "rule": "persons"}),
    "report-firm.docx": (docx, _WORD | {"employer": _WORD["line"]}, {"verdict": "persons", "rule": "persons"}),
    "report.pdf": (pdf, _TYPESET | {"employer": _ALL["employer"]}, _ALL),
    "workpapers.xlsx": (xlsx, _ALL, _ALL),
    "claims.parquet": (claims_table, _BY_CLAIM, {}),
    "people.parquet": (people_table, {"verdict": "persons fen"}, {"verdict": "persons"}),
    "findings.parquet": (findings_table, {"rule": "findings"}, {"rule": "findings"}),
    "audit.duckdb": (database, _BY_CLAIM | {"rule": "findings"}, {"rule": "findings"}),
}


def differences(folder: Path) -> list[str]:
    """What the papers of a folder say otherwise than report.json, or not at all."""
    truth = Truth(folder)
    found = []
    for name, (read, claimed, alone) in PAPERS.items():
        if not (folder / name).exists():
            continue
        seen = set()
        for key, value in read(folder / name, truth):
            seen.add(key)
            if truth.numbers.get(key, 0) != value:
                found.append(f"{name} {key}: {value} instead of {truth.numbers.get(key)}")
        found += [f"{name} {key}: not said" for key in truth.wanted(claimed if truth.claimed else alone) - seen]
    return sorted(found)
