"""`auditor verify`: whether a folder still holds what was written into it, and whether its inputs give it again."""

import argparse
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from auditor import again, manifest, mask, policy
from auditor.audit import outputs
from auditor.fault import Exit, unauditable
from auditor.intake import files
from auditor.terminal import show
from auditor.words import Words, phrase, say, table, word
from auditor.workplace import MANIFEST, workplace

Json = dict[str, Any]
# command-line options, the data, the folder to write into, a folder that is no data
Rerun = Callable[[Sequence[str], list[Path], Path, Path], object]


@dataclass
class Verified:
    """`changed`, `missing`, `unexpected` (called like a paper, but none of this audit): file → what is wrong. `beside`:
    other files. `inputs`: input or option → what is wrong, None where they were not given; `reasons`: what the audit
    was made by and is no more; `remade`: paper → where making it again gives another, None where it gives the same."""

    folder: Path
    body: Json
    seal: str
    changed: dict[str, Words] = field(default_factory=dict)
    missing: dict[str, Words] = field(default_factory=dict)
    unexpected: dict[str, Words] = field(default_factory=dict)
    beside: list[str] = field(default_factory=list)
    inputs: dict[str, Words] | None = None
    reasons: list[Words] = field(default_factory=list)
    remade: dict[str, Words | None] | None = None

    @property
    def holds(self) -> bool:
        made = self.remade or {}
        return not (self.changed or self.missing or self.unexpected or self.inputs or any(made.values()))


def command(arguments: argparse.Namespace, rerun: Rerun) -> int:
    """Check the folder, with `--inputs` run the audit once more, and say what was found."""
    done = check(arguments.folder)
    if arguments.inputs and MANIFEST not in done.changed:
        compare(done, arguments.inputs, rerun)
    if arguments.json:
        print(json.dumps(_json(done, arguments.lang), ensure_ascii=False, indent=1))
    else:
        _say(done, arguments.lang)
    return Exit.CLEAN if done.holds else Exit.FINDINGS


def check(folder: Path) -> Verified:
    """The files of a folder beside its manifest. Raises Fault where there is none that can be read."""
    body, whole = manifest.read(folder)
    done = Verified(folder, body, files.digest(folder / MANIFEST))
    if not whole:  # then its hashes prove nothing
        done.changed[MANIFEST] = phrase("verify.manifest_changed")
        return done
    present = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    for name, sha in body["outputs"].items():
        if name not in present:
            done.missing[name] = phrase("verify.missing")
        elif (found := files.digest(folder / name)) != sha:
            done.changed[name] = _changed(folder / name, sha, found)
    ours = outputs()
    for name in sorted(present - set(body["outputs"]) - {MANIFEST}):
        if name in ours:
            done.unexpected[name] = phrase("verify.unexpected")
        else:
            done.beside.append(mask.text(name, 200))
    return done


def _changed(path: Path, sha: str, found: str) -> Words:
    said = phrase("verify.changed", sha=sha[:16], found=found[:16])
    if path.suffix != ".json":
        return said
    try:
        json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return phrase("verify.changed_unreadable", said=said)
    return said


def compare(done: Verified, given: list[Path], rerun: Rerun) -> None:
    """With the inputs: whether they are the same, and whether they give the same papers again. Raises Fault."""
    if done.body.get("command") != "audit":
        raise unauditable("no_audit", path=done.folder)
    names = list(done.body["policy"])
    notice = policy.load(Path(names[0]).stem)
    done.reasons = list(_reasons(done.body, manifest.made_by(notice)))
    options, data, done.inputs = _given(done.body, given, done.folder)
    if done.inputs:
        return
    with _room(done.folder) as work:
        out, space = work / "again", work / "space"
        space.mkdir()
        rerun([f"--policy={notice.id}", *options], data, out, done.folder)
        made = {path.name for path in out.iterdir()} - {MANIFEST}
        more = sorted(made - set(done.body["outputs"]))
        done.reasons += [phrase("verify.more_papers", names=more)] if more else []
        there = [name for name in done.body["outputs"] if name not in done.missing]
        done.remade = {
            name: again.differs(done.folder / name, out / name, space) if name in made else phrase("verify.not_remade")
            for name in there
        }


def _reasons(then: Json, now: Json) -> Iterator[Words]:
    """In what the audit was made by something else than is here."""
    if then.get("version") != now["version"]:
        yield phrase("verify.version", old=then.get("version") or "—", new=now["version"])
    elif then.get("program") != now["program"]:
        yield phrase("verify.program", version=now["version"])
    for part, key in (("policy", "verify.policy"), ("rules", "verify.rules"), ("content", "verify.content")):
        old, new = then.get(part) or {}, now[part]
        if found := [name for name in dict.fromkeys([*new, *old]) if old.get(name) != new.get(name)]:
            yield phrase(key, count=len(found), names=found[:5])
    old, new = then.get("packages") or {}, now["packages"]
    if found := [f"{name} {old.get(name)} → {new[name]}" for name in new if old.get(name) != new[name]]:
        yield phrase("verify.packages", names=found)


