"""What the start page says of duties: those of the day, those the person is to do, those the person may verify."""

import dataclasses

from callcentre import clock
from callcentre.refusals import refusal
from duties import rules, who
from duties.models import Duty
from people.models import Role
from shifts.line import DayIndex
from shifts.models import Shift

Status = Duty.Status
WORKABLE = (Status.OPEN, Status.STARTED, Status.MISSED)


@dataclasses.dataclass(frozen=True)
class Waiting:
    of_day: list[Duty]
    to_do: list[Duty]  # the person's own, or their crew's, oldest first
    to_verify: list[Duty]  # done by others
    shifts: list[Shift]  # those that were asked for besides, among others


def waiting_for(person, at, shifts=None):
    """The Waiting of the person at the moment, from one reading of the duties and one of shifts.

    shifts: those that the page shows, to be read with those that say whose duty it is
    """
    today = clock.local_date(person.centre, at)
    visible = Duty.objects.visible_to(person).order_by().values("pk")
    # A union, for each part has an index of its own and the history has none of them.
    wanted = visible.of_day(today).union(visible.workable(), visible.unverified())
    duties = list(Duty.objects.filter(pk__in=wanted).with_rule())
    owed = [duty for duty in duties if duty.status in WORKABLE and duty.opens_at <= at]
    days = [duty.due_on for duty in owed] or [today]
    index = DayIndex(person.centre, min(days), max(days), reader=person, besides=shifts)
    return Waiting(
        of_day=[duty for duty in duties if duty.due_on == today],
        to_do=_of(person, owed, index),
        to_verify=[duty for duty in duties if _may_verify(person, duty)],
        shifts=index.all_shifts,
    )


def _of(person, duties, index):
    """Those that the roster gives to the person, or to the crew that the person is on."""
    found = who.assignees_in(index, duties)

    def falls_to_them(answer):
        return answer.person == person or (answer.crew is not None and answer.crew.has_reader)

    return [duty for duty in duties if falls_to_them(found[duty.pk])]


def _may_verify(person, duty):
    if duty.status != Status.DONE or not person.has_role(Role.LEADER, Role.DIRECTOR):
        return False
    return refusal(rules.check_verify, duty, person) is None
