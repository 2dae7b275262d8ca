"""Every byte that an audit leaves: in the masked edition nobody of the export is found, in any file, however it is
packed; in the full edition they are, in files that only their owner can read."""

import base64
import contextlib
import gzip
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
import pypdf
import pytest
from test_privacy import cells, hostile, within

from auditor import cli
from auditor.fault import Exit
from auditor.schema import normal, tables

ALL_PAPERS = True  # see conftest.py

ROOT = Path(__file__).parent.parent
SAMPLE = "wuxi-2023"  # the one with every table
FIELDS = {name: column for table in tables().values() for name, column in table.columns.items()}
HEADERS = {header: name for table in tables().values() for header, name in table.headers.items()}
PACKED = re.compile(rb"[A-Za-z0-9+/]{200,}={0,2}")


def audited(data: Path, out: Path, edition: str) -> Path:
    with contextlib.redirect_stdout(io.StringIO()):
        arguments = ["audit", str(data), "--policy", "taicang-2021", "--out", str(out), "--edition", edition]
        assert cli.main(arguments) == Exit.CLEAN
    return out


def contents(raw: bytes, name: str, depth: int = 0) -> Iterator[str]:
    """The bytes themselves, and those of whatever is packed in them."""
    assert depth < 6, name
    yield text(raw)
    if raw[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            for member in package.namelist():
                yield member
                yield from contents(package.read(member), member, depth + 1)
    elif raw[:2] in (b"\x1f\x8b", b"BZ") or raw[:1] == b"\x78":
        for unpack in (gzip.decompress, zlib.decompress):
            with contextlib.suppress(OSError, EOFError, zlib.error):
                yield from contents(unpack(raw), name, depth + 1)
    elif raw[:5] == b"%PDF-":
        yield from pdf(raw)
    if name.endswith(".parquet") and depth == 0:
        yield pl.read_parquet(io.BytesIO(raw)).write_csv()
    for block in PACKED.findall(raw):
        with contextlib.suppress(ValueError):
            unpacked = base64.b64decode(block, validate=True)
            if unpacked[:1] in b"\x1f\x78P{[":
                yield from contents(unpacked, name, depth + 1)


def text(raw: bytes) -> str:
    """As UTF-8, and where every second byte is a NUL, as what stands between them."""
    plain = raw.decode("utf-8", "replace")
    wide = (
        [raw.decode(code, "replace") for code in ("utf-16-le", "utf-16-be")] if raw.count(b"\0") > len(raw) / 4 else []
    )
    return "\n".join([plain, *wide])


def pdf(raw: bytes) -> Iterator[str]:
    reader = pypdf.PdfReader(io.BytesIO(raw))
    for page in reader.pages:
        yield page.extract_text()
    for number in range(1, len(reader.xref[0]) + 1 if reader.xref else 1):
        with contextlib.suppress(Exception):
            found = reader.get_object(number)
            yield str(found)
            yield text(found.get_data()) if hasattr(found, "get_data") else ""


def database(path: Path) -> Iterator[str]:
    with duckdb.connect(path, read_only=True) as con:
        for (table,) in con.execute("SELECT table_name FROM information_schema.tables").fetchall():
            yield con.sql(f'SELECT * FROM "{table}"').pl().write_csv()


def everything(path: Path) -> str:
    raw = path.read_bytes()
    more = database(path) if path.suffix == ".duckdb" else ()
    return "\n".join([*contents(raw, path.name), *more]).upper()


def own() -> str:
    """What the program and its content say themselves."""
    ours = [path for part in ("auditor", "reports", "schemas") for path in (ROOT / part).rglob("*") if path.is_file()]
    return "\n".join(
        path.read_text(encoding="utf-8", errors="replace") for path in ours if path.parent.name != "__pycache__"
    )


def secrets(data: Path) -> dict[str, set[str]]:
    """Private field → its values in the export; a value that is also a word of a public cell or of ours tells nothing,
    nor one too short to be told from other numbers."""
    found: dict[str, set[str]] = {}
    public = [own()]
    for path in [data, *(below for below in data.rglob("*") if below.is_dir())]:
        for name, value in cells(path) if any(one.is_file() for one in path.iterdir()) else ():
            if not FIELDS[name].private:
                public.append(value)
            elif HEADERS.get(normal(value)) != name and len(value.strip()) >= 2:
                found.setdefault(name, set()).add(value.strip())
    words = "\n".join(public).upper()
    values = {name: {value.upper() for value in values} for name, values in found.items()}
    return {name: those - set(within(those, words)) for name, those in values.items()}


def leaks(said: str, hidden: dict[str, set[str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, values in hidden.items() for value in within(values, said)]


@dataclass(frozen=True)
class Both:
    """An export, and its audit in both editions."""

    data: Path
    masked: Path
    full: Path


@pytest.fixture(scope="module", params=[SAMPLE, "hostile"])
def both(request: pytest.FixtureRequest, sample: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Both:
    if request.param == SAMPLE:
        return Both(ROOT / "sample_data" / SAMPLE, sample(SAMPLE), sample(SAMPLE, "full"))
    folder = tmp_path_factory.mktemp("hostile")
    hostile(folder / "in")
    for path in (folder / "in").rglob("*.docx"):  # of no table, and no text
        path.unlink()
    return Both(folder / "in", *(audited(folder / "in", folder / edition, edition) for edition in ("masked", "full")))


def test_nobody_is_found_in_the_masked_edition_and_all_are_in_the_full_one(both: Both) -> None:
    hidden = secrets(both.data)
    assert hidden["id_number"] and hidden["name"]
    found = {path.name: leaks(everything(path), hidden) for path in both.masked.rglob("*") if path.is_file()}
    assert len(found) >= 9 and not any(found.values()), found

    paths = [path for path in both.full.rglob("*") if path.is_file()]
    assert {path.name for path in paths} == set(found)
    assert {stat.S_IMODE(path.stat().st_mode) for path in paths} == {0o600}
    assert not leaks(everything(both.full / "audit.duckdb"), hidden)
    for name in ("people.parquet", "workpapers.xlsx", "report.html", "report.json"):
        assert {"id_number", "name"} <= {field for field, _ in leaks(everything(both.full / name), hidden)}, name


@pytest.mark.parametrize("kind", ["plain", "zip", "gzip in html", "utf-16", "zip in zip", "pdf"])
def test_the_search_finds_what_is_packed(kind: str, tmp_path: Path) -> None:
    secret = "张三丰320585198001019005"
    raw = secret.encode()
    if kind == "utf-16":
        raw = secret.encode("utf-16-le") * 9
    if kind.startswith("zip"):
        for _ in range(1 + (kind == "zip in zip")):
            with zipfile.ZipFile(packed := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as package:
                package.writestr("a/b.xml", raw)
            raw = packed.getvalue()
    if kind == "gzip in html":
        noise = "".join(chr(0x4E00 + place * 37 % 9000) for place in range(900))
        raw = b"<script>" + base64.b64encode(gzip.compress((noise + secret).encode())) + b"</script>"
    if kind == "pdf":
        writer = pypdf.PdfWriter()
        writer.add_blank_page(100, 100)
        stream = pypdf.generic.StreamObject()
        stream.set_data(raw)
        writer._add_object(stream.flate_encode())
        writer.write(made := io.BytesIO())
        raw = made.getvalue()
    assert kind == "plain" or secret.encode() not in raw
    (path := tmp_path / "a.bin").write_bytes(raw)
    assert leaks(everything(path), {"name": {secret}})
