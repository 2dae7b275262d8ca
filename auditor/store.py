"""The audit database. The only module that talks to an engine.

`audit.duckdb` holds integers and texts that are no person's; whatever names a person stays in temporary tables, which
live in memory (or in the work folder) and never reach the file.
"""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import RLock
from typing import Any

import duckdb
import polars as pl
import pyarrow as pa

EngineError = duckdb.Error
Broken = duckdb.InternalException  # an error of the engine's own; the database is of no use after it


class Store:
    """One DuckDB database, filled in few transactions: a disk need not confirm each table. `work`: a folder of ours for
    what does not fit in memory."""

    def __init__(self, path: Path, work: Path, threads: int | None = None) -> None:
        config: dict[str, Any] = {"temp_directory": str(work), "preserve_insertion_order": False}
        if threads:
            config["threads"] = threads
        self._con = duckdb.connect(str(path), config=config)
        self._beside = self._con.cursor()
        self._writer = ThreadPoolExecutor(1)
        self._interrupted = False
        self._one = RLock()  # several papers are written at once, over one connection
        self._con.begin()

    def run(self, sql: str) -> None:
        with self._one:
            self._con.execute(sql)

    def spare(self, sql: str, megabytes: int) -> None:
        """Run it in that much memory, what does not fit in the work folder; where it cannot be done so, in as much as
        there is. Commits what came before."""
        self.commit()
        try:
            self.run(f"SET memory_limit = '{megabytes}MB'")
            self.run(sql)
        except duckdb.OutOfMemoryException:
            self._con.rollback()
            self._con.begin()
            self.run("RESET memory_limit")
            self.run(sql)
        self.run("RESET memory_limit")

    def commit(self) -> None:
        """What is filled so far is seen by `write_beside`; only now have its rows their rowid."""
        self._con.commit()
        self._con.begin()

    def insert(self, sql: str) -> int:
        """The rows that an INSERT put in."""
        row = self._con.execute(sql).fetchone()
        return int(row[0]) if row else 0

    def add(self, name: str, frame: pl.DataFrame, temporary: bool = True) -> None:
        """A table from a frame."""
        self._con.register("frame_to_add", frame)
        self._con.execute(f"CREATE {'TEMP' if temporary else ''} TABLE {name} AS SELECT * FROM frame_to_add")
        self._con.unregister("frame_to_add")

    def view(self, name: str, sql: str, parts: Iterable[Path]) -> None:
        """A temporary view over staged Parquet parts, which stand for `{}` in the SELECT."""
        files = ", ".join(text(str(part)) for part in parts)
        self._con.execute(f"CREATE TEMP VIEW {name} AS {sql.format(f'read_parquet([{files}])')}")

    def frame(self, sql: str) -> pl.DataFrame:
        with self._one:
            frame: pl.DataFrame = self._con.sql(sql).pl()
        return frame

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        if self._interrupted:  # whoever lists everything asks again and again
            raise duckdb.InterruptException("interrupted")
        with self._one:
            return self._con.execute(sql).fetchall()

    def value(self, sql: str) -> Any:
        found = self.rows(sql)
        return found[0][0] if found else None

    def columns(self, sql: str) -> list[str]:
        """The column names of a SELECT, without running it."""
        return [str(row[0]) for row in self.rows(f"DESCRIBE {sql}")]

    def write(self, sql: str, path: Path) -> None:
        """The result of a SELECT as a Parquet file."""
        self.run(_copy(sql, path))

    def write_beside(self, sql: str, path: Path) -> Future[Any]:
        """The same while the caller goes on; temporary tables are not seen."""
        return self._writer.submit(self._beside.execute, _copy(sql, path))

    def interrupt(self) -> None:
        """End the statement that runs, and answer nothing more."""
        self._interrupted = True
        self._con.interrupt()
        self._beside.interrupt()

    def close(self) -> None:
        self._beside.interrupt()  # whoever wanted what is still being written has waited for it
        self._writer.shutdown(cancel_futures=True)
        self._beside.close()
        self._con.close()


class Scratch:
    """An engine without a database, for what a file reader asks of its rows."""

    def __init__(self) -> None:
        self._con = duckdb.connect()

    def frame(self, sql: str, records: pa.Table) -> pl.DataFrame:
        """The result of a SELECT over `records`, in the order of its rows."""
        found = self._con.from_arrow(records).query("records", sql)
        assert found is not None  # of a SELECT; and `if found` would run it once more
        frame: pl.DataFrame = found.pl()
        return frame


def _copy(sql: str, path: Path) -> str:
    return f"COPY ({sql}) TO {text(str(path))} (FORMAT parquet, COMPRESSION snappy)"


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"
