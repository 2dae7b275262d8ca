"""Times, days and durations as people, platforms and spreadsheets write them.

A time is Int64 seconds of local wall time (Asia/Shanghai) since 1970-01-01 00:00:00 local; a day is yyyymmdd; a
duration is seconds. Where day, month and a short year are bare figures their `order` (dmy, mdy, ymd) must be given:
without it they are not read. A year of two figures is one of 1970 to 2069.
"""

from collections.abc import Callable
from functools import partial

import polars as pl

from auditor.intake.calendar import MONTHS, WEEKDAYS
from auditor.intake.text import NUMBER

_MACHINE = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%dT%H:%M:%S")
_ISO = "%Y-%m-%dT%H:%M:%S"
_DATES = {"dmy": ("%d/%m/%y", "%d/%m/%Y"), "mdy": ("%m/%d/%y", "%m/%d/%Y"), "ymd": ("%y/%m/%d",)}
_CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p")
_SAMPLE = 50  # texts that say which formats are worth trying

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
_DATE = (
    r"(?:(?P<y>(?:19|20)\d{2})(?:[-/.年] ?(?P<m>\d{1,2})[-/.月] ?(?P<d>\d{1,2})日?|(?P<m2>\d{2})(?P<d2>\d{2}))"
    r"|(?P<p>\d{1,2})[-/.](?P<q>\d{1,2})[-/.](?P<r>\d{4}|\d{1,2})\b"
    rf"|(?P<d3>\d{{1,2}})(?:\.|st|nd|rd|th|er|o)?[- ]?(?:de )?(?P<mon>{_MONTH})\.?(?: de|,)?[- ]?"
    r"(?P<y3>\d{4}|\d{2})\b"
    rf"|(?P<mon2>{_MONTH})\.? (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y4>\d{{4}})\b)"
)
_AM, _PM = ("上午", "凌晨", "早上", "am", "vormittags"), ("下午", "晚上", "pm", "nachmittags")
_HALF = r"上午|下午|中午|晚上|凌晨|早上|[ap]\.? ?m\b\.?|vormittags|nachmittags"
_CLOCK = (
    rf"(?P<half>{_HALF})? ?(?P<H>\d{{1,2}})[:时点] ?(?P<M>\d{{1,2}})"
    rf"(?:[:分] ?(?P<S>\d{{1,2}})(?:[.,]\d+)?秒?|分)? ?(?P<half2>{_HALF})?"
)
_COMPACT = r"(?P<H3>\d{2})(?P<M3>\d{2})(?P<S3>\d{2})"
_ZONE = r"(?P<zone>z|(?:utc|gmt)?[+-]\d{2}(?::?\d{2})?|utc|gmt)"
_BRACKETED = rf"\({_ZONE}\)$"  # (GMT+08:00)
_FULL = (
    rf"^(?:(?:{_WEEKDAY})\.?,? )?{_DATE}(?:[ ,]*\(?(?:(?:星期|周|礼拜).)\)?)?"
    rf"(?P<time>(?:,? ?t|[ ,]*)(?:at |um |à )?(?:{_CLOCK}|{_COMPACT}) ?{_ZONE}?)?$"
)
_ZONES = {6: r"[+-]\d\d:\d\d", 1: "Z", 5: r"[+-]\d{4}"}  # by their length
_COUNT = r"\d{1,9}(?:\.\d{1,9})?"
_LENGTH = (
    rf"^(?:(?P<d>{_COUNT})(?:天|d|days?|tage?|jours?|d[ií]as?))?"
    rf"(?:(?P<h>{_COUNT})(?:个?小时|时|h|hrs?|hours?|std|stunden?|heures?|horas?))?"
    rf"(?:(?P<m>{_COUNT})(?:分钟|分|m|mins?|minutes?|minuten?|minutos?))?"
    rf"(?:(?P<s>{_COUNT})(?:秒钟|秒|s|secs?|seconds?|sekunden?|secondes?|segundos?))?\.?$"
)
# ISO 8601; how long a year or a month is nobody knows, unless there are none
_PERIOD = (
    rf"^p(?:0+y)?(?:0+m)?(?:(?P<d>{_COUNT})d)?(?:t(?:(?P<h>{_COUNT})h)?(?:(?P<m>{_COUNT})m)?(?:(?P<s>{_COUNT})s)?)?$"
)
_COLONS = r"^(?P<sign>-?)(?P<a>\d{1,9}):(?P<b>\d{1,2})(?::(?P<c>\d{1,2})(?:\.\d+)?)?$"
_PLAIN = rf"^{NUMBER}?(-?\d+(?:\.\d+)?)$"
_DAY_S = 86_400
FOREVER = 21001231
_SOONEST = 19900101  # no ledger of a training ends before: a slip of the pen
_LEAST = r"^(?:保存|保管|留存)?(?:不少于|不低于|至少|满)? ?"
_YEARS = (
    _LEAST
    + r"(\d{1,2}|[一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]) ?个?(?:周?年|年度|years?|yrs?)(?:及?以上|\(含\))?$"
)
_MONTHS = _LEAST + r"(\d{1,3}) ?个月(?:及?以上|\(含\))?$"
_YEAR_1000 = -30_610_224_000
_SHANGHAI_S = 8 * 3600


