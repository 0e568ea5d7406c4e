"""The desks of the living week: who sat where, and how each change of shift went; in bulk, a change at a time."""

import datetime as dt
import random
from functools import cached_property

from django.db.models import F

from board.demo.month import BATCH, MINUTE
from callcentre import clock
from callcentre.states import move_all
from handover import desks, relief_actions, tending
from handover.models import DeskRelief, Turn
from handover.models.desks import minutes_past
from journal.actions import entry, record_all
from shifts.models import Assignment, Call, Shift

FAULTS = ("耳机左侧声音小，已报修", "键盘空格键不灵，已登记", "座椅升降失灵，已报修")
LEFT = "接班人请假，当班话务已分摊，准予离台"
DONE_AFTER = 15 * MINUTE  # by then everybody sits, latecomers too
Status = DeskRelief.Status


def of_week(week):
    """Events (moment, order, what happens) for every shift since the centre opened its week."""
    rng = random.Random(20261125)  # noqa: S311 - the same centre every time, no secret
    until_on = clock.local_date(week.centre, week.at)
    for shift in Shift.objects.published().between(week.centre, week.since, until_on):
        change = Change(week, shift, rng)
        yield shift.starts_at - desks.PREPARED_BEFORE, 1, change.prepares
        yield shift.starts_at + DONE_AFTER, 1, change.happens
    yield week.at, 4, lambda at: tending.prepare(centre=week.centre, at=at)


class Change:
    """One shift sits down: most relieve somebody, the others take free desks."""

    def __init__(self, week, shift, rng):
        self.week, self.shift, self.rng = week, shift, rng
        self.journal = []

    def prepares(self, at):
        tending.prepare(centre=self.week.centre, at=at)

    def happens(self, at):
        came = self.came()
        rows = Assignment.objects.filter(shift=self.shift, person__in=came, desk__isnull=False)
        sits = {row.desk_id: row for row in rows.select_related("person", "desk")}
        waiting = DeskRelief.objects.open(self.week.centre).with_names().order_by("desk__code")
        relieved = [relief for relief in waiting if relief.desk_id in sits]
        left = [relief for relief in waiting if relief.desk_id not in sits]
        for relief in relieved:
            self.time(relief, sits[relief.desk_id].person, came)
        self.relieve(relieved)
        self.let_go(left, at)
        free = [row for desk, row in sits.items() if desk not in {relief.desk_id for relief in relieved}]
        self.sit_down(relieved, free)
        record_all(sorted(self.journal, key=lambda row: row.at))

    def came(self):
        """{person id: when they arrived} of those present at the roll call."""
        calls = Call.objects.filter(roll_call__shift=self.shift, outcome__in=Call.PRESENT)
        return dict(calls.values_list("person", "arrived_at"))

    def time(self, relief, person, came):
        """When each step was taken: nobody is in the room before the roll call is closed."""
        first = max(self.shift.starts_at - MINUTE, came[person.pk] + 2 * MINUTE)
        relief.incoming = person
        relief.at_desk_at = first + self.rng.randint(0, 80) * dt.timedelta(seconds=1)
        slow = 6 if self.rng.random() < 0.06 else 0
        relief.briefed_at = relief.at_desk_at + (self.rng.randint(1, 3) + slow) * MINUTE
        relief.assumed_at = relief.briefed_at + self.rng.randint(15, 70) * dt.timedelta(seconds=1)
        relief.overtime_minutes = minutes_past(relief.waiting_since, relief.assumed_at)
        relief.items = self.items
        if self.rng.random() < 0.04:
            relief.faults, relief.remark = [self.rng.choice(self.items)], self.rng.choice(FAULTS)

    @cached_property
    def items(self):
        return relief_actions.items_of(self.week.centre)

    def relieve(self, reliefs):
        times = ["incoming", "at_desk_at", "briefed_at", "assumed_at", "overtime_minutes", "items", "faults", "remark"]
        DeskRelief.objects.bulk_update(reliefs, times, BATCH)
        rows = DeskRelief.objects.filter(pk__in=[relief.pk for relief in reliefs])
        move_all(rows, Status.WAITING, Status.AT_DESK)
        move_all(rows, Status.AT_DESK, Status.BRIEFED)
        move_all(rows, Status.BRIEFED, Status.ASSUMED)
        move_all(rows, Status.ASSUMED, Status.RELEASED, ended_at=F("assumed_at"), ended_by=F("outgoing"))
        for relief in reliefs:
            relief.turn.handed_over_at = relief.turn.until_at = relief.assumed_at
            relief.turn.overtime_minutes = relief.overtime_minutes
            self.note("relief.arrived", relief, relief.incoming, relief.at_desk_at)
            self.note("relief.briefed", relief, relief.outgoing, relief.briefed_at, clause="handover.3")
            self.note("relief.assumed", relief, relief.incoming, relief.assumed_at, faults=relief.faults)
            self.note("relief.signed_out", relief, relief.outgoing, relief.assumed_at)
        turns = [relief.turn for relief in reliefs]
        Turn.objects.bulk_update(turns, ["handed_over_at", "until_at", "overtime_minutes"], BATCH)

    def let_go(self, reliefs, at):
        """Nobody comes to a desk whose next person is on leave: the leader lets its person go."""
        leader = self.shift.leader
        rows = DeskRelief.objects.filter(pk__in=[relief.pk for relief in reliefs])
        move_all(rows, Status.WAITING, Status.LET_GO, ended_at=at, ended_by=leader, reason=LEFT)
        Turn.objects.filter(relief__in=rows).update(until_at=at)
        for relief in reliefs:
            self.note("relief.released", relief, leader, at, turn=relief.turn_id)

    def sit_down(self, reliefs, free):
        turns = [self.turn(relief.desk, relief.incoming, relief.assumed_at) for relief in reliefs]
        taken = [self.turn(row.desk, row.person, self.shift.starts_at + MINUTE) for row in free]
        Turn.objects.bulk_create([*turns, *taken], BATCH)
        for turn in taken:
            self.note("desk.taken", turn, turn.person, turn.from_at)

    def turn(self, desk, person, at):
        return Turn(centre=self.week.centre, desk=desk, person=person, shift=self.shift, from_at=at)

    def note(self, verb, row, by, at, clause="handover.4", **facts):
        facts["desk"] = row.desk_id
        self.journal.append(entry(verb, row, by=by, at=at, centre=self.week.centre, clause=clause, **facts))
