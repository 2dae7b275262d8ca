"""The study sessions in the four ways a platform exports them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from auditor.demo import network, words
from auditor.demo.people import People, second_account
from auditor.demo.plant import BY_ACCOUNT, BY_CELLS, BY_NUMBER, BY_NUMBER_LARGE
from auditor.demo.sink import CsvSink, Instead, Sink, XlsxSink
from auditor.demo.study import BAD_DATE, DAY, LOST_NUMBER, NO_END, WORDS, Course, Ints, Rows

SHEET_ROWS = 10_000
HEADERS = {
    BY_ACCOUNT: ("学员账号", "课程名称", "IP地址", "学习开始时间", "学习结束时间", "学习时长(分钟)"),
    BY_NUMBER: ("单位名称", "姓名", "身份证号", "课程名称", "培训IP", "开始时间", "结束时间", "本次学习时长"),
    BY_CELLS: ("证件号码", "学员姓名", "所属企业", "课件名称", "登录IP", "进入时间", "退出时间", "观看时长（分钟）"),
    BY_NUMBER_LARGE: ("身份证号", "IP地址", "课程名称", "学习开始时间", "学习结束时间", "学习时长(分钟)"),
}
# identity number, start, end and duration of each kind
_DAMAGEABLE = {
    BY_ACCOUNT: ("", "学习开始时间", "学习结束时间", "学习时长(分钟)"),
    BY_NUMBER: ("身份证号", "开始时间", "结束时间", "本次学习时长"),
    BY_CELLS: ("证件号码", "进入时间", "退出时间", "观看时长（分钟）"),
    BY_NUMBER_LARGE: ("身份证号", "学习开始时间", "学习结束时间", "学习时长(分钟)"),
}
_MARGIN = 200  # days before and after the period that a time can fall on


def lost_number(number: str) -> str:
    """What a spreadsheet makes of an identity number: 3.20522E+17."""
    return f"{int(number[:17]) * 10:.5E}"


class Exporter:
    """Turns rows (dtype ROW) into the texts and cells of each kind of export."""

    def __init__(self, people: People, lessons: list[str], course: Course, second: list[int]) -> None:
        accounts = people.account.tolist()
        self._number = pl.Series(people.number.tolist(), dtype=pl.String)
        self._name = pl.Series(people.name.tolist(), dtype=pl.String)
        self._account = pl.Series(accounts, dtype=pl.String)
        self._account2 = pl.Series(accounts, dtype=pl.String).scatter(
            second, [second_account(accounts[p]) for p in second]
        )
        self._employer = pl.Series(people.employers.tolist(), dtype=pl.String).gather(people.employer)
        self._lesson = pl.Series(lessons, dtype=pl.String)
        self._first = course.first_day - _MARGIN
        days = np.datetime64(0, "D") + np.arange(self._first, course.first_day + course.days + _MARGIN)
        self._dates = {wide: _dates(days, wide) for wide in (True, False)}
        self._clocks = {wide: _clocks(wide) for wide in (True, False)}
        year = str(days[_MARGIN])[:4]
        self._impossible = {True: f"{year}-02-31 19:00:00", False: f"{year}/2/31 19:00:00"}

    def frame(self, kind: int, rows: Rows) -> tuple[pl.DataFrame, Instead]:
        """Columns of one kind of export, and the damaged cells."""
        who, wide = rows["person"].astype(np.int64), kind != BY_NUMBER
        seconds = np.maximum(0, rows["end"] - rows["start"])
        course, address = self._lesson.gather(rows["lesson"].astype(np.int64)), network.texts(rows["addr"])
        if kind == BY_CELLS:
            start, end = (pl.Series(rows[edge] / DAY + 25_569.0) for edge in ("start", "end"))
        else:
            start, end = (self._time(rows[edge], wide) for edge in ("start", "end"))
        minutes = pl.Series(seconds // 60)
        if kind == BY_ACCOUNT:
            account = self._account.gather(who).zip_with(pl.Series(rows["second"] == 0), self._account2.gather(who))
            values: tuple[pl.Series, ...] = (account, course, address, start, end, minutes)
        elif kind == BY_NUMBER:
            spent = pl.Series([_clock(s, "") for s in range(int(seconds.max()) + 1)]).gather(seconds)
            whose = (self._employer.gather(who), self._name.gather(who), self._number.gather(who))
            values = (*whose, course, address, start, end, spent)
        elif kind == BY_CELLS:
            whose = (self._number.gather(who), self._name.gather(who), self._employer.gather(who))
            values = (*whose, course, address, start, end, minutes)
        else:
            values = (self._number.gather(who), address, course, start, end, minutes)
        return pl.DataFrame(dict(zip(HEADERS[kind], values, strict=True))), self._instead(kind, rows)

    def _time(self, seconds: Ints, wide: bool) -> pl.Series:
        date, clock = self._dates[wide].gather(seconds // DAY - self._first), self._clocks[wide].gather(seconds % DAY)
        return date + clock

    def _instead(self, kind: int, rows: Rows) -> Instead:
        number, start, end, spent = _DAMAGEABLE[kind]
        changes: dict[str, dict[int, str | float | None]] = {number: {}, start: {}, end: {}, spent: {}}
        for row in np.flatnonzero(np.isin(rows["damage"], (BAD_DATE, WORDS, NO_END, LOST_NUMBER))).tolist():
            damage = int(rows["damage"][row])
            if damage == LOST_NUMBER:
                changes[number][row] = lost_number(str(self._number[int(rows["person"][row])]))
            elif damage == NO_END:
                changes[end][row] = changes[spent][row] = None
            else:
                changes[start][row] = self._impossible[kind != BY_NUMBER] if damage == BAD_DATE else "昨天晚上"
        return {column: cells for column, cells in changes.items() if cells}


def sinks(out: Path, temporary: Path, large: bool) -> dict[int, Callable[[], Sink]]:
    """How to open the file of each kind of export; `temporary`: a folder for half-made workbooks."""
    title = words.INVENTED + " 学习记录"
    if large:
        return {BY_NUMBER_LARGE: lambda: CsvSink(out / "学习记录（演示）.csv")}
    times = {"进入时间": "yyyy/m/d h:mm:ss", "退出时间": "yyyy/m/d h:mm:ss"}
    return {
        BY_ACCOUNT: lambda: CsvSink(out / "学习记录（演示）_1.csv", bom=True),
        BY_NUMBER: lambda: CsvSink(out / "学习记录（演示）_2.csv", "gb18030", title=title),
        BY_CELLS: lambda: XlsxSink(
            out / "学习记录（演示）_3.xlsx", temporary, ["学习记录"], capacity=SHEET_ROWS, formats=times
        ),
    }


def _dates(days: np.typing.NDArray[np.datetime64], wide: bool) -> pl.Series:
    return pl.Series(days).dt.strftime("%Y-%m-%d " if wide else "%Y/%-m/%-d ")


def _clocks(wide: bool) -> pl.Series:
    """The 86,400 times of a day as texts; `wide`: hours with two digits."""
    return pl.Series([_clock(s, "02d" if wide else "") for s in range(DAY)])


def _clock(seconds: int, hours: str) -> str:
    return f"{seconds // 3600:{hours}}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
