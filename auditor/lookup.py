"""The commands that show what is installed: explain and list."""

import argparse
import json
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from auditor.fault import Exit, Fault
from auditor.terminal import heading, show
from auditor.words import phrase, say, section, speaker

if TYPE_CHECKING:
    from auditor.policy import Policy


def explain(arguments: argparse.Namespace) -> int:
    """One rule, as every notice has it, or the one asked for; or a notice, clause by clause."""
    import difflib

    from auditor import fact, policy, rule

    rules = rule.catalogue()
    if arguments.rule in policy.names():
        _notice(policy.load(arguments.rule), arguments.lang)
        return Exit.CLEAN
    if arguments.rule not in rules:
        near = difflib.get_close_matches(arguments.rule, [*rules, *policy.names()], 1, 0.3)
        hint = phrase("fault.near", name=near[0]) if near else ""
        raise Fault(Exit.USAGE, "no_rule", name=arguments.rule, hint=hint)
    lang, t = arguments.lang, speaker(arguments.lang)
    one = rules[arguments.rule]
    about = t("cli.rule", id=one.id, class_=t(f"class.{one.cls}"), since=one.since)
    show((one.title[lang], "bold"), about)
    for key, words in (("why", one.why), ("innocent", one.false_positives), ("next", one.fix)):
        show(t(f"cli.{key}", text=words))
    show(t("cli.population", text=t(f"population.{one.population}")))
    waits = [need for need in one.reads if not one.needed and one.awaited(need, set())]
    for key, fields in (("fields", [need for need in one.reads if need not in waits]), ("awaits", waits)):
        if fields:
            show(t(f"cli.{key}", fields=fields))
    for name in [arguments.policy] if arguments.policy else policy.names():
        notice = policy.load(name)
        if one.id not in notice.rules:
            show("\n" + t("cli.not_in_notice", title=notice.title, id=name))
            if switch := notice.switch_of.get(one.id):
                unit = t(f"measure.{switch.unit}")
                show("  " + t("cli.optional", param=switch.param, unit=unit, reason=switch.reason))
            continue
        show("\n", *heading(notice.title[lang], name, t))
        if one.id in notice.clause_of:
            clause = notice.clause(notice.clause_of[one.id])
            show("  " + t("cli.clause", id=clause.id, quote=clause.quote))
            show("  " + t("cli.summary", text=clause.summary))
        show("  " + t("cli.effect", effect=t(f"effect.{notice.rules[one.id]}")))
        lead = notice.leads.get(one.id)
        if lead:
            show("  " + t("cli.reason" if one.id in notice.clause_of else "cli.no_clause", reason=lead.reason))
        if one.cls != "breach":
            show("  " + (t("cli.weight", weight=lead.weight) if lead and lead.weight else t("cli.no_weight")))
        if lead and lead.corroborates:
            show("  " + t("cli.corroborates", rules=lead.corroborates))
        if seconded := [other.rule for other in notice.leads.values() if one.id in other.corroborates]:
            show("  " + t("cli.seconds", rules=seconded))
        values = fact.numbers(notice)
        labels = section("param", lang)
        for param, said in one.params.items():
            unit, label = t("measure." + said["unit"]), labels.get(param, param)
            show("  " + t("cli.number", name=param, value=values[param], unit=unit, label=label))
        print()
        print(fact.with_values(one.sql, values))
    return Exit.CLEAN


