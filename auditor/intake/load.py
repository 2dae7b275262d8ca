"""Files → staged Parquet parts, one a batch, with numbers for texts; and an account of every row of every sheet."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TypeVar

import polars as pl

from auditor.fault import unauditable
from auditor.intake import files, times
from auditor.intake.batch import MISSING, TEXT_KINDS, UNREADABLE, convert, is_demanded, sift, trouble
from auditor.intake.memory import Memory
from auditor.intake.recognise import Recognition, is_about_people, is_answer_key, recognise
from auditor.intake.sheet import Aside, Sheet, TextBatch
from auditor.intake.text import clean
from auditor.schema import Table, tables

ROWS = 1 << 40  # row_id = source_no * ROWS + the row as Excel shows it: more than a sheet can have
_EVIDENCE = 5_000  # rows that decide a unit
_NUMBERS = r"(?-u:\b)[1-9]\d{16}[\dX](?-u:\b)"
_WORKERS = 2  # batches converted at once: memory grows with it
Say = Callable[[str], None]
_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass
class Source:
    """One sheet: where it is, what it was taken for, and what became of its rows."""

    no: int
    file: str
    sheet: str
    table: str | None
    header_row: int | None
    columns: dict[str, str]  # header → field
    unrecognised: list[str]
    read: int = 0
    aside: dict[str, int] = field(default_factory=dict)
    unread: bool = False  # not recognised, although it seems to be about people
    notes: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.read + sum(self.aside.values())


@dataclass
class Intake:
    """Everything that was read. `parts`: table → staged Parquet files; `recorded`: fields with at least one value."""

    sources: list[Source]
    hashes: dict[str, tuple[str, int]]  # file → SHA-256, bytes
    passed_over: list[str]
    parts: dict[str, list[Path]]
    troubles: pl.DataFrame  # field, kind, shown, row_id, table_name
    asides: pl.DataFrame  # source_no, source_row, reason, id_text (each identity number found in a torn row, else null)
    texts: dict[str, pl.DataFrame]  # text field → no, rank, text, and what its kind knows
    others: dict[str, pl.DataFrame]  # text field → staged codes that stand for another `no`
    recorded: set[str]

    @property
    def tables(self) -> set[str]:
        return set(self.parts)


@dataclass(frozen=True)
class _Part:
    """A staged batch. `filled`: fields with a value; `codes`: of its text fields, the distinct codes."""

    path: Path
    rows: int
    troubles: pl.DataFrame
    asides: list[Aside]
    filled: set[str]
    codes: dict[str, pl.Series]


class _Loader:
    def __init__(self, work: Path, demanded: Collection[str], say: Say) -> None:
        self.work, self.demanded, self.say = work, demanded, say
        self.sources: list[Source] = []
        self.parts: dict[str, list[Path]] = {}
        self.troubles: list[pl.DataFrame] = []
        self.asides: list[pl.DataFrame] = []
        self.recorded: set[str] = set()
        self.memories = {
            column.name: Memory(column.kind)
            for table in tables().values()
            for column in table.columns.values()
            if column.kind in TEXT_KINDS
        }

    def sheet(self, sheet: Sheet) -> None:
        found = recognise(sheet)
        source = self._source(sheet, found)
        asides: list[Aside] = []
        if found is None:
            width = max((len(row) for row in sheet.head), default=1)
            rows = [row for batch in sheet.open(-1, width, asides) for row in batch.rows.to_list()]
            practice = is_answer_key(sheet)
            asides.append(Aside("练习数据的答案" if practice else "不是可识别的表", rows))
            source.unread = not practice and is_about_people(sheet)
        else:
            asides.append(Aside("表头以上的标题行", list(range(1, found.header + 1))))
            asides.append(Aside("表头", [found.header + 1]))
            batches = _ahead(sheet.open(found.header, len(found.names), asides))
            if (first := next(batches, None)) is not None:
                settled = _settle(found, first, source)
                parts = []
                for part in _in_order(partial(self._part, settled, source), enumerate(chain([first], batches))):
                    asides += part.asides
                    source.read += part.rows
                    parts.append(part)
                    self.say(f"{source.file} {source.sheet}".strip() + f"：已读 {source.read:,} 行")
                if source.read:
                    self._keep(settled.table, parts)
        for aside in asides:
            if aside.rows:
                source.aside[aside.reason] = source.aside.get(aside.reason, 0) + len(aside.rows)
                self._note(aside, source)

    def _source(self, sheet: Sheet, found: Recognition | None) -> Source:
        source = Source(len(self.sources) + 1, sheet.file, sheet.name, None, None, {}, [])
        if found:
            source.table, source.header_row = found.table.name, found.header + 1
            source.columns = {found.shown(place): name for name, place in found.fields.items()}
            source.unrecognised = found.unrecognised
        self.sources.append(source)
        return source

    def _part(self, found: Recognition, source: Source, numbered: tuple[int, TextBatch]) -> _Part:
        """Convert and stage one batch. Called from several threads at once."""
        place, texts = numbered
        table, asides = found.table, list[Aside]()
        wanted = {name for name in table.columns if self._wants(table, name)}
        batch = convert(found, sift(found, texts, asides), wanted, self.memories)
        row_id = batch.rows.select(row_id=pl.col("source_row") + source.no * ROWS)
        rows = row_id.hstack(_completed(table, batch.rows))
        path = self.work / f"{table.name}-{source.no:05}-{place:06}.parquet"
        rows.write_parquet(path, compression="snappy", statistics=False)
        troubles = batch.troubles.select(
            "field", "kind", "shown", row_id=rows["row_id"].gather(batch.troubles["row"]), table_name=pl.lit(table.name)
        )
        filled = {name for name in batch.rows.columns[1:] if rows[name].null_count() < len(rows)}
        codes = {name: rows[name].unique().drop_nulls() for name in filled if table.columns[name].kind in TEXT_KINDS}
        return _Part(path, len(rows), troubles, asides, filled - codes.keys(), codes)

    def _wants(self, table: Table, name: str) -> bool:
        return f"{table.name}.{name}" in self.demanded

    def _keep(self, table: Table, parts: list[_Part]) -> None:
        """What a whole sheet tells: which fields are recorded, and what is wrong with its texts."""
        self.parts.setdefault(table.name, []).extend(part.path for part in parts)
        self.troubles += [part.troubles for part in parts if len(part.troubles)]
        self.recorded |= {f"{table.name}.{name}" for part in parts for name in part.filled}
        for name in {name: None for part in parts for name in part.codes}:
            column = table.columns[name]
            used = pl.concat([part.codes[name] for part in parts if name in part.codes]).unique()
            read = self.memories[name].read(table.name, column, used)
            if read["no"].null_count() < len(read):
                self.recorded.add(f"{table.name}.{name}")
            if column.kind != "identity" and read["no"].null_count():  # a bad number is said by rules of its own
                self.troubles += [_bad(part.path, table, name, read, self._wants(table, name)) for part in parts]

    def _note(self, aside: Aside, source: Source) -> None:
        texts = aside.texts or [""] * len(aside.rows)
        numbers = pl.Series(texts, dtype=pl.String).str.to_uppercase().str.extract_all(_NUMBERS)
        self.asides.append(
            pl.DataFrame({"source_row": pl.Series(aside.rows, dtype=pl.Int64), "id_text": numbers})
            .explode("id_text", empty_as_null=True)  # an opened quote makes one torn row of many
            .with_columns(source_no=pl.lit(source.no, dtype=pl.Int64), reason=pl.lit(aside.reason))
        )  # fmt: skip


def _completed(table: Table, rows: pl.DataFrame) -> pl.DataFrame:
    """Every field of the table, null where the sheet has none; of sessions the day of the start, and their end where it
    only follows from the length."""
    absent = [name for name in table.columns if name not in rows.columns]
    text = {name for name, column in table.columns.items() if column.kind in TEXT_KINDS}
    rows = rows.with_columns(pl.lit(None, pl.UInt32 if name in text else pl.Int64).alias(name) for name in absent)
    if table.name != "sessions":
        return rows.select(*table.columns)
    if "end_at" in absent:
        rows = rows.with_columns(end_at=pl.col("start_at") + pl.col("duration"))
    start = pl.from_epoch("start_at", time_unit="s")
    day = start.dt.year().cast(pl.Int64) * 10_000 + start.dt.month().cast(pl.Int64) * 100 + start.dt.day()
    return rows.select(day.alias("start_day"), *table.columns)


def _bad(part: Path, table: Table, name: str, read: pl.DataFrame, wanted: bool) -> pl.DataFrame:
    """Troubles of the rows of a part whose text is missing or unreadable."""
    bad = read.filter(pl.col("no").is_null()).select(pl.col("code").cast(pl.UInt32), "shown")
    rows = pl.read_parquet(part, columns=["row_id", name]).join(bad, left_on=name, right_on="code")
    unread = rows.filter(pl.col("shown").is_not_null())
    found = [trouble(unread["row_id"], name, UNREADABLE, unread["shown"])]
    empty = rows.filter(pl.col("shown").is_null())
    if len(empty) and is_demanded(table.name, table.columns[name], wanted):
        found.append(trouble(empty["row_id"], name, MISSING, empty["shown"]))
    return pl.concat(found).select("field", "kind", "shown", row_id="row", table_name=pl.lit(table.name))


def _ahead(batches: Iterator[TextBatch]) -> Iterator[TextBatch]:
    """The same batches, the next one already being read while the last is worked on."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch


