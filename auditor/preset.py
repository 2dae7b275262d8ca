"""presets.toml → the published rules by which a log of events becomes sessions."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from auditor.content import PACKAGE

NUMBERS = ("gap_s", "tail_s", "minimum_s")


@dataclass(frozen=True)
class Preset:
    """A run of events of which none comes more than `gap_s` after the one before is a session; it ends `tail_s` after
    the last; one no longer than `minimum_s` counts no time."""

    id: str
    gap_s: int
    tail_s: int
    minimum_s: int
    label: Mapping[str, str]
    source: str


@cache
def catalogue() -> dict[str, Preset]:
    """Every published rule by id; the first is the default."""
    read = tomllib.loads((PACKAGE / "presets.toml").read_text(encoding="utf-8"))
    return {name: Preset(id=name, **entry) for name, entry in read.items()}


def default() -> Preset:
    return next(iter(catalogue().values()))
