"""The shape of report.json as a JSON Schema, read off reports: `python -m tests.shape` writes docs/report.schema.json.

What it says is what programs may count on: every key, whether it is always there, and what types it takes.
"""

import datetime as dt
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import linked

from auditor import audit, policy, rule
from auditor.render import FORMATS
from auditor.waiver import Waiver

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "docs" / "report.schema.json"
# objects whose keys are data, not names of ours
MAPS = {"run.overrides", "policy.params", "policy.leads[].params", "completeness[].set_aside"}
Json = dict[str, Any]
TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}


def shape(values: list[Any], path: str = "") -> Json:
    """The narrowest schema that all `values` fit."""
    kinds = {TYPES[type(value)] for value in values if not isinstance(value, dict | list)}
    found: Json = {}
    if lists := [value for value in values if isinstance(value, list)]:
        kinds.add("array")
        items = [item for value in lists for item in value]
        found["items"] = shape(items, f"{path}[]") if items else {}
    if objects := [value for value in values if isinstance(value, dict)]:
        kinds.add("object")
        found |= _object(objects, path)
    return {"type": sorted(kinds)[0] if len(kinds) == 1 else sorted(kinds)} | found


def _object(objects: list[Json], path: str) -> Json:
    if path in MAPS:
        values = [value for one in objects for value in one.values()]
        return {"additionalProperties": shape(values, f"{path}.*") if values else {}}
    names = {name: None for one in objects for name in one}
    inner = {name: shape([one[name] for one in objects if name in one], f"{path}.{name}".lstrip(".")) for name in names}
    required = sorted(name for name in names if all(name in one for one in objects))
    return {"properties": dict(sorted(inner.items())), "required": required, "additionalProperties": False}


def reports() -> Iterator[Json]:
    """Reports that show every part: both notices, both editions, no claim list, settings, waivers in each state,
    connected people, a roster."""
    # report.json comes of the Report, which every paper is written from
    with tempfile.TemporaryDirectory() as scratch, mock.patch.dict(FORMATS, clear=True):
        work = Path(scratch)
        for name in policy.names():
            data = ROOT / "sample_data" / name
            for edition in ("masked", "full"):
                yield audit.run([data], policy.load(name), work / "out", edition).report.json()
            files = [path for path in data.iterdir() if "申请名单" not in path.name and path.name != "answer_key.csv"]
            yield audit.run(files, policy.load(name), work / "out").report.json()
        data = ROOT / "sample_data" / "taicang-2021"
        first_report = audit.run([data], policy.load("taicang-2021"), work / "out").report.json()
        first = yielded_lead(first_report)
        chosen = policy.override(policy.load("taicang-2021"), {"min_units": "20"}, rule.stricter())
        day = dt.date(2026, 1, 1)
        waivers = [
            Waiver("session-zero", first, "r", "a", day),
            Waiver("session-zero", "0" * 16, "r", "a", day),
            Waiver("session-negative", "0" * 16, "r", "a", dt.date(2025, 1, 1)),
        ]
        yield audit.run([data], chosen, work / "out", waivers=waivers, as_of=day).report.json()
        with linked.by("sessions-overlap"):
            yield audit.run([data], policy.load("taicang-2021"), work / "out").report.json()
        refused = next(one for one in first_report["rules"] if one["refused"])["sample"][0]["fingerprint"]
        judged = work / "底稿.csv"
        rows = [f"{refused},排除,见原件,甲,2026-01-02", "0" * 16 + ",属实,见原件,甲,2026-01-02"]
        judged.write_text("\n".join(["指纹,核实结论,说明,核实人,日期", *rows]) + "\n", encoding="utf-8")
        for edition in ("masked", "full"):
            yield audit.run(
                [data], policy.load("taicang-2021"), work / "out", edition, judgements=[judged]
            ).report.json()
        roster = work / "花名册.csv"
        roster.write_text("姓名,手机\n张三,19900000901\n", encoding="utf-8")
        yield audit.run([data, roster], policy.load("taicang-2021"), work / "out").report.json()


def yielded_lead(report: Json) -> str:
    sample = next(one for one in report["rules"] if one["id"] == "session-zero")["sample"]
    return str(sample[0]["fingerprint"])


def kept() -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "report.json"} | shape(
        list(reports())
    )
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    KEPT.write_text(kept(), encoding="utf-8")
