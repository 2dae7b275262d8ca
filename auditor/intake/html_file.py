"""Tables of HTML, which many a platform calls .xls. Every cell is text; a table is a sheet.

Rows are numbered as Excel shows them when it opens the file: lines of text above a table count. Of several tables each
is numbered by itself, together with the text above it.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from auditor.fault import unauditable
from auditor.intake import grid, markup
from auditor.intake.grid import ROWS, Span, refuse_far
from auditor.intake.readable import Readable
from auditor.intake.sheet import HEAD_ROWS, Sheet

_SPAN = 1000  # columns that one cell may cover, as HTML has it
_UNSHOWN = ("script", "style", "title", "xml", "noscript")
_LINES = ("p", "div", "br", "h1", "h2", "h3", "h4", "h5", "h6", "li", "caption", "hr")


def sheets(file: Readable, label: str) -> list[Sheet]:
    """Every table with a cell in it. Raises Fault when there is none."""
    parser = _Parser(label)
    parser.feed(markup.read(file, label))
    parser.close()
    parser.end_line()
    full = [table for table in parser.tables if any(any(row) for row in table.rows[table.above :])]
    if not full:
        raise unauditable("no_table", file=label)
    names = [f"table {number}" for number in range(1, len(full) + 1)] if len(full) > 1 else [""]
    feet = [0] * (len(full) - 1) + [len(parser.texts)]
    return [table.sheet(label, name, count) for table, name, count in zip(full, names, feet, strict=True)]


@dataclass
class _Table:
    """`above`: how many of the rows are text that stands above the table; `covered`: column → rows that a cell above
    still covers."""

    rows: list[list[str]]
    above: int
    spans: list[Span] = field(default_factory=list)
    covered: dict[int, int] = field(default_factory=dict)
    row: list[str] | None = None
    cell: list[str] | None = None
    size: tuple[int, int] = (1, 1)  # columns and rows of the open cell

    def sheet(self, label: str, name: str, feet: int) -> Sheet:
        end = len(self.rows)
        width = max(map(len, self.rows))
        for row in self.rows[:HEAD_ROWS]:
            row += [""] * (width - len(row))
        spans = [Span(span.first, min(span.last, end - 1), span.column) for span in self.spans]
        return grid.sheet(label, name, lambda: iter(self.rows), spans, range(end + 1, end + 1 + feet))

    def open_row(self) -> None:
        self.close_row()
        self.row = []

    def open_cell(self, size: tuple[int, int]) -> None:
        self.close_cell()
        if self.row is None:
            self.row = []
        while self.covered.get(len(self.row), 0):
            self.row.append("")
        self.cell, self.size = [], size

    def close_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        columns, rows = self.size
        place = len(self.row)
        self.row += [" ".join("".join(self.cell).split()), *[""] * (columns - 1)]
        if rows > 1:
            self.spans.append(Span(len(self.rows), len(self.rows) + rows - 1, place))
            for column in range(place, place + columns):
                self.covered[column] = rows
        self.cell = None

    def close_row(self) -> None:
        self.close_cell()
        if self.row is not None:
            self.rows.append(self.row)
            self.row = None
            self.covered = {column: left - 1 for column, left in self.covered.items() if left > 1}


class _Parser(HTMLParser):
    """`texts`: lines outside of the cells of any table since the last table began."""

    def __init__(self, label: str) -> None:
        super().__init__(convert_charrefs=True)
        self.label = label
        self.tables: list[_Table] = []
        self.texts: list[str] = []
        self._open: list[_Table] = []
        self._line: list[str] = []
        self._unshown = ""
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        table = self._open[-1] if self._open else None
        if tag in _UNSHOWN:
            self._unshown = tag
        elif tag == "table":
            self._unshown = ""
            self.end_line()
            self._open.append(_Table([[text] for text in self.texts], len(self.texts)))
            self.tables.append(self._open[-1])
            self.texts = []
        elif tag == "tr" and table:
            table.open_row()
        elif tag in ("td", "th") and table:
            said = dict(attrs)
            size = _whole(said.get("colspan"), _SPAN), _whole(said.get("rowspan"), ROWS)
            self._cells += size[0]
            table.open_cell(size)
            refuse_far(len(table.row or ()) + size[0], len(table.rows), self._cells, self.label)
        elif tag in _LINES:
            self._break()

    def handle_endtag(self, tag: str) -> None:
        table = self._open[-1] if self._open else None
        if tag == self._unshown:
            self._unshown = ""
        elif table and tag in ("td", "th"):
            table.close_cell()
        elif table and tag == "tr":
            table.close_row()
        elif table and tag == "table":
            table.close_row()
            self._open.pop()
        elif tag in _LINES:
            self._break()

    def handle_data(self, data: str) -> None:
        if not self._unshown:
            self._said().append(data)

    def close(self) -> None:
        """Tables that were never closed end here."""
        super().close()
        for table in self._open:
            table.close_row()
        self._open = []

    def end_line(self) -> None:
        line, self._line = " ".join("".join(self._line).split()), []
        table = self._open[-1] if self._open else None
        if line and table and len(table.rows) == table.above and table.row is None:
            table.rows.append([line])  # a caption
            table.above += 1
        elif line:
            self.texts.append(line)

    def _said(self) -> list[str]:
        table = self._open[-1] if self._open else None
        return self._line if table is None or table.cell is None else table.cell

    def _break(self) -> None:
        if (said := self._said()) is self._line:
            self.end_line()
        else:
            said.append("\n")


def _whole(text: str | None, limit: int) -> int:
    """A span as a number of 1 or more; what is none is 1."""
    figures = (text or "").strip()
    return min(max(int(figures), 1), limit) if figures.isascii() and figures.isdigit() and len(figures) < 10 else 1
