"""Reading exports: what each cell says, which row it stood in, and what could not be read."""

import codecs
import csv
import datetime as dt
import io
import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from harness import checked
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.fault import Exit, Fault
from auditor.intake import address, dialect, identity, times
from auditor.intake.load import Intake, load
from auditor.intake.stage import ROWS
from auditor.intake.text import NUMBER, clean
from auditor.schema import normal, unit_of
from auditor.words import word as in_words

EPOCH = dt.datetime(1970, 1, 1)
ANNA, BODO = checked("32058519900307912"), checked("32058519910307913")
HEADER = ["身份证号", "姓名", "开始时间", "结束时间"]
ROW = [ANNA, "张三", "2021-02-03 10:00:00", "2021-02-03 11:00:00"]
DELIMITERS = (",", "\t", ";", "|")
Write = Callable[[Path], object]


@dataclass(frozen=True)
class Loaded:
    """What was read of some files."""

    intake: Intake

    def rows(self, table: str = "sessions") -> list[dict[str, Any]]:
        """The rows in the order of their numbers: empty fields left out, texts in place of their numbers."""
        frame = pl.concat([pl.read_parquet(part) for part in self.intake.parts.get(table, [])])
        for name, known in self.intake.texts.items():
            if name in frame.columns:
                others = self.intake.others[name]
                number = pl.col(name).cast(pl.Int64).replace(others["code"], others["no"])
                texts = number.replace_strict(known["no"], known["text"], default=None, return_dtype=pl.String)
                frame = frame.with_columns(texts)
        frame = frame.sort("row_id").select(pl.col("row_id").alias("source_row") % ROWS, pl.exclude("row_id"))
        return [{key: cell for key, cell in row.items() if cell is not None} for row in frame.to_dicts()]

    @property
    def troubles(self) -> pl.DataFrame:
        return self.intake.troubles.sort("row_id", "field").with_columns(source_row=pl.col("row_id") % ROWS)

    @property
    def places(self) -> list[int]:
        return [row["source_row"] for row in self.rows()]

    def aside(self, reason: str) -> list[int]:
        return self.intake.asides.filter(reason=reason)["source_row"].sort().to_list()

    @property
    def notes(self) -> list[str]:
        return [in_words(note, "zh") for source in self.intake.sources for note in source.notes]


def read(folder: Path, *contents: str | bytes | Write) -> Loaded:
    """Load files of these contents: text or bytes as CSV, a function writes a workbook."""
    source, work = folder / "in", folder / "work"
    source.mkdir()
    work.mkdir()
    for number, content in enumerate(contents, 1):
        if callable(content):
            content(source / f"{number}.xlsx")
        else:
            (source / f"{number}.csv").write_bytes(content.encode() if isinstance(content, str) else content)
    return Loaded(load([source], work, set(), lambda _: None))


def lines(*rows: list[str], delimiter: str = ",") -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


def book(**sheets: list[list[Any]]) -> Write:
    """A workbook of cells as Python types: text, numbers, dates, moments, lengths."""

    def write(path: Path) -> None:
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as workbook:
            day, length = (workbook.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "[h]:mm:ss"))
            for name, rows in sheets.items():
                sheet = workbook.add_worksheet(name)
                for at, row in enumerate(rows):
                    for place, cell in enumerate(row):
                        if isinstance(cell, str):
                            sheet.write_string(at, place, cell)
                        elif isinstance(cell, dt.timedelta):
                            sheet.write_datetime(at, place, cell, length)
                        elif type(cell) is dt.date:
                            sheet.write_datetime(at, place, cell, day)
                        elif cell is not None:
                            sheet.write(at, place, cell)

    return write


def one(reader: Callable[[pl.Series], pl.Series], value: str) -> Any:
    return reader(clean(pl.Series([value], dtype=pl.String)))[0]


def moment(value: str) -> str | None:
    second = one(times.seconds, value)
    return None if second is None else str(EPOCH + dt.timedelta(seconds=second))


# --- times ---------------------------------------------------------------------------------------------------------

