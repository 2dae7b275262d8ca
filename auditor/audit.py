"""The main job, top to bottom: files → tables → facts → findings → verdicts → papers."""

import datetime as dt
import signal
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from auditor import (
    ages,
    engagement,
    fact,
    grant,
    history,
    judgement,
    judgement_file,
    listing,
    manifest,
    person,
    places,
    publish,
    rule,
    score,
    verdict,
    waiver,
    wording,
    workday,
)
from auditor.fault import Exit, Fault, unauditable
from auditor.finding import shown
from auditor.intake.load import PEOPLED, Intake, load
from auditor.intake.mapping import Mapping
from auditor.intake.shape import PART
from auditor.intake.sheet import SWALLOWED, TORN
from auditor.intake.stage import ROWS
from auditor.layout import SERVICE
from auditor.lines import LINES
from auditor.policy import Policy
from auditor.report import Report, build
from auditor.schema import references, tables
from auditor.store import Store, text
from auditor.waiver import Waiver
from auditor.words import LANGUAGES, Words, phrase
from auditor.workplace import MANIFEST, deliver, workplace

if TYPE_CHECKING:
    from auditor.render import Write

Say = Callable[[Words], None]
_TABLES = ("findings.parquet", "evidence.parquet", "people.parquet", "claims.parquet")


@dataclass(frozen=True)
class Audit:
    """What an audit leaves: the folder, the Report, seconds by stage, and of each paper that was not written, or not
    quite as it should be, why."""

    folder: Path
    report: Report
    timings: dict[str, float]
    remarks: dict[str, Words]


def run(
    paths: list[Path], policy: Policy, out: Path, edition: str = "masked", threads: int | None = None,
    say: Say = lambda _: None, waivers: Sequence[Waiver] = (), as_of: dt.date | None = None,
    engaged: Path | None = None, lang: str = LANGUAGES[0], dates: str | None = None, mapped: Mapping | None = None,
    judgements: Sequence[Path] = (), papers: Collection[str] | None = None, fonts: Path | None = None,
    asked: dict[str, Any] | None = None, beside: Path | None = None,
    registers: Sequence[Path] = (), register_out: Path | None = None,
) -> Audit:  # fmt: skip
    """Audit the exports in `paths` under `policy` and write every paper into `out`, in the language `lang`. `as_of`:
    the day on which waivers are looked at (only they ask for one); `engaged`: the file that says who audits whom;
    `dates`: dmy, mdy or ymd, where the data do not tell; `mapped`: how the auditor says that sheets are to be read;
    `judgements`: workbooks in which people concluded; `papers`: the names of those to write, else all; `fonts`: a
    folder of fonts for report.pdf; `asked`: the options of the command, for the manifest; `beside`: another folder of
    ours that is no input; `registers`: of benefits, by earlier audits; `register_out`: where what they hold and what
    this audit supports is written. Raises Fault."""
    if any(path.is_dir() and out.is_dir() and path.samefile(out) for path in paths):
        raise Fault(Exit.USAGE, "out_is_data", path=out)
    history.check(registers, register_out, out, edition)
    engagement_of = engagement.load(engaged)
    judged = judgement_file.load(judgements)
    lap = _Lap()
    early = _writers(papers, fonts) if papers is not None or fonts else None  # before anything is read
    with workplace(out) as work:
        store = Store(work / "audit.duckdb", work, threads)
        pool = ThreadPoolExecutor(2)
        with _interruptible(store):
            try:
                filled = {name for name in rule.demanded(policy) if "|" not in name} | {"claims.amount"}
                intake = load(
                    paths, work, filled, say, skip=beside or out, dates=dates, mapped=mapped, registers=registers
                )
                if not intake.tables.intersection(PEOPLED):
                    raise unauditable("nobody", names=[source.file for source in intake.sources if source.table][:5])
                lap("intake")
                prepared = pool.submit(_prepared, early, lang, fonts)
                say(phrase("progress.people"))
                _sources(store, intake, policy)
                recorded = intake.recorded | person.resolve(store, intake, policy.events)
                ages.find(store, policy.period_from)
                places.find(store, intake, policy.province)
                wording.find(store, policy)
                grant.find(store, policy)
                history.find(store)
                _torn(store, intake)
                period = policy.period_from, policy.period_to
                unknown_years = workday.find(store, rule.counts_workdays(policy), period)
                store.commit()  # what is not yet committed takes memory
                lap("people")
                rule.under_the_notice(store, policy, recorded, say)
                fact.compute(store, policy, say)
                lap("facts")
                say(phrase("progress.rules"))
                runs = rule.run(store, policy, recorded, unknown_years)
                lap("rules")
                say(phrase("progress.verdicts"))
                waived = waiver.apply(store, runs, waivers, as_of or dt.date.today())
                verdict.decide(store, policy, runs)
                score.add_up(store, policy, runs)
                publish.publish(store, policy, runs, lang)
                judgement.apply(store, policy, runs, judged, edition)
                lap("verdicts")
                say(phrase("progress.papers"))
                evidence = _findings(store, work)
                report = build(store, policy, intake, runs, edition, waived, engagement_of, lang, judged)
                _tables(store, work, edition)
                held = history.register(store, policy, intake.registers) if register_out else None
                begun = {name: pool.submit(write, report, work / name) for name, write in prepared.result().items()}
                evidence.result()
                remarks = _written(begun)
            finally:
                pool.shutdown(cancel_futures=True)
                store.close()
        lap("papers")
        ours = outputs()
        written = [path for path in sorted(work.iterdir()) if path.name in ours]
        manifest.write(work, written, policy, report, asked or {}, dates, threads, lap.laps, remarks)
        deliver([*written, work / MANIFEST], out, edition, ours)
    if register_out and held is not None:
        history.write(held, register_out)
    if papers is not None and (refused := [name for name in sorted(papers) if name in remarks]):
        raise Fault(Exit.ENVIRONMENT, "paper_late", said=remarks[refused[0]], path=out)
    return Audit(out, replace(report, rows=None), lap.laps, remarks)


