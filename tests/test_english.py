"""The English edition: every word a user reads is English; what is quoted (clauses, notices, data) stays as it is."""

import ast
import contextlib
import io
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from python_calamine import CalamineWorkbook
from test_cli import BAD, ROOT, sentence
from test_html import Page

from auditor import audit, cli, engagement, fact, policy, rule, summary, waiver, words
from auditor.content import PACKAGE, folder
from auditor.fault import Exit, Fault
from auditor.report import Report
from auditor.schema import tables
from auditor.workplace import workplace

SAMPLES = ROOT / "sample_data"
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uff09\uff0b-\uffef]+")  # ＊ hides a name in both
# a clause's number is a citation: 五.3, 四(一), 附件.2
CLAUSE = re.compile(r"附件|[一二三四五六七八九十]+(?![\u3400-\u9fff])")
# Modules that read or invent Chinese: headers, units, halves of a day, words of a log. No sentence stands in them.
READERS = {
    *("schema.py", "person.py", "mask.py", "intake/network.py", "intake/batch.py", "intake/sheet.py", "intake/text.py"),
    *("intake/times.py", "intake/cells.py", "intake/parquet_file.py", "names.py", "nickname.py", "engagement.py"),
    *("intake/json_file.py", "intake/order.py", "intake/platform.py", "intake/recognise.py", "intake/shape.py"),
    *("staging.py", "hidden.py", "grant.py"),
    *("intake/guess.py",),
}
BOOK = (
    *("contents", "conclusion", "run", "data", "summary", "findings", "rules", "clauses", "claims", "people"),
    *("priority", "groups", "undone"),
)
SENTENCE = re.compile("[，。；？！]")


@dataclass(frozen=True)
class Edition:
    out: Path
    lang: str

    @cached_property
    def json(self) -> dict[str, Any]:
        body: dict[str, Any] = json.loads((self.out / "report.json").read_text(encoding="utf-8"))
        return body

    @cached_property
    def said(self) -> str:
        """What the terminal says of it."""
        with contextlib.redirect_stdout(io.StringIO()) as said:
            summary.tell(Report(**self.json), self.out, self.lang)
        return said.getvalue()


@dataclass(frozen=True)
class Both:
    zh: Edition
    en: Edition
    data: str  # every text of the export, and the names of its files


@pytest.fixture(scope="module", params=policy.names())
def both(request: pytest.FixtureRequest, sample: Callable[..., Path]) -> Both:
    zh, en = (Edition(sample(request.param, lang=lang), lang) for lang in words.LANGUAGES)
    return Both(zh, en, "\n".join(texts(SAMPLES / request.param)))


def texts(data: Path) -> Iterator[str]:
    for path in sorted(data.iterdir()):
        yield path.name
        if path.suffix == ".xlsx":
            book = CalamineWorkbook.from_path(str(path))
            for name in book.sheet_names:
                yield name
                yield from (str(cell) for row in book.get_sheet_by_name(name).to_python() for cell in row)
        else:
            try:
                yield path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                yield path.read_text(encoding="gb18030")


def cited(name: str) -> str:
    """What a notice itself says: its names, quotes and numbers."""
    notice = policy.load(name)
    quotes = [clause.quote for clause in notice.clauses]
    return "\n".join([notice.title["zh"], notice.number, *quotes, *(clause.id for clause in notice.clauses)])


