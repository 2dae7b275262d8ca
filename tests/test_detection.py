"""The benchmark of detection, small and with fixed seeds: honest people keep their claims, clear sham is found,
breaches are exactly right. The tables with narrow intervals are made by `python -m tests.detection`."""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl
import pytest
from detection import export, measure
from detection.count import ABOVE, FOUND, Counts, Share, notices, sensitivity
from detection.honest import PLATFORMS, POPULATIONS
from detection.page import WORDS, page
from detection.papers import PLANTED
from detection.sham import SHAMS, Sham
from detection.world import Site

from auditor import rule

PEOPLE = 60
# Platforms that end an abandoned sitting minutes late make one person seem to be at two places: percent that is borne.
BORNE = {"roaming": 25}


@cache
def alone(notice: str) -> dict[str, export.World]:
    return dict(measure.alone(notices()[notice], 7, PEOPLE))


@cache
def cities() -> Counts:
    """A city of each notice with a group of each kind of sham."""
    everybody, flags = [], []
    for seed, (name, notice) in enumerate(notices().items()):
        ((who, found),) = measure.judged(measure.city(notice, seed, measure.ALL, 30, plant=1))
        run = pl.lit(f"{seed} city").alias("run")
        everybody.append(who.with_columns(run, notice=pl.lit(name), world=pl.lit(f"city {measure.ALL} %")))
        flags.append(found.flags.with_columns(run))
    return Counts(measure.Measured(pl.concat(everybody), pl.concat(flags), {}))


def assert_kept(who: pl.DataFrame, name: str) -> None:
    """Of these honest people nobody is refused, and leads move few."""
    assert len(who) and not (who["verdict"] == "not_supported").any(), name
    moved = Share(int(who["by_lead"].sum()), len(who))
    assert moved.percent <= BORNE.get(name, ABOVE), f"{name}: {moved}"


@pytest.mark.parametrize("name", PLATFORMS)
def test_the_faults_of_a_platform_take_no_claim(name: str) -> None:
    notice = measure.NOTICES[list(PLATFORMS).index(name) % 2]
    ((who, _),) = measure.judged(alone(notice)[name])
    assert_kept(who, name)


@pytest.mark.parametrize("turn", range(len(measure.NOTICES)), ids=measure.NOTICES)
def test_people_of_every_habit_keep_their_claims(turn: int) -> None:
    """Half of the populations in one export under each notice; each alone is measured by the benchmark."""
    site = Site(notices()[measure.NOTICES[turn]], np.random.default_rng((7, PEOPLE)))
    names = list(POPULATIONS)[turn :: len(measure.NOTICES)]
    groups = [(name, "", False, POPULATIONS[name](site, PEOPLE)) for name in names]
    ((who, _),) = measure.judged(export.build(site, groups))
    for name in names:
        assert_kept(who.filter(kind=name), name)


def test_breaches_are_exactly_right() -> None:
    for one in cities().breaches():
        assert one["found"] == one["planted"] and one["false"] == 0, one
    planted = cities().measured.people["planted"].unique().to_list()
    expected = {fault for fault, name in PLANTED.items() if any(name in one.rules for one in notices().values())}
    assert set(planted) - {""} == expected


def test_all_leads_together_move_few_honest_claims() -> None:
    together = cities().moved()
    assert together.n > 1_000 and together.interval[1] <= ABOVE, str(together)


@pytest.mark.parametrize("sham", SHAMS, ids=lambda sham: f"{sham.kind}: {sham.strength}")
def test_clear_sham_is_found(sham: Sham) -> None:
    if not any(name in notice.rules for name in sham.rules for notice in notices().values()):
        pytest.skip("no notice has a rule for it yet")
    found = cities().found(sham)
    assert found.n >= 2
    if sham.clear:
        assert found.interval[1] >= FOUND, str(found)


def test_every_kind_has_its_words_and_its_rules() -> None:
    """A misspelt id would make a sham look as if nobody had a rule for it."""
    assert {sham.kind for sham in SHAMS} == set(WORDS["sham"])
    assert set(WORDS["honest"]) == {*POPULATIONS, *PLATFORMS}
    assert {name for sham in SHAMS for name in sham.rules} <= set(rule.catalogue())


def test_the_people_are_as_the_labels_say() -> None:
    """Everybody honest studied enough, within the period, and never in two sittings at once except where that is the
    point; every identity number is somebody's own."""
    for notice in notices().values():
        for name, world in alone(notice.id).items():
            site, rows = world.site, world.sittings
            assert world.people["id_number"].n_unique() == len(world.people)
            assert rows["person"].n_unique() == len(world.people)
            if name == "clock_back":
                continue
            spent = rows.group_by("person").agg((pl.col("end") - pl.col("start")).sum())
            assert spent["end"].min() >= site.required, name  # type: ignore[operator]
            ordered = rows.sort("person", "start").with_columns(before=pl.col("end").shift().over("person"))
            overlaps = (ordered["before"] - ordered["start"] > 600).sum()
            assert overlaps <= (0 if name != "roaming" else 3), name


def test_a_second_look_at_the_same_files_is_the_first() -> None:
    """What one setting leaves in the database does not reach the next."""
    world = measure.city(notices()[measure.NOTICES[0]], 3, 10, 5, plant=1)
    (_, first), (_, strict), (_, again) = measure.judged(world, [{"overlap_tolerance_s": "1"}, {}])
    assert again.counts == first.counts != strict.counts
    for one, other in ((first.flags, again.flags), (first.claims, again.claims)):
        assert one.sort(pl.all()).equals(other.sort(pl.all()))


def test_shares_and_their_intervals() -> None:
    assert [round(one, 1) for one in Share(0, 100).interval] == [0.0, 3.7]
    assert [round(one, 1) for one in Share(50, 100).interval] == [40.4, 59.6]
    assert [round(one, 1) for one in Share(100, 100).interval] == [96.3, 100.0]


def test_the_page_is_written_in_both_languages() -> None:
    rows = sensitivity([0], 10, ("overlap_tolerance_s",))
    (overlap,) = rows
    assert overlap["levels"] == (48, 60, 72) and overlap["down"][0] >= overlap["same"][0] >= overlap["up"][0]
    for lang in ("zh", "en"):
        text = page(cities(), rows, (10, {"sessions-overlap": 1.0}), lang)
        assert "`sessions-overlap`" in text and "✗" not in text.split("\n## ")[1]
