"""A workbook over XlsxWriter: titled sheets of plain values, ready to print, split at Excel's last row.

Texts stay texts: nothing is ever a formula, a link or a number because of what it looks like.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.utility import xl_col_to_name

ROWS = 1_048_576  # of an Excel sheet
LONGEST = 16_000  # characters of a text: at most 32,000 of the 32,767 units that a cell may hold
HIGHEST = 409  # points of a row
HEAD = 2  # the row of the heads, after the title and the line that says what the sheet is
Value = str | int | float | None
_A4 = 9
_TOP = {"valign": "top", "font_size": 10}
_TEXT = _TOP | {"text_wrap": True, "quote_prefix": True}
_HEAD = {"bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "bg_color": "#E4EAF1", "border": 1,
         "font_size": 10}  # fmt: skip
# what people fill in: whoever protects a sheet leaves these cells open
_FILL = _TEXT | {"bg_color": "#FFF9DB", "border": 1, "border_color": "#D9C77A", "locked": False}
_NUMBERS = {"count": "#,##0", "money": "#,##0.00", "hours": "#,##0.00", "plain": "General"}
_STYLES = {
    "title": {"bold": True, "font_size": 16, "valign": "vcenter", "quote_prefix": True},
    "line": _TEXT,
    "loud": _TEXT | {"bold": True, "font_color": "#9C1C1C"},
    "part": {"bold": True, "font_size": 12, "valign": "vcenter"},
    "head": _HEAD,
    "fill": _FILL,
    "fill day": _FILL | {"num_format": "yyyy-mm-dd"},
    "above": {"bold": True, "font_color": "#9C1C1C", "align": "center", "font_size": 10},
    "text": _TEXT,
    "total text": _TEXT | {"bold": True, "top": 1},
    **{name: _TOP | {"num_format": shown} for name, shown in _NUMBERS.items()},
    "total fill": _TEXT | {"bold": True, "top": 1},
    "total fill day": _TEXT | {"bold": True, "top": 1},
    **{f"total {name}": _TOP | {"num_format": shown, "bold": True, "top": 1} for name, shown in _NUMBERS.items()},
}


@dataclass(frozen=True)
class Column:
    """`width` in characters of the usual font; `kind`: text, count, money, hours, plain, or fill and fill day for what
    people fill in; `choices`: what they choose from."""

    head: str
    width: float
    kind: str = "text"
    choices: tuple[str, ...] = ()


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
        self.cut = cut
        self.styles = {name: self._book.add_format(how) for name, how in _STYLES.items()}

    def sheet(self, name: str, note: str, widths: Sequence[float]) -> "Sheet":
        """A sheet of the given columns, with its title and the line that says what it is."""
        made = self._book.add_worksheet(name)
        for place, width in enumerate(widths):
            made.set_column(place, place, width)
        made.set_paper(_A4)
        made.set_landscape()
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.7)
        made.set_header(self._head)
        made.set_footer(f"&L{_code(name)}&C{self._page}")
        sheet = Sheet(made, self, widths)
        sheet.line(name, "title", 24)
        sheet.line(note)
        sheet.freeze(HEAD, 0, repeat=0)
        return sheet

    def table(self, name: str, next_name: str, note: str, columns: Sequence[Column],
              rows: Iterable[Sequence[Value]], nothing: str) -> None:  # fmt: skip
        """One table on a sheet of its own, and on as many more as it needs. `next_name`: with {name} and {part}."""
        sheet, parts = self._begin(name, note, columns), 1
        for row in rows:
            if sheet.row == self._limit:
                sheet.filter(HEAD, len(columns))
                parts += 1
                sheet = self._begin(next_name.format(name=name, part=parts), note, columns)
            sheet.put(row)
        if sheet.row == HEAD + 1:
            sheet.line(nothing)
        else:
            sheet.filter(HEAD, len(columns))

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
    """One sheet, filled from the top down. `row`: the next one, from 0."""

    def __init__(self, made: Any, book: Book, widths: Sequence[float]) -> None:
        self._made, self._book, self._widths, self._last = made, book, widths, len(widths) - 1
        self._cells: list[tuple[str, str, float]] = []
        self._totals: list[tuple[str, str, float]] = []
        self._fills: dict[int, tuple[str, ...]] = {}
        self.row = 0

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
        self._fills = {place: column.choices for place, column in enumerate(columns) if column.kind.startswith("fill")}
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
                    if len(value) * 2 > width:  # not every program makes a row as high as its texts
                        lines = max(lines, _lines(value, width))
                    cells.append(f'{begin}{row}{middle} t="inlineStr"><is><t xml:space="preserve">{self._text(value)}')
                    cells.append("</t></is></c>")
                elif place in self._fills:
                    cells.append(f"{begin}{row}{middle}/>")
            elif value is not None:
                cells.append(f"{begin}{row}{middle}><v>{value!r}</v></c>")
        height = f' ht="{min(HIGHEST, 2 + 13 * lines)}" customHeight="1"' if lines > 1 else ""
        cells[0] = f'<row r="{row}"{height}>'
        cells.append("</row>")
        self._made._check_dimensions(self.row, self._last)
        if self._made.previous_row < self.row:
            self._made._write_single_row(self.row)
        self._made.fh.write("".join(cells))
        self.row += 1

    def filter(self, head: int, columns: int) -> None:
        """Filters in the row `head`, for the rows from there to here, and in them what may be chosen."""
        self._made.autofilter(head, 0, self.row - 1, columns - 1)
        for place, choices in self._fills.items():
            if choices:
                allowed = {"validate": "list", "source": list(choices)}
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
