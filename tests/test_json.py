"""JSON files: every record is read or set aside under its number, and every value says what the file says."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from harness import examples, identity
from hypothesis import given, settings
from hypothesis import strategies as st
from test_intake import ANNA, BODO, HEADER, ROW, Loaded

from auditor.fault import Exit, Fault
from auditor.intake import json_cut, json_file
from auditor.intake.load import load
from auditor.intake.sheet import Aside, Sheet
from auditor.intake.text import NUMBER

EVENT = {
    "username": "xuesheng901", "event_source": "browser", "time": "2021-02-03T02:00:00.123456+00:00",
    "context": {"user_id": 901, "course_id": "course-v1:Invented+C1+2021", "course_user_tags": {}},
    "ip": "58.211.16.8", "event": '{"currentTime": 1.5, "code": "html5"}', "event_type": "play_video",
}  # fmt: skip
STATEMENT = {
    "actor": {"account": {"name": "xuesheng901", "homePage": "https://lms.example"}},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"zh-CN": "完成"}},
    "result": {"success": True, "duration": "PT1H5M2S", "score": {"scaled": 0.95}},
    "context": {
        "contextActivities": {"grouping": [{"id": "https://lms.example/c1"}, {"id": "https://lms.example/c2"}]}
    },
}
SESSION = dict(zip(HEADER, ROW, strict=True))


def sheets(folder: Path, content: str | bytes, name: str = "a.json") -> list[Sheet]:
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return json_file.sheets(folder / name, name)


def rows_of(sheet: Sheet) -> tuple[dict[int, dict[str, str]], dict[str, list[int]], list[str]]:
    """Number → what is filled, reason → numbers, and the texts of torn records."""
    asides: list[Aside] = []
    names = sheet.head[0]
    found = {}
    for batch in sheet.open(0, len(names), asides):
        for number, row in zip(batch.rows, batch.cells.rows(), strict=True):
            found[number] = {name: cell for name, cell in zip(names, row, strict=True) if cell is not None}
    return found, {aside.reason: aside.rows for aside in asides}, [said for one in asides for said in one.texts]


def one(folder: Path, content: str | bytes, name: str = "a.json") -> tuple[dict[int, dict[str, str]], Any, list[str]]:
    (sheet,) = sheets(folder, content, name)
    return rows_of(sheet)


def audited(folder: Path, name: str, content: str | bytes) -> Loaded:
    (folder / "in").mkdir()
    (folder / "work").mkdir()
    (folder / "in" / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return Loaded(load([folder / "in"], folder / "work", set(), lambda _: None))


def test_a_tracking_log(tmp_path: Path) -> None:
    found, aside, _ = one(tmp_path, json.dumps(EVENT) + "\n" + json.dumps(EVENT | {"ip": ""}) + "\n", "tracking.log")
    assert found[1] == {
        "username": "xuesheng901", "event_source": "browser", "time": "2021-02-03T02:00:00.123456+00:00",
        "context.user_id": "901", "context.course_id": "course-v1:Invented+C1+2021", "context.course_user_tags": "{}",
        "ip": "58.211.16.8", "event": '{"currentTime": 1.5, "code": "html5"}', "event_type": "play_video",
    }  # fmt: skip
    assert "ip" not in found[2] and aside == {}


def test_what_a_log_writes_before_a_record_is_no_part_of_it(tmp_path: Path) -> None:
    prefix = "Feb  3 10:00:01 host1 [service_variant=lms][tracking][env:prod] INFO [tracking] [user 901] - "
    text = f"{prefix}{json.dumps(EVENT)}\n{prefix}restarted\n{prefix}{json.dumps(EVENT)}\n"
    found, aside, torn = one(tmp_path, text, "tracking.log")
    assert set(found) == {1, 3} and found[1] == found[3] and found[1]["ip"] == EVENT["ip"]
    assert aside == {"torn": [2]} and torn == [f"{prefix}restarted\n"]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(STATEMENT) + "\n" + json.dumps(STATEMENT),
        json.dumps([STATEMENT] * 2),
        json.dumps([STATEMENT] * 2, indent=2, ensure_ascii=False),
        "[\n" + ",\n".join([json.dumps(STATEMENT)] * 2) + "\n]\n",
        f"[{json.dumps(STATEMENT)}]\n[{json.dumps(STATEMENT)}]",
        json.dumps(STATEMENT, indent=4) + "\n" + json.dumps(STATEMENT, indent=4),
    ],
)
def test_statements_in_any_arrangement(text: str, tmp_path: Path) -> None:
    found, aside, _ = one(tmp_path, text)
    assert set(found) == {1, 2} and found[1] == found[2] and aside == {}
    grouping = found[1].pop("context.contextActivities.grouping")
    assert json.loads(grouping) == STATEMENT["context"]["contextActivities"]["grouping"]
    assert found[1] == {
        "actor.account.name": "xuesheng901", "actor.account.homePage": "https://lms.example",
        "verb.id": "http://adlnet.gov/expapi/verbs/completed", "verb.display.zh-CN": "完成",
        "result.success": "是", "result.duration": "PT1H5M2S", "result.score.scaled": "0.95",
        "context.contextActivities.grouping.0.id": "https://lms.example/c1",
    }  # fmt: skip


def test_an_answer_of_a_server_is_its_lists(tmp_path: Path) -> None:
    people = [{"id": "ou_1", "first_join_time": "1612317600"}, {"id": "ou_2", "in_meeting_duration": 3600}]
    answer = {"code": 0, "data": {"has_more": False, "participants": people, "rooms": [{"room_id": 7}], "tags": ["a"]}}
    record, joined, rooms = sheets(tmp_path, json.dumps(answer))
    assert (record.name, joined.name, rooms.name) == ("", "data.participants", "data.rooms")
    assert rows_of(record)[0] == {1: {"code": "0", "data.has_more": "否", "data.tags": '["a"]'}}
    assert rows_of(joined)[0] == {
        1: {"id": "ou_1", "first_join_time": "1612317600"}, 2: {"id": "ou_2", "in_meeting_duration": "3600"},
    }  # fmt: skip
    assert rows_of(rooms)[0] == {1: {"room_id": "7"}}


def test_nothing_but_a_list_is_one_sheet(tmp_path: Path) -> None:
    (sheet,) = sheets(tmp_path, json.dumps({"statements": [STATEMENT, STATEMENT]}))
    assert sheet.name == "statements" and set(rows_of(sheet)[0]) == {1, 2}


def test_one_object_is_one_record(tmp_path: Path) -> None:
    text = json.dumps({"cmi.core.student_id": "s901", "cmi": {"core": {"total_time": "0001:05:02.00"}}}, indent=1)
    assert one(tmp_path, text)[0] == {1: {"cmi.core.student_id": "s901", "cmi.core.total_time": "0001:05:02.00"}}


NUMBERS = [
    (identity(1)[:17] + "0", identity(1)[:17] + "0"),
    ("12345678901234567890123", "12345678901234567890123"),
    ("-7", "-7"), ("0.5", "0.5"), ("60.0", "60"), ("13800000000.0", "13800000000"), ("6e1", "60"),
    ("3.2e17", NUMBER + "320000000000000000.0"), ("320522198001010013.0", NUMBER + "320522198001010000.0"),
    ("1e400", "1e400"), ("true", "是"), ("false", "否"), ("null", None), ('""', None), ('" "', " "),
    ('"true"', "true"), ('"60.0"', "60.0"), ('"320522198001010012.0"', "320522198001010012.0"),
    ('"\\u4e2d\\ud83d\\ude00\\n"', "中😀\n"), ("[]", "[]"), ("[1,true]", "[1,true]"),
]  # fmt: skip


def test_a_value_of_any_type(tmp_path: Path) -> None:
    """Of one column, so that what a neighbour is changes nothing."""
    found, aside, _ = one(tmp_path, "".join(f'{{"v": {said}}}\n' for said, _ in NUMBERS))
    assert [found[number].get("v") for number in range(1, len(NUMBERS) + 1)] == [cell for _, cell in NUMBERS]
    assert aside == {}


def test_keys_of_any_spelling(tmp_path: Path) -> None:
    record = {"": "a", "a/b": "b", "c~d": "c", "~1": "d", 'e"f': "e", "g'h": "f", "姓 名": "g", "0": "h", "$.x": "i"}
    found, _, _ = one(tmp_path, json.dumps([record, {"a": {"b": 1}}]))
    assert found == {1: record, 2: {"a.b": "1"}}


def test_of_two_values_under_one_key_the_first(tmp_path: Path) -> None:
    assert one(tmp_path, '{"a": 1, "b": 2, "a": 3}\n{"a": 4}\n')[0] == {1: {"a": "1", "b": "2"}, 2: {"a": "4"}}


def test_deep_records(tmp_path: Path) -> None:
    """Below eight keys an object is its text; a record nested without end is read as far as that."""
    deep: Any = 1
    for _ in range(12):
        deep = {"k": deep}
    endless = '{"a": 1, "b": ' + "[" * 100_000 + "]" * 100_000 + "}"
    found, aside, _ = one(tmp_path, json.dumps(deep) + "\n" + endless + "\n")
    assert found[1] == {".".join("k" * 8): '{"k":{"k":{"k":{"k":1}}}}'}
    assert found[2]["a"] == "1" and len(found[2]["b"]) == 200_000 and aside == {}


def test_records_that_are_none(tmp_path: Path) -> None:
    text = '\ufeff{"a":1}\r\n\r\n{"a":2\r\n[3]\r\n4\r\nnull\r\n{"a":5}{"a":6}\r\n{"a":7}'
    found, aside, torn = one(tmp_path, text, "a.jsonl")
    assert found == {1: {"a": "1"}, 8: {"a": "7"}}
    assert aside == {"torn": [3, 4, 5, 6, 7], "blank": [2]} and torn[0] == '{"a":2\r\n'
    found, aside, torn = one(tmp_path, '[{"a":1},2,,"{",null,[{"a":3}],{"a":"],["} , ]')
    assert found == {1: {"a": "1"}, 7: {"a": "],["}}
    assert aside == {"torn": [2, 4, 5, 6], "blank": [3]} and [text.strip() for text in torn][:2] == ["2", '"{"']


@pytest.mark.parametrize(("text", "numbers"), [
    ('[{"a":1},{"a":2},{"a":', [3]), ('[{"a":1},{"a":2}', [2]), ('[{"a":1},', [2]), ('[{"a":1}] and more', [2]),
    ('{\n"a":1}\n{\n"a":\n2', [2]),
])  # fmt: skip
def test_a_file_that_was_cut_says_so(text: str, numbers: list[int], tmp_path: Path) -> None:
    found, aside, _ = one(tmp_path, text)
    assert aside == {"torn": numbers} and set(found) == set(range(1, numbers[0]))


def test_torn_records_name_who_stands_in_them(tmp_path: Path) -> None:
    good = json.dumps(SESSION)
    loaded = audited(
        tmp_path, "学习记录.jsonl", f"{good}\n{good[:-2]}\n{json.dumps(SESSION | {'身份证号': BODO})[3:]}\n"
    )
    torn = loaded.intake.asides.filter(reason="torn").sort("source_row")
    assert torn.select("source_row", "id_text").rows() == [(2, ANNA), (3, BODO)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("listed", [True, False])
def test_encodings(encoding: str, listed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks end anywhere, within a character too; the first of them may be ASCII only."""
    monkeypatch.setattr(json_cut.blocks, "__defaults__", (7,))
    monkeypatch.setattr(json_file, "_GLANCE", 1 << 10)
    records = [{"a": "plain"}] * 5 + [{"a": "张䶮𠮷㛃"}, {"a": "é\u2028"}]
    text = json.dumps(records, ensure_ascii=False) if listed else "\n".join(
        json.dumps(record, ensure_ascii=False) for record in records)  # fmt: skip
    found, aside, _ = one(tmp_path, text.encode(encoding))
    assert [found[number]["a"] for number in range(1, 8)] == [record["a"] for record in records] and aside == {}


