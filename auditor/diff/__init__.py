"""`auditor diff OLD NEW`: what became of the findings, the claims and the money between two audits (整改复查)."""

import argparse
import json
from pathlib import Path
from typing import Any

from auditor import __version__, manifest
from auditor.diff import compare, folder, to_docx, to_html, to_xlsx
from auditor.diff.result import Result
from auditor.fault import Exit, Fault, unauditable
from auditor.render.book_parts import rule_numbers
from auditor.store import Store
from auditor.terminal import show, with_progress
from auditor.words import phrase, say, speaker
from auditor.workplace import MANIFEST, deliver, workplace

Json = dict[str, Any]


def command(arguments: argparse.Namespace) -> int:
    found = with_progress(
        lambda said: run(arguments.old, arguments.new, arguments.out, arguments.edition, arguments.lang, said),
        arguments.lang,
    )
    if arguments.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _say(found, arguments.out, arguments.lang)
    return Exit.CLEAN


def run(before: Path, after: Path, out: Path, edition: str, lang: str, said: Any = lambda _: None) -> Json:
    """Compare the folders of two audits and write the papers into `out`; returns what diff.json holds. `edition`:
    masked or full. Raises Fault."""
    old, new = folder.load(before), folder.load(after)
    if out.resolve() in (before.resolve(), after.resolve()):
        raise Fault(Exit.USAGE, "diff_out", path=out)
    if edition == "full" and not (old.full and new.full):
        raise unauditable("diff_full", paths=[side.folder for side in (old, new) if not side.full])
    known_by = compare.key(old, new)
    with workplace(out) as work:
        store = Store(work / "diff.duckdb", work)
        try:
            said(phrase("progress.comparing"))
            numbers = {"old": rule_numbers(old.report), "new": rule_numbers(new.report)}
            compare.compare(store, old, new, known_by, numbers)
            result = Result(store, old, new, known_by, edition, lang)
            said(phrase("progress.papers"))
            (work / "diff.json").write_text(json.dumps(result.json, ensure_ascii=False, indent=1) + "\n", "utf-8")
            to_html.write(result, work / "diff.html")
            to_xlsx.write(result, work / "diff.xlsx")
            to_docx.write(result, work / "diff.docx")
            result.write(work)
        finally:
            store.close()
        papers = sorted(work.glob("diff*.*"))
        papers = [path for path in papers if path.suffix != ".duckdb"]
        inputs = {f"{name}/{MANIFEST}": side.seal for name, side in (("old", old), ("new", new))}
        body = {"command": "diff", "version": __version__, "edition": edition, "lang": lang, "inputs": inputs}
        manifest.save(work, body | {"outputs": manifest.hashes(papers)})
        deliver([*papers, work / MANIFEST], out, edition)
    return result.json


def _say(found: Json, out: Path, lang: str) -> None:
    t = speaker(lang)
    show((t("diff.title"), "bold"))
    for side in ("old", "new"):
        about = found[side]
        show("  " + t(f"diff.{side}_line", folder=about["folder"], policy=about["policy"]["title"]))
    for reason in found["reasons"]:
        show("  ", (reason, "yellow"))
    for line in to_html.sentences(found, lang):
        show("  " + line)
    show(say("diff.written", lang, path=out / "diff.html"))
