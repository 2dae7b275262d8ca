"""What the terminal says of an audit."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from auditor.terminal import heading, show
from auditor.words import say, speaker

_OUTCOMES = ("supported", "not_supported", "to_verify")
_CLASSES = ("breach", "lead", "data")


def tell(report: Any, folder: Path, lang: str) -> None:
    """What was read, what was found, where the papers lie."""
    t, pause = speaker(lang), say("page.pause", lang)
    show(*heading(report.policy["title"], report.policy["id"], t))
    show("\n", (t("cli.reading"), "bold"))
    for source in report.completeness:
        where = t("cli.sheet", file=source["file"], sheet=source["sheet"]) if source["sheet"] else source["file"]
        asides = [t("cli.aside", reason=t(f"aside.{name}"), count=rows) for name, rows in source["set_aside"].items()]
        aside = t("cli.source_aside", asides=asides) if asides else ""
        label, rows, read = source["label"] or t("cli.unrecognised"), source["rows"], source["read"]
        said = t("cli.source", where=where, label=label, rows=rows, read=read, left=rows - read, aside=aside)
        show(f"  {said}")
        if source["table"]:
            columns = pause.join(f"{one['header']}{t('cli.equals')}{one['label']}" for one in source["columns"])
            show("    ", (t("cli.columns", columns=columns), "dim"))
        if source["unrecognised"]:
            show("    ", (t("cli.no_columns", columns=source["unrecognised"]), "dim"))
    for problem in report.problems:
        show("  " + t("cli.problem", problem=problem))
    show("\n", (t("cli.conclusion"), "bold"))
    money, people = report.money, report.people
    labels = {name: t(f"verdict.{name}") for name in _OUTCOMES}
    if report.conclusion["claim_list"]:
        show("  " + t("cli.claimed", claims=money["claims"], yuan=_yuan(money["claimed_fen"])))
        for name, label in labels.items():
            show("    " + t("cli.verdict", label=label, claims=money[name], yuan=_yuan(money[f"{name}_fen"])))
    else:
        counts = [t("cli.verdict_people", label=labels[name], count=people["verdicts"][name]) for name in _OUTCOMES]
        show("  " + t("cli.registered", count=people["registered"], verdicts=pause.join(counts)))
    if judged := report.judgement:
        _say_judged(report, judged, labels, t)
    for cls in _CLASSES:
        rules = [
            t("cli.found", title=rule["title"], findings=rule["findings"], persons=rule["persons"])
            + (_open(rule, t) if cls == "breach" else "")
            for rule in report.rules
            if rule["class"] == cls and rule["findings"]
        ]
        show("  " + t("cli.class", label=t(f"class.{cls}"), rules=pause.join(rules) or t("page.none")))
    if report.priority["total"]:
        highest, groups = report.priority["listed"][0]["score"], report.groups["total"]
        show("  " + t("cli.priority", count=report.priority["total"], highest=highest, groups=groups))
    idle = report.undone
    failed = [t("cli.idle_rule", title=rule["title"], reason=rule["reason"]) for rule in idle if not rule["awaited"]]
    if failed:
        show("  " + t("cli.idle", rules=t("page.semicolon").join(failed)))
    awaiting = [rule["lacking"] for rule in idle if rule["awaited"]]
    if awaiting:
        what = list(dict.fromkeys(name for names in awaiting for name in names))
        show("  " + t("cli.awaiting", count=len(awaiting), what=what))
    first = next((name for name in ("report.html", "report.pdf") if (folder / name).exists()), "report.json")
    show("\n" + t("cli.report", path=folder / first))
    show(t("cli.everything", path=folder))


def _say_judged(report: Any, judged: Any, labels: dict[str, str], t: Callable[..., str]) -> None:
    """What people concluded, beside what the machine found."""
    show("  " + t("cli.judged", entries=judged["entries"], unmatched=judged["unmatched"]))
    money, claimed = judged["money"], report.conclusion["claim_list"]
    machine = report.money if claimed else report.people["verdicts"]
    for name, label in labels.items():
        said = {"label": label, "claims": money[name], "machine": machine[name]}
        if claimed:
            said |= {"yuan": _yuan(money[f"{name}_fen"]), "machine_yuan": _yuan(machine[f"{name}_fen"])}
        show("    " + t("cli.judged_verdict" if claimed else "cli.judged_people", **said))


def _open(rule: Any, t: Callable[..., str]) -> str:
    """What of the findings of a clause is not established."""
    if rule["to_verify"]:
        return t("cli.found_verify", count=rule["to_verify"])
    return "" if rule["refused"] else t("cli.found_excess" if rule["unit"] == "fen" else "cli.found_note")


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"