class _Lap:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def __call__(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round(now - self._last, 3)
        self._last = now


@contextmanager
def _interruptible(store: Store) -> Iterator[None]:
    """Ctrl-C also stops the query that is running."""

    interrupted = False

    def stop(signum: int, frame: object) -> None:
        nonlocal interrupted
        interrupted = True
        store.interrupt()
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGINT, stop)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    except Exception:
        if interrupted:  # the engine says it in its own way
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGINT, before)


def _sources(store: Store, intake: Intake, policy: Policy) -> None:
    """sources: the sheets, and how a row_id leads to one. fields: what the export holds, and what of the wanted it
    lacks."""
    store.run(f"CREATE MACRO source_no(row_id) AS row_id // {ROWS}")
    store.run(f"CREATE MACRO source_row(row_id) AS row_id % {PART}")
    store.add(
        "sources",
        pl.DataFrame(
            [(s.no, s.file, s.sheet, s.table) for s in intake.sources],
            schema={"source_no": pl.Int64, "file": pl.String, "sheet": pl.String, "table_name": pl.String},
            orient="row",
        ),
        temporary=False,
    )
    wanted = {tuple(name.split("|")) for name in rule.demanded(policy)}
    for table in intake.tables:
        wanted |= {(f"{table}.{name}",) for name, column in tables()[table].columns.items() if column.required}
    if "sessions.duration" in intake.recorded and "sessions.end_at" not in policy.fields:
        wanted.discard(("sessions.end_at",))  # start and length give the end
    if "claims" not in intake.tables:  # an audit without a claim list is one of everybody registered
        wanted = {options for options in wanted if not options[0].startswith("claims.")}
    lacking = {options[0] for options in wanted if not intake.recorded.intersection(options)}
    rows = [
        (*name.split("."), int(name in intake.recorded), int(name in lacking))
        for name in sorted({f"{table.name}.{column}" for table in tables().values() for column in table.columns})
    ]
    schema = {"table_name": pl.String, "field": pl.String, "recorded": pl.Int64, "lacking": pl.Int64}
    store.add("fields", pl.DataFrame(rows, schema=schema, orient="row"), temporary=False)


def _torn(store: Store, intake: Intake) -> None:
    """torn_rows: rows that could not be cut into cells, with the person where an identity number stands in them; whom
    rows name that a service wrote; and for a sheet of people that was not recognised, one row of anybody's in every
    table."""
    unread = any(source.unread for source in intake.sources)
    holders = ", ".join(f"({text(name)})" for name in ("registrations", "sessions", "exams", *references()))
    mixed = [str(source.no) for source in intake.sources if source.form and source.form.split] or ["-1"]
    store.run(
        f"""CREATE TABLE torn_rows AS
        SELECT 'unread' AS cause, t.name AS table_name, CAST(NULL AS BIGINT) AS person_no
        FROM (VALUES {holders}) t (name) WHERE {unread}
        UNION ALL
        SELECT 'torn', x.table_name, ip.person_no FROM torn t JOIN sources s USING (source_no)
        JOIN (SELECT source_no, CASE table_name WHEN 'events' THEN 'sessions' ELSE table_name END AS table_name
              FROM sources
              UNION ALL SELECT source_no, 'exams' FROM sources WHERE source_no IN ({", ".join(mixed)})) x
            ON x.source_no = s.source_no
        LEFT JOIN text_id_number i ON i.text = t.id_text LEFT JOIN id_person ip ON ip.id_no = i.no
        WHERE t.reason IN ({text(TORN)}, {text(SWALLOWED)}) AND x.table_name IS NOT NULL"""
    )
    if len(intake.withheld):
        store.add("withheld", intake.withheld)
        store.run(
            f"""INSERT INTO torn_rows
            SELECT DISTINCT {text(SERVICE)}, 'sessions', p.person_no FROM withheld w JOIN (
                SELECT a.text AS account, NULL AS name, coalesce(i.person_no, o.person_no) AS person_no
                FROM text_account a LEFT JOIN account_owner k ON k.account_no = a.no
                LEFT JOIN id_person i ON i.id_no = k.id_no LEFT JOIN account_person o ON o.account_no = a.no
                UNION ALL SELECT NULL, name, person_no FROM person_identity) p
                ON p.account = w.account OR p.name = w.name
            WHERE p.person_no IS NOT NULL"""
        )


