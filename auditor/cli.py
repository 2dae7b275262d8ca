"""The commands: arguments, progress, what is printed, exit codes."""

import argparse
import datetime as dt
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

_FAIL_ON = ("high", "medium", "low", "never")
# argparse asks gettext for its own sentences; these are ours
_ARGPARSE = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示帮助",
    "show program's version number and exit": "显示版本",
    "the following arguments are required: %s": "缺少参数：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "invalid choice: %(value)r (choose from %(choices)s)": "不能是 %(value)r，只能是 %(choices)s",
    "invalid %(type)s value: %(value)r": "%(value)r 不是有效的数值",
    "expected one argument": "后面要有一个值",
    "expected at least one argument": "后面至少要有一个值",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "%(prog)s: error: %(message)s\n": "%(prog)s：%(message)s\n",
}
_OUTCOMES = {"supported": "支持", "not_supported": "不支持", "to_verify": "待核实"}
_CLASSES = {"breach": "不符合", "lead": "疑点", "data": "数据质量"}
_EFFECTS = {"refuse": "不支持", "verify": "待核实", "verify-with-second-lead": "有第二条疑点时待核实", "note": "提示"}


def entry() -> NoReturn:
    """The program. It leaves at once: taking the libraries down in order would cost a quarter of a second."""
    code = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is one of `Exit`."""
    argparse._ = lambda text: _ARGPARSE.get(text, text)  # type: ignore[attr-defined]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console of another code page must not end an audit
            stream.reconfigure(errors="backslashreplace")
    arguments = _parser().parse_args(argv)
    errors = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        return int(arguments.run(arguments))
    except Fault as fault:
        errors.print(f"[red]错误：[/red]{escape(str(fault))}")
        return fault.code
    except KeyboardInterrupt:
        errors.print("已中断，没有写出报告。")
        return Exit.INTERRUPTED
    except BrokenPipeError:
        return Exit.CLEAN
    except Exception as error:
        if os.environ.get("AUDITOR_DEBUG"):
            traceback.print_exc()
        # never the error's own text: it may quote a row
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(place.filename).name}:{place.lineno}"
        errors.print(
            f"[red]内部错误：[/red]{type(error).__name__}（{where}）。没有写出报告；请把这一行和所用的命令告诉开发者。"
        )
        return Exit.INTERNAL


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(Exit.USAGE, f"{self.prog}：{message}。用 {self.prog} --help 查看说明。\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="auditor", description="线上职业培训补贴合规审计：平台导出文件 → 审计报告。")
    parser.add_argument("--version", action="version", version=f"auditor {__version__}")
    commands = parser.add_subparsers(title="命令", required=True, metavar="命令")

    audit = commands.add_parser("audit", help="审计一个平台的导出文件")
    audit.add_argument("data", nargs="+", type=Path, metavar="数据", help="导出文件，或存放导出文件的文件夹")
    audit.add_argument("--policy", required=True, metavar="政策", help="依据的通知，见 auditor list policies")
    audit.add_argument("--out", required=True, type=Path, metavar="文件夹", help="报告写到哪里")
    audit.add_argument(
        "--edition", choices=("masked", "full"), default="masked", help="masked 脱敏版（默认）；full 含姓名和身份证号"
    )
    audit.add_argument(
        "--fail-on", choices=_FAIL_ON, default="never", help="有这一级或更重的发现时退出码为 1（默认 never）"
    )
    audit.add_argument(
        "--set", action="append", default=[], metavar="名称=值", help="改动一个参数或课时读法，可重复；报告会写明"
    )
    audit.add_argument("--waivers", type=Path, metavar="文件", help="经批准的豁免（TOML），到期的不采用")
    audit.add_argument("--as-of", type=_day, metavar="日期", help="按哪一天判断豁免是否到期（默认今天）")
    audit.add_argument(
        "--engagement", type=Path, metavar="文件", help="委托方、被审计平台、期间、编制人、复核人，一行一项"
    )
    audit.add_argument("--threads", type=_positive, metavar="N", help="使用的线程数（默认全部）")
    audit.add_argument("--json", action="store_true", help="结果以 JSON 打印")
    audit.set_defaults(run=_audit)

    demo = commands.add_parser("demo", help="生成虚构的平台导出文件，供练习")
    demo.add_argument("--out", required=True, type=Path, metavar="文件夹")
    demo.add_argument("--policy", default="taicang-2021", metavar="政策")
    demo.add_argument("--learners", type=_positive, default=200, metavar="N", help="学员人数（默认 200）")
    demo.add_argument("--seed", type=int, default=1, metavar="N", help="相同的种子生成相同的文件（默认 1）")
    demo.set_defaults(run=_demo)

    explain = commands.add_parser("explain", help="说明一条规则：依据、算法、无辜的解释、下一步")
    explain.add_argument("rule", metavar="规则")
    explain.add_argument("--policy", metavar="政策", help="只按这一个通知说明")
    explain.set_defaults(run=_explain)

    listed = commands.add_parser("list", help="列出规则、政策、可识别的表")
    listed.add_argument("what", choices=("rules", "policies", "schemas"), metavar="rules|policies|schemas")
    listed.add_argument("--json", action="store_true", help="以 JSON 打印")
    listed.set_defaults(run=_list)
    return parser


def _positive(value: str) -> int:
    number = int(value)
    if number < 1:
        raise ValueError
    return number


def _day(value: str) -> dt.date:
    return dt.date.fromisoformat(value)


def _with_progress(work: Callable[[Callable[[str], None]], Any]) -> Any:
    """Run `work`, showing on a terminal's stderr what it says."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return work(lambda _: None)
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        return work(lambda words: progress.update(task, description=escape(words)))