def test_bytes_that_are_no_text_tear_their_record_only(tmp_path: Path) -> None:
    found, aside, _ = one(
        tmp_path, '{"姓名":"张三"}\n{"姓名":"李\n四"}\n{"姓名":"王五"}\n'.encode().replace(b"\n\xe5\x9b\x9b", b"\xff")
    )
    assert found == {1: {"姓名": "张三"}, 3: {"姓名": "王五"}} and aside == {"torn": [2]}


def test_only_the_columns_that_are_wanted(tmp_path: Path) -> None:
    (sheet,) = sheets(tmp_path, "".join(json.dumps(EVENT | {"ip": f"58.211.16.{n}"}) + "\n" for n in range(9)))
    assert not sheet.headed and sheet.narrowed
    place = sheet.head[0].index("ip")
    (batch,) = sheet.narrowed([place]).open(0, len(sheet.head[0]), [])
    assert batch.cells.columns == [str(place)] and batch.column(place).to_list() == [f"58.211.16.{n}" for n in range(9)]
    (batch,) = sheet.narrowed([]).open(-1, 0, [])
    assert batch.rows.to_list() == list(range(1, 10))


def test_columns_of_a_long_file_are_looked_for_all_over_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_cut, "BLOCK", 1 << 12)
    monkeypatch.setattr(json_cut.blocks, "__defaults__", (1 << 12,))
    monkeypatch.setattr(json_file, "_PIECE", 256)
    records = [{"a": place} | ({"late": 1} if place > 900 else {}) for place in range(1000)]
    for text in ("".join(json.dumps(record) + "\n" for record in records), json.dumps(records)):
        (sheet,) = sheets(tmp_path, text)
        assert ("late" in sheet.head[0]) == text.startswith("{")  # a list is known by its beginning, and says so
        assert [note.key for note in sheet.notes] == ["note.json_sample"]
        found, aside, _ = rows_of(sheet)
        assert [found[number]["a"] for number in range(1, 1001)] == [str(place) for place in range(1000)] and not aside
    (sheet,) = sheets(tmp_path, json.dumps({f"k{place}": 1 for place in range(json_file._COLUMNS + 1)}))
    assert [note.key for note in sheet.notes] == ["note.json_columns"] and len(sheet.head[0]) == json_file._COLUMNS