def _writers(papers: Collection[str] | None, fonts: Path | None) -> dict[str, "Write"]:
    """What writes the papers. Raises Fault."""
    from auditor.render import FORMATS, Unprintable, writers

    if unknown := sorted(set(papers or ()) - set(FORMATS)):
        raise Fault(Exit.USAGE, "papers", unknown=unknown, known=sorted(FORMATS))
    if fonts and not fonts.is_dir():
        raise Fault(Exit.USAGE, "fonts", path=fonts)
    try:
        return writers(papers, fonts)
    except Unprintable as error:
        raise Fault(Exit.ENVIRONMENT, "paper", said=error.words) from error


def _prepared(early: dict[str, "Write"] | None, lang: str, fonts: Path | None) -> dict[str, "Write"]:
    """The writers, imported and with their templates compiled while the engine works."""
    from auditor.render import prepare

    made = early or _writers(None, fonts)
    prepare(lang, made)
    return made


def _written(begun: dict[str, Future[Words | None]]) -> dict[str, Words]:
    """What is to be said of papers, when all are written that can be."""
    from auditor.render import Unprintable

    remarks: dict[str, Words] = {}
    for name, written in begun.items():
        try:
            remark = written.result()
        except Unprintable as error:
            remark = error.words
        if remark:
            remarks[name] = remark
    return remarks


def _findings(store: Store, work: Path) -> Future[None]:
    """findings.parquet of the output contract, and evidence.parquet, begun."""
    evidence = store.write_beside(
        """SELECT fingerprint, source_table, source_file, source_sheet, source_row FROM evidence
        ORDER BY finding_no, place""",
        work / "evidence.parquet",
    )
    path = work / "findings.parquet"
    store.write(
        f"""SELECT rule, class, effect, severity, fingerprint, subject_kind, subject, person_id, employer,
            source_table, source_file, source_sheet, source_row, measured, "limit", unit, clause, message,
            waived_by, {shown("lasting")} AS lasting, judged, judged_by, judged_on, judged_note
        FROM findings LEFT JOIN finding_extras USING (finding_no) ORDER BY finding_no""",
        path,
    )
    publish.read_from(store, path)
    return evidence


def _tables(store: Store, work: Path, edition: str) -> None:
    """people.parquet and claims.parquet of the output contract."""
    lines = " ".join(f"WHEN {number} THEN {text(name)}" for name, number in LINES.items())
    store.write(f"{listing.people(edition)} ORDER BY p.person_no", work / "people.parquet")
    store.write(
        f"""SELECT v.claim_no, p.person_id, e.employer, CASE v.line {lines} END AS line, v.claimed_fen, v.paid_fen,
            v.verdict, v.reasons, v.supported_fen, v.not_supported_fen, v.to_verify_fen, s.file AS source_file,
            s.sheet AS source_sheet,
            source_row(v.row_id) AS source_row, x.fingerprint, x.lasting, j.verdict AS judged_verdict,
            j.supported_fen AS judged_supported_fen, j.not_supported_fen AS judged_not_supported_fen,
            j.to_verify_fen AS judged_to_verify_fen
        FROM claim_verdicts v LEFT JOIN judged_claim_verdicts j USING (row_id) LEFT JOIN claim_extras x USING (row_id)
        LEFT JOIN people p ON p.person_no = v.person_no LEFT JOIN employers e
            ON e.employer_no = v.employer_no
        LEFT JOIN sources s ON s.source_no = source_no(v.row_id) ORDER BY v.claim_no""",
        work / "claims.parquet",
    )


def outputs() -> set[str]:
    """The names of the files that an audit may write."""
    from auditor.render import FORMATS

    return {*FORMATS, *_TABLES, "audit.duckdb", MANIFEST}
