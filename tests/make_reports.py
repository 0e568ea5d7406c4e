"""Requests and reports of two months for tests: a few by the actions, with figures that a hand can check, or many at
once, born closed."""

import datetime as dt
import random
import types

from escalations import actions
from escalations.models import Case, Category, Dissent, FollowUp, Instruction, Level, LevelKind, Party, Remark
from tests import make, make_escalations, make_shifts

NOW = make.at(15).astimezone(dt.UTC)
OCTOBER = dt.date(2026, 10, 20)
MINUTE = dt.timedelta(minutes=1)
NOT_YET = 0  # foreign keys are looked at when the transaction ends; the levels need their case first


def line():
    """A line with a day shift on 23 November and on 20 October."""
    people = make_escalations.line()
    make_shifts.shift(team=people.shift.team, leader=people.leader, people=[people.agent, people.other], on=OCTOBER)
    return people


def raised(people, hour, minute=0, *, on=make.MONDAY, by=None, **fields):
    at = make.at(hour, minute, on=on)
    made = make_escalations.draft(types.SimpleNamespace(agent=by or people.agent), at=at, happened_at=at, **fields)
    actions.submit(case=made, by=made.reporter, at=at)
    return Case.objects.get(pk=made.pk)


def instructed(people, hour, minute=0, *, after, on=make.MONDAY, **fields):
    """Answered by its first level so many minutes after it was raised."""
    made = raised(people, hour, minute, on=on, **fields)
    at = make.at(hour, minute, on=on) + after * MINUTE
    actions.instruct(case=made, by=made.waits_for, at=at, text="由你跟进。")
    return Case.objects.get(pk=made.pk)


def two_months(people):
    """What tests/escalations/test_reports.py has the figures of."""
    instructed(people, 9, after=20)
    instructed(people, 9, after=40, category=Category.DIFFICULT_CALLER)  # thirty minutes are allowed
    questioned(people)
    risen = raised(people, 11)
    actions.rise(case=risen, at=make.at(11, 30))
    actions.instruct(case=risen, by=people.director, at=make.at(11, 50), text="减免一半。")
    report = raised(people, 12, category=Category.SERIOUS_ERROR, kind="report")
    actions.close(case=report, by=people.leader, at=make.at(12, 10))
    withdrawn = raised(people, 12)
    actions.withdraw(case=withdrawn, by=people.agent, at=make.at(12, 5), text="客户已撤诉。")
    passed_up = raised(people, 9)
    actions.pass_up(case=passed_up, by=people.leader, at=make.at(9, 25), text="超出班长权限。")
    raised(people, 14, 50)
    skipping(people)
    disagreed(people)
    instructed(people, 9, after=50, category=Category.CONFIDENTIAL)
    instructed(people, 9, after=10, on=OCTOBER)
    instructed(people, 10, after=31, on=OCTOBER, category=Category.DIFFICULT_CALLER)


def questioned(people):
    """The first answer counts: a question after three minutes."""
    made = raised(people, 10, category=Category.DANGER, urgent=True)
    actions.return_for_more(case=made, by=people.leader, at=make.at(10, 3), text="哪一列机柜？")
    actions.resubmit(case=made, by=people.agent, at=make.at(10, 10), text="B 列。")
    actions.instruct(case=made, by=people.leader, at=make.at(10, 12), text="停用 B 列。")


def skipping(people):
    """Two that skipped the leader: of one the report is made late, of the other it is owed."""
    fields = {"category": Category.DANGER, "urgent": True, "goes_to": "director", "skip_reason": "等不及。"}
    for _number in range(2):
        made = instructed(people, 13, after=10, **fields)
    follow_up = made.follow_ups.get()
    late = follow_up.due_at + MINUTE
    actions.follow_up(follow_up=follow_up, by=people.agent, at=late, text="已越级请示主任。")


