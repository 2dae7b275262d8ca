"""What the terminal shows of a draft, and what it asks."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from unicodedata import normalize

from auditor.intake.mapping import NONE, UNITS, letter, places
from auditor.intake.order import ORDERS
from auditor.intake.recognise import is_answer_key
from auditor.layout import catalogue
from auditor.mapper.draft import CONTENT, HEADER, OPEN, TOLD, Draft, draft, settled, unused, with_column
from auditor.schema import tables
from auditor.terminal import show
from auditor.words import say, speaker, word

Answer = Callable[[str], str]
_NO = ("-", "0")


def typed(prompt: str) -> str:
    """What somebody types; nothing more once the input has ended."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    return sys.stdin.readline().strip()


def where(made: Draft, lang: str) -> str:
    sheet = made.sheet
    return say("cli.sheet", lang, file=sheet.file, sheet=sheet.name) if sheet.name else sheet.file


def label(made: Draft, name: str, lang: str) -> str:
    """A field as it is called, and its name."""
    return f"{word(made.schema.columns[name].label, lang)} {name}"


def lines(made: Draft, lang: str) -> Iterator[str]:
    """A sheet, its table and its columns."""
    t = speaker(lang)
    yield ""
    yield where(made, lang)
    if made.table is None or made.table == NONE:
        yield "  " + t("map.no_table" if made.table is None else "map.none")
    else:
        table = f"{word(made.schema.label, lang)} {made.table}"
        row = t("map.header_row", row=made.header_row) if made.header_row else t("map.no_header")
        yield "  " + t("map.table", table=table, how=t(f"map.{made.table_how}"), header=row)
    if made.layout and made.layout.shape:
        form = made.layout.shape.form
        yield "  " + t("map.layout", layout=catalogue()[form.layout].label, form=form.label)
    if made.table == NONE:
        return
    fields = {place: name for name, place in made.columns.items()}
    idle = set(unused(made))
    for place in range(len(made.looks)):
        if place in fields or place in idle:
            yield "  " + _column(made, place, fields.get(place), lang)
    yield from ("  " + line for line in _left(made, lang))


def _column(made: Draft, place: int, name: str | None, lang: str) -> str:
    t = speaker(lang)
    return t(
        "map.column",
        letter=letter(place),
        header=made.shown(place) or "—",
        field=label(made, name, lang) if name else t("map.no_field"),
        how=t(f"map.{made.how[name] if name else 'unsure'}"),
        samples=t("page.semicolon").join(made.samples(place)),
    )


def left(all_made: list[Draft], lang: str) -> Iterator[str]:
    """What is still to be filled in, by sheet."""
    for made in all_made:
        if made.table is None and made.about_people:
            yield say("map.left", lang, where=where(made, lang), what=say("map.left_table", lang))
        for line in _left(made, lang):
            yield say("map.left", lang, where=where(made, lang), what=line)


def _left(made: Draft, lang: str) -> Iterator[str]:
    if made.layout or not made.is_read:
        return
    t = speaker(lang)
    for group, follows in made.gaps():
        fields = [label(made, name, lang) for name in group]
        yield t("map.gap", fields=t("map.or").join(fields), follows=t(f"gap.{follows}"))
    for name in (name for name, unit in made.units.items() if unit is None):
        yield t("map.left_unit", field=label(made, name, lang))
    if made.order == "":
        yield t("map.left_order")
    for name, several in made.doubles().items():
        yield t("map.left_doubles", field=label(made, name, lang), columns=[letter(place) for place in several])


def asked(made: Draft, answer: Answer, lang: str) -> Draft:
    """The draft as whoever answers says; an empty answer accepts the guess. Raises Fault."""
    if made.layout:
        return made
    made = _table(made, answer, lang)
    if not made.is_read:
        return made
    made = _columns(made, answer, lang)
    made = _units(made, answer, lang)
    if made.order is not None:
        choice = _choice(answer, lang, ORDERS, made.order or None, "map.ask_order")
        made = replace(made, order=choice if choice is not None else made.order)
    return made


def _say(text: str) -> None:
    show(text)