FORMS = (
    "{d:%Y-%m-%d %H:%M:%S}", "{d:%Y/%m/%d %H:%M:%S}", "{d:%Y.%m.%d %H:%M:%S}", "{d:%Y-%m-%dT%H:%M:%S}",
    "{d.year}/{d.month}/{d.day} {d.hour}:{d:%M:%S}", "{d.year}-{d.month}-{d.day} {d.hour}:{d.minute}:{d.second}",
    "{d:%Y}年{d.month}月{d.day}日 {d.hour}时{d.minute}分{d.second}秒", "{d:%Y年%m月%d日 %H:%M:%S}", "{d:%Y%m%d%H%M%S}",
    "{d:%Y%m%d %H%M%S}", "{d:%Y-%m-%d %H:%M:%S}.345", "{d:%Y-%m-%dT%H:%M:%S}+08:00", "{d:%Y-%m-%d %H:%M:%S} +0800",
    "{u:%Y-%m-%dT%H:%M:%S}Z", "{u:%Y-%m-%dT%H:%M:%S}.999Z", "{u:%Y-%m-%d %H:%M:%S} UTC",
    "{u:%Y-%m-%d %H:%M:%S}+00:00",
    "{d:%Y-%m-%d} {half} {d:%I:%M:%S}", "{d:%Y/%m/%d} {half}{d:%I:%M:%S}", "{d:%Y-%m-%d %I:%M:%S %p}", "{e}", "{e}123",
    NUMBER + "{e}", NUMBER + "{serial!r}", "　{d:%Y-%m-%d %H:%M:%S}\t", "'{d:%Y-%m-%d %H:%M:%S}",
    '="{d:%Y-%m-%d %H:%M:%S}"',
)  # fmt: skip
MINUTES = ("{d:%Y-%m-%d %H:%M}", "{d.year}/{d.month}/{d.day} {d.hour}:{d:%M}", "{d:%Y年%m月%d日 %H时%M分}",
           "{d:%Y-%m-%dT%H:%M}", "{d:%Y年%m月%d日%H点%M分}", "{d:%Y-%m-%d} 星期三 {d:%H:%M}")  # fmt: skip


def written(form: str, when: dt.datetime) -> str:
    """`when`, local time, in a form."""
    return form.format(
        d=when,
        u=when - dt.timedelta(hours=8),
        half="上午" if when.hour < 12 else "下午",
        e=int((when - EPOCH).total_seconds()) - 8 * 3600,
        serial=(when - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1),
    )


@settings(deadline=None)
@given(st.datetimes(dt.datetime(1991, 1, 2), dt.datetime(2099, 12, 30)).map(lambda when: when.replace(microsecond=0)))
def test_a_time_in_any_form_is_read_back(when: dt.datetime) -> None:
    texts = [written(form, when) for form in FORMS]
    assert dict(zip(texts, times.seconds(clean(pl.Series(texts))), strict=True)) == dict.fromkeys(
        texts, (when - EPOCH) // dt.timedelta(seconds=1)
    )
    minute = [written(form, when) for form in MINUTES]
    assert set(times.seconds(clean(pl.Series(minute)))) == {(when.replace(second=0) - EPOCH).total_seconds()}
    assert set(times.days(pl.Series([*texts, f"{when:%Y-%m-%d}", f"{when:%Y%m%d}"]).str.strip_chars("'=\"　\t"))) == {
        int(f"{when:%Y%m%d}")
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-02-03 24:00:00", "2021-02-04 00:00:00"),
        ("2021/2/3 24:00", "2021-02-04 00:00:00"),
        ("2021-02-03 上午 12:05", "2021-02-03 00:05:00"),
        ("2021-02-03 12:05 AM", "2021-02-03 00:05:00"),
        ("2021-02-03 下午12:05", "2021-02-03 12:05:00"),
        ("2021-02-03 下午 15:05", "2021-02-03 15:05:00"),
        ("2021-02-03 中午12:05", "2021-02-03 12:05:00"),
        ("2021-02-03 中午1:05", "2021-02-03 13:05:00"),
        ("2021-02-03 晚上8:05", "2021-02-03 20:05:00"),
        ("2021-02-03 凌晨2:05", "2021-02-03 02:05:00"),
        ("2021-02-03 23:30:00Z", "2021-02-04 07:30:00"),
        ("２０２１－０２－０３　１９：３０", "2021-02-03 19:30:00"),
        (NUMBER + "20210203193005", "2021-02-03 19:30:05"),
        (NUMBER + "44230.333333", "2021-02-03 08:00:00"),  # Excel's 07:59:59.97
    ],
)
def test_a_time_is_read(text: str, expected: str) -> None:
    assert moment(text) == expected


