"""The store: a statement that is given little memory is done all the same, and loses nothing."""

from pathlib import Path
from unittest import mock

from harness import honest, run_audit

from auditor import fact, policy
from auditor.store import Store


def test_what_cannot_be_done_in_little_memory_takes_more(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.duckdb", tmp_path, threads=1)
    store.run("CREATE TEMP TABLE before AS SELECT 7 AS n")
    everything = "CREATE TABLE {} AS SELECT list(range) AS numbers FROM range(3000000)"
    store.spare(everything.format("whole"), 20)
    assert store.value("SELECT len(numbers) FROM whole") == 3_000_000
    store.spare("CREATE TABLE few AS SELECT range AS n FROM range(10)", 20)
    assert store.rows("SELECT (SELECT count(*) FROM few), n FROM before") == [(10, 7)]
    assert store.value("SELECT current_setting('memory_limit')") != "19.0 MiB"
    store.close()


def test_the_statement_asks_for_more_than_it_is_given(tmp_path: Path) -> None:
    """Else the test above proves nothing."""
    store = Store(tmp_path / "a.duckdb", tmp_path, threads=1)
    store.run("SET memory_limit = '20MB'")
    try:
        store.run("CREATE TABLE whole AS SELECT list(range) AS numbers FROM range(3000000)")
    except Exception as error:
        assert type(error).__name__ == "OutOfMemoryException"
    else:
        raise AssertionError("20 MB were enough")
    store.close()


def test_an_audit_that_spares_memory_finds_the_same(tmp_path: Path) -> None:
    notice = policy.load("taicang-2021")
    tables = honest(notice, 4, "甲厂")
    tables["exams"] = tables["exams"][1:]
    plain = run_audit(tables, notice.id, tmp_path / "plain")
    for bytes_ in (1, 10**9):  # nothing can be done in so little; anything in so much
        with mock.patch.multiple(fact, MANY=0, ROW_BYTES=bytes_):
            spared = run_audit(tables, notice.id, tmp_path / str(bytes_))
        assert spared.report.json() == plain.report.json() and spared.findings.equals(plain.findings)