def _given(body: Json, given: list[Path], folder: Path) -> tuple[list[str], list[Path], dict[str, Words]]:
    """The options of the audit, the paths that are its data, and what is wrong with either."""
    wrong: dict[str, Words] = {}
    options: list[str] = []
    own: set[Path] = set()
    theirs = set()  # of files that an option named; a register of --history is an input too
    for name, value in body["options"].items():
        flag = f"--{name.replace('_', '-')}"
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, dict):
                options.append(flag if one is True else f"{flag}={one}")
            elif (path := _found(one, given)) is None:
                wrong[flag] = phrase("verify.option_file", file=one["file"], sha=one["sha256"])
            else:
                own.add(path)
                theirs.add(one["sha256"])
                options.append(f"{flag}={path}")
    data = [path for path in given if path not in own]
    inputs = {file: sha for file, sha in body["inputs"].items() if sha not in theirs}
    wanted = {file: sha for file, sha in inputs.items() if not file.startswith("--")}  # an option's
    found, _ = files.find(data or given, folder)
    sure = {file.label: file.sure for file in found}
    held = {file.label: files.digest(file.path) for file in found if file.path not in own}
    names = {sha: file for file, sha in held.items()}
    for file, sha in wanted.items():
        if file not in held:
            known = names.get(sha)
            wrong[file] = phrase("verify.renamed", file=known) if known else phrase("verify.no_input")
        elif held[file] != sha:
            wrong[file] = phrase("verify.changed", sha=sha[:16], found=held[file][:16])
    more = [file for file in held if file not in wanted and sure[file] and held[file] not in wanted.values()]
    return options, data, wrong | {file: phrase("verify.more_input") for file in more}


def _found(file: Mapping[str, Any], given: list[Path]) -> Path | None:
    """A file of an option among what was given."""
    inside = (path for one in given for path in (sorted(one.rglob("*")) if one.is_dir() else [one]))
    alike = (path for path in inside if path.is_file() and path.stat().st_size == file["bytes"])
    return next((path for path in alike if files.digest(path) == file["sha256"]), None)


@contextmanager
def _room(folder: Path) -> Iterator[Path]:
    """Where to make the papers again: in the folder, where the audit was; elsewhere when nothing can be written."""
    if os.access(folder, os.W_OK):
        with workplace(folder) as work:
            yield work
    else:
        with tempfile.TemporaryDirectory(prefix="audit-") as name:
            yield Path(name)


def _json(done: Verified, lang: str) -> Json:
    def listed(found: Mapping[str, Words]) -> list[Json]:
        return [{"file": name, "said": word(said, lang)} for name, said in found.items()]

    remade = None
    if done.remade is not None:
        remade = [
            {"file": name, "same": said is None, "said": word(said, lang) if said else None}
            for name, said in done.remade.items()
        ]
    return {
        "folder": str(done.folder), "holds": done.holds, "manifest_sha256": done.seal,
        "version": done.body.get("version"), "edition": done.body.get("edition"), "files": len(done.body["outputs"]),
        "changed": listed(done.changed), "missing": listed(done.missing), "unexpected": listed(done.unexpected),
        "beside": done.beside, "reasons": [word(reason, lang) for reason in done.reasons],
        "inputs": None if done.inputs is None else listed(done.inputs), "remade": remade,
    }  # fmt: skip


def _say(done: Verified, lang: str) -> None:
    labels = table()["paper_name"]

    def line(text: str, style: str = "") -> None:
        show("  ", (text, style))

    def wrong(found: Mapping[str, Words]) -> None:
        for name, said in found.items():
            label = labels[name][lang] if name in labels else ""
            shown = say("verify.labelled", lang, file=name, label=label) if label else name
            line(say("verify.file", lang, file=shown, said=said), "red")

    show((say("verify.folder", lang, path=done.folder), "bold"))
    line(say("verify.manifest", lang, sha=done.seal))
    if MANIFEST not in done.changed:
        held = len(done.body["outputs"]) - len(done.changed) - len(done.missing)
        line(say("verify.held", lang, held=held, total=len(done.body["outputs"])))
    for found in (done.changed, done.missing, done.unexpected):
        wrong(found)
    for name in done.beside:
        line(say("verify.beside", lang, file=name), "dim")
    if done.inputs is not None:
        for reason in done.reasons:
            line(word(reason, lang), "yellow")
        line(say("verify.inputs_differ" if done.inputs else "verify.inputs_hold", lang))
        wrong(done.inputs)
    if done.remade is not None:
        same = sum(said is None for said in done.remade.values())
        line(say("verify.remade", lang, same=same, total=len(done.remade)))
        wrong({name: said for name, said in done.remade.items() if said})
    show((say("verify.holds" if done.holds else "verify.does_not_hold", lang), "bold"))
