"""Who came to the shifts they were planned for, counted from the roll calls."""

import dataclasses
import datetime as dt

from django.db.models import Count, Q, Sum

from callcentre import clock
from people.models import Person, Role
from shifts.models import Assignment, Call, RollCall, Shift, month_span

READERS = (Role.LEADER, Role.INSPECTOR, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
ROWS = 80  # people a page
MOST_AROUND = 12
Outcome = Call.Outcome
COUNTS = {
    "called": Count("pk", filter=~Q(outcome=Outcome.SWAPPED)),
    "present": Count("pk", filter=Q(outcome__in=Call.PRESENT)),
    "early": Count("pk", filter=Q(outcome=Outcome.EARLY)),
    "late_for_roll_call": Count("pk", filter=Q(outcome=Outcome.LATE_FOR_ROLL_CALL)),
    "late_for_shift": Count("pk", filter=Q(outcome=Outcome.LATE_FOR_SHIFT)),
    "minutes_late": Sum("minutes_late", default=0),
    "absent": Count("pk", filter=Q(outcome=Outcome.ABSENT)),
    "on_leave": Count("pk", filter=Q(outcome=Outcome.ON_LEAVE)),
    "excused": Count("pk", filter=Q(outcome__in=Call.COUNTS) & ~Q(excuse="")),
}

WAITED = []  # what apps above say of who waited after a shift


def is_present(shift, person):
    """Whether the person is marked present at the shift's closed roll call: who is not takes no desk."""
    return calls_present(shift, person).exists()


def calls_present(shift, person):
    """The same as a QuerySet: `shift` may be an OuterRef of a larger question."""
    closed = Call.objects.filter(roll_call__shift=shift, roll_call__status=RollCall.Status.CLOSED, person=person)
    return closed.filter(outcome__in=Call.PRESENT)


def absences(shift):
    """[(person, outcome)] of those whom the shift's closed roll call found late, absent or on leave, for its log."""
    told = (*Call.COUNTS, Outcome.ON_LEAVE)
    rows = Call.objects.filter(roll_call__shift=shift, roll_call__status=RollCall.Status.CLOSED, outcome__in=told)
    return [(call.person, Outcome(call.outcome)) for call in rows.select_related("person").order_by("pk")]


@dataclasses.dataclass
class Totals:
    """Of a person, a team or everybody in a month. `planned` is by the roster, `overtime` by the desks: the minutes
    waited after the shift for whoever takes over; the rest is by the roll calls."""

    planned: int = 0
    called: int = 0
    present: int = 0
    early: int = 0
    late_for_roll_call: int = 0
    late_for_shift: int = 0
    minutes_late: int = 0
    absent: int = 0
    on_leave: int = 0
    excused: int = 0
    overtime: int = 0

    def __add__(self, other):
        return Totals(*(mine + theirs for mine, theirs in zip(self.values, other.values, strict=True)))

    @property
    def values(self):
        return dataclasses.astuple(self)


def may_read(person):
    """Whether the person reads everybody's attendance, not only their own."""
    return person.has_role(*READERS)


def span_of(centre, year, month):
    """The moments between which the month's shifts begin."""
    first, last = month_span(year, month)
    return clock.midnight(centre, first), clock.midnight(centre, last + dt.timedelta(days=1))


def calls_of(centre, year, month, people):
    """The month's calls: of the people named by their ids, or of everybody where that is None.

    Each way has an index of its own, so that the history behind the month costs nothing.
    """
    from_at, until_at = span_of(centre, year, month)
    if people is None:
        roll_calls = RollCall.objects.between(centre, from_at, until_at).order_by()
        return Call.objects.filter(roll_call__in=roll_calls.values("pk")).order_by()
    return Call.objects.filter(person__in=people, starts_at__gte=from_at, starts_at__lt=until_at).order_by()


def planned(centre, year, month, field, people):
    """{value of the person's `field`: turns on the month's published roster}; `people` as for calls_of."""
    shifts = Shift.objects.published().between(centre, *month_span(year, month)).order_by()
    assigned = Assignment.objects.in_shifts(shifts).order_by()
    led = shifts.filter(leader__isnull=False)
    if people is not None:
        assigned, led = assigned.filter(person__in=people), led.filter(leader__in=people)
    found = dict(assigned.values_list(f"person__{field}").annotate(turns=Count("pk")))
    for key, turns in led.values_list(f"leader__{field}").annotate(turns=Count("pk")):
        found[key] = found.get(key, 0) + turns
    return found


def waited(rows):
    """Declare, in an app above, what counts as overtime.

    rows(centre, from_at, until_at, people): of the shifts that begin in the span, a queryset with `person`, `shift` and
    `overtime_minutes`; `people` as for calls_of.
    """
    WAITED.append(rows)


def overtime(centre, year, month, field, people=None):
    """{value of the row's `field`: minutes}"""
    found = {}
    for rows in WAITED:
        minutes = rows(centre, *span_of(centre, year, month), people).order_by().values_list(field)
        for key, total in minutes.annotate(total=Sum("overtime_minutes")):
            found[key] = found.get(key, 0) + total
    return found


def totals_by(centre, year, month, field, minutes, people=None):
    """{value of the person's `field`: Totals}, in three statements; minutes: by the same; `people` as for calls_of."""
    turns = planned(centre, year, month, field, people)
    calls = calls_of(centre, year, month, people).values(f"person__{field}").annotate(**COUNTS)
    found = {row.pop(f"person__{field}"): row for row in calls}
    return {
        key: Totals(turns.get(key, 0), **found.get(key, {}), overtime=minutes.get(key, 0))
        for key in turns.keys() | found.keys() | minutes.keys()
    }


def people_of(centre, team, after=""):
    """Those of the team, one more than fits a page, by employee number."""
    people = Person.objects.filter(centre=centre, team=team, employee_number__gt=after)
    return list(people.order_by("employee_number")[: ROWS + 1])


def of_people(centre, year, month, people):
    """[(person, Totals)] of these people, without those who left before the month and have nothing in it."""
    ids = [person.pk for person in people]
    found = totals_by(centre, year, month, "pk", overtime(centre, year, month, "person", ids), ids)
    return [(person, found.get(person.pk, Totals())) for person in people if person.is_active or person.pk in found]


def of_teams(centre, year, month, teams):
    """[(team, Totals)] of the centre's teams."""
    found = totals_by(centre, year, month, "team", overtime(centre, year, month, "person__team"))
    return [(team, found.get(team.pk, Totals())) for team in teams]


def of_person(person, year, month):
    """(Totals, [Call]) of one person's month, in the order of its days; each call with its shift's `overtime`."""
    people = [person.pk]
    minutes = overtime(person.centre, year, month, "shift", people)
    found = totals_by(person.centre, year, month, "pk", {person.pk: sum(minutes.values())}, people)
    calls = calls_of(person.centre, year, month, people).order_by("starts_at", "pk")
    rows = list(calls.select_related("roll_call__shift__type", "roll_call__shift__team", "excused_by"))
    for call in rows:
        call.overtime = minutes.get(call.roll_call.shift_id, 0)
    return found[person.pk], rows


def roll_calls_around(centre, at):
    """The shifts of these hours, with their roll calls where they have one: the last that were called, and the next."""
    near = dt.timedelta(hours=9)
    shifts = Shift.objects.published().filter(centre=centre, starts_at__gt=at - near, starts_at__lt=at + near)
    return list(shifts.with_names().select_related("roll_call").order_by("starts_at", "pk")[:MOST_AROUND])
