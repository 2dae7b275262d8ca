"""Which faults are planted on whom: every rule of the policy at least once, each on people of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from auditor.demo import network
from auditor.demo.people import Ints, People, complete
from auditor.demo.study import DAY, Course
from auditor.policy import Policy

BY_ACCOUNT, BY_NUMBER, BY_CELLS, BY_NUMBER_LARGE = range(4)  # how the platform exported an employer's sessions
_ANY = frozenset((BY_ACCOUNT, BY_NUMBER, BY_CELLS, BY_NUMBER_LARGE))
_NUMBERED = frozenset((BY_NUMBER, BY_CELLS, BY_NUMBER_LARGE))
_CSV_NUMBERED = frozenset((BY_NUMBER, BY_NUMBER_LARGE))


@dataclass(frozen=True)
class Form:
    """One shape of a fault. `fits`: the exports it can stand in; `people`: how many it takes."""

    rule: str
    name: str
    why: str
    fits: frozenset[int] = _ANY
    people: int = 1


FORMS = (
    Form("class-hours-too-few", "hours-low", "有效学习时间明显少于规定课时"),
    Form("class-hours-too-few", "hours-overlap", "各次学习相加够课时，但时间互相重叠，去掉重复后不足"),
    Form("class-hours-too-few", "hours-outside", "总时间够，但培训期内的时间不足，其余在期外"),
    Form("class-hours-too-few", "hours-second", "有效学习时间比规定课时只少一秒"),
    Form("class-hours-disputed", "disputed", "累计时间够，但每次学习都不满一课时，按次计算不足"),
    Form("class-hour-average-too-short", "average", "累计时间够，但每次学习都不满一课时，平均每次不足一课时"),
    Form("session-too-short", "short", "单次学习只有几分钟"),
    Form("session-negative", "negative", "学习结束时间早于开始时间"),
    Form("session-zero", "zero", "学习开始与结束是同一时刻"),
    Form("sessions-overlap", "overlap-inside", "两次学习时间重叠：一次完全在另一次之内"),
    Form("sessions-overlap", "overlap-tail", "两次学习时间重叠：前一次未结束后一次已开始"),
    Form("sessions-overlap-other-address", "elsewhere-inside", "同一时间在两个公网地址学习"),
    Form("sessions-overlap-other-address", "elsewhere-tail", "前一次未结束，已在另一公网地址开始学习"),
    Form("session-outside-period", "outside-before", "学习在培训期开始之前"),
    Form("session-outside-period", "outside-after", "学习在培训期结束之后"),
    Form("session-outside-period", "outside-crossing", "一次学习跨过培训期的边界"),
    Form("address-shared-across-employers", "group-plain", "同一天多家企业的多人使用同一公网地址", people=3),
    Form(
        "address-shared-across-employers",
        "group-overlap",
        "同一天多家企业的多人使用同一公网地址，其中有人学习时间重叠",
        people=4,
    ),
    Form("address-shared-in-employer", "group-house", "同一天同一企业的多人使用同一公网地址", people=3),
    Form("address-not-public", "private-ten", "学习地址是内网地址（10.x）"),
    Form("address-not-public", "private-home", "学习地址是内网地址（192.168.x.x）"),
    Form("address-not-public", "private-carrier", "学习地址是运营商内部地址（100.64.x.x）"),
    Form("identity-missing", "claim-blank", "申请名单中没有填身份证号"),
    Form("identity-missing", "account-blank", "重复开户，第二个账号没有填身份证号"),
    Form("identity-invalid", "wrong-check", "身份证号校验码不符"),
    Form("identity-invalid", "wrong-date", "身份证号中的出生日期不存在"),
    Form("identity-invalid", "wrong-sex", "登记的性别与身份证号第17位不符"),
    Form("identity-damaged", "claim-number", "身份证号在表格中被存成数字，末几位已丢失"),
    Form("identity-damaged", "session-number", "身份证号在导出文件中变成科学计数法，末几位已丢失", _CSV_NUMBERED),
    Form("identity-two-names", "claim-name", "申请名单上的姓名与同一身份证号的注册姓名不同"),
    Form("identity-two-names", "register-name", "注册的姓名与同一身份证号的申请姓名不同"),
    Form("exam-missing", "exam-none", "没有任何考试记录"),
    Form("exam-missing", "exam-quiz", "只有单元测验，没有结业考试"),
    Form("exam-failed", "exam-near", "只考一次，未合格"),
    Form("exam-failed", "exam-twice", "考了两次，均未合格"),
    Form("exam-too-many-attempts", "exam-third", "第三次考试才合格"),
    Form("exam-before-study-ended", "exam-early", "学习第一天中午就已考核合格，当时课时未满"),
    Form("total-mismatch", "total-high", "平台写明的总时长比各次学习之和多一半"),
    Form("total-mismatch", "total-low", "平台写明的总时长只有各次学习之和的一半"),
    Form("claim-unregistered", "unregistered", "申请了补贴，也有学习和考试记录，但没有实名注册", _NUMBERED),
    Form("claim-duplicate", "claimed-twice", "同一人由两家企业在不同日期申请，较晚的一次重复"),
    Form("row-duplicated", "row-twice", "与另一行完全相同"),
    Form("value-unreadable", "date-impossible", "学习开始时间是不存在的日期"),
    Form("value-unreadable", "time-in-words", "学习开始时间是文字，不是时间"),
    Form("value-missing", "end-blank", "学习结束时间是空的"),
    Form("value-missing", "phone-blank", "实名注册中没有联系电话"),
    Form("durations-identical", "lengths-same", "每次学习的时长一秒不差"),
    Form("clock-synthetic", "starts-round", "每次学习都在整点或半点的零秒开始"),
    Form("study-at-night", "night", "学习都在零点以后"),
    Form("session-marathon", "marathon", "一次学习超过三小时"),
    Form("day-too-long", "whole-day", "一天学习超过十二小时"),
    Form("study-faster-than-course", "faster", "多门课的学习时间只有课程时长的一半"),
    Form("learners-copied", "copied", "两人的各次学习完全相同，只差一个固定的时间", people=2),
    Form("sessions-in-lock-step", "lock-step", "几人的每次学习都在十秒内先后开始", people=3),
    Form("sessions-in-fixed-order", "one-by-one", "几人每次都按同一次序、隔半分钟多相继开始学习", people=6),
    Form("address-hand-over", "in-turn", "同一地址上一人刚结束、另一人就开始，接连多次", people=3),
    Form("study-before-registration", "registered-late", "注册时间在第一次学习以后几天"),
    Form("phone-shared", "one-phone", "几个人登记同一个手机号", people=3),
    Form("insurance-month-missing", "month-unpaid", "社保表中最后一个规定月份未到账"),
    Form("insurance-month-missing", "month-absent", "社保表中没有最后一个规定月份的记录"),
    Form("claim-not-in-filed-list", "not-filed", "不在备案的培训人员名单中"),
    Form("benefit-already-taken", "already-taken", "此前已由另一单位享受过同一项补贴"),
    Form("ledger-item-missing", "ledger-gap", "台账中没有学习记录"),
    Form("ledger-kept-too-short", "kept-brief", "台账的保存期限不到规定年数"),
    Form("claim-outside-window", "late-claim", "申请日期在申报期限之后"),
    Form("claim-amount-differs", "claim-more", "申请金额多于规定标准"),
    Form("claim-lower-of-two", "both-lines", "既申请线上培训补贴，又凭证书申请，线上培训补贴较低"),
    Form("identity-masked", "claim-masked", "申请名单中的身份证号被星号遮盖"),
    Form("phones-in-sequence", "phones-running", "五个人的手机号连号", people=5),
    Form("exam-too-fast", "exam-hasty", "不到一分钟就考核合格"),
)
_TOGETHER = (
    "copied",
    "lock-step",
    "one-by-one",
    "in-turn",
    "one-phone",
    "phones-running",
)  # of one employer; each knows its place among them
WHY = {form.name: form.why for form in FORMS} | {
    "overlap": "与本人另一次学习时间重叠",
    "elsewhere": "与本人另一公网地址的学习时间重叠",
    "outside": "学习在培训期之外",
    "stranger-study": "没有实名注册的人的学习记录",
    "stranger-exam": "没有实名注册的人的考试记录",
}


@dataclass(frozen=True)
class Task:
    """What is done to one person. For groups also `at` (seconds since 1970-01-01), a length and an address."""

    rule: str  # empty for an honest peculiarity
    form: str
    at: int = 0
    length_s: int = 0
    addr: int = 0
    twist: str = ""  # an overlap on top: "same" address or "other"


@dataclass
class Plan:
    """Task of a person; people without one are ordinary."""

    tasks: dict[int, Task] = field(default_factory=dict)

    def who(self, *forms: str) -> list[int]:
        return sorted(person for person, task in self.tasks.items() if task.form in forms)


def peculiar(people: People, plan: Plan, rng: np.random.Generator) -> None:
    """Honest people who lie at a limit or do something unusual that is no fault."""
    free = rng.permutation(np.flatnonzero(~people.dropout))
    shares = {"two-accounts": 0.01, "exact": 0.012, "rewatch": 0.02, "first-second": 0.006, "last-second": 0.006}
    taken = 0
    for form, share in shares.items():
        count = max(1, round(share * len(free)))
        for person in free[taken : taken + count].tolist():
            plan.tasks[person] = Task("", form)
        taken += count


def faults(
    people: People,
    export: Ints,
    plan: Plan,
    course: Course,
    policy: Policy,
    violations: float,
    rng: np.random.Generator,
) -> None:
    """Add tasks to `plan` for about `violations` of the claimed people; `export`: how each person's sessions go out.

    From 100 learners on each rule of the policy is planted at least once, even when that is more.
    """
    if violations <= 0:
        return
    claimed = np.flatnonzero(~people.dropout)
    budget = max(1, round(violations * len(claimed)))
    free = [person for person in rng.permutation(claimed).tolist() if person not in plan.tasks]
    queues = {kind: deque(p for p in free if export[p] == kind) for kind in sorted(_ANY)}
    forms = _order(policy, rng)
    used, rounds, misses = 0, 0, 0
    while misses < len(forms):
        for nth, form in enumerate(forms):
            needed = len(people) >= 100 and rounds == 0 and nth < len({f.rule for f in forms})
            if used + form.people > budget and not needed:
                misses += 1
                continue
            chosen = _take(form, queues, people)
            if chosen is None:
                misses += 1
                continue
            misses = 0
            used += len(chosen)
            for person, task in zip(chosen, _tasks(form, chosen, rounds * 64 + nth, course, rng), strict=True):
                plan.tasks[person] = task
                if form.name in ("wrong-check", "wrong-date"):
                    people.number[person] = _spoilt(str(people.number[person]), form.name)
                if form.name == "one-phone":
                    people.phone[person] = people.phone[chosen[0]]
                if form.name == "phones-running":
                    people.phone[person] = str(int(people.phone[chosen[0]]) // 10 * 10 + chosen.index(person))
        rounds += 1


def _order(policy: Policy, rng: np.random.Generator) -> list[Form]:
    """One form of each rule, then the second ones, and so on; which form comes first depends on the seed."""
    by_rule: dict[str, list[Form]] = {}
    for form in FORMS:
        if form.rule not in policy.rules or (form.name == "phone-blank" and "registrations.phone" not in policy.fields):
            continue
        by_rule.setdefault(form.rule, []).append(form)
    ordered: list[tuple[int, Form]] = []
    for forms in by_rule.values():
        shift = int(rng.integers(len(forms)))
        ordered += [(nth, form) for nth, form in enumerate(forms[shift:] + forms[:shift])]
    return [form for _, form in sorted(ordered, key=lambda pair: pair[0])]


def _take(form: Form, queues: dict[int, deque[int]], people: People) -> list[int] | None:
    """People for one planting, out of the queues; None if they do not suffice."""

    def accept(person: int) -> bool:
        if form.name == "claim-number":
            return not str(people.number[person]).endswith("X")
        if form.rule == "identity-two-names":  # a character of the name is changed
            return not str(people.name[person]).isascii()
        return form.name != "claimed-twice" or len(people.employers) > 1

    if form.name in ("group-house", *_TOGETHER):
        return _housemates(form.people, queues, people)
    chosen: list[int] = []
    for person in _drawn(form, queues, accept):
        employers = {int(people.employer[other]) for other in (*chosen, person)}
        if form.people > 1 and len(chosen) == form.people - 1 and len(employers) == 1:
            continue  # a group of several employers needs somebody else
        chosen.append(person)
        if len(chosen) == form.people:
            break
    if len(chosen) < form.people:
        return None
    _remove(chosen, queues)
    return chosen


def _drawn(form: Form, queues: dict[int, deque[int]], accept: Callable[[int], bool]) -> Iterator[int]:
    """People in the order of the queues, the longest first, a few of each in turn for groups."""
    fitting = sorted((queues[kind] for kind in sorted(form.fits)), key=len, reverse=True)
    for depth in range(200):
        for queue in fitting:
            if depth < len(queue) and accept(queue[depth]):
                yield queue[depth]


def _housemates(count: int, queues: dict[int, deque[int]], people: People) -> list[int] | None:
    for queue in sorted(queues.values(), key=len, reverse=True):
        by_employer: dict[int, list[int]] = {}
        for person in list(queue)[:4000]:
            mates = by_employer.setdefault(int(people.employer[person]), [])
            mates.append(person)
            if len(mates) == count:
                _remove(mates, queues)
                return mates
    return None


def _remove(chosen: list[int], queues: dict[int, deque[int]]) -> None:
    for queue in queues.values():
        for person in chosen:
            if person in queue:
                queue.remove(person)


def _tasks(form: Form, chosen: list[int], serial: int, course: Course, rng: np.random.Generator) -> Iterator[Task]:
    if form.people == 1:
        yield Task(form.rule, form.name)
        return
    if form.name in _TOGETHER:
        for nth, _ in enumerate(chosen):
            yield Task(form.rule, form.name, serial, nth, network.in_house(serial))
        return
    day = course.first_day + course.days // 4 + int(rng.integers(course.days // 2 + 1))
    addr = network.in_house(serial) if form.name == "group-house" else network.meeting(serial)
    for nth, _ in enumerate(chosen):
        at = day * DAY + 19_800 + nth * 37 + int(rng.integers(0, 1800))  # 05:30 to about 06:00
        twist = ("same", "other")[nth] if form.name == "group-overlap" and nth < 2 else ""
        yield Task(form.rule, form.name, at, int(rng.integers(1_300, 2_700)), addr, twist)


def _spoilt(number: str, form: str) -> str:
    if form == "wrong-date":
        return complete(number[:10] + "0231" + number[14:17])
    right = number[17]
    return number[:17] + next(digit for digit in "5274" if digit != right)
