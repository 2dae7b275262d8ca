"""Times, days and lengths against a slow plain-Python reading, and what a whole column proves of its order."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from harness import checked, examples
from hypothesis import given, settings
from hypothesis import strategies as st
from test_intake import EPOCH, HEADER, ROW, Loaded, book, lines

from auditor import cli
from auditor.fault import Exit, Fault
from auditor.intake import csv_file, order, times
from auditor.intake.load import load
from auditor.intake.recognise import recognise
from auditor.intake.sheet import Aside, Sheet, TextBatch
from auditor.intake.text import NUMBER, clean

ANNA = checked("32058519900307912")
WHEN = dt.datetime(2021, 2, 3, 10, 5)


def seconds(texts: list[str], way: str | None = None) -> list[int | None]:
    return times.seconds(clean(pl.Series(texts)), order=way).to_list()


def moment(text: str, way: str | None = None) -> dt.datetime | None:
    (second,) = seconds([text], way)
    return None if second is None else EPOCH + dt.timedelta(seconds=second)


# --- figures only --------------------------------------------------------------------------------------------------

PLAIN = {"dmy": ("%d{0}%m{0}%Y", "%d{0}%m{0}%y"), "mdy": ("%m{0}%d{0}%Y", "%m{0}%d{0}%y"), "ymd": ("%y{0}%m{0}%d",)}
CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
SIGNS = ("/", "-", ".")


def slowly(text: str, way: str) -> int | None:
    """The standard library's reading; a year first where it has four figures."""
    forms = (*PLAIN[way], "%Y{0}%m{0}%d")
    for date, sign, comma, clock in itertools.product(forms, SIGNS, ("", ","), CLOCKS):
        if len(text.split(sign)[-1].split(",")[0].split()[0]) == 4 and "%y" in date:
            continue
        try:
            return int((dt.datetime.strptime(text, f"{date.format(sign)}{comma} {clock}") - EPOCH).total_seconds())
        except ValueError:
            continue
    return None


@st.composite
def figures(draw: st.DrawFn) -> str:
    """Three figures of any width that a date may have, possible or not, and a clock."""
    width = draw(st.sampled_from(["{}", "{:02}"]))
    first, second = draw(st.integers(0, 33)), draw(st.integers(0, 33))
    short = st.integers(0, 99).filter(lambda year: year != 69)  # 1969 to one library, 2069 to another
    third = draw(st.one_of(st.integers(1991, 2099).map(str), short.map("{:02}".format)))
    sign, comma = draw(st.sampled_from(SIGNS)), draw(st.sampled_from(["", ","]))
    clock = draw(st.times()).replace(microsecond=0)
    date = sign.join([width.format(first), width.format(second), third])
    return f"{date}{comma} {clock.strftime(draw(st.sampled_from(CLOCKS)))}"


@settings(deadline=None, max_examples=examples(50))
@given(st.lists(figures(), min_size=1, max_size=15), st.sampled_from(order.ORDERS))
def test_figures_are_read_as_the_standard_library_reads_them(texts: list[str], way: str) -> None:
    assert dict(zip(texts, seconds(texts, way), strict=True)) == {text: slowly(text, way) for text in texts}


@pytest.mark.parametrize(
    ("text", "way", "expected"),
    [
        ("7/09/26, 21:40:58", "dmy", "2026-09-07 21:40:58"),  # Moodle
        ("06/10/2026 09:00:00 AM", "mdy", "2026-06-10 09:00:00"),  # Zoom
        ("06/10/2026 12:00:00 AM", "mdy", "2026-06-10 00:00:00"),
        ("3.2.2021 24:00", "dmy", "2021-02-04 00:00:00"),
        ("Wed, 3/2/2021 1:05 PM", "dmy", "2021-02-03 13:05:00"),
        ("3/2/2021 下午 1:05", "dmy", "2021-02-03 13:05:00"),
        ("３/２/２０２１ １３:０５", "dmy", "2021-02-03 13:05:00"),
        ("21/2/3 10:05", "ymd", "2021-02-03 10:05:00"),
        ("31/12/70 10:05", "dmy", "1970-12-31 10:05:00"),
        ("31/12/69 10:05", "dmy", "2069-12-31 10:05:00"),
        ("21/2/3 10:05", "dmy", None),  # no year has one figure
        ("2021/2/3 10:05", "dmy", "2021-02-03 10:05:00"),
        ("29/02/18 10:05", "dmy", None),
        ("3/2/2021 10:05", None, None),
        ("1.2.3.4", "dmy", None),
        ("3/2/2021", "dmy", None),  # a date alone is no time
    ],
)
def test_a_time_in_figures(text: str, way: str | None, expected: str | None) -> None:
    assert str(moment(text, way)) == str(expected)


