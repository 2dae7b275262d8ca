"""SpreadsheetML of 2003: a workbook as one XML file, which many a platform calls .xls. Its cells are typed."""

import datetime as dt
import re
from typing import Any
from xml.parsers import expat

from auditor.fault import unauditable
from auditor.intake import grid, markup
from auditor.intake.grid import ROWS, Span, refuse_far
from auditor.intake.readable import Readable
from auditor.intake.sheet import HEAD_ROWS, Sheet
from auditor.words import phrase

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet "
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?Z?")
_FIRST, _SECOND = dt.datetime(1899, 12, 31), dt.datetime(1900, 3, 1)  # before it stand times of day and lengths


def sheets(file: Readable, label: str) -> list[Sheet]:
    """All sheets that hold anything, hidden ones too. Raises Fault when the file is damaged."""
    book = _Book(label)
    try:
        book.parser.Parse(re.sub(r"^\s*<\?xml[^>]*\?>", "", markup.read(file, label)), True)
    except (expat.ExpatError, ValueError, OverflowError) as error:
        raise unauditable("broken_workbook", file=label) from error
    found = [leaf.sheet(label) for leaf in book.leaves if any(leaf.rows)]
    if not found:
        raise unauditable("empty", file=label)
    return found


class _Leaf:
    """One sheet as it is read."""

    def __init__(self, name: str) -> None:
        self.name, self.rows, self.spans = name, list[list[Any]](), list[Span]()
        self.hidden, self.hidden_rows, self.errors, self.cells = False, 0, 0, 0
        self.passed = 0  # rows, those that only have a format too

    def sheet(self, label: str) -> Sheet:
        while not self.rows[-1]:
            self.rows.pop()
        width = max(map(len, self.rows))
        for row in self.rows[:HEAD_ROWS]:
            row += [""] * (width - len(row))
        spans = [Span(span.first, min(span.last, len(self.rows) - 1), span.column) for span in self.spans]
        notes = [phrase("note.hidden_sheet")] if self.hidden else []
        counts = {"hidden_rows": self.hidden_rows, "errors": self.errors}
        notes += [phrase(f"note.{name}", count=count) for name, count in counts.items() if count]
        return grid.sheet(label, self.name, lambda: iter(self.rows), spans, notes=notes)


class _Book:
    """What the XML parser calls."""

    def __init__(self, label: str) -> None:
        self.label, self.leaves = label, list[_Leaf]()
        self._kind, self._said = "", list[str]()
        self._listening = self._comment = False
        self._place = 0  # where the next cell of the row stands
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        """An export declares no document type; a bomb does."""
        raise unauditable("broken_workbook", file=self.label)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.removeprefix(_SPACE)
        said = {name.removeprefix(_SPACE): value for name, value in attributes.items()}
        if tag == "Worksheet":
            self.leaves.append(_Leaf(said.get("Name", "")))
        elif not self.leaves:
            return
        elif tag == "Row":
            self._row(self.leaves[-1], said)
        elif tag == "Cell" and self.leaves[-1].rows:
            self._cell(self.leaves[-1], said)
        elif tag == "Comment":
            self._comment = True
        elif tag == "Data" and not self._comment and self.leaves[-1].rows:
            self._kind, self._said, self._listening = said.get("Type", "String"), [], True
        elif tag.endswith(" Visible"):
            self._said, self._listening = [], True

    def _text(self, text: str) -> None:
        if self._listening:
            self._said.append(text)

    def _end(self, tag: str) -> None:
        tag = tag.removeprefix(_SPACE)
        if tag == "Comment":
            self._comment = False
        elif self._listening and tag == "Data":
            self._listening = False
            self._put(self.leaves[-1], "".join(self._said))
        elif self._listening and tag.endswith(" Visible"):
            self._listening = False
            self.leaves[-1].hidden = "".join(self._said).strip() != "SheetVisible"

    def _row(self, leaf: _Leaf, said: dict[str, str]) -> None:
        place = int(said.get("Index", leaf.passed + 1))
        if place <= leaf.passed:
            raise ValueError("rows run backwards")
        refuse_far(1, place, leaf.cells, self.label, leaf.name)
        leaf.rows += [[] for _ in range(place - len(leaf.rows))]
        leaf.passed = place + int(said.get("Span", 0))
        leaf.hidden_rows += said.get("Hidden") == "1"
        self._place = 0

    def _cell(self, leaf: _Leaf, said: dict[str, str]) -> None:
        row = leaf.rows[-1]
        place = int(said.get("Index", self._place + 1)) - 1
        across, down = int(said.get("MergeAcross", 0)), int(said.get("MergeDown", 0))
        if place < self._place or min(across, down) < 0:
            raise ValueError("cells run backwards")
        leaf.cells += place + 1 - len(row)
        refuse_far(place + 1 + across, len(leaf.rows), leaf.cells, self.label, leaf.name)
        row += [""] * (place + 1 - len(row))
        self._place = place + 1 + across
        if down:
            leaf.spans.append(Span(len(leaf.rows) - 1, len(leaf.rows) - 1 + min(down, ROWS), place))

    def _put(self, leaf: _Leaf, text: str) -> None:
        if not leaf.rows[-1]:
            raise ValueError("data outside of a cell")
        leaf.errors += self._kind == "Error"
        leaf.rows[-1][-1] = _typed(self._kind, text)


def _typed(kind: str, text: str) -> Any:
    """A cell as a reader of workbooks gives it: an error is an empty one."""
    if kind == "Error":
        return ""
    if kind == "Boolean":
        return text.strip() not in ("0", "false")
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "DateTime" and (match := _MOMENT.fullmatch(text.strip())):
        moment = dt.datetime.fromisoformat(match[1]) + dt.timedelta(microseconds=int((match[2] or "0").ljust(6, "0")))
        if moment >= _SECOND:
            return moment.date() if moment.time() == dt.time() else moment
        return moment.time() if moment.date() == _FIRST.date() else moment - _FIRST
    return text