def _choice(
    answer: Answer, lang: str, choices: tuple[str, ...], guess: str | None, key: str, **said: str
) -> str | None:
    """One of `choices`, or the guess."""
    default = say("map.default", lang, value=guess) if guess else ""
    while text := answer(say(key, lang, **said) + default + say("map.prompt", lang)).strip().lower():
        if text in choices:
            return text
        _say(say("map.not_a_choice", lang, choices=choices))
    return guess


def _table(made: Draft, answer: Answer, lang: str) -> Draft:
    """The table and the row of the header, where their words did not tell them."""
    if (made.table_how == HEADER and made.header_known) or is_answer_key(made.sheet):
        return made
    t, names = speaker(lang), [NONE, *tables()]
    for number, name in enumerate(names):
        said = word(tables()[name].label, lang) if number else t("map.leave")
        _say(f"    {number}  {said}")
    default = t("map.default", value=names.index(made.table)) if made.table else t("map.default_open")
    table = made.table
    while text := answer(t("map.ask_table") + default + t("map.prompt")).strip().lower():
        if text in names or (text.isdecimal() and int(text) < len(names)):
            table = text if text in names else names[int(text)]
            break
        _say(t("map.not_a_choice", choices=[f"0–{len(names) - 1}"]))
    if table is None:
        return made
    if table == NONE:
        return replace(made, table=NONE, table_how=TOLD)
    header = _header(made, answer, lang)
    if table == made.table and header == made.header:
        return made
    again = draft(made.sheet, header, table)
    for line in lines(again, lang):
        _say(line)
    return again


def _header(made: Draft, answer: Answer, lang: str) -> int:
    first = made.sheet.first_row
    last = first + len(made.sheet.head) - 1
    t = speaker(lang)
    while text := answer(t("map.ask_header") + t("map.default", value=made.header_row) + t("map.prompt")).strip():
        if text == "0":
            return -1
        if text.isdecimal() and first <= int(text) <= last:
            return int(text) - first
        _say(t("map.not_a_row", first=first, last=last))
    return made.header


def _columns(made: Draft, answer: Answer, lang: str) -> Draft:
    """The fields that were guessed by content, or that the table lacks; then whatever else is said."""
    t = speaker(lang)
    for name in [name for name in made.schema.columns if made.how.get(name) in (CONTENT, OPEN)]:
        made = _place(made, name, answer, lang)
    for group, follows in made.gaps():
        _say("  " + t("map.gap", fields=t("map.or").join(label(made, name, lang) for name in group),
                      follows=t(f"gap.{follows}")))  # fmt: skip
        for name in group:
            if name in made.schema.columns and made.columns.keys().isdisjoint(group):
                made = _place(made, name, answer, lang)
    others = [label(made, name, lang) for name in made.schema.columns if name not in made.columns]
    if others and unused(made):
        _say("  " + t("map.others", fields=others))
    while text := answer(t("map.ask_more") + t("map.prompt")).strip():
        name, _, column = (part.strip() for part in normalize("NFKC", text).partition("="))
        if column and name in made.schema.columns and (changed := _placed(made, name, column)):
            made = changed
        else:
            _say(t("map.not_a_pair", fields=list(made.schema.columns), last=letter(len(made.looks) - 1)))
    return made


def _place(made: Draft, name: str, answer: Answer, lang: str) -> Draft:
    t, guessed = speaker(lang), made.columns.get(name)
    default = t("map.default", value="-" if guessed is None else letter(guessed))
    while text := answer(t("map.ask_column", field=label(made, name, lang)) + default + t("map.prompt")).strip():
        if changed := _placed(made, name, text):
            return changed
        _say(t("map.not_a_column", last=letter(len(made.looks) - 1), width=len(made.looks)))
    return made if guessed is None else with_column(made, name, guessed)  # looked at, and accepted


def _placed(made: Draft, name: str, text: str) -> Draft | None:
    """With the field in the column that is called so; None where there is none such."""
    if text in _NO:
        return with_column(made, name, None)
    found = places(made.names, text, made.header >= 0)
    return with_column(made, name, found[0]) if len(found) == 1 else None


def _units(made: Draft, answer: Answer, lang: str) -> Draft:
    for name, unit in list(settled(made, {}).units.items()):
        choice = _choice(answer, lang, tuple(UNITS["duration"]), unit, "map.ask_unit", field=label(made, name, lang))
        made = replace(made, units={**made.units, name: choice})
    return made