def test_a_clock_of_24_hours_with_a_half_beside_it() -> None:
    """Polish and Brazilian Moodle write `%H:%M %p`, and Zoom has been seen to: the hour says which half is meant. A
    forenoon of more than twelve hours contradicts itself."""
    assert moment("2021-02-03 14:00:00 PM") == dt.datetime(2021, 2, 3, 14)
    assert moment("2021-02-03 00:05 AM") == dt.datetime(2021, 2, 3, 0, 5)
    assert moment("2021-02-03 14:00:00 AM") is None


# --- names of months -----------------------------------------------------------------------------------------------

# one line a language: months in full (as beside a day), then short; what stands between day, month, year and clock
LANGUAGES = {
    "en": ("January February March April May June July August September October November December",
           "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
           ("{d} {m} {y}, {c12}", "{m} {d}, {y}, {c12}", "Wednesday, {d} {m} {y}, {c12}", "Wed, {d} {m} {y}, {c12}",
            "{m} {d}, {y} {c12}", "{d} {m} {y}, {c}")),
    "de": ("Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
           "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
           ("{d}. {m} {y}, {c}", "Mittwoch, {d}. {m} {y}, {c}", "Mi, {d}. {m} {y}, {c}")),
    "fr": ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
           "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
           ("{d} {m} {y}, {c}", "mercredi {d} {m} {y}, {c}", "mer. {d} {m} {y}, {c}", "{d} {m} {y:.2}, {c}")),
    "es": ("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
           "ene feb mar abr may jun jul ago sept oct nov dic",
           ("{d} de {m} de {y}, {c}", "miércoles, {d} de {m} de {y}, {c}", "mié, {d} de {m} de {y}, {c}")),
    "pt": ("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
           "jan. fev. mar. abr. mai. jun. jul. ago. set. out. nov. dez.",
           ("{d} {m} {y}, {c}", "quarta-feira, {d} {m} {y}, {c}", "qua, {d} {m} {y}, {c24half}",
            "{d} de {m} de {y}, {c}")),
    "pl": ("stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
           "sty lut mar kwi maj cze lip sie wrz paź lis gru",
           ("{d} {m} {y}, {c24half}", "środa, {d} {m} {y}, {c24half}", "śr., {d} {m} {y}, {c}")),
}  # fmt: skip
NAMED = [(lang, form) for lang, (_, _, forms) in LANGUAGES.items() for form in forms]


@settings(deadline=None, max_examples=examples(20))
@given(
    st.datetimes(dt.datetime(1991, 1, 2), dt.datetime(2068, 12, 30)).map(
        lambda when: when.replace(second=0, microsecond=0)
    )
)
def test_months_by_name(when: dt.datetime) -> None:
    """The date formats of Moodle's language packs (langconfig), month in full and short."""
    texts = []
    for lang, form in NAMED:
        for names in LANGUAGES[lang][:2]:
            year = f"{when.year % 100:02}" if ":.2" in form else str(when.year)
            half = "AM" if when.hour < 12 else "PM"
            texts.append(form.format(d=when.day, m=names.split()[when.month - 1], y=year, c=f"{when:%H:%M}",
                                     c12=f"{when:%I:%M} {half}", c24half=f"{when:%H:%M} {half}"))  # fmt: skip
    expected = int((when - EPOCH).total_seconds())
    assert dict(zip(texts, seconds(texts), strict=True)) == dict.fromkeys(texts, expected)


