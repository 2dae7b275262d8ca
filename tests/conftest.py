"""What all tests share."""

from collections.abc import Iterator
from unittest import mock

import pytest

from auditor.render import FORMATS


@pytest.fixture(autouse=True, scope="module")
def few_papers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Word and PDF cost as much as an audit of the sample: they are written where a module says ALL_PAPERS."""
    kept = {name: write for name, write in FORMATS.items() if not name.endswith((".docx", ".pdf"))}
    if getattr(request.module, "ALL_PAPERS", False):
        yield
    else:
        with mock.patch.dict(FORMATS, kept, clear=True):
            yield
