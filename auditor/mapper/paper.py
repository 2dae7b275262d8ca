"""mapping.toml: drafts as entries that people can read and change."""

import json
import re
from collections.abc import Iterator

from auditor.intake.mapping import NONE, letter, places
from auditor.layout import catalogue
from auditor.mapper import talk
from auditor.mapper.draft import CONTENT, OPEN, Draft, unused
from auditor.schema import tables
from auditor.words import say, speaker, word


def text(made: list[Draft], lang: str) -> str:
    names = [f"{name} {word(table.label, lang)}" for name, table in tables().items()]
    head = [f"# {line}" for line in say("map.file", lang, tables=names).strip().splitlines()]
    entries = [list(_entry(draft, lang)) for draft in made]
    empty = [] if any("[[sheets]]" in entry for entry in entries) else ["sheets = []"]
    return "\n".join([*head, *empty, *(line for entry in entries for line in ["", *entry])]) + "\n"


def _entry(made: Draft, lang: str) -> Iterator[str]:
    t = speaker(lang)
    if made.layout and made.layout.shape:
        form = made.layout.shape.form
        told = t("map.layout", layout=catalogue()[form.layout].label, form=form.label)
        yield _comment(f"{talk.where(made, lang)}{t('page.colon')}{told}")
        return
    if made.table is None and not made.about_people:
        yield _comment(t("map.file_nothing", where=talk.where(made, lang)))
        return
    yield "[[sheets]]"
    yield f"file = {_quoted(made.sheet.file)}"
    if made.sheet.name:
        yield f"sheet = {_quoted(made.sheet.name)}"
    if made.table == NONE:
        yield f'table = "{NONE}"  # {t("map.leave")}'
        return
    yield f"header_row = {made.header_row}"
    if made.table is None:
        yield f'table = ""  # {t("map.left_table")}'
        yield "[sheets.columns]"
        yield from _idle(made, lang)
        return
    yield f'table = "{made.table}"  # {word(made.schema.label, lang)}{t("page.paren", text=t(f"map.{made.table_how}"))}'
    for name in (name for name, unit in made.units.items() if unit is None):
        yield f'# units = {{ {name} = "minutes" }}  # {t("map.left_unit", field=talk.label(made, name, lang))}'
    if units := ", ".join(f'{name} = "{unit}"' for name, unit in made.units.items() if unit):
        yield f"units = {{ {units} }}"
    if made.order is not None:
        yield f'dates = "{made.order}"' if made.order else f'# dates = "dmy"  # {t("map.left_order")}'
    yield "[sheets.columns]"
    for name in (name for name in made.schema.columns if name in made.columns):
        sure = t("page.paren", text=t(f"map.{made.how[name]}")) if made.how[name] in (CONTENT, OPEN) else ""
        yield f"{name} = {_written(made, made.columns[name])}  # {word(made.schema.columns[name].label, lang)}{sure}"
    for group, follows in made.gaps():
        for name in group:
            if name in made.schema.columns:
                said = t("map.gap", fields=word(made.schema.columns[name].label, lang), follows=t(f"gap.{follows}"))
                yield f'# {name} = ""  # {said}'
    yield from _idle(made, lang)


def _idle(made: Draft, lang: str) -> Iterator[str]:
    """The columns that stand for nothing."""
    said = [" ".join([letter(place), made.shown(place)]).strip() for place in unused(made)]
    if said:
        yield _comment(say("map.file_idle", lang, columns=said))


def _written(made: Draft, place: int) -> str:
    """A column by its header, where that is one and can be read again; else by its letter."""
    name = made.names[place].strip()
    if name and made.shown(place) == " ".join(name.split()) and places(made.names, name, made.header >= 0) == [place]:
        return _quoted(name)
    return f'"{letter(place)}"'


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _comment(value: str) -> str:
    return "# " + re.sub(r"[\x00-\x1f\x7f]+", " ", value)
