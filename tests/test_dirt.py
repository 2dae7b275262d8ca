"""What real exports carried: each item read right, or reported with its row. One test an item, named by it."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from harness import Result, Row, checked, honest, learner, merge, run_audit
from harness import identity as identity_number
from test_intake import ANNA, BODO, EPOCH, HEADER, ROW, Loaded, book, lines, read

from auditor import policy
from auditor.fault import Fault
from auditor.intake import csv_file, damage, dialect, identity
from auditor.intake.text import NUMBER, clean

NOTICE = policy.load("taicang-2021")
ADDRESS = [*HEADER, "IP地址"]


def known(loaded: Loaded) -> dict[int, str]:
    """row → name, of the rows that were read."""
    return {row["source_row"]: row.get("name") for row in loaded.rows()}


def unread(loaded: Loaded) -> list[tuple[Any, ...]]:
    found = loaded.troubles.filter(kind="unreadable")
    return found.select("source_row", "field", "shown").rows()


def counted(loaded: Loaded, rows: int) -> bool:
    """Whether every row of the file was read or is set aside with a reason."""
    (source,) = loaded.intake.sources
    return source.rows == rows == source.read + sum(source.aside.values())


# --- values --------------------------------------------------------------------------------------------------------


def test_impossible_dates(tmp_path: Path) -> None:
    rows = [[*ROW[:2], start, ROW[3]] for start in ("2018-02-29 10:00", "29/02/18 10:00", "2021-04-31 10:00:00")]
    loaded = read(tmp_path, lines(HEADER, *rows, [*ROW[:2], "3/02/18 10:00", ROW[3]]))
    assert [(row, shown) for row, field, shown in unread(loaded) if field == "start_at"] == [
        (2, "2018-02-29 10:00"), (3, "29/02/18 10:00"), (4, "2021-04-31 10:00:00"),
    ]  # fmt: skip
    assert len(loaded.rows()) == 4


def test_days_without_a_leading_zero_beside_two_digit_ones(tmp_path: Path) -> None:
    rows = [[*ROW[:2], f"{day}/09/26, 21:40:58", f"{day}/09/26, 21:50:58"] for day in (7, 25, 13)]
    starts = [row["start_at"] for row in read(tmp_path, lines(HEADER, *rows)).rows()]
    assert [EPOCH + dt.timedelta(seconds=start) for start in starts] == [
        dt.datetime(2026, 9, day, 21, 40, 58) for day in (7, 25, 13)
    ]


def test_times_without_a_year(tmp_path: Path) -> None:
    rows = [[*ROW[:2], start, ROW[3]] for start in ("3 Feb, 10:05", "02-03 10:05", "2月3日 10:05")]
    assert unread(read(tmp_path, lines(HEADER, *rows))) == [
        (2, "start_at", "3 Feb, 10:05"), (3, "start_at", "02-03 10:05"), (4, "start_at", "2月3日 10:05"),
    ]  # fmt: skip


def test_a_dash_for_a_missing_mark(tmp_path: Path) -> None:
    header = ["身份证号", "姓名", "考试名称", "考试成绩", "考试时间"]
    marks = ["80", "-", "--", "—", "缺考人"]
    loaded = read(tmp_path, lines(header, *[[ANNA, "张三", "结业考试", mark, "2021-02-20 10:00"] for mark in marks]))
    assert [row.get("score") for row in loaded.rows("exams")] == [8000, None, None, None, None]
    assert unread(loaded) == [(6, "score", "缺考人")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("58.211.16.8:5566", "58.211.16.8"),
        ("58.211.16.8, 10.0.0.1", "58.211.16.8"),
        ("10.0.0.1, 58.211.16.8", "58.211.16.8"),
    ],
)
def test_addresses_with_a_port_or_a_chain(tmp_path: Path, text: str, said: str) -> None:
    assert [row["address"] for row in read(tmp_path, lines(ADDRESS, [*ROW, text])).rows()] == [said]


@pytest.mark.parametrize("text", ["000.00.00.000", "X.Y.Z"])
def test_addresses_that_are_none(tmp_path: Path, text: str) -> None:
    loaded = read(tmp_path, lines(ADDRESS, [*ROW, "58.211.16.8"], [*ROW, text]))
    assert unread(loaded) == [(3, "address", text)]


def test_an_empty_address(tmp_path: Path) -> None:
    loaded = read(tmp_path, lines(ADDRESS, [*ROW, ""], [*ROW, "-"], [*ROW, "58.211.16.8"]))
    assert [row.get("address") for row in loaded.rows()] == [None, None, "58.211.16.8"]
    assert unread(loaded) == []


@pytest.mark.parametrize(
    "written",
    [
        '="{}"', "'{}", "\t{}", "{}\t", " {} ", "\u00a0{}\u00a0", "\u200b{}\ufeff", "\u202d{}\u202c",
    ],
    ids=["formula", "apostrophe", "tab", "tab behind", "blanks", "NBSP", "zero-width", "direction marks"],
)  # fmt: skip
def test_wrappings_of_a_number(tmp_path: Path, written: str) -> None:
    loaded = read(tmp_path, lines(HEADER, [written.format(ANNA), *ROW[1:]], ROW))
    assert {row["id_number"] for row in loaded.rows()} == {ANNA}


def test_full_width_digits(tmp_path: Path) -> None:
    wide = str.maketrans("0123456789:-", "０１２３４５６７８９：－")
    loaded = read(tmp_path, lines(HEADER, [cell.translate(wide) for cell in ROW], ROW))
    first, second = loaded.rows()
    assert first | {"source_row": 3} == second


def test_a_lower_case_x(tmp_path: Path) -> None:
    number = next(n for body in range(900, 1000) if (n := checked(f"32058519900307{body}")).endswith("X"))
    loaded = read(tmp_path, lines(HEADER, [number.lower(), *ROW[1:]], [number, *ROW[1:]]))
    assert {row["id_number"] for row in loaded.rows()} == {number}


@pytest.mark.parametrize("text", ["3205**********0017", "32058519900307****", "320585XXXXXXXX9129"])
def test_masked_values(text: str) -> None:
    assert identity.read(clean(pl.Series([text])))["state"].to_list() == ["masked"]


def test_a_masked_telephone_number_is_no_other_number(tmp_path: Path) -> None:
    sheet = lines(["身份证号", "姓名", "手机号", "单位名称", "性别"], [ANNA, "张三", "138****1234", "甲厂", "男"])
    assert read(tmp_path, sheet).rows("registrations")[0].get("phone") in (None, "138****1234")


def test_the_two_dots_of_a_long_name(tmp_path: Path) -> None:
    """· and • name one person."""
    rows = learner(NOTICE, 1, "甲厂")
    for table, dot in (("registrations", "·"), ("claims", "•"), ("exams", "・")):
        for row in rows[table]:
            row["name"] = f"阿依古丽{dot}买买提"
    for row in rows["sessions"]:
        row["name"] = "阿依古丽·买买提 "
    assert "identity-two-names" not in set(run_audit(rows, "taicang-2021", tmp_path).findings["rule"])


@pytest.mark.parametrize("cell", [int(ANNA), "3.20522E+17", float(ANNA)], ids=["number", "as Excel shows it", "float"])
def test_identity_numbers_as_numbers(tmp_path: Path, cell: Any) -> None:
    """Damaged, never repaired: the last digits are gone."""
    (row,) = read(tmp_path, book(明细=[HEADER, [cell, *ROW[1:]]])).rows()
    assert row["id_number"].startswith("\x00damaged")


# --- rows ----------------------------------------------------------------------------------------------------------


def test_totals_and_remarks_at_the_foot(tmp_path: Path) -> None:
    loaded = read(tmp_path, lines(HEADER, ROW, ["合计", "1", "", ""], ["备注：以上由平台导出", "", "", ""]))
    assert (list(known(loaded)), loaded.aside("foot")) == ([2], [3, 4])
    assert counted(loaded, 4)


def test_signatures_at_the_foot_of_a_list_of_claims(tmp_path: Path) -> None:
    """They fill most cells of their row, and are no claim of 300 yuan by 审核."""
    header = ["姓名", "身份证号", "单位名称", "申请金额", "申请日期"]
    claims = [["张三", ANNA, "甲厂", "人民币300元", "2021-04-05"], ["审核", ANNA, "甲厂", "300元整", "2021-04-05"]]
    signed = [["制表人：某某", "", "审核：", "", "2021-04-20"], ["经办人签字: 某", "", "", "300", "2021-04-20"]]
    loaded = read(tmp_path, lines(header, *claims, *signed))
    assert [row["amount"] for row in loaded.rows("claims")] == [30_000, 30_000]
    assert loaded.aside("foot") == [4, 5] and counted(loaded, 5)


@pytest.mark.parametrize(
    ("size", "day", "more", "left_out"),
    [
        (5, "2021-04-05", [], [5, 0]),  # the class list again
        (4, "2021-04-05", [], [0, 0]),  # so few may be people claimed for twice
        (5, "2021-04-06", [], [0, 0]),  # another day is another claim
        (12, "2021-04-05", [], [0, 12]),  # of two that are the same the first stands
        (5, "2021-04-05", [0], [0, 0]),  # somebody stands twice in it
        (5, "2021-04-05", [20], [0, 0]),  # and somebody whom the whole list lacks
    ],
)
def test_a_list_of_claims_given_twice_counts_once(
    size: int, day: str, more: list[int], left_out: list[int], tmp_path: Path
) -> None:
    header = ["姓名", "身份证号", "申请金额", "申请日期"]
    people = [["张三", identity_number(at), "300"] for at in range(21)]
    part = [[*people[at], day] for at in (*range(size), *more)]
    whole = [[*one, "2021-04-05"] for one in people[:12]]
    loaded = read(tmp_path, lines(header, *part), lines(header, *whole))
    assert [source.aside.get("again", 0) for source in loaded.intake.sources] == left_out
    assert len(loaded.rows("claims")) == len(part) + len(whole) - sum(left_out)
    assert all(source.rows == rows + 1 for source, rows in zip(loaded.intake.sources, (len(part), 12), strict=True))


@pytest.mark.parametrize(
    ("header", "table"),
    [
        (["身份证号", "学员", "课件名称", "进入学习时间", "退出学习时间"], "sessions"),
        (["身份证号", "学员", "手机号", "开始时间", "结束时间"], "registrations"),
        (["身份证号", "学员", "单位"], "registrations"),
    ],
)
def test_start_and_end_outweigh_a_title_alone(header: list[str], table: str, tmp_path: Path) -> None:
    row = [ANNA, "张三", "甲", "2021-02-03 08:00:00", "2021-02-03 09:00:00"][: len(header)]
    loaded = read(tmp_path, lines(["学员信息"], header, row))
    assert [source.table for source in loaded.intake.sources] == [table]


def test_a_header_on_every_printed_page(tmp_path: Path) -> None:
    loaded = read(tmp_path, lines(HEADER, ROW, HEADER, ROW, HEADER, ROW))
    assert (list(known(loaded)), loaded.aside("repeated")) == ([2, 4, 6], [3, 5])
    assert counted(loaded, 6)


def test_two_title_lines_and_a_blank_one_above_the_header(tmp_path: Path) -> None:
    for number, title in enumerate(["某平台学习记录", "某平台学习记录,,,"]):
        (folder := tmp_path / str(number)).mkdir()
        loaded = read(folder, f"{title}\n导出时间：2021-03-01\n\n" + lines(HEADER, ROW))
        assert loaded.intake.sources[0].header_row == 4
        assert (list(known(loaded)), loaded.aside("above")) == ([5], [1, 2, 3])
        assert counted(loaded, 5)


def test_trailing_commas(tmp_path: Path) -> None:
    header, row = ",".join(HEADER), ",".join(ROW)
    for number, text in enumerate(
        (f"{header},,\n{row},,\n{row},,\n", f"{header}\n{row},,\n{row}\n", f"{header},\n{row},\n{row}\n")
    ):
        (folder := tmp_path / str(number)).mkdir()
        loaded = read(folder, text)
        read_whole = list(known(loaded))
        assert sorted(read_whole + loaded.aside("torn")) == [2, 3]
        if number < 2:
            assert read_whole == [2, 3]


def test_quoted_line_breaks(tmp_path: Path) -> None:
    """A line is not a row; rows keep the number that Excel shows."""
    loaded = read(tmp_path, lines(HEADER, [ANNA, "张\n三", *ROW[2:]], [ANNA, "李\r\n四", *ROW[2:]], ROW))
    assert known(loaded) == {2: "张 三", 3: "李 四", 4: "张三"}


def test_line_ends_of_one_carriage_return(tmp_path: Path) -> None:
    loaded = read(tmp_path, lines(HEADER, ROW, ROW).replace("\r\n", "\r"))
    assert known(loaded) == {2: "张三", 3: "张三"}


LONG = [*HEADER, "课程名称"]


def stray(swallowed: int, opened: int = 4, closed: int = 4) -> str:
    """One quote opens before a cell of row 3, another closes behind a cell `swallowed` rows below."""
    rows = [[ANNA, "张三", *ROW[2:], f"第{number}课"] for number in range(1, swallowed + 4)]
    rows[1][opened] = '"' + rows[1][opened]
    rows[1 + swallowed][0] = BODO
    rows[1 + swallowed][closed] += '"'
    return "\n".join(",".join(row) for row in [LONG, *rows]) + "\n"


@pytest.mark.parametrize("swallowed", [1, 7])
@pytest.mark.parametrize(("opened", "closed"), [(4, 4), (1, 1), (0, 0)])
def test_two_stray_quotes(tmp_path: Path, swallowed: int, opened: int, closed: int) -> None:
    """The rows between them are in one cell: they are set aside with their row, and whoever stands in them is known."""
    loaded = read(tmp_path, stray(swallowed, opened, closed))
    assert loaded.aside("swallowed")[:1] == [3]
    assert list(known(loaded)) == [2, 4]
    aside = loaded.intake.asides.filter(reason="swallowed")
    assert set(aside["id_text"]) == {ANNA, BODO}
    assert any("引号" in note and "第 3 行" in note for note in loaded.notes)


def test_whoever_was_swallowed_is_not_refused(tmp_path: Path) -> None:
    """Nobody is refused for want of a record that may stand behind a stray quote."""
    tables = honest(NOTICE, 2, "甲厂")
    victim = tables["claims"][1]["id_number"]
    plain = run_audit(
        {**tables, "sessions": [r for r in tables["sessions"] if r["id_number"] != victim]},
        "taicang-2021",
        tmp_path / "a",
    )
    assert verdict(plain, victim) == "not_supported"
    mine = [row for row in tables["sessions"] if row["id_number"] == victim]
    others = [row for row in tables["sessions"] if row["id_number"] != victim]
    text = ",".join(mine[0].values()) + "\n" + "\n".join(",".join(row.values()) for row in mine[1:])
    others[3]["course"] += "\n" + text + "\n" + ",".join(others[4].values())
    assert verdict(run_audit({**tables, "sessions": others}, "taicang-2021", tmp_path / "b"), victim) == "to_verify"


def verdict(result: Result, number: str) -> str:
    return str(result.people.filter(id_number=number)["verdict"][0])


@pytest.mark.parametrize("text", ["一\n二", "甲，乙\n丙", "a, b\nc", "1. 安全, 防护\n2. 急救\n3. 演练"])
def test_an_honest_cell_of_several_lines_is_no_swallowed_row(tmp_path: Path, text: str) -> None:
    loaded = read(tmp_path, lines(LONG, [*ROW, text], [*ROW, "x"]))
    assert list(known(loaded)) == [2, 3] and loaded.notes == []


# --- bytes ---------------------------------------------------------------------------------------------------------


CHINESE, ENGLISH = ("张三", "李@四", "王五"), ("Smith", "O@Neill", "Jones")
STRAY = {"0x85": b"\x85", "0xA0": b"\xa0", "0xFF": b"\xff", "half a character": b"\xe5\xbc"}
BYTES = [(CHINESE, octet) for octet in STRAY.values()]
BYTES += [(ENGLISH, octet) for octet in STRAY.values() if len(octet) == 1]  # two are a character of GB18030


@pytest.mark.parametrize(("names", "octet"), BYTES)
@pytest.mark.parametrize("before", [0, 2_000])
def test_bytes_that_are_not_utf8(
    tmp_path: Path, octet: bytes, names: tuple[str, ...], before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bad cell is one unreadable value with its row; the rest of the file is read, wherever the byte stands."""
    for module in (csv_file, damage):
        monkeypatch.setattr(module, "_BLOCK", 1 << 14)
    monkeypatch.setattr(dialect, "_SAMPLE", 1 << 14)
    plain = [["idnumber", "name", "start", "end"], *[[ANNA, names[0], *ROW[2:]]] * before]
    content = lines(*plain, *[[ANNA, name, *ROW[2:]] for name in names]).encode().replace(b"@", octet)
    loaded = read(tmp_path, content)
    assert [row.get("name") for row in loaded.rows()[-3:]] == [names[0], None, names[2]]
    assert unread(loaded) == [(before + 3, "name", "＊＊＊")]
    assert counted(loaded, before + 4)