NO_TIMES = (
    "2021-02-29 10:00:00", "2021/2/30 10:00", "2021-13-01 10:00:00", "2021-00-10 10:00", "20210229100000",
    "2021-02-03 24:00:01", "2021-02-03 25:00:00", "2021-02-03 10:60:00", "2021-02-03 10:00:60", "2021/2/3 10:00:60",
    "2021-02-03T10:00:61", "03/02/2021 19:30", "3/2/2021 19:30:05", "03.02.2021 10:00", "Feb 3 10:00",
    "2021-02-03", "20210203", "2021年2月3日", "19:30:05", "44230.5", "44230", NUMBER + "0.5", "2021-02-03 10",
    "2021-02-03 19:30 CST", "2021-02-03 晚上12:05", "2021-02-03 上午 13:05", "2021-02-03 13:05 am", "昨天",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_TIMES)
def test_no_time_is_guessed(text: str) -> None:
    assert moment(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-02-03", 20210203), ("2021/2/3", 20210203), ("2021年2月3日", 20210203), ("20210203", 20210203),
        (NUMBER + "20210203", 20210203),
        ("2021.2.3", 20210203), ("2021-02-03 19:30:05", 20210203), (NUMBER + "44230", 20210203), ("44230", None),
        ("2020-02-29", 20200229), ("2021-02-29", None), ("03/02/2021", None), ("2月3日", None), ("2021-02", None),
    ],
)  # fmt: skip
def test_days(text: str, expected: int | None) -> None:
    assert one(times.days, text) == expected


LENGTHS: dict[int | None, tuple[str, ...]] = {
    4800: (
        "1小时20分",
        "80分钟",
        "80 分钟",
        "01:20:00",
        "1h20m",
        "1 hour 20 min",
        "4800秒",
        "１小时２０分",
        "1:20:00.6",
    ),
    2633: ("0小时43分53秒", "43分53秒"),
    93600: ("1天2小时", "26:00:00"),
    0: ("0:00:00", "0分钟"),
    -600: ("-0:10:00",),
    None: (
        *("1:20:60", "1:60:00", "01:20", "90", NUMBER + "90", "", "分钟", "20分1小时", "1小时20", "很久"),
        *("999999999999999999小时", "9999999999999999:00:00"),
    ),
}


@pytest.mark.parametrize("expected", LENGTHS)
def test_durations(expected: int | None) -> None:
    read = {text: one(lambda values: times.durations(values, None), text) for text in LENGTHS[expected]}
    assert read == dict.fromkeys(LENGTHS[expected], expected)


def test_a_bare_number_counts_in_the_unit_of_its_column() -> None:
    figures = pl.Series(["90", NUMBER + "1.5", "80分钟", "1e9", "九十"])
    assert times.durations(figures, 60).to_list() == [5400, 90, 4800, None, None]
    assert times.durations(figures, 1).to_list() == [90, 2, 4800, None, None]


# --- identity numbers, addresses, headers --------------------------------------------------------------------------


IDENTITIES: dict[tuple[str, str | None], tuple[str, ...]] = {
    ("valid", None): (
        *(ANNA, "11010519491231002x", "440524188001010014", "810000199408230021", checked("82000019940823002")),
        *(
            "830000199201300022",
            "911124198108030024",
            f" {ANNA[:6]} {ANNA[6:]} ",
            f'="{ANNA}"',
            f"'{ANNA}",
            f"\t{ANNA}",
        ),
        *(f"\u202d{ANNA}\u202c", f"\ufeff{ANNA}\u200b", ANNA.replace("3", "３")),
    ),
    ("other", None): ("H12345678", "M12345678", "ABC123456789012", "12345678"),
    ("invalid", "check"): ("110105194912310021", ANNA[:-1] + "X"),
    ("invalid", "birth"): tuple(checked(f"320585{day}912") for day in ("19900230", "19901301", "17990307")),
    ("invalid", "fifteen"): ("320585900307912",),
    ("invalid", "length"): (ANNA + "1", ANNA[:-1], "张三"),
    ("masked", "masked"): ("3205**********0017", "32058519900307XXXX"),
    ("damaged", "damaged"): (*(NUMBER + ANNA, NUMBER + "3.2052219800101e+17", "3.20522E+17", "320522198001010000"),),
}


@pytest.mark.parametrize(("state", "why"), IDENTITIES)
def test_identity_states(state: str, why: str | None) -> None:
    for text in IDENTITIES[state, why]:
        found = identity.read(clean(pl.Series([text]))).row(0, named=True)
        assert (text, found["state"], found["why"]) == (text, state, why)
        assert (found["value"] is None) == (state in ("masked", "damaged") or why == "length")


