"""The commands: arguments, progress, what is printed, exit codes."""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from auditor import __version__
from auditor.fault import Exit, Fault
from auditor.words import LANGUAGES, Words, phrase, say, speaker, table, word

_FAIL_ON = ("high", "medium", "low", "never")
_OUTCOMES = ("supported", "not_supported", "to_verify")
_CLASSES = ("breach", "lead", "data")


def entry() -> NoReturn:
    """The program. It leaves at once: taking the libraries down in order would cost a quarter of a second."""
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
    argparse._ = lambda text: theirs.get(text, text)  # type: ignore[attr-defined]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console of another code page must not end an audit
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser(lang).parse_args(argv)
    arguments.lang = lang = getattr(arguments, "lang", lang)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        return int(arguments.run(arguments))
    except Fault as fault:
        errors.print(f"[red]{say('cli.error', lang)}[/red]{escape(word(fault.words, lang))}")
        return fault.code
    except KeyboardInterrupt:
        errors.print(say("cli.interrupted", lang))
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
        errors.print(f"[red]{say('cli.internal', lang)}[/red]{escape(said)}")
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
    audit.add_argument("--threads", type=_positive, metavar="N", help=t("help.threads_help"))
    audit.add_argument("--json", action="store_true", help=t("help.json_help"))
    audit.set_defaults(run=_audit)

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
    listed.add_argument("what", choices=("rules", "policies", "schemas"), metavar="rules|policies|schemas")
    listed.add_argument("--json", action="store_true", help=t("help.list_json_help"))
    listed.set_defaults(run=_list)
    return parser


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError
    return number


