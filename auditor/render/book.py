"""A workbook over XlsxWriter: titled sheets of plain values, ready to print, split at Excel's last row.

Texts stay texts: nothing is ever a formula, a link or a number because of what it looks like. Formulas are sums of
ours, written with their value; links lead from sheet to sheet.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_range, xl_rowcol_to_cell

from auditor.render.book_styles import STYLES

ROWS = 1_048_576  # of an Excel sheet
LONGEST = 16_000  # characters of a text: at most 32,000 of the 32,767 units that a cell may hold
HIGHEST = 409  # points of a row
HEAD = 2  # the row of the heads, after the title and the line that says what the sheet is
NAME = 31  # characters of a sheet's name
A4 = 9


@dataclass(frozen=True)
class Formula:
    """One of ours, without `=`, and its value: not every program calculates."""

    text: str
    value: int | float


Value = str | int | float | Formula | None


@dataclass(frozen=True)
class Column:
    """`width` in characters of the usual font; `kind`: text, count, money, hours, plain, or fill and fill day for what
    people fill in; `choices`: what they choose from; `elsewhere`: why nothing is to be typed here; `added`: whether the
    last row of a table adds it up."""

    head: str
    width: float
    kind: str = "text"
    choices: tuple[str, ...] = ()
    elsewhere: str = ""
    added: bool = False


def narrow(columns: Iterable[Column], most: float = 16) -> list[Column]:
    """Columns that leave room for others on a printed page."""
    return [replace(column, width=min(column.width, most)) for column in columns]


class Book:
    """One workbook, written row by row so that memory stays flat. `day`: what it is dated; `page`: the printed page
    number, with {page} and {pages}; `cut`: what shortens a text to a length; `limit`: rows of a sheet."""

    def __init__(
        self, path: Path, title: str, edition: str, day: dt.date, page: str,
        cut: Callable[[str, int], str], limit: int = ROWS,
    ) -> None:  # fmt: skip
        options = {"constant_memory": True, "tmpdir": str(path.parent), "strings_to_formulas": False,
                   "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
        self._book = xlsxwriter.Workbook(str(path), options)
        self._book.use_zip64()
        self._book.set_properties({"title": title, "created": dt.datetime.combine(day, dt.time())})
        self._head = f"&L{_code(title[:100])}&R{_code(edition)}"
        self._page = page.format(page="&P", pages="&N")
        self._limit = limit
        self.made: list[Sheet] = []
        self._home: tuple[str, str] | None = None
        self.cut = cut
        self.styles = {name: self._book.add_format(how) for name, how in STYLES.items()}

    def sheet(self, name: str, note: str, widths: Sequence[float]) -> "Sheet":
        """A sheet of the given columns, with its title and the line that says what it is."""
        made = self._book.add_worksheet(name)
        for place, width in enumerate(widths):
            made.set_column(place, place, width)
        made.set_paper(A4)
        made.set_landscape()
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        made.set_header(self._head)
        made.set_footer(f"&L{_code(name)}&C{self._page}")
        made.ignore_errors({"number_stored_as_text": xl_range(0, 0, ROWS - 1, len(widths) - 1)})
        sheet = Sheet(made, self, widths, note)
        self.made.append(sheet)
        sheet.line(name, "title", 24)
        if self._home:
            made.write_url(0, 0, _to(self._home[0]), self.styles["title"], name, self._home[1])
        sheet.line(note)
        sheet.freeze(HEAD, 0, repeat=0)
        return sheet

    def table(self, name: str, next_name: str, note: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]],
              nothing: str, total: tuple[str, str] = ("", "")) -> "list[Sheet]":  # fmt: skip
        """One table on a sheet of its own, and on as many more as it needs: those it took. `next_name`: with {name} and
        {part}; `total`: what the row is called that adds up a sheet, and the one that adds up all of them."""
        sheet, begun = self._begin(name, note, columns), len(self.made)
        added = {at: 100 if column.kind == "money" else 1 for at, column in enumerate(columns) if column.added}
        room = self._limit - (2 if added else 0)
        for row in rows:
            if sheet.row == room:
                sheet.end(columns, added, total[0])
                sheet = self._begin(next_name.format(name=name, part=len(self.made) - begun + 2), note, columns)
            sheet.put(row)
            for at, parts in added.items():
                sheet.sums[at] += round(float(str(row[at] or 0)) * parts)  # in fen, so that nothing is lost
        if sheet.row == HEAD + 1:
            sheet.line(nothing)
            return [sheet]
        sheet.end(columns, added, total[0])
        sheets = self.made[begun - 1 :]
        if added and len(sheets) > 1:
            across = {at: _across(sheets, at, parts) for at, parts in added.items()}
            sheet.put([total[1], *(across.get(at) for at in range(1, len(columns)))], total=True)
        return sheets

    def contents(self, name: str, note: str, columns: Sequence[Column], back: str) -> "Sheet":
        """The first sheet, for `list_sheets`; the title of every other one leads back to it, and says `back`."""
        sheet = self._begin(name, note, columns)
        self._home = name, back
        return sheet

    def list_sheets(self, contents: "Sheet") -> None:
        """A line for every other sheet: its name with a link there, what it is, the rows of its tables."""
        for sheet in self.made[1:]:
            contents.entry(sheet)

    def _begin(self, name: str, note: str, columns: Sequence[Column]) -> "Sheet":
        sheet = self.sheet(name, note, [column.width for column in columns])
        sheet.head(columns)
        sheet.freeze(HEAD + 1, 1, repeat=HEAD)
        return sheet

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """Write the file, or after a failure only let go of what was begun. Raises OSError."""
        try:
            if kind is None:
                self._book.close()
        except FileCreateError as error:
            raise error.args[0] from error
        finally:
            for sheet in self._book.worksheets():
                sheet._opt_close()


class Sheet:
    """One sheet, filled from the top down. `row`: the next one, from 0; `rows`: those of tables so far, without totals;
    `sums`: of the table, by column, money in fen; `totals`: the row that adds it up."""

    def __init__(self, made: Any, book: Book, widths: Sequence[float], note: str) -> None:
        self._made, self._book, self._widths, self._last = made, book, widths, len(widths) - 1
        self._cells: list[tuple[str, str, float]] = []
        self._totals: list[tuple[str, str, float]] = []
        self._columns: Sequence[Column] = ()
        self._fills: set[int] = set()
        self.name: str = made.get_name()
        self.note, self.row, self.rows = note, 0, 0
        self.sums = [0] * len(widths)
        self.totals = 0

    def line(self, text: str, style: str = "line", height: float | None = None) -> None:
        """A text across the whole sheet."""
        self._made.set_row(self.row, min(HIGHEST, height or 3 + 14 * _lines(text, sum(self._widths))))
        self._made.merge_range(self.row, 0, self.row, self._last, "", self._book.styles[style])
        self._made.write_string(self.row, 0, _harmless(self._book.cut(text, LONGEST)), self._book.styles[style])
        self.row += 1

    def part(self, text: str) -> None:
        """The heading of a part, after an empty row."""
        self.row += 1
        self.line(text, "part", 20)

    def head(self, columns: Sequence[Column], above: tuple[int, str] | None = None) -> None:
        """The heads of a table; `above`: a column and the words over its head."""
        if above:
            self._made.write_string(self.row, above[0], above[1], self._book.styles["above"])
            self.row += 1
        self._made.set_row(self.row, 32)
        for place, column in enumerate(columns):
            self._made.write_string(self.row, place, column.head, self._book.styles["head"])
        self._columns = columns
        self._fills = {place for place, column in enumerate(columns) if column.kind.startswith("fill")}
        self._cells = self._begun(columns, "")
        self._totals = self._begun(columns, "total ")
        self.row += 1

    def put(self, values: Sequence[Value], total: bool = False) -> None:
        """A row of the table whose heads stand above. The cells are put together here: XlsxWriter's own way, a call
        and several objects for each cell, takes several times as long."""
        row, lines = self.row + 1, 1
        cells = [""]
        for place, (value, (begin, middle, width)) in enumerate(
            zip(values, self._totals if total else self._cells, strict=True)
        ):
            if type(value) is str:
                if value:
                    if len(value) * 2 > width or "\n" in value:  # not every program makes a row as high as its texts
                        lines = max(lines, _lines(value, width))
                    cells.append(f'{begin}{row}{middle} t="inlineStr"><is><t xml:space="preserve">{self._text(value)}')
                    cells.append("</t></is></c>")
                elif place in self._fills:
                    cells.append(f"{begin}{row}{middle}/>")
            elif type(value) is Formula:
                cells.append(f"{begin}{row}{middle}><f>{_escape(value.text)}</f><v>{value.value!r}</v></c>")
            elif value is not None:
                cells.append(f"{begin}{row}{middle}><v>{value!r}</v></c>")
        height = f' ht="{min(HIGHEST, 3 + 13 * lines)}" customHeight="1"' if lines > 1 else ""
        cells[0] = f'<row r="{row}"{height}>'
        cells.append("</row>")
        self._made._check_dimensions(self.row, self._last)
        if self._made.previous_row < self.row:
            self._made._write_single_row(self.row)
        self._made.fh.write("".join(cells))
        self.row += 1
        self.rows += not total

    def total(self, values: Sequence[Value], since: int, how: str = "SUM") -> None:
        """A row of totals: each number is the value of the sum of its column from the row `since` on. `how`: SUM, or
        SUBTOTAL of what a filter leaves."""
        begin = "SUM(" if how == "SUM" else "SUBTOTAL(9,"
        sums = {
            at: Formula(f"{begin}{xl_range(since, at, self.row - 1, at)})", value)
            for at, value in enumerate(values)
            if isinstance(value, int | float) and since < self.row
        }
        self.put([sums.get(at, value) for at, value in enumerate(values)], total=True)

    def end(self, columns: Sequence[Column], added: Mapping[int, int], label: str) -> None:
        """The filters of a sheet that is one table, and its sums. `added`: column → parts of a unit."""
        self.filter(HEAD, len(columns))
        if added:
            self.totals = self.row
            sums = (_whole(self.sums[at], added[at]) if at in added else None for at in range(1, len(columns)))
            self.total([label, *sums], HEAD + 1, "SUBTOTAL")

    def entry(self, other: "Sheet") -> None:
        """Another sheet, as the contents list it."""
        height = 4 + 14 * max(map(_lines, (other.name, other.note), self._widths))
        self._made.set_row(self.row, min(HIGHEST, height))
        self._made.write_url(self.row, 0, _to(other.name), self._book.styles["link"], other.name)
        self._made.write_string(self.row, 1, _harmless(other.note), self._book.styles["text"])
        self._made.write_number(self.row, 2, other.rows, self._book.styles["count"])
        self.row += 1
        self.rows += 1

    def form(self, rows: Sequence[tuple[str, str, str, str]], middle: int, height: int = 18) -> None:
        """Rows of a printed form: label, entry, label, entry; the second label stands in the column `middle`."""
        for first, entry, second, other in rows:
            self._made.set_row(self.row, max(height, 3 + 14 * _lines(entry, sum(self._widths[1:middle]))))
            for at, text, style in ((0, first, "label"), (middle, second, "label")):
                self._made.write_string(self.row, at, text, self._book.styles[style])
            for begin, end, text in ((1, middle - 1, entry), (middle + 1, self._last, other)):
                self._made.merge_range(self.row, begin, self.row, end, "", self._book.styles["entry"])
                self._made.write_string(self.row, begin, _harmless(self._book.cut(text, LONGEST)),
                                        self._book.styles["entry"])  # fmt: skip
            self.row += 1

    def figure(self, label: str, value: Formula, kind: str) -> None:
        """A number with its label before it, which takes three columns."""
        self._made.merge_range(self.row, 0, self.row, 2, label, self._book.styles["label"])
        self._made.write_formula(self.row, 3, value.text, self._book.styles[kind], value.value)
        self.row += 1

    def filter(self, head: int, columns: int) -> None:
        """Filters in the row `head`, for the rows from there to here, and in them what may be chosen or typed."""
        self._made.autofilter(head, 0, self.row - 1, columns - 1)
        for place, column in enumerate(self._columns):
            allowed: dict[str, Any] = {}
            if column.choices:
                allowed = {"validate": "list", "source": list(column.choices)}
            elif column.elsewhere:
                allowed = {"validate": "custom", "value": "=FALSE", "error_message": column.elsewhere}
            if allowed:
                self._made.data_validation(head + 1, place, self.row - 1, place, allowed)

    def freeze(self, rows: int, columns: int, repeat: int) -> None:
        """What stays in sight, and the row that every printed page begins with."""
        self._made.freeze_panes(rows, columns)
        self._made.repeat_rows(repeat)

    def _begun(self, columns: Sequence[Column], total: str) -> list[tuple[str, str, float]]:
        """How the cell of each column begins, before and after the number of the row; and the column's width."""
        styles = [self._book.styles[total + column.kind]._get_xf_index() for column in columns]
        names = [xl_col_to_name(place) for place in range(len(columns))]
        return [
            (f'<c r="{name}', f'" s="{style}"', width)
            for name, style, width in zip(names, styles, self._widths, strict=False)
        ]

    def _text(self, text: str) -> str:
        if len(text) > LONGEST:
            text = self._book.cut(text, LONGEST)
        if "_x" in text or not text.isprintable():
            text = self._made._escape_control_characters(text)
        return _escape(text)


