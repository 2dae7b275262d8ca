"""The pages that are made from the program are up to date: a change shows in the diff."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import layoutbook
import pytest
import rulebook
import shape


@pytest.mark.parametrize("language", rulebook.PAGES)
def test_the_rule_book_is_the_rules(language: str) -> None:
    kept = (rulebook.DOCS / rulebook.PAGES[language]).read_text(encoding="utf-8")
    assert kept == rulebook.page(language), "python -m tests.rulebook writes it anew"


@pytest.mark.parametrize("language", layoutbook.PAGES)
def test_the_page_of_exports_is_the_layouts(language: str) -> None:
    kept = (layoutbook.DOCS / layoutbook.PAGES[language]).read_text(encoding="utf-8")
    assert kept == layoutbook.page(language), "python -m tests.layoutbook writes it anew"


def test_report_json_has_the_shape_that_is_kept(sample: Callable[..., Path]) -> None:
    def ordinary(name: str, edition: str) -> Any:
        return json.loads((sample(name, edition) / "report.json").read_text(encoding="utf-8"))

    assert shape.KEPT.read_text(encoding="utf-8") == shape.kept(ordinary), "python -m tests.shape writes it anew"


def test_the_shape_tells_what_differs() -> None:
    assert shape.shape([{"a": 1}, {"a": None, "b": [1, "x"]}]) == {
        "type": "object",
        "properties": {
            "a": {"type": ["integer", "null"]},
            "b": {"type": "array", "items": {"type": ["integer", "string"]}},
        },
        "required": ["a"],
        "additionalProperties": False,
    }
