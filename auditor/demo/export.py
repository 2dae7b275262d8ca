"""Writing the tables of one demo and noting where each planted fault stands."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from auditor.demo import certificates, exams, papers, plant, tables, words
from auditor.demo.block import BLOCK, Planted, Totals, blocks
from auditor.demo.people import Ints
from auditor.demo.plant import BY_ACCOUNT, BY_NUMBER
from auditor.demo.sessions import Exporter, sinks
from auditor.demo.shared import Demo
from auditor.demo.sink import CsvSink, Sink, XlsxSink
from auditor.demo.study import Rows
from auditor.words import Words, phrase


def everything(demo: Demo, seed: int, faulty: bool, rng: np.random.Generator, say: Callable[[Words], None]) -> None:
    """All files of the export; `demo.files` and `demo.lines` grow on the way."""
    lessons = tables.lesson_names(demo.course, demo.place)
    count = len(demo.people)
    totals = Totals(*(np.zeros(shape, dtype=np.int64) for shape in ((count, 2), count, count)))
    _sessions(demo, lessons, seed, totals, say)
    say(phrase("progress.demo_tables"))
    _registrations(demo, totals, rng)
    _courses(demo, lessons, rng)
    _employers(demo)
    _exams(demo, totals, rng)
    _claims(demo, rng)
    papers.write(demo, totals.first_day)
    certificates.write(demo, seed, faulty)


def _sessions(demo: Demo, lessons: list[str], seed: int, totals: Totals, say: Callable[[Words], None]) -> None:
    people = len(demo.people)
    exporter = Exporter(demo.people, lessons, demo.course, demo.plan.who("two-accounts"))
    opened = {
        kind: start()
        for kind, start in sinks(demo.out, demo.temporary, demo.large).items()
        if (demo.kinds == kind).any()
    }
    try:
        for low, rows, planted in blocks(demo.people, demo.plan, demo.course, demo.place, seed, totals):
            say(phrase("progress.demo_sessions", first=low + 1, last=min(low + BLOCK, people), count=people))
            for kind, sink in opened.items():
                chosen = np.flatnonzero(demo.kinds[rows["person"]] == kind)
                if len(chosen):
                    _put(demo, exporter, kind, sink, rows, chosen, planted)
    finally:
        for sink in opened.values():
            demo.done(sink)


def _put(
    demo: Demo, exporter: Exporter, kind: int, sink: Sink, rows: Rows, chosen: Ints, planted: list[Planted]
) -> None:
    """Append the `chosen` rows; one kind of export lists the newest first."""
    if kind == BY_NUMBER:
        chosen = chosen[np.lexsort((rows["person"][chosen], -rows["start"][chosen]))]
    frame, instead = exporter.frame(kind, rows[chosen])
    first = sink.add(frame, instead)
    at = np.full(len(rows), -1, dtype=np.int64)
    at[chosen] = np.arange(len(chosen))
    for fault in planted:
        if at[fault.index] >= 0 and fault.rule in demo.policy.rules:
            demo.line(fault.person, fault.rule, "sessions", sink, first + int(at[fault.index]), fault.why)


def _registrations(demo: Demo, totals: Totals, rng: np.random.Generator) -> None:
    made = tables.registrations(demo.people, demo.plan, demo.course, totals.raw_s, totals.first_day, rng)
    sink: Sink
    if demo.large:
        sink = CsvSink(demo.out / "实名注册（演示）.csv", title=words.INVENTED + " 实名注册")
    else:
        above = (f"{demo.place.platform} 实名注册信息", words.INVENTED, "")
        sink = XlsxSink(demo.out / "实名注册（演示）.xlsx", demo.temporary, ["学员信息"], above)
    sink.add(made.frame, {})
    last = {int(person): row for row, person in enumerate(made.person.tolist())}
    for person in sorted(demo.plan.tasks):
        if person in last:
            demo.planned(person, "registrations", sink, last[person])
    demo.done(sink)


def _courses(demo: Demo, lessons: list[str], rng: np.random.Generator) -> None:
    sink = CsvSink(demo.out / "课程（演示）.csv")
    sink.add(tables.lesson_plan(lessons, demo.course, demo.place, rng), {})
    demo.done(sink)


def _employers(demo: Demo) -> None:
    """No platform exports it: the auditor has asked the employers."""
    sink = CsvSink(demo.out / "用人单位（演示）.csv", title=words.INVENTED + " 用人单位")
    sink.add(tables.employers(demo.people, demo.place), {})
    demo.done(sink)


def _exams(demo: Demo, totals: Totals, rng: np.random.Generator) -> None:
    params = demo.policy.params
    allowed = exams.Allowed(params.get("pass_mark"), params.get("max_attempts"))
    attempts = exams.sat(demo.people, demo.plan, totals.first_day, totals.exam_after, allowed, rng)
    content = "、".join(dict.fromkeys(topic for topic, _ in demo.place.topics))
    title = words.INVENTED + " 考试成绩"
    encoding = "utf-8" if demo.large else "gb18030"
    numbered = "考试成绩（演示）.csv" if demo.large else "考试成绩（演示）_2.csv"
    for name, by_account in (("考试成绩（演示）_1.csv", True), (numbered, False)):
        rows = np.flatnonzero((demo.kinds[attempts.person] == BY_ACCOUNT) == by_account)
        if not len(rows):
            continue
        sink = CsvSink(demo.out / name, encoding, title=title)
        sink.add(exams.table(attempts, rows, demo.people, content, by_account=by_account), {})
        for person in sorted(demo.plan.tasks):
            last = attempts.last_of(person)
            if last is not None and (demo.kinds[person] == BY_ACCOUNT) == by_account:
                row = int(np.searchsorted(rows, last))
                demo.planned(person, "exams", sink, row)
                if demo.plan.tasks[person].form == "unregistered" and "exam-unregistered" in demo.policy.rules:
                    demo.line(person, "exam-unregistered", "exams", sink, row, plant.WHY["stranger-exam"])
        demo.done(sink)


def _claims(demo: Demo, rng: np.random.Generator) -> None:
    claimed = tables.claims(demo.people, demo.plan, demo.policy, demo.place, rng)
    half = 0 if demo.large else claimed.split()
    sink: Sink
    if demo.large:
        sink = CsvSink(demo.out / "补贴申请名单（演示）.csv", title=words.INVENTED + " 补贴申请名单")
    else:
        formats = dict.fromkeys(("申请日期", "申报日期"), "yyyy-mm-dd")
        above = (words.INVENTED + " 补贴申请名单",)
        sink = XlsxSink(
            demo.out / "补贴申请名单（演示）.xlsx", demo.temporary, ["第一批", "第二批"], above, formats=formats
        )
    for part, rows in enumerate((np.arange(half), np.arange(half, len(claimed.person)))):
        if not len(rows):
            continue
        shape = tables.Shape(cells=not demo.large, other_names=part == 1 and not demo.large)
        frame, instead = tables.claim_table(claimed, rows, demo.people, demo.plan, demo.policy, shape)
        if isinstance(sink, XlsxSink):
            sink.new_sheet(frame.columns)
        sink.add(frame, instead)
    for row, person in enumerate(claimed.person.tolist()):
        task = demo.plan.tasks.get(person)
        if claimed.employer[row] != demo.people.employer[person] and "claim-not-in-filed-list" in demo.policy.rules:
            why = "由另一家企业申请，而此人是原企业备案的"
            demo.line(person, "claim-not-in-filed-list", "claims", sink, row, why)
        if task and (task.form != "claimed-twice" or claimed.again[row]):
            demo.planned(person, "claims", sink, row)
    demo.done(sink)
