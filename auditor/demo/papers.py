"""What an auditor adds to a platform's export: filings, social insurance, subsidies already granted, the ledger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl

from auditor.demo import words
from auditor.demo.shared import Demo
from auditor.demo.sink import CsvSink
from auditor.demo.study import Ints

_EPOCH = dt.date(1970, 1, 1)


def write(demo: Demo, first_day: Ints) -> None:
    """Those of which the notice speaks. `first_day` of each person's study: days since 1970-01-01."""
    claimed = np.flatnonzero(~demo.people.dropout)
    params, rules = demo.policy.params, demo.policy.rules
    if "filing-after-deadline" in rules:
        _filings(demo, claimed, first_day)
    if "claim-not-in-filed-list" in rules:
        filed = np.setdiff1d(claimed, demo.plan.who("not-filed"))
        _put(demo, "备案培训人员名单", "trainees", filed, _who(demo, filed))
    if "insured_from" in params:
        _insurance(demo, claimed, params["insured_from"], params["insured_to"])
    if "benefit-already-taken" in rules:
        _benefits(demo, claimed, first_day)
    if "ledger-item-missing" in rules:
        _ledger(demo, claimed, params["keep_years"])


def _put(demo: Demo, name: str, table: str, person: Ints, columns: dict[str, Sequence[object]]) -> None:
    sink = CsvSink(demo.out / f"{name}（演示）.csv", title=f"{words.INVENTED} {name}")
    sink.add(pl.DataFrame(columns, schema_overrides=dict.fromkeys(columns, pl.String)), {})
    last = {who: row for row, who in enumerate(person.tolist())}
    for who in sorted(demo.plan.tasks):
        if who in last:
            demo.planned(who, table, sink, last[who])
    demo.done(sink)


def _who(demo: Demo, person: Ints) -> dict[str, Sequence[object]]:
    people = demo.people
    return {
        "身份证号": people.number[person].tolist(),
        "姓名": people.name[person].tolist(),
        "单位名称": people.employers[people.employer[person]].tolist(),
    }


def _day(days: int) -> str:
    return str(_EPOCH + dt.timedelta(days=days))


def _filings(demo: Demo, claimed: Ints, first_day: Ints) -> None:
    """One class an employer, filed twelve days before anybody studies."""
    firms = np.unique(demo.people.employer[claimed])
    opens = [int(first_day[demo.people.employer == firm].min()) for firm in firms.tolist()]
    columns: dict[str, Sequence[object]] = {
        "单位名称": demo.people.employers[firms].tolist(),
        "班级名称": [f"线上项目制培训第{nth}期" for nth in range(1, len(firms) + 1)],
        "开班申请日期": [_day(day - 12) for day in opens],
        "审核通过日期": [_day(day - 3) for day in opens],
        "开班日期": [_day(day) for day in opens],
        "培训人数": [str(int((demo.people.employer[claimed] == firm).sum())) for firm in firms.tolist()],
    }
    _put(demo, "开班申请", "filings", np.full(len(firms), -1), columns)


def _insurance(demo: Demo, claimed: Ints, first: int, last: int) -> None:
    months = [month for month in range(first, last + 1) if 1 <= month % 100 <= 12]
    month, person = np.tile(months, len(claimed)), np.repeat(claimed, len(months))
    absent = np.isin(person, demo.plan.who("month-absent")) & (month == last)
    month, person = month[~absent], person[~absent]
    unpaid = np.isin(person, demo.plan.who("month-unpaid")) & (month == last)
    columns = _who(demo, person) | {
        "费款所属期": [str(each) for each in month.tolist()],
        "缴费标志": np.where(unpaid, "未到账", "已到账").tolist(),
    }
    _put(demo, "社保缴纳", "insurance", person, columns)


def _benefits(demo: Demo, claimed: Ints, first_day: Ints) -> None:
    """A few old subsidies of another kind, and those that were planted: the same one, by another employer, before."""
    again = np.array(demo.plan.who("already-taken"), dtype=np.int64)
    other = np.setdiff1d(claimed[::23], again)[:20]
    person, same = np.concatenate((other, again)), [False] * len(other) + [True] * len(again)
    columns = _who(demo, person)
    columns["单位名称"] = [
        "演示旧东家有限公司" if mine else firm for mine, firm in zip(same, columns["单位名称"], strict=True)
    ]
    columns |= {
        "补贴项目": [demo.place.subsidy if mine else "失业人员职业技能培训补贴" for mine in same],
        "补贴金额": [f"{demo.policy.amount_fen / 100:.2f}" if mine else "600.00" for mine in same],
        "享受日期": [
            _day(int(first_day[who]) + (1 if mine else -400)) for who, mine in zip(person.tolist(), same, strict=True)
        ],
    }
    _put(demo, "已享受补贴台账", "benefits", person, columns)


def _ledger(demo: Demo, claimed: Ints, years: int) -> None:
    lacking = np.isin(claimed, demo.plan.who("ledger-gap"))
    brief = np.isin(claimed, demo.plan.who("kept-brief"))
    early = f"{demo.policy.period_to // 10_000 + years - 1}-12-31"
    kept = f"{demo.policy.period_to // 10_000 + years + 1}-12-31"
    columns = _who(demo, claimed) | {
        name: ["有"] * len(claimed) for name in ("签到注册记录", "行程卡", "考核内容", "合格记录")
    }
    columns |= {"学习记录": np.where(lacking, "无", "有").tolist(), "保存期限": np.where(brief, early, kept).tolist()}
    _put(demo, "学习台账清单", "ledger", claimed, columns)