@pytest.mark.parametrize(
    "text",
    [
        "2021年2月3日 星期三 10:05", "2021年2月3日星期三10:05", "2021-02-03 10:05 上午",
        "2021-02-03 (周三) 10:05", "3rd Feb 2021 10:05", "3 fevrier 2021 10:05", "03-Feb-2021 10:05",
        "3 de febrero de 2021, 10:05 a. m.", "3. Februar 2021, 10:05 vormittags", "Feb 3, 2021 at 10:05 AM",
        "2021-02-03 10:05:00,999", "2021-02-03T02:05:00.000000+00:00", "2021-02-03T02:05Z", "2021-02-03 02:05 GMT",
        "2021-02-03T10:05:00+0800", "2021-02-02T22:05:00.5-04:00", "2021-02-03 10:05:00 UTC+08:00",
    ],
)  # fmt: skip
def test_one_moment_in_many_forms(text: str) -> None:
    assert moment(text) == WHEN


@pytest.mark.parametrize(
    "text",
    [
        "3 February, 10:05", "2月3日 10:05", "02-03 10:05", "03 Feb 10:05", "30 Feb 2021 10:05", "3 Foo 2021 10:05",
        "3 February 2021", "2021-02-03 10:05-11:00", "2021-02-03 10:05:00+25:00", "2021-02-03T10:05:00+08:75",
        "2021-02-03T10:05:60Z", "2021-02-03T25:05:00Z", "Smarch 3, 2021 10:05",
    ],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    """A time without a year, a date alone, a span of time, a zone that does not exist."""
    assert moment(text) is None


@settings(deadline=None, max_examples=examples(30))
@given(
    st.datetimes(dt.datetime(1991, 1, 2), dt.datetime(2099, 12, 30)), st.integers(-12 * 4, 14 * 4), st.integers(0, 6)
)
def test_logs_of_servers(when: dt.datetime, quarters: int, places: int) -> None:
    """As `datetime.fromisoformat` reads them, in China's time."""
    zone = dt.timezone(dt.timedelta(minutes=15 * quarters))
    stamp = when.replace(tzinfo=zone)
    text = stamp.strftime("%Y-%m-%dT%H:%M:%S") + ("." + f"{when.microsecond:06}"[:places] if places else "")
    texts = [text + stamp.isoformat()[-6:], text + stamp.strftime("%z")] + ([text + "Z"] if not quarters else [])
    local = stamp.replace(microsecond=0).astimezone(dt.timezone(dt.timedelta(hours=8))).replace(tzinfo=None)
    assert set(times.machine(pl.Series(texts))) == set(seconds(texts)) == {int((local - EPOCH).total_seconds())}


# --- which order ---------------------------------------------------------------------------------------------------


def loaded(folder: Path, content: str | Any, dates: str | None = None) -> Loaded:
    source, work = folder / "in", folder / "work"
    source.mkdir()
    work.mkdir()
    if callable(content):
        content(source / "a.xlsx")
    else:
        (source / "a.csv").write_text(content, encoding="utf-8")
    return Loaded(load([source], work, set(), lambda _: None, dates=dates))


def log(*spans: tuple[str, str]) -> str:
    return lines(HEADER, *[[ANNA, "张三", start, end] for start, end in spans])


def day(loaded: Loaded, row: int, field: str = "start_at") -> str:
    (second,) = (one.get(field) for one in loaded.rows() if one["source_row"] == row)
    return str(second and (EPOCH + dt.timedelta(seconds=second)).date())


def test_one_value_decides_for_its_column_and_is_named(tmp_path: Path) -> None:
    found = loaded(tmp_path, log(("3/02/2021 10:00", "13/02/2021 11:00"), ("25/02/2021 10:00", "3/02/2021 11:00")))
    assert (day(found, 2), day(found, 2, "end_at"), day(found, 3, "end_at")) == (
        "2021-02-03",
        "2021-02-13",
        "2021-02-03",
    )
    assert found.notes == [
        "“开始时间”的日期按日/月/年读取：第 3 行的 25/02/2021不容许别的顺序。",
        "“结束时间”的日期按日/月/年读取：第 2 行的 13/02/2021不容许别的顺序。",
    ]


def test_a_column_written_alike_decides_for_one_that_does_not(tmp_path: Path) -> None:
    found = loaded(tmp_path, log(("02/03/2021 10:00:00 AM", "02/25/2021 11:00:00 AM")))
    assert day(found, 2) == "2021-02-03"
    assert "同一张表中写法相同的列（结束时间）" in found.notes[0]


def test_one_written_otherwise_does_not(tmp_path: Path) -> None:
    with pytest.raises(Fault, match="“开始时间”"):
        loaded(tmp_path, log(("02-03-2021 10:00", "02/25/2021 11:00")))


def test_a_date_that_does_not_exist_decides_nothing_and_is_reported(tmp_path: Path) -> None:
    """29/02/18 could only be day first by its ranges; February 2018 had no such day."""
    found = loaded(tmp_path, log(("29/02/18 10:00", "28/02/18 11:00"), ("3/02/18 10:00", "3/02/18 11:00")))
    assert (day(found, 2), day(found, 3)) == ("None", "2018-02-03")
    assert found.troubles.select("source_row", "field", "shown").rows() == [(2, "start_at", "29/02/18 10:00")]


def test_what_every_order_reads_alike_needs_none(tmp_path: Path) -> None:
    found = loaded(tmp_path, log(("03/03/2021 10:00", "03/03/2021 11:00"), ("05/05/2021 10:00", "")))
    assert (day(found, 2), day(found, 3), found.notes) == ("2021-03-03", "2021-05-05", [])


def test_an_order_that_nothing_decides_is_refused_with_both_readings(tmp_path: Path) -> None:
    with pytest.raises(Fault) as caught:
        loaded(tmp_path, log(("05/05/2021 10:00", "05/05/2021 11:00"), ("03/02/2021 10:00", "03/02/2021 11:00")))
    assert caught.value.code == Exit.UNAUDITABLE
    for word in ("a.csv", "“开始时间”", "第 3 行", "03/02/2021", "2021-02-03（dmy）", "2021-03-02（mdy）", "--dates"):
        assert word in str(caught.value)


def test_the_place_of_a_short_year_is_not_guessed_either(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"2026-09-25（dmy）、2025-09-26（ymd）"):
        loaded(tmp_path, log(("25/09/26, 21:40", "25/09/26, 22:40")))


def test_a_day_of_one_figure_shows_that_no_year_stands_there(tmp_path: Path) -> None:
    found = loaded(tmp_path, log(("25/09/26, 21:40", "25/09/26, 22:40"), ("7/09/26, 21:40", "7/09/26, 22:40")))
    assert (day(found, 2), day(found, 3)) == ("2026-09-25", "2026-09-07")
    assert "第 2 行的 25/09/26、第 3 行的 7/09/26" in found.notes[0]


@pytest.mark.parametrize(("form", "way"), [("{:02}/02/21 10:00", "日/月/年"), ("21/02/{:02} 10:00", "年/月/日")])
def test_years_do_not_spread_over_a_generation(tmp_path: Path, form: str, way: str) -> None:
    found = loaded(tmp_path, log(*[(form.format(number),) * 2 for number in range(1, 29)]))
    assert [day(found, row) for row in (2, 29)] == ["2021-02-01", "2021-02-28"]
    assert way in found.notes[0] and "十五年" in found.notes[0]


CONTRARY = (("25/02/2021 10:00", "25/02/2021 11:00"), ("02/26/2021 10:00", "26/02/2021 11:00"))


def test_a_column_that_contradicts_itself_is_refused_with_both_rows(tmp_path: Path) -> None:
    with pytest.raises(Fault, match=r"a\.csv：“开始时间”.*第 2 行的 25/02/2021 和第 3 行的 02/26/2021"):
        loaded(tmp_path, log(*CONTRARY))


def test_the_auditor_may_say_the_order(tmp_path: Path) -> None:
    found = loaded(tmp_path, log(*CONTRARY), dates="dmy")
    assert [day(found, row) for row in (2, 3)] == ["2021-02-25", "None"]
    assert found.troubles.select("source_row", "shown").rows() == [(3, "02/26/2021 10:00")]
    assert "--dates" in found.notes[0]


def test_the_auditor_does_not_overrule_the_data(tmp_path: Path) -> None:
    found = loaded(tmp_path, log(("25/02/2021 10:00", "25/02/2021 11:00")), dates="mdy")
    assert day(found, 2) == "2021-02-25"
    (other := tmp_path / "other").mkdir()
    with pytest.raises(Fault, match="2026-09-25（dmy）、2025-09-26（ymd）"):  # neither of which he said
        loaded(other, log(("25/09/26, 21:40", "25/09/26, 22:40")), dates="mdy")


def test_proof_far_below_the_first_batch_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "_BLOCK", 1 << 14)
    span = ("03/02/2021 10:00", "03/02/2021 11:00")
    content = log(*[span] * 3_000, ("13/02/2021 10:00", "13/02/2021 11:00"))
    assert len(content.encode()) > 10 * csv_file._BLOCK
    found = loaded(tmp_path, content)
    assert day(found, 2) == "2021-02-03" and "第 3002 行的 13/02/2021" in found.notes[0]


