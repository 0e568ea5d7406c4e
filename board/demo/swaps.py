"""Leave and swaps around the demo's moment: some settled before its week, some that wait for somebody."""

import datetime as dt

from board.demo.centre import everybody
from callcentre import clock
from shifts import actions
from shifts.models import Shift

DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)
MINUTE = dt.timedelta(minutes=1)
# A crew's second night goes to one whose second day of rest it is, for their first middle shift five days later: in
# 四班三运转 that leaves everybody eleven hours of rest, and no more than six days in a row.
LATER = 5 * DAY


def settle(centre, on, since):
    """Before the week begins: a swap that touches the date `on`, and leave on it."""
    staff, at = everybody(centre), clock.moment(centre, since - DAY, dt.time(10))
    swap = exchange(staff["1303"], staff["1203"], on - LATER, at)
    actions.approve_swap(swap=swap, by=staff["1400"], at=at + 40 * MINUTE)
    days_off(staff["1112"], "annual", on, on, at, by=staff["1200"])
    days_off(staff["1212"], "compensatory", on + DAY, on + DAY, at, by=staff["1100"])


def wait(centre, on, at):
    """At the demo's moment: a swap for a leader to decide, one for an agent to answer, and requests for leave."""
    staff = everybody(centre)
    night = turn(staff["1405"], on + DAY)  # it begins at midnight, and two hours before a swap lapses
    exchange(staff["1405"], staff["1305"], on + DAY, min(at - 50 * MINUTE, night.starts_at - 3 * HOUR))
    offer(staff["1406"], staff["1106"], on + 12 * DAY, on + 7 * DAY, at - 20 * MINUTE)
    days_off(staff["1205"], "annual", on + 9 * DAY, on + 10 * DAY, at - 65 * MINUTE)
    days_off(staff["1310"], "sick", on + 3 * DAY, on + 3 * DAY, at - 15 * MINUTE)
    days_off(staff["1300"], "personal", on + 4 * DAY, on + 4 * DAY, at - 90 * MINUTE)


def turn(person, on):
    return Shift.objects.published().of_day(person.centre, on).with_on_it(person).with_names().first()


def offer(giver, taker, on, back_on, at):
    gives, takes = turn(giver, on), turn(taker, back_on)
    return actions.offer_swap(giver=giver, gives=gives, taker=taker, takes=takes, by=giver, at=at)


def exchange(giver, taker, on, at):
    """Offered and accepted."""
    swap = offer(giver, taker, on, on + LATER, at)
    return actions.accept_swap(swap=swap, by=taker, at=at + 12 * MINUTE)


def days_off(person, kind, from_on, until_on, at, by=None):
    leave = actions.ask_leave(person=person, kind=kind, from_on=from_on, until_on=until_on, by=person, at=at)
    if by:
        actions.approve_leave(leave=leave, by=by, at=at + 25 * MINUTE)
