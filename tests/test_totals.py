"""All papers of an audit say the same totals: read back, each by its own means, and compared with report.json."""

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import totals
from harness import Tables, honest, merge
from test_html import Page
from test_workpapers import lay

from auditor import audit, policy, render

ALL_PAPERS = True  # see conftest.py

NOTICE = policy.load("taicang-2021")
NO_TOTALS = ("report.json", "form-")  # what they are compared with; forms to be filled in


def papers() -> set[str]:
    """The papers there may be."""
    return {*render.FORMATS, getattr(render, "PDF", "report.json")}


def complete(out: Path) -> Path:
    """Every paper is there; without fonts there is no PDF, and the audit says so."""
    said = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["remarks"]
    assert {name for name in papers() if not (out / name).exists()} <= set(said)
    return out


def audited(tables: Tables, folder: Path) -> Path:
    audit.run([lay(tables, folder / "in")], NOTICE, folder / "out")
    return complete(folder / "out")


@pytest.fixture(scope="module", params=policy.names())
def made(request: pytest.FixtureRequest, sample: Callable[..., Path]) -> Path:
    return complete(sample(request.param))


def people() -> Tables:
    tables = merge(honest(NOTICE, 5, "甲机械厂"), honest(NOTICE, 3, '乙<b>&"厂', first=5))
    tables["exams"] = tables["exams"][1:]
    return tables


def test_every_paper_with_totals_is_read() -> None:
    assert {name for name in papers() if not name.startswith(NO_TOTALS)} <= set(totals.PAPERS)


def test_the_samples(made: Path) -> None:
    assert totals.differences(made) == []


def test_money_not_supported_is_that_of_its_claims_and_what_others_ask_too_much(made: Path) -> None:
    """The list of claims not supported adds up to less than the money: the page says to the cent where the rest is."""
    claims = pl.read_parquet(made / "claims.parquet")
    fen = dict(claims.group_by("verdict").agg(pl.col("not_supported_fen").sum()).rows())
    assert fen["supported"] > 0
    parts = [sum(fen.values()), *(fen[name] for name in ("not_supported", "supported", "to_verify"))]
    said = (
        "“不支持”金额 {} 元 = 判为不支持的申领 {} 元 + 支持的申领中超出应发的 {} 元 + 待核实的申领中不支持的部分 {} 元"
    )
    text = Page((made / "report.html").read_text(encoding="utf-8")).text
    assert text.count(said.format(*(f"{part / 100:,.2f}" for part in parts))) == 2  # in the conclusion and at the list


def test_without_a_claim_list(tmp_path: Path) -> None:
    tables = people()
    del tables["claims"]
    out = audited(tables, tmp_path)
    assert not totals.Truth(out).claimed
    assert totals.differences(out) == []


def test_nobody_studied(tmp_path: Path) -> None:
    tables = people()
    del tables["sessions"]
    out = audited(tables, tmp_path)
    assert totals.Truth(out).report["people"]["studied"] == 0
    assert totals.differences(out) == []


def test_a_cent_too_much_is_seen_in_every_paper(sample: Callable[..., Path], tmp_path: Path) -> None:
    """The test can fail: against a Report whose every number is one more, each paper differs in all it says."""
    made = sample("wuxi-2023")  # of two subsidies
    for path in made.iterdir():
        (tmp_path / path.name).hardlink_to(path)
    body = json.loads((made / "report.json").read_text(encoding="utf-8"))
    for part in (
        body["money"],
        *body["money"]["lines"],
        *body["employers"],
        *body["rules"],
        body["people"]["verdicts"],
    ):
        part |= {name: value + 1 for name, value in part.items() if type(value) is int}
    (tmp_path / "report.json").unlink()
    (tmp_path / "report.json").write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
    said = totals.differences(tmp_path)
    for name, (_, sections, _) in totals.PAPERS.items():
        if (made / name).exists():
            wanted = totals.Truth(made).wanted(sections)
            assert {key for key in wanted if any(line.startswith(f"{name} {key}: ") for line in said)} == wanted, name
