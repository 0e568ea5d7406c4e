"""The roll calls of the living week, by the product's own actions; and those of the months before it, in bulk."""

import datetime as dt
import random

from board.demo.month import BATCH, MINUTE
from callcentre import clock
from callcentre.refusals import refusal
from rulebook import actions as rulebook
from rulebook import rules as rulebook_rules
from rulebook.models import Breach
from shifts import actions, line
from shifts.actions.roll_calls import items_of
from shifts.models import Call, RollCall, Shift

REASONS = ("地铁故障，出站晚了", "路上堵车", "送孩子去医院", "电动车没电，走过来的")
EXCUSES = ("地铁停运，已核实", "家人急诊，已请示")
REMARKS = (
    "今天话务量预计偏高，注意接听及时；昨天两单回访超时，请当班跟进。",
    "新资费口径以统一答复为准，拿不准的先请示。",
    "上一班交接的开通单请优先处理；离席先报备。",
    "雨天上下班注意安全，提前出门。",
)
SHOES = "鞋带松了，已整理"
Outcome = Call.Outcome


def of_week(week):
    """Events (moment, order, what happens) for every shift since the centre opened its week."""
    rng = random.Random(20261124)  # noqa: S311 - the same centre every time, no secret
    until_on = clock.local_date(week.centre, week.at) + dt.timedelta(days=1)
    shifts = Shift.objects.published().between(week.centre, week.since, until_on)
    for shift in shifts.select_related("type").order_by("starts_at"):
        yield from Story(week, shift, rng).events()


class Story:
    """One roll call. Of three, one has somebody who is late for it, one somebody who comes after it was closed."""

    def __init__(self, week, shift, rng):
        self.week, self.shift = week, shift
        self.kind = rng.choice(("in time", "late", "latecomer"))
        self.place, self.minutes = rng.randrange(1, 6), rng.randint(3, 8)
        self.reason, self.remarks = rng.choice(REASONS), rng.choice(REMARKS)
        self.excused = rng.random() < 0.3

    def events(self):
        starts_at = self.shift.starts_at
        if starts_at - 30 * MINUTE < self.week.opened_at:  # the centre's first: the minute opened it late
            yield starts_at + 3 * MINUTE, 2, self.everybody_comes
            yield starts_at + 5 * MINUTE, 2, self.closes
            return
        yield starts_at - 30 * MINUTE, 1, self.opens
        yield starts_at - 16 * MINUTE, 2, self.first_come
        if starts_at > self.week.at:
            return  # it is under way at the demo's moment: somebody else goes on
        yield starts_at - 11 * MINUTE, 2, self.others_come
        yield starts_at - self.minutes * MINUTE, 2, self.one_is_late
        yield starts_at - 1 * MINUTE, 3, self.closes
        yield starts_at + self.minutes * MINUTE, 2, self.one_comes_after_all
        yield self.shift.ends_at - 30 * MINUTE, 2, self.leader_decides

    def fresh(self):
        return Shift.objects.select_related("centre", "leader", "type").get(pk=self.shift.pk)

    def by(self, shift):
        return line.acting_leader(shift).person or self.week.director

    def step(self, action, at, **facts):
        shift = self.fresh()
        return action(shift=shift, by=self.by(shift), at=at, **facts)

    def crew(self):
        """The calls of those who are not here yet and do not lead."""
        rows = Call.objects.filter(roll_call__shift=self.shift, outcome=Outcome.EXPECTED, leads=False)
        return list(rows.select_related("person").order_by("person__employee_number"))

    def opens(self, at):
        actions.open_roll_call(shift=self.fresh(), by=None, at=at)

    def first_come(self, at):
        for call in self.crew()[-4:]:
            self.step(actions.mark_here, at, person_id=call.person_id)

    def everybody_comes(self, at):
        self.step(actions.mark_rest_here, at)

    def others_come(self, at):
        waiting = self.crew()
        late = waiting.pop(self.place % len(waiting)) if self.kind != "in time" and waiting else None
        if late is None:
            self.step(actions.mark_rest_here, at)
        for call in waiting if late else ():
            self.step(actions.mark_here, at, person_id=call.person_id)
        if waiting and self.place == 1:
            item = items_of(self.week.centre.pk)[2].pk
            self.step(actions.set_fault, at, person_id=waiting[0].person_id, item=item, faulty=True)
            words = {"reason": "", "excuse": "", "remark": SHOES}
            self.step(actions.annotate, at, person_id=waiting[0].person_id, **words)

    def one_is_late(self, at):
        for call in self.crew():
            if self.kind == "late":
                self.step(actions.mark_here, at, person_id=call.person_id)
                excuse = EXCUSES[self.place % len(EXCUSES)] if self.excused else ""
                words = {"reason": self.reason, "excuse": excuse, "remark": ""}
                self.step(actions.annotate, at, person_id=call.person_id, **words)

    def closes(self, at):
        for call in self.crew():
            self.step(actions.mark_away, at, person_id=call.person_id, outcome=Outcome.ABSENT)
        self.step(actions.close_roll_call, at, confirmed=True, remarks=self.remarks)

    def one_comes_after_all(self, at):
        absent = Call.objects.filter(roll_call__shift=self.shift, outcome=Outcome.ABSENT)
        for call in absent if self.kind == "latecomer" else ():
            self.step(actions.mark_here, at, person_id=call.person_id)

    def leader_decides(self, at):
        by = self.by(self.fresh())
        for breach in Breach.objects.noticed().filter(centre=self.week.centre, clause="handover.1", leader=by):
            if refusal(rulebook_rules.may_decide, breach, by) is None:
                rulebook.confirm(breach=breach, by=by, at=at)