def disagreed(people):
    """One dissent is upheld and taken further up, one accepted, one waits."""
    for answer in ("uphold", "accept_dissent", ""):
        made = instructed(people, 13, after=15)
        actions.dissent(case=made, by=people.agent, at=make.at(13, 20), text="建议立即回电。")
        if answer:
            getattr(actions, answer)(case=made, by=people.leader, at=make.at(13, 25), text="按流程办。")
        if answer == "uphold":
            actions.carry_out(case=made, by=people.agent, at=make.at(13, 30), text="已回电。")
            actions.appeal(case=made, by=people.agent, at=make.at(13, 35), text="仍有不同意见。")


def many(people, count, *, seed=1):
    """`count` closed cases of the two months in bulk: some risen by the timer, some skipped, some disagreed with."""
    rng = random.Random(seed)  # noqa: S311 - the same cases every time
    cases = Case.objects.bulk_create([closed_case(people, rng) for _number in range(count)], 500)
    levels = [level for case in cases for level in levels_of(people, case, rng)]
    Level.objects.bulk_create(levels, 500)
    for case in cases:
        case.level = next(level for level in reversed(levels) if level.case is case and level.reached_at)
    given = [
        Instruction(case=case, level=case.level, text="照办。", by=case.level.person, at=answer_at(case, rng))
        for case in cases
    ]
    Instruction.objects.bulk_create(given, 500)
    Party.objects.bulk_create([Party(case=case, person=case.reporter) for case in cases], 500)
    Remark.objects.bulk_create(
        [
            Remark(case=case, step="returned", text="补充", by=people.leader, at=case.submitted_at + MINUTE)
            for case in cases[::7]
        ],
        500,
    )
    Dissent.objects.bulk_create(
        [
            Dissent(
                case=row.case, instruction=row, text="不同意", by=row.case.reporter, at=row.at, answer_due_at=row.at
            )
            for row in given[::5]
        ],
        500,
    )
    skipped = [level for level in levels if level.skipped_at]
    FollowUp.objects.bulk_create([owed(people, level) for level in skipped], 500)
    for case, row in zip(cases, given, strict=True):
        case.instruction, case.status, case.waits_for = row, Case.Status.CLOSED, None
        case.closed_at = row.at + 5 * MINUTE
    Case.objects.bulk_update(cases, ["level", "instruction", "status", "waits_for", "closed_at"], 200)
    return cases


def closed_case(people, rng):
    on = make.MONDAY - dt.timedelta(days=rng.randrange(50))
    at = make.at(rng.randrange(24), rng.randrange(60), on=on)
    return Case(
        centre=people.centre, kind=rng.choice(["request", "report"]), category=rng.choice(Category.values),
        urgent=rng.random() < 0.3, what_happened="事由", proposed_handling="建议", happened_at=at, created_at=at,
        submitted_at=at, reporter=people.agent, status="carried_out", level_id=NOT_YET, instruction_id=NOT_YET,
        waits_for=people.leader,
    )  # fmt: skip


def levels_of(people, case, rng):
    """The leader answers, is passed over by the timer, or skipped; then the director answers."""
    at, way = case.submitted_at, rng.choice(["answers", "answers", "rises", "skips"])
    holders = zip(LevelKind, (people.leader, people.director, people.centre_director), strict=True)
    rows = [Level(case=case, order=order, kind=kind, person=who) for order, (kind, who) in enumerate(holders, start=1)]
    first, second, _third = rows
    if way == "skips":
        first.skipped_at = at
    else:
        first.reached_at, first.answer_due_at = at, at + 30 * MINUTE
    if way == "rises":
        first.overdue_at = first.passed_at = at + 30 * MINUTE
    if way != "answers":
        second.reached_at = first.passed_at or at
        second.answer_due_at = second.reached_at + 60 * MINUTE
    return rows


def answer_at(case, rng):
    return case.level.reached_at + rng.randrange(1, 90) * MINUTE


def owed(people, level):
    at = level.skipped_at
    return FollowUp(
        centre=people.centre, case=level.case, level=level, person=people.leader, owed_by=people.agent,
        due_at=at, remind_at=at,
    )  # fmt: skip
