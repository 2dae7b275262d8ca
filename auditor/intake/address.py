"""Network addresses: what stands in a log, reduced to the address that can be compared."""

import polars as pl

_V4 = r"^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$"
_PART = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_CANONICAL = rf"^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]\d?)(?:\.{_PART}){{3}}$"
_V6_PUBLIC = r"^[23][0-9a-f]{3}:"


def read(values: pl.Series) -> pl.DataFrame:
    """Distinct cell texts → `value` (IPv4 without a port, IPv6 as its /64 network; null if unreadable), `public`.

    Of a forwarded chain `1.2.3.4, 10.0.0.1` the first public address counts, else the first.
    """
    hops = (
        pl.DataFrame({"raw": values})
        .with_row_index("n")
        .with_columns(pl.col("raw").str.to_lowercase().str.replace_all(r"[\[\]]", "").str.split(","))
        .explode("raw")
    )
    hops = hops.with_columns(pl.col("raw").str.strip_chars().str.replace(r"^::ffff:(\d+\.\d+\.\d+\.\d+)$", "${1}"))
    hops = hops.with_columns(pl.col("raw").str.replace(r"^(\d+\.\d+\.\d+\.\d+):\d{1,5}$", "${1}"))
    hops = hops.with_columns(v4=_v4(), v6=_v6())
    hops = hops.with_columns(value=pl.coalesce("v4", "v6"))
    hops = hops.with_columns(public=_public()).with_row_index("hop")
    best = (
        hops.sort("n", pl.col("value").is_null(), ~pl.col("public"), "hop").group_by("n", maintain_order=True).first()
    )
    return best.select("value", pl.when(pl.col("value").is_not_null()).then(pl.col("public")).alias("public"))


def _v4() -> pl.Expr:
    parts = [pl.col("raw").str.extract(_V4, place).cast(pl.Int64, strict=False) for place in range(1, 5)]
    return pl.when(pl.all_horizontal(part <= 255 for part in parts) & (parts[0] > 0)).then(
        pl.concat_str([part.cast(pl.String) for part in parts], separator=".")
    )


def _v6() -> pl.Expr:
    """The /64 network, four groups without leading zeros, then `::/64`."""
    text = pl.col("raw").str.replace(r"%.*$", "")
    head = text.str.replace(r"::.*$", "")
    tail = pl.when(text.str.contains("::", literal=True)).then(text.str.replace(r"^.*?::", "")).otherwise(pl.lit(""))
    groups = [pl.when(part == "").then(0).otherwise(part.str.count_matches(":") + 1) for part in (head, tail)]
    zeros = pl.lit("0:0:0:0:0:0:0:0").str.slice(0, 2 * (8 - groups[0].cast(pl.Int64) - groups[1].cast(pl.Int64)) - 1)
    shortened = text.str.contains("::", literal=True)
    written = [pl.when(part != "").then(part) for part in (head, zeros, tail)]
    whole = pl.when(shortened).then(pl.concat_str(written, separator=":", ignore_nulls=True)).otherwise(text)
    fits = (
        text.str.contains(r"^[0-9a-f:]{2,39}$")
        & (text.str.count_matches("::", literal=True) <= 1)
        & ~text.str.contains(":::", literal=True)
        & ~text.str.contains(r"[0-9a-f]{5}")
        & pl.when(shortened).then(groups[0] + groups[1] <= 7).otherwise(groups[0] == 8)
    )
    network = [whole.str.split(":").list.get(place, null_on_oob=True).str.strip_chars_start("0") for place in range(4)]
    named = [pl.when(group == "").then(pl.lit("0")).otherwise(group) for group in network]
    return pl.when(fits).then(pl.concat_str(named, separator=":") + "::/64")


def _v4_public() -> pl.Expr:
    """Not private, shared (100.64/10), loopback, link-local, benchmark, multicast or reserved."""
    first, second = (pl.col("v4").str.extract(_V4, place).cast(pl.Int64, strict=False) for place in (1, 2))
    return ~(
        first.is_in([0, 10, 127])
        | (first >= 224)
        | ((first == 100) & second.is_between(64, 127))
        | ((first == 169) & (second == 254))
        | ((first == 172) & second.is_between(16, 31))
        | ((first == 192) & (second == 168))
        | ((first == 198) & second.is_in([18, 19]))
    )


def _public() -> pl.Expr:
    either = pl.when(pl.col("v4").is_not_null()).then(_v4_public()).otherwise(pl.col("v6").str.contains(_V6_PUBLIC))
    return either.fill_null(False)