@settings(deadline=None)
@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2020, 1, 1)), st.integers(110_000, 839_999), st.integers(1, 999), st.data()
)
def test_a_checksum_holds_as_counted_by_hand(born: dt.date, area: int, sequence: int, data: st.DataObject) -> None:
    good = checked(f"{area}{born:%Y%m%d}{sequence:03}")
    last = data.draw(st.sampled_from([digit for digit in "0123456789X" if digit != good[-1]]))
    bad = good[:-1] + last
    found = identity.read(pl.Series([good, good.lower(), bad]))
    assert found["state"].to_list() == ["valid", "valid", "damaged" if bad.endswith("000") else "invalid"]
    assert found["sex"].to_list() == [sex := 1 if sequence % 2 else 2, sex, None]
    assert found["value"][1] == good


PUBLIC = {
    "58.211.16.8": "58.211.16.8", "58.211.16.8:5566": "58.211.16.8", "1.2.3.4, 10.0.0.1": "1.2.3.4",
    "10.0.0.1，1.2.3.4": "1.2.3.4", "unknown, 1.2.3.4": "1.2.3.4", "100.63.255.255": "100.63.255.255",
    "100.128.0.0": "100.128.0.0", "172.15.0.1": "172.15.0.1", "01.02.03.04": "1.2.3.4", "１.２.３.４": "1.2.3.4",
    "::ffff:1.2.3.4": "1.2.3.4", "2408:8000:1:2::5": "2408:8000:1:2::/64",
    "2408:8000:1:2:3:4:5:6": "2408:8000:1:2::/64", "2408:8000:0001:0002:9::7": "2408:8000:1:2::/64",
    "[2408:8000:1:2::5]:443": "2408:8000:1:2::/64",
    "[2408:8000:1:2:3:4:5:6]:443": "2408:8000:1:2::/64",
}  # fmt: skip
INNER = {
    "10.0.0.1, 192.168.0.1": "10.0.0.1", "100.64.0.0": "100.64.0.0", "100.127.255.255": "100.127.255.255",
    "172.31.255.255": "172.31.255.255", "::FFFF:10.0.0.1": "10.0.0.1", "fe80::1%eth0": "fe80:0:0:0::/64",
}  # fmt: skip
NO_ADDRESSES = ("000.00.00.000", "0.0.0.0", "X.Y.Z", "256.1.1.1", "1.2.3", "1.2.3.4.5", "1..2.3", "2408::1::2",
                "2408:8000:1:2:3:4:5:6:7", "g::1", "未知")  # fmt: skip


def test_addresses() -> None:
    expected = [(value, True) for value in PUBLIC.values()] + [(value, False) for value in INNER.values()]
    texts = clean(pl.Series([*PUBLIC, *INNER, *NO_ADDRESSES]))
    assert address.read(texts).rows() == expected + [(None, None)] * len(NO_ADDRESSES)


@settings(deadline=None)
@given(st.lists(st.ip_addresses(v=4), min_size=1, max_size=20))
def test_ipv4_agrees_with_the_standard_library(addresses: list[ipaddress.IPv4Address]) -> None:
    for real, (value, public) in zip(addresses, address.read(pl.Series(map(str, addresses))).rows(), strict=True):
        if int(real) >> 24 == 0:  # 0.x.x.x names no host: some platforms write it for "none"
            assert value is None
        elif not any(real in ipaddress.ip_network(net) for net in DOCUMENTED):
            assert (value, public) == (str(real), real.is_global and not real.is_multicast)


# never seen in a log; the auditor does not look for them
DOCUMENTED = ("192.0.0.0/24", "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "192.88.99.0/24", "192.31.196.0/24",
              "192.52.193.0/24", "192.175.48.0/24")  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.ip_addresses(v=6), min_size=1, max_size=20), st.booleans())
def test_ipv6_networks_agree_with_the_standard_library(addresses: list[ipaddress.IPv6Address], whole: bool) -> None:
    texts = [real.exploded if whole else real.compressed for real in addresses]
    for real, (value, public) in zip(addresses, address.read(pl.Series(texts)).rows(), strict=True):
        if real.ipv4_mapped:
            continue
        network = ipaddress.ip_network((int(real) >> 64 << 64, 64))
        assert value is not None and ipaddress.ip_network(value) == network
        assert public == (int(real) >> 125 == 1)  # 2000::/3 is all that is handed out


