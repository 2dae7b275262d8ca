"""Every row of every sheet is accounted for, whatever the export looks like: read, or set aside with a reason."""

import csv
import datetime as dt
import io
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from harness import Row, Tables, examples, honest, identity, merge
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_intake import DELIMITERS, Loaded

from auditor import audit, policy, render
from auditor.fault import Exit, Fault
from auditor.intake import csv_file, grid, parquet_file
from auditor.intake.load import load
from auditor.schema import tables

SLOW = settings(deadline=None, max_examples=examples(20), suppress_health_check=list(HealthCheck))
NOTICE = policy.load("taicang-2021")
GOOD = {
    "identity": identity(7), "time": "2021-02-03 10:00:00", "moment": "2021-02-03 10:00:00", "date": "2021/2/3",
    "address": "58.211.16.8", "duration": "45分钟", "money": "300", "score": "80", "number": "1", "count": "1",
    "sex": "男", "result": "合格", "phone": "19900000001",
}  # fmt: skip
CELLS = st.text("9８a甲一\n\r\",;|'= \t-:*é￥𠮷…", max_size=8) | st.sampled_from(
    ["3.20522E+17", "2021-02-30 10:00", "1e999", "-1", "99999999999999999999", "#N/A", "TRUE", "=1+1", "0x1F", "nan"]
)
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be")


def in_batches(monkeypatch: pytest.MonkeyPatch, rows: int) -> None:
    """So that some rows make several batches."""
    monkeypatch.setattr(csv_file, "_BLOCK", 300 * rows)
    monkeypatch.setattr(grid, "_ROWS", rows)
    monkeypatch.setattr(parquet_file, "_ROWS", rows)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    in_batches(monkeypatch, 7)


MARKED = {
    "courses": "course",
    "employers": "employer",
    "filings": "employer",
    "places": "province",
}  # the field that tells a row, else the name


@dataclass(frozen=True)
class Made:
    """A made-up sheet: its records as they were written, and where the rows are that must be read (row → mark)."""

    table: str
    records: list[list[str]]
    marks: dict[int, str]


@st.composite
def sheets(draw: st.DrawFn) -> Made:
    # a roster is told by its title, or by holding nothing that a registration holds; others by nothing but their title
    table = draw(st.sampled_from([one for one in tables().values() if one.name != "roster" and not one.by_title]))
    marked = MARKED.get(table.name, "name")
    wanted = {name for group in table.one_of for name in group} | {table.marks[0], table.marks[-1], marked}
    fields = [name for name in table.columns if name in wanted or draw(st.booleans())]
    header = [draw(st.sampled_from(table.columns[name].aliases)) for name in fields]
    header = [draw(st.sampled_from(["{}", "*{}", " {} ", "{}（必填）"])).format(name) for name in header]
    records = draw(st.lists(st.sampled_from([["某某平台"], [], ["", ""], ["导出\n说明", "甲"]]), max_size=4))
    records = [*records, header]
    marks: dict[int, str] = {}
    for kind in draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=40)):
        mark = f"标记{len(records)}"
        cells = [GOOD.get(table.columns[name].kind, "某某") for name in fields]
        if kind == "garbage":
            cells = [draw(st.just(cell) | CELLS) for cell in cells]
        if kind in ("data", "garbage"):
            cells[fields.index(marked)] = mark
            marks[len(records) + 1] = mark
        elif kind == "header":
            cells = list(header)
        elif kind == "total":
            cells = ["合计", "3", *[""] * (len(fields) - 2)]
        elif kind == "blank":
            cells = draw(st.sampled_from([[], [""] * len(fields)]))
        elif kind == "short":
            cells = cells[: draw(st.integers(1, len(cells) - 1))]
        elif kind == "long":
            cells = [*cells, *draw(st.lists(CELLS, min_size=1, max_size=3))]
        records.append(cells)
    return Made(table.name, records, marks)


