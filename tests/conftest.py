"""What all tests share."""

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest

from auditor import audit, policy
from auditor.render import FORMATS

EVERY_PAPER = dict(FORMATS)
SAMPLES = Path(__file__).parent.parent / "sample_data"


@pytest.fixture(autouse=True, scope="module")
def few_papers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Word and PDF cost as much as an audit of the sample: they are written where a module says ALL_PAPERS."""
    kept = {name: write for name, write in FORMATS.items() if not name.endswith((".docx", ".pdf"))}
    if getattr(request.module, "ALL_PAPERS", False):
        yield
    else:
        with mock.patch.dict(FORMATS, kept, clear=True):
            yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """An audit of a committed sample with every paper: sample(name, edition=, lang=) → its folder, made once for all
    tests of a run, so to be read and never changed."""
    base = tmp_path_factory.getbasetemp()  # with several workers, one for each, in a folder of this run
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "samples"
    folder.mkdir(exist_ok=True)

    def made(name: str, edition: str = "masked", lang: str = "zh") -> Path:
        out = folder / f"{name}-{edition}-{lang}"
        with (folder / f"{out.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (out / "manifest.json").exists():
                with mock.patch.dict(FORMATS, EVERY_PAPER, clear=True):
                    audit.run([SAMPLES / name], policy.load(name), out, edition, lang=lang)
        return out

    return made