def _in_order(work: Callable[[_In], _Out], items: Iterable[_In]) -> Iterator[_Out]:
    """`work` of each item, several at once, in the order of the items."""
    with ThreadPoolExecutor(_WORKERS) as pool:
        waiting: deque[Future[_Out]] = deque()
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > _WORKERS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _settle(found: Recognition, batch: TextBatch, source: Source) -> Recognition:
    """Decide what only the data can tell: the unit of bare numbers in a duration column. A column whose unit nobody
    states is left out, and the source says so."""
    fields, units = dict(found.fields), dict(found.units)
    decided: int | None = None
    for name in [name for name in ("duration", "total_time", "minutes") if name in fields and not units.get(name)]:
        figures = times.bare(_first(batch, fields[name]))
        if figures.null_count() == len(figures):
            continue
        if name == "duration" and {"start_at", "end_at"} <= set(fields):
            decided = _unit(figures, batch, fields)
        header = found.shown(fields[name])
        if decided is None:
            del fields[name]
            source.columns.pop(header, None)
            source.notes.append(
                f"“{header}”只有数字、没有单位，起止时间也不能说明单位，未读取；请在表头注明（分钟）或（秒）。"
            )
        else:
            units[name] = decided
            unit = {1: "秒", 60: "分钟", 3600: "小时"}[decided]
            source.notes.append(f"“{header}”没有写单位，按起止时间核对为{unit}。")
    if found.table.name == "claims" and "amount" not in fields:
        source.notes.append("没有识别到金额列，按通知标准每人计。")
    if found.table.name == "sessions" and "end_at" not in fields and "duration" in fields:
        source.notes.append("没有结束时间，按开始时间加本次学习时长推算。")
    return replace(found, fields=fields, units=units)


