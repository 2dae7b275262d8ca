"""schemas/*.toml → what a table holds, how its headers are called, and the pandera schema that checks it."""

import copy
import re
import sys
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING, Any

import polars as pl

from auditor.content import folder

if TYPE_CHECKING:  # pandera is slow to import: it comes when the first value is checked, beside the reading of files
    from pandera.api.polars.container import DataFrameSchema

KINDS = frozenset(
    [
        "text",
        "identity",
        "phone",
        "address",
        "time",
        "moment",
        "date",
        "term",
        "month",
        "duration",
        "number",
        "money",
        "count",
        "serial",
        "score",
        "sex",
        "result",
        "yes",
        "networks",
        "blocks",
    ]
)
_OURS = frozenset({"label", "kind", "private", "example", "aliases", "fallbacks", "words"})
_PANDERA = frozenset({"dtype", "nullable", "required", "checks"})
_UNITS = {"分": 60, "分钟": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60, "m": 60}
_UNITS |= {"minutos": 60, "分鐘": 60, "minuten": 60, "minuty": 60}
_UNITS |= {"秒": 1, "秒钟": 1, "s": 1, "sec": 1, "second": 1, "seconds": 1}
_UNITS |= {"万元": 10_000, "元": 1, "时": 3600, "小时": 3600, "h": 3600, "hour": 3600, "hours": 3600}


@dataclass(frozen=True)
class Column:
    """One field of a table. `pandera` is the column in pandera's own serialised form."""

    name: str
    label: Mapping[str, str]
    kind: str
    private: bool
    example: str
    aliases: tuple[str, ...]
    fallbacks: tuple[str, ...]  # headers of what serves where no column bears one of `aliases`
    words: Mapping[str, int]  # what people write for a number, in lower case
    pandera: Mapping[str, Any]

    @property
    def required(self) -> bool:
        return bool(self.pandera["required"])

    @property
    def dtype(self) -> type[pl.DataType]:
        return getattr(pl, self.pandera["dtype"])  # type: ignore[no-any-return]  # by its name


@dataclass(frozen=True)
class Table:
    """One table. A sheet may be this table when it holds one field of each `one_of` group and one of `marks`
    (or a word of `titles` stands over it)."""

    name: str
    label: Mapping[str, str]
    titles: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...]
    columns: Mapping[str, Column]
    beside: frozenset[str] = frozenset()  # of a table that many a sheet of people resembles: what may stand beside
    unlike: tuple[str, ...] = ()  # words of headers that a table never has
    yields: str = ""  # the table whose marks, two of them, outweigh a title of this one alone
    by_title: bool = False  # its columns may be any list's: only a title tells it, and more than another's would
    reference: bool = False  # says something of people or employers that other tables tell of; whoever has it adds it

    @cached_property
    def headers(self) -> dict[str, str]:
        """Normalised header → field."""
        return {normal(alias): column.name for column in self.columns.values() for alias in column.aliases}

    @cached_property
    def fallbacks(self) -> dict[str, str]:
        """Normalised header → the field it serves as where no header of `headers` stands for it."""
        return {normal(alias): column.name for column in self.columns.values() for alias in column.fallbacks}


@lru_cache(maxsize=4096)
def normal(header: str) -> str:
    """A header as it is compared: NFKC, lower case, without blanks, stars, underscores, and bracketed remarks."""
    folded = unicodedata.normalize("NFKC", header).lower()
    return re.sub(r"\(.*?\)|\[.*?\]|【.*?】|[\s*_:\-\"'/​]", "", folded)


def unit_of(header: str) -> int | None:
    """What the unit of a header multiplies: seconds of a duration, `学习时长（分钟）` → 60; yuan of money,
    `金额（万元）` → 10000. None where it names none."""
    for remark in re.findall(
        r"[(\[【]\s*(?:单位[::]?)?\s*(.*?)\s*[)\]】]", unicodedata.normalize("NFKC", header).lower()
    ):
        if remark in _UNITS:
            return _UNITS[remark]
    return None


