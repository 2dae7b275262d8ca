"""Which fonts of this machine can print a text: looked at before a page is set, so that no box stands for a name."""

import struct
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

# Families that serve, the best first: of the Debian package fonts-noto-cjk, of Adobe, of Windows, of macOS.
BODY = ("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "Noto Serif SC", "SimSun", "NSimSun",
        "FangSong", "Songti SC", "STSong")  # fmt: skip
HEADS = ("Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "Noto Sans SC", "SimHei", "Microsoft YaHei",
         "PingFang SC", "Heiti SC")  # fmt: skip
RARE = ("SimSun-ExtB", "SimSun-ExtG", "HanaMinA", "HanaMinB")  # of characters that the others lack
_WEIGHTS = (400, 700)


@dataclass(frozen=True)
class Choice:
    """The families to set a text in, in order, and its characters that none of the machine's fonts has."""

    families: tuple[str, ...]
    missing: str


class Fonts:
    """The fonts typst finds: the system's and those of a folder. Of each only the table of characters is read, once,
    and only when an earlier family leaves a character over."""

    def __init__(self, folder: Path | None = None, system: bool = True) -> None:
        import typst

        self.found = typst.Fonts(include_system_fonts=system, font_paths=[folder] if folder else [])
        self._characters: dict[str, list[Callable[[int], bool]]] = {}

    @cached_property
    def _faces(self) -> dict[str, list[Any]]:
        """Family → its upright faces; of the faces that typst brings along nobody can tell what they hold."""
        faces: dict[str, list[Any]] = {}
        for face in self.found.fonts():
            if face.path is not None and face.style == "normal":
                faces.setdefault(face.family, []).append(face)
        return faces

    @property
    def families(self) -> list[str]:
        return sorted(self._faces)

    @property
    def files(self) -> dict[str, list[str]]:
        """Family → the files in which its regular and its bold face stand."""
        return {family: sorted({face.path for face in self._used(family)}) for family in self._faces}

    def heads(self) -> str | None:
        """The family of headings: what it lacks, the others have."""
        return next((family for family in HEADS if family in self._faces), None)

    def choose(self, text: str) -> Choice:
        wanted = {ord(character) for character in text} - {0x09, 0x0A, 0x0D, 0x20}  # what needs no glyph
        chosen: list[str] = []
        for family in self._order():
            if not wanted:
                break
            if here := {one for one in wanted if self._covers(family, one)}:
                chosen.append(family)
                wanted -= here
        return Choice(tuple(chosen), "".join(map(chr, sorted(wanted))))

    def _order(self) -> Iterator[str]:
        first = [family for family in (*BODY, *HEADS, *RARE) if family in self._faces]
        yield from first
        yield from (family for family in self.families if family not in first)

    def _used(self, family: str) -> list[Any]:
        """The faces that typst takes for regular and for bold text."""
        return [
            min(self._faces[family], key=lambda face: (abs(face.weight - weight), abs(face.stretch - 1), face.path))
            for weight in _WEIGHTS
        ]

    def _covers(self, family: str, character: int) -> bool:
        if family not in self._characters:
            faces = {(face.path, face.index) for face in self._used(family)}
            self._characters[family] = [_characters(*face) for face in sorted(faces)]
        return all(has(character) for has in self._characters[family])


def _characters(path: str, index: int) -> Callable[[int], bool]:
    """Whether one face of a file has a character; it has none where it cannot be read."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            if ranges := _ranges(font.reader["cmap"]):
                return _within(ranges)
            return frozenset(font["cmap"].getBestCmap() or ()).__contains__
    except (OSError, KeyError, AttributeError, struct.error, TTLibError):
        return frozenset[int]().__contains__


def _ranges(table: bytes) -> list[tuple[int, int]]:
    """First and last of each run of characters in a cmap of format 12, as every large font has one; else none.
    fontTools unfolds it into 45,000 entries, which takes a hundred times longer."""
    for at in range(struct.unpack_from(">H", table, 2)[0]):
        *kind, offset = struct.unpack_from(">HHL", table, 4 + 8 * at)
        if kind in ([3, 10], [0, 4], [0, 6]):
            form, _, _, _, count = struct.unpack_from(">HHLLL", table, offset)
            if form == 12:
                groups = struct.iter_unpack(">III", table[offset + 16 : offset + 16 + 12 * count])
                return sorted((first + (glyph == 0), last) for first, last, glyph in groups)  # 0: no glyph
    return []


def _within(ranges: list[tuple[int, int]]) -> Callable[[int], bool]:
    firsts = [first for first, _ in ranges]

    def has(character: int) -> bool:
        at = bisect_right(firsts, character) - 1
        return at >= 0 and character <= ranges[at][1]

    return has