def _print(text: str = "") -> None:
    Console(highlight=False, soft_wrap=True).print(text)


def _audit(arguments: argparse.Namespace) -> int:
    from auditor import audit, policy, rule, waiver

    chosen = policy.override(policy.load(arguments.policy), _settings(arguments.set), rule.stricter())
    done = _with_progress(
        lambda say: audit.run(
            arguments.data,
            chosen,
            arguments.out,
            arguments.edition,
            threads=arguments.threads,
            say=say,
            waivers=waiver.load(arguments.waivers) if arguments.waivers else (),
            as_of=arguments.as_of,
            engaged=arguments.engagement,
        )
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
        _say_audit(report, done.folder)
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


def _settings(given: list[str]) -> dict[str, str]:
    settings: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or name in settings:
            raise Fault(Exit.USAGE, f"--set {text}：应写成 名称=值，每个名称一次，例如 --set reading=per_session。")
        settings[name] = value
    return settings


def _say_audit(report: Any, folder: Path) -> None:
    """What was read, what was found, where the papers lie."""
    _print(f"[bold]{escape(report.policy['title'])}[/bold]（{report.policy['id']}）")
    _print()
    _print("[bold]读取[/bold]")
    for source in report.completeness:
        where = escape(source["file"] + (f"［{source['sheet']}］" if source["sheet"] else ""))
        aside = "、".join(f"{reason} {count:,}" for reason, count in source["set_aside"].items())
        _print(
            f"  {where} → {source['label'] or '未识别'}：{source['rows']:,} 行 = 读取 {source['read']:,}"
            f" + 未读取 {source['rows'] - source['read']:,}" + (f"（{aside}）" if aside else "")
        )
        if source["table"]:
            columns = "，".join(f"{column['header']}＝{column['label']}" for column in source["columns"])
            _print(f"    [dim]识别的列：{escape(columns)}[/dim]")
        if source["unrecognised"]:
            _print(f"    [dim]未识别的列：{escape('、'.join(source['unrecognised']))}[/dim]")
    for problem in report.problems:
        _print(f"  注意：{escape(problem)}")
    _print()
    _print("[bold]结论[/bold]")
    money, people = report.money, report.people
    if report.conclusion["claim_list"]:
        _print(f"  申领 {money['claims']:,} 人次，{_yuan(money['claimed_fen'])} 元")
        for name, label in _OUTCOMES.items():
            _print(f"    {label} {money[name]:,} 人次，{_yuan(money[f'{name}_fen'])} 元")
    else:
        counts = "，".join(f"{label} {people['verdicts'][name]:,} 人" for name, label in _OUTCOMES.items())
        _print(f"  实名注册 {people['registered']:,} 人：{counts}")
    for cls, label in _CLASSES.items():
        rules = [rule for rule in report.rules if rule["class"] == cls and rule["findings"]]
        said = "，".join(f"{rule['title']} {rule['findings']:,} 条（{rule['persons']:,} 人）" for rule in rules)
        _print(f"  {label}：{said or '无'}")
    idle = [f"{rule['title']}（{rule['reason']}）" for rule in report.rules if rule["outcome"] == "not_evaluated"]
    if idle:
        _print(f"  未执行：{escape('；'.join(idle))}")
    _print()
    _print(f"报告：{escape(str(folder / 'report.html'))}")
    _print(f"全部发现、逐行证据、人员和申领：{escape(str(folder))} 中的 *.parquet")


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def _demo(arguments: argparse.Namespace) -> int:
    from auditor import demo, policy

    chosen = policy.load(arguments.policy)
    try:
        written = _with_progress(
            lambda say: demo.write(arguments.out, chosen, arguments.learners, arguments.seed, say=say)
        )
    except OSError as error:
        sentence = f"{arguments.out}：不能写入（{error.strerror}）；请换一个有空间、有写权限的文件夹。"
        raise Fault(Exit.ENVIRONMENT, sentence) from error
    for name, rows in written.files.items():
        _print(f"{escape(str(arguments.out / name))}：{rows:,} 行")
    _print(f"预埋 {sum(written.planted.values()):,} 处问题，答案在 {escape(str(arguments.out / 'answer_key.csv'))}")
    return Exit.CLEAN


def _explain(arguments: argparse.Namespace) -> int:
    import difflib

    from auditor import fact, policy, rule

    rules = rule.catalogue()
    if arguments.rule not in rules:
        near = difflib.get_close_matches(arguments.rule, list(rules), 1, 0.3)
        hint = f"是否指 {near[0]}？" if near else ""
        raise Fault(Exit.USAGE, f"没有名为“{arguments.rule}”的规则。{hint}用 auditor list rules 查看全部规则。")
    one = rules[arguments.rule]
    _print(f"[bold]{one.title['zh']}[/bold]（{one.id}，{_CLASSES[one.cls]}，自 {one.since}）")
    for label, words in (("为什么", one.why), ("无辜的解释", one.false_positives), ("下一步", one.fix)):
        _print(f"{label}：{words['zh']}")
    if one.reads:
        _print(f"所需字段：{'、'.join(one.reads)}")
    for name in [arguments.policy] if arguments.policy else policy.names():
        notice = policy.load(name)
        if one.id not in notice.rules:
            _print(f"\n{notice.title['zh']}（{name}）：没有这条规则")
            continue
        _print(f"\n[bold]{notice.title['zh']}[/bold]（{name}）")
        if one.id in notice.clause_of:
            clause = notice.clause(notice.clause_of[one.id])
            _print(f"  条款 {clause.id}：“{clause.quote}”")
        else:
            _print(f"  通知没有条文。理由：{notice.leads[one.id].reason['zh']}")
        _print(f"  对申领的影响：{_EFFECTS[notice.rules[one.id]]}")
        values = fact.numbers(notice)
        for param, about in one.params.items():
            _print(f"  {param} = {values[param]} {about['unit']}")
        print()
        print(fact.with_values(one.sql, values))
    return Exit.CLEAN


def _list(arguments: argparse.Namespace) -> int:
    rows = {"rules": _rules, "policies": _policies, "schemas": _schemas}[arguments.what]()
    if arguments.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return Exit.CLEAN
    table = Table(box=None, pad_edge=False)
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(escape("、".join(value) if isinstance(value, list) else str(value)) for value in row.values()))
    console = Console(highlight=False)
    if not console.is_terminal:
        console.width = 1_000  # a name broken over two lines is none to a program that reads them
    console.print(table)
    return Exit.CLEAN


def _rules() -> list[dict[str, Any]]:
    from auditor import policy, rule

    notices = [policy.load(name) for name in policy.names()]
    return [
        {"id": one.id, "title": one.title["zh"], "class": one.cls}
        | {
            notice.id: " ".join([notice.rules.get(one.id, "–"), notice.clause_of.get(one.id, "")]).strip()
            for notice in notices
        }
        for one in rule.catalogue().values()
    ]


def _policies() -> list[dict[str, Any]]:
    from auditor import policy

    return [
        {
            "id": notice.id, "title": notice.title["zh"], "number": notice.number, "issuer": notice.issuer["zh"],
            "date": notice.date, "clauses": len(notice.clauses), "rules": len(notice.rules),
        } for notice in map(policy.load, policy.names())
    ]  # fmt: skip


def _schemas() -> list[dict[str, Any]]:
    from auditor import schema

    return [
        {"table": table.name, "title": table.label["zh"], "field": column.name, "label": column.label["zh"],
         "headers": list(column.aliases)} for table in schema.tables().values() for column in table.columns.values()
    ]  # fmt: skip
