"""What report.html carries for its scripts, block by block: JSON as bytes, under the names that `App.data` asks for."""

import json
from typing import Any

from auditor.report import Report
from auditor.words import section

SPOKEN = ("page", "explore", "verdict", "effect", "class", "subject", "outcome", "unit", "place")


def blocks(report: Report, language: str) -> dict[str, bytes]:
    """Name → JSON. `language`: that of the page's words."""
    return {"words": dump({name: section(name, language) for name in SPOKEN})}


def dump(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