KINDS = ("data", "data", "garbage", "header", "total", "blank", "short", "long")


def write_csv(records: list[list[str]], path: Path, encoding: str, unix: bool = False, delimiter: str = ",") -> None:
    form = {"lineterminator": "\n", "quoting": csv.QUOTE_ALL} if unix else {}
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter, **form).writerows(records)  # type: ignore[arg-type]


def write_parquet(records: list[list[str]], path: Path, typed: bool = False) -> None:
    """All records below the first one, in several row groups; `typed`: moments, days and figures as such."""
    frame = pl.DataFrame(records[1:], schema=dict.fromkeys(records[0], pl.String), orient="row")
    for name in records[0] if typed else ():
        moments = frame[name].str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False)
        days = frame[name].str.to_date("%Y-%m-%d", strict=False)
        figures = frame[name].cast(pl.Float64, strict=False)
        if moments.null_count() == (frame[name] == "").sum():
            frame = frame.with_columns(moments.dt.offset_by("-8h").dt.replace_time_zone("UTC").alias(name))
        elif days.null_count() == 0:
            frame = frame.with_columns(days.alias(name))
        elif figures.null_count() == 0 and frame[name].str.len_chars().max() < 15:  # type: ignore[operator]
            frame = frame.with_columns(figures.alias(name))
        else:
            frame = frame.with_columns(pl.col(name).cast(pl.Categorical))
    frame.write_parquet(path, row_group_size=5)


def write_xlsx(records: list[list[str]], path: Path, left: int = 0, typed: bool = False) -> None:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as workbook:
        sheet = workbook.add_worksheet("明细")
        for at, cells in enumerate(records):
            for place, cell in enumerate(cells, left):
                try:
                    when = dt.datetime.strptime(cell, "%Y-%m-%d %H:%M:%S") if typed else None
                except ValueError:
                    when = None
                if when:
                    sheet.write_datetime(at, place, when)
                elif cell:
                    sheet.write_string(at, place, cell)


def loaded(path: Path, folder: Path) -> Loaded:
    work = folder / "work"
    work.mkdir()
    return Loaded(load([path], work, {"sessions.course", "claims.employer"}, lambda _: None))


def check(made: Made, found: Loaded, total: int) -> None:
    (source,) = found.intake.sources
    assert source.table == made.table
    assert source.rows == source.read + sum(source.aside.values()) == total
    read = {row["source_row"]: row for row in found.rows(made.table)}
    aside = Counter(found.intake.asides.unique(["source_row", "reason"])["source_row"].to_list())
    assert Counter(read.keys()) + aside == Counter(range(1, total + 1))  # each row once
    marked = MARKED.get(made.table, "name")
    assert {row: read[row].get(marked) for row in made.marks} == made.marks
    assert not set(found.troubles["source_row"]) - set(read)


@SLOW
@given(sheets(), st.sampled_from(ENCODINGS), st.sampled_from(DELIMITERS), st.booleans())
def test_every_row_of_a_text_is_read_or_set_aside(made: Made, encoding: str, delimiter: str, unix: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "某平台 导出.csv"
        write_csv(made.records, path, encoding, unix, delimiter)
        counted = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))
        assert counted == made.records
        try:
            check(made, loaded(path, Path(name)), len(counted))
        except Fault as fault:
            refused(fault, path, made)


