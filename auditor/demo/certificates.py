"""The second line of subsidy, of people of the same employers who are on no platform: claims for certificates, the
certificates, months insured, and a catalogue of trades in short supply."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from auditor.demo import words
from auditor.demo.people import invent
from auditor.demo.shared import Demo
from auditor.demo.sink import CsvSink
from auditor.demo.tables import Line

_LISTED, _OTHERS = ("数控车工", "焊工", "电工", "钳工", "铣工"), ("仓储管理员", "中式烹调师", "保育师")
# form → the rules that it breaks, the table in which it shows, why
FORMS = {
    "none": (("certificate-missing",), "claims", "申领了证书一类的补贴，证书表中没有此人"),
    "lower": (("certificate-level-differs", "claim-amount-differs"), "claims", "申领高级工的补贴，证书是中级工"),
    "older": (("certificate-outside-period",), "certificates", "证书在培训期以前签发"),
    "again": (("certificate-claimed-twice", "claim-duplicate"), "claims", "同一份证书由两家企业申请，较晚的一次重复"),
    "brief": (("insured-months-too-few",), "insurance", "参保月份不足"),
    "trade": (("trade-not-in-catalogue", "claim-amount-differs"), "claims", "申请了上浮部分，工种不在紧缺目录中"),
    "more": (("claim-amount-differs",), "claims", "申请金额多于证书等级的标准"),
    "strange": (("claim-project-unknown",), "claims", "补贴项目写的是另一种补贴"),
}


@dataclass(frozen=True)
class Holder:
    """One person with a certificate. Money in fen, months as yyyymm."""

    number: str
    name: str
    employer: str
    level: int
    held: int | None
    trade: str
    fen: int
    issued: str
    months: tuple[str, str]
    project: str
    form: str


def write(demo: Demo, seed: int, faulty: bool) -> None:
    """About one for each twenty learners; with `faulty`, from 100 learners on, each fault on one more of them. Those of
    whom a fault of two lines was planted are claimed for a certificate, too."""
    line = next((line for line in demo.policy.lines if line.levels), None)
    if line is None:
        return
    rng = np.random.default_rng((seed, 77))
    forms = [*FORMS] * (1 + len(demo.people) // 2_000) if faulty and len(demo.people) >= 100 else []
    count = max(2, len(demo.people) // 20) + len(forms)
    people = invent(count, demo.place, demo.course.first_day, rng)
    taken, firms = set(demo.people.number.tolist()), demo.people.employers
    year = demo.policy.period_from // 10_000
    holders = []
    for nth in range(count):
        level = line.levels[nth % len(line.levels)]
        listed = nth % 3 != 2
        trade = (_LISTED if listed else _OTHERS)[nth % 3]
        fen = level.fen + (level.uplift_fen if listed else 0)
        issued = str(dt.date(year, 1, 9) + dt.timedelta(days=int(rng.integers(0, 75))))
        own = str(firms[nth % len(firms)])
        one = Holder(str(people.number[nth]), str(people.name[nth]), own, level.no, level.no, trade, fen, issued,
                     (f"{year - 1}0{int(rng.integers(1, 8))}", f"{year}12"), line.label["zh"], "")  # fmt: skip
        if one.number not in taken:
            holders.append(_spoilt(one, forms[nth], demo) if nth < len(forms) else one)
    for person in demo.plan.who("both-lines"):
        who = str(demo.people.number[person]), str(demo.people.name[person])
        employer = str(firms[demo.people.employer[person]])
        holders.append(replace(holders[-1], number=who[0], name=who[1], employer=employer, form=""))
    _claims(demo, holders)
    _certificates(demo, holders)
    _insurance(demo, holders)
    rows = {"职业（工种）": _LISTED, "技能等级": ["高级工及以上"] * len(_LISTED),
            "生效日期": [f"{year}-01-01"] * len(_LISTED)}  # fmt: skip
    sink = CsvSink(
        demo.out / "高技能人才紧缺职业（工种）目录（演示）.csv", title=words.INVENTED + " 紧缺职业（工种）目录"
    )
    sink.add(pl.DataFrame(rows), {})
    demo.done(sink)


def _spoilt(one: Holder, form: str, demo: Demo) -> Holder:
    levels = {level.no: level for line in demo.policy.lines for level in line.levels}
    senior, plain = next(level for level in levels.values() if level.uplift_fen), levels[min(levels)]
    listed = replace(one, level=plain.no, held=plain.no, fen=plain.fen, form=form)
    match form:
        case "none":
            return replace(listed, held=None)
        case "lower":
            return replace(listed, level=senior.no, held=senior.no - 1, fen=senior.fen)
        case "older":
            return replace(listed, issued=f"{demo.policy.period_from // 10_000 - 1}-11-20")
        case "brief":
            return replace(listed, months=(f"{demo.policy.period_from // 10_000}01", listed.months[1]))
        case "trade":
            fen = senior.fen + senior.uplift_fen
            return replace(listed, level=senior.no, held=senior.no, trade=_OTHERS[0], fen=fen)
        case "more":
            return replace(listed, fen=plain.fen + 50_000)
        case "strange":
            return replace(listed, project="以工代训补贴")
    return listed


def _label(demo: Demo, level: int) -> str:
    return next(one.label["zh"] for line in demo.policy.lines for one in line.levels if one.no == level)


def _claims(demo: Demo, holders: list[Holder]) -> None:
    firms = demo.people.employers.tolist()
    day = f"{demo.policy.period_to // 10_000}-04-1"
    rows = [(one, one.employer, day + "0") for one in holders]
    rows += [(one, firms[firms.index(one.employer) - 1], day + "2") for one in holders if one.form == "again"]
    sink = CsvSink(demo.out / "证书补贴申请名单（演示）.csv", title=f"{words.INVENTED} 补贴申请名单")
    columns = {
        "身份证号": [one.number for one, _, _ in rows], "姓名": [one.name for one, _, _ in rows],
        "单位名称": [employer for _, employer, _ in rows], "补贴项目": [one.project for one, _, _ in rows],
        "技能等级": [_label(demo, one.level) for one, _, _ in rows],
        "申请补贴金额": [f"{one.fen / 100:.2f}" for one, _, _ in rows], "申请日期": [when for _, _, when in rows],
    }  # fmt: skip
    sink.add(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), {})
    last = {one.number: (row, one) for row, (one, _, _) in enumerate(rows)}
    _note(demo, "claims", sink, last)


def _certificates(demo: Demo, holders: list[Holder]) -> None:
    rows = [one for one in holders if one.held is not None]
    sink = CsvSink(demo.out / "职业技能等级证书（演示）.csv", title=f"{words.INVENTED} 职业技能等级证书")
    columns = {
        "身份证号": [one.number for one in rows], "姓名": [one.name for one in rows],
        "单位名称": [one.employer for one in rows],
        "证书编号": [f"Y{990_000_000 + nth}" for nth, _ in enumerate(rows)],
        "职业（工种）": [one.trade for one in rows], "技能等级": [_label(demo, one.held or 0) for one in rows],
        "发证日期": [one.issued for one in rows],
    }  # fmt: skip
    sink.add(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), {})
    _note(demo, "certificates", sink, {one.number: (row, one) for row, one in enumerate(rows)})


def _insurance(demo: Demo, holders: list[Holder]) -> None:
    sink = CsvSink(demo.out / "社保缴纳（演示）.csv", title=f"{words.INVENTED} 社保缴纳")
    columns = {
        "身份证号": [one.number for one in holders], "姓名": [one.name for one in holders],
        "单位名称": [one.employer for one in holders], "起始年月": [one.months[0] for one in holders],
        "截止年月": [one.months[1] for one in holders],
    }  # fmt: skip
    sink.add(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), {})
    _note(demo, "insurance", sink, {one.number: (row, one) for row, one in enumerate(holders)})


def _note(demo: Demo, table: str, sink: CsvSink, last: dict[str, tuple[int, Holder]]) -> None:
    """The lines of the key for the faults that this table shows."""
    for number, (row, one) in last.items():
        rules, shown, why = FORMS.get(one.form, ((), "", ""))
        if shown == table:
            sheet, place = sink.where(row)
            demo.lines += [Line(number, rule, table, sink.name, sheet, place, why) for rule in rules]
    demo.done(sink)
