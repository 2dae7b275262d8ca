"""What commands show: progress, lines, headings. rich, which is slow to import, comes beside the work."""

import sys
from collections.abc import Callable
from threading import Thread
from typing import Any

from auditor.words import Words, word


def with_progress(work: Callable[[Callable[[Words], None]], Any], lang: str) -> Any:
    """Run `work`, showing on a terminal's stderr what it says."""
    if not sys.stderr.isatty():
        Thread(target=_fetch, daemon=True).start()
        return work(lambda _: None)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        return work(lambda words: progress.update(task, description=escape(word(words, lang))))


def _fetch() -> None:
    import rich.console  # noqa: F401


def escape(text: str) -> str:
    from rich.markup import escape as escaped

    return escaped(text)


def show(text: str = "", stderr: bool = False) -> None:
    from rich.console import Console

    Console(stderr=stderr, highlight=False, soft_wrap=True).print(text)


def heading(title: str, name: str, t: Callable[..., str]) -> str:
    return f"[bold]{escape(title)}[/bold]{t('cli.notice', id=name)}"
