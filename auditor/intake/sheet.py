"""The common shape of a CSV file and a sheet of a workbook: the first rows to recognise it by, then batches of text."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Self

import polars as pl

from auditor.words import Words

HEAD_ROWS = 40  # how far down a header is looked for
TOTALS = ("合计", "总计", "小计", "共计", "total", "Total", "TOTAL")
REMARKS = (
    r"^(?:合计|总计|小计|共计|填表|制表|备注|说明|注[:：]|审核|经办|打印|导出|单位负责人|单位\(?盖章|以上|演示|"
    r"合格率|通过率|平均分|平均成绩|最高分|最低分|参考人数|应考人数|合格人数|总人数|人数[:：]|"
    r"第 ?\d+ ?页|共 ?\d+ ?[人条行名]$)"
)
SIGNED = r"^\s*(?:填表|制表|制单|审核|复核|经办|单位负责|打印|导出)[人员]{0,2}(?:签[名字])?\s*[:：]"
# why a row is set aside: names of the section `aside` of the words
FOOT, BLANK, TORN, REPEATED = "foot", "blank", "torn", "repeated"
SWALLOWED = "swallowed"
ABOVE, HEADER, ANSWERS, UNKNOWN = "above", "header", "answers", "unknown"
RETOLD, IDLE = "retold", "idle"
AGAIN = "again"  # a list of claims that another one holds row by row
LEFT_OUT = "left_out"  # the auditor's mapping says so


@dataclass(frozen=True)
class TextBatch:
    """`cells`: texts, null where empty; columns "0", "1" … in the order of the header. `rows`: the row of each as
    Excel shows it (Int64). `of`: how many rows of the sheet it was made from, where that is another number."""

    cells: pl.DataFrame
    rows: pl.Series
    of: int | None = None

    def column(self, place: int) -> pl.Series:
        return self.cells[str(place)]


@dataclass
class Aside:
    """Rows that are not read: `rows` as Excel shows them, why, and where it matters the text (never written out) or
    `who` they name (account, name)."""

    reason: str
    rows: list[int]
    texts: list[str] = field(default_factory=list)
    who: pl.DataFrame | None = None


@dataclass(frozen=True)
class Sheet:
    """One table-shaped thing in a file. `head`: its first rows as texts; `open(header_index, width, asides)` yields
    the batches below the header and notes in `asides` what could not be cut into cells. `headed`: whether the first row
    of `head` stands in the file, or only names the columns; `notes`: what its file says of it beside its cells;
    `narrowed(places)`: the same sheet of which only these columns are read, where that is quicker."""

    file: str
    name: str
    head: list[list[str]]
    open: Callable[[int, int, list[Aside]], Iterator[TextBatch]]
    notes: tuple[Words, ...] = ()
    first_row: int = 1  # of the head, as Excel shows it
    headed: bool = True
    narrowed: Callable[[Collection[int]], Self] | None = None


def is_foot(cells: list[str]) -> bool:
    """Whether a row shorter than the header is a total, a remark or a lone line of text, and nobody's."""
    said = [cell.strip() for cell in cells if cell.strip()]
    if re.search(r"\d{15}|\n", " ".join(said)):
        return False
    led = said[0] in TOTALS or re.match(REMARKS, said[0]) is not None
    return led or (len(said) == 1 and not re.search(r"[0-9A-Za-z]{5}", said[0]))
