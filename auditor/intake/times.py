"""Times, days and durations as people, platforms and spreadsheets write them.

A time is Int64 seconds of local wall time (Asia/Shanghai) since 1970-01-01 00:00:00 local; a day is yyyymmdd; a
duration is seconds. Only year-first dates are read: another order of day and month would be a guess.
"""

from collections.abc import Callable

import polars as pl

from auditor.intake.text import NUMBER

_MACHINE = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S")
_DATE = r"(?P<y>(?:19|20)\d{2})(?:[-/.年] ?(?P<m>\d{1,2})[-/.月] ?(?P<d>\d{1,2})日?|(?P<m2>\d{2})(?P<d2>\d{2}))"
_HALF = "上午|下午|中午|晚上|凌晨|早上|am|pm"
_CLOCK = (
    rf"(?P<half>{_HALF})? ?(?P<H>\d{{1,2}})[:时点] ?(?P<M>\d{{1,2}})"
    rf"(?:[:分] ?(?P<S>\d{{1,2}})(?:\.\d+)?秒?|分)? ?(?P<half2>am|pm)?"
)
_COMPACT = r"(?P<H3>\d{2})(?P<M3>\d{2})(?P<S3>\d{2})"
_FULL = rf"^{_DATE}(?:[ t]*(?:星期.|周.)?[ ]*(?:{_CLOCK}|{_COMPACT}) ?(?P<zone>z|utc|[+-]\d{{2}}:?\d{{2}})?)?$"
_LENGTH = (
    r"^(?:(?P<d>\d{1,9})(?:天|d|days?) ?)?(?:(?P<h>\d{1,9})(?:小时|时|h|hours?) ?)?"
    r"(?:(?P<m>\d{1,9})(?:分钟|分|m|min|minutes?) ?)?(?:(?P<s>\d{1,9})(?:\.\d+)?(?:秒钟|秒|s|sec|seconds?))?$"
)
_COLONS = r"^(?P<sign>-?)(?P<a>\d{1,9}):(?P<b>\d{1,2})(?::(?P<c>\d{1,2})(?:\.\d+)?)?$"
_PLAIN = rf"^{NUMBER}?(-?\d+(?:\.\d+)?)$"
_DAY_S = 86_400
_SHANGHAI_S = 8 * 3600


def machine(values: pl.Series) -> pl.Series:
    """Raw cell texts → seconds, in the formats machines write; null for everything else."""
    leap = values.str.ends_with(":60")
    if leap.any():  # a leap second would be read as the next minute
        values = values.set(leap, "")
    read = _formatted(values, _MACHINE[0])
    for form in _MACHINE[1:]:
        left = (read.is_null() & values.is_not_null()).arg_true()
        if left.is_empty():
            break
        read = read.scatter(left, _formatted(values.gather(left), form))
    return read


def _formatted(values: pl.Series, form: str) -> pl.Series:
    read = values.str.to_datetime(form, strict=False, time_unit="ms", cache=False)  # the cache costs more than it saves
    return read.dt.epoch("s").cast(pl.Int64)


def seconds(values: pl.Series, clock: bool = True) -> pl.Series:
    """Cleaned texts → seconds; null where the text is not a time that exists. `clock`: a date alone is not a time."""
    read = machine(values)
    return read.fill_null(_distinct(values.set(read.is_not_null(), None), lambda left: _written(left, clock)))


def days(values: pl.Series) -> pl.Series:
    """Cell texts → yyyymmdd; a time of day behind the date is passed over."""
    when = pl.from_epoch(seconds(values, clock=False), time_unit="s")
    return when.dt.year().cast(pl.Int64) * 10_000 + when.dt.month().cast(pl.Int64) * 100 + when.dt.day()


def clocks(day: pl.Series, values: pl.Series) -> pl.Series:
    """A time of day beside a `day` of its own (yyyymmdd) → seconds; null where either is missing."""
    date = day.cast(pl.String)
    parts = [date.str.slice(0, 4), date.str.slice(4, 2), date.str.slice(6, 2)]
    return seconds(parts[0] + "-" + parts[1] + "-" + parts[2] + " " + values)


def durations(values: pl.Series, unit_s: int | None) -> pl.Series:
    """Cell texts → seconds. `unit_s`: seconds in the unit of a bare number; None leaves bare numbers unread."""
    return _distinct(values, lambda distinct: _lengths(distinct, unit_s))


def bare(values: pl.Series) -> pl.Series:
    """The bare numbers among durations as Float64 (their unit is not known here), else null."""
    return values.str.extract(_PLAIN).cast(pl.Float64, strict=False)