# ---- the months before


def make(month):
    """A month's roll calls: born closed, with what was noticed and decided."""
    rng = random.Random(f"roll calls {month.first.isoformat()}")  # noqa: S311 - the same month every time, no secret
    items = [item.pk for item in items_of(month.centre.pk)]
    rows = [new_roll_call(month, turn, items, rng) for turn in month.turns]
    RollCall.objects.bulk_create(rows, BATCH)
    calls = [call for turn, row in zip(month.turns, rows, strict=True) for call in new_calls(turn, row, items, rng)]
    Call.objects.bulk_create(calls, BATCH)
    for turn, row in zip(month.turns, rows, strict=True):
        note(month, turn, row)
    notice(month, [call for call in calls if call.counts])


def new_roll_call(month, turn, items, rng):
    starts_at = turn.shift.starts_at
    return RollCall(
        shift=turn.shift,
        centre=month.centre,
        starts_at=starts_at,
        called_at=starts_at - 10 * MINUTE,
        status=RollCall.Status.CLOSED,
        opened_at=starts_at - 30 * MINUTE,
        told_at=starts_at - 10 * MINUTE,
        closed_by=turn.leader,
        closed_at=starts_at - rng.randint(1, 4) * MINUTE,
        remarks=rng.choice(REMARKS),
        items=items,
    )


def new_calls(turn, row, items, rng):
    yield new_call(turn, row, turn.leader, rng.randint(15, 28), leads=True)
    for person in turn.crew:
        chance = rng.random()
        if chance < 0.008:
            yield away(turn, row, person, Outcome.ABSENT)
        elif chance < 0.03:
            yield away(turn, row, person, Outcome.ON_LEAVE)
        elif chance < 0.055:
            call = new_call(turn, row, person, rng.randint(-20, 9))
            call.reason = rng.choice(REASONS)
            yield call
        else:
            call = new_call(turn, row, person, rng.randint(10, 28))
            call.faults = [rng.choice(items)] if items and rng.random() < 0.01 else []
            yield call


def new_call(turn, row, person, minutes, *, leads=False):
    """Somebody who came so many minutes before the shift."""
    arrived_at = row.starts_at - minutes * MINUTE
    outcome, late = Outcome.EARLY, 0
    if minutes < 0:
        outcome, late = Outcome.LATE_FOR_SHIFT, -minutes
    elif minutes < 10:
        outcome, late = Outcome.LATE_FOR_ROLL_CALL, 10 - minutes
    return Call(
        roll_call=row,
        person=person,
        leads=leads,
        starts_at=row.starts_at,
        outcome=outcome,
        arrived_at=arrived_at,
        minutes_late=late,
        marked_by=turn.leader,
        marked_at=arrived_at,
    )


def away(turn, row, person, outcome):
    marked = {"marked_by": turn.leader, "marked_at": row.called_at}
    return Call(roll_call=row, person=person, starts_at=row.starts_at, outcome=outcome, **marked)


def note(month, turn, row):
    month.note("roll_call.opened", row, by=None, at=row.opened_at, clause="handover.1", shift=row.shift_id)
    month.note("roll_call.remarked", row, by=turn.leader, at=row.closed_at, clause="handover.1")
    month.note("roll_call.closed", row, by=turn.leader, at=row.closed_at, clause="handover.2", items=row.items)


def notice(month, calls):
    rows = [
        Breach(
            centre=month.centre,
            clause_id="handover.1",
            person=call.person,
            leader=call.roll_call.closed_by,
            kind=call.outcome,
            source=f"{Call._meta.label_lower}:{call.pk}",
            at=call.arrived_at or call.roll_call.closed_at,
            facts={"minutes": call.minutes_late} if call.is_late else {},
            status=Breach.Status.CONFIRMED,
            decided_by=call.roll_call.closed_by,
            decided_at=call.starts_at + 30 * MINUTE,
        )
        for call in calls
    ]
    Breach.objects.bulk_create(rows, BATCH)
    for row in rows:
        facts = {"clause": "handover.1"}
        month.note("breach.noticed", row, by=None, at=row.at, kind=row.kind, person=row.person_id, **facts)
        month.note("breach.confirmed", row, by=row.decided_by, at=row.decided_at, **facts)