class Marked(Page):
    """A page's text without and within what is marked as Chinese."""

    def __init__(self, html: str) -> None:
        self.english = ""
        self.chinese: list[str] = []
        self._marks: list[bool] = []
        super().__init__(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        before = len(self._open)
        super().handle_starttag(tag, attrs)
        if len(self._open) > before:
            self._marks.append(dict(attrs).get("lang") == "zh" or (bool(self._marks) and self._marks[-1]))

    def handle_endtag(self, tag: str) -> None:
        super().handle_endtag(tag)
        self._marks.pop()

    def handle_data(self, data: str) -> None:
        super().handle_data(data)
        if self._marks and self._marks[-1]:
            self.chinese.append(data)
        else:
            self.english += data


def own(text: str, *known: str) -> list[str]:
    """The Chinese in a text that stands in nothing known."""
    runs = dict.fromkeys(CHINESE.findall(text))
    return [run for run in runs if not any(run in one for one in known) and not CLAUSE.fullmatch(run)]


def test_the_page_is_english_but_for_what_it_quotes(both: Both) -> None:
    page = Marked((both.en.out / "report.html").read_text(encoding="utf-8"))
    assert own(page.english) == []
    name = both.en.json["policy"]["id"]
    assert own("\n".join(set(page.chinese)), both.data, cited(name)) == []
    assert dict(page.tags[0][1]) == {"lang": "en"}
    for clause in policy.load(name).clauses:  # quoted, with our own words beside it
        assert clause.quote in page.chinese and clause.summary["en"] in page.text
    attributes = [values.get(of) or "" for _, values in page.tags for of in ("title", "aria-label", "content")]
    assert own(" ".join(attributes)) == []
    style = re.findall(r"@page.*?</style>", (both.en.out / "report.html").read_text(encoding="utf-8"), re.S)[0]
    assert r"\00" in style and not re.search(r"\\00(3[0-9a-f]|[4-9][0-9a-f])[0-9a-f]{2}", style)


def test_what_is_printed_is_english_but_for_the_data(both: Both) -> None:
    assert own(both.en.said, both.data) == []
    assert "Conclusion" in both.en.said and "结论" in both.zh.said
    assert re.findall(r"\d[\d,.]*", CHINESE.sub(" ", both.en.said)) and len(both.en.said.splitlines()) == len(
        both.zh.said.splitlines()
    )
    for left, right, said in (("［", "］", both.zh.said), ("[", "]", both.en.said)):  # what is in brackets is no style
        assert said.count(left) == said.count(right) > 1
    assert both.zh.said.count("［提示］") == both.en.said.count("[note]") > 0


def leaves(value: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, (*at, key))
    elif isinstance(value, list):
        for place, below in enumerate(value):
            yield from leaves(below, (*at, str(place)))
    else:
        yield at, value


# what of report.json is a sentence or a name in words; all else is alike in both editions
WORDED = {"lang", "title", "issuer", "text", "reason", "lead_reason", "summary", "manual", "why", "fix", "message",
          "false_positives", "label", "subject"}  # fmt: skip
WORDED_LISTS = {"fields", "fields_lacking", "lacking", "notes", "problems"}


def test_both_editions_hold_the_same_numbers(both: Both) -> None:
    zh, en = (list(leaves(edition.json)) for edition in (both.zh, both.en))
    assert [at for at, _ in zh] == [at for at, _ in en]
    unlike = {at for (at, said), (_, other) in zip(zh, en, strict=True) if said != other}
    assert {at for at in unlike if at[-1] not in WORDED and not WORDED_LISTS & {*at[:2], at[-2]}} == set()
    assert (both.zh.json["run"]["lang"], both.en.json["run"]["lang"]) == words.LANGUAGES
    known = both.data + cited(both.en.json["policy"]["id"])
    assert [(at, said) for at, said in en if isinstance(said, str) and own(said, known)] == []


def test_the_tables_are_the_same_but_for_the_message(both: Both) -> None:
    for part in ("people", "claims", "evidence"):
        assert pl.read_parquet(both.zh.out / f"{part}.parquet").equals(pl.read_parquet(both.en.out / f"{part}.parquet"))
    zh, en = (pl.read_parquet(edition.out / "findings.parquet") for edition in (both.zh, both.en))
    assert zh.drop("message", "subject").equals(en.drop("message", "subject"))
    assert not (zh["message"] == en["message"]).any()
    assert own("\n".join(en["message"].unique()), both.data) == []
    assert own("\n".join(en["subject"].drop_nulls().unique()), both.data) == []


def cells(out: Path) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(out / "workpapers.xlsx"))
    rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)]
    return [book.sheet_names, *rows]