def _distinct(values: pl.Series, reader: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """`reader` run once on each distinct text."""
    distinct = values.drop_nulls().unique()
    if distinct.is_empty():
        return pl.Series(values.name, [None] * len(values), dtype=pl.Int64)
    read = pl.DataFrame({"text": distinct, "read": reader(distinct).cast(pl.Int64)})
    return values.alias("text").to_frame().join(read, on="text", how="left", maintain_order="left")["read"]


def _number(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int64, strict=False)


def _written(values: pl.Series, clock_needed: bool) -> pl.Series:
    frame = values.alias("v").to_frame().with_columns(pl.col("v").str.to_lowercase().str.replace_all(r"\s+", " "))
    parts = frame.select("v", pl.col("v").str.strip_prefix(NUMBER).str.extract_groups(_FULL).alias("g")).unnest("g")
    parts = parts.with_columns(
        year=_number("y"),
        month=pl.coalesce(_number("m"), _number("m2")),
        day=pl.coalesce(_number("d"), _number("d2")),
        hour=pl.coalesce(_number("H"), _number("H3"), pl.lit(0)),
        minute=pl.coalesce(_number("M"), _number("M3"), pl.lit(0)),
        second=pl.coalesce(_number("S"), _number("S3"), pl.lit(0)),
        half=pl.coalesce("half", "half2"),
    )
    text = "%Y-%m-%d"
    date = pl.format(
        "{}-{}-{}", "year", pl.col("month").cast(pl.String).str.zfill(2), pl.col("day").cast(pl.String).str.zfill(2)
    )
    hour = (
        pl.when((pl.col("half") == "晚上") & (pl.col("hour") == 12)).then(None)  # of which day?
        .when(pl.col("half").is_in(["上午", "凌晨", "早上", "am"]) & (pl.col("hour") > 12)).then(None)
        .when(pl.col("half").is_in(["下午", "晚上", "pm"]) & (pl.col("hour") < 12)).then(pl.col("hour") + 12)
        .when(pl.col("half").is_in(["上午", "凌晨", "早上", "am"]) & (pl.col("hour") == 12)).then(0)
        .when((pl.col("half") == "中午") & (pl.col("hour") < 11)).then(pl.col("hour") + 12)
        .otherwise(pl.col("hour"))
    )  # fmt: skip
    zone = pl.col("zone").str.replace("z|utc", "+0000").str.replace(":", "")
    hours, minutes = zone.str.slice(1, 2), zone.str.slice(3, 2)
    offset = (
        pl.when(pl.col("zone").is_null()).then(_SHANGHAI_S)
        .otherwise(
            (hours.cast(pl.Int64, strict=False) * 3600 + minutes.cast(pl.Int64, strict=False) * 60)
            * pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
        )
    )  # fmt: skip
    midnight = date.str.to_date(text, strict=False).cast(pl.Int64) * _DAY_S
    parts = parts.with_columns(hour=hour, offset=offset, midnight=midnight)
    real = (
        ((pl.col("hour") <= 23) | ((pl.col("hour") == 24) & (pl.col("minute") == 0) & (pl.col("second") == 0)))
        & (pl.col("minute") <= 59)
        & (pl.col("second") <= 59)
    )
    if clock_needed:
        real &= pl.coalesce("H", "H3").is_not_null()
    clock = pl.col("hour") * 3600 + pl.col("minute") * 60 + pl.col("second")
    written = pl.when(real).then(pl.col("midnight") + clock - pl.col("offset") + _SHANGHAI_S)
    return parts.select(pl.coalesce(written, _counted()).alias("v")).to_series()


def _counted() -> pl.Expr:
    """Excel serial days in a number cell, Unix seconds or milliseconds anywhere."""
    figure = pl.col("v").str.extract(_PLAIN).cast(pl.Float64, strict=False)
    serial = pl.col("v").str.starts_with(NUMBER) & figure.is_between(20_000, 80_000)
    return (
        pl.when(serial).then(((figure - 25_569) * _DAY_S).round())
        .when(figure.is_between(631_152_000, 4_133_980_799)).then(figure.floor() + _SHANGHAI_S)
        .when(figure.is_between(631_152_000_000, 4_133_980_799_999)).then((figure / 1000).floor() + _SHANGHAI_S)
        .cast(pl.Int64, strict=False)
    )  # fmt: skip


def _lengths(values: pl.Series, unit_s: int | None) -> pl.Series:
    frame = values.alias("v").to_frame().with_columns(pl.col("v").str.to_lowercase())
    named = frame.select(pl.col("v").str.replace_all(" ", "").str.extract_groups(_LENGTH).alias("g")).unnest("g")
    spelled = named.select(
        pl.when(pl.any_horizontal(pl.col("d", "h", "m", "s").is_not_null())).then(
            pl.sum_horizontal(
                _number("d").fill_null(0) * _DAY_S,
                _number("h").fill_null(0) * 3600,
                _number("m").fill_null(0) * 60,
                _number("s").fill_null(0),
            )
        )
    ).to_series()
    colons = frame.select(pl.col("v").str.extract_groups(_COLONS).alias("g")).unnest("g")
    sign = pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
    clocked = colons.select(
        pl.when(pl.col("c").is_not_null() & (_number("b") < 60) & (_number("c") < 60))
        .then(sign * (_number("a") * 3600 + _number("b") * 60 + _number("c")))
    ).to_series()  # fmt: skip
    read = spelled.fill_null(clocked)
    if unit_s is not None:
        read = read.fill_null((bare(frame.to_series()) * unit_s).round().cast(pl.Int64, strict=False))
    return read
