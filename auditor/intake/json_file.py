"""JSON as tables: a record a row, a path to a value a column (`context.course_id`).

A file holds records as lines (with whatever a log writes before the first brace), as elements of a list, or as objects
that follow each other. One object alone is one record, and every list of objects in it a sheet of its own. A record is
numbered as it stands in the file: the line, or the element. Of two values under one key the first counts.

A list is a column with its JSON text, and the values of its first element are columns (`grouping.0.id`). Whole numbers
stand as in the file. A number with a fraction or an exponent has been a float, so where it is whole and longer than 15
digits it carries the mark NUMBER, which makes it damaged.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator
from functools import partial
from io import BytesIO
from itertools import islice
from typing import Any, TypeAlias

import polars as pl
import pyarrow as pa
from pyarrow import compute

from auditor import mask
from auditor.fault import unauditable
from auditor.intake import json_cut
from auditor.intake.json_cut import Records
from auditor.intake.readable import Readable
from auditor.intake.sheet import BLANK, HEAD_ROWS, TORN, Aside, Sheet, TextBatch
from auditor.intake.text import NUMBER
from auditor.store import Scratch, text
from auditor.words import Words, phrase

SUFFIXES = (".json", ".jsonl", ".ndjson")
_GLANCE = 1 << 16  # bytes by which a file is told to be JSON
_LINES = 50  # lines of them that are looked at
_PIECES, _PIECE = 64, 1 << 19  # of a long file of lines, where columns are looked for
_DEEP, _COLUMNS = 8, 1000  # below and beyond, objects are JSON texts and paths are named in a note: keys may be data
_CHUNK = 8192  # records that one thread reads at a time
_Path: TypeAlias = tuple[str, ...]
_Cut: TypeAlias = Callable[[], Iterator[Records]]

_LOGGED = """CASE WHEN ascii(record) = 123 THEN record
    WHEN strpos(record, '{') > 0 THEN substr(record, strpos(record, '{')) END"""
_BARE = "CASE WHEN ascii(ltrim(record, e' \\t\\r\\n')) = 123 THEN record END"


def holds(path: Readable) -> bool:
    """Whether the beginning of a file is JSON records."""
    return _form(path) is not None


def sheets(path: Readable, label: str) -> list[Sheet]:
    """The sheets of a JSON file. Raises Fault when it is empty or its beginning no JSON."""
    if path.stat().st_size == 0:
        raise unauditable("empty", file=label)
    if (cut := _form(path)) is None:
        raise unauditable("no_json", file=label)

    def records() -> Iterator[Records]:
        with path.open("rb") as stream:
            yield from cut(json_cut.blocks(stream), label)

    whole = path.stat().st_size <= json_cut.BLOCK
    sample = list(records() if whole else _spread(path, label) if cut is json_cut.lines else islice(records(), 2))
    if cut is json_cut.values and sum(len(part.texts) for part in sample) == 1:
        return _document(records, sample, label)
    return [_Table(records, sample, _LOGGED if cut is json_cut.lines else _BARE).sheet(label, "", whole)]


def _form(path: Readable) -> Callable[[Iterator[bytes], str], Iterator[Records]] | None:
    """How the records are cut, by the beginning of the file; None where it is no JSON."""
    with path.open("rb") as stream:
        start = next(json_cut.blocks(stream, _GLANCE), b"").lstrip()
    if re.match(rb"\[\s*[\[{\]]", start):
        return json_cut.elements
    said = start.split(b"\n")
    said = [line for line in said[: -1 if len(start) >= _GLANCE and len(said) > 1 else None] if line.strip()][:_LINES]
    whole = list(map(_is_record, said))
    bare = [one and line.lstrip().startswith(b"{") for one, line in zip(whole, said, strict=True)]
    led = whole[:1] == [True] and 2 * sum(whole) > len(
        said
    )  # in a table with JSON in its cells the header stands first
    if (bare[:1] == [True] or led or 2 * sum(bare) > len(said)) and not (len(said) == 1 and bare[0]):
        return json_cut.lines
    return json_cut.values if re.match(rb'\{\s*["}]', start) else None


def _is_record(line: bytes) -> bool:
    """Whether an object stands in a line, behind whatever a log writes first."""
    try:
        return isinstance(json.loads(line[line.find(b"{") :]), dict)
    except (ValueError, RecursionError):
        return False


def _spread(path: Readable, label: str) -> Iterator[Records]:
    """Lines from all over a long file."""
    with path.open("rb") as stream:
        for piece in range(_PIECES):
            stream.seek(piece * path.stat().st_size // _PIECES)
            raw = stream.read(_PIECE)
            raw = raw[raw.find(b"\n") + 1 if piece else 0 : raw.rfind(b"\n") + 1]
            yield from json_cut.lines(json_cut.blocks(BytesIO(raw)), label)


def _document(records: _Cut, sample: list[Records], label: str) -> list[Sheet]:
    """One object: a record, beside a sheet for every list of objects in it."""
    table = _Table(records, sample, _BARE)
    if not table.shapes:
        raise unauditable("no_json", file=label)
    inner = list(dict.fromkeys(path for shape in table.shapes for path in _lists(shape)))
    found = [_Table(partial(_list, records, path, label), None, _BARE) for path in inner]
    names = [mask.text(".".join(path)) for path in inner]
    table.paths = [path for path in table.paths if not any(path[: len(list_)] == list_ for list_ in inner)]
    own = [table.sheet(label, "", True)] if table.paths or not inner else []
    return own + [one.sheet(label, name, True) for name, one in zip(names, found, strict=True)]


def _lists(shape: Any, path: _Path = ()) -> Iterator[_Path]:
    """Paths of lists of objects that lead through objects only."""
    if isinstance(shape, dict) and len(path) < _DEEP:
        for key, value in shape.items():
            yield from _lists(value, (*path, key))
    elif isinstance(shape, list) and shape and isinstance(shape[0], dict):
        yield path


def _list(records: _Cut, path: _Path, label: str) -> Iterator[Records]:
    said = next(records()).texts
    whole = Scratch().frame(
        f"SELECT json_extract(record, {text(_pointer(path))})::TEXT AS list FROM records", _rows(said)
    )
    yield from json_cut.elements([whole["list"][0].encode()], label)


class _Table:
    """Records of one file. `sample`: those in which the columns are looked for; `record`: SQL that takes the JSON out
    of one."""

    def __init__(self, records: _Cut, sample: list[Records] | None, record: str) -> None:
        self.records, self.record = records, record
        self.sample = list(records()) if sample is None else sample
        self.shapes = self._shapes()
        self.paths = list(dict.fromkeys(path for shape in self.shapes for path in _leaves(shape)))

    def sheet(self, label: str, name: str, whole: bool) -> Sheet:
        """`whole`: whether the sample is all there is."""
        notes: list[Words] = []
        count = sum(len(part.texts) for part in self.sample)
        if not whole:
            notes.append(phrase("note.json_sample", count=count))
        if len(self.paths) > _COLUMNS:
            notes.append(phrase("note.json_columns", count=len(self.paths), kept=_COLUMNS))
        paths = self.paths[:_COLUMNS]
        top = [batch.cells for batch in self._batches(self.sample[:1], paths, range(len(paths)), [], HEAD_ROWS - 1)]
        cells = [[(cell or "").strip(NUMBER) for cell in row] for frame in top for row in frame.rows()]
        head = [[".".join(path) for path in paths], *cells]
        del self.sample

        def narrowed(places: Collection[int] | None = None) -> Sheet:
            def read(header: int, width: int, asides: list[Aside]) -> Iterator[TextBatch]:
                chosen = range(width) if places is None else sorted(places)
                return self._batches(self.records(), paths, chosen, asides)

            return Sheet(label, name, head, read, headed=False, notes=tuple(notes), narrowed=narrowed)

        return narrowed()

    def _shapes(self) -> list[dict[str, Any]]:
        """The distinct nestings of keys in the sample, in the order of their first record."""
        engine = Scratch()
        sql = f"""SELECT shape, CASE WHEN shape IS NULL THEN TRY(json_keys(record)) END AS keys
            FROM (SELECT TRY(json_structure(record)) AS shape, record
                  FROM (SELECT {self.record} AS record FROM records) AS bare) AS shaped"""
        frames = [engine.frame(sql, _rows(part.texts)).unique(maintain_order=True) for part in self.sample]
        found = pl.concat(frames).unique(maintain_order=True).rows() if frames else []
        shapes = [json.loads(shape) if shape else dict.fromkeys(keys or [], "JSON") for shape, keys in found]
        return [shape for shape in shapes if shape and isinstance(shape, dict)]

    def _batches(
        self, records: Iterator[Records] | list[Records], paths: list[_Path], places: Collection[int],
        asides: list[Aside], most: int | None = None,
    ) -> Iterator[TextBatch]:  # fmt: skip
        engine, torn, blank = Scratch(), Aside(TORN, []), Aside(BLANK, [])
        pointers = {str(place): _pointer(paths[place]) for place in places if place < len(paths)}
        for part in records:
            rows = _rows(part.texts if most is None else part.texts[:most])
            cells = self._cells(engine, rows, pointers)
            numbers = pl.int_range(part.first, part.first + len(cells), dtype=pl.Int64, eager=True)
            bad = cells.drop_in_place("torn")
            if bad.any():
                said = pl.Series(pl.from_arrow(rows["record"].filter(bad.to_arrow())))
                empty = said.str.strip_chars() == ""
                blank.rows += numbers.filter(bad).filter(empty).to_list()
                torn.rows += numbers.filter(bad).filter(~empty).to_list()
                torn.texts += said.filter(~empty).to_list()
                cells, numbers = cells.filter(~bad), numbers.filter(~bad)
            if len(numbers):
                yield TextBatch(cells, numbers)
        asides += [aside for aside in (torn, blank) if aside.rows]

    def _cells(self, engine: Scratch, rows: pa.Table, pointers: dict[str, str]) -> pl.DataFrame:
        """The values at `pointers` as texts, in columns of their names, and `torn`: whether a record is no object."""
        bare = compute.all(compute.starts_with(rows["record"], "{")).as_py()
        record = "record" if bare else self.record
        cells = engine.frame(_sql("json_extract_string", record, pointers), rows)
        empty = [name for name in pointers if (cells[name].str.len_bytes() == 0).any()]
        cells = cells.with_columns(pl.when(pl.col(name).str.len_bytes() > 0).then(name) for name in empty)
        if odd := {name: pointer for name, pointer in pointers.items() if _may_be_typed(cells[name])}:
            kinds = engine.frame(_sql("json_type", record, odd), rows)
            cells = cells.with_columns(_shown(cells[name], kinds[name]).alias(name) for name in odd)
        return cells


def _sql(function: str, record: str, pointers: dict[str, str]) -> str:
    columns = "".join(f', v[{place + 1}] AS "{name}"' for place, name in enumerate(pointers))
    wanted = ", ".join(map(text, pointers.values())) or "'/'"
    return f"""SELECT v IS NULL AS torn{columns}
        FROM (SELECT TRY({function}({record}, [{wanted}])) AS v FROM records) AS extracted"""


def _may_be_typed(cells: pl.Series) -> bool:
    return bool(((cells == "true") | (cells == "false") | cells.str.ends_with(".0")).any())


def _shown(cells: pl.Series, kinds: pl.Series) -> pl.Series:
    """true and false as a workbook says them; a whole number that has been a float without its `.0`."""
    cell, kind = cells.alias("cell"), kinds.alias("kind")
    whole = pl.col("cell").str.strip_suffix(".0")
    said = (
        pl.when(kind=pl.lit("BOOLEAN")).then(pl.when(cell=pl.lit("true")).then(pl.lit("是")).otherwise(pl.lit("否")))
        .when((pl.col("kind") == "DOUBLE") & pl.col("cell").str.ends_with(".0"))
        .then(pl.when(whole.str.strip_prefix("-").str.len_bytes() <= 15).then(whole).otherwise(NUMBER + pl.col("cell")))
        .otherwise("cell")
    )  # fmt: skip
    return pl.DataFrame([cell, kind]).select(said.alias("cell")).to_series()


def _leaves(shape: Any, path: _Path = ()) -> Iterator[_Path]:
    """Paths to values, to lists, to the values of the first element of a list, and to objects too deep."""
    if isinstance(shape, dict) and len(path) < _DEEP:
        for key, value in shape.items():
            if "\x00" not in key:
                yield from _leaves(value, (*path, key))
        return
    yield path
    if isinstance(shape, list) and shape and isinstance(shape[0], dict):
        yield from _leaves(shape[0], (*path, "0"))


def _pointer(path: _Path) -> str:
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in path)


def _rows(texts: pa.LargeStringArray) -> pa.Table:
    chunks = [texts[start : start + _CHUNK] for start in range(0, len(texts), _CHUNK)]
    return pa.table({"record": pa.chunked_array(chunks, pa.large_string())})
