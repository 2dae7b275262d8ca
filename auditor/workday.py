"""Working days of China, those that make up for a holiday (调休) included: the table workdays."""

import datetime as dt

import polars as pl

from auditor.store import Store


def find(store: Store, wanted: bool, period: tuple[int, int]) -> list[int]:
    """Fill workdays: each day of the span in which classes were filed and opened (where it is not said when: the
    `period`), with the number of working days of the span before it. Empty unless `wanted`. The years that the calendar
    does not know are given back; their days are left out."""
    store.run("CREATE TABLE workdays (day BIGINT, workday_no BIGINT)")
    asked = store.rows(
        f"""SELECT filed_on FROM filings WHERE filed_on IS NOT NULL
        UNION SELECT opens_on FROM filings WHERE filed_on IS NOT NULL AND opens_on IS NOT NULL
        UNION SELECT unnest([{period[0]}, {period[1]}]) FROM filings WHERE filed_on IS NOT NULL AND opens_on IS NULL"""
    )
    if not wanted or not asked:
        return []
    days = sorted(dt.date(day // 10_000, day // 100 % 100, day % 100) for (day,) in asked)
    unknown = [year for year in sorted({day.year for day in days}) if not _knows(year)]
    if known := [day for day in days if day.year not in unknown]:
        store.add("counted_days", _count(known[0], known[-1]))
        store.run("INSERT INTO workdays SELECT day, workday_no FROM counted_days ORDER BY day")
    return unknown


def _count(first: dt.date, last: dt.date) -> pl.DataFrame:
    from chinese_calendar import is_workday  # not before it is needed

    span = pl.date_range(first, last, eager=True)
    worked = pl.Series([is_workday(day) for day in span], dtype=pl.Int64)
    number = span.dt.strftime("%Y%m%d").cast(pl.Int64)
    return pl.DataFrame({"day": number, "workday_no": worked.cum_sum() - worked})


def _knows(year: int) -> bool:
    from chinese_calendar import is_workday

    try:
        is_workday(dt.date(year, 1, 1))
    except NotImplementedError:  # how the package says that the year is not announced yet
        return False
    return True
