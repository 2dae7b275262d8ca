"""Networks that a cell names: addresses, prefixes and ranges, several in one cell."""

import ipaddress
import re
from collections.abc import Iterator, Mapping

import polars as pl

_APART = r"[;,、\s]+"
_TO = r"\s*[-~–—至到]\s*"
_WIDEST = {4: 1 << 16, 6: 1 << 32}  # addresses, and networks of a household (/64): more are not one employer's
ANY = {4: 1 << 32, 6: 1 << 64}  # and what a geolocation database lists may be as wide as it likes
_FIGURE = r"(0|[1-9]\d{0,2})"
_PLAIN = r"^" + r"\.".join([_FIGURE] * 4) + r"(?:/(\d|[12]\d|3[0-2]))?$"  # one IPv4 address or prefix
Span = tuple[int, int, int]  # family (4, 6), first and last: addresses of IPv4, the upper 64 bits of IPv6


def read(values: pl.Series, widest: Mapping[int, int] = _WIDEST) -> pl.DataFrame:
    """Distinct cell texts → `text`: the same, null where a part of it is no network, or one of more than `widest`: as
    it stands, more than one employer has."""
    ends = _plain(values)
    fits = (ends["last"] - ends["first"] < widest[4]).fill_null(False)
    others = ends["first"].is_null().arg_true()
    read = [_readable(value, widest) for value in values.gather(others).to_list()]
    fits = fits.scatter(others, pl.Series(read, dtype=pl.Boolean))
    return pl.DataFrame({"text": values}).select(pl.when(fits).then("text").alias("text"))


def spans(texts: pl.DataFrame) -> pl.DataFrame:
    """`no` and `text` of readable cells → `no`, `family`, `first`, `last` (UInt64), one row a network."""
    ends = texts.select("no", "text", family=pl.lit(4, pl.Int64)).hstack(_plain(texts["text"]))
    others = ends.filter(pl.col("first").is_null()).select("no", "text")
    rows = [(no, *span) for no, text in others.iter_rows() for span in _spans(text)]
    schema = {"no": pl.Int64, "family": pl.Int64, "first": pl.UInt64, "last": pl.UInt64}
    plain = ends.filter(pl.col("first").is_not_null()).select(pl.col(name).cast(kind) for name, kind in schema.items())
    return pl.concat([plain, pl.DataFrame(rows, schema=schema, orient="row")])


def points(addresses: pl.DataFrame) -> pl.DataFrame:
    """`rank` and `text` as `address.read` writes them → `address_no`, `family`, `point` (UInt64)."""
    six = pl.col("text").str.contains(":", literal=True)
    figures = pl.col("text").str.split(pl.when(six).then(pl.lit(":")).otherwise(pl.lit(".")))
    base = pl.when(six).then(16).otherwise(10)
    width = pl.when(six).then(1 << 16).otherwise(1 << 8).cast(pl.UInt64)
    parts = [figures.list.get(place).str.to_integer(base=base, dtype=pl.UInt64) for place in range(4)]
    point = ((parts[0] * width + parts[1]) * width + parts[2]) * width + parts[3]
    return addresses.select(address_no="rank", family=pl.when(six).then(6).otherwise(4).cast(pl.Int64), point=point)


def smallest(spans: pl.DataFrame, points: pl.DataFrame) -> pl.DataFrame:
    """`address_no`, `no`: of the networks that hold an address the smallest, several where they are of one size. Each
    network lies in few cells of about its own size, so that equal cells find it and nothing is compared with all."""
    size = pl.lit(2, pl.UInt64).pow((pl.col("width").cast(pl.Float64) + 1).log(2).floor().clip(0, 63).cast(pl.UInt32))
    sized = spans.with_columns(width=pl.col("last") - pl.col("first")).with_columns(size=size.cast(pl.UInt64))
    low, high = pl.col("first") // pl.col("size"), pl.col("last") // pl.col("size")
    cells = sized.with_columns(step=pl.int_ranges(0, (high - low + 1).cast(pl.Int64))).explode("step")
    cells = cells.with_columns(cell=low + pl.col("step").cast(pl.UInt64))
    at = points.join(sized.select("family", "size").unique(), on="family")
    at = at.with_columns(cell=pl.col("point") // pl.col("size"))
    held = at.join(cells, on=["family", "size", "cell"]).filter(pl.col("point").is_between("first", "last"))
    least = held.filter(pl.col("width") == pl.col("width").min().over("address_no"))
    return least.select("address_no", "no").unique().sort("address_no", "no")


def _plain(texts: pl.Series) -> pl.DataFrame:
    """`first`, `last` (UInt64) of texts that are one IPv4 address or prefix, which most are; null for all others."""
    parts = texts.str.extract_groups(_PLAIN).struct.unnest().select(pl.all().cast(pl.UInt64)).rename(str)
    figures = [pl.col(str(place)) for place in range(1, 5)]
    size = pl.lit(2, pl.UInt64).pow(32 - pl.col("5").fill_null(32)).cast(pl.UInt64)
    point = ((figures[0] * 256 + figures[1]) * 256 + figures[2]) * 256 + figures[3]
    real = pl.all_horizontal(figure <= 255 for figure in figures)
    first = pl.when(real).then(point - point % size)
    return parts.select(first=first, last=first + size - 1)


def _readable(text: str, widest: Mapping[int, int]) -> bool:
    try:
        return all(last - first < widest[family] for family, first, last in _spans(text))
    except ValueError:
        return False


def _spans(text: str) -> Iterator[Span]:
    """Raises ValueError where a part is no network."""
    for part in re.split(_APART, re.sub(_TO, "-", text.strip().strip(";,、"))):
        yield _span(part)


def _span(part: str) -> Span:
    first, to, last = part.partition("-")
    if to and "." in first and re.fullmatch(r"\d{1,3}", last):  # 58.211.16.1-20
        last = first.rpartition(".")[0] + "." + last
    if not to and re.fullmatch(r"(\d{1,3}\.){1,3}\*(\.\*)*", part):  # 58.211.16.*
        fixed = part.split(".*")[0].split(".")
        first = ".".join(fixed + ["0"] * (4 - len(fixed))) + f"/{8 * len(fixed)}"
    low = ipaddress.ip_network(first, strict=False)
    high = ipaddress.ip_network(last, strict=False) if to else low
    ends = int(low.network_address), int(high.broadcast_address)
    if low.version != high.version or ends[1] < ends[0]:
        raise ValueError(part)
    return (4, *ends) if low.version == 4 else (6, ends[0] >> 64, ends[1] >> 64)