@SLOW
@given(sheets(), st.integers(1, 9))
def test_every_row_of_a_parquet_file_is_read_or_set_aside(made: Made, rows: int) -> None:
    """The records as columns of any names, so that the header may stand anywhere among them."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "某平台 导出.parquet"
        width = max(map(len, made.records))
        columns = {f"c{at}": [(cells + [""] * width)[at] for cells in made.records] for at in range(width)}
        pl.DataFrame(columns).write_parquet(path, row_group_size=rows)
        below = Made(made.table, [], {row + 1: mark for row, mark in made.marks.items()})
        try:
            check(below, loaded(path, Path(name)), len(made.records) + 1)
        except Fault as fault:
            refused(fault, path, made)


@SLOW
@given(sheets(), st.integers(0, 2))
def test_every_row_of_a_sheet_is_read_or_set_aside(made: Made, left: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "某平台 导出.xlsx"
        write_xlsx(made.records, path, left)
        total = max(at for at, cells in enumerate(made.records, 1) if any(cells))  # blank rows at the end are not there
        try:
            check(made, loaded(path, Path(name)), total)
        except Fault as fault:
            refused(fault, path, made)


def refused(fault: Fault, path: Path, made: Made) -> None:
    """Only an export without any row of data may be refused."""
    assert fault.code == Exit.UNAUDITABLE
    assert path.name in str(fault)
    assert not made.marks


def whole_files() -> list[bytes]:
    """A small table in every form."""
    cells = [["身份证号", "开始时间", "结束时间"], [identity(1), GOOD["time"], GOOD["time"]]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_xlsx(cells, folder / "a")
        write_parquet(cells, folder / "b", typed=True)
        write_csv(cells, folder / "c", "utf-8")
        write_csv(cells, folder / "d", "utf-16", delimiter="\t")
        return [path.read_bytes() for path in sorted(folder.iterdir())]


WHOLE = whole_files()


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Any bytes; or a table in any form with some of its bytes changed, put in or cut off."""
    whole = draw(st.sampled_from([b"", b"PK\x03\x04", b"PAR1", *WHOLE]))
    if not whole:
        return draw(st.binary(max_size=300))
    at = draw(st.integers(0, len(whole)))
    return whole[:at] + draw(st.binary(max_size=20)) + whole[draw(st.integers(at, len(whole))) :]


