"""What report.html carries for its scripts, block by block: JSON as bytes, under the names that `App.data` asks for."""

import json
from typing import Any

from auditor.render.page_parts import limits
from auditor.render.paper_words import Words
from auditor.report import Report
from auditor.words import section

LONGEST = 1_000  # characters of a text from the data: more of them in Parquet
SPOKEN = (
    *("page", "explore", "verdict", "effect", "class", "subject", "outcome", "unit", "measure", "place", "finding"),
    *("clause", "claims", "population", "data"),
    *("money", "reading_name", "dossier"),
)
_TEXTS = ("words", "subject", "message", "name", "id_number")  # columns that the data can make long
_NUMBERED = ("id", "title", "class", "effect", "clause", "outcome", "awaited", "reason", "why", "fix",
             "false_positives", "sql", "lead_reason", "findings", "refused", "to_verify", "persons",
             "population_size", "claims", "claims_fen", "counted_once_fen", "unit")  # fmt: skip
Json = dict[str, Any]


def blocks(report: Report, words: Words) -> dict[str, bytes]:
    """Name → JSON. A Report that was read back from report.json has no rows: then there are fewer blocks."""
    content: Json = {
        "words": {name: section(name, words.language) for name in SPOKEN},
        "report": _report(report, words),
    }
    if report.rows:
        found = report.rows.explored()
        for by in found["employers"].values():
            by["listed"] = [[*cut([employer], words), *counts] for employer, *counts in by["listed"]]
        content["report"] |= {"employers": found["employers"], "sources": found["sources"]}
        content |= {name: shortened(found[name], words) for name in ("findings", "claims")}
    return {name: dump(block) for name, block in content.items()}


def dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _report(report: Report, words: Words) -> Json:
    """The clauses and rules, with what the pages say of them."""
    claimed = bool(report.conclusion["claim_list"])
    return {
        "claimed": claimed,
        "full": report.run["edition"] == "full",
        "rules": [
            {name: rule[name] for name in _NUMBERED}
            | {
                "no": f"R-{place:02}",
                "limits": [
                    f"{vars(words.sections.param).get(param['name'], param['name'])} "
                    f"{words.param(param['value'], param['name'], param['unit'])}"
                    for param in limits(rule)
                ],
                "population": rule["population"] if claimed or rule["population"] != "claimed" else "claimed_people",
            }
            for place, rule in enumerate(report.rules, 1)
        ],
        "clauses": [
            {name: clause[name] for name in ("id", "quote", "summary", "outcome", "reason", "rules", "manual")}
            for clause in report.clauses
        ],
    }  # fmt: skip


def shortened(block: Json, words: Words) -> Json:
    """The same with no text of the data longer than LONGEST."""
    return {
        name: shortened(column, words) if isinstance(column, dict) else cut(column, words) if name in _TEXTS else column
        for name, column in block.items()
    }


def cut(texts: list[str | None], words: Words) -> list[str | None]:
    return [words.shorten(text, LONGEST) if text and len(text) > LONGEST else text for text in texts]