def machine(values: pl.Series, order: str | None = None) -> pl.Series:
    """Raw cell texts → seconds, in the formats machines write; null for everything else."""
    return others(values, common(values), order)


def common(values: pl.Series) -> pl.Series:
    """Raw cell texts → seconds where they are written `2021-02-03 19:30:05`, as most are; else null."""
    leap = values.str.ends_with(":60")  # a leap second would be read as the next minute
    return _formatted(values.set(leap, "") if leap.any() else values, _MACHINE[0])


def others(values: pl.Series, read: pl.Series, order: str | None) -> pl.Series:
    """`read` with what stands in another format of machines."""
    leap = values.str.contains(":60", literal=True)
    if leap.any():
        values = values.set(leap, "")
    left = (read.is_null() & values.is_not_null()).arg_true()
    if left.is_empty():
        return read
    dates = _DATES[order] if order else ()
    forms = [f"{date}{comma} {clock}" for date in dates for comma in ("", ",") for clock in _CLOCKS]
    readers: list[Callable[[pl.Series], pl.Series]] = [partial(_formatted, form=form) for form in _MACHINE[1:]]
    readers += [
        *(partial(_zoned, length=length) for length in _ZONES),
        *(partial(_ordered, form=form) for form in forms),
    ]
    for reader in readers:
        found = reader(values.gather(left.head(_SAMPLE)))
        if found.null_count() == len(found):
            continue
        read = read.scatter(left, reader(values.gather(left)))
        left = (read.is_null() & values.is_not_null()).arg_true()
        if left.is_empty():
            break
    return read


def _formatted(values: pl.Series, form: str) -> pl.Series:
    read = values.str.to_datetime(form, strict=False, time_unit="ms", cache=False)  # the cache costs more than it saves
    second = read.dt.epoch("s").cast(pl.Int64)
    early = second < _YEAR_1000  # 07/09/26 is not of the year 7
    return second.set(early, None) if early.any() else second


def _ordered(values: pl.Series, form: str) -> pl.Series:
    if "%y" in form:  # a year has two figures
        values = values.set(~values.str.contains(r"^\d{2}/" if form.startswith("%y") else r"/\d{2},? "), None)
    return _formatted(values, form)


def _zoned(values: pl.Series, length: int) -> pl.Series:
    """`2021-02-03T10:05:06.123456+00:00`, as logs of servers write it; the fraction of the second is cut off."""
    fits = values.str.contains(rf"^.{{19}}(?:\.\d{{1,9}})?{_ZONES[length]}$").fill_null(False)
    values = values if fits.all() else values.set(~fits, None)
    written = values.str.tail(length)
    zones = written.drop_nulls().unique()
    offset = written.replace_strict(zones, offsets(zones), default=None, return_dtype=pl.Int64)
    return _formatted(values.str.head(19), _ISO) - offset + _SHANGHAI_S


def offsets(zones: pl.Series) -> pl.Series:
    """`Z`, `utc`, `+0800`, `-03:30`, `gmt+08` → seconds east of Greenwich; null where there is no such zone."""
    parts = zones.str.to_lowercase().str.extract_groups(r"^(?:z|utc|gmt)?(?:(?P<s>[+-])(?P<h>\d{2}):?(?P<m>\d{2})?)?$")
    frame = parts.struct.unnest()
    hour, minute = _number("h").fill_null(0), _number("m").fill_null(0)
    offset = (hour * 3600 + minute * 60) * pl.when(pl.col("s") == "-").then(-1).otherwise(1)
    return frame.select(pl.when((hour <= 14) & (minute <= 59)).then(offset).alias("s")).to_series()


