"""How well the rules tell sham training from honest study, on labelled exports of simulated people.

python -m tests.detection                  20 seeds; prints the tables
python -m tests.detection --quick          2 seeds of fewer people, no sensitivity, no costs
python -m tests.detection --write          writes docs/detection.md and docs/detection.zh-CN.md too
python -m tests.detection --costs DIR      seconds of each rule and fact on that export (default: one of 300,000
                                           sessions made by tests.benchmark)
python -m tests.detection --only-costs     nothing else; with --write in the pages as they are
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from auditor import policy
from tests import benchmark

from .count import Counts, Row, sensitivity
from .judge import costs
from .measure import measure
from .page import page, with_costs

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"zh": "detection.zh-CN.md", "en": "detection.md"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--people", type=int, default=100, help="of each honest population in an export of its own")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--costs", type=Path, help="an export to time the rules on")
    parser.add_argument("--only-costs", action="store_true")
    arguments = parser.parse_args()
    if arguments.quick:
        arguments.seeds, arguments.people = 2, 50
    spent = None if arguments.quick else _costs(arguments.costs)
    if arguments.only_costs:
        assert spent, "--quick measures no costs"
        for name, seconds in spent[1].items():
            print(f"{seconds:8.3f}  {name}")
        for lang, name in PAGES.items() if arguments.write else ():
            old = (DOCS / name).read_text(encoding="utf-8")
            (DOCS / name).write_text(with_costs(old, spent, lang), encoding="utf-8")
        return
    seeds = range(arguments.first, arguments.first + arguments.seeds)
    counts = Counts(measure(seeds, arguments.people, arguments.people // 2, tell=True))
    sensitive: list[Row] = [] if arguments.quick else sensitivity(seeds[: -(-len(seeds) // 5)], arguments.people // 2)
    for lang, name in PAGES.items():
        text = page(counts, sensitive, spent, lang)
        if arguments.write:
            (DOCS / name).write_text(text, encoding="utf-8")
        if lang == "en":
            print(text)


def _costs(folder: Path | None) -> tuple[int, dict[str, float]]:
    """Of the first notice: sessions, and seconds of each rule and fact."""
    notice = policy.load(benchmark.POLICY)
    if folder:
        with (folder / benchmark.SESSIONS).open("rb") as stream:
            rows = sum(1 for _ in stream) - 1
        return rows, costs(folder, notice)
    with tempfile.TemporaryDirectory() as scratch:
        rows = benchmark.make(Path(scratch), 300_000)
        return rows, costs(Path(scratch), notice)


if __name__ == "__main__":
    main()
