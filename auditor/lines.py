"""The lines of subsidy that a notice pays beside each other, as its policy states them. Money in fen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from auditor.words import LANGUAGES

ONLINE, CERTIFICATE = 1, 2  # a line's number: by the head for online training; by the level of a certificate
LINES = {"online": ONLINE, "certificate": CERTIFICATE}


@dataclass(frozen=True)
class Level:
    """A level of skill: its number from the lowest up, how exports write it, what it is worth, what is added for a
    trade in short supply."""

    no: int
    label: Mapping[str, str]
    words: tuple[str, ...]
    fen: int
    uplift_fen: int


@dataclass(frozen=True)
class Line:
    """`clause`: where its amounts stand; `clauses`: all that speak of it alone (none: the rest of the notice)."""

    id: str
    no: int
    label: Mapping[str, str]
    clause: str
    clauses: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()


def parse(entries: list[dict[str, Any]], title: Mapping[str, str], clause: str) -> tuple[Line, ...]:
    """The `[[lines]]` of a policy; one that states none has the online line alone, under its own title."""
    return tuple(_line(dict(entry)) for entry in entries) or (Line("online", ONLINE, title, clause),)


def _line(entry: dict[str, Any]) -> Line:
    also, levels = entry.pop("also", []), entry.pop("levels", [])
    percent, lowest = entry.pop("uplift_percent", 0), entry.pop("uplift_from", 0)
    given = tuple(_level(no, one, percent if no >= lowest else 0) for no, one in enumerate(levels, 1))
    clauses = (entry["clause"], *also) if levels else ()
    return Line(no=LINES[entry["id"]], clauses=clauses, levels=given, **entry)


def _level(no: int, entry: dict[str, Any], percent: int) -> Level:
    label = {lang: entry[lang] for lang in LANGUAGES}
    return Level(no, label, tuple(entry["words"]), entry["fen"], entry["fen"] * percent // 100)