def test_days_and_moments_have_an_order_too(tmp_path: Path) -> None:
    sheet = book(
        名单=[
            ["身份证号", "姓名", "申请金额", "申请日期"],
            [ANNA, "张三", "300", "3/2/2021"],
            [ANNA, "张三", "300", "13/2/2021"],
        ]
    )
    found = loaded(tmp_path, sheet)
    assert [row["claimed_on"] for row in found.rows("claims")] == [20210203, 20210213]
    assert "第 3 行的 13/2/2021" in found.notes[0]


def test_a_spreadsheet_that_understood_half_of_a_column_is_said(tmp_path: Path) -> None:
    """It takes 03/02 for the 2nd of March and leaves 25/02 a text."""
    turned = [dt.datetime(2021, 3, 2, hour) for hour in (10, 11)]
    rows = [[ANNA, "张三", *turned], [ANNA, "张三", "25/02/2021 10:00", "25/02/2021 11:00"]]
    found = loaded(tmp_path, book(明细=[HEADER, *rows]))
    assert (day(found, 2), day(found, 3)) == ("2021-03-02", "2021-02-25")
    assert ["对调" in note for note in found.notes] == [True, False, True, False]


def test_a_clock_with_dots_beside_a_day_is_no_date(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, lines(["身份证号", "学习日期", "开始时间", "结束时间"], [ANNA, "2021-02-03", "9.05.30", "10:00"])
    )
    assert set(found.troubles["field"]) == {"start_at"}