def test_a_record_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_cut, "RECORD", 1000)
    for text in ('[{"a":1},{"a":"' + "x" * 2000, '{"a":1}\n{\n"a":"' + "x" * 2000, '{"a":1}\n{"a":2}\n' + "x" * 2000):
        with pytest.raises(Fault) as caught:
            one(tmp_path, text)
        assert caught.value.code is Exit.UNAUDITABLE and "xxx" not in str(caught.value)
        assert caught.value.words.key == "fault.json_endless"


@pytest.mark.parametrize(("content", "key"), [
    ("", "empty"), (" \n", "no_json"), ("<html>", "no_json"), ("{}", "no_json"), ('{"a":', "no_json"),
    ("姓名,b\n张三,1\n", "no_json"), ("[1,2]", "no_json"), ('{"a" 1}', "no_json"),
])  # fmt: skip
def test_no_json(content: str, key: str, tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        sheets(tmp_path, content)
    assert caught.value.code is Exit.UNAUDITABLE and caught.value.words.key == f"fault.{key}"


def test_an_empty_list_is_a_table_without_rows(tmp_path: Path) -> None:
    for text in ("[]", " [ ] ", "[\n]\n"):
        assert one(tmp_path, text) == ({}, {}, [])


def test_json_makes_the_rows_that_a_sheet_makes(tmp_path: Path) -> None:
    records = [SESSION, SESSION | {"身份证号": BODO, "学习时长（分钟）": 60}]
    loaded = audited(tmp_path, "导出.json", json.dumps(records))
    (source,) = loaded.intake.sources
    assert [(row["source_row"], row["id_number"]) for row in loaded.rows()] == [(1, ANNA), (2, BODO)]
    assert (source.table, source.header_row, source.read, source.rows, source.aside) == ("sessions", None, 2, 2, {})
    assert loaded.rows()[1]["duration"] == 3600


def test_a_number_that_was_a_float_is_damaged(tmp_path: Path) -> None:
    text = f"{json.dumps(SESSION)}\n{json.dumps(SESSION).replace(f'{chr(34)}{ANNA}{chr(34)}', f'{ANNA[:17]}0.0')}\n"
    states = audited(tmp_path, "学习记录.ndjson", text).intake.texts["id_number"]["state"].to_list()
    assert sorted(states) == ["damaged", "valid"]


def test_of_a_folder_only_what_looks_like_records_of_somebody(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (tmp_path / "work").mkdir()
    files: dict[str, Any] = {
        "package.json": {"name": "site", "version": "1.0.0", "contributors": [{"name": "x", "email": "x@example.com"}]},
        "manifest.json": {"outputs": {"report.json": "0"}, "inputs": [{"file": "a.csv", "sha256": "0"}]},
        "report.json": {"people": [{"身份证号": ANNA}]},
        "tsconfig.json": {"compilerOptions": {"strict": True}},
        "学习记录.json": [SESSION, SESSION],
        "other.json": [{"身份证号": ANNA, "爱好": "围棋"}],
    }
    for name, content in files.items():
        (source / name).write_text(json.dumps(content), encoding="utf-8")
    (source / "server.log").write_text("started\nstopped\n", encoding="utf-8")
    (source / "broken.json").write_text("{", encoding="utf-8")
    found = load([source], tmp_path / "work", set(), lambda _: None)
    assert {one.file: (one.table, one.unread, one.rows) for one in found.sources} == {
        "学习记录.json": ("sessions", False, 2), "other.json": (None, True, 1),
    }  # fmt: skip
    assert sorted(found.passed_over) == sorted(
        ["package.json", "manifest.json", "report.json", "tsconfig.json", "server.log", "broken.json"]
    )


def test_a_table_of_text_that_quotes_json_is_no_json(tmp_path: Path) -> None:
    for text in (
        '姓名,detail\n张三,"{""a"":1}"\n',
        "[表一]\n姓名,学号\n",
        "a\tb\n1\t{}\n",
        "{标题}\na,b\n",
        'id\tdetail\n1\t{"a":1}\n2\t{"a":2}\n',
    ):
        (tmp_path / "a.csv").write_bytes(text.encode())
        assert not json_file.holds(tmp_path / "a.csv")


# --- any file ---------------------------------------------------------------------------------------------------------

KEYS = st.text(st.characters(exclude_characters="\x00.", exclude_categories=("Cs",)), max_size=3)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.text(st.characters(exclude_categories=("Cs",)))
)
SCALARS |= st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(["true", "1.0", "", '"', "\\", "],[{"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=6
)
RECORDS = st.lists(st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), min_size=2, max_size=6)


def said(record: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """What Python reads: every value under its path, lists whole."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from said(value, (*path, key))
        elif value is not None and value != "":
            yield ".".join((*path, key)), value


def agrees(cell: str, value: Any) -> bool:
    if isinstance(value, bool):
        return cell == ("是" if value else "否")
    if isinstance(value, float):
        return float(cell.removeprefix(NUMBER)) == value
    return json.loads(cell) == value if isinstance(value, list) else cell == str(value)


@settings(max_examples=examples(20), deadline=None)
@given(RECORDS, st.sampled_from(["lines", "list", "pretty", "objects"]), st.booleans(), st.integers(1, 64))
def test_every_value_is_what_the_file_says(
    tmp_path_factory: pytest.TempPathFactory, records: list[dict[str, Any]], form: str, ascii_: bool, size: int
) -> None:
    dump: Callable[..., str] = lambda value, **more: json.dumps(value, ensure_ascii=ascii_, **more)  # noqa: E731
    text = {
        "lines": lambda: "".join(dump(record) + "\r\n" for record in records),
        "list": lambda: dump(records),
        "pretty": lambda: dump(records, indent=1),
        "objects": lambda: "\n".join(dump(record, indent=1) for record in records),
    }[form]()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_cut.blocks, "__defaults__", (size,))
        found, aside, _ = one(tmp_path_factory.mktemp("any"), text)
    assert set(found) == set(range(1, len(records) + 1)) and aside == {}
    for number, record in enumerate(records, 1):
        for path, value in said(record):
            assert agrees(found[number][path], value), (path, value)


BROKEN = st.sampled_from([
    "", " ", "{", "}", "]", '{"a":', '{"a":1}', '{"a":NaN}', '{"a":01}', "[1]", "null", '"', '{"a":"\x01"}', "\x00",
    '{"a":{"b":[{"c":1}]}}', '{"a":1e999}', '{"\\ud800":1}', '{"a":1,"a":2}', 'x {"a":1}', '{"a":1} x', "\u2028", "\r",
])  # fmt: skip


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(BROKEN, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.integers(1, 32))
def test_every_line_is_read_or_set_aside(
    tmp_path_factory: pytest.TempPathFactory, broken: list[str], end: str, ended: bool, size: int
) -> None:
    text = end.join(['{"a":1}'] * (len(broken) + 2) + broken) + (end if ended else "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_cut.blocks, "__defaults__", (size,))
        found, aside, torn = one(tmp_path_factory.mktemp("any"), text, "a.log")
    numbers = sorted([*found, *aside.get("torn", []), *aside.get("blank", [])])
    assert numbers == list(range(1, text.count("\n") + (not text.endswith("\n")) + 1))
    assert len(torn) == len(aside.get("torn", []))


@settings(max_examples=examples(50), deadline=None)
@given(
    st.binary(max_size=200)
    | st.lists(BROKEN | st.sampled_from([*'[]{},:"\\\n1']), max_size=30).map(lambda parts: "".join(parts).encode())
    | st.tuples(RECORDS.map(json.dumps), st.integers(0, 400), st.binary(max_size=3)).map(
        lambda made: made[0].encode()[: made[1]] + made[2] + made[0].encode()[made[1] + 1 :]
    ),
    st.integers(1, 64),
)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes, size: int) -> None:
    folder = tmp_path_factory.mktemp("any")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_cut.blocks, "__defaults__", (size,))
        try:
            found = sheets(folder, content)
        except Fault as fault:
            assert fault.code is Exit.UNAUDITABLE
            return
        for sheet in found:
            rows, aside, _ = rows_of(sheet)
            numbers = sorted([*rows, *(number for some in aside.values() for number in some)])
            assert numbers == list(range(1, len(numbers) + 1))


def test_records_are_cut_without_a_copy_of_each() -> None:
    """Texts lie side by side in the block they were read in."""
    (records,) = json_cut.lines([b'{"a":1}\n{"a":2}\n'], "a")
    assert records.texts.to_pylist() == ['{"a":1}\n', '{"a":2}\n'] and pa.types.is_large_string(records.texts.type)
