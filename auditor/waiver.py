"""Exceptions that somebody approved: a waived finding stays listed and decides nothing, until the day it expires."""

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import finding
from auditor.fault import Exit, Fault, because
from auditor.rule import Run, catalogue
from auditor.store import Store, text
from auditor.words import phrase

_KEYS = ("rule", "fingerprint", "reason", "approver", "expires")


@dataclass(frozen=True)
class Waiver:
    """One entry of the file, all of it required. `expires`: the last day on which it holds."""

    rule: str
    fingerprint: str
    reason: str
    approver: str
    expires: dt.date


def load(path: Path) -> list[Waiver]:
    """The `[[waivers]]` of a TOML file. Raises Fault."""
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Fault(Exit.USAGE, "option_unopened", option="--waivers", path=path, error=because(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Fault(Exit.USAGE, "waivers_toml", path=path) from error
    listed = entries.get("waivers")
    if set(entries) != {"waivers"} or not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Fault(Exit.USAGE, "waivers_shape", path=path)
    waivers = [_waiver(path, place, entry) for place, entry in enumerate(listed, 1)]
    if len({(waiver.rule, waiver.fingerprint) for waiver in waivers}) < len(waivers):
        raise Fault(Exit.USAGE, "waiver_twice", path=path)
    return waivers


def _waiver(path: Path, place: int, entry: dict[str, Any]) -> Waiver:
    where = phrase("where.waiver", path=path, place=place)
    if missing := sorted(set(_KEYS) - set(entry)):
        raise Fault(Exit.USAGE, "waiver_lacks", where=where, wrong=missing, keys=_KEYS)
    if unknown := sorted(set(entry) - set(_KEYS)):
        raise Fault(Exit.USAGE, "waiver_unknown", where=where, wrong=unknown, keys=_KEYS)
    if entry["rule"] not in catalogue():
        raise Fault(Exit.USAGE, "waiver_rule", where=where, name=entry["rule"])
    if type(entry["expires"]) is not dt.date:
        raise Fault(Exit.USAGE, "waiver_day", where=where)
    if not all(isinstance(entry[key], str) and entry[key].strip() for key in _KEYS[:-1]):
        raise Fault(Exit.USAGE, "waiver_empty", where=where, keys=_KEYS[:-1])
    return Waiver(**entry)


def apply(store: Store, runs: Sequence[Run], waivers: Sequence[Waiver], as_of: dt.date) -> list[dict[str, Any]]:
    """waived: the findings that a waiver in force covers, with the approver. Returns every waiver and what it did."""
    store.run("CREATE TEMP TABLE waived (finding_no BIGINT, rule VARCHAR, fingerprint VARCHAR, waived_by VARCHAR)")
    rules = {run.rule.id: run.rule for run in runs if run.ran}
    held = [waiver for waiver in waivers if waiver.expires >= as_of and waiver.rule in rules]
    if held:
        named = {waiver.rule: rules[waiver.rule].key for waiver in held}
        keys = " ".join(f"WHEN {text(name)} THEN {finding.key(name, columns)}" for name, columns in named.items())
        wanted = ", ".join(f"({text(w.rule)}, {text(w.fingerprint)}, {text(w.approver)})" for w in held)
        names = ", ".join(text(name) for name in sorted({waiver.rule for waiver in held}))
        store.run(
            f"""INSERT INTO waived SELECT k.finding_no, k.rule, k.fingerprint, w.approver FROM (
                SELECT f.finding_no, f.rule, {finding.fingerprint(f"CASE f.rule {keys} END")} AS fingerprint
                FROM raised f {finding.JOINS} WHERE f.rule IN ({names})) k
            JOIN (VALUES {wanted}) w (rule, fingerprint, approver) USING (rule, fingerprint)"""
        )
    matched = dict(store.rows("SELECT rule || ' ' || fingerprint, count(*) FROM waived GROUP BY ALL"))
    return [
        {
            "rule": waiver.rule, "fingerprint": waiver.fingerprint, "reason": waiver.reason,
            "approver": waiver.approver, "expires": waiver.expires.isoformat(), "as_of": as_of.isoformat(),
            "state": "expired" if waiver.expires < as_of
            else "active" if f"{waiver.rule} {waiver.fingerprint}" in matched else "unmatched",
        } for waiver in waivers
    ]  # fmt: skip
