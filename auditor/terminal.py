"""What commands show: progress, lines, headings."""

from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.markup import escape

from auditor.words import Words, word


def with_progress(work: Callable[[Callable[[Words], None]], Any], lang: str) -> Any:
    """Run `work`, showing on a terminal's stderr what it says."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return work(lambda _: None)
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        return work(lambda words: progress.update(task, description=escape(word(words, lang))))


def show(text: str = "") -> None:
    Console(highlight=False, soft_wrap=True).print(text)


def heading(title: str, name: str, t: Callable[..., str]) -> str:
    return f"[bold]{escape(title)}[/bold]{t('cli.notice', id=name)}"
