"""Imports point one way, one module talks to an engine, files stay small, and SQL over sessions stays portable."""

import ast
import graphlib
import re
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from auditor import fact, rule
from auditor.content import PACKAGE

# From the top down: a room may import from the lines below its own, and within its own package.
ORDER = (
    ("__main__",),
    ("cli",),
    ("lookup", "mapper", "verify", "diff", "summary"),
    ("audit", "again"),
    ("manifest",),
    ("render",),
    ("dossier",),
    ("report",),
    ("listing", "completeness", "money"),
    ("priority", "explore", "judgement", "matter"),
    ("publish", "verdict", "waiver", "score", "lasting", "judgement_file"),
    ("rule",),
    ("finding",),
    ("fact", "person", "grant", "history"),
    (*("accounts", "ages", "firms", "hidden", "names", "phones", "places"), "reference", "stray", "sitting", "wording"),
    ("workday",),
    ("roster", "staging"),
    ("nickname",),
    ("intake",),
    ("layout",),
    ("schema",),
    ("demo",),
    ("policy", "engagement", "workplace"),
    ("preset", "lines"),
    ("store",),
    ("fault", "terminal"),
    ("words",),
    ("content", "mask"),
)
RANK = {room: rank for rank, rooms in enumerate(ORDER) for room in rooms}
ONLY = {"render": {"report", "dossier", "content", "words"}, "demo": {"policy", "content", "words"}}
MODULES = sorted(PACKAGE.rglob("*.py"))
ENGINES = {"duckdb", "sqlite3", "pyspark", "datafusion", "daft"}
LINES = 350

SQL = {path.name: fact.read(path)[1] for place in (rule.FOLDER, fact.FOLDER) for path in sorted(place.glob("*.sql"))}
FUNCTIONS = (exp.Sum, exp.Min, exp.Max, exp.Count, exp.Coalesce, exp.Lag, exp.RowNumber)
ALLOWED = (
    *FUNCTIONS,
    exp.Select, exp.From, exp.Join, exp.Where, exp.Group, exp.Having, exp.Union, exp.Subquery, exp.Table,
    exp.TableAlias, exp.Identifier, exp.Column, exp.Alias, exp.Case, exp.If, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT,
    exp.LTE, exp.And, exp.Or, exp.Not, exp.Is, exp.Null, exp.Literal, exp.Add, exp.Sub, exp.Mul, exp.Mod, exp.Neg,
    exp.Paren, exp.Distinct, exp.Window, exp.WindowSpec, exp.Order, exp.Ordered, exp.Create, exp.Insert, exp.Schema,
    exp.ColumnDef, exp.DataType,
)  # fmt: skip


def room(path: Path) -> str:
    """auditor/intake/load.py → intake; auditor/fact.py → fact."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Absolute dotted names that a module imports, wherever in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms(path: Path) -> set[str]:
    """Rooms of ours that a module imports (`from auditor import __version__` is none)."""
    parts = [name.split(".") for name in imports(path) if name.split(".")[0] == "auditor"]
    return {part[1] for part in parts if len(part) > 1 and part[1] != "__version__"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_point_one_way(path: Path) -> None:
    if path == PACKAGE / "__init__.py":
        assert not rooms(path)
        return
    own = room(path)
    assert own in RANK, f"{own}: say in ORDER where it stands"
    upwards = {other for other in rooms(path) - {own} if RANK[other] <= RANK[own]}
    assert not upwards
    assert rooms(path) - {own} <= ONLY.get(own, set(RANK))


def test_no_circle_of_files() -> None:
    """Nor in a room, nor of imports for types alone. The face of a package, its __init__, may show what lies in it."""
    files = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in MODULES}
    needs = {
        name: {one if one in files else one.rpartition(".")[0] for one in imports(path)} & files.keys()
        for name, path in files.items()
        if path.name != "__init__.py"
    }
    assert len(list(graphlib.TopologicalSorter(needs).static_order())) > 150  # raises CycleError


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_store_talks_to_an_engine(path: Path) -> None:
    engines = {name.split(".")[0] for name in imports(path)} & ENGINES
    assert engines == ({"duckdb"} if path == PACKAGE / "store.py" else set())


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < LINES


def trees(name: str) -> list[exp.Expr]:
    return [tree for tree in sqlglot.parse(re.sub(r"\$[a-z_]+", "1", SQL[name]), dialect="duckdb") if tree]


@pytest.mark.parametrize("name", SQL)
def test_statements(name: str) -> None:
    """A rule is one SELECT; a fact declares its table, with integers and texts, and fills exactly its columns."""
    statements = trees(name)
    if (rule.FOLDER / name).exists():
        assert len(statements) == 1 and isinstance(statements[0], exp.Query)
        return
    create, insert = statements
    assert isinstance(create, exp.Create) and isinstance(insert, exp.Insert)
    declared = {column.name: column.args["kind"].sql() for column in create.find_all(exp.ColumnDef)}
    assert create.this.this.name == insert.this.name == Path(name).stem
    assert set(declared.values()) <= {"BIGINT", "INT", "TEXT"}
    assert insert.expression.named_selects == list(declared)


@pytest.mark.parametrize("name", SQL)
def test_portable_subset(name: str) -> None:
    """What DuckDB, Spark, DataFusion, Daft and SQLite all read alike."""
    for tree in trees(name):
        for node in tree.walk():
            assert isinstance(node, ALLOWED), f"{type(node).__name__}: {node.sql()}"
            if isinstance(node, exp.Literal):
                assert node.is_string or node.this.isdigit(), f"not an integer: {node.sql()}"
            if isinstance(node, exp.Subquery):
                assert node.alias, f"a subquery without a name: {node.sql()}"
            if isinstance(node, exp.Column):
                assert node.table, f"whose? {node.sql()}"
            if isinstance(node, exp.DataType):
                assert node.find_ancestor(exp.ColumnDef), f"a cast: {node.sql()}"


@pytest.mark.parametrize("name", SQL)
def test_every_column_has_a_name(name: str) -> None:
    for tree in trees(name):
        for select in tree.find_all(exp.Select):
            for column in select.expressions:
                assert isinstance(column, exp.Alias), column.sql()


@pytest.mark.parametrize("name", SQL)
def test_windows_have_a_total_order(name: str) -> None:
    """The last thing every window orders by is a number that no two rows share; who asks for the least, the greatest,
    the sum or the count of all of its rows needs no order."""
    for tree in trees(name):
        named = [window for select in tree.find_all(exp.Select) for window in select.args.get("windows") or []]
        unordered = {window.this.name for window in named if not window.args.get("order")}
        for window in tree.find_all(exp.Window):
            if order := window.args.get("order"):
                assert order.expressions[-1].this.name in ("row_id", "other_row_id"), order.sql()
            elif window in named:
                assert not window.args.get("spec"), f"a frame without order: {window.sql()}"
            elif not window.alias or window.alias in unordered:
                assert isinstance(window.this, exp.Min | exp.Max | exp.Sum | exp.Count), f"no order: {window.sql()}"
