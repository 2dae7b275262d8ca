"""A paper as plain blocks of text, which a template sets and never reads as anything but text.

A *piece* is a string, a link `{"to", "text"}`, a strong or a small text; a *line* is a piece or `{"line": [pieces]}`;
a *cell* is a line or a list of lines.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Piece = str | dict[str, Any]
Line = Piece
Cell = Line | list[Line] | None
Json = dict[str, Any]

WIDTH = 174  # mm between the margins
BREAK = "\u200b"  # where a line may end within a word: the template knows it, and none comes from the data
_ROOM = 100  # mm, where no table says less
_EM = 8.2 * 0.3528  # mm of a character as wide as high, in a table
# ideographs; and signs after which a line may end, with which none begins
_HAN = r"\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_CLOSING = r"\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f\uff09\u300b\u300d\u300f\u3011\u2019\u201d\u2026"
_UNBROKEN = re.compile(rf"[^\s{_HAN}{_CLOSING}]{{6,}}|[{_CLOSING}]{{4,}}")
_SPACES = re.compile(r"[^\S\n]")
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # characters that show nothing or that fonts give no meaning


@dataclass(frozen=True)
class Column:
    """A column of a table: its words, its width in mm, whether it holds numbers."""

    name: str
    width: float
    number: bool = False


def link(to: str, text: str | None = None) -> Piece:
    return {"to": to, "text": to if text is None else text}


def strong(text: str) -> Piece:
    return {"strong": text}


def small(text: str) -> Piece:
    return {"small": text}


def line(*pieces: Piece) -> Line:
    return {"line": [piece for piece in pieces if piece != ""]}


def joined(pieces: Iterable[Piece], between: str) -> Line:
    """Pieces on one line, with words between them."""
    said: list[Piece] = []
    for piece in pieces:
        said += [between, piece] if said else [piece]
    return {"line": said}


def row(*cells: Cell, at: str | None = None) -> Json:
    """A row of a table; `at`: what links to it call it."""
    return {"cells": list(cells), "at": at}


class Paper:
    """Collects blocks in order."""

    def __init__(self) -> None:
        self.blocks: list[Json] = []

    def heading(self, level: int, text: str, at: str | None = None, numbered: bool = True) -> None:
        self.blocks.append({"kind": "heading", "level": level, "text": text, "at": at, "numbered": numbered})

    def text(self, said: Line) -> None:
        self.blocks.append({"kind": "text", "text": said})

    def note(self, said: Line) -> None:
        self.blocks.append({"kind": "note", "text": said})

    def items(self, lines: Sequence[Line]) -> None:
        if lines:
            self.blocks.append({"kind": "items", "items": list(lines)})

    def facts(self, facts: Iterable[tuple[str, Cell]]) -> None:
        self.blocks.append({"kind": "facts", "facts": [list(fact) for fact in facts]})

    def code(self, text: str) -> None:
        self.blocks.append({"kind": "code", "lines": text.splitlines()})

    def table(self, columns: Sequence[Column], rows: Sequence[Json], foot: Json | None = None) -> None:
        """A table whose heads are repeated on every page. Widths are scaled to the width of the text."""
        scale = WIDTH / sum(column.width for column in columns)
        self.blocks.append({
            "kind": "table", "widths": [round(column.width * scale, 2) for column in columns],
            "right": [column.number for column in columns], "head": [column.name for column in columns],
            "rows": list(rows), "foot": foot,
        })  # fmt: skip


def hidden(text: str) -> set[str]:
    """Characters of a text that nobody would see."""
    return {character for character in text if not character.isspace() and unicodedata.category(character) in _HIDDEN}


def spelled(characters: Iterable[str], form: str) -> dict[int, str]:
    """Character → its code point, for str.translate; `form`: the words around {code}."""
    return {ord(character): form.format(code=f"U+{ord(character):04X}") for character in characters}


def finish(part: Any, spelling: dict[int, str], known: set[str], room: float = _ROOM) -> Any:
    """Blocks ready for the template: hidden and missing characters spelled out, words longer than their place made
    breakable, links to nowhere turned into text. `room`: mm in which a text stands."""
    if isinstance(part, str):
        return breakable(_lines(part).translate(spelling), room)
    if isinstance(part, list):
        return [finish(one, spelling, known, room) for one in part]
    if not isinstance(part, dict):
        return part
    if part.get("kind") == "table":
        return _finish_table(part, spelling, known)
    if "to" in part:
        text = finish(part["text"], spelling, known, room)
        return {"to": part["to"], "text": text} if part["to"] in known else text
    same = ("kind", "at", "level", "numbered")
    return {name: value if name in same else finish(value, spelling, known, room) for name, value in part.items()}


def _finish_table(table: Json, spelling: dict[int, str], known: set[str]) -> Json:
    def cells(given: list[Cell]) -> list[Any]:
        return [finish(cell, spelling, known, width - 2.4) for cell, width in zip(given, table["widths"], strict=True)]

    rows = [{"at": one["at"], "cells": cells(one["cells"])} for one in table["rows"]]
    foot = table["foot"] and {"at": None, "cells": cells(table["foot"]["cells"])}
    return table | {"head": cells(table["head"]), "rows": rows, "foot": foot}


def _lines(text: str) -> str:
    """A text with one kind of line end and one kind of space."""
    return _SPACES.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def breakable(text: str, room: float) -> str:
    """A text whose runs that no line could hold, or could not be parted in, may be parted anywhere."""
    return _UNBROKEN.sub(lambda run: _parted(run[0], room), text)


def _parted(run: str, room: float) -> str:
    wide = sum(1.0 if unicodedata.east_asian_width(one) in "WF" else 0.53 for one in run)
    if wide * _EM <= room:
        return run
    return "".join(one if at == 0 or unicodedata.category(one)[0] == "M" else BREAK + one for at, one in enumerate(run))


def labels(blocks: list[Json]) -> set[str]:
    """What can be linked to. Raises ValueError where two things have one name."""
    found = [block.get("at") for block in blocks]
    found += [one["at"] for block in blocks if block["kind"] == "table" for one in block["rows"]]
    names = [name for name in found if name]
    if len(set(names)) != len(names):
        raise ValueError("two places of the paper have one name")
    return set(names)


def characters(part: Any) -> set[str]:
    """Every character of the texts in blocks."""
    if isinstance(part, str):
        return set(part)
    parts = part.values() if isinstance(part, dict) else part if isinstance(part, list | tuple) else ()
    return set().union(*map(characters, parts))
