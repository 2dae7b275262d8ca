"""`auditor map`: what each sheet is taken for, questions to whoever sits at the terminal, a mapping.toml."""

import sys
from collections.abc import Callable
from pathlib import Path

from auditor.fault import Exit, Fault, because
from auditor.intake import files
from auditor.mapper import paper, talk
from auditor.mapper.draft import Draft, drafts
from auditor.terminal import show
from auditor.words import say

Answer = Callable[[str], str]


def run(paths: list[Path], out: Path, lang: str, answer: Answer | None = None) -> None:
    """Write `out`. `answer`: who answers questions (None: whoever sits at the terminal, if anybody does). Raises
    Fault."""
    if out.exists():
        raise Fault(Exit.USAGE, "map_exists", path=out)
    if answer is None and sys.stdin.isatty() and sys.stdout.isatty():
        answer = talk.typed
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(errors="replace")
    made: list[Draft] = []
    inner = (file for given in files.find(paths)[0] for file in files.unpacked(given, []))
    for draft in (draft for file in inner for draft in _drafts(file)):
        for line in talk.lines(draft, lang):
            show(line)
        made.append(talk.asked(draft, answer, lang) if answer else draft)
    try:
        out.write_text(paper.text(made, lang), encoding="utf-8")
    except OSError as error:
        raise Fault(Exit.ENVIRONMENT, "map_output", path=out, error=because(error)) from error
    show()
    for line in talk.left([draft for draft in made if not draft.layout], lang):
        show(line)
    show(say("map.written", lang, path=out))


def _drafts(file: files.InputFile) -> list[Draft]:
    """None of a file that only might have been a table and cannot be read, or is about nobody."""
    try:
        made = drafts(files.sheets(file))
    except Fault:
        if file.sure:
            raise
        return []
    return made if file.sure or any(draft.is_read or draft.about_people for draft in made) else []