def _first(batch: TextBatch, place: int) -> pl.Series:
    return clean(batch.column(place).head(_EVIDENCE))


def _unit(figures: pl.Series, batch: TextBatch, fields: dict[str, int]) -> int | None:
    """The unit (seconds) in which most bare numbers agree with end − start, or None."""
    start, end = (times.seconds(_first(batch, fields[name])) for name in ("start_at", "end_at"))
    length = end - start
    known = figures.is_not_null() & length.is_not_null() & (length > 0)
    for unit in (1, 60, 3600):
        near = ((figures * unit - length).abs() <= unit).filter(known)
        if len(near) and near.sum() * 2 > len(near):
            return unit
    return None


def load(paths: list[Path], work: Path, demanded: Collection[str], say: Say, skip: Path | None = None) -> Intake:
    """Read every file of `paths`. `demanded`: `table.field` that must be filled in every row; `work`: for the staged
    parts; `skip`: a folder of ours that is no input.

    Raises Fault (exit code 3) when a file cannot be read or nothing is recognised.
    """
    found, passed_over = files.find(paths, skip)
    loader = _Loader(work, demanded, say)
    with ThreadPoolExecutor(1) as pool:
        hashes = [(file, pool.submit(files.digest, file.path)) for file in found]
        for file in found:
            for sheet in files.sheets(file):
                loader.sheet(sheet)
        digests = {file.label: (digest.result(), file.path.stat().st_size) for file, digest in hashes}
    if not loader.parts and (empty := [source for source in loader.sources if source.table]):
        names = "、".join(source.file for source in empty[:5])
        raise unauditable(f"{names}：认出了表头，但下面没有数据行；请核对导出的范围，向平台重新导出。")
    if not loader.parts:
        headers = "、".join(table.label["zh"] for table in tables().values())
        names = "、".join(file.label for file in found[:5])
        raise unauditable(
            f"{names}：没有一张表能识别为{headers}；请核对表头（可用 auditor list schemas 查看能识别的列名）。"
        )
    trouble_columns = {"field": pl.String, "kind": pl.String, "shown": pl.String, "row_id": pl.Int64,
                       "table_name": pl.String}  # fmt: skip
    aside_columns = {"source_row": pl.Int64, "id_text": pl.String, "source_no": pl.Int64, "reason": pl.String}
    return Intake(
        sources=loader.sources,
        hashes=digests,
        passed_over=passed_over,
        parts=loader.parts,
        troubles=pl.concat(loader.troubles) if loader.troubles else pl.DataFrame(schema=trouble_columns),
        asides=pl.concat(loader.asides) if loader.asides else pl.DataFrame(schema=aside_columns),
        texts={name: memory.table() for name, memory in loader.memories.items()},
        others={name: memory.others() for name, memory in loader.memories.items()},
        recorded=loader.recorded,
    )
