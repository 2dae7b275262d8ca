"""Networks that an employer declares as its own: addresses, prefixes and ranges, several in one cell."""

import ipaddress
import re
from collections.abc import Iterator

import polars as pl

_APART = r"[;,、\s]+"
_TO = r"\s*[-~–—至到]\s*"
_WIDEST = {4: 1 << 16, 6: 1 << 32}  # addresses, and networks of a household (/64): more are not one employer's
Span = tuple[int, int, int]  # family (4, 6), first and last: addresses of IPv4, the upper 64 bits of IPv6


def read(values: pl.Series) -> pl.DataFrame:
    """Distinct cell texts → `text`: the same, null where a part of it is no network of a size that one employer has."""
    read = [value if _readable(value) else None for value in values.to_list()]
    return pl.DataFrame({"text": pl.Series(read, dtype=pl.String)})


def spans(texts: pl.DataFrame) -> pl.DataFrame:
    """`no` and `text` of readable cells → `no`, `family`, `first`, `last` (UInt64), one row a network."""
    rows = [(no, *span) for no, text in texts.select("no", "text").iter_rows() for span in _spans(text)]
    schema = {"no": pl.Int64, "family": pl.Int64, "first": pl.UInt64, "last": pl.UInt64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def points(addresses: pl.DataFrame) -> pl.DataFrame:
    """`rank` and `text` as `address.read` writes them → `address_no`, `family`, `point` (UInt64)."""
    six = pl.col("text").str.contains(":", literal=True)
    figures = pl.col("text").str.split(pl.when(six).then(pl.lit(":")).otherwise(pl.lit(".")))
    base = pl.when(six).then(16).otherwise(10)
    width = pl.when(six).then(1 << 16).otherwise(1 << 8).cast(pl.UInt64)
    parts = [figures.list.get(place).str.to_integer(base=base, dtype=pl.UInt64) for place in range(4)]
    point = ((parts[0] * width + parts[1]) * width + parts[2]) * width + parts[3]
    return addresses.select(address_no="rank", family=pl.when(six).then(6).otherwise(4).cast(pl.Int64), point=point)


def _readable(text: str) -> bool:
    try:
        return all(last - first < _WIDEST[family] for family, first, last in _spans(text))
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
