"""report.pdf read back: its numbers, its pages, its fonts; what happens to texts that are hostile or have no glyph."""

import contextlib
import io
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from harness import honest, write_table
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from auditor import audit, cli, demo, policy
from auditor.fault import Exit
from auditor.render import FORMATS, Unprintable, glyphs, paper_words, to_pdf
from auditor.render.blocks import BREAK, breakable
from auditor.render.glyphs import Fonts
from auditor.report import Report
from auditor.words import word

ALL_PAPERS = True  # see conftest.py

ROOT = Path(__file__).parent.parent
NOTICE = policy.load("taicang-2021")
VERDICTS = ("supported", "not_supported", "to_verify")
RARE = "喆玥祎堃䶮𬱖·"
EVAL = '#eval("x") $x$ *b* _i_ @ref <lab> [a] // c'
HOSTILE = ("<script>alert(1)</script>", "=cmd|'/c calc'!A1", EVAL, "{{7*7}}", RARE, "a\x07b\u202ec", "课" * 10_000,
           "x" * 10_000, "。" * 300, "甲\r\n乙\t丙")  # fmt: skip
GUILT = ("骗取", "套取")

pytestmark = pytest.mark.skipif(
    not shutil.which("fc-list") or "CJK SC" not in subprocess.run(["fc-list"], capture_output=True, text=True).stdout,
    reason="no Chinese font: install fonts-noto-cjk",
)


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    demo.write(folder, NOTICE, 40, 5, violations=0.5)
    (folder / "answer_key.csv").unlink()
    return folder


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """An export of one learner."""
    (folder := tmp_path / "few").mkdir()
    for table, rows in honest(NOTICE, 1, "甲机械厂").items():
        write_table(table, rows, folder)
    return folder


