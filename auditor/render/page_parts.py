"""What the templates of report.html list, put together beforehand."""

from typing import Any

VERDICTS = ("supported", "not_supported", "to_verify")  # in the order of the papers

NOTES = 10  # findings of effect `note` that a rule's list shows
EMPLOYERS = 300  # employers that have a row of their own
Json = dict[str, Any]


def listed(sample: list[Json]) -> Json:
    """What a rule's list shows: every finding of the sample that decides something, and the first NOTES others."""
    deciding = [finding for finding in sample if finding["effect"] != "note"]
    return {"open": bool(deciding), "rows": deciding + [f for f in sample if f["effect"] == "note"][:NOTES]}


def employers(employers: list[Json]) -> Json:
    """The first EMPLOYERS, the sum of the others, and the sum of all: they always add up."""
    names = ["claims", "supported", "not_supported", "to_verify"]
    names += [f"{name}_fen" for name in ("claimed", "supported", "not_supported", "to_verify")]
    rest = employers[EMPLOYERS:]
    return {
        "rows": employers[:EMPLOYERS],
        "others": len(rest),
        "rest": {name: sum(row[name] or 0 for row in rest) for name in names},
        "sum": {name: sum(row[name] or 0 for row in employers) for name in names},
    }


def used(rules: list[Json]) -> dict[str, list[str]]:
    """Parameter → the rules that read it."""
    used: dict[str, list[str]] = {}
    for rule in rules:
        for param in rule["params"]:
            used.setdefault(param["name"].removesuffix("_c"), []).append(rule["id"])
    return used


def units(rules: list[Json]) -> dict[str, str]:
    """Parameter → its unit, as far as a rule names it; hundredths that a rule reads are whole marks in the policy."""
    units = {param["name"]: param["unit"] for rule in rules for param in rule["params"]}
    return units | {name.removesuffix("_c"): "score" for name in units if name.endswith("_c")}


def limits(rule: Json) -> list[Json]:
    """A rule's parameters; without the mark where it decides by the export's result."""
    by_result = any(param["name"] == "by_mark" and not param["value"] for param in rule["params"])
    return [param for param in rule["params"] if not (by_result and param["name"] == "pass_mark_c")]
