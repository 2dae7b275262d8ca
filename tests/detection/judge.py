"""An audit in process, stopped before its papers: who is concerned by which rule, and what became of each claim.

Nothing of the audit is written again here. It runs as for a user; the place where findings would be published is taken
by a look into its database. The engine's transaction is then rolled back to the moment before the facts, so that one
reading of the files serves many settings of the notice.
"""

from __future__ import annotations

import datetime as dt
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import polars as pl

from auditor import audit, fact, policy, publish, rule, verdict, waiver
from auditor.policy import Policy
from auditor.rule import Run
from auditor.store import Store


@dataclass(frozen=True)
class Judged:
    """`flags`: rule, cls, id_number, each once; `claims`: id_number, verdict, and the rules that moved it, each with
    its class (rule, cls; null for none), one row a claim and rule; `counts`: findings by rule; `silent`: rules that did
    not run."""

    flags: pl.DataFrame
    claims: pl.DataFrame
    counts: Mapping[str, int]
    silent: frozenset[str]


class _Enough(Exception):
    pass


_FLAGS = """SELECT DISTINCT c.rule, i.id_number FROM (
    SELECT rule, person_no FROM concerned
    UNION ALL SELECT f.rule, t.person_no FROM rests r JOIN raised f USING (finding_no)
        JOIN {table} t ON t.row_id = r.row_id WHERE f.person_no IS NULL AND r.table_name = '{table}'
) c JOIN person_identity i USING (person_no)"""
_CLAIMS = """SELECT i.id_number, v.verdict, v.reasons FROM claim_verdicts v JOIN person_identity i USING (person_no)"""


def _look(store: Store, runs: Sequence[Run]) -> Judged:
    cls = {run.rule.id: run.rule.cls for run in runs}
    flags = pl.concat([store.frame(_FLAGS.format(table=table)) for table in ("registrations", "exams", "claims")])
    accusing = [run.rule.id for run in runs if run.rule.subject != "file"]  # what is said of a file is about nobody
    classes = pl.DataFrame({"rule": list(cls), "cls": list(cls.values())})
    claims = store.frame(_CLAIMS).with_columns(rule=pl.col("reasons").str.split(",")).explode("rule").drop("reasons")
    return Judged(
        flags.unique().filter(pl.col("rule").is_in(accusing)).join(classes, on="rule"),
        claims.join(classes, on="rule", how="left"),
        dict(store.rows("SELECT rule, count(*) FROM raised GROUP BY rule")),
        frozenset(run.rule.id for run in runs if run.outcome == "not_evaluated"),
    )


@contextmanager
def _stopped(seen: Callable[[Store, Sequence[Run], Sequence[Any]], None]) -> Iterator[None]:
    """Within it, an audit ends where its findings would be published, and `seen` is called there, with what the rules
    were given beside the database and the notice."""
    beside: list[Any] = []
    run = rule.run

    def noted(store: Store, notice: Policy, *given: Any) -> list[Run]:
        beside[:] = given
        return run(store, notice, *given)

    def stop(store: Store, _: Policy, runs: Sequence[Run], *__: Any) -> None:
        seen(store, runs, beside)
        raise _Enough

    with mock.patch.object(rule, "run", noted), mock.patch.object(publish, "publish", stop):
        yield


def _audit(folder: Path, notice: Policy, threads: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        try:
            audit.run([folder], notice, Path(scratch) / "out", edition="full", threads=threads)
        except _Enough:
            return
    raise AssertionError("the audit did not come to its findings")


def judge(folder: Path, notice: Policy, settings: Sequence[Mapping[str, str]] = (), threads: int = 2) -> list[Judged]:
    """What the audit finds: under the notice, then under each of the `settings` (as `--set` takes them)."""
    found: list[Judged] = []

    def seen(store: Store, runs: Sequence[Run], beside: Sequence[Any]) -> None:
        found.append(_look(store, runs))
        for given in settings:
            store._con.rollback()
            store._con.begin()
            changed = policy.override(notice, given, rule.stricter())
            rule.under_the_notice(store, changed, beside[0], lambda _: None)
            fact.compute(store, changed, lambda _: None)
            runs = rule.run(store, changed, *beside)
            waiver.apply(store, runs, (), dt.date.min)
            verdict.decide(store, changed, runs)
            found.append(_look(store, runs))

    with _stopped(seen):
        _audit(folder, notice, threads)
    return found


_LABEL = re.compile(r"'([a-z-]+)' AS rule, q\.|f\.rule = '([a-z-]+)'|FROM raised WHERE rule = '([a-z-]+)'")


def costs(folder: Path, notice: Policy) -> dict[str, float]:
    """Seconds of each fact (`fact: …`) and of each rule with its evidence, dearest first."""
    spent: dict[str, float] = {}
    facts = {
        fact.with_values(one.sql, values): one.id
        for values in [fact.numbers(notice)]
        for one in fact.catalogue().values()
        if set(fact._PARAM.findall(one.sql)) <= values.keys()
    }

    def timed(method: Callable[[Store, str], Any]) -> Callable[[Store, str], Any]:
        def run(store: Store, sql: str) -> Any:
            before = time.perf_counter()
            answer = method(store, sql)
            label = _LABEL.search(sql)
            name = f"fact: {facts[sql]}" if sql in facts else next(filter(None, label.groups())) if label else None
            if name:
                spent[name] = spent.get(name, 0.0) + time.perf_counter() - before
            return answer

        return run

    with (
        mock.patch.object(Store, "run", timed(Store.run)),
        mock.patch.object(Store, "insert", timed(Store.insert)),
        _stopped(lambda *_: None),
    ):
        _audit(folder, notice, 2)
    return dict(sorted(spent.items(), key=lambda one: -one[1]))