def test_the_workbook_is_english_but_for_what_it_quotes(both: Both) -> None:
    zh, en = cells(both.zh.out), cells(both.en.out)
    texts = [cell for row in en for cell in row if isinstance(cell, str)]
    runs = "\n".join({run for text in texts for run in CHINESE.findall(text)})
    assert own(runs, both.data, cited(both.en.json["policy"]["id"])) == []
    assert not any("<span" in text for text in texts)  # marks of the page are none of a cell's
    assert en[0][: len(BOOK)] == [words.section("book", "en")[name] for name in BOOK]
    assert [name[:4] for name in en[0]] != [name[:4] for name in zh[0]] and len(en[0]) == len(zh[0]) > len(BOOK)
    assert [len(row) for row in zh] == [len(row) for row in en]
    numbers = [[[cell for cell in row if not isinstance(cell, str)] for row in rows] for rows in (zh, en)]
    assert numbers[0] == numbers[1]


def test_what_is_stored_knows_no_language(both: Both) -> None:
    import duckdb

    with duckdb.connect() as con:
        for edition in (both.zh, both.en):
            con.execute(f"ATTACH '{edition.out / 'audit.duckdb'}' AS {edition.lang} (READ_ONLY)")
        listed = "SELECT table_name FROM duckdb_tables() WHERE database_name = ? ORDER BY ALL"
        zh, en = ([name for (name,) in con.execute(listed, [lang]).fetchall()] for lang in words.LANGUAGES)
        assert zh == en
        for name in zh:
            # raised_no is the place at which an engine of several threads came upon a finding
            wanted = "* EXCLUDE (raised_no)" if name == "finding_rows" else "*"
            one, other = (f'SELECT {wanted} FROM {lang}."{name}"' for lang in words.LANGUAGES)
            unlike = f"({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one})"
            assert con.execute(unlike).fetchall() == [], name


