"""Two makings of one paper: where they first differ, in words. A database keeps its pages in an order of its own; that
is no difference."""

import json
import zipfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

from auditor.store import EngineError, Store, text
from auditor.words import Words, phrase

# Columns that number rows in the order in which threads came to them; nothing outside the database knows them.
_WORKING = {"finding_rows": "raised_no"}
_SHOWN = 60


def differs(old: Path, new: Path, work: Path) -> Words | None:
    """Where `old` is another paper than `new`, both of one name; None where they are the same. `work`: an empty place
    for what does not fit in memory."""
    if _same_bytes(old, new):
        return None
    match old.suffix:
        case ".json":
            return _json(old, new)
        case ".parquet" | ".duckdb":
            return _tables(old, new, work)
        case ".xlsx" | ".docx":
            return _members(old, new)
        case ".html":
            return _lines(old, new)
        case ".pdf":
            return phrase("verify.pdf", old=old.stat().st_size, new=new.stat().st_size)
    return phrase("verify.sizes", old=old.stat().st_size, new=new.stat().st_size)


def _same_bytes(old: Path, new: Path) -> bool:
    if old.stat().st_size != new.stat().st_size:
        return False
    with old.open("rb") as one, new.open("rb") as other:
        while block := one.read(1 << 20):
            if block != other.read(1 << 20):
                return False
    return True


def _json(old: Path, new: Path) -> Words:
    try:
        one = json.loads(old.read_bytes())
    except (ValueError, RecursionError):
        return phrase("verify.no_json")
    found = next(_paths(one, json.loads(new.read_bytes())), None)
    if found is None:
        return phrase("verify.spelling")
    place, was, now = found
    return phrase("verify.key", place=place or "—", old=_value(was), new=_value(now))


def _paths(old: Any, new: Any, place: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Where two JSON values differ, in their order."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*new, *old]):
            yield from _paths(old.get(key), new.get(key), f"{place}.{key}" if place else key)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _paths(one, other, f"{place}[{number}]")
    elif old != new or type(old) is not type(new):
        yield place, old, new


def _value(value: Any) -> Words | str:
    """Texts may be people's: only that there is one."""
    if isinstance(value, str):
        return phrase("verify.a_text", count=len(value))
    if isinstance(value, list | dict):
        return phrase("verify.a_list", count=len(value))
    return json.dumps(value)[:_SHOWN]


def _members(old: Path, new: Path) -> Words:
    """The parts of a package that differ."""
    try:
        with zipfile.ZipFile(old) as one, zipfile.ZipFile(new) as other:
            names = list(dict.fromkeys([*other.namelist(), *one.namelist()]))
            found = [name for name in names if _member(one, name) != _member(other, name)]
    except (OSError, zipfile.BadZipFile, EOFError, ValueError, RuntimeError, NotImplementedError):
        return phrase("verify.no_package")
    return phrase("verify.members", count=len(found), names=found[:3]) if found else phrase("verify.packing")


def _member(package: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        return package.read(name)
    except (KeyError, zipfile.BadZipFile, OSError, EOFError):
        return None
    except Exception as error:  # zlib.error of a damaged stream
        if type(error).__module__ == "zlib":
            return None
        raise


def _lines(old: Path, new: Path) -> Words:
    with old.open("rb") as one, new.open("rb") as other:
        pairs = enumerate(zip_longest(one, other), 1)
        line = next((number for number, (was, now) in pairs if was != now), 0)
    return phrase("verify.line", line=line)


def _tables(old: Path, new: Path, work: Path) -> Words | None:
    """Compared by what is in them: columns, and rows whatever their order."""
    store = Store(Path(":memory:"), work)
    try:
        places = _places(store, old, new)
    except EngineError:
        return phrase("verify.no_tables")
    try:
        for name, (one, other) in places.items():
            if found := _table(store, name, one, other):
                return found
        return _views(store) if old.suffix == ".duckdb" else None
    except EngineError:
        return phrase("verify.no_tables")
    finally:
        store.close()


def _places(store: Store, old: Path, new: Path) -> dict[str, tuple[str | None, str | None]]:
    """Table → where each of the two has it."""
    if old.suffix == ".parquet":
        return {"": (f"read_parquet({text(str(old))})", f"read_parquet({text(str(new))})")}
    for name, path in (("was", old), ("now", new)):
        store.run(f"ATTACH {text(str(path))} AS {name} (READ_ONLY)")
    tables = "SELECT table_name FROM duckdb_tables() WHERE database_name = '{}' ORDER BY 1"
    held = {name: [row[0] for row in store.rows(tables.format(name))] for name in ("was", "now")}
    return {
        table: tuple(f"{name}.main.{_quoted(table)}" if table in held[name] else None for name in ("was", "now"))  # type: ignore[misc]
        for table in dict.fromkeys([*held["now"], *held["was"]])
    }


def _table(store: Store, name: str, old: str | None, new: str | None) -> Words | None:
    if old is None or new is None:
        return phrase("verify.table_lacks", table=name)
    working = _WORKING.get(name)
    columns = [
        [column for column in store.columns(f"SELECT * FROM {place}") if column != working] for place in (old, new)
    ]
    if columns[0] != columns[1]:
        extra = [
            column
            for column in dict.fromkeys(columns[0] + columns[1])
            if (column in columns[0]) != (column in columns[1])
        ]
        return phrase("verify.columns", table=name or "—", columns=extra or columns[0])
    listed = ", ".join(map(_quoted, columns[0]))
    sums = [store.rows(f"SELECT count(*), sum(hash(t)) FROM (SELECT {listed} FROM {place}) t") for place in (old, new)]
    if sums[0] == sums[1]:
        return None
    gone, come = (
        store.value(f"SELECT count(*) FROM (SELECT {listed} FROM {one} EXCEPT ALL SELECT {listed} FROM {other})")
        for one, other in ((old, new), (new, old))
    )
    values = {"old": sums[0][0][0], "new": sums[1][0][0], "gone": gone, "come": come}
    return phrase("verify.rows_of", table=name, **values) if name else phrase("verify.rows", **values)


def _views(store: Store) -> Words | None:
    sql = "SELECT view_name, sql FROM duckdb_views() WHERE NOT internal AND database_name = '{}' ORDER BY 1"
    one, other = (dict(store.rows(sql.format(name))) for name in ("was", "now"))
    found = [name for name in dict.fromkeys([*other, *one]) if one.get(name) != other.get(name)]
    return phrase("verify.views", names=found) if found else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
