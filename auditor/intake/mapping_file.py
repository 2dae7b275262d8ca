"""The file of an auditor's mapping, checked key by key: whatever is wrong with it ends in a sentence (exit code 2)."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from auditor import mask
from auditor.fault import Exit, Fault, because
from auditor.intake.mapping import NONE, UNITS, Entry, Mapping
from auditor.intake.order import ORDERS
from auditor.schema import tables
from auditor.words import phrase

_KEYS = ("file", "sheet", "header_row", "table", "columns", "skip", "units", "dates", "nicknamed", "estimated")


def load(path: Path) -> Mapping:
    """Raises Fault (exit code 2)."""
    try:
        content = path.read_bytes()
        data = tomllib.loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except OSError as error:
        raise Fault(Exit.USAGE, "option_unopened", option="--mapping", path=path, error=because(error)) from error
    except tomllib.TOMLDecodeError as error:
        where = re.search(r"line (\d+)", str(error))
        line = where[1] if where else content.count(b"\n") + 1
        raise Fault(Exit.USAGE, "mapping_toml", path=path, line=line) from error
    except UnicodeDecodeError as error:
        raise Fault(Exit.USAGE, "mapping_text", path=path) from error
    listed = data.get("sheets")
    if set(data) != {"sheets"} or not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Fault(Exit.USAGE, "mapping_shape", path=path)
    entries = tuple(_read(_Reader(path, place), place, entry) for place, entry in enumerate(listed, 1))
    return Mapping(path, entries, hashlib.sha256(content).hexdigest(), len(content))


@dataclass(frozen=True)
class _Reader:
    path: Path
    place: int

    def fault(self, said: str, **values: object) -> Fault:
        return Fault(Exit.USAGE, said, entry=phrase("where.mapping", path=self.path, place=self.place), **values)

    def must(self, holds: bool, said: str, **values: object) -> None:
        if not holds:
            raise self.fault(said, **values)


def _read(reader: _Reader, place: int, data: dict[str, Any]) -> Entry:
    unknown = sorted(set(data) - set(_KEYS))
    reader.must(not unknown, "mapping_unknown", wrong=[mask.text(name) for name in unknown], keys=_KEYS)
    file, sheet, table, row = (data.get(key) for key in ("file", "sheet", "table", "header_row"))
    if not _is_text(file) or not isinstance(file, str):
        raise reader.fault("mapping_lacks", name="file")
    reader.must(sheet is None or isinstance(sheet, str), "mapping_lacks", name="sheet")
    if not _is_text(table) or not isinstance(table, str):
        raise reader.fault("mapping_open", tables=[*tables(), NONE])
    if table == NONE:
        return Entry(place, file, sheet, 0, NONE)
    reader.must(table in tables(), "mapping_table", name=mask.text(table), tables=[*tables(), NONE])
    if type(row) is not int or row < 0:
        raise reader.fault("mapping_header_row")
    columns, known = data.get("columns"), tables()[table].columns
    if not isinstance(columns, dict) or not columns:
        raise reader.fault("mapping_no_columns", table=tables()[table].label)
    for name in columns:
        near = get_close_matches(name, known, 1)
        hint = phrase("fault.near", name=near[0]) if near else ""
        reader.must(name in known, "mapping_field", name=mask.text(name), table=table, hint=hint, known=list(known))
    read = {name: _column(reader, name, written) for name, written in columns.items()}
    for name, written in _table(reader, data, "units").items():
        reader.must(name in read, "mapping_unit_of", name=mask.text(name))
        units = UNITS.get(known[name].kind, {})
        reader.must(written in list(units), "mapping_unit", name=name, choices=list(units) or ["—"])
        read[name][1]["unit"] = units[written]
    for group in tables()[table].one_of:
        labels = [known[name].label for name in group]
        lacking = {"fields": list(group), "labels": labels, "table": tables()[table].label}
        reader.must(not read.keys().isdisjoint(group), "mapping_needs", **lacking)
    dates = data.get("dates")
    reader.must(dates is None or dates in ORDERS, "mapping_dates", choices=ORDERS)
    flags = {name: data[name] for name in ("nicknamed", "estimated") if name in data}
    reader.must(all(type(value) is bool for value in flags.values()), "mapping_flag", keys=sorted(flags))
    rest = flags | ({"dates": dates} if dates else {})
    return Entry(place, file, sheet, row, table, read, _skip(reader, data.get("skip", [])), rest)


def _column(reader: _Reader, name: str, written: Any) -> tuple[list[str | int], dict[str, Any]]:
    """`"header"`, `"C"`, `3`, several of them, or `{ from = …, pattern = … }`."""
    more: dict[str, Any] = {}
    if isinstance(written, dict):
        reader.must("from" in written and set(written) <= {"from", "pattern"}, "mapping_column", name=name)
        more = {key: value for key, value in written.items() if key != "from"}
        reader.must(_is_pattern(more.get("pattern", "()"), 1), "mapping_pattern", name=name)
        written = written["from"]
    several = written if isinstance(written, list) else [written]
    fine = bool(several) and all(_is_text(one) or (type(one) is int and one > 0) for one in several)
    reader.must(fine, "mapping_column", name=name)
    return several, more


def _skip(reader: _Reader, listed: Any) -> tuple[dict[str, Any], ...]:
    fine = isinstance(listed, list) and all(
        isinstance(one, dict)
        and set(one) in ({"column", "is"}, {"column", "like"})
        and (_is_text(one["column"]) or type(one["column"]) is int)
        and (_is_pattern(one["like"], 0) if "like" in one else _are_texts(one["is"]))
        for one in listed
    )
    reader.must(fine, "mapping_skip")
    return tuple(listed)


def _table(reader: _Reader, data: dict[str, Any], key: str) -> dict[str, Any]:
    reader.must(isinstance(data.get(key, {}), dict), "mapping_lacks", name=key)
    return dict(data.get(key, {}))


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _is_pattern(value: Any, groups: int) -> bool:
    """Whether the engine reads it as a regular expression of at least so many groups."""
    if not isinstance(value, str):
        return False
    try:
        pl.Series([""]).str.contains(value)
        return re.compile(value).groups >= groups
    except (pl.exceptions.ComputeError, re.error):
        return False