def _with_progress(work: Callable[[Callable[[Words], None]], Any], lang: str) -> Any:
    """Run `work`, showing on a terminal's stderr what it says."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return work(lambda _: None)
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        return work(lambda words: progress.update(task, description=escape(word(words, lang))))


def _print(text: str = "") -> None:
    Console(highlight=False, soft_wrap=True).print(text)


def _audit(arguments: argparse.Namespace) -> int:
    from auditor import audit, policy

    chosen = policy.load(arguments.policy)
    done = _with_progress(
        lambda say: audit.run(
            arguments.data, chosen, arguments.out, arguments.edition, arguments.threads, say, arguments.lang
        ),
        arguments.lang,
    )
    report = done.report
    if arguments.json:
        rules = [
            {key: rule[key] for key in ("id", "class", "outcome", "findings", "persons", "refused", "to_verify")}
            for rule in report.rules
        ]
        body = {"out": str(done.folder), "conclusion": report.conclusion, "money": report.money, "rules": rules}
        print(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        _say_audit(report, done.folder, arguments.lang)
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


def _say_audit(report: Any, folder: Path, lang: str) -> None:
    """What was read, what was found, where the papers lie."""
    t, pause = speaker(lang), say("page.pause", lang)
    _print(_title(report.policy["title"], report.policy["id"], t))
    _print(f"\n[bold]{t('cli.reading')}[/bold]")
    for source in report.completeness:
        where = t("cli.sheet", file=source["file"], sheet=source["sheet"]) if source["sheet"] else source["file"]
        asides = [t("cli.aside", reason=t(f"aside.{name}"), count=rows) for name, rows in source["set_aside"].items()]
        aside = t("cli.source_aside", asides=asides) if asides else ""
        label, rows, read = source["label"] or t("cli.unrecognised"), source["rows"], source["read"]
        said = t("cli.source", where=where, label=label, rows=rows, read=read, left=rows - read, aside=aside)
        _print(f"  {escape(said)}")
        if source["table"]:
            columns = pause.join(f"{one['header']}{t('cli.equals')}{one['label']}" for one in source["columns"])
            _print(f"    [dim]{escape(t('cli.columns', columns=columns))}[/dim]")
        if source["unrecognised"]:
            _print(f"    [dim]{escape(t('cli.no_columns', columns=source['unrecognised']))}[/dim]")
    for problem in report.problems:
        _print("  " + escape(t("cli.problem", problem=problem)))
    _print(f"\n[bold]{t('cli.conclusion')}[/bold]")
    money, people = report.money, report.people
    labels = {name: t(f"verdict.{name}") for name in _OUTCOMES}
    if report.conclusion["claim_list"]:
        _print("  " + t("cli.claimed", claims=money["claims"], yuan=_yuan(money["claimed_fen"])))
        for name, label in labels.items():
            _print("    " + t("cli.verdict", label=label, claims=money[name], yuan=_yuan(money[f"{name}_fen"])))
    else:
        counts = [t("cli.verdict_people", label=labels[name], count=people["verdicts"][name]) for name in _OUTCOMES]
        _print("  " + t("cli.registered", count=people["registered"], verdicts=pause.join(counts)))
    for cls in _CLASSES:
        rules = [
            t("cli.found", title=rule["title"], findings=rule["findings"], persons=rule["persons"])
            for rule in report.rules
            if rule["class"] == cls and rule["findings"]
        ]
        _print("  " + t("cli.class", label=t(f"class.{cls}"), rules=pause.join(rules) or t("page.none")))
    idle = [
        t("cli.idle_rule", title=rule["title"], reason=rule["reason"])
        for rule in report.rules
        if rule["outcome"] == "not_evaluated"
    ]
    if idle:
        _print("  " + escape(t("cli.idle", rules=t("page.semicolon").join(idle))))
    _print("\n" + escape(t("cli.report", path=folder / "report.html")))
    _print(escape(t("cli.everything", path=folder)))


def _title(title: str, name: str, t: Callable[..., str]) -> str:
    return f"[bold]{escape(title)}[/bold]{t('cli.notice', id=name)}"


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def _demo(arguments: argparse.Namespace) -> int:
    from auditor import demo, policy

    chosen = policy.load(arguments.policy)
    try:
        written = _with_progress(
            lambda say: demo.write(arguments.out, chosen, arguments.learners, arguments.seed, say=say), arguments.lang
        )
    except OSError as error:
        raise Fault(Exit.ENVIRONMENT, "demo_output", path=arguments.out, error=error.strerror) from error
    t = speaker(arguments.lang)
    for name, rows in written.files.items():
        _print(escape(t("cli.demo_file", path=arguments.out / name, rows=rows)))
    key = arguments.out / "answer_key.csv"
    _print(escape(t("cli.demo_key", count=sum(written.planted.values()), path=key)))
    return Exit.CLEAN


def _explain(arguments: argparse.Namespace) -> int:
    import difflib

    from auditor import fact, policy, rule

    rules = rule.catalogue()
    if arguments.rule not in rules:
        near = difflib.get_close_matches(arguments.rule, list(rules), 1, 0.3)
        hint = phrase("fault.near", name=near[0]) if near else ""
        raise Fault(Exit.USAGE, "no_rule", name=arguments.rule, hint=hint)
    lang, t = arguments.lang, speaker(arguments.lang)
    one = rules[arguments.rule]
    about = t("cli.rule", id=one.id, class_=t(f"class.{one.cls}"), since=one.since)
    _print(f"[bold]{one.title[lang]}[/bold]{about}")
    for key, words in (("why", one.why), ("innocent", one.false_positives), ("next", one.fix)):
        _print(t(f"cli.{key}", text=words))
    if one.reads:
        _print(t("cli.fields", fields=one.reads))
    for name in [arguments.policy] if arguments.policy else policy.names():
        notice = policy.load(name)
        if one.id not in notice.rules:
            _print("\n" + t("cli.not_in_notice", title=notice.title, id=name))
            continue
        _print("\n" + _title(notice.title[lang], name, t))
        if one.id in notice.clause_of:
            clause = notice.clause(notice.clause_of[one.id])
            _print("  " + t("cli.clause", id=clause.id, quote=clause.quote))
            _print("  " + t("cli.summary", text=clause.summary))
        else:
            _print("  " + t("cli.no_clause", reason=notice.leads[one.id].reason))
        _print("  " + t("cli.effect", effect=t(f"effect.{notice.rules[one.id]}")))
        values = fact.numbers(notice)
        for param, said in one.params.items():
            _print(f"  {param} = {values[param]} {t('measure.' + said['unit'])}")
        print()
        print(fact.with_values(one.sql, values))
    return Exit.CLEAN


def _list(arguments: argparse.Namespace) -> int:
    rows = {"rules": _rules, "policies": _policies, "schemas": _schemas}[arguments.what](arguments.lang)
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return Exit.CLEAN
    shown, comma = Table(box=None, pad_edge=False), say("list.comma", arguments.lang)
    for name in rows[0]:
        shown.add_column(name, overflow="fold")
    for row in rows:
        shown.add_row(*(escape(comma.join(value) if isinstance(value, list) else str(value)) for value in row.values()))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 1_000  # a name broken over two lines is none to a program that reads them
    console.print(shown)
    return Exit.CLEAN


def _rules(lang: str) -> list[dict[str, Any]]:
    from auditor import policy, rule

    notices = [policy.load(name) for name in policy.names()]
    return [
        {"id": one.id, "title": one.title[lang], "class": one.cls}
        | {
            notice.id: " ".join([notice.rules.get(one.id, "–"), notice.clause_of.get(one.id, "")]).strip()
            for notice in notices
        }
        for one in rule.catalogue().values()
    ]


def _policies(lang: str) -> list[dict[str, Any]]:
    from auditor import policy

    return [
        {
            "id": notice.id, "title": notice.title[lang], "number": notice.number, "issuer": notice.issuer[lang],
            "date": notice.date, "clauses": len(notice.clauses), "rules": len(notice.rules),
        } for notice in map(policy.load, policy.names())
    ]  # fmt: skip


def _schemas(lang: str) -> list[dict[str, Any]]:
    from auditor import schema

    return [
        {"table": table.name, "title": table.label[lang], "field": column.name, "label": column.label[lang],
         "headers": list(column.aliases)} for table in schema.tables().values() for column in table.columns.values()
    ]  # fmt: skip
