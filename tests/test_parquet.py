"""Parquet files: typed columns say what the same sheet would have said, each record under the row of that sheet."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from harness import checked, identity
from pyarrow import parquet
from test_intake import EPOCH, HEADER, ROW, Loaded, book, lines

from auditor.fault import Exit, Fault
from auditor.intake import parquet_file
from auditor.intake.load import load
from auditor.intake.text import NUMBER

PEOPLE = [number for number in map(identity, range(200)) if number.isdigit()]
START = dt.datetime(2021, 2, 3, 10, 0, 0)
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def write(path: Path, columns: dict[str, pa.Array], **options: Any) -> None:
    parquet.write_table(pa.Table.from_arrays(list(columns.values()), list(columns)), path, **options)


def read(folder: Path, columns: dict[str, pa.Array], **options: Any) -> Loaded:
    write(folder / "学习记录.parquet", columns, **options)
    (folder / "work").mkdir()
    return Loaded(load([folder / "学习记录.parquet"], folder / "work", set(), lambda _: None))


def sessions(numbers: pa.Array, **others: pa.Array) -> dict[str, pa.Array]:
    starts = pa.array([START] * len(numbers), pa.timestamp("us"))
    return {"身份证号": numbers, "开始时间": starts, "结束时间": starts} | others


def text(array: pa.Array) -> list[str | None]:
    """What a column of cells says."""
    batch = pa.record_batch([array], ["某列"])
    return parquet_file._texts(batch, frozenset(), frozenset())["0"].to_list()


CELLS: list[tuple[pa.DataType, list[Any], list[str]]] = [
    (pa.string(), ["张三", ""], ["张三"]),
    (pa.large_string(), ["a"], ["a"]),
    (pa.string_view(), ["a"], ["a"]),
    (pa.dictionary(pa.int8(), pa.string()), ["甲", "乙", "甲"], ["甲", "乙", "甲"]),
    (pa.bool_(), [True, False], ["是", "否"]),
    (pa.int8(), [-1], [NUMBER + "-1"]),
    (pa.int64(), [10**15 - 1, 10**15, int(PEOPLE[0])], [NUMBER + "9" * 15, "1" + "0" * 15, PEOPLE[0]]),
    (pa.uint64(), [2**64 - 1], [str(2**64 - 1)]),
    (pa.decimal128(20, 2), [Decimal("300.00"), Decimal("0.50"), Decimal(PEOPLE[0])],
     [NUMBER + "300", NUMBER + "0.5", PEOPLE[0]]),
    (pa.decimal256(40, 0), [Decimal(PEOPLE[0]), Decimal(300)], [PEOPLE[0], NUMBER + "300"]),
    (pa.float64(), [300.0, 0.1, 13800000000.0, float("nan")], [NUMBER + "300", NUMBER + "0.1", NUMBER + "13800000000"]),
    (pa.float64(), [320522198001010012.0], [NUMBER + "3.2052219800101e+17"]),
    (pa.float32(), [80.5, 16777215.0], [NUMBER + "80.5", NUMBER + "16777215"]),
    (pa.float32(), [13800000000.0], [NUMBER + "13800000000.0e+0"]),
    (pa.float64(), [1e15, float("inf")], [NUMBER + "1000000000000000.0e+0", NUMBER + "inf"]),
    (pa.date32(), [dt.date(2021, 2, 3), dt.date(1969, 12, 31)], ["2021-02-03", "1969-12-31"]),
    (pa.date64(), [dt.date(2021, 2, 3)], ["2021-02-03"]),
    *((pa.timestamp(unit), [START], ["2021-02-03 10:00:00"]) for unit in ("s", "ms", "us", "ns")),
    (pa.timestamp("ms"), [dt.datetime(1969, 12, 31, 23, 59, 59, 999000)], ["1969-12-31 23:59:59"]),
    *((pa.timestamp("us", zone), [START.replace(tzinfo=SHANGHAI)], ["2021-02-03 10:00:00"])
      for zone in ("UTC", "Asia/Shanghai", "America/New_York", "+09:00")),
    (pa.time32("s"), [dt.time(9, 5)], ["09:05:00"]),
    (pa.time64("ns"), [dt.time(23, 59, 59)], ["23:59:59"]),
    (pa.duration("us"), [dt.timedelta(hours=26, seconds=5), -dt.timedelta(minutes=10)], ["26:00:05", "-0:10:00"]),
    (pa.binary(), ["张三".encode()], ["张三"]),
    (pa.binary(), [b"\xff\xd8\xff"], ["(binary)"]),
    (pa.list_(pa.int64()), [[1, 2]], ["(list<element: int64>)"]),
    (pa.null(), [], []),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "values", "expected"), CELLS, ids=lambda value: str(value)[:30])
def test_a_cell_of_any_type(kind: pa.DataType, values: list[Any], expected: list[str]) -> None:
    if pa.types.is_list(kind):
        kind = pa.list_(pa.field("element", pa.int64()))
    found = text(pa.array([*values, None], kind))
    assert found == [*expected, *[None] * (len(found) - len(expected))]


@pytest.mark.parametrize(
    "kind", [pa.timestamp("s"), pa.timestamp("us", "UTC"), pa.duration("ms"), pa.date32()], ids=str
)
def test_no_count_is_too_large_to_be_said(kind: pa.DataType) -> None:
    width = pa.int32() if kind == pa.date32() else pa.int64()
    far = 2 ** (width.bit_width - 1) - 1
    found = text(pa.array([far, -far, 0, None], width).cast(kind))
    assert found[3] is None and len([cell for cell in found if cell]) == 3


def test_typed_columns_make_the_row_that_texts_make(tmp_path: Path) -> None:
    utc = pa.array([START - dt.timedelta(hours=8)], pa.timestamp("us", "UTC"))
    typed = {
        "身份证号": pa.array([int(PEOPLE[0])]), "学习日期": pa.array([START.date()]), "开始时间": utc,
        "结束时间": pa.array([START + dt.timedelta(hours=1)], pa.timestamp("ns")),
        "学习时长（分钟）": pa.array([60.0]), "课程名称": pa.array(["甲"]).dictionary_encode(),
    }  # fmt: skip
    (row,) = read(tmp_path, typed).rows()
    second = int((START - EPOCH).total_seconds())
    assert (row["start_at"], row["end_at"], row["start_day"], row["duration"]) == (
        second,
        second + 3600,
        20210203,
        3600,
    )
    assert (row["id_number"], row["course"], row["source_row"]) == (PEOPLE[0], "甲", 2)


def test_every_row_of_several_row_groups_has_its_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "_ROWS", 7)
    numbers: list[str | None] = [*PEOPLE[:50]]
    names: list[str | None] = [f"第{place}行" for place in range(2, 52)]
    starts: list[dt.datetime | None] = [START] * 50
    for place in (9, 30):  # blank records
        numbers[place] = names[place] = starts[place] = None
    numbers[20], names[20] = "合计", None
    when = pa.array(starts, pa.timestamp("us"))
    columns = {"身份证号": pa.array(numbers), "姓名": pa.array(names), "开始时间": when, "结束时间": when}
    loaded = read(tmp_path, columns, row_group_size=11)
    assert parquet.ParquetFile(tmp_path / "学习记录.parquet").num_row_groups == 5
    assert loaded.places == [row for row in range(2, 52) if row not in (11, 22, 32)]
    assert all(row["name"] == f"第{row['source_row']}行" for row in loaded.rows())
    (source,) = loaded.intake.sources
    assert source.aside == {"header": 1, "blank": 2, "foot": 1}
    assert source.rows == 51


def test_a_header_that_stands_among_the_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_file, "_ROWS", 2)
    rows = [["某平台"] * 4, ["", "", "", ""], ["2021 年"] * 4, HEADER, ROW, ROW]
    columns = {f"column{place}": pa.array(cells) for place, cells in enumerate(zip(*rows, strict=True))}
    loaded = read(tmp_path, columns)
    assert (loaded.intake.sources[0].header_row, loaded.places) == (5, [6, 7])
    assert loaded.aside("above") == [1, 2, 3, 4]


def test_a_file_that_is_no_table_of_ours_is_counted(tmp_path: Path) -> None:
    write(tmp_path / "学习记录.parquet", sessions(pa.array(PEOPLE[:2])))
    write(tmp_path / "名单.parquet", {"姓名": pa.array(["张三", "李四"])})
    (tmp_path / "work").mkdir()
    found = load([tmp_path], tmp_path / "work", set(), lambda _: None).sources
    assert [(source.file, source.rows, source.unread) for source in found] == [
        ("名单.parquet", 3, True), ("学习记录.parquet", 3, False),
    ]  # fmt: skip


# --- identity numbers ----------------------------------------------------------------------------------------------


def states(found: Loaded) -> list[str]:
    return [str(row["id_number"]).split(" ")[0].strip("\x00") for row in found.rows()]


@pytest.mark.parametrize("kind", [pa.int64(), pa.uint64(), pa.decimal128(18, 0), pa.decimal128(20, 2)], ids=str)
def test_a_whole_number_holds_every_digit(tmp_path: Path, kind: pa.DataType) -> None:
    numbers = pa.array([Decimal(number) for number in PEOPLE]).cast(kind)
    assert states(read(tmp_path, sessions(numbers))) == PEOPLE


@pytest.mark.parametrize("kind", [pa.float64(), pa.float32()], ids=str)
def test_a_float_has_lost_digits(tmp_path: Path, kind: pa.DataType) -> None:
    numbers = pa.array([float(number) for number in [*PEOPLE[:3], "320585900307912"]]).cast(kind)
    found = states(read(tmp_path, sessions(numbers)))
    assert found[:3] == ["damaged"] * 3
    # below 2^53 a double is exact: an old number of 15 digits is whole; of a single float it is not
    assert found[3] == ("320585900307912" if kind == pa.float64() else "damaged")


def test_whole_numbers_that_were_floats_are_damaged(tmp_path: Path) -> None:
    """Even where the check digit happens to hold."""
    through = [int(float(number)) for number in PEOPLE]
    holds = next(
        number for number in range(320585199003070000 // 64 * 64, 320585199103070000, 64)
        if str(number) == checked(str(number)[:17]) and "0101" <= str(number)[10:14] <= "0128"
    )  # fmt: skip
    assert states(read(tmp_path, sessions(pa.array([*through, holds])))) == ["damaged"] * (len(PEOPLE) + 1)


def test_among_true_numbers_one_that_a_float_could_hold_is_true(tmp_path: Path) -> None:
    even = next(number for number in PEOPLE_OF_64 if number.isdigit())
    assert states(read(tmp_path, sessions(pa.array([int(number) for number in [*PEOPLE, even]])))) == [*PEOPLE, even]


PEOPLE_OF_64 = [number for number in map(identity, range(20_000)) if number.isdigit() and int(number) % 64 == 0]


# --- what cannot be read -------------------------------------------------------------------------------------------


def test_old_times_without_a_zone_are_not_guessed(tmp_path: Path) -> None:
    columns = sessions(pa.array(PEOPLE[:1]))
    found = read(tmp_path, columns, use_deprecated_int96_timestamps=True)
    assert "start_at" not in found.rows()[0]
    assert set(found.troubles["field"]) == {"start_at", "end_at"}
    assert set(found.troubles["shown"]) == {"2021-02-03 10:00:00(INT96)"}


@pytest.mark.parametrize(
    "odd",
    [
        {"课程名称": pa.array([["甲", "乙"]])},
        {"课程名称": pa.array([b"\xff\xfe"])},
        {"课程名称": pa.Array.from_buffers(
            pa.string(), 1, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0"), pa.py_buffer(b"\xff\xfe")])},
    ],
    ids=["nested", "bytes", "no UTF-8"],
)  # fmt: skip
def test_a_field_that_is_no_cell_ends_the_audit(tmp_path: Path, odd: dict[str, pa.Array]) -> None:
    with pytest.raises(Fault, match=r"学习记录\.parquet：") as caught:
        read(tmp_path, sessions(pa.array(PEOPLE[:1]), **odd))
    assert caught.value.code == Exit.UNAUDITABLE


def test_pictures_beside_the_fields_do_not_matter(tmp_path: Path) -> None:
    others = {"照片": pa.array([b"\xff\xd8"]), "坐标": pa.array([{"x": 1}])}
    found = read(tmp_path, sessions(pa.array(PEOPLE[:1]), **others))
    assert found.intake.sources[0].unrecognised == ["照片", "坐标"]
    assert len(found.rows()) == 1


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.97])
@pytest.mark.parametrize("how", ["cut", "changed"])
def test_a_damaged_file_ends_in_a_sentence_or_in_all_rows(tmp_path: Path, at: float, how: str) -> None:
    path = tmp_path / "坏.parquet"
    write(path, sessions(pa.array(PEOPLE)), row_group_size=20)
    whole = path.read_bytes()
    place = int(len(whole) * at)
    path.write_bytes(whole[:place] if how == "cut" else whole[:place] + bytes(40) + whole[place + 40 :])
    try:
        found = load([path], tmp_path, set(), lambda _: None)
    except Fault as fault:
        assert fault.code == Exit.UNAUDITABLE
        assert "坏.parquet" in str(fault)
    else:
        assert how == "changed"
        assert found.sources[0].rows == len(PEOPLE) + 1


def test_one_table_in_several_files_of_several_forms(tmp_path: Path) -> None:
    """CSV, workbook, UTF-16 with tabs and Parquet of one table: each row once, under its own file and row."""
    rows = [[number, f"第{place}人", *ROW[2:]] for place, number in enumerate(PEOPLE[:12])]
    (tmp_path / "1.csv").write_text(lines(HEADER, *rows[:3]))
    book(明细=[["某平台"], HEADER, *rows[3:6]])(tmp_path / "2.xlsx")
    (tmp_path / "3.txt").write_bytes(lines(HEADER, *rows[6:9], delimiter="\t").encode("utf-16"))
    columns = {name: pa.array(cells) for name, cells in zip(HEADER, zip(*rows[9:], strict=True), strict=True)}
    write(tmp_path / "4.parquet", columns)
    (tmp_path / "work").mkdir()
    loaded = Loaded(load([tmp_path], tmp_path / "work", set(), lambda _: None))
    assert loaded.intake.tables == {"sessions"}
    assert [source.file for source in loaded.intake.sources] == ["1.csv", "2.xlsx", "3.txt", "4.parquet"]
    assert [(row["name"], row["source_row"]) for row in loaded.rows()] == [
        (name, row) for (_, name, *_), row in zip(rows, [2, 3, 4, 3, 4, 5, 2, 3, 4, 2, 3, 4], strict=True)
    ]
    assert len(pl.concat([pl.read_parquet(part) for part in loaded.intake.parts["sessions"]])) == 12
