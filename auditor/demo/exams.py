"""Exam results: a final exam with up to three attempts, and unit quizzes that decide nothing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from auditor.demo.people import People
from auditor.demo.plant import Plan
from auditor.demo.study import DAY, Ints

_USUAL_MARK = 60  # where a notice names no mark, the platform's own


@dataclass(frozen=True)
class Allowed:
    """Pass mark and number of attempts of the notice (None: it names none)."""

    mark: int | None
    attempts: int | None


@dataclass
class Attempts:
    """One row an attempt, ordered by person; `taken` seconds since 1970-01-01."""

    person: Ints
    attempt: Ints
    quiz: Ints  # 0 the final exam, else the number of the quiz
    score: Ints
    passed: Ints
    taken: Ints
    spent: Ints  # seconds at the paper

    def last_of(self, person: int) -> int | None:
        """Row of the person's last attempt at the final exam."""
        low, high = np.searchsorted(self.person, (person, person + 1))
        finals = np.flatnonzero(self.quiz[low:high] == 0)
        return int(low + finals[-1]) if len(finals) else None


def sat(
    people: People, plan: Plan, first_day: Ints, exam_after: Ints, allowed: Allowed, rng: np.random.Generator
) -> Attempts:
    """Everybody's attempts. `first_day` of study; `exam_after`: seconds since 1970-01-01 of the end of study."""
    mark, most = allowed.mark, allowed.attempts
    count, limit = len(people), mark if mark is not None else _USUAL_MARK
    roll = rng.random(count)
    attempts = np.where(roll < 0.12, 2, 1)
    if most is None:
        attempts = np.where(roll < 0.02, 3, attempts)
    elif most < 2:
        attempts[:] = 1
    attempts[people.dropout] = 0
    sittings = {"exam-none": 0, "exam-quiz": 0, "exam-near": 1, "exam-twice": 2, "exam-third": (most or 2) + 1,
                "exam-early": 1, "exam-hasty": 1}  # fmt: skip
    forms = {form: plan.who(form) for form in sittings}
    for form, number in sittings.items():
        attempts[forms[form]] = number
    quizzes = np.where(people.employer % 4 == 1, 2, 0)
    quizzes[forms["exam-none"]] = 0
    quizzes[forms["exam-quiz"]] = 2

    person = np.repeat(np.arange(count), quizzes + attempts)
    nth = np.arange(len(person)) - np.searchsorted(person, person)
    quiz = np.where(nth < quizzes[person], nth + 1, 0)
    attempt = np.where(quiz > 0, 1, nth - quizzes[person] + 1)
    failed = np.zeros(count, dtype=np.bool_)
    failed[forms["exam-near"] + forms["exam-twice"]] = True
    good = (attempt == attempts[person]) & ~failed[person]

    high = np.minimum(100, limit + rng.integers(2, 41, len(person)))
    high = np.where(rng.random(len(person)) < 0.03, limit, high)
    low = np.maximum(0, limit - rng.integers(3, 38, len(person)))
    score = np.where(good, high, low)
    score = np.where(quiz > 0, rng.integers(35, 101, len(person)), score)
    near = np.isin(person, forms["exam-near"]) & (quiz == 0)
    # Where the notice names no mark the result decides, whatever the mark.
    score = np.where(near, limit - 1 if mark is not None else limit + 3, score)
    passed = np.where(quiz > 0, score >= limit, good)

    again = (attempt - 1) * (DAY + rng.integers(0, 5_000, len(person)))
    final_at = _final_times(count, plan, first_day, exam_after, rng)[person] + again
    middle = first_day + (exam_after // DAY - first_day) // 3
    quiz_at = (middle[person] + quiz - 1) * DAY + 43_500 + rng.integers(0, 1_500, len(person))
    taken = np.asarray(np.where(quiz > 0, quiz_at, final_at), dtype=np.int64)
    hasty = np.isin(person, forms["exam-hasty"]) & (quiz == 0)
    spent = np.where(hasty, rng.integers(15, 45, len(person)), rng.integers(600, 3_000, len(person)))
    return Attempts(person, attempt, quiz, score, passed.astype(np.int64), taken, spent)


def _final_times(count: int, plan: Plan, first_day: Ints, exam_after: Ints, rng: np.random.Generator) -> Ints:
    """When each person first sits the final exam: soon after the last session, or on one of the next three days."""
    same_day = exam_after + rng.integers(600, 2_400, count)
    later = (exam_after // DAY + rng.integers(1, 4, count)) * DAY + rng.integers(32_400, 72_000, count)
    soon = (rng.random(count) < 0.4) & (same_day % DAY < 84_600) & (same_day // DAY == exam_after // DAY)
    first = np.where(soon, same_day, later)
    rewatch = plan.who("rewatch")  # they look at a lesson again at 23:15 of that day
    first[rewatch] = exam_after[rewatch] + rng.integers(60, 420, len(rewatch))
    early = plan.who("exam-early")
    first[early] = first_day[early] * DAY + 43_200
    return first


def table(attempts: Attempts, rows: Ints, people: People, content: str, *, by_account: bool) -> pl.DataFrame:
    """The chosen `rows` as a platform shows them."""
    who, quiz = attempts.person[rows], attempts.quiz[rows]
    key = {"学员账号": people.account[who]} if by_account else {"身份证号": people.number[who]}
    names = np.array(["结业考试", "第一单元测验", "第二单元测验"])
    columns = {
        name: pl.Series(values.tolist(), dtype=pl.String) for name, values in (key | {"姓名": people.name[who]}).items()
    }
    return pl.DataFrame(
        columns
        | {
            "考试名称": names[quiz].tolist(),
            "考核类型": np.where(quiz > 0, "单元测验", "结业考试").tolist(),
            "考核内容": pl.repeat(content, len(rows), eager=True),
            "成绩": attempts.score[rows],
            "考核结果": np.where(attempts.passed[rows] == 1, "合格", "不合格").tolist(),
            "考试次数": attempts.attempt[rows],
            "考试时间": pl.from_epoch(pl.Series(attempts.taken[rows]), "s").dt.strftime("%Y-%m-%d %H:%M:%S"),
            "答题用时（秒）": attempts.spent[rows],
        },
        schema_overrides={"考试名称": pl.String, "考核类型": pl.String, "考核内容": pl.String, "考核结果": pl.String},
    )