def _notice(notice: "Policy", lang: str) -> None:
    """Every clause with its rules, numbers, fields and what a person looks at; how open wordings are read; the rules
    without a clause; the numbers that --set takes."""
    from auditor import rule, schema

    t, labels, rules = speaker(lang), section("param", lang), rule.catalogue()
    units = {name: said["unit"] for one in rules.values() for name, said in one.params.items()}

    def ruled(name: str, effect: str) -> str:
        return t("cli.ruled", title=rules[name].title[lang], id=name, effect=t(f"effect.{effect}"))

    def number(name: str, value: int) -> str:
        unit = t("measure." + units[name]) if name in units else ""
        return t("cli.number", name=name, value=value, unit=unit, label=labels.get(name, name))

    def either(field: str) -> str:
        found = (schema.tables()[table].columns[name] for table, name in (one.split(".") for one in field.split("|")))
        return t("cli.or").join(column.label[lang] for column in found)

    show(*heading(notice.title[lang], notice.id, t))
    show(t("cli.issued", issuer=notice.issuer, number=notice.number or t("cli.no_number"), date=notice.date))
    for clause in notice.clauses:
        show("\n" + t("cli.clause", id=clause.id, quote=clause.quote))
        show("  " + t("cli.summary", text=clause.summary))
        for name, effect in clause.rules.items():
            show("  " + ruled(name, effect))
        for name, value in clause.params.items():
            show("  " + number(name, value))
        if clause.fields:
            show("  " + t("cli.clause_fields", fields=[either(field) for field in clause.fields]))
        if clause.manual:
            show("  " + t("cli.manual", text=clause.manual))
        if clause.info:
            show("  " + t("cli.info"))
        for reading in notice.readings:
            if reading["clause"] == clause.id:
                show("  " + t("cli.read_as", text=reading[lang]))
    show("\n" + t("cli.leads"))
    for lead in notice.leads.values():
        if lead.rule not in notice.clause_of:
            show("  " + ruled(lead.rule, lead.effect))
    show("\n" + t("cli.settings"))
    for name, value in sorted(notice.params.items()):
        show("  " + number(name, value))
    for name, one in sorted(notice.optional.items()):
        show("  " + t("cli.switch", name=name, title=rules[one.rule].title[lang], reason=one.reason))


def listed(arguments: argparse.Namespace) -> int:
    """The rules, the notices, the tables or the layouts."""
    known = {"rules": _rules, "policies": _policies, "schemas": _schemas, "layouts": _layouts}
    rows = known[arguments.what](arguments.lang)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return Exit.CLEAN
    shown, comma = Table(box=None, pad_edge=False), say("list.comma", arguments.lang)
    for name in rows[0]:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*(Text(_cell(value, comma)) for value in row.values()))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 1_000  # a name broken over two lines is none to a program that reads them
    console.print(shown)
    return Exit.CLEAN


def _cell(value: Any, comma: str) -> str:
    if value is None:
        return "–"
    return comma.join(value) if isinstance(value, list) else str(value)


def _rules(lang: str) -> list[dict[str, Any]]:
    from auditor import policy, rule

    notices = [policy.load(name) for name in policy.names()]
    return [
        {"id": one.id, "title": one.title[lang], "class": one.cls}
        | {notice.id: _effect(notice, one.id) for notice in notices}
        | {
            f"{notice.id} weight": (notice.leads[one.id].weight if one.id in notice.leads else 0)
            if one.id in notice.rules
            else None
            for notice in notices
        }
        for one in rule.catalogue().values()
    ]


def _effect(notice: "Policy", rule: str) -> str:
    """verify 五.4; of a rule that the notice does not ask for, the number that switches it on."""
    if rule in notice.rules:
        return f"{notice.rules[rule]} {notice.clause_of.get(rule, '')}".strip()
    return f"--set {notice.switch_of[rule].param}=" if rule in notice.switch_of else "–"


def _policies(lang: str) -> list[dict[str, Any]]:
    from auditor import policy

    return [
        {
            "id": notice.id, "title": notice.title[lang], "number": notice.number, "issuer": notice.issuer[lang],
            "date": notice.date, "clauses": len(notice.clauses), "rules": len(notice.rules),
            "optional": [f"{one.rule} ({name}=)" for name, one in notice.optional.items()],
        } for notice in map(policy.load, policy.names())
    ]  # fmt: skip


def _schemas(lang: str) -> list[dict[str, Any]]:
    from auditor import schema

    return [
        {"table": table.name, "title": table.label[lang], "field": column.name, "label": column.label[lang],
         "headers": [*column.aliases, *column.fallbacks]}
        for table in schema.tables().values() for column in table.columns.values()
    ]  # fmt: skip


def _layouts(lang: str) -> list[dict[str, Any]]:
    from auditor import layout, schema

    found = []
    for one in layout.catalogue().values():
        for form in one.forms:
            table = schema.tables()[form.table]
            fields, lacks = (
                [table.columns[name].label[lang] for name in names if name in table.columns]
                for names in (form.fields, form.lacks)
            )
            found.append(
                {"layout": one.id, "platform": one.label[lang], "form": form.id, "sheet": form.label[lang],
                 "table": table.label[lang], "fields": fields, "lacks": lacks}
            )  # fmt: skip
    return found
