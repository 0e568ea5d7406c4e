"""Who left their post in the living week, by the product's own actions: most are back in time, one a day is not."""

import datetime as dt
import random

from board.demo.month import MINUTE
from callcentre import clock
from floor import actions
from floor.models import LeaveOfPost
from shifts.models import Shift

Reason = LeaveOfPost.Reason
OFTEN = (Reason.WATER, Reason.WATER, Reason.WATER, Reason.EQUIPMENT, Reason.CALLED, Reason.UNWELL)
SPECIAL = (35, "回宿舍取换洗的工装")


def of_week(week, crew_of):
    """Events (moment, order, what happens) for every shift since the centre opened its week."""
    rng = random.Random(20261125)  # noqa: S311 - the same centre every time, no secret
    shifts = Shift.objects.published().between(week.centre, week.since, clock.local_date(week.centre, week.at))
    for shift in shifts.select_related("type", "leader").order_by("starts_at"):
        crew = crew_of(shift)
        for number in range(2):
            moment = shift.starts_at + rng.randint(60 + 180 * number, 200 + 180 * number) * MINUTE
            late = number == 1 and shift.type.counts_as_day
            yield moment, 4, Story(week, shift, rng.choice(crew), rng.choice(OFTEN), late).happen
        if shift.starts_at + dt.timedelta(hours=1) <= week.at < shift.ends_at and len(crew) > 7:
            yield week.at - 9 * MINUTE, 4, Story(week, shift, crew[5], Reason.WATER).goes
            yield week.at - 4 * MINUTE, 4, Story(week, shift, crew[6], Reason.EQUIPMENT).asks
            yield week.at - 2 * MINUTE, 4, Story(week, shift, crew[7], Reason.OTHER).asks_for_longer


class Story:
    def __init__(self, week, shift, person, reason, late=False):
        self.week, self.shift, self.person, self.reason, self.late = week, shift, person, reason, late

    @property
    def leader(self):
        return self.shift.leader or self.week.director

    def asks(self, at):
        return actions.ask_leave(person=self.person, reason=self.reason, at=at)

    def asks_for_longer(self, at):
        minutes, words = SPECIAL
        return actions.ask_leave(person=self.person, reason=self.reason, minutes=minutes, words=words, at=at)

    def goes(self, at):
        leave = actions.approve_leave(leave=self.asks(at), by=self.leader, at=at + MINUTE)
        ticked = [item.pk for item in actions.items_of(self.week.centre)]
        return actions.go_out(leave=leave, by=self.person, ticked=ticked, at=at + 2 * MINUTE)

    def happen(self, at):
        """Out and back; the one who is late is reminded and noticed, as the minute would have."""
        if at + dt.timedelta(minutes=30) > self.week.at or LeaveOfPost.objects.open_of(self.person):
            return
        leave = self.goes(at)
        if self.late:
            actions.remind(leave=leave, at=leave.due_back_at - 2 * MINUTE)
            actions.notice_overdue(leave=leave, at=leave.due_back_at + 2 * MINUTE)
        minutes = 4 if self.late else -(at.minute % 9)
        actions.come_back(leave=leave, by=self.person, at=leave.due_back_at + minutes * MINUTE)