@pytest.mark.parametrize(
    "header",
    [
        "*身份证号",
        "身份证号*",
        " 身份证号 ",
        "身 份 证 号",
        "身份证号（必填）",
        "身份证号\n",
        "【学员】身份证号",
        "身份证号：",
    ],
)
def test_headers_are_compared_without_their_wrappings(header: str) -> None:
    assert normal(header) == "身份证号"
    assert normal("ＩＰ地址") == normal("IP 地址") == "ip地址"


def test_the_unit_in_a_header() -> None:
    remarks = {
        "（分钟）": 60,
        "(秒)": 1,
        "【小时】": 3600,
        "（单位：分钟）": 60,
        "(min)": 60,
        "": None,
        "（有效）": None,
    }
    assert {remark: unit_of(f"学习时长{remark}") for remark in remarks} == remarks


# --- CSV files -----------------------------------------------------------------------------------------------------


def test_rows_are_numbered_as_excel_shows_them(tmp_path: Path) -> None:
    multi, total = [ANNA, "张\n三", *ROW[2:]], ["合计", "3", "", ""]
    rows: list[list[str]] = [["某平台\n学习记录"], [], HEADER, ROW, [], multi, ROW, HEADER, [""] * 4, total, ROW]
    loaded = read(tmp_path, lines(*rows))
    assert loaded.places == [4, 6, 7, 11]
    assert loaded.intake.sources[0].header_row == 3
    assert loaded.rows()[1]["name"] == "张 三"
    assert {reason: loaded.aside(reason) for reason in loaded.intake.sources[0].aside} == {
        "above": [1, 2], "header": [3], "blank": [5, 9], "repeated": [8], "foot": [10],
    }  # fmt: skip


def test_ragged_rows_are_set_aside_with_their_row(tmp_path: Path) -> None:
    ragged = [ROW[:3], [*ROW, "", ""], [*ROW, "x"], [BODO, "李\n四"]]
    loaded = read(tmp_path, lines(HEADER, ROW, *ragged, ROW))
    assert loaded.places == [2, 4, 7]  # trailing empty cells too many are none
    assert loaded.aside("torn") == [3, 5, 6]
    torn = loaded.intake.asides.filter(reason="torn").sort("source_row")
    assert torn["id_text"].to_list() == [ANNA, ANNA, BODO]


@pytest.mark.parametrize("times_over", [1, 4000])
def test_a_torn_row_names_everybody_in_it(tmp_path: Path, times_over: int) -> None:
    """An opened quote swallows the rows behind it."""
    opened = f'{ANNA},张三,"2021\n' + f"{BODO},李四,2021-02-03 10:00:00,2021-02-03 10:00:00\n" * times_over
    torn = read(tmp_path, lines(HEADER, *[ROW] * 50) + opened).intake.asides.filter(reason="torn")
    assert set(torn["id_text"]) == {ANNA, BODO}


@pytest.mark.parametrize(
    "foot",
    ["合计,3", "备注：以上数据由平台导出", "第 1 页 共 2 页", "导出时间：2021-03-01", "制表人：王五,2021-03-01", ","],
)
def test_a_short_foot_is_no_torn_row(tmp_path: Path, foot: str) -> None:
    loaded = read(tmp_path, lines(HEADER, ROW) + foot + "\n" + lines(ROW))
    assert (loaded.places, loaded.aside("foot"), loaded.aside("torn")) == (*([2, 4], [3] if foot != "," else [], []),)


@pytest.mark.parametrize("form", [lambda rows: lines(*rows), lambda rows: book(明细=rows)], ids=["csv", "xlsx"])
def test_what_stands_on_every_page_is_no_data(tmp_path: Path, form: Callable[[list[list[str]]], Any]) -> None:
    pages = [[text, "", "", ""] for text in ("某平台学习记录", "第 2 页 共 3 页", "　", "张三")]
    loaded = read(tmp_path, form([HEADER, ROW, *pages, ROW]))
    assert loaded.places == [2, 6, 7]  # a name alone may be somebody's
    assert (loaded.aside("foot"), loaded.aside("blank")) == ([3, 4], [5])