@cache
def tables() -> dict[str, Table]:
    """Every table the auditor reads, by name, in the order in which a tie between two is decided."""
    order = ("claims", "sessions", "exams", "registrations", "roster", "events", "courses", "employers")
    others = sorted({path.stem for path in folder("schemas").glob("*.toml")} - set(order))
    return {name: _table(name) for name in (*order, *others)}


def references() -> list[str]:
    """The tables that tell of people or employers of the others."""
    return [table.name for table in tables().values() if table.reference]


def _table(name: str) -> Table:
    data = tomllib.loads((folder("schemas") / f"{name}.toml").read_text(encoding="utf-8"))
    columns = {key: _column(name, key, entry) for key, entry in data["columns"].items()}
    return Table(
        name=name,
        label=data["label"],
        titles=tuple(data["titles"]),
        one_of=tuple(tuple(group) for group in data["one_of"]),
        marks=tuple(data["marks"]),
        columns=columns,
        beside=frozenset(map(normal, data.get("beside", ()))),
        unlike=tuple(data.get("unlike", ())),
        yields=data.get("yields", ""),
        by_title=data.get("by_title", False),
        reference=data.get("reference", False),
    )


def _column(table: str, name: str, entry: dict[str, Any]) -> Column:
    unknown = set(entry) - _OURS - _PANDERA
    if unknown or entry["kind"] not in KINDS:  # pandera would drop a misspelt key without a word
        raise ValueError(f"schemas/{table}.toml: column {name}: unknown {sorted(unknown) or entry['kind']}")
    return Column(
        name=name,
        label=entry["label"],
        kind=entry["kind"],
        private=entry.get("private", False),
        example=entry["example"],
        aliases=tuple(entry["aliases"]),
        fallbacks=tuple(entry.get("fallbacks", ())),
        words={word: int(number) for number, words in entry.get("words", {}).items() for word in words},
        pandera={key: value for key, value in entry.items() if key in _PANDERA},
    )


@cache
def pandera_schema(table: str, column: str, demanded: bool) -> "DataFrameSchema":
    """The pandera schema of one column, built by pandera; `demanded`: a clause wants the field filled."""
    from pandera.io.polars_io import deserialize_schema

    serialised = copy.deepcopy(dict(tables()[table].columns[column].pandera))  # deserialising changes its argument
    dtype = tables()[table].columns[column].dtype  # given afterwards: beside a dtype pandera wants pandas for a check
    del serialised["dtype"]
    serialised["nullable"] = serialised["nullable"] and not demanded
    mapping = {"schema_type": "polars_dataframe", "name": table, "columns": {column: serialised}}
    schema: DataFrameSchema = deserialize_schema(mapping)  # type: ignore[no-untyped-call]  # pandera has no types there
    typed: DataFrameSchema = schema.update_columns({column: {"dtype": dtype}})
    return typed


def check(table: str, column: str, values: pl.Series, demanded: bool) -> pl.DataFrame:
    """What pandera refuses in a column of typed values: `index` (position in `values`), `check` (pandera's name)."""
    from pandera.errors import SchemaErrors

    try:
        pandera_schema(table, column, demanded).validate(values.alias(column).to_frame(), lazy=True)
    except SchemaErrors as errors:
        failures: pl.DataFrame = errors.failure_cases
        return failures.select(pl.col("index").cast(pl.Int64), pl.col("check").cast(pl.String))
    return pl.DataFrame(schema={"index": pl.Int64, "check": pl.String})


@cache
def demands(table: str, column: str, demanded: bool) -> bool:
    """Whether pandera refuses an empty cell."""
    return len(check(table, column, pl.Series([None], dtype=tables()[table].columns[column].dtype), demanded)) > 0


class _Without(MetaPathFinder):
    """Nothing here asks anything of pandas and hypothesis; pandera brings them along where it finds them, and takes
    thrice as long."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        if fullname in ("pandas", "hypothesis"):
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)


def prepare() -> None:
    """Import pandera. It takes its time, which may pass beside the reading of files."""
    without = _Without()
    sys.meta_path.insert(0, without)
    try:
        import pandera.io.polars_io
        import pandera.polars  # noqa: F401

        demands("claims", "amount", False)  # the first check looks for pandas once more
    finally:
        sys.meta_path.remove(without)