def fits(text: str, way: str) -> dt.date | tuple[int, ...] | None:
    """The ranges, in plain words."""
    parts = re.split("[-/.]", text)
    place = dict(zip(way, parts, strict=True))
    year, month, day = place["y"], int(place["m"]), int(place["d"])
    if len(year) not in (2, 4) or (way == "ymd" and len(parts[2]) == 4) or month not in range(1, 13):
        return None
    return (int(year), month, day) if day in range(1, 32) else None


@settings(deadline=None, max_examples=examples(50))
@given(st.lists(figures(), min_size=1, max_size=8))
def test_the_decision_is_the_one_of_plain_python(texts: list[str]) -> None:
    rows = [[ANNA, "张三", text, text] for text in texts]

    def read(header: int, width: int, asides: list[Aside]) -> Iterator[TextBatch]:
        for number, row in enumerate(rows, 2):
            yield TextBatch(pl.DataFrame({str(n): [cell] for n, cell in enumerate(row)}), pl.Series([number]))

    sheet = Sheet("a.csv", "", [HEADER, *rows], read)
    (found,) = recognise(sheet)
    dates = [re.split("[ ,]", text)[0] for text in texts]
    possible = [date for date in dates if any(fits(date, way) for way in order.ORDERS)]
    left = {way for way in order.ORDERS if all(fits(date, way) for date in possible)}
    alike = all(len({fits(date, way) for way in left}) == 1 for date in possible)
    first = TextBatch(pl.DataFrame({str(n): [row[n] for row in rows] for n in range(4)}), pl.Series(range(len(rows))))
    try:
        decided = order.decide(found, first, sheet, lambda: sheet.open(0, 4, []), None)[0]
    except Fault as fault:
        assert possible and (len(left) > 1 or not left) and not (left and alike)
        assert ("不一致" in str(fault)) == (not left)
    else:
        assert set(decided.values()) <= left and (len(left) == 1 or alike or not possible)
        assert bool(decided) == bool(possible)


