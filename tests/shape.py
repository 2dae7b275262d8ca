"""The shape of report.json as a JSON Schema, read off reports: `python -m tests.shape` writes docs/report.schema.json.

What it says is what programs may count on: every key, whether it is always there, and what types it takes.
"""

import datetime as dt
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import linked

from auditor import audit, policy, rule
from auditor.render import FORMATS
from auditor.waiver import Waiver

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "sample_data"
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


def ordinary(name: str, edition: str) -> Json:
    """The report of a sample without any option."""
    with tempfile.TemporaryDirectory() as out:
        return _report([SAMPLES / name], policy.load(name), Path(out) / "out", edition=edition)


def reports(ordinary: Callable[[str, str], Json]) -> Iterator[Json]:
    """Reports that show every part: both notices, both editions, no claim list; then everything that may be added:
    settings, waivers in each state, connected people, a roster, conclusions."""
    first: dict[str, Json] = {}
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        for name in policy.names():
            first[name] = ordinary(name, "masked")
            yield from (first[name], ordinary(name, "full"))
            files = [path for path in (SAMPLES / name).iterdir() if "申请名单" not in path.name]
            yield _report(files, policy.load(name), work / "out")
        name = "taicang-2021"
        chosen = policy.override(policy.load(name), {"min_units": "20"}, rule.stricter())
        day = dt.date(2026, 1, 1)
        rules = {one["id"]: one for one in first[name]["rules"]}
        waivers = [
            Waiver("session-zero", rules["session-zero"]["sample"][0]["fingerprint"], "r", "a", day),
            Waiver("session-zero", "0" * 16, "r", "a", day),
            Waiver("session-negative", "0" * 16, "r", "a", dt.date(2025, 1, 1)),
        ]
        refused = next(one for one in rules.values() if one["refused"])["sample"][0]["fingerprint"]
        judged = work / "底稿.csv"
        rows = [f"{refused},排除,见原件,甲,2026-01-02", "0" * 16 + ",违规属实,见原件,甲,2026-01-02"]
        judged.write_text("\n".join(["指纹,核实结论,说明,核实人,日期", *rows]) + "\n", encoding="utf-8")
        roster = work / "花名册.csv"
        roster.write_text("姓名,手机\n张三,19900000901\n", encoding="utf-8")
        with linked.by("sessions-overlap"):
            for edition in ("masked", "full"):
                yield _report(
                    [SAMPLES / name, roster], chosen, work / "out", edition=edition, waivers=waivers, as_of=day,
                    judgements=[judged],
                )  # fmt: skip


def _report(data: list[Path], notice: policy.Policy, out: Path, **options: Any) -> Json:
    with mock.patch.dict(FORMATS, clear=True):  # report.json comes of the Report, which every paper is written from
        return audit.run(data, notice, out, **options).report.json()


def kept(ordinary: Callable[[str, str], Json] = ordinary) -> str:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "report.json"}
    schema = head | shape(list(reports(ordinary)))
    return json.dumps(schema, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    KEPT.write_text(kept(), encoding="utf-8")