@settings(SLOW, max_examples=examples(70))
@given(damaged(), st.sampled_from([".csv", ".xlsx", ".parquet"]))
def test_any_bytes_end_in_rows_or_in_a_fault(content: bytes, suffix: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / f"导出{suffix}"
        path.write_bytes(content)
        try:
            found = loaded(path, Path(name))
        except Fault as fault:
            assert fault.code == Exit.UNAUDITABLE
            assert path.name in str(fault)
        else:
            assert all(source.rows == source.read + sum(source.aside.values()) for source in found.intake.sources)


# --- the whole way through -----------------------------------------------------------------------------------------


def records(rows: list[Row], table: str) -> list[list[str]]:
    columns = tables()[table].columns
    fields = [field for field in columns if any(field in row for row in rows)]
    return [
        [columns[field].label["zh"] for field in fields],
        *([row.get(field, "") for field in fields] for row in rows),
    ]


def population() -> Tables:
    """Five honest learners and one of each: too little study, an unknown claimant, unreadable and missing values."""
    made = honest(NOTICE, 8, "甲机械厂")
    number = [identity(place) for place in range(8)]
    made["sessions"] = [
        row for row in made["sessions"] if row["id_number"] != number[1] or row["start_at"] < "2021-02-05"
    ]
    made["registrations"] = [row for row in made["registrations"] if row["id_number"] != number[2]]
    for row in made["sessions"]:
        if row["id_number"] == number[3]:
            row["end_at"] = ""
    next(row for row in made["exams"] if row["id_number"] == number[4])["score"] = "优"
    return merge(made, honest(NOTICE, 3, "乙电子厂", 8))


def run(folder: Path) -> dict[str, pl.DataFrame]:
    """Verdicts and findings without the places in the files, which differ."""
    audit.run([folder], NOTICE, folder / "out", "full", threads=2)
    frames = {name: pl.read_parquet(folder / "out" / f"{name}.parquet") for name in ("people", "claims", "findings")}
    return {
        name: frame.select(pl.exclude("^source_(file|sheet|row)$")).sort(pl.all()) for name, frame in frames.items()
    }


@pytest.fixture
def no_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(render, "FORMATS", {})


TEXTS = {"utf-8": ",", "gb18030": "|", "utf-16": "\t", "utf-8-sig": ";"}
FORMS = (*TEXTS, "xlsx", "typed xlsx", "parquet", "typed parquet")


def write(form: str, folder: Path) -> Path:
    """The population in files of a form."""
    folder.mkdir()
    for table, rows in population().items():
        cells = records(rows, table)
        if form.endswith("xlsx"):
            write_xlsx([["某平台"], *cells], folder / f"{table}.xlsx", typed=form == "typed xlsx")
        elif form.endswith("parquet"):
            write_parquet(cells, folder / f"{table}.parquet", typed=form == "typed parquet")
        else:
            suffix = "txt" if TEXTS[form] == "\t" else "csv"
            write_csv(cells, folder / f"{table}.{suffix}", form, delimiter=TEXTS[form])
    return folder


def taken(folder: Path) -> dict[str, object]:
    """All that is read of the files, but for the places."""
    found = loaded(folder, folder)
    rows = {table: [row | {"source_row": None} for row in found.rows(table)] for table in found.intake.tables}
    return rows | {"recorded": found.intake.recorded, "troubles": found.troubles.select("field", "shown").rows()}


def test_the_form_of_the_files_is_no_part_of_what_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_batches(monkeypatch, 60)
    expected, *others = (taken(write(form, tmp_path / form)) for form in FORMS)
    assert len(expected) == 6 and expected["troubles"]
    for form, other in zip(FORMS[1:], others, strict=True):
        for name, values in expected.items():
            assert other[name] == values, (form, name)


def test_the_form_of_the_files_decides_nothing(
    tmp_path: Path, no_papers: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Verdicts and money above all."""
    in_batches(monkeypatch, 60)
    text, workbook = (run(write(form, tmp_path / form)) for form in ("utf-8", "typed xlsx"))
    assert set(text["claims"]["verdict"]) == {"supported", "not_supported", "to_verify"}
    for name, frame in text.items():
        assert frame.equals(workbook[name]), name


@settings(deadline=None, max_examples=examples(2), suppress_health_check=list(HealthCheck))
@given(st.data())
def test_evidence_leads_to_the_row_that_holds_the_value(no_papers: None, data: st.DataObject) -> None:
    made = honest(NOTICE, 2, "甲机械厂")
    cells = records(made["sessions"], "sessions")
    ends = cells[0].index(tables()["sessions"].columns["end_at"].label["zh"])
    places = data.draw(st.lists(st.integers(1, len(cells) - 1), min_size=1, max_size=6, unique=True))
    for place in places:
        cells[place][ends] = f"坏值{place}号"
    for place in sorted(places, reverse=True):
        cells.insert(place, data.draw(st.sampled_from([[], ["合计", "2"], cells[0], ["两\n行"], [""] * len(cells[0])])))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_csv(cells, folder / "学习记录.csv", data.draw(st.sampled_from(ENCODINGS)))
        for table in ("registrations", "exams", "claims"):
            write_csv(records(made[table], table), folder / f"{table}.csv", "utf-8")
        done = audit.run([folder], NOTICE, folder / "out", threads=2)
        found = pl.read_parquet(folder / "out" / "findings.parquet").filter(rule="value-unreadable")
        evidence = pl.read_parquet(folder / "out" / "evidence.parquet").join(found, "fingerprint", "semi")
    assert all(
        source["rows"] == source["read"] + sum(source["set_aside"].values()) for source in done.report.completeness
    )
    assert next(s for s in done.report.completeness if s["file"] == "学习记录.csv")["rows"] == len(cells)
    said = dict(
        evidence.join(found.select("fingerprint", "message"), "fingerprint").select("source_row", "message").rows()
    )
    assert len(said) == len(places)
    for row, message in said.items():
        assert cells[row - 1][ends] in message
