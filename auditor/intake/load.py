"""Files → staged Parquet parts, one a batch, with numbers for texts; and an account of every row of every sheet."""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import chain, repeat
from pathlib import Path
from threading import Event, Thread
from typing import TypeVar

import polars as pl

from auditor import schema
from auditor.fault import Fault, unauditable
from auditor.intake import files, mapping
from auditor.intake.again import told_again
from auditor.intake.batch import TEXT_KINDS
from auditor.intake.mapping import Mapping
from auditor.intake.memory import Memory
from auditor.intake.recognise import Recognition, is_about_people, is_answer_key, recognised_as, tells_times
from auditor.intake.settle import settle
from auditor.intake.shape import shaped
from auditor.intake.sheet import AGAIN, ANSWERS, UNKNOWN, Aside, Sheet, TextBatch
from auditor.intake.source import Source, afterwards, head, told
from auditor.intake.stage import ROWS, SHEETS, Part, bad_texts, stage
from auditor.intake.text import clean, plain
from auditor.schema import Table, tables
from auditor.words import Words, phrase

_NUMBERS = r"(?-u:\b)[1-9]\d{16}[\dX](?-u:\b)"
_SHEETS, _WORKERS = 2, 2  # sheets read at once, and batches of each: memory grows with them
ESTIMATED = "estimated"  # parts: sessions whose end follows from their length, breaks left out
PEOPLED = ("registrations", "sessions", "exams", "claims")
_LARGE = 1 << 20  # bytes of a file that is worth preparing for before it is recognised
_LISTED = 10  # rows set aside that papers name
_AHEAD = 8  # sheets that may be done before an earlier one is
Say = Callable[[Words], None]
_In = TypeVar("_In")
_Out = TypeVar("_Out")


@dataclass
class Intake:
    """Everything that was read. `parts`: table → staged Parquet files; `recorded`: fields with at least one value."""

    sources: list[Source]
    hashes: dict[str, tuple[str, int]]  # file → SHA-256, bytes
    passed_over: list[str]
    parts: dict[str, list[Path]]
    troubles: pl.DataFrame  # field, kind, shown, row_id, table_name
    asides: pl.DataFrame  # source_no, source_row, reason, id_text (each identity number found in a torn row, else null)
    withheld: pl.DataFrame  # account, name: whom rows name that a service wrote, and that are not read
    texts: dict[str, pl.DataFrame]  # text field → no, rank, text, and what its kind knows
    others: dict[str, pl.DataFrame]  # text field → staged codes that stand for another `no`
    recorded: set[str]
    dates: str | None = None  # the order of day and month, as the auditor gave it
    registers: list[int] = field(default_factory=list)  # sheets of the registers of benefits that earlier audits wrote

    @property
    def tables(self) -> set[str]:
        """The tables of which there are rows; sessions also where only events tell of them."""
        return {"sessions" if name in (ESTIMATED, "events") else name for name in self.parts}


_Opened = tuple[Sheet, Recognition | None, Source]
_Read = tuple[Source, Recognition | None, list[Part], list[Aside]]


