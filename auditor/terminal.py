"""What commands show: progress, lines, headings. rich, which is slow to import, comes beside the work."""

import sys
from collections.abc import Callable
from threading import Thread
from typing import Any

from auditor.words import Words, word

Part = str | tuple[str, str]  # a text, or a text and its style


def with_progress(work: Callable[[Callable[[Words], None]], Any], lang: str) -> Any:
    """Run `work`, showing on a terminal's stderr what it says."""
    if not sys.stderr.isatty():
        Thread(target=_fetch, daemon=True).start()
        return work(lambda _: None)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        return work(lambda words: progress.update(task, description=word(words, lang)))


def _fetch() -> None:
    import rich.console  # noqa: F401


def show(*parts: Part, stderr: bool = False) -> None:
    """One line, of texts just as they are and of texts in a style."""
    from rich.console import Console
    from rich.text import Text

    Console(stderr=stderr, highlight=False, soft_wrap=True).print(Text.assemble(*parts))


def heading(title: str, name: str, t: Callable[..., str]) -> tuple[Part, Part]:
    return (title, "bold"), t("cli.notice", id=name)