def test_bytes_that_are_not_utf8_in_a_time(tmp_path: Path) -> None:
    content = lines(HEADER, ROW, [*ROW[:2], "2021-02-03@10:00:00", ROW[3]]).encode().replace(b"@", b"\xa0")
    assert unread(read(tmp_path, content)) == [(3, "start_at", "2021-02-03\ufffd10:00:00")]


def test_bytes_that_are_not_utf8_in_a_header(tmp_path: Path) -> None:
    """The column is not recognised; the rows are where they were."""
    content = lines([*HEADER, "备@注"], *[[*ROW, "一"]] * 5).encode().replace(b"@", b"\x85")
    loaded = read(tmp_path, content)
    assert loaded.intake.sources[0].unrecognised == ["备\ufffd注"]
    assert list(known(loaded)) == [2, 3, 4, 5, 6]


def test_bytes_that_are_not_gb18030(tmp_path: Path) -> None:
    content = lines(HEADER, *[ROW] * 20, [ANNA, "李@", *ROW[2:]], ROW).encode("gb18030").replace(b"@", b"\xff")
    loaded = read(tmp_path, content)
    assert unread(loaded) == [(22, "name", "＊＊＊")]
    assert known(loaded)[23] == "张三"


def test_a_file_that_is_no_text_of_ours_is_refused(tmp_path: Path) -> None:
    """Not a damaged UTF-8, but another encoding."""
    with pytest.raises(Fault, match="编码"):
        read(
            tmp_path, lines(HEADER, *[[ANNA, "Žluťoučký kůň", *ROW[2:]]] * 9).encode("utf-8").replace(b"\xc5", b"\xff")
        )