def sheet_name(text: str) -> str:
    """A text as the name of a sheet: its signs and its length are limited."""
    return re.sub(r"[\[\]:*?/\\]", " ", text)[:NAME].strip(" '")


def _to(name: str) -> str:
    return f"internal:{quote_sheetname(name)}!A1"


def _across(sheets: Sequence[Sheet], at: int, parts: int) -> Formula:
    """The totals of one table's sheets, added up."""
    cells = [f"{quote_sheetname(sheet.name)}!{xl_rowcol_to_cell(sheet.totals, at)}" for sheet in sheets]
    return Formula("+".join(cells), _whole(sum(sheet.sums[at] for sheet in sheets), parts))


def _whole(sum_: int, parts: int) -> int | float:
    return sum_ / parts if parts > 1 else sum_


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _harmless(text: str) -> str:
    """XlsxWriter takes what stands between <r> and </r> for markup of its own."""
    return f"{text} " if text.startswith("<r>") else text


def _room(text: str) -> int:
    """The characters of the usual font that a text takes up: a Chinese one is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WFA" else 1 for letter in text)


def _lines(text: str, width: float) -> int:
    """The lines of a text in a cell so many characters wide; ours are set a little smaller than the usual font."""
    return sum(max(1, -int(-_room(line) // (width * 0.95))) for line in text.split("\n"))


def _code(text: str) -> str:
    """A text in a page's head or foot, where & begins a command."""
    return text.replace("&", "&&")
