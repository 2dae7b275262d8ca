"""The reports on the committed samples, against golden files. `UPDATE_GOLDEN=1 pytest tests/test_golden.py` rewrites
them: read the difference before you commit it."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor import demo, policy

HERE = Path(__file__).parent
SAMPLES = HERE.parent / "sample_data"
COUNTS = ("id", "class", "effect", "clause", "outcome", "findings", "refused", "to_verify", "persons", "claims",
          "claims_fen", "counted_once_fen", "population_size")  # fmt: skip


@pytest.mark.parametrize("name", policy.names())
def test_the_report_of_the_sample_is_the_golden_one(name: str, sample: Callable[..., Path]) -> None:
    body = json.loads((sample(name) / "report.json").read_text(encoding="utf-8"))
    kept = {key: body[key] for key in ("conclusion", "money", "employers", "readings", "people", "claims", "problems")}
    kept["rules"] = [{key: rule[key] for key in COUNTS} | {"first": rule["sample"][:2]} for rule in body["rules"]]
    kept["clauses"] = [
        {key: clause[key] for key in ("id", "outcome", "rules", "fields_lacking")} for clause in body["clauses"]
    ]
    golden = HERE / "golden" / f"{name}.json"
    written = json.dumps(kept, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(written, encoding="utf-8")
    assert json.loads(written) == json.loads(golden.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", policy.names())
def test_the_sample_is_what_the_demo_command_writes(name: str, tmp_path: Path) -> None:
    demo.write(tmp_path, policy.load(name), 100, 1)
    fresh = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in (SAMPLES / name).iterdir()}
    assert sorted(fresh) == sorted(kept)
    assert [file for file in fresh if fresh[file] != kept[file]] == []
