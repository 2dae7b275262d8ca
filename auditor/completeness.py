"""What was read of every sheet, and what a reader must know of it before the numbers."""

from typing import Any

from auditor import firms, places, roster, wording
from auditor.intake.load import Intake
from auditor.intake.sheet import ABOVE, AGAIN, ANSWERS, HEADER, IDLE, LEFT_OUT, RETOLD, UNKNOWN
from auditor.intake.source import Source
from auditor.layout import catalogue
from auditor.schema import references, tables
from auditor.store import Store
from auditor.words import Words, phrase, say, word

_WHOLE = (ABOVE, HEADER, ANSWERS, UNKNOWN, RETOLD, AGAIN, IDLE, LEFT_OUT)  # nobody needs to look for these rows


def source(sheet: Source, lang: str) -> dict[str, Any]:
    return {
        "file": sheet.file, "sheet": sheet.sheet, "table": sheet.table,
        "label": _kind(sheet, lang), "layout": f"{sheet.form.layout}/{sheet.form.id}" if sheet.form else None,
        "header_row": sheet.header_row,
        "columns": [
            {"header": header, "field": field, "label": tables()[sheet.table].columns[field].label[lang]}
            for field, header in sheet.columns.items() if sheet.table
        ],
        "unrecognised": sheet.unrecognised, "rows": sheet.rows, "read": sheet.read,
        "records": sheet.made,
        "set_aside": dict(sorted(sheet.aside.items())),
        "set_aside_rows": {reason: rows for reason, rows in sorted(sheet.places.items()) if reason not in _WHOLE},
        "notes": [word(note, lang) for note in sheet.notes],
    }  # fmt: skip


def _kind(sheet: Source, lang: str) -> str | None:
    if not sheet.table:
        return None
    label = tables()[sheet.table].label
    if not (form := sheet.form):
        return label[lang]
    if form.by_hand:
        return say("where.mapped", lang, table=label)
    return say("where.form", lang, table=label, layout=catalogue()[form.layout].label, form=form.label)


def problems(store: Store, intake: Intake, claimed: bool) -> list[Words]:
    """What a reader must know before the numbers."""
    said: list[Words] = []
    if not claimed:
        said.append(phrase("problem.no_claims"))
    timed, outside = store.rows(
        "SELECT count(*), count(*) FILTER (end_s <= period_from_s OR start_s >= period_to_s) FROM sessions, parameters "
        "WHERE timed > 0 AND dur_s > 0"
    )[0]
    if outside * 2 > timed:
        said.append(phrase("problem.outside", timed=timed, outside=outside))
    said += firms.problems(store)
    said += places.problems(store)
    said += roster.problems(store)
    said += wording.problems(store)
    missing = sorted(set(tables()) - intake.tables - {"claims", "employers", "roster", "events", *references()})
    said += [phrase("problem.no_table", table=tables()[name].label) for name in missing]
    said += [phrase("problem.passed_over", file=name) for name in intake.passed_over]
    for source in intake.sources:
        where = phrase("where.sheet", file=source.file, sheet=source.sheet) if source.sheet else source.file
        if source.form and source.form.by_hand:
            said.append(phrase("problem.mapped", where=where, table=tables()[source.form.table].label))
        if source.passed == LEFT_OUT:
            said.append(phrase("problem.left_out", where=where, rows=source.rows))
        if source.unread:
            said.append(phrase("problem.unread", where=where, rows=source.rows))
        said += [phrase("problem.note", where=where, note=note) for note in source.notes]
    return said
