"""Exceptions that somebody approved: a waived finding stays listed and decides nothing, until the day it expires."""

import datetime as dt
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from auditor import finding
from auditor.fault import Exit, Fault
from auditor.rule import Run, catalogue
from auditor.store import Store, text

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
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("waivers", [])
    except OSError as error:
        raise Fault(Exit.USAGE, f"--waivers {path}：文件打不开（{error.strerror}）。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Fault(Exit.USAGE, f"--waivers {path}：不是有效的 TOML 文件（UTF-8）。") from error
    waivers = [_waiver(path, place, entry) for place, entry in enumerate(entries, 1)]
    if len({(waiver.rule, waiver.fingerprint) for waiver in waivers}) < len(waivers):
        raise Fault(Exit.USAGE, f"--waivers {path}：同一条发现写了两次。")
    return waivers


def _waiver(path: Path, place: int, entry: dict[str, Any]) -> Waiver:
    where = f"--waivers {path}，第 {place} 条"
    if set(entry) != set(_KEYS):
        wrong = "、".join(sorted(set(_KEYS) - set(entry))) or "、".join(sorted(set(entry) - set(_KEYS)))
        said = "缺少" if set(_KEYS) - set(entry) else "有不认识的"
        raise Fault(Exit.USAGE, f"{where}：{said} {wrong}；每一条都要写明 {'、'.join(_KEYS)}。")
    if entry["rule"] not in catalogue():
        raise Fault(Exit.USAGE, f"{where}：没有名为“{entry['rule']}”的规则。")
    if type(entry["expires"]) is not dt.date:
        raise Fault(Exit.USAGE, f"{where}：expires 应是日期，例如 2026-12-31（不加引号）。")
    if not all(isinstance(entry[key], str) and entry[key].strip() for key in _KEYS[:-1]):
        raise Fault(Exit.USAGE, f"{where}：{'、'.join(_KEYS[:-1])} 都不能是空的。")
    return Waiver(**entry)


def apply(store: Store, runs: Sequence[Run], waivers: Sequence[Waiver], as_of: dt.date) -> list[dict[str, Any]]:
    """waived: the findings that a waiver in force covers, with the approver. Returns every waiver and what it did."""
    store.run("CREATE TEMP TABLE waived (finding_no BIGINT, rule VARCHAR, fingerprint VARCHAR, waived_by VARCHAR)")
    rules = {run.rule.id: run.rule for run in runs if run.outcome == "evaluated"}
    held = [waiver for waiver in waivers if waiver.expires >= as_of and waiver.rule in rules]
    if held:
        keys = " ".join(f"WHEN {text(name)} THEN {finding.key(rules[name].key)}" for name in {w.rule: 0 for w in held})
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
            "approver": waiver.approver, "expires": waiver.expires.isoformat(),
            "state": "expired" if waiver.expires < as_of
            else "active" if f"{waiver.rule} {waiver.fingerprint}" in matched else "unmatched",
        } for waiver in waivers
    ]  # fmt: skip