def test_a_firm_named_like_a_remark_is_no_remark(tmp_path: Path) -> None:
    claims = lines(["单位名称", "姓名", "身份证号", "申请金额"], ["打印技术有限公司", "张三", "3205****", "300"])
    assert len(read(tmp_path, claims).rows("claims")) == 1


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("gb18030"),
        lambda text: text.encode("utf-16"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.replace("\r\n", "\n").encode(),
        lambda text: text.replace("\r\n", "\r").encode(),
        lambda text: text.rstrip().encode(),
    ],
    ids=["utf-8", "bom", "gb18030", "utf-16", "le", "be", "lf", "cr", "no last line end"],
)
def test_encodings_and_line_ends(tmp_path: Path, encode: Callable[[str], bytes]) -> None:
    loaded = read(tmp_path, encode(lines(HEADER, ROW, [BODO, "𠮷䶮", *ROW[2:]])))
    assert [row["name"] for row in loaded.rows()] == ["张三", "𠮷䶮"]
    assert loaded.places == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_an_encoding_that_shows_only_behind_the_first_megabyte(tmp_path: Path, encoding: str) -> None:
    plain = lines([ANNA, "zhang", *ROW[2:]]) * 15_000
    loaded = read(tmp_path, (lines(["idnumber", "name", "start", "end"]) + plain + lines(ROW)).encode(encoding))
    assert loaded.rows()[-1]["name"] == "张三"
    assert loaded.places == list(range(2, 15_003))


WIDE = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE, "utf-8": codecs.BOM_UTF8, "gb18030": b""}


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize("encoding", WIDE)
def test_rows_of_every_dialect_keep_their_number(tmp_path: Path, encoding: str, delimiter: str, marked: bool) -> None:
    """Cells of several lines above and below the header, torn rows, and the other delimiters in every cell."""
    other = "".join(sign for sign in DELIMITERS if sign != delimiter)
    multi, long = [ANNA, "一\n二", *ROW[2:]], [*ROW, ""]
    rows = [
        ["开一\n言"],
        HEADER,
        ROW,
        ROW[:3],
        multi,
        [ANNA, f"甲{other}{delimiter}", *ROW[2:]],
        long,
        ["合计", "3"],
        ROW,
    ]
    content = lines(*rows, delimiter=delimiter).encode(encoding)
    loaded = read(tmp_path, WIDE[encoding] * marked + content)
    assert loaded.places == [3, 5, 6, 7, 9]
    names = [row["name"] for row in loaded.rows()]
    assert names == ["张三", "一 二", f"甲{other}{delimiter}".replace("\t", " ").strip(), "张三", "张三"]
    assert (loaded.aside("torn"), loaded.aside("foot")) == ([4], [8])
    assert loaded.intake.asides.filter(source_row=4)["id_text"].to_list() == [ANNA]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_characters_with_a_nul_of_their_own_do_not_turn_the_order_of_bytes(tmp_path: Path, encoding: str) -> None:
    loaded = read(tmp_path, lines(HEADER, *[[ANNA, "一开言需最退一开", *ROW[2:]]] * 20).encode(encoding))
    assert {row["name"] for row in loaded.rows()} == {"一开言需最退一开"}


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_a_header_outweighs_what_stands_in_every_row(tmp_path: Path, delimiter: str) -> None:
    for number, other in enumerate(sign for sign in DELIMITERS if sign != delimiter):
        (folder := tmp_path / str(number)).mkdir()
        row = [ANNA, other.join("甲乙丙丁戊己"), *ROW[2:]]
        loaded = read(folder, lines(HEADER, *[row] * 20, *[row[:3]] * 10, delimiter=delimiter))
        assert (len(loaded.places), len(loaded.aside("torn"))) == (20, 10)
        assert loaded.intake.sources[0].unrecognised == []


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("品名\n螺丝\n", ","),
        ("甲,乙;丙\n丁,戊;己\n", ","),
        ("甲;乙,丙\n丁;戊\n", ";"),
        ("姓名|电话,手机\n甲|1\n", "|"),
        ("说明,一\n甲\t乙\n丙\t丁\n", "\t"),
    ],
)
def test_of_equal_evidence_the_comma(tmp_path: Path, text: str, delimiter: str) -> None:
    (path := tmp_path / "a.tsv").write_bytes(text.encode())
    assert dialect.read(path, "a").delimiter == delimiter


