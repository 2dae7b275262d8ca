"""diff.html: the comparison as one offline page to read, print and sign, from `reports/diff.html.j2`."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from auditor.content import folder
from auditor.diff.compare import STATES
from auditor.diff.result import VERDICTS, Result
from auditor.render.paper_words import NAME, Words, number, yuan
from auditor.words import say

ROWS = ("old", "gone", "added", "changed", "new")
Json = dict[str, Any]


def write(result: Result, path: Path) -> None:
    words, content = Words(result.lang), folder("reports")
    environment = Environment(
        loader=FileSystemLoader(content), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= words.filters()
    environment.filters["at"] = lambda place: words.place(*place) if place[2] else words.cut(place[0], NAME)
    page = environment.get_template("diff.html.j2").render(
        d=result.json,
        w=words.sections,
        css=Markup((content / "report.css").read_text(encoding="utf-8")),
        sentences=sentences(result.json, result.lang),
        states=STATES,
        verdicts=VERDICTS,
        rows=ROWS,
        signed=signed,
        titles={rule["rule"]: rule["title"] for rule in result.json["rules"]},
    )
    path.write_bytes(page.encode("utf-8", "replace"))


def signed(value: int, money: bool = False) -> str:
    """A difference: +1,200.00, −3, 0."""
    said = yuan(abs(value)) if money else number(abs(value))
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{said}"


def sentences(found: Json, lang: str) -> list[str]:
    """The conclusion in words."""
    counted, money, claims = found["findings"], found["money"], found["claims"]["states"]
    states = {state: number(count) for state, count in counted["states"].items()}
    states["new_ones"] = states.pop("new")
    said = [say("diff.found", lang, old=number(counted["old"]), new=number(counted["new"]), **states)]
    if counted["old_waived"] or counted["new_waived"]:
        values = {name: number(counted[f"{name}_waived"]) for name in ("old", "new")}
        said.append(say("diff.waived", lang, **values))
    if counted["old_judged"] or counted["new_judged"]:
        said.append(say("diff.judged", lang, **{name: number(counted[f"{name}_judged"]) for name in ("old", "new")}))
    people = {name: number(count) for name, count in found["people"].items() if name != "listed"}
    said.append(say("diff.persons", lang, **people))
    if any(money["claim_list"].values()):
        said.append(say("diff.claims", lang, **{name: number(count) for name, count in claims.items()}))
        sums = {f"{side}_{name}": yuan(money[side][f"{name}_fen"]) for side in ("old", "new") for name in VERDICTS}
        said.append(say("diff.money", lang, **sums))
    else:
        said.append(say("diff.no_money", lang))
    return said
