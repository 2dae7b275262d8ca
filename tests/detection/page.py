"""The report as a Markdown page, in one language."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .count import ABOVE, BELOW, FOUND, Counts, Row, Share, notices, scored
from .honest import PLATFORMS, POPULATIONS
from .sham import SHAMS

Say = Callable[..., str]
WORDS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))


def page(counts: Counts, sensitive: Sequence[Row], costs: tuple[int, Mapping[str, float]] | None, lang: str) -> str:
    say = _words(lang)
    people = counts.measured.people
    size = {
        "seeds": people["run"].str.split(" ").list.first().n_unique(), "exports": people["run"].n_unique(),
        "people": f"{len(people):,}", "honest": f"{len(counts.honest):,}",
    }  # fmt: skip
    parts = [f"# {say('title')}", say("intro"), say("size", **size)]
    if never := sorted(set().union(*counts.measured.silent.values())):
        parts.append(say("silent", names=", ".join(f"`{name}`" for name in never)))
    parts.append(f"## {say('summary')}")
    parts.append(_table([say("what"), say("got"), say("target")], _summary(counts, say)))
    parts += [f"## {say('populations')}", _populations(counts, say, lang)]
    parts += [f"## {say('leads')}", _leads(counts, say, lang)]
    parts += [f"## {say('shams')}", _shams(counts, say, lang)]
    breaches = [
        (f"`{one['rule']}`", one["planted"], one["planted"] - one["found"], one["false"]) for one in counts.breaches()
    ]
    parts += [f"## {say('breaches')}", _table([say("rule"), say("planted"), say("missed"), say("false")], breaches)]
    if sensitive:
        parts += [f"## {say('sensitivity')}", _sensitive(sensitive, say)]
    if costs:
        parts += _costs(costs, say)
    parts += [f"## {say('cannot')}", "\n".join(f"- {one[lang]}" for one in WORDS["cannot"]["list"])]
    return "\n\n".join(parts) + "\n"


def with_costs(text: str, costs: tuple[int, Mapping[str, float]], lang: str) -> str:
    """A page as it is but for what each rule costs."""
    say = _words(lang)
    before, _, rest = text.partition(f"## {say('costs')}")
    return before + "\n\n".join(_costs(costs, say)) + "\n\n" + rest[rest.index("## ") :]


def _costs(costs: tuple[int, Mapping[str, float]], say: Say) -> list[str]:
    rows, spent = costs
    dear = [(f"`{name}`", f"{seconds:.2f}") for name, seconds in spent.items() if seconds >= 0.005]
    return [
        f"## {say('costs')}",
        say("costs_intro", rows=f"{rows:,}"),
        _table([say("rule"), say("seconds")], dear),
    ]


def _words(lang: str) -> Say:
    def say(name: str, **values: object) -> str:
        return str(WORDS["page"][name][lang]).format(**values)

    return say


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def _summary(counts: Counts, say: Any) -> list[tuple[object, object, str]]:
    weighed = [name for name in scored() if any(_weight(name))]
    moving = [
        name for name in weighed if any(notice.rules.get(name, "note") != "note" for notice in notices().values())
    ]
    worst = [
        max(((counts.accused(name), name) for name in names), key=lambda one: one[0].percent, default=None)
        for names in (moving, [name for name in weighed if name not in moving])
    ]
    alone, note = ((f"`{one[1]}` {one[0]}" if one else "–") for one in worst)
    planted = counts.breaches()
    total = [sum(one[name] for one in planted) for name in ("planted", "found", "false")]
    return [
        (say("moved_leads"), counts.moved(), f"≤ {ABOVE} %"),
        (say("moved_data"), counts.moved(by="by_data"), ""),
        (say("worst_lead"), alone, f"≤ {BELOW} %"),
        (say("worst_note"), note, f"≤ {BELOW} %"),
        (say("clear_found"), counts.clear("found"), f"≥ {FOUND} %"),
        (say("clear_moved"), counts.clear("stopped"), f"≥ {FOUND} %"),
        (say("breaches_said"), f"{total[0]}, {total[0] - total[1]}, {total[2]}", "0, 0"),
    ]


def _weight(name: str) -> list[int]:
    """What a lead weighs, or 1 where it may move a claim: in each notice that has it."""
    return [
        max(notice.leads[name].weight if name in notice.leads else 0, notice.rules[name] != "note")
        for notice in notices().values()
        if name in notice.rules
    ]


def _populations(counts: Counts, say: Any, lang: str) -> str:
    rows = []
    for kind in (*POPULATIONS, *PLATFORMS):
        flags = [(counts.accused(name, kind), name) for name in scored() if any(_weight(name))]
        said = "; ".join(
            f"`{name}` {share.percent:.1f} %" for share, name in sorted(flags, key=lambda one: -one[0].k) if share.k
        )
        moved, data = counts.moved(kind), counts.moved(kind, "by_data")
        rows.append(
            (
                f"**{kind}** {WORDS['honest'][kind][lang]}",
                moved.n,
                _marked(moved, moved.interval[0] > ABOVE),
                data if data.k else "0",
                said,
            )
        )
    return _table([say("population"), say("people"), say("by_leads"), say("by_data"), say("flagged_by")], rows)


def _marked(share: Share, missed: bool) -> str:
    return f"**{share}** ✗" if missed else str(share)


def _leads(counts: Counts, say: Any, lang: str) -> str:
    rows = []
    for name in scored():
        accused, worst = counts.accused(name), counts.worst(name)
        own = [counts.found(sham, [name]) for sham in SHAMS if sham.clear and name in sham.rules]
        recall = Share(sum(one.k for one in own), sum(one.n for one in own))
        precise = counts.precise(name)
        rows.append(
            (
                f"`{name}`", _marked(accused, any(_weight(name)) and accused.interval[0] > BELOW),
                f"{worst[0]} {worst[1].percent:.1f} %" if worst else "–",
                precise if precise.n else "–", recall if own else "–",
            )
        )  # fmt: skip
    return _table([say("rule"), say("accused"), say("worst"), say("precision"), say("recall")], rows)


def _shams(counts: Counts, say: Any, lang: str) -> str:
    rows = []
    for sham in SHAMS:
        found, stopped = counts.found(sham), counts.stopped(sham)
        each = [(name, counts.found(sham, [name])) for name in sham.rules]
        rows.append(
            (
                f"**{sham.kind}** {WORDS['sham'][sham.kind][lang]}", sham.strength, found.n, counts.groups(sham),
                say("yes") if sham.clear else "",
                _marked(found, sham.clear and found.interval[1] < FOUND) if found.n else say("none"),
                "; ".join(f"`{name}` {share.percent:.0f} %" for name, share in each if share.n),
                stopped if stopped.n else say("note_only"),
            )
        )  # fmt: skip
    heads = ("kind", "strength", "people", "groups", "clear", "found", "each", "stopped")
    return _table([say(name) for name in heads], rows)


def _sensitive(rows: Sequence[Row], say: Any) -> str:
    """The numbers that make a difference in a table, and the names of the others."""
    lines, still = [], []
    for row in rows:
        if row["down"] == row["same"] == row["up"]:
            still.append(f"`{row['name']}`")
            continue
        three = [" / ".join(f"{row[label][at]:,}" for label in ("down", "same", "up")) for at in range(3)]
        down, same, up = row["levels"]
        lines.append((row["notice"], f"`{row['rule']}`", f"`{row['name']}`", f"{down} / {same} / {up}", *three))
    heads = ("notice", "rule", "number", "values", "findings", "honest_flagged", "own_flagged")
    moving = {line[2] for line in lines}
    names = ", ".join(name for name in dict.fromkeys(still) if name not in moving)
    return f"{_table([say(name) for name in heads], lines)}\n\n{say('no_difference', names=names)}"