def has_zone(values: pl.Series) -> pl.Series:
    """Which cleaned texts end in a time zone."""
    return values.str.to_lowercase().str.contains(
        rf":\d{{2}}(?:[.,]\d+)? ?(?:{_ZONE}$|{_BRACKETED})".replace("?P<zone>", "")
    )


def seconds(values: pl.Series, clock: bool = True, order: str | None = None) -> pl.Series:
    """Cleaned texts → seconds; null where the text is not a time that exists. `clock`: a date alone is not a time."""
    read = machine(values, order)
    return read.fill_null(_distinct(values.set(read.is_not_null(), None), lambda left: _written(left, clock, order)))


def days(values: pl.Series, order: str | None = None) -> pl.Series:
    """Cell texts → yyyymmdd; a time of day behind the date is passed over."""
    when = pl.from_epoch(seconds(values, clock=False, order=order), time_unit="s")
    return when.dt.year().cast(pl.Int64) * 10_000 + when.dt.month().cast(pl.Int64) * 100 + when.dt.day()


def terms(values: pl.Series, order: str | None = None) -> pl.Series:
    """Until when, or for how long: cell texts → yyyymmdd, or a number of years; FOREVER for what never ends."""
    years = values.str.extract(_YEARS)
    words = {word: str(n) for row in ("一二三四五六七八九十", "壹贰叁肆伍陆柒捌玖拾") for n, word in enumerate(row, 1)}
    figures = years.replace(words | {"两": "2"}).cast(pl.Int64)
    months = values.str.extract(_MONTHS).cast(pl.Int64)
    figures = figures.fill_null((months // 12).set((months % 12 > 0) | (months == 0), None))
    never = values.str.contains(r"^(?:永久|长期|永远)(?:保存|保管|留存)?$").fill_null(False)
    until = days(values, order)
    return figures.set(never, FOREVER).fill_null(until.set(until < _SOONEST, None))


def months(values: pl.Series, order: str | None = None) -> pl.Series:
    """Cell texts → yyyymm; of a date its month."""
    parts = values.str.extract_groups(r"^(?P<y>(?:19|20)\d{2})[-/.年]?(?P<m>0?[1-9]|1[0-2])月?$").struct.unnest()
    bare = parts.select((_number("y") * 100 + _number("m")).alias("v")).to_series()
    return bare.fill_null(days(values, order) // 100)


def clocks(day: pl.Series, values: pl.Series) -> pl.Series:
    """A time of day beside a `day` of its own (yyyymmdd) → seconds; null where either is missing."""
    date = day.cast(pl.String)
    parts = [date.str.slice(0, 4), date.str.slice(4, 2), date.str.slice(6, 2)]
    return seconds(parts[0] + "-" + parts[1] + "-" + parts[2] + " " + values)


def durations(values: pl.Series, unit_s: int | None, colon_s: int | None = None) -> pl.Series:
    """Cell texts → seconds. `unit_s`: seconds in the unit of a bare number, `colon_s`: of the first figure of `90:30`;
    None leaves such texts unread. Fractions of a second are cut off."""
    return _distinct(values, lambda distinct: _lengths(distinct, unit_s, colon_s))


def pairs(values: pl.Series) -> pl.Series:
    """The `90:30` among durations, counted in the smaller of their units (not known here) as Float64, else null."""
    parts = values.str.extract_groups(r"^(?P<a>\d{1,6}):(?P<b>[0-5]\d)$").struct.unnest()
    return parts.select((_number("a") * 60 + _number("b")).cast(pl.Float64).alias("v")).to_series()


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


def _written(values: pl.Series, clock_needed: bool, order: str | None) -> pl.Series:
    tidy = pl.col("v").str.to_lowercase().str.replace_all(r"\s+", " ").str.replace(_BRACKETED, "${zone}")
    frame = values.alias("v").to_frame().with_columns(tidy)
    parts = frame.select("v", pl.col("v").str.strip_prefix(NUMBER).str.extract_groups(_FULL).alias("g")).unnest("g")
    parts = parts.with_columns(
        **_date(order),
        hour=pl.coalesce(_number("H"), _number("H3"), pl.lit(0)),
        minute=pl.coalesce(_number("M"), _number("M3"), pl.lit(0)),
        second=pl.coalesce(_number("S"), _number("S3"), pl.lit(0)),
        half=pl.coalesce("half", "half2").str.replace_all("[. ]", ""),
    )
    date = pl.format(
        "{}-{}-{}", "year", pl.col("month").cast(pl.String).str.zfill(2), pl.col("day").cast(pl.String).str.zfill(2)
    )
    hour = (
        pl.when((pl.col("half") == "晚上") & (pl.col("hour") == 12)).then(None)  # of which day?
        .when(pl.col("half").is_in(_AM) & (pl.col("hour") > 12)).then(None)
        .when(pl.col("half").is_in(_PM) & (pl.col("hour") < 12)).then(pl.col("hour") + 12)
        .when(pl.col("half").is_in(_AM) & (pl.col("hour") == 12)).then(0)
        .when((pl.col("half") == "中午") & (pl.col("hour") < 11)).then(pl.col("hour") + 12)
        .otherwise(pl.col("hour"))
    )  # fmt: skip
    # 10:05-11:00 is a range, no time zone
    sure = ~pl.col("zone").str.starts_with("-") | pl.col("S").is_not_null() | pl.col("time").str.contains("t")
    zones = parts["zone"].drop_nulls().unique()
    offset = pl.when(pl.col("zone").is_null()).then(_SHANGHAI_S).when(sure).then(
        pl.col("zone").replace_strict(zones, offsets(zones), default=None, return_dtype=pl.Int64)
    )  # fmt: skip
    midnight = date.str.to_date("%Y-%m-%d", strict=False).cast(pl.Int64) * _DAY_S
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


def _date(order: str | None) -> dict[str, pl.Expr]:
    """`year`, `month`, `day` of the groups of a date. A year has two or four figures, wherever it stands."""
    named = pl.coalesce("mon", "mon2").replace_strict(MONTHS, default=None, return_dtype=pl.Int64)
    places = dict(zip(order or "", "pqr", strict=False))
    if not order:
        return {
            "year": pl.coalesce(_number("y"), _year("y3"), _number("y4")),
            "month": pl.coalesce(_number("m"), _number("m2"), named),
            "day": pl.coalesce(*map(_number, ("d", "d2", "d3", "d4"))),
        }
    short = pl.col("r").str.len_chars() < 3
    fits = short if order == "ymd" else pl.lit(True)
    return {
        "year": pl.coalesce(_number("y"), _year("y3"), _number("y4"), pl.when(fits).then(_year(places["y"]))),
        "month": pl.coalesce(_number("m"), _number("m2"), named, _number(places["m"])),
        "day": pl.coalesce(*map(_number, ("d", "d2", "d3", "d4", places["d"]))),
    }


def _year(name: str) -> pl.Expr:
    figure, width = _number(name), pl.col(name).str.len_chars()
    century = pl.when(figure < 70).then(2000).otherwise(1900)
    return pl.when(width == 4).then(figure).when(width == 2).then(figure + century)


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


def _lengths(values: pl.Series, unit_s: int | None, colon_s: int | None) -> pl.Series:
    lower = values.alias("v").str.to_lowercase()
    read = _summed(lower.str.replace_all(" ", ""), _LENGTH).fill_null(_summed(lower.str.replace(",", "."), _PERIOD))
    colons = lower.to_frame().select(pl.col("v").str.extract_groups(_COLONS).alias("g")).unnest("g")
    sign = pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
    clocked = colons.select(
        pl.when(pl.col("c").is_not_null() & (_number("b") < 60) & (_number("c") < 60))
        .then(sign * (_number("a") * 3600 + _number("b") * 60 + _number("c")))
    ).to_series()  # fmt: skip
    read = read.fill_null(clocked)
    if colon_s is not None:
        read = read.fill_null((pairs(lower) * (colon_s // 60)).cast(pl.Int64))
    if unit_s is not None:
        read = read.fill_null((bare(lower) * unit_s).round().cast(pl.Int64, strict=False))
    return read


def _summed(values: pl.Series, form: str) -> pl.Series:
    """Days, hours, minutes and seconds of a form, where one of them stands there."""
    parts = values.str.extract_groups(form).struct.unnest()
    units = {"d": _DAY_S, "h": 3600, "m": 60}
    whole = pl.sum_horizontal(pl.col(name).cast(pl.Float64).fill_null(0) * unit for name, unit in units.items())
    rest = pl.col("s").cast(pl.Float64).fill_null(0).floor()
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in "dhms")
    return parts.select(pl.when(some).then((whole.round() + rest).cast(pl.Int64)).alias("v")).to_series()