class _Loader:
    def __init__(
        self, work: Path, demanded: Collection[str], say: Say, dates: str | None, mapped: Mapping | None
    ) -> None:
        self.work, self.demanded, self.say, self.dates, self.mapped = work, demanded, say, dates, mapped
        self.sources: list[Source] = []
        self.passed_over: list[str] = []
        self.registers: list[int] = []
        self.parts: dict[str, list[Path]] = {}
        self.troubles: list[pl.DataFrame] = []
        self.asides: list[pl.DataFrame] = []
        self.withheld: list[pl.DataFrame] = []
        self.recorded: set[str] = set()
        self.ended = Event()
        self.memories = {
            column.name: Memory(column.kind)
            for table in tables().values()
            for column in table.columns.values()
            if column.kind in TEXT_KINDS
        }

    def load(self, found: list[files.InputFile]) -> None:
        """Several sheets at once; what they tell is taken down in their order."""
        for source, recognised, parts, asides in self._in_order(_SHEETS, self._read, self._opened(found), _AHEAD):
            if source.made and recognised:
                self._keep(recognised, parts)
            for aside in asides:
                if aside.rows:
                    source.aside[aside.reason] = source.aside.get(aside.reason, 0) + len(aside.rows)
                    places = sorted([*source.places.get(aside.reason, []), *aside.rows[:_LISTED]])
                    source.places[aside.reason] = places[:_LISTED]
                    self._note(aside, source)
                if aside.who is not None:
                    self.withheld.append(aside.who)

    def leave_out_again(self) -> None:
        """Lists of claims that tell what another one tells."""
        for no, other in told_again(self.parts.get("claims", [])).items():
            source, teller = self.sources[no - 1], self.sources[other - 1]
            self.parts["claims"] = [part for part in self.parts["claims"] if f"-{no:05}-" not in part.name]
            self.troubles = [
                one.filter((pl.col("table_name") != "claims") | (pl.col("row_id") // ROWS != no))
                for one in self.troubles
            ]
            source.aside[AGAIN] = source.aside.get(AGAIN, 0) + source.read
            source.read = source.made = 0
            where = phrase("where.sheet", file=teller.file, sheet=teller.sheet) if teller.sheet else teller.file
            source.notes.append(phrase("note.told_again", where=where))

    def _in_order(
        self, count: int, work: Callable[[_In], _Out], items: Iterable[_In], ahead: int = 0
    ) -> Iterator[_Out]:
        """`work` of each item, `count` at once, in the order of the items; `ahead`: how many may be done while an
        earlier one is not. Where one fails, all end."""
        with ThreadPoolExecutor(count) as pool:
            waiting: deque[Future[_Out]] = deque()
            try:
                for item in items:
                    waiting.append(pool.submit(work, item))
                    if len(waiting) > count + ahead:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            except BaseException:
                self.ended.set()
                raise

    def _opened(self, found: list[files.InputFile]) -> Iterator[_Opened]:
        for file in (inner for given in found for inner in files.unpacked(given, self.passed_over)):
            sheets = self._sheets(file)
            opened = recognised_as(sheets, file.table) if file.table else mapping.told(sheets, self.mapped)
            if not file.sure and not any(found or passed or is_about_people(sheet) for sheet, found, passed in opened):
                self.passed_over.append(file.label)
                continue
            for sheet, recognised, passed in opened:
                source = self._source(sheet, recognised, passed)
                if file.table and recognised:
                    self.registers.append(source.no)
                yield sheet, recognised, source
                _prepare()  # now that something is being read
        if self.mapped:
            self.mapped.refuse_unused([(source.file, source.sheet) for source in self.sources])

    def _sheets(self, file: files.InputFile) -> list[Sheet]:
        """None of a file that only might have been a table and cannot be read, unless people stand in it."""
        if file.path.stat().st_size > _LARGE:
            _prepare()  # beside a workbook that takes its time to open
        try:
            return files.sheets(file)
        except Fault:
            if file.sure or files.holds_numbers(file.path):
                raise
            return []

    def _read(self, opened: _Opened) -> _Read:
        sheet, found, source = opened
        if found is None or source.passed:
            return source, None, [], self._unread(sheet, source)
        if sheet.narrowed:
            sheet = sheet.narrowed(found.wanted)
        asides = head(found, sheet)
        batches = _ahead(_batches(sheet, found, asides))
        if (first := next(batches, None)) is None:
            return source, found, [], asides
        settled, notes = settle(found, first, sheet, lambda: _batches(sheet, found, []), found.dates or self.dates)
        source.notes += notes
        for name in found.fields.keys() - settled.fields.keys():
            source.columns.pop(name, None)
        wanted = {name for name in found.table.columns if self._wants(found.table, name)}

        def work(numbered: tuple[int, TextBatch]) -> Part:
            path = self.work / f"{found.table.name}-{source.no:05}-{numbered[0]:06}.parquet"
            return stage(settled, numbered[1], source.no, path, wanted, self.memories)

        parts = []
        for part in self._in_order(_WORKERS, work, enumerate(chain([first], batches))):
            if self.ended.is_set():
                break
            asides += part.asides
            source.read += part.of
            source.made += part.rows
            parts.append(part)
            self.say(phrase("progress.read", file=f"{source.file} {source.sheet}".strip(), rows=source.read))
        source.notes += afterwards(source, settled, parts, asides)
        return source, found, parts, asides

    def _unread(self, sheet: Sheet, source: Source) -> list[Aside]:
        asides: list[Aside] = []
        if sheet.narrowed:
            sheet = sheet.narrowed(())
        width = max((len(row) for row in sheet.head), default=1)
        rows = [row for batch in sheet.open(-1, width, asides) for row in batch.rows.to_list()]
        practice = is_answer_key(sheet)
        source.unread = not practice and not source.passed and (is_about_people(sheet) or tells_times(sheet))
        return [*asides, Aside(source.passed or (ANSWERS if practice else UNKNOWN), rows)]

    def _source(self, sheet: Sheet, found: Recognition | None, passed: str | None) -> Source:
        source = Source(len(self.sources) + 1, sheet.file, sheet.name, None, None, {}, [], passed=passed)
        source.notes += sheet.notes
        if found:
            source.table = found.table.name
            source.header_row = found.header + sheet.first_row if sheet.headed else None
            source.columns = {name: found.shown(place) for name, place in found.fields.items()}
            source.unrecognised = found.unrecognised
            if found.shape:
                source.form = found.shape.form
                source.nicknamed = source.form.nicknamed
                source.notes += [] if passed else told(found, source.form)
        self.sources.append(source)
        if source.no >= SHEETS:
            raise unauditable("too_many_sheets", count=SHEETS - 1)
        return source

    def _wants(self, table: Table, name: str) -> bool:
        return f"{table.name}.{name}" in self.demanded

    def _keep(self, found: Recognition, parts: list[Part]) -> None:
        """What a whole sheet tells: which fields are recorded, and what is wrong with its texts."""
        table = found.table
        estimated = found.shape is not None and found.shape.form.estimated
        self.parts.setdefault(ESTIMATED if estimated else table.name, []).extend(part.path for part in parts)
        self.troubles += [part.troubles for part in parts if len(part.troubles)]
        self.recorded |= {f"{table.name}.{name}" for part in parts for name in part.filled}
        names = list({name: None for part in parts for name in part.codes})
        used = [pl.concat([part.codes[name] for part in parts if name in part.codes]).unique() for name in names]
        memories, columns = [self.memories[name] for name in names], [table.columns[name] for name in names]
        with ThreadPoolExecutor(2) as pool:
            reads = list(pool.map(Memory.read, memories, repeat(table.name), columns, used))
        for name, column, read in zip(names, columns, reads, strict=True):
            if read["no"].null_count() < len(read):
                self.recorded.add(f"{table.name}.{name}")
            if column.kind != "identity" and read["no"].null_count():  # a bad number is said by rules of its own
                self.troubles += [bad_texts(part.path, table, name, read, self._wants(table, name)) for part in parts]

    def as_recorded(self) -> set[str]:
        """What is recorded; what events record is recorded of the sessions that they become."""
        told = {name.replace("events.", "sessions.") for name in self.recorded if name.startswith("events.")}
        ends = {"sessions.start_at", "sessions.end_at"} if "events.happened_at" in self.recorded else set()
        return self.recorded | ends | told.intersection(f"sessions.{name}" for name in tables()["sessions"].columns)

    def _note(self, aside: Aside, source: Source) -> None:
        texts = aside.texts or [""] * len(aside.rows)
        numbers = pl.Series(texts, dtype=pl.String).str.to_uppercase().str.extract_all(_NUMBERS)
        self.asides.append(
            pl.DataFrame({"source_row": pl.Series(aside.rows, dtype=pl.Int64), "id_text": numbers})
            .explode("id_text", empty_as_null=True)  # an opened quote makes one torn row of many
            .with_columns(source_no=pl.lit(source.no, dtype=pl.Int64), reason=pl.lit(aside.reason))
        )  # fmt: skip


def _batches(sheet: Sheet, found: Recognition, asides: list[Aside]) -> Iterator[TextBatch]:
    if not found.shape:
        return sheet.open(found.header, found.width, asides)
    # of several tables in one sheet the last one counts what is none's
    batches = sheet.open(found.header, found.width, asides if found.shape.last else [])
    return shaped(found, batches, asides)


def _cleaned(named: list[pl.DataFrame]) -> pl.DataFrame:
    every = pl.concat([pl.DataFrame(schema={"account": pl.String, "name": pl.String}), *named]).unique()
    return every.with_columns(plain(clean(every[name])).alias(name) for name in every.columns)


def _ahead(batches: Iterator[TextBatch]) -> Iterator[TextBatch]:
    """The same batches, the next one already being read while the last is worked on."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch


@cache
def _prepare() -> None:
    Thread(target=schema.prepare, daemon=True).start()


def load(
    paths: list[Path], work: Path, demanded: Collection[str], say: Say, skip: Path | None = None,
    dates: str | None = None, mapped: Mapping | None = None, registers: Sequence[Path] = (),
) -> Intake:  # fmt: skip
    """Read every file of `paths`. `demanded`: `table.field` that must be filled in every row; `work`: for the staged
    parts; `skip`: a folder of ours that is no input; `dates`: the order of day, month and year (dmy, mdy, ymd) where
    the data do not tell it; `mapped`: how the auditor says that sheets are to be read; `registers`: files that hold
    benefits, whatever their names.

    Raises Fault (exit code 3) when a file cannot be read or nothing is recognised.
    """
    found, passed_over = files.find([*paths, *registers], skip)
    found = files.as_table(found, registers, "benefits")
    loader = _Loader(work, demanded, say, dates, mapped)
    pool = ThreadPoolExecutor(1)
    try:
        hashes = [(file, pool.submit(files.digest, file.path)) for file in found]
        loader.load(found)
        loader.leave_out_again()
        digests = {file.label: (digest.result(), file.path.stat().st_size) for file, digest in hashes}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)  # nobody waits for a hash that nobody wants
    for label in loader.passed_over:
        digests.pop(label, None)  # a member of an archive has none of its own
    if mapped:
        digests |= mapped.digest
        passed_over = mapped.not_among(passed_over, paths)
    if not loader.parts and (empty := [source for source in loader.sources if source.table]):
        raise unauditable("no_rows", names=[source.file for source in empty[:5]])
    if not loader.parts:
        labels = [table.label for table in tables().values()]
        raise unauditable("unrecognised", names=[file.label for file in found[:5]], tables=labels)
    trouble_columns = {"field": pl.String, "kind": pl.String, "shown": pl.String, "row_id": pl.Int64,
                       "table_name": pl.String}  # fmt: skip
    aside_columns = {"source_row": pl.Int64, "id_text": pl.String, "source_no": pl.Int64, "reason": pl.String}
    return Intake(
        sources=loader.sources,
        hashes=digests,
        passed_over=sorted(passed_over + loader.passed_over),
        parts=loader.parts,
        troubles=pl.concat(loader.troubles) if loader.troubles else pl.DataFrame(schema=trouble_columns),
        asides=pl.concat(loader.asides) if loader.asides else pl.DataFrame(schema=aside_columns),
        withheld=_cleaned(loader.withheld),
        texts={name: memory.table() for name, memory in loader.memories.items()},
        others={name: memory.others() for name, memory in loader.memories.items()},
        recorded=loader.as_recorded(),
        dates=dates,
        registers=loader.registers,
    )
