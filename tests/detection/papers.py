"""What a bureau adds to an export: social insurance, filings, subsidies already granted, ledgers, places of addresses.
Each holds what is planted in honest people, and what is innocent."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from .table import write_table
from .world import FAR, NEAR, Site

# What can be planted in honest people, and the rule that must say so of exactly these.
PLANTED = {
    "short": "class-hours-too-few",
    "absent": "exam-missing",
    "failed": "exam-failed",
    "third": "exam-too-many-attempts",
    "unregistered": "claim-unregistered",
    "twice": "claim-duplicate",
    "late": "claim-outside-window",
    "uninsured": "insurance-month-missing",
    "granted": "benefit-already-taken",
    "unlisted": "claim-not-in-filed-list",
    "unkept": "ledger-item-missing",
}
_PROJECT = {"taicang-2021": "“留苏优技”项目制培训", "wuxi-2023": "稳岗留工线上培训"}


def claim_day(site: Site) -> dt.date:
    return dt.date(site.year, 4, 8)


def write_papers(site: Site, folder: Path, who: pl.DataFrame, planted: pl.Series) -> None:
    """`who`: id_number, name, employer; `planted`: what, of each of them."""

    def on(day: dt.date) -> pl.Expr:
        return pl.lit(day.isoformat())

    if "insured_from" in site.notice.params:
        first, last = site.notice.params["insured_from"], site.notice.params["insured_to"]
        paid = [
            who.filter((planted != "uninsured") | (month < last)).with_columns(month=pl.lit(str(month)))
            for month in range(first, last + 1)
        ]
        write_table(folder, "insurance", pl.concat(paid))

    granted = who.with_columns(project=pl.lit(_PROJECT[site.notice.id]), amount=pl.lit("300.00"))
    early = granted.filter(planted == "granted").with_columns(granted_on=on(claim_day(site) - dt.timedelta(days=20)))
    own = granted.filter(planted == "").head(20)  # paid for these very claims
    own = own.with_columns(granted_on=on(claim_day(site) + dt.timedelta(days=60)))
    write_table(folder, "benefits", pl.concat([early, own]))

    one_class = pl.lit("线上培训一班").alias("class")
    write_table(folder, "trainees", who.filter(planted != "unlisted").with_columns(one_class))
    opened = dt.date(1970, 1, 1) + dt.timedelta(days=site.first + 1)
    days = {"filed_on": 28, "approved_on": 14, "opens_on": 0}
    dates = {name: on(opened - dt.timedelta(days=before)) for name, before in days.items()}
    filed = who.group_by("employer", maintain_order=True).agg(people=pl.len())
    write_table(folder, "filings", filed.with_columns(one_class, **dates))

    items = ("sign_in", "travel_card", "study_record", "exam_content", "exam_pass")
    ledger = who.with_columns(
        *(pl.lit("有").alias(name) for name in items), kept_until=on(dt.date(site.year + 4, 12, 31))
    )
    study = pl.Series("study_record", ["无" if fault == "unkept" else "有" for fault in planted])
    write_table(folder, "ledger", ledger.with_columns(study))

    places = [(f"{NEAR}/12", "江苏", "苏州", "31.30", "120.60"), (f"{FAR}/12", "广东", "深圳", "22.54", "114.06")]
    columns = ["network", "province", "city", "latitude", "longitude"]
    write_table(folder, "places", pl.DataFrame(places, schema=columns, orient="row"))