def test_the_option_stands_in_the_report_and_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(log(("03/02/2021 10:00", "03/02/2021 11:00")), encoding="utf-8")
    command = ["audit", str(tmp_path / "a.csv"), "--policy", "taicang-2021", "--out", str(tmp_path / "out")]
    assert cli.main(command) == Exit.UNAUDITABLE
    assert cli.main([*command, "--dates", "dmy"]) == Exit.CLEAN
    assert '"dates": "dmy"' in (tmp_path / "out" / "report.json").read_text(encoding="utf-8")
    assert '"dates": "dmy"' in (tmp_path / "out" / "manifest.json").read_text(encoding="utf-8")
    assert "dates = dmy" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_column_of_two_minds_about_time_zones_is_said(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, log(("2021-02-03T02:00:00Z", "2021-02-03T03:00:00Z"), ("2021-02-03 10:00", "2021-02-03T03:00:00Z"))
    )
    assert found.rows()[0]["start_at"] == found.rows()[1]["start_at"]
    assert ["时区" in note and "“开始时间”" in note for note in found.notes] == [True]


# --- lengths -------------------------------------------------------------------------------------------------------


def length(text: str, unit: int | None = None, colon: int | None = None) -> int | None:
    read: int | None = times.durations(clean(pl.Series([text])), unit, colon)[0]
    return read


@settings(deadline=None, max_examples=examples(30))
@given(st.integers(0, 400), st.integers(0, 59), st.integers(0, 59), st.integers(0, 99))
def test_lengths_in_every_form(hours: int, minutes: int, seconds: int, hundredths: int) -> None:
    total = hours * 3600 + minutes * 60 + seconds
    decimal = Fraction(hours * 100 + hundredths, 100)
    forms = {
        f"{hours}小时{minutes}分{seconds}秒": total, f"{hours}小时{minutes}分钟": total - seconds,
        f"{hours} hours {minutes} mins {seconds} secs": total, f"{hours}:{minutes:02}:{seconds:02}": total,
        f"{hours:04}:{minutes:02}:{seconds:02}.{hundredths:02}": total,  # SCORM 1.2
        f"PT{hours}H{minutes}M{seconds}S": total, f"PT{hours}H{minutes}M{seconds}.{hundredths:02}S": total,
        f"P{hours}DT{minutes}H": hours * 86_400 + minutes * 3600,
        f"P0Y0M{hours}DT{minutes}M": hours * 86_400 + minutes * 60,
        f"{hours}.{hundredths:02}小时": round(decimal * 3600), f"{hours}.{hundredths:02}分钟": round(decimal * 60),
    }  # fmt: skip
    assert {text: length(text) for text in forms} == forms
    assert length(f"{hours}:{minutes:02}", colon=60) == hours * 60 + minutes
    assert length(f"{hours}:{minutes:02}", colon=3600) == hours * 3600 + minutes * 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1小时20分", 4800), ("80分钟", 4800), ("1.5小时", 5400), ("123.4分钟", 7404), ("01:20:00", 4800),
        ("PT1H5M2S", 3902), ("PT45M12.5S", 2712), ("P1DT2H", 93600), ("0001:05:02.50", 3902), ("1个小时", 3600),
        ("90:30", None), ("width: 83%;", None), ("--", None), ("-", None), ("P1Y", None), ("P", None), ("PT", None),
        ("1:5", None), ("1e3分钟", None),
    ],
)  # fmt: skip
def test_a_length(text: str, expected: int | None) -> None:
    assert length(text) == expected


