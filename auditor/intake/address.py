"""Network addresses: what stands in a log, reduced to the address that can be compared."""

import polars as pl

_FIGURES = ("a", "b", "c", "d")
_V6_PUBLIC = r"^[23][0-9a-f]{3}:"


def read(values: pl.Series) -> pl.DataFrame:
    """Distinct cell texts → `value` (IPv4 without a port, IPv6 as its /64 network; null if unreadable), `public`.

    Of a forwarded chain `1.2.3.4, 10.0.0.1` the first public address counts, else the first.
    """
    figures = _figures(values.alias("raw").to_frame())
    plain = figures.select(_dotted() == pl.col("raw")).to_series().fill_null(False)
    easy = figures.filter(plain).select(value="raw", public=_v4_public())
    if plain.all():
        return easy
    others = _hops(values.filter(~plain))
    order = pl.concat([plain.arg_true(), (~plain).arg_true()])
    return pl.concat([easy, others]).with_columns(order=order).sort("order").drop("order")


def _hops(values: pl.Series) -> pl.DataFrame:
    split = pl.col("raw").str.to_lowercase().str.replace_all(r"\[|\](?::\d{1,5})?", "").str.split(",")
    hops = values.alias("raw").to_frame().with_row_index("n").with_columns(split).explode("raw")
    hops = hops.with_columns(
        pl.col("raw")
        .str.strip_chars()
        .str.replace(r"^::ffff:(\d+\.\d+\.\d+\.\d+)$", "${1}")
        .str.replace(r"^(\d+\.\d+\.\d+\.\d+):\d{1,5}$", "${1}")
    )
    hops = _figures(hops).with_columns(v4=_dotted(), v6=_v6())
    hops = hops.with_columns(value=pl.coalesce("v4", "v6"))
    public = pl.when(pl.col("v4").is_not_null()).then(_v4_public()).otherwise(pl.col("v6").str.contains(_V6_PUBLIC))
    hops = hops.with_columns(public=public.fill_null(False)).with_row_index("hop")
    hops = hops.sort("n", pl.col("value").is_null(), ~pl.col("public"), "hop")
    best = hops.group_by("n", maintain_order=True).first()
    return best.select("value", pl.when(pl.col("value").is_not_null()).then(pl.col("public")).alias("public"))


def _figures(frame: pl.DataFrame) -> pl.DataFrame:
    """The four figures of a dotted `raw` as columns a, b, c, d; null where there are not four."""
    parts = frame["raw"].str.split_exact(".", 4).struct.unnest()
    four = pl.col("field_4").is_null()
    figures = parts.select(
        pl.when(four).then(pl.col(f"field_{place}").cast(pl.Int64, strict=False)).alias(name)
        for place, name in enumerate(_FIGURES)
    )
    return frame.hstack(figures)


def _dotted() -> pl.Expr:
    """The address written anew from its figures; null where it cannot be one (0.x.x.x is none)."""
    real = pl.all_horizontal(pl.col(name).is_between(0, 255) for name in _FIGURES) & (pl.col("a") > 0)
    return pl.when(real).then(pl.concat_str([pl.col(name).cast(pl.String) for name in _FIGURES], separator="."))


def _v4_public() -> pl.Expr:
    """Not private, shared (100.64/10), loopback, link-local, benchmark, multicast or reserved."""
    first, second = pl.col("a"), pl.col("b")
    return ~(
        first.is_in([0, 10, 127])
        | (first >= 224)
        | ((first == 100) & second.is_between(64, 127))
        | ((first == 169) & (second == 254))
        | ((first == 172) & second.is_between(16, 31))
        | ((first == 192) & (second == 168))
        | ((first == 198) & second.is_in([18, 19]))
    )


def _v6() -> pl.Expr:
    """The /64 network: four groups without leading zeros, then `::/64`."""
    text = pl.col("raw").str.replace(r"%.*$", "")
    shortened = text.str.contains("::", literal=True)
    head = text.str.replace(r"::.*$", "")
    tail = pl.when(shortened).then(text.str.replace(r"^.*?::", "")).otherwise(pl.lit(""))
    groups = [
        pl.when(part == "").then(0).otherwise(part.str.count_matches(":").cast(pl.Int64) + 1) for part in (head, tail)
    ]
    zeros = pl.lit("0:0:0:0:0:0:0:0").str.slice(0, 2 * (8 - groups[0] - groups[1]) - 1)
    written = [pl.when(part != "").then(part) for part in (head, zeros, tail)]
    whole = pl.when(shortened).then(pl.concat_str(written, separator=":", ignore_nulls=True)).otherwise(text)
    fits = (
        text.str.contains(r"^[0-9a-f:]{2,39}$")
        & (text.str.count_matches("::", literal=True) <= 1)
        & ~text.str.contains(r":::|[0-9a-f]{5}|^:[^:]|[^:]:$")
        & pl.when(shortened).then(groups[0] + groups[1] <= 7).otherwise(groups[0] == 8)
    )
    network = [whole.str.split(":").list.get(place, null_on_oob=True).str.strip_chars_start("0") for place in range(4)]
    named = [pl.when(group == "").then(pl.lit("0")).otherwise(group) for group in network]
    return pl.when(fits).then(pl.concat_str(named, separator=":") + "::/64")