# --- what people do ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sat:
    """What one learner did on one day: start, end and address of each sitting, and the platform's total."""

    times: tuple[tuple[str, str], ...]
    address: tuple[str, ...] = ()
    total: str = ""

    def rows(self, number: int) -> list[Row]:
        who = learner(NOTICE, number, "甲厂")["registrations"][0]
        where = self.address or (f"58.211.0.{number}",) * len(self.times)
        return [
            {key: who[key] for key in ("id_number", "name", "employer")}
            | {"start_at": f"2021-02-03 {start}", "end_at": f"2021-02-03 {end}"}
            | {"course": f"第{at}讲", "address": where[at], "total_time": self.total}
            for at, (start, end) in enumerate(self.times)
        ]  # fmt: skip


SAT = {
    "some overlaps": Sat((("09:00:00", "10:00:00"), ("09:30:00", "10:30:00"), ("10:30:00", "11:30:00"),
                          ("11:00:00", "11:00:00"))),
    "ties": Sat((("09:00", "09:30"), ("09:00", "09:20"), ("09:00", "09:00"), ("09:30", "09:30"))),
    "two devices": Sat((("09:00:00", "10:00:00"), ("09:10:00", "09:50:00")), ("58.211.0.2", "58.211.0.33")),
    "a clock set back": Sat((("09:50:00", "09:00:00"), ("09:10:00", "10:10:00"), ("10:00:00", "11:00:00"))),
    "adjacent": Sat((("09:00:00", "10:00:00"), ("10:00:00", "11:00:00"))),
    "another total": Sat((("09:00:00", "10:00:00"), ("10:00:00", "11:00:00")), total="5:00:00"),
}  # fmt: skip
NUMBERS = {name: number for number, name in enumerate(SAT, 1)}


