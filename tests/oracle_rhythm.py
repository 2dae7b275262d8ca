"""A slow reading of the rules about the rhythm of one person's sittings: lists and loops, written from their words.

A `Sitting` is one row of the export in integers; `plan` gives the stated lengths of each course. The answers are those
of the rules: who, and the figures that the finding carries (measured, n1, n2, n3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

DAY = 86_400
Figures = tuple[int | None, ...]
Found = dict[str, dict[str, Figures]]
FILE = ""  # in the place of a person


@dataclass(frozen=True)
class Sitting:
    who: str
    start: int
    end: int | None
    course: str
    sheet: str
    copy: bool = False

    @property
    def length(self) -> int:
        return -1 if self.end is None else self.end - self.start

    @property
    def timed(self) -> bool:
        return self.length >= 0


@dataclass(frozen=True)
class Place:
    """A sitting among the others of its person."""

    sitting: Sitting
    reached: int | None  # where the earlier ones had got to
    new: tuple[int, int]  # the seconds that none of them covers, inside the period
    same_length: bool
    same_beat: bool
    same_time: bool

    @property
    def rhythm(self) -> int:
        return self.same_length + 2 * self.same_beat + 4 * self.same_time


@dataclass(frozen=True)
class Period:
    first: int
    stop: int


def places(rows: Sequence[Sitting], period: Period) -> list[Place]:
    """Every row of one person, in the order of the clock; rows without an end come last of those that start together,
    and an exact copy behind its original."""
    rows = sorted(rows, key=lambda s: (s.start, s.end is None, s.end or 0, s.course == "", s.course, s.copy))
    made = []
    reached: int | None = None
    for at, one in enumerate(rows):
        before = rows[max(0, at - 3) : at][::-1]
        left = max([one.start, period.first] + ([reached] if reached is not None else []))
        right = min(one.end if one.end is not None else one.start, period.stop)
        new = (left, right) if one.timed and right > left else (0, 0)
        same_time = any(one.start > b.start and one.start % DAY == b.start % DAY for b in before)
        same_length = bool(before) and one.end is not None and before[0].end is not None
        same_length = same_length and one.length == before[0].length
        made.append(Place(one, reached, new, same_length, beat(one, before), same_time))
        if one.timed:
            reached = max(reached if reached is not None else one.start, one.end or 0)
    return made


def beat(one: Sitting, before: Sequence[Sitting]) -> bool:
    """The pause, or the step from start to start, is that of one of the two before it; not from day to day."""
    if not before:
        return False
    last = before[0].end
    if last is not None and last < one.start // DAY * DAY:
        return False
    for near, far in pairwise(before):
        if one.start - before[0].start == near.start - far.start:
            return True
        if last is not None and far.end is not None and one.start - last == near.start - far.end:
            return True
    return False


class Reading:
    def __init__(
        self, rows: Sequence[Sitting], plan: dict[str, list[int]], period: Period, numbers: dict[str, int]
    ) -> None:
        self.n, self.plan, self.period = numbers, plan, period
        self.rows = [row for row in rows if row.timed and not row.copy]
        self.people = sorted({row.who for row in rows})
        self.places = {who: places([row for row in rows if row.who == who], period) for who in self.people}
        self.good = {
            who: [p for p in self.places[who] if p.sitting.timed and not p.sitting.copy] for who in self.people
        }
        self.all = rows
        self.found: Found = {}
        self.blunt = {sheet for sheet in {row.sheet for row in rows} if self.is_blunt(sheet)}

    def say(self, rule: str, who: str, *figures: int | None) -> None:
        self.found.setdefault(rule, {})[who] = figures

    def whole(self, sheet: str) -> tuple[int, int]:
        mine = [row for row in self.rows if row.sheet == sheet]
        return sum(1 for row in mine if row.start % 60 == 0 and (row.end or 0) % 60 == 0), len(mine)

    def is_blunt(self, sheet: str) -> bool:
        whole, of = self.whole(sheet)
        return of > 0 and whole * 100 >= self.n["clock_percent"] * of

    def read(self) -> Found:
        for sheet in sorted(self.blunt):
            whole, of = self.whole(sheet)
            if of >= self.n["clock_sessions"]:
                self.say("clock-truncated", FILE + sheet, whole, of)
        self.clocks()
        self.lengths()
        self.pace()
        self.long()
        return self.found

    def sharers(self, rows: Iterable[Sitting], like: Callable[[Sitting], bool]) -> int:
        return len({row.who for row in rows if like(row)})

    def clocks(self) -> None:
        signs: dict[str, tuple[int, int, int]] = {}
        readable = 0
        for who in self.people:
            own = [p for p in self.good[who] if self.began(p)]
            readable += len(own) >= self.n["synthetic_sessions"]
            if sign := self.sign(own):
                signs[who] = sign
        for number in (1, 2, 3):
            mine = {who: sign for who, sign in signs.items() if sign[0] == number}
            if mine and len(mine) * 100 > self.n["most_percent"] * readable:
                self.say("rhythm-of-platform", f"{FILE}{number}", len(mine), None, readable)
                continue
            for who, (_, shown, seen) in mine.items():
                self.say("clock-synthetic", who, shown, number, seen)

    def began(self, place: Place) -> bool:
        """A start of one's own: no autoplay, no timetable, a sheet with seconds."""
        one = place.sitting
        if one.sheet in self.blunt:
            return False
        if place.reached is not None and one.start - place.reached <= self.n["autoplay_s"]:
            return False
        return not self.scheduled(one)

    def scheduled(self, one: Sitting) -> bool:
        """Only what a clock rule would look at is looked up; a start that no sign could rest on is left as it is."""
        together = [row for row in self.rows if row.start == one.start and row.course == one.course]
        looked = [row for row in together if row.sheet not in self.blunt and self.looked_at(row)]
        return min(len(looked), len({row.who for row in together})) >= self.n["schedule_persons"]

    def looked_at(self, row: Sitting) -> bool:
        place = next(p for p in self.good[row.who] if p.sitting is row)
        return row.start % self.n["synthetic_mark_s"] == 0 or place.same_beat or place.same_time

    def sign(self, own: list[Place]) -> tuple[int, int, int] | None:
        n = self.n
        if len(own) < n["synthetic_sessions"]:
            return None
        rounds = [p for p in own if p.sitting.start % n["synthetic_mark_s"] == 0]
        if len(rounds) * 100 >= n["synthetic_percent"] * len(own):
            return 1, len(rounds), len(own)
        midnight = {id(p): p.sitting.start // DAY * DAY for p in own}
        pauses = [p for p in own if p.reached is not None and p.reached >= midnight[id(p)]]
        beats = [p for p in pauses if p.same_beat]
        if len(beats) >= n["synthetic_repeats"] and len(beats) * 100 >= n["synthetic_percent"] * len(pauses):
            return 2, len(beats), len(pauses)
        daily = [p for p in own if p.same_time and p not in rounds]
        if len(daily) >= n["synthetic_repeats"] and len(daily) * 100 >= n["synthetic_percent"] * len(own):
            return 3, len(daily), len(own)
        return None

    def lengths(self) -> None:
        n = self.n
        everybody = len({row.who for row in self.rows})
        spared: list[tuple[int, int]] = []
        for who in self.people:
            mine = [p for p in self.good[who] if p.sitting.length > 0 and p.sitting.sheet not in self.blunt]
            again = [p for p in mine if p.same_length]
            if len(mine) < n["identical_sessions"] or len(again) * 100 < n["identical_percent"] * len(mine):
                continue
            odd = []
            for place in self.good[who]:
                one = place.sitting
                if not place.same_length or one.length <= 0:
                    continue
                stated = self.plan.get(one.course, [])
                course = [row for row in self.rows if row.course == one.course]
                having = self.sharers(course, lambda row, one=one: row.length == one.length)
                anywhere = self.sharers(self.rows, lambda row, one=one: row.length == one.length)
                learners = len({row.who for row in course})
                if any(abs(length - one.length) <= n["identical_slack_s"] for length in stated):
                    continue
                if self.common(having, learners) or self.common(anywhere, everybody):
                    spared.append((anywhere, one.length))
                elif (stated or learners >= n["common_persons"]) and one.sheet not in self.blunt:
                    odd += [] if self.scheduled(one) else [one]
            if len(odd) * 100 >= n["identical_percent"] * len(mine):
                self.say("durations-identical", who, len(odd), len(mine), min(one.length for one in odd))
        if spared:
            most = max(anywhere for anywhere, _ in spared)
            shortest = min(length for anywhere, length in spared if anywhere == most)
            self.say("rhythm-of-platform", f"{FILE}4", most, shortest, everybody)

    def common(self, persons: int, of: int) -> bool:
        return persons >= self.n["common_persons"] and persons * 100 >= self.n["common_percent"] * of

    def pace(self) -> None:
        n = self.n
        compared, fast = 0, {}
        for who in self.people:
            rows = [row for row in self.all if row.who == who]
            if any(row.course == "" for row in rows):
                continue
            slow_and_fast = []
            for course in {row.course for row in rows}:
                mine = [p for p in self.places[who] if p.sitting.course == course and not p.sitting.copy]
                inside = all(
                    p.sitting.timed
                    and p.sitting.start >= self.period.first
                    and (p.sitting.end or 0) <= self.period.stop
                    for p in mine
                )
                stated = [length for length in self.plan.get(course, []) if length > 0]
                net = sum(p.new[1] - p.new[0] for p in mine)
                if stated and inside and net > 0 and net * 100 >= n["glance_percent"] * min(stated):
                    slow_and_fast.append(net * 100 < n["faster_percent"] * min(stated))
            if len(slow_and_fast) < n["faster_courses"]:
                continue
            compared += 1
            faster = sum(slow_and_fast)
            if faster >= n["faster_courses"] and faster * 100 >= n["faster_share_percent"] * len(slow_and_fast):
                fast[who] = (faster, len(slow_and_fast))
        if fast and len(fast) * 100 > n["most_percent"] * compared:
            self.say("course-length-doubtful", FILE, len(fast), compared)
            return
        for who, figures in fast.items():
            self.say("study-faster-than-course", who, *figures)

    def long(self) -> None:
        n = self.n
        marathons = [row for row in self.rows if row.length > n["marathon_s"]]
        for who in self.people:
            mine = [r for r in marathons if r.who == who and r.length > max(self.plan.get(r.course, [0]))]
            if mine:
                out = [
                    row.length
                    for row in mine
                    if self.sharers(marathons, lambda r, row=row: r.length == row.length) >= n["common_persons"]
                ]
                self.say(
                    "session-marathon",
                    who,
                    max(r.length for r in mine),
                    len(mine),
                    len(out) or None,
                    max(out, default=None),
                )
            days: Counter[int] = Counter()
            night = 0
            for place in self.good[who]:
                left, right = place.new
                while left < right:  # day by day
                    midnight = left // DAY * DAY
                    stop = min(right, midnight + DAY)
                    days[midnight] += stop - left
                    night += max(0, min(stop, midnight + n["night_end_s"]) - left)
                    left = stop
            over = [seconds for seconds in days.values() if seconds > n["day_long_s"]]
            if over:
                worst = min(day for day, seconds in days.items() if seconds == max(over))
                self.say("day-too-long", who, max(over), len(over), worst)
            net = sum(days.values())
            if night >= n["night_s"] and night * 100 >= n["night_percent"] * net:
                self.say("study-at-night", who, night, net)


def read(rows: Sequence[Sitting], plan: dict[str, list[int]], period: Period, numbers: dict[str, int]) -> Found:
    return Reading(rows, plan, period, numbers).read()