@pytest.mark.parametrize("case", BAD)
def test_each_error_has_an_english_sentence(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, content, _ = BAD[case]
    if case != "no such file":
        (tmp_path / name).write_bytes(content)
    arguments = ["audit", str(tmp_path / name), "--policy", "taicang-2021", "--out", str(tmp_path / "out")]
    assert cli.main([*arguments, "--lang=en"]) == Exit.UNAUDITABLE
    said = sentence(capsys)
    assert said.startswith("Error: ") and re.search(r"[a-z]{3}.*[a-z]{3}", said.removeprefix("Error: "))
    assert own(said, str(tmp_path / name), "姓名") == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["audit", ".", "--policy", "taicang", "--out", "out"],
        ["demo", "--policy", "wuxi2023", "--out", "out"],
        ["demo", "--out", "file"],
        ["audit", ".", "--policy", "taicang-2021", "--out", "file"],
        ["explain", "claim-duplicated"],
    ],
)
def test_wrong_names_and_folders_in_english(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("x")
    assert cli.main(["--lang", "en", *arguments]) in (Exit.USAGE, Exit.ENVIRONMENT)
    assert own(sentence(capsys)) == []


WAIVER = """[[waivers]]
rule = "sessions-overlap-other-address"
fingerprint = "{fingerprint}"
reason = "checked in person"
approver = "the head of the team"
expires = {expires}
"""


def waivers(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "waivers.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("both", ["taicang-2021"], indirect=True, scope="module")
def test_settings_waivers_and_engagement_in_english(
    both: Both, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = both.en.json["policy"]["id"]
    sample = [
        f for rule in both.en.json["rules"] if rule["id"] == "sessions-overlap-other-address" for f in rule["sample"]
    ]
    given = [(sample[0]["fingerprint"], "2026-12-31"), ("0" * 16, "2026-12-31"), ("1" * 16, "2025-12-31")]
    file = waivers(tmp_path, "".join(WAIVER.format(fingerprint=found, expires=until) for found, until in given))
    engaged = tmp_path / "engagement.txt"
    engaged.write_text("client: Somebody's Bureau\n", encoding="utf-8")
    options = ["--set", "max_attempts=9", "--set", "min_units=30", "--waivers", str(file), "--as-of", "2026-06-01"]
    command = ["audit", str(SAMPLES / name), "--policy", name, "--lang", "en", "--out", str(tmp_path / "out")]
    assert cli.main([*command, *options, "--engagement", str(engaged)]) == Exit.CLEAN
    said, err = capsys.readouterr()
    assert own(said, both.data, str(tmp_path)) == [] and err == ""
    out = Edition(tmp_path / "out", "en")
    problems = "\n".join(out.json["problems"])
    assert "The auditor set min_units = 30 (notice: " in problems and "looser than the clause" in problems
    assert [waiver["state"] for waiver in out.json["waivers"]] == ["active", "unmatched", "expired"]
    assert all(said in problems for said in ("waived by approval: 1", "expired and not applied: 1", "no finding: 1"))
    reasons = [clause["reason"] for clause in out.json["clauses"] if clause["reason"]]
    assert len(reasons) == 1 and reasons[0].startswith("the auditor loosened parameters (")
    known = both.data + cited(name)
    assert own(problems + "".join(reasons), known) == []
    page = Marked((out.out / "report.html").read_text(encoding="utf-8"))
    assert own(page.english) == [] and "Somebody's Bureau" in page.english and "checked in person" in page.english
    assert reasons[0] in page.english and "matches no finding" in page.english
    texts = [cell for row in cells(out.out) for cell in row if isinstance(cell, str)]
    assert own("\n".join({run for text in texts for run in CHINESE.findall(text)}), known) == []
    assert any("min_units = 30" in text for text in texts)


@pytest.mark.parametrize("given", ["nothing=1", "min_units=x", "unit_s=1850", "reading=both", "disputed=no", "unit_s"])
def test_a_wrong_setting_in_english(given: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["audit", ".", "--policy", "taicang-2021", "--lang", "en", "--out", str(tmp_path / "out")]
    assert cli.main([*command, "--set", given]) == Exit.USAGE
    said = sentence(capsys)
    assert said.startswith("Error: --set") and given.split("=")[0] in said and own(said) == []


@pytest.mark.parametrize(
    "text",
    [
        "[[waivers",
        "[[waivers]]\nrule = 1\n",
        WAIVER.format(fingerprint=1, expires='"soon"'),
        WAIVER.format(fingerprint=" ", expires="2026-12-31"),
        WAIVER.format(fingerprint=1, expires="2026-12-31") * 2,
        WAIVER.format(fingerprint=1, expires="2026-12-31") + "more = 1\n",
        WAIVER.format(fingerprint=1, expires="2026-12-31").replace("sessions-", "session-"),
    ],
)
def test_a_wrong_waiver_in_english(text: str, tmp_path: Path) -> None:
    path = waivers(tmp_path, text)
    with pytest.raises(Fault) as caught:
        waiver.load(path)
    said = words.word(caught.value.words, "en")
    assert said.startswith(f"--waivers {path}") and own(said) == [] and own(str(caught.value))


def test_other_files_of_options_in_english(tmp_path: Path) -> None:
    path = tmp_path / "engagement.txt"
    for content in (None, b"\xff\xfe", b"whoever\n"):
        if content:
            path.write_bytes(content)
        with pytest.raises(Fault) as caught:
            engagement.load(path)
        said = words.word(caught.value.words, "en")
        assert said.startswith(f"--engagement {path}") and own(said) == [] and own(str(caught.value))
    assert "client, platform, period, prepared_by, reviewed_by" in said
    with pytest.raises(Fault) as caught:
        waiver.load(tmp_path / "none.toml")
    assert own(words.word(caught.value.words, "en")) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.parquet", b"PAR1 and no more"),
        ("a.parquet", b"no parquet at all"),
        ("a.csv", b"\xff\xfe\x00\xd8\x41\x00"),
        ("a.csv", "a,b\n".encode("utf-16") + b"\x00\x00"),
    ],
)
def test_files_of_other_forms_in_english(
    name: str, content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(content)
    command = ["audit", str(tmp_path / name), "--policy", "taicang-2021", "--out", str(tmp_path / "out")]
    assert cli.main([*command, "--lang", "en"]) == Exit.UNAUDITABLE
    assert own(sentence(capsys)) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no locks on folders")
def test_a_folder_in_use_in_english(tmp_path: Path) -> None:
    with workplace(tmp_path), pytest.raises(Fault) as caught, workplace(tmp_path):
        pass
    assert "another audit" in words.word(caught.value.words, "en")


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_an_end_half_way_in_english(
    error: BaseException, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.delenv("AUDITOR_DEBUG", raising=False)
    monkeypatch.setattr(audit, "load", fail)
    arguments = ["audit", str(tmp_path), "--policy", "taicang-2021", "--out", str(tmp_path / "out"), "--lang", "en"]
    assert cli.main(arguments) in (Exit.INTERNAL, Exit.INTERRUPTED, Exit.ENVIRONMENT)
    assert own(sentence(capsys)) == []


@pytest.mark.parametrize("command", [[], ["audit"], ["demo"], ["explain"], ["list"], ["map"], ["verify"], ["diff"]])
def test_help_in_english(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    said = []
    for arguments in ([*command, "--help", "--lang", "en"], ["--lang=en", *command, "--help"], [*command, "--help"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        assert ended.value.code == Exit.CLEAN
        said.append(capsys.readouterr().out)
    assert said[0] == said[1] and own(said[0]) == []
    assert own(said[2]) and "--lang" in said[2]


@pytest.mark.parametrize("arguments", [["audit"], ["list", "all"], ["demo", "--out", "x", "--learners", "0"], ["bad"]])
def test_wrong_arguments_in_english(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--lang", "en", *arguments])
    assert ended.value.code == Exit.USAGE
    assert own(capsys.readouterr().err) == []


@pytest.mark.parametrize("arguments", [["audit", "--lang", "fr"], ["--lang"]])
def test_a_language_we_do_not_speak(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == Exit.USAGE


@pytest.mark.parametrize("what", ["rules", "policies", "schemas"])
def test_list_in_english(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    known = "\n".join(cited(name) for name in policy.names())
    columns = [one for table in tables().values() for one in table.columns.values()]
    known += "\n".join(alias for one in columns for alias in (*one.aliases, *one.fallbacks))
    for option in ([], ["--json"]):
        assert cli.main(["list", what, "--lang", "en", *option]) == Exit.CLEAN
        assert own(capsys.readouterr().out.replace(", ", "\n"), known) == []


@pytest.mark.parametrize("name", rule.catalogue())
def test_explain_in_english(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["explain", name, "--lang", "en"]) == Exit.CLEAN
    said = capsys.readouterr().out
    assert own(said, *map(cited, policy.names())) == []
    for notice in map(policy.load, policy.names()):
        if name in notice.clause_of:  # our own words beside the quote
            assert notice.clause(notice.clause_of[name]).summary["en"] in said


def test_demo_in_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "--out", str(tmp_path), "--learners", "3", "--lang", "en"]) == Exit.CLEAN
    assert own(capsys.readouterr().out, "\n".join(path.name for path in tmp_path.iterdir())) == []


# --- the catalogue of words ------------------------------------------------------------------------------------------


def test_every_sentence_is_there_in_both_languages() -> None:
    for section, names in words.table().items():
        for name, said in names.items():
            assert set(said) == set(words.LANGUAGES), (section, name)
            assert all(said.values()) or name == "gap", (section, name)
            values = [set(re.findall(r"{(\w+)(?::,)?}", text)) for text in said.values()]
            assert values[0] == values[1], (section, name)
            assert not CHINESE.search(said["en"]) or (section, name) == ("note", "no_unit"), (section, name)


def test_headers_of_rules_facts_schemas_and_policies_are_english_too() -> None:
    """Their English cites no more Chinese than the number of a clause."""
    heads = [fact.read(path)[0] for one in (rule, fact) for path in one.FOLDER.glob("*.sql")]
    said = [entry["en"] for head in heads for entry in head.values() if isinstance(entry, dict) and "en" in entry]
    for table in tables().values():
        said += [table.label["en"], *(column.label["en"] for column in table.columns.values())]
    for notice in map(policy.load, policy.names()):
        said += [notice.title["en"], notice.issuer["en"], *(reading["en"] for reading in notice.readings)]
        said += [clause.summary["en"] for clause in notice.clauses]
        said += [lead.reason["en"] for lead in notice.leads.values()]
        said += [clause.manual["en"] for clause in notice.clauses if clause.manual]
    assert [text for text in said if own(text)] == []
    assert {about["unit"] for one in rule.catalogue().values() for about in one.params.values()} <= set(
        words.table()["measure"]
    )


def literals(path: Path) -> Iterator[str]:
    """String literals of a module that are no docstrings; of an f-string its fixed parts."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_words_for_users_stand_in_code(path: Path) -> None:
    place = path.relative_to(PACKAGE)
    found = [text for text in literals(path) if CHINESE.search(text)]
    if place.parts[0] == "demo":  # it invents Chinese exports; what it says has keys
        calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
        spoken = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "say"]
        assert all(isinstance(node.args[0], ast.Call) for node in spoken)
    elif place.as_posix() in READERS:
        pattern = re.compile(r"[\\\[(|^]|CASE")
        assert [text for text in found if SENTENCE.search(text) and not pattern.search(text)] == []
    else:
        assert found == []


def test_no_sentence_is_kept_in_vain() -> None:
    """Every key is named in code or in a template; of a section that is looked up by ids, the section."""
    code = {text for path in PACKAGE.rglob("*.py") for text in literals(path)}
    templates = "\n".join(path.read_text(encoding="utf-8") for path in folder("reports").rglob("*.j2"))
    render = "\n".join(path.read_text(encoding="utf-8") for path in (PACKAGE / "render").glob("*.py"))
    faults = {match for path in PACKAGE.rglob("*.py") for match in re.findall(
        r"(?:unauditable\(|Fault\(Exit\.\w+,)\s*\"(\w+)\"", path.read_text(encoding="utf-8"))}  # fmt: skip
    unused = []
    for section, names in words.table().items():
        looked_up = {f"{section}.", section} & code or re.search(rf"\bw\.{section}\[", templates)
        for name in names:
            used = f"{section}.{name}" in code or (section == "fault" and name in faults)
            used = used or re.search(rf"\bw\.{section}(?:\.{re.escape(name)}\b|\[\"{re.escape(name)})", templates)
            used = used or re.search(rf"(?:\.{section}|words|unit|page)\.{re.escape(name)}\b", render)
            if section == "book":  # the workbook's own, by a short name or by the sheet's
                used = used or re.search(rf"\bb\.{name}\b|\"{name}\"", render) or name.startswith("unit_")
            if not used and not looked_up:
                unused.append(f"{section}.{name}")
    assert unused == []


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        words.say("fault.unheard_of", "en")
    assert words.say("fault.no_tables", "en", names=["a", "b"]).startswith("a, b: ")
    either = words.either([{"zh": "甲", "en": "one"}, {"zh": "乙", "en": "two"}, {"zh": "丙", "en": "three"}])
    assert [words.word(either, lang) for lang in words.LANGUAGES] == ["甲 或 乙 或 丙", "one or two or three"]
