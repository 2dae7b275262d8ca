"""Frames of measure.py → the numbers of the tables, each with how sure it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from math import sqrt
from typing import Any

import numpy as np
import polars as pl

from auditor import policy, rule
from auditor.policy import Policy

from .measure import ALL, NOTICES, Measured, city, judged
from .papers import PLANTED
from .sham import SHAMS, Sham

Row = dict[str, Any]
_Z = 1.959964
ABOVE, BELOW = (
    2,
    1,
)  # percent of honest claims that all leads together may move, of honest people that one lead may flag
FOUND = 95  # percent of clear sham that must be found


@dataclass(frozen=True)
class Share:
    """k of n, with the 95 % Wilson interval in percent."""

    k: int
    n: int

    @property
    def percent(self) -> float:
        return 100 * self.k / self.n if self.n else float("nan")

    @cached_property
    def interval(self) -> tuple[float, float]:
        if not self.n:
            return 0.0, 100.0
        share, spread = self.k / self.n, _Z * _Z / self.n
        middle = share + spread / 2
        half = _Z * sqrt(share * (1 - share) / self.n + spread / (4 * self.n))
        low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
        return 100 * max(0.0, low), 100 * min(1.0, high)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.percent:.1f} % ({low:.1f}–{high:.1f})"


@cache
def notices() -> dict[str, Policy]:
    return {name: policy.load(name) for name in NOTICES}


@cache
def scored() -> list[str]:
    """Leads, and data rules with a weight, that some notice has: those that say something about a person."""
    found: dict[str, None] = {}
    for notice in notices().values():
        for name in notice.rules:
            weight = notice.leads[name].weight if name in notice.leads else 0
            if rule.catalogue()[name].cls == "lead" or weight:
                found[name] = None
    return list(found)


@dataclass(frozen=True)
class Counts:
    """Every table of the report, from what was measured."""

    measured: Measured

    @cached_property
    def flagged(self) -> pl.DataFrame:
        """One row a person and rule."""
        labels = self.measured.people.select(
            "run", "notice", "world", "id_number", "kind", "strength", "sham", "planted"
        )
        return self.measured.flags.join(labels, on=["run", "id_number"])

    @cached_property
    def honest(self) -> pl.DataFrame:
        return self.measured.people.filter(~pl.col("sham") & (pl.col("planted") == ""))

    def moved(self, kind: str | None = None, by: str = "by_lead") -> Share:
        """Honest claims that went to verify, of one population or of all."""
        who = self.honest.filter(pl.col("kind") == kind) if kind else self.honest
        return Share(int(who[by].sum()), len(who))

    @cached_property
    def _honest_flags(self) -> dict[tuple[str, str], int]:
        few = self.flagged.filter(~pl.col("sham") & (pl.col("planted") == ""))
        return {(name, kind): n for name, kind, n in few.group_by("rule", "kind").len().rows()}

    def accused(self, name: str, kind: str | None = None) -> Share:
        """Honest people whom a rule flags."""
        notices_of = [notice.id for notice in notices().values() if name in notice.rules]
        who = self.honest.filter(pl.col("notice").is_in(notices_of))
        who = who.filter(pl.col("kind") == kind) if kind else who
        return Share(
            sum(n for (rule_, of), n in self._honest_flags.items() if rule_ == name and kind in (None, of)), len(who)
        )

    def worst(self, name: str) -> tuple[str, Share] | None:
        """The honest population of which a rule flags the largest share."""
        shares = [(kind, self.accused(name, kind)) for rule_, kind in self._honest_flags if rule_ == name]
        return max(shares, key=lambda one: (one[1].percent, one[0]), default=None)

    def precise(self, name: str) -> Share:
        """Of the people a rule flags in cities of 2, 5 and 10 percent, those who are sham."""
        few = self.flagged.filter(
            pl.col("rule").eq(name) & pl.col("world").str.starts_with("city") & pl.col("world").ne(f"city {ALL} %")
        )
        few = few.filter(pl.col("planted") == "")
        return Share(int(few["sham"].sum()), len(few))

    def _whom(self, sham: Sham, having: Sequence[str]) -> pl.DataFrame:
        ids = [notice.id for notice in notices().values() if set(having) & set(notice.rules)]
        return self.measured.people.filter(
            (pl.col("kind") == sham.kind)
            & (pl.col("strength") == sham.strength)
            & pl.col("sham")
            & pl.col("notice").is_in(ids)
        )

    def found(self, sham: Sham, rules: Sequence[str] | None = None) -> Share:
        """Of the people of a sham, under notices that have such rules, those whom one of the rules flags."""
        rules = sham.rules if rules is None else rules
        whom = self._whom(sham, rules)
        hit = self.measured.flags.filter(pl.col("rule").is_in(rules)).select("run", "id_number").unique()
        return Share(len(whom.join(hit, on=["run", "id_number"], how="semi")), len(whom))

    def stopped(self, sham: Sham) -> Share:
        """Of the people of a sham, where a rule of its own may move a claim alone, those who lose their support."""
        ids = [
            n.id for n in notices().values() if any(n.rules.get(name) in ("verify", "refuse") for name in sham.rules)
        ]
        whom = self._whom(sham, sham.rules).filter(pl.col("notice").is_in(ids))
        return Share(int((whom["verdict"] != "supported").sum()), len(whom))

    def groups(self, sham: Sham) -> int:
        return len(self._whom(sham, list(notices()[NOTICES[0]].rules)).select("run", "employer").unique())

    def clear(self, of: str) -> Share:
        """All clear sham together: `of` is found or stopped."""
        shares = [getattr(self, of)(sham) for sham in SHAMS if sham.clear]
        return Share(sum(one.k for one in shares), sum(one.n for one in shares))

    def breaches(self) -> list[Row]:
        """For each planted breach: planted, found, and people of whom the rule says it wrongly."""
        rows = []
        for fault, name in PLANTED.items():
            planted = self.measured.people.filter(pl.col("planted") == fault)
            said = self.flagged.filter(pl.col("rule") == name)
            right = said.filter(pl.col("planted") == fault)
            rows.append({"rule": name, "planted": len(planted), "found": len(right), "false": len(said) - len(right)})
        return rows


def sensitivity(seeds: Sequence[int], people: int, only: Sequence[str] = ()) -> list[Row]:
    """For every number of a lead: its value, and at -20 %, 0 and +20 % the findings of the rules that read it, honest
    people they flag, and people of their own shams whom they find. `only`: of these numbers."""
    rows: dict[tuple[str, str], Row] = {}
    for seed in seeds:
        notice = policy.load(NOTICES[seed % 2])
        numbers = [(lead.rule, name, value) for lead in notice.leads.values() for name, value in lead.params.items()]
        numbers = [one for one in numbers if one[1] in only or not only]
        settings = [{name: str(level)} for _, name, value in numbers for level in _levels(name, value)]
        done = judged(city(notice, seed, ALL, people), settings)
        for place, (owner, name, value) in enumerate(numbers):
            reading = {one.id for one in rule.catalogue().values() if {name, f"{name}_c"} & set(one.params)} & set(
                notice.rules
            )
            reading = reading or {owner}
            row = rows.setdefault(
                (notice.id, name),
                {
                    "notice": notice.id,
                    "rule": owner,
                    "name": name,
                    "levels": (_levels(name, value)[0], value, _levels(name, value)[1]),
                },
            )
            for label, (who, found) in zip(
                ("same", "down", "up"), (done[0], done[1 + 2 * place], done[2 + 2 * place]), strict=True
            ):
                kinds = [sham.kind for sham in SHAMS if set(sham.rules) & reading]
                flags = found.flags.filter(pl.col("rule").is_in(list(reading))).select("id_number").unique()
                hit = who.join(flags, on="id_number", how="semi")
                honest = hit.filter(~pl.col("sham") & (pl.col("planted") == ""))
                own = hit.filter(pl.col("sham") & pl.col("kind").is_in(kinds))
                seen = (sum(found.counts.get(one, 0) for one in reading), len(honest), len(own))
                row[label] = tuple(np.add(row.get(label, (0, 0, 0)), seen).tolist())
    return list(rows.values())


def _levels(name: str, value: int) -> tuple[int, int]:
    """A fifth less and a fifth more, and at least one; a percentage to a hundred at most."""
    step = max(1, round(value / 5))
    return max(0, value - step), min(value + step, 100 if name.endswith("percent") else value + step)


def missing(sham: Sham) -> Mapping[str, list[str]]:
    """By notice, the rules of a sham that it does not have."""
    return {one.id: [name for name in sham.rules if name not in one.rules] for one in notices().values()}
