"""Worlds over many seeds → who was flagged by what: frames that every table of the report is counted from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from auditor import policy
from auditor.policy import Policy

from . import export, judge
from .export import World, build
from .honest import PLATFORMS, POPULATIONS
from .papers import PLANTED
from .sham import SHAMS
from .world import Site

NOTICES = ("taicang-2021", "wuxi-2023")
RATES = (2, 5, 10)  # percent of the people of a city who are sham; and a city of ALL has a group of each kind
ALL = 30
_COMMON = ("home", "office", "dormitory", "mobile")


@dataclass(frozen=True)
class Measured:
    """`people`: run, notice, world, kind, strength, sham, planted, id_number, verdict, by_lead and by_data (what moved
    the claim); `flags`: run, id_number, rule, cls; `silent`: by notice, rules that never ran."""

    people: pl.DataFrame
    flags: pl.DataFrame
    silent: Mapping[str, frozenset[str]]


def alone(notice: Policy, seed: int, people: int) -> Iterator[tuple[str, World]]:
    """Each honest population as an export of its own; each platform fault over a mixture."""
    for name, make in POPULATIONS.items():
        site = Site(notice, np.random.default_rng((seed, people)))
        yield name, build(site, [(name, "", False, make(site, people))])
    for name, traits in PLATFORMS.items():
        site = Site(notice, np.random.default_rng((seed, people)), **traits)  # type: ignore[arg-type]
        yield name, build(site, [(name, "", False, POPULATIONS[kind](site, people // 2)) for kind in _COMMON])


def city(notice: Policy, seed: int, rate: int, people: int, plant: int = 2) -> World:
    """All honest populations together, `people` of each, and sham groups in turn until they are `rate` percent."""
    rng = np.random.default_rng((seed, rate))
    site = Site(notice, rng, full=True)
    groups = [(name, "", False, make(site, people)) for name, make in POPULATIONS.items()]
    groups.append(("home", "", False, POPULATIONS["home"](site, plant * len(PLANTED))))
    budget = people * len(POPULATIONS) * rate / (100 - rate)
    for place in rng.permutation(len(SHAMS)):
        sham = SHAMS[place]
        size = int(rng.choice(sham.sizes))
        if rate == ALL or size <= budget:
            groups.append((sham.kind, sham.strength, True, sham.make(site, size)))
            budget -= size
    return build(site, groups, plant)


def judged(
    world: World, settings: Sequence[Mapping[str, str]] = (), threads: int = 2
) -> list[tuple[pl.DataFrame, judge.Judged]]:
    """The people of a world with their verdicts, under the notice and under each of the settings."""
    with tempfile.TemporaryDirectory() as scratch:
        export.write(world, Path(scratch))
        return [(_people(world, one), one) for one in judge.judge(Path(scratch), world.site.notice, settings, threads)]


def _people(world: World, found: judge.Judged) -> pl.DataFrame:
    """A claim that is refused is not counted as moved by a lead."""
    open_ = pl.col("verdict") == "to_verify"
    worse = pl.col("verdict").replace_strict({"supported": 0, "to_verify": 1, "not_supported": 2})
    claims = found.claims.group_by("id_number").agg(
        pl.col("verdict").max_by(worse),
        by_lead=((pl.col("cls") == "lead") & open_).any().fill_null(False),
        by_data=((pl.col("cls") == "data") & open_).any().fill_null(False),
    )  # fmt: skip
    labels = world.people.select("id_number", "kind", "strength", "sham", "planted", "employer")
    return labels.join(claims, on="id_number", how="left", maintain_order="left")


def measure(seeds: Sequence[int], people: int = 100, cities: int = 50, tell: bool = False) -> Measured:
    everybody, flags = [], []
    silent: dict[str, frozenset[str]] = {}
    for seed in seeds:
        notice = policy.load(NOTICES[seed % 2])
        worlds = [(name, world) for name, world in alone(notice, seed, people)]
        worlds += [(f"city {rate} %", city(notice, seed, rate, cities)) for rate in (RATES[seed % len(RATES)], ALL)]
        for name, world in worlds:
            ((who, found),) = judged(world)
            run = pl.lit(f"{seed} {name}").alias("run")
            everybody.append(who.with_columns(run, notice=pl.lit(notice.id), world=pl.lit(name)))
            flags.append(found.flags.with_columns(run))
            silent[notice.id] = silent.get(notice.id, found.silent) & found.silent
        if tell:
            print(f"  seed {seed}: {len(worlds)} exports", flush=True)
    return Measured(pl.concat(everybody), pl.concat(flags), silent)
