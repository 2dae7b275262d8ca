"""Nobody can be found in what the masked edition writes and prints; the full edition is for its owner alone."""

import base64
import contextlib
import csv
import gzip
import io
import re
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pytest
from harness import Row, honest, identity, write_table
from python_calamine import CalamineWorkbook
from test_intake import book, lines

from auditor import cli, policy
from auditor.fault import Exit
from auditor.schema import normal, tables

ALL_PAPERS = True  # see conftest.py

ROOT = Path(__file__).parent.parent
NOTICE = policy.load("taicang-2021")
DATA = ROOT / "sample_data" / NOTICE.id
FIELDS = {name: column for table in tables().values() for name, column in table.columns.items()}
HEADERS = {header: name for table in tables().values() for header, name in table.headers.items()}


@dataclass(frozen=True)
class Run:
    """An audit through the command line: where it wrote, and all it printed."""

    out: Path
    said: str


def run(data: Path, out: Path, *options: str, code: Exit = Exit.CLEAN) -> Run:
    stdout, stderr = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(stderr):
        assert cli.main(["audit", str(data), "--policy", NOTICE.id, "--out", str(out), *options]) == code
    return Run(out, stdout.getvalue() + stderr.getvalue())


@pytest.fixture(scope="module")
def masked(sample: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """An audit of the sample with every paper, and what the terminal says of it, in words and in JSON."""
    out = tmp_path_factory.mktemp("said")
    said = [run(DATA, out, "--papers", "report.json", *options).said for options in ((), ("--json",))]
    return Run(sample(NOTICE.id), "".join(said))


@pytest.fixture(scope="module")
def full(sample: Callable[..., Path]) -> Path:
    return sample(NOTICE.id, "full")


def cells(folder: Path) -> Iterator[tuple[str, str]]:
    """(field, text) of every cell of the export, by plain means."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".xlsx":
            opened = CalamineWorkbook.from_path(path)
            sheets = [opened.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in opened.sheet_names]
        else:
            raw = path.read_bytes()
            try:
                text = raw.decode("utf-8-sig")
            except UnicodeDecodeError:
                text = raw.decode("gb18030")
            sheets = [list(csv.reader(io.StringIO(text, newline="")))]
        for rows in sheets:
            names: list[str | None] = []
            for row in rows:
                found = [HEADERS.get(normal(str(cell))) for cell in row]
                if len(set(found) - {None}) >= 2:
                    names = found
                yield from ((name, str(cell)) for name, cell in zip(names, row, strict=False) if name and cell != "")


@pytest.fixture(scope="module")
def secrets() -> dict[str, set[str]]:
    """What must not be found, by field. A name that is also a word of a firm, a course or ours says nothing."""
    found: dict[str, set[str]] = {}
    words = []
    for name, text in cells(DATA):
        if FIELDS[name].private and len(text.strip()) >= 2 and HEADERS.get(normal(text)) != name:
            found.setdefault(name, set()).add(text.strip())
        elif not FIELDS[name].private:
            words.append(text)
    ours = [path for part in ("auditor", "reports", "schemas") for path in (ROOT / part).rglob("*") if path.is_file()]
    words += [path.read_text(encoding="utf-8", errors="replace") for path in ours if path.parent.name != "__pycache__"]
    plain = "\n".join(words)
    found["name"] = {text for text in found["name"] if text not in plain}
    assert len(found["id_number"]) > 95
    assert min(len(found[name]) for name in ("account", "phone", "name")) > 60
    return found


def content(path: Path) -> str:
    """All text in a file: its bytes, what is packed in them, and the values of a table file."""
    raw = re.sub(rb"\0+", b"\0", path.read_bytes())
    texts = [raw.decode("utf-8", "replace")]
    if path.suffix == ".parquet":
        texts.append(pl.read_parquet(path).write_csv())
    if path.suffix == ".duckdb":
        with duckdb.connect(path, read_only=True) as con:
            for (table,) in con.execute("SELECT table_name FROM information_schema.tables").fetchall():
                texts.append(con.sql(f'SELECT * FROM "{table}"').pl().write_csv())
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as book:
            texts += [book.read(name).decode("utf-8", "replace") for name in book.namelist()]
    for packed in re.findall(rb"[A-Za-z0-9+/]{200,}={0,2}", raw):
        with contextlib.suppress(ValueError, OSError, EOFError):
            texts.append(gzip.decompress(base64.b64decode(packed)).decode("utf-8", "replace"))
    return "\n".join(texts)


def within(values: set[str], text: str) -> list[str]:
    """Those of the values that stand in the text, of which only the runs of their own characters are looked at, each
    run once."""
    letters = "".join(map(re.escape, sorted({letter for value in values for letter in value})))
    runs = "\n".join(set(re.findall(f"[{letters}]+", text))) if letters else ""
    return [value for value in sorted(values) if value in runs]


def leaks(text: str, secrets: dict[str, set[str]]) -> list[tuple[str, str]]:
    folded = text.upper()
    return [(name, word) for name, words in secrets.items() for word in within({one.upper() for one in words}, folded)]


def test_the_masked_edition_names_nobody(masked: Run, secrets: dict[str, set[str]]) -> None:
    found = {path.name: leaks(content(path), secrets) for path in masked.out.iterdir()}
    assert {"report.html", "report.json", "workpapers.xlsx", "audit.duckdb", "people.parquet"} < set(found)
    assert not any(found.values()), found
    assert leaks(masked.said, secrets) == []


def test_the_search_finds_people_where_they_are(full: Path, secrets: dict[str, set[str]]) -> None:
    for name in ("people.parquet", "workpapers.xlsx"):
        assert len(leaks(content(full / name), secrets)) > 150


def test_the_full_edition_names_people_and_is_for_its_owner(full: Path, secrets: dict[str, set[str]]) -> None:
    people = pl.read_parquet(full / "people.parquet")
    assert set(people["id_number"].drop_nulls()) <= secrets["id_number"]
    assert people["id_number"].count() > 95
    assert people["name"].str.len_chars().max() > 1
    assert "＊" not in "".join(people["name"].drop_nulls())
    assert {stat.S_IMODE(path.stat().st_mode) for path in full.iterdir()} == {0o600}


def test_the_database_holds_no_person_in_any_edition(masked: Run, full: Path, secrets: dict[str, set[str]]) -> None:
    for out in (masked.out, full):
        assert leaks(content(out / "audit.duckdb"), secrets) == []


def test_people_are_named_alike_in_both_editions(masked: Run, full: Path) -> None:
    hidden, shown = (pl.read_parquet(out / "people.parquet") for out in (masked.out, full))
    assert hidden["id_number"].null_count() == len(hidden)
    assert hidden["name"].to_list() == [name and name[0] + "＊＊" for name in shown["name"]]
    rest = pl.exclude("id_number", "name")
    assert hidden.select(rest).equals(shown.select(rest))


# --- numbers in places where they do not belong ---------------------------------------------------------------------

PLACES = (
    *(
        "file",
        "folder",
        "sheet",
        "sheet header",
        "header",
        "bracket",
        "title",
        "name",
        "time",
        "length",
        "score",
        "amount",
    ),
    *("address", "ragged", "other file", "other sheet"),
)
SPOT = {place: identity(900 + number) for number, place in enumerate(PLACES)}


def hostile(folder: Path) -> None:
    """An export of two learners in which identity numbers stand wherever one can be written."""
    made = honest(NOTICE, 2, "甲机械厂")
    made["sessions"][0]["start_at"] = f"补录{SPOT['time']}"
    made["sessions"][1]["total_time"] = SPOT["length"]
    made["sessions"][2]["address"] = f"{SPOT['address'][:6]} {SPOT['address'][6:]}"
    made["exams"][0]["score"] = SPOT["score"]
    made["claims"][0]["amount"] = SPOT["amount"]
    made["claims"][1]["name"] = SPOT["name"]
    (below := folder / f"李四{SPOT['folder']}").mkdir(parents=True)
    for table, rows in made.items():
        write_table(table, rows, below)
    (below / "补贴申请名单.csv").rename(below / f"补贴申请名单 {SPOT['file']}.csv")
    (below / f"{SPOT['other file']}.docx").write_text("x")
    study = below / "学习记录.csv"
    head, rest = study.read_text(encoding="utf-8").split("\n", 1)
    head = head.strip().replace("姓名", f"姓名（{SPOT['bracket']}）") + f",{SPOT['header']}\n"
    rest = "".join(f"{line.strip()},\n" for line in rest.splitlines())
    study.write_text(f"导出人 {SPOT['title']}\n{head}{rest}{SPOT['ragged']},张\n", encoding="utf-8")
    header = ["身份证号", "成绩", SPOT["sheet header"]]
    book(**{SPOT["sheet"]: [header, [identity(0), "80", ""]], SPOT["other sheet"]: [["说明"]]})(below / "考试.xlsx")


def test_a_number_out_of_place_is_hidden(tmp_path: Path) -> None:
    hostile(tmp_path / "in")
    done = run(tmp_path / "in", tmp_path / "out")
    everywhere = done.said + "".join(content(path) for path in done.out.iterdir())
    assert {place for place, number in SPOT.items() if number in everywhere} == set()
    said = "".join(pl.read_parquet(done.out / "findings.parquet").filter(rule="value-unreadable")["message"])
    assert "补录＊＊＊" in said


@pytest.mark.parametrize("place", ["path", "file", "sheet", "header", "folder", "damaged"])
def test_a_number_in_an_error_is_hidden(place: str, tmp_path: Path) -> None:
    number = identity(950)
    twice: list[list[str]] = [["身份证号", f"姓名（{number}）", "姓名", "开始时间"], ["1", "2", "3", "4"]]
    (folder := tmp_path / "in").mkdir()
    target = folder
    if place == "path":
        target = folder / f"{number}.csv"
    elif place == "file":
        (folder / f"{number}.csv").write_bytes(b"")
    elif place == "sheet":
        book(**{number: [[cell.replace(number, "") for cell in row] for row in twice]})(folder / "a.xlsx")
    elif place == "header":
        (folder / "a.csv").write_text(lines(*twice), encoding="utf-8")
    elif place == "folder":
        target = folder / f"张三{number}"
        target.mkdir()
    else:
        (folder / f"{number}.xlsx").write_bytes(b"PK\x03\x04")
    done = run(target, tmp_path / "out", code=Exit.UNAUDITABLE)
    assert number not in done.said
    assert "＊＊＊" in done.said


FREE: dict[str, tuple[str, Row]] = {
    "course": ("sessions", {"course": identity(980)}),
    "exam": ("exams", {"exam": identity(981)}),
    "employer": ("registrations", {"employer": identity(982)}),
}


def test_free_text_is_written_as_the_export_has_it(tmp_path: Path) -> None:
    """The names of firms, courses and exams are the export's own words: a number in one is not hidden. If that ever
    changes, this test is to be turned round."""
    made = honest(NOTICE, 2, "甲机械厂")
    for table, cell in FREE.values():
        made[table][0] |= cell
    (tmp_path / "in").mkdir()
    for name, rows in made.items():
        write_table(name, rows, tmp_path / "in")
    stored = content(run(tmp_path / "in", tmp_path / "out", "--papers", "report.json").out / "audit.duckdb")
    for field, (_, cell) in FREE.items():
        assert cell[field] in stored, field