@dataclass(frozen=True)
class Told:
    """An audit of all of them."""

    result: Result
    first: dict[str, int]  # whose sittings begin in which row

    def net(self, name: str) -> int:
        return int(self.result.people.filter(id_number=number_of(name))["net_s"][0])

    def found(self, rule: str, name: str) -> list[int]:
        """The sittings, counted from 0, that a rule found of somebody."""
        who = self.result.people.filter(id_number=number_of(name))["person_id"][0]
        rows = self.result.findings.filter(rule=rule, person_id=who)["source_row"]
        return [row - self.first[name] for row in rows.sort()]


def number_of(name: str) -> str:
    return identity_number(NUMBERS[name])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, Told]:
    """In the order of time, and newest first."""
    folder = tmp_path_factory.mktemp("told")
    rows = [row for name, sat in SAT.items() for row in sat.rows(NUMBERS[name])]
    numbers = [row["id_number"] for row in rows]
    first = {name: numbers.index(number_of(name)) + 2 for name in SAT}
    people = merge(*(learner(NOTICE, number, "甲厂") for number in NUMBERS.values()))
    orders = (("oldest", rows), ("newest", rows[::-1]))
    one, other = (run_audit(people | {"sessions": sat}, "taicang-2021", folder / name) for name, sat in orders)
    return Told(one, first), Told(other, first)