def timed(folder: Path, *cells: Any, header: str = "学习时长") -> Loaded:
    """Sittings of an hour, and what the platform says of their length."""
    return loaded(folder, book(明细=[[*HEADER, header], *[[*ROW, cell] for cell in cells]]))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("60:00", "59:59"), "分:秒"), (("1:00", "1:00"), "时:分"), (("60.0", "59.9"), "核对为分钟"),
        (("1", "1.0"), "核对为小时"), ((1 / 24, 0.0416667), "核对为天"), (("3600", "3599"), "核对为秒"),
    ],
)  # fmt: skip
def test_start_and_end_tell_what_a_length_counts(tmp_path: Path, cells: tuple[Any, ...], said: str) -> None:
    found = timed(tmp_path, *cells)
    assert [abs(row["duration"] - 3600) <= 6 for row in found.rows()] == [True] * 2
    assert said in found.notes[0]


def test_an_hour_of_a_spreadsheet_is_no_twentieth_of_an_hour(tmp_path: Path) -> None:
    """A number is as exact as it is written: 0.04 hours are not an hour, give or take one."""
    assert "duration" not in timed(tmp_path, 0.25).rows()[0]


def test_half_a_day_counts_in_the_unit_of_its_header(tmp_path: Path) -> None:
    assert timed(tmp_path, 0.5, header="学习时长（小时）").rows()[0]["duration"] == 1800


def test_two_figures_that_nothing_explains_are_left_out_with_a_note(tmp_path: Path) -> None:
    found = timed(tmp_path, "17:30", "9:00")
    assert "sessions.duration" not in found.intake.recorded
    assert "90:30" in found.notes[0] and "没有读取" in found.notes[0]


def test_two_figures_among_others_are_reported_by_row(tmp_path: Path) -> None:
    found = timed(tmp_path, "17:30", "80分钟")
    assert [row.get("duration") for row in found.rows()] == [None, 4800]
    assert found.troubles.select("source_row", "field", "shown").rows() == [(2, "duration", "17:30")]


def test_a_serial_of_a_spreadsheet_is_rounded_to_the_second() -> None:
    assert moment(NUMBER + "44230.333333") == dt.datetime(2021, 2, 3, 8)
    assert moment(NUMBER + "25569.5") == dt.datetime(1970, 1, 1, 12)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("3年", 3), ("3 年", 3), ("三年", 3), ("两年", 2), ("10年", 10), ("不少于三年", 3), ("保存5年以上", 5),
        ("3周年", 3), ("3 years", 3), ("永久", 21001231), ("长期保存", 21001231), ("2024-02-28", 20240228),
        ("2024年2月28日", 20240228), ("3", None), ("2024年", None), ("3个月", None), ("十五年", None),
        ("24个月", 2), ("叁年", 3), ("满三年", 3), ("五年（含）", 5), ("0个月", None), ("18个月", None),
        ("30000年", None), ("1950-01-01", None), ("按规定", None),
    ],
)  # fmt: skip
def test_how_long_a_ledger_is_kept(text: str, until: int | None) -> None:
    """Years in words or a day; of a bare figure, months and years of the calendar nothing is assumed."""
    assert times.terms(clean(pl.Series([text]))).to_list() == [until]
