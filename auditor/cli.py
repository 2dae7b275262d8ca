"""The commands: arguments, progress, what is printed, exit codes."""

import argparse
import datetime as dt
import json
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from auditor import __version__
from auditor.fault import Exit, Fault, because
from auditor.terminal import show, with_progress
from auditor.words import LANGUAGES, phrase, say, speaker, table, word

LISTED = ("rules", "policies", "schemas", "layouts")
_FAIL_ON = ("high", "medium", "low", "never")
_OUTCOMES = ("supported", "not_supported", "to_verify")
_ALL = "all"
_CLASSES = ("breach", "lead", "data")


def entry() -> NoReturn:
    """The program. Threads take turns more often than is usual: most wait for an engine, and none should wait for long
    afterwards. It leaves at once: taking the libraries down in order would cost a quarter of a second."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # of a library that pyarrow brings and nobody asks for anything
    sys.setswitchinterval(0.001)
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is one of `Exit`."""
    argv = sys.argv[1:] if argv is None else argv
    lang = _language(argv)
    theirs = {said["en"]: said[lang] for said in table()["argparse"].values()}
    argparse._ = lambda text: theirs.get(text, text)  # type: ignore[attr-defined]  # its gettext
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console of another code page must not end an audit
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser(lang).parse_args(argv)
    arguments.lang = lang = getattr(arguments, "lang", lang)
    try:
        return int(arguments.run(arguments))
    except Fault as fault:
        show((say("cli.error", lang), "red"), word(fault.words, lang), stderr=True)
        return fault.code
    except KeyboardInterrupt:
        show(say("cli.interrupted", lang), stderr=True)
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.CLEAN
    except Exception as error:
        if os.environ.get("AUDITOR_DEBUG"):
            traceback.print_exc()
        # never the error's own text: it may quote a row
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        said = say("cli.internal_where", lang, error=type(error).__name__, where=where)
        show((say("cli.internal", lang), "red"), said, stderr=True)
        return Exit.INTERNAL


def _language(argv: Sequence[str]) -> str:
    """The last `--lang` among the arguments: help and the errors of arguments are in it too."""
    chosen = LANGUAGES[0]
    for one, following in zip(argv, [*argv[1:], ""], strict=False):
        if one.startswith("--lang") and (value := following if one == "--lang" else one[7:]) in LANGUAGES:
            chosen = value
    return chosen


class _Parser(argparse.ArgumentParser):
    lang = LANGUAGES[0]

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(Exit.USAGE, say("cli.usage", self.lang, prog=self.prog, message=message) + "\n")