def test_newest_first(told: tuple[Told, Told]) -> None:
    """The order of the rows decides nothing."""
    one, other = (each.result for each in told)
    kept = ("net_s", "raw_s", "counted_s", "verdict")
    assert one.people.select(kept).rows() == other.people.select(kept).rows()
    assert one.findings["fingerprint"].sort().to_list() == other.findings["fingerprint"].sort().to_list()


def test_ties_within_a_minute(told: tuple[Told, Told]) -> None:
    assert [each.net("ties") for each in told] == [1800, 1800]


def test_one_person_on_two_devices(told: tuple[Told, Told]) -> None:
    assert told[0].found("sessions-overlap-other-address", "two devices") and told[0].net("two devices") == 3600


def test_an_end_before_its_start_and_the_overlaps_behind_it(told: tuple[Told, Told]) -> None:
    """A clock set back: that sitting counts nothing and hides nothing of the others."""
    assert told[0].found("session-negative", "a clock set back") == [0]
    assert told[0].found("sessions-overlap", "a clock set back") == [1]  # with the next one
    assert told[0].net("a clock set back") == 6600


def test_adjacent_sessions_do_not_overlap(told: tuple[Told, Told]) -> None:
    assert told[0].found("sessions-overlap", "adjacent") == [] and told[0].net("adjacent") == 7200