@pytest.fixture(scope="module")
def out(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    done = audit.run([data], NOTICE, folder, papers=["report.pdf"])
    assert done.remarks == {}
    return folder


@pytest.fixture(scope="module")
def report(out: Path) -> Report:
    return Report(**json.loads((out / "report.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def paper(out: Path) -> PdfReader:
    return PdfReader(out / "report.pdf")


@pytest.fixture(scope="module")
def texts(paper: PdfReader) -> list[str]:
    return [page.extract_text() for page in paper.pages]


def flat(texts: list[str]) -> str:
    """The text without spaces and line ends, which depend on the width of a column."""
    return re.sub(r"\s", "", "".join(texts))


def written(report: Report, path: Path, fonts: Fonts, pages: int | None = None) -> list[str]:
    to_pdf.Writer(fonts)(report, path)
    return [page.extract_text() for page in PdfReader(path).pages[:pages]]


def changed(report: Report, **parts: object) -> Report:
    return replace(report, **deepcopy(parts))  # type: ignore[arg-type]


def run(*arguments: object) -> tuple[int, str, str]:
    said, wrong = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
        code = cli.main(["audit", *map(str, arguments), "--policy", NOTICE.id])
    return code, said.getvalue(), re.sub(r"\s", "", wrong.getvalue())


# --- what it says ---------------------------------------------------------------------------------------------------


def test_the_money_to_the_cent(report: Report, texts: list[str]) -> None:
    text, money = flat(texts), report.money
    yuan = {name: paper_words.yuan(money[f"{name}_fen"]) for name in (*VERDICTS, "claimed")}
    assert f"申领{money['claims']}人次（{money['persons']}人）、{yuan['claimed']}元" in text
    for name, label in zip(VERDICTS, ("支持", "不支持", "待核实"), strict=True):
        assert f"{label}{money[name]}{yuan[name]}" in text
    assert f"合计{money['claims']}{yuan['claimed']}" in text
    assert text.count("相符") > 3 and "请勿使用本表" not in text
    for one in report.employers:
        assert one["employer"] in text and paper_words.yuan(one["claimed_fen"]) in text


def test_every_claim_rule_clause_and_file_is_there(report: Report, texts: list[str]) -> None:
    text = flat(texts)
    for letter, verdict in (("N", "not_supported"), ("V", "to_verify")):
        listed = report.claims[verdict]["listed"]
        assert listed and f"共{len(listed)}条，列出{len(listed)}条" in text
        for place, claim in enumerate(listed, 1):
            assert f"{letter}-{place:04}{claim['person_id']}" in text
    for place, rule in enumerate(report.rules, 1):
        assert f"R-{place:02}{rule['title']}".replace(" ", "") in text
        if rule["findings"]:
            assert f"R-{place:02}-001" in text
    for clause in report.clauses:
        assert f"T-{clause['id']}“{clause['quote']}”".replace(" ", "") in text, clause["id"]
    for file in report.inputs:
        assert file["sha256"] in text
    for rule in report.rules:
        if rule["outcome"] == "not_evaluated":
            assert re.sub(r"\s", "", "、".join(rule["lacking"]) or rule["reason"]) in text


def test_a_lead_is_no_breach(report: Report, texts: list[str]) -> None:
    text = flat(texts)
    titles = {
        cls: [r["title"] for r in report.rules if r["class"] == cls and r["findings"]] for cls in ("lead", "breach")
    }
    assert titles["lead"] and titles["breach"]
    for title in titles["lead"]:
        assert f"记录中存在“{title}”的情形，建议进一步核实。".replace(" ", "") in text
    breaches, leads = (
        next(no for no, page in enumerate(texts) if no > 3 and page.count("\n") and words in page)
        for words in ("发现的问题：不符合条款的情形", "疑点：建议进一步核实")
    )
    for title in titles["breach"]:
        assert title.replace(" ", "") in flat(texts[breaches:leads])
    assert not [one for one in GUILT if one in text.replace("".join(c["quote"] for c in report.clauses), "")]


@pytest.fixture(scope="module")
def altered(report: Report, fonts: Fonts, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Of the same Report with more than it lists, with what people concluded, and with characters that no font has."""
    claims, rules, employers = deepcopy(report.claims), deepcopy(report.rules), deepcopy(report.employers)
    claims["to_verify"] = {"total": 1_640_227, "listed": claims["to_verify"]["listed"][:2]}
    next(rule for rule in rules if rule["sample"])["findings"] = 1_234_567
    employers[0]["employer"] = "甲\U0010fffd\U000e0100乙\U0003fff0"
    made = changed(report, claims=claims, rules=rules, employers=employers, judgement=concluded(report))
    return written(made, tmp_path_factory.mktemp("altered") / "a.pdf", fonts)


def concluded(report: Report) -> dict[str, object]:
    claim = report.claims["to_verify"]["listed"][0]
    said = {"fingerprint": "ab", "rule": claim["reasons"][0], "place": 2, "conclusion": "dismissed", "note": EVAL,
            "by": "王喆", "on": "2021-03-05"}  # fmt: skip
    whole = said | {"rule": None, "place": None, "conclusion": "supported", "note": None}
    stray = said | {"file": "判断.xlsx", "sheet": "申领", "row": 7, "fingerprint": "cd", "conclusion": "pending"}
    before = {name: claim[name] for name in ("person_id", "name", "id_number", "employer", "claimed_fen")}
    after = {f"judged_{name}_fen": claim["claimed_fen"] if name == "supported" else 0 for name in VERDICTS}
    one = {**before, **{f"{name}_fen": claim[f"{name}_fen"] for name in VERDICTS}, **after, "verdict": "to_verify",
           "judged_verdict": "supported", "file": None, "sheet": None, "row": None, "said": [said, whole]}  # fmt: skip
    money = {name: report.money[name] for name in VERDICTS} | {f"{name}_fen": 777 for name in VERDICTS}
    return {
        "files": [{"file": "判断.xlsx", "sha256": "f" * 64, "bytes": 9}], "entries": 3, "confirmed": 1, "dismissed": 1,
        "pending": 1, "supported": 4, "not_supported": 5, "unmatched": 60, "unmatched_listed": 60 * [stray],
        "money": money,
        "changed": {"total": 41, "listed": [one]},
    }  # fmt: skip


def test_caps_state_the_exact_total(report: Report, altered: list[str]) -> None:
    text = flat(altered)
    shown = len(next(rule for rule in report.rules if rule["sample"])["sample"])
    assert "共1,640,227条，列出2条；全部申领见claims.parquet" in text
    assert re.search(rf"共1,234,567条，列出前({shown}|10)条；全部在findings.parquet", text)


def test_people_and_the_program_stand_side_by_side(report: Report, altered: list[str]) -> None:
    text = flat(altered)
    assert "认定违规属实1条、排除1条，申领支持4条、不支持5条，待核1条" in text and "f" * 64 in text
    assert "共41项，列出1项" in text and f"-002排除；{EVAL}；王喆，2021-03-05".replace(" ", "") in text
    assert "本项申领支持；—；王喆" in text
    assert "其中60条" in text and "列出50条" in text and text.count("申领第7行：cd，待核，王喆，2021-03-05") == 50
    for name, label in zip(VERDICTS, ("支持", "不支持", "待核实"), strict=True):
        count = report.money[name]
        assert f"{label}{count}{paper_words.yuan(report.money[f'{name}_fen'])}{count}7.77" in text


def test_without_a_claim_list_no_money(report: Report, fonts: Fonts, tmp_path: Path) -> None:
    conclusion = report.conclusion | {"claim_list": False}
    text = flat(written(changed(report, conclusion=conclusion), tmp_path / "a.pdf", fonts))
    assert "没有补贴申请名单，本报告不计金额" in text and "各项补贴的金额" not in text and "涉及金额" not in text


def test_nobody_at_all(report: Report, fonts: Fonts, tmp_path: Path) -> None:
    none = {"total": 0, "listed": []}
    empty = changed(report, employers=[], claims=dict.fromkeys(("not_supported", "to_verify"), none), joins=[],
                    completeness=[], inputs=[], problems=[], priority=none, groups={**none, "persons": 0},
                    rules=[{**rule, "findings": 0, "sample": []} for rule in report.rules])  # fmt: skip
    text = flat(written(empty, tmp_path / "a.pdf", fonts))
    assert "没有这一类申领。" in text and "这一类没有发现。" in text


def test_the_masked_edition_names_nobody(data: Path, texts: list[str], tmp_path: Path) -> None:
    audit.run([data], NOTICE, tmp_path / "full", "full", papers=["report.pdf"])
    full = Report(**json.loads((tmp_path / "full" / "report.json").read_text(encoding="utf-8")))
    named = [one for verdict in full.claims.values() for one in verdict["listed"] if one["id_number"]]
    shown, masked = (
        flat([page.extract_text() for page in PdfReader(tmp_path / "full" / "report.pdf").pages]),
        flat(texts),
    )
    assert len(named) > 5
    for one in named:
        name = one["name"].replace(" ", "")
        assert one["id_number"] in shown and name in shown
        assert one["id_number"] not in masked and name not in masked
    assert (tmp_path / "full" / "report.pdf").stat().st_mode & 0o077 == 0


# --- what it is -----------------------------------------------------------------------------------------------------


def test_every_page_has_its_number(texts: list[str]) -> None:
    for no, text in enumerate(texts, 1):
        assert f"第 {no} 页 共 {len(texts)} 页" in text


def test_contents_bookmarks_and_links(paper: PdfReader, texts: list[str]) -> None:
    def outline(part: list[object]) -> Iterator[tuple[str, int]]:
        for one in part:
            if isinstance(one, list):
                yield from outline(one)
            else:
                page = paper.get_destination_page_number(one)  # type: ignore[arg-type]
                yield str(one.title), int(page or 0) + 1  # type: ignore[attr-defined]

    marks = dict(outline(paper.outline))
    for name in ("结论与金额", "条款对照表", "疑点：建议进一步核实", "附录：查询语句"):
        page = next(no for title, no in marks.items() if title.endswith(name))
        assert name in texts[page - 1]
        assert re.search(rf"{name}[ .]*{page}\s", "".join(texts[1:4])), name
    assert sum(len(page.get("/Annots", ())) for page in paper.pages) > 100


def test_archived_and_accessible(paper: PdfReader, report: Report) -> None:
    root = paper.trailer["/Root"].get_object()
    assert isinstance(root, DictionaryObject)
    packet = root["/Metadata"].get_object().get_data().decode()  # type: ignore[union-attr]
    assert "<pdfaid:part>2</pdfaid:part>" in packet and "<pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet
    assert root["/Lang"] == "zh-CN" and root["/MarkInfo"]["/Marked"] and root["/OutputIntents"]  # type: ignore[index]
    assert paper.metadata and paper.metadata.title == f"审计报告 · {report.policy['title']}"
    assert str(paper.metadata.creation_date).startswith("2021-02-28")


def test_every_font_is_embedded(paper: PdfReader) -> None:
    seen = set()
    for page in paper.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            below = font.get_object()["/DescendantFonts"][0].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(below["/FontDescriptor"].get_object())
            seen.add(below["/BaseFont"])
    assert any("NotoSerifCJKsc" in name for name in seen)


def test_the_same_bytes_again(out: Path, report: Report, tmp_path: Path) -> None:
    to_pdf.Writer(Fonts())(report, tmp_path / "read.pdf")
    same = (out / "report.pdf").read_bytes()
    assert same == (tmp_path / "read.pdf").read_bytes()
    script = (
        "import json, sys; from pathlib import Path; from auditor.render import to_pdf;"
        "from auditor.report import Report;"
        "to_pdf.Writer(to_pdf.Fonts())(Report(**json.loads(Path(sys.argv[1]).read_text())), Path(sys.argv[2]))"
    )
    one = [sys.executable, "-c", script, str(out / "report.json"), str(tmp_path / "one.pdf")]
    subprocess.run(one, check=True, cwd=ROOT, env={"RAYON_NUM_THREADS": "1", "PYTHONPATH": "."})
    assert same == (tmp_path / "one.pdf").read_bytes()


# --- texts of the data ----------------------------------------------------------------------------------------------


def hostile(report: Report) -> Report:
    """The same Report with every text of the data replaced."""
    parts = deepcopy(report.json())
    texts = (HOSTILE[place % len(HOSTILE)] for place in range(1 << 30))
    for rule in parts["rules"]:
        for row in rule["sample"]:
            row |= {name: next(texts) for name in ("subject", "employer", "message", "source_file", "source_sheet")}
    for verdict in parts["claims"].values():
        for row in verdict["listed"]:
            row |= {name: next(texts) for name in ("employer", "name", "file", "sheet")}
            for said in row["said"]:
                said["message"] = next(texts)
    for row in parts["employers"]:
        row |= {"employer": next(texts), "district": next(texts)}
    for row in parts["completeness"]:
        row |= {"file": next(texts), "unrecognised": list(HOSTILE), "notes": [next(texts)]}
    parts["engagement"] = dict.fromkeys(parts["engagement"], EVAL)
    parts["problems"] = list(HOSTILE)
    return Report(**parts)


def test_hostile_texts_stay_texts_on_their_page(report: Report, fonts: Fonts, tmp_path: Path) -> None:
    right: list[float] = []

    def see(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if text.strip():
            right.append(tm[4] * cm[0] + cm[4])

    to_pdf.Writer(fonts)(hostile(report), tmp_path / "report.pdf")
    every = PdfReader(tmp_path / "report.pdf").pages
    pages = [page.extract_text(visitor_text=see if no < 40 else None) for no, page in enumerate(every)]
    text = flat(pages)
    for said in ("<script>alert(1)</script>", "=cmd|'/c calc'!A1", EVAL, "{{7*7}}", RARE):
        assert re.sub(r"\s", "", said) in text
    assert "（共10,000字" in text and "课" * 160 in text and "x" * 160 in text
    assert "a〈U+0007〉b〈U+202E〉c" in text
    assert "U+0007、U+202E" in flat(pages[:1])
    assert "甲乙丙" in text
    assert len(right) > 1_000
    assert min(right) > 45 and max(right) < 595 - 45


@pytest.mark.parametrize(
    ("text", "room", "parted"),
    [("短", 10, False), ("abcdef", 10, False), ("abcdef" * 9, 20, True), ("很长的中文" * 99, 10, False),
     ("。" * 9, 10, True), ("0123456789abcdef", 60, False)],
)  # fmt: skip
def test_long_words_can_be_parted(text: str, room: float, parted: bool) -> None:
    made = breakable(text, room)
    assert made.replace(BREAK, "") == text and (BREAK in made) == parted


def test_a_mark_stays_with_its_letter() -> None:
    assert f"{BREAK}\u0301" not in breakable("e\u0301" * 200, 10)


# --- characters and fonts -------------------------------------------------------------------------------------------


def test_names_outside_gb2312_have_glyphs(fonts: Fonts) -> None:
    assert fonts.choose(RARE).missing == ""
    assert fonts.choose("中文").families == ("Noto Serif CJK SC",)


def test_characters_are_those_of_the_font_file(fonts: Fonts) -> None:
    """Against fontTools' own reading of the table."""
    for family, file in (("Noto Serif CJK SC", "NotoSerifCJK-Regular.ttc"), ("DejaVu Sans", "DejaVuSans.ttf")):
        face = next((one for one in fonts.found.fonts() if one.path and one.path.endswith(file)
                     and one.family == family), None)  # fmt: skip
        if face is None:
            continue
        has = glyphs._characters(str(face.path), face.index)
        with TTFont(face.path, fontNumber=face.index, lazy=True) as font:
            known = font["cmap"].getBestCmap()
        assert {one for one in range(0x110000) if has(one)} == set(known)


def test_a_family_serves_only_what_its_bold_face_has_too(fonts: Fonts, monkeypatch: pytest.MonkeyPatch) -> None:
    def characters(path: str, index: int) -> Callable[[int], bool]:
        return set(map(ord, "中文" if "Bold" in path else "中文喆")).__contains__

    monkeypatch.setattr(glyphs, "_characters", characters)
    first, *others = Fonts().choose("中文喆").families
    assert first == "Noto Serif CJK SC" and len(others) == 1  # one with a single face


def test_without_a_glyph_the_code_point_stands(altered: list[str]) -> None:
    assert "甲〈U+10FFFD〉〈U+E0100〉乙〈U+3FFF0〉" in flat(altered)
    assert "U+3FFF0" in flat(altered[:1]) and "U+10FFFD" in flat(altered[:1])


def test_a_pdf_that_is_asked_for_is_complete_or_none(report: Report, fonts: Fonts, tmp_path: Path) -> None:
    employers = deepcopy(report.employers)
    employers[0]["employer"] = "工会\U0001f389"
    with pytest.raises(Unprintable) as none:
        to_pdf.Writer(fonts, strict=True)(changed(report, employers=employers), tmp_path / "a.pdf")
    for lang in ("zh", "en"):
        said = word(none.value.words, lang)
        assert "U+1F389 \U0001f389" in said and "--fonts" in said and "fonts-noto-cjk" in said
        assert "DejaVu Sans" in said and "SimSun-ExtB" in said
    assert not (tmp_path / "a.pdf").exists()
    remark = to_pdf.Writer(fonts)(changed(report, employers=employers), tmp_path / "a.pdf")
    assert remark and "U+1F389" in word(remark, "zh")


def small_font(folder: Path) -> Path:
    """A folder with a font that has one letter only."""
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({65: "A"})
    builder.setupGlyf({".notdef": Glyph(), "A": Glyph()})
    builder.setupHorizontalMetrics({".notdef": (500, 0), "A": (500, 0)})
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Einzel", "styleName": "Regular", "psName": "Einzel-Regular"})
    builder.setupOS2()
    builder.setupPost()
    folder.mkdir()
    builder.save(folder / "einzel.ttf")
    (folder / "broken.ttf").write_bytes(b"no font")
    return folder


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without fonts."""
    monkeypatch.setattr(glyphs, "Fonts", lambda folder: Fonts(folder, system=False))


def test_a_machine_without_fonts(few: Path, tmp_path: Path, bare: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in FORMATS if name.endswith(".docx")]:
        monkeypatch.delitem(FORMATS, name)
    folder, out = small_font(tmp_path / "fonts"), tmp_path / "out"
    out.mkdir()
    (out / "report.pdf").write_bytes(b"of an earlier audit")
    code, said, wrong = run(few, "--out", out, "--fonts", folder)
    assert code == Exit.CLEAN and "report.html" in said
    assert "没有写report.pdf" in wrong and "Einzel" in wrong and "apt-getinstallfonts-noto-cjk" in wrong
    assert not (out / "report.pdf").exists() and (out / "workpapers.xlsx").exists()
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert "report.pdf" not in manifest["outputs"] and "没有写" in manifest["remarks"]["report.pdf"]


def test_asked_for_by_name_it_fails_before_anything_is_read(tmp_path: Path, bare: None) -> None:
    code, _, wrong = run(tmp_path / "nowhere", "--out", tmp_path / "out", "--papers", "report.html,report.pdf")
    assert code == Exit.ENVIRONMENT and "没有找到任何字体" in wrong
    assert not (tmp_path / "out").exists()


def test_a_character_that_nobody_has_costs_only_the_pdf(tmp_path: Path, few: Path) -> None:
    (few / "备注\U0001f389.csv").write_text("甲\n乙\n", encoding="utf-8")
    code, _, wrong = run(few, "--out", tmp_path / "out", "--papers", "report.pdf")
    assert code == Exit.ENVIRONMENT and "U+1F389" in wrong
    assert (tmp_path / "out" / "report.json").exists() and not (tmp_path / "out" / "report.pdf").exists()


def test_only_the_papers_asked_for(data: Path, out: Path, tmp_path: Path) -> None:
    (tmp_path / "o").mkdir()
    for name in ("report.html", "workpapers.xlsx", "notes.txt"):
        (tmp_path / "o" / name).write_text("of an earlier audit")
    code, said, wrong = run(data, "--out", tmp_path / "o", "--papers", "report.pdf", "--threads", 1)
    assert code == Exit.CLEAN and wrong == "" and "report.pdf" in said
    left = {path.name for path in (tmp_path / "o").iterdir()}
    assert not {"report.html", "workpapers.xlsx"} & left
    assert {"notes.txt", "report.json", "report.pdf", "findings.parquet", "audit.duckdb", "manifest.json"} <= left
    assert (tmp_path / "o" / "report.pdf").read_bytes() == (out / "report.pdf").read_bytes()


def test_wrong_options(data: Path, tmp_path: Path) -> None:
    code, _, wrong = run(data, "--out", tmp_path / "o", "--papers", "report.pfd")
    assert code == Exit.USAGE and "report.pfd" in wrong and "report.pdf" in wrong
    code, _, wrong = run(data, "--out", tmp_path / "o", "--fonts", tmp_path / "none")
    assert code == Exit.USAGE and "--fonts" in wrong
    assert not (tmp_path / "o").exists()


def test_english(report: Report, fonts: Fonts, tmp_path: Path) -> None:
    text = " ".join(written(changed(report, run=report.run | {"lang": "en"}), tmp_path / "a.pdf", fonts, pages=8))
    assert "Audit report" in text and "Leads: to be verified" in text and "Page 1 of" in text
    assert paper_words.yuan(report.money["claimed_fen"]) in text