def _parser(lang: str) -> argparse.ArgumentParser:
    t = speaker(lang)
    _Parser.lang = lang
    common = _Parser(add_help=False)
    common.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=t("help.lang_help"))
    parser = _Parser(prog="auditor", description=t("help.program"), parents=[common])
    parser.add_argument("--version", action="version", version=f"auditor {__version__}")
    commands = parser.add_subparsers(title=t("help.commands"), required=True, metavar=t("help.command"))

    audit = commands.add_parser("audit", parents=[common], help=t("help.audit"))
    audit.add_argument("data", nargs="+", type=Path, metavar=t("help.data"), help=t("help.data_help"))
    audit.add_argument("--policy", required=True, metavar=t("help.policy"), help=t("help.policy_help"))
    audit.add_argument("--out", required=True, type=Path, metavar=t("help.folder"), help=t("help.out_help"))
    audit.add_argument("--edition", choices=("masked", "full"), default="masked", help=t("help.edition_help"))
    audit.add_argument("--fail-on", choices=_FAIL_ON, default="never", help=t("help.fail_on_help"))
    audit.add_argument("--set", action="append", default=[], metavar=t("help.setting"), help=t("help.set_help"))
    audit.add_argument("--dates", choices=("dmy", "mdy", "ymd"), help=t("help.dates_help"))
    audit.add_argument("--mapping", type=Path, metavar=t("help.file"), help=t("help.mapping_help"))
    audit.add_argument("--waivers", type=Path, metavar=t("help.file"), help=t("help.waivers_help"))
    audit.add_argument("--as-of", metavar=t("help.day"), help=t("help.as_of_help"))
    audit.add_argument(
        "--judgements", action="append", default=[], type=Path, metavar=t("help.file"), help=t("help.judgements_help")
    )
    audit.add_argument("--engagement", type=Path, metavar=t("help.file"), help=t("help.engagement_help"))
    audit.add_argument("--papers", metavar=t("help.papers"), help=t("help.papers_help"))
    audit.add_argument("--fonts", type=Path, metavar=t("help.folder"), help=t("help.fonts_help"))
    audit.add_argument(
        "--history", action="append", default=[], type=Path, metavar=t("help.file"), help=t("help.history_help")
    )
    audit.add_argument("--history-out", type=Path, metavar=t("help.file"), help=t("help.history_out_help"))
    audit.add_argument("--threads", type=_positive, metavar="N", help=t("help.threads_help"))
    audit.add_argument("--json", action="store_true", help=t("help.json_help"))
    audit.set_defaults(run=_audit)

    mapped = commands.add_parser("map", parents=[common], help=t("help.map"))
    mapped.add_argument("data", nargs="+", type=Path, metavar=t("help.data"), help=t("help.data_help"))
    mapped.add_argument(
        "--out", default=Path("mapping.toml"), type=Path, metavar=t("help.file"), help=t("help.map_out")
    )
    mapped.set_defaults(run=_map)

    verify = commands.add_parser("verify", parents=[common], help=t("help.verify"))
    verify.add_argument("folder", type=Path, metavar=t("help.folder"), help=t("help.verify_folder"))
    verify.add_argument("--inputs", nargs="+", type=Path, metavar=t("help.data"), help=t("help.verify_inputs"))
    verify.add_argument("--json", action="store_true", help=t("help.json_help"))
    verify.set_defaults(run=_verify)

    diff = commands.add_parser("diff", parents=[common], help=t("help.diff"))
    diff.add_argument("old", type=Path, metavar=t("help.diff_old"), help=t("help.diff_old_help"))
    diff.add_argument("new", type=Path, metavar=t("help.diff_new"), help=t("help.diff_new_help"))
    diff.add_argument("--out", required=True, type=Path, metavar=t("help.folder"), help=t("help.out_help"))
    diff.add_argument("--edition", choices=("masked", "full"), default="masked", help=t("help.diff_edition"))
    diff.add_argument("--json", action="store_true", help=t("help.json_help"))
    diff.set_defaults(run=_diff)

    demo = commands.add_parser("demo", parents=[common], help=t("help.demo"))
    demo.add_argument("--out", required=True, type=Path, metavar=t("help.folder"))
    demo.add_argument("--policy", default="taicang-2021", metavar=t("help.policy"))
    demo.add_argument("--learners", type=_positive, default=200, metavar="N", help=t("help.learners_help"))
    demo.add_argument("--seed", type=int, default=1, metavar="N", help=t("help.seed_help"))
    demo.set_defaults(run=_demo)

    explain = commands.add_parser("explain", parents=[common], help=t("help.explain"))
    explain.add_argument("rule", metavar=t("help.rule"))
    explain.add_argument("--policy", metavar=t("help.policy"), help=t("help.one_policy_help"))
    explain.set_defaults(run=_explain)

    listed = commands.add_parser("list", parents=[common], help=t("help.list"))
    listed.add_argument("what", choices=LISTED, metavar="|".join(LISTED))
    listed.add_argument("--json", action="store_true", help=t("help.list_json_help"))
    listed.set_defaults(run=_listed)
    return parser


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError
    return number


