"""Which fonts of this machine can print a text: looked at before a page is set, so that no box stands for a name."""

from collections.abc import Iterator
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
        self._characters: dict[str, frozenset[int]] = {}

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
            if here := wanted & self._covers(family):
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

    def _covers(self, family: str) -> frozenset[int]:
        if family not in self._characters:
            faces = {(face.path, face.index) for face in self._used(family)}
            self._characters[family] = frozenset.intersection(*(_characters(*face) for face in sorted(faces)))
        return self._characters[family]


def _characters(path: str, index: int) -> frozenset[int]:
    """The characters of one face of a file; none where it cannot be read."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        with TTFont(path, fontNumber=index, lazy=True) as font:
            return frozenset(font["cmap"].getBestCmap() or ())
    except (OSError, KeyError, TTLibError):
        return frozenset()