def test_texts_of_a_folder(tmp_path: Path) -> None:
    """What calls itself a text is read where it is a table, and else only listed."""
    others = {
        "空.txt": b"", "图.txt": bytes(range(256)), "信.txt": "您好！\n附件已发，请查收。\n".encode("utf-16"),
        "日志.txt": b"2021-02-03 10:00:00 done\n", "乱.txt": b"caf\xe9\n\xff\xff\n",
    }  # fmt: skip
    for name, content in others.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "一.TXT").write_bytes(lines(HEADER, ROW, delimiter="\t").encode("utf-16"))
    (tmp_path / "二.tsv").write_bytes(lines(HEADER, ROW, delimiter="\t").encode())
    (tmp_path / "三.txt").write_bytes(lines(["姓名", "电话"], ["张三", "1"], delimiter="\t").encode())
    (tmp_path / "work").mkdir()
    found = load([tmp_path], tmp_path / "work", set(), lambda _: None)
    assert {source.file: (source.table, source.unread) for source in found.sources} == {
        "一.TXT": ("sessions", False), "二.tsv": ("sessions", False), "三.txt": (None, True),
    }  # fmt: skip
    assert sorted(found.passed_over) == sorted(others)
    assert set(found.hashes) == {"一.TXT", "二.tsv", "三.txt"}


def test_a_text_of_people_that_cannot_be_read_ends_the_audit(tmp_path: Path) -> None:
    (tmp_path / "乱.txt").write_bytes(f"{ANNA},".encode() + b"\xff\xff\n")
    with pytest.raises(Fault, match=r"乱\.txt：编码"):
        load([tmp_path], tmp_path, set(), lambda _: None)


def test_papers_of_an_earlier_audit_are_no_input(tmp_path: Path) -> None:
    (tmp_path / ".audit-killed").mkdir()
    for name in ("people.csv", "学习记录.csv", ".audit-killed/学习记录.csv"):
        (tmp_path / name).write_text(lines(HEADER, ROW))
    (tmp_path / "manifest.json").write_text('{"outputs": {"people.csv": ""}}')
    found = load([tmp_path], tmp_path, set(), lambda _: None)
    assert [source.file for source in found.sources] == ["学习记录.csv"]
    assert found.passed_over == ["manifest.json", "people.csv"]


# --- workbooks -----------------------------------------------------------------------------------------------------

DATED = ["身份证号", "学习日期", "开始时间", "结束时间"]
TYPED = ["身份证号", "学习日期", "开始时间", "结束时间", "学习时长（分钟）"]


def test_typed_cells(tmp_path: Path) -> None:
    start, midnight = dt.datetime(2021, 2, 3, 23, 30, 5), dt.datetime(2021, 2, 4)
    loaded = read(
        tmp_path,
        book(
            明细=[
                TYPED,
                [ANNA, dt.date(2021, 2, 3), start, midnight, 29],
                [ANNA, start, start, start, dt.timedelta(hours=1, minutes=2)],
                [int(ANNA), None, 44230.5, "2021/2/3 13:00", "30分钟"],
                [True, 44230, "不详", None, None],
            ]
        ),
    )
    first, second, third, fourth = loaded.rows()
    seconds = int((start - EPOCH).total_seconds())
    assert first["day"] == second["day"] == fourth["day"] == 20210203
    assert (first["start_at"], first["end_at"] - first["start_at"], first["duration"]) == (seconds, 1795, 1740)
    assert second["duration"] == 3720
    assert third["id_number"].startswith("\x00damaged")
    assert third["end_at"] - third["start_at"] == 3600
    troubled = loaded.troubles.filter(kind="unreadable").select("source_row", "field", "shown").rows()
    assert troubled == [(5, "start_at", "不详")]


def test_a_length_cell_and_a_clock_cell_say_what_excel_shows(tmp_path: Path) -> None:
    cells = [ANNA, dt.date(2021, 2, 3), dt.time(9, 0), dt.time(10, 30)]
    (row,) = read(tmp_path, book(明细=[DATED, cells])).rows()
    assert (row["start_at"] % 86400, row["end_at"] - row["start_at"]) == (9 * 3600, 5400)