def _day(value: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(value) if value else None
    except ValueError:
        raise Fault(Exit.USAGE, "day_form", text=value) from None


def _audited(arguments: argparse.Namespace, beside: Path | None = None) -> Any:
    """Run the audit of the arguments; `beside`: a folder of ours that is no input."""
    from auditor import audit, manifest, policy, rule, waiver
    from auditor.intake import mapping_file
    from auditor.store import Broken

    if arguments.waivers and not arguments.as_of:
        arguments.as_of = dt.date.today().isoformat()
    as_of = _day(arguments.as_of)
    chosen = policy.override(policy.load(arguments.policy), _settings(arguments.set), rule.stricter())

    def run(say: audit.Say, threads: int | None) -> audit.Audit:
        return audit.run(
            arguments.data,
            chosen,
            arguments.out,
            arguments.edition,
            threads=threads,
            say=say,
            waivers=waiver.load(arguments.waivers) if arguments.waivers else (),
            as_of=as_of,
            engaged=arguments.engagement,
            lang=arguments.lang,
            dates=arguments.dates,
            mapped=mapping_file.load(arguments.mapping) if arguments.mapping else None,
            judgements=arguments.judgements,
            papers=_papers(arguments.papers),
            fonts=arguments.fonts,
            asked=manifest.options(vars(arguments)),
            beside=beside,
            registers=arguments.history,
            register_out=arguments.history_out,
        )

    def steadily(say: audit.Say) -> audit.Audit:
        """With one thread where the engine breaks: its errors of its own are mostly those of threads."""
        try:
            return run(say, arguments.threads)
        except Broken:
            if arguments.threads == 1:
                raise
            say(phrase("progress.again"))
            return run(say, 1)

    return with_progress(steadily, arguments.lang)


def _audit(arguments: argparse.Namespace) -> int:
    from auditor import summary

    done = _audited(arguments)
    report = done.report
    for remark in done.remarks.values():
        show(word(remark, arguments.lang), stderr=True)
    if arguments.json:
        rules = [
            {key: rule[key] for key in ("id", "class", "outcome", "findings", "persons", "refused", "to_verify")}
            for rule in report.rules
        ]
        body = {"out": str(done.folder), "conclusion": report.conclusion, "money": report.money, "rules": rules}
        if report.judgement:
            body["judgement"] = report.judgement["money"]
        print(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        summary.tell(report, done.folder, arguments.lang)
    found = [
        severity
        for severity, counted in (
            ("high", sum(rule["refused"] for rule in report.rules)),
            ("medium", sum(rule["to_verify"] for rule in report.rules)),
            ("low", sum(rule["findings"] - rule["refused"] - rule["to_verify"] for rule in report.rules)),
        )
        if counted
    ]
    limit = _FAIL_ON.index(arguments.fail_on)
    return Exit.FINDINGS if any(_FAIL_ON.index(severity) <= limit < 3 for severity in found) else Exit.CLEAN


def _papers(given: str | None) -> list[str] | None:
    """The papers named, None for all of them."""
    names = [name.strip() for name in (given or _ALL).split(",") if name.strip()]
    return None if _ALL in names else names


def _settings(given: list[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name in settings:
            raise Fault(Exit.USAGE, "setting_form", text=text)
        settings[name] = value
    return settings


def _map(arguments: argparse.Namespace) -> int:
    from auditor import mapper

    mapper.run(arguments.data, arguments.out, arguments.lang)
    return Exit.CLEAN


def _verify(arguments: argparse.Namespace) -> int:
    from auditor import verify

    def rerun(options: Sequence[str], data: list[Path], out: Path, beside: Path) -> object:
        again = _parser(arguments.lang).parse_args(["audit", ".", f"--out={out}", *options])
        again.data = data
        return _audited(again, beside)

    return verify.command(arguments, rerun)


def _diff(arguments: argparse.Namespace) -> int:
    from auditor import diff

    return diff.command(arguments)


def _explain(arguments: argparse.Namespace) -> int:
    from auditor import lookup

    return lookup.explain(arguments)


def _listed(arguments: argparse.Namespace) -> int:
    from auditor import lookup

    return lookup.listed(arguments)


def _demo(arguments: argparse.Namespace) -> int:
    from auditor import demo, policy

    chosen = policy.load(arguments.policy)
    try:
        written = with_progress(
            lambda say: demo.write(arguments.out, chosen, arguments.learners, arguments.seed, say=say), arguments.lang
        )
    except OSError as error:
        raise Fault(Exit.ENVIRONMENT, "demo_output", path=arguments.out, error=because(error)) from error
    t = speaker(arguments.lang)
    for name, rows in written.files.items():
        show(t("cli.demo_file", path=arguments.out / name, rows=rows))
    key = arguments.out / "answer_key.csv"
    show(t("cli.demo_key", count=sum(written.planted.values()), path=key))
    return Exit.CLEAN