def test_parts_that_do_not_add_up_to_their_total(told: tuple[Told, Told]) -> None:
    assert told[0].found("total-mismatch", "another total")


def test_serials_of_either_epoch_of_a_workbook(tmp_path: Path) -> None:
    """A workbook says whether it counts from 1900 or 1904."""
    for old in (False, True):
        (folder := tmp_path / str(old)).mkdir()

        def write(path: Path, old: bool = old) -> None:
            with xlsxwriter.Workbook(path, {"date_1904": old, "default_date_format": "yyyy-mm-dd hh:mm:ss"}) as made:
                sheet = made.add_worksheet("明细")
                sheet.write_row(0, 0, HEADER)
                sheet.write_row(1, 0, ROW[:2])
                for place, hour in ((2, 10), (3, 11)):
                    sheet.write_datetime(1, place, dt.datetime(2021, 2, 3, hour))

        (row,) = read(folder, write).rows()
        assert (EPOCH + dt.timedelta(seconds=row["start_at"]), row["end_at"] - row["start_at"]) == (
            dt.datetime(2021, 2, 3, 10), 3600,
        )  # fmt: skip


def test_a_serial_behind_the_point(tmp_path: Path) -> None:
    assert NUMBER not in (
        read(tmp_path, book(明细=[HEADER, [*ROW[:2], 44230.333333, 44230.375]])).rows()[0].get("name") or ""
    )