def test_every_sheet_is_read_wherever_it_starts_and_hidden_or_not(tmp_path: Path) -> None:
    def write(path: Path) -> None:
        with xlsxwriter.Workbook(path) as workbook:
            for name in ("可见", "隐藏", "说明", "空"):
                sheet = workbook.add_worksheet(name)
                if name in ("可见", "隐藏"):
                    for at, row in enumerate([HEADER, ROW], 4 if name == "隐藏" else 0):
                        sheet.write_row(at, 2 if name == "隐藏" else 0, row)
                if name == "说明":
                    sheet.write("B2", "本表由平台导出")
                if name == "隐藏":
                    sheet.hide()

    loaded = read(tmp_path, write)
    assert [(source.sheet, source.table, source.rows) for source in loaded.intake.sources] == [
        ("可见", "sessions", 2), ("隐藏", "sessions", 6), ("说明", None, 2),
    ]  # fmt: skip
    assert [row["source_row"] for row in loaded.rows()] == [2, 6]
    assert loaded.rows()[0] | {"source_row": 6} == loaded.rows()[1]


def test_a_header_that_comes_again_is_not_the_header(tmp_path: Path) -> None:
    """The word 申请 stands in the rows above it, as in a title."""
    header = ["身份证号", "姓名", "申请金额", "补贴申请日期"]
    row = [ANNA, "张三", "300", "2021-04-08"]
    loaded = read(tmp_path, book(名单=[header, row, row, header, row]))
    assert [found["source_row"] for found in loaded.rows("claims")] == [2, 3, 5]


def test_a_sheet_of_one_row_counts(tmp_path: Path) -> None:
    loaded = read(tmp_path, book(封面=[["导出说明"]], 明细=[HEADER, ROW]))
    assert [(source.sheet, source.rows) for source in loaded.intake.sources] == [("封面", 1), ("明细", 2)]


# --- columns -------------------------------------------------------------------------------------------------------


def test_two_columns_of_one_field_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        read(tmp_path, book(明细=[["说明"], ["身份证号", "证件号码", *HEADER[1:]], [ANNA, BODO, *ROW[1:]]]))
    assert caught.value.code == Exit.UNAUDITABLE
    for word in ("1.xlsx", "“明细”", "第 2 行", "“身份证号”", "“证件号码”"):
        assert word in str(caught.value)


def test_a_header_without_rows_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"1\.csv：.*没有数据行"):
        read(tmp_path, lines(HEADER))


def test_sessions_that_carry_only_an_account(tmp_path: Path) -> None:
    (row,) = read(tmp_path, lines(["学员账号", "开始时间", "结束时间"], ["tc01", *ROW[2:]])).rows()
    assert (row["account"], row["end_at"] - row["start_at"]) == ("tc01", 3600)


def test_a_clock_beside_a_day_of_its_own(tmp_path: Path) -> None:
    rows = [ANNA, "2021/2/3", "9:05", "下午 2:05:30"], [ANNA, "2021-02-30", "9:00", "10:00"]
    loaded = read(tmp_path, lines(DATED, *rows))
    first, second = loaded.rows()
    assert (first["start_day"], first["start_at"] % 86400) == (20210203, 9 * 3600 + 300)
    assert first["end_at"] - first["start_at"] == 5 * 3600 + 30
    assert "start_at" not in second  # its day does not exist
    assert set(loaded.troubles.filter(source_row=3)["field"]) == {"day", "start_at", "end_at"}


@pytest.mark.parametrize(("figure", "unit"), [("3600", "秒"), ("60", "分钟"), ("1", "小时")])
def test_start_and_end_decide_the_unit_of_a_length(tmp_path: Path, figure: str, unit: str) -> None:
    loaded = read(tmp_path, lines([*HEADER, "学习时长"], [*ROW, figure], [*ROW, ""], [*ROW, "不详"]))
    assert [row.get("duration") for row in loaded.rows()] == [3600, None, None]
    assert f"核对为{unit}" in loaded.notes[0]


def test_a_unit_that_nothing_decides_leaves_the_column_out(tmp_path: Path) -> None:
    loaded = read(tmp_path, lines([*HEADER, "学习时长"], [*ROW, "17"]))
    assert "duration" not in loaded.rows()[0]
    assert "sessions.duration" not in loaded.intake.recorded
    assert "“学习时长”" in loaded.notes[0]
    assert "未读取" in loaded.notes[0]


def test_a_missing_end_is_start_and_length(tmp_path: Path) -> None:
    loaded = read(tmp_path, lines([*HEADER[:3], "学习时长（分钟）"], [*ROW[:3], "30"], [*ROW[:3], ""]))
    first, second = loaded.rows()
    assert first["end_at"] - first["start_at"] == 1800
    assert "end_at" not in second
    assert "推算" in loaded.notes[0]
