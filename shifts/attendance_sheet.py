"""Attendance as an Excel file: what the page shows, in plain cells."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import words

HEADINGS = (
    pgettext_lazy("at shifts", "planned"),
    pgettext_lazy("at shifts", "called"),
    pgettext_lazy("at shifts", "present"),
    pgettext_lazy("at shifts", "early enough"),
    pgettext_lazy("at shifts", "late for the roll call"),
    pgettext_lazy("at shifts", "late for the shift"),
    pgettext_lazy("at shifts", "minutes late"),
    pgettext_lazy("at shifts", "absent"),
    pgettext_lazy("at shifts", "on leave"),
    pgettext_lazy("at shifts", "excused"),
    pgettext_lazy("at shifts", "minutes of overtime"),
)
PERSON = (_("Employee number"), _("Name"))
TEAM = (_("Team"),)
DAYS = (
    _("Date"),
    _("Shift"),
    _("Team"),
    _("At the roll call"),
    _("Arrived"),
    _("Minutes late"),
    _("Reason"),
    pgettext_lazy("roll call", "Excuse"),
    _("Minutes of overtime"),
)


def of_people(rows):
    return [PERSON + HEADINGS, *((person.employee_number, person.name, *totals.values) for person, totals in rows)]


def of_teams(rows):
    return [TEAM + HEADINGS, *((team.name, *totals.values) for team, totals in rows)]


def of_days(calls, tz):
    return [DAYS, *(day(call, call.roll_call.shift, tz) for call in calls)]


def day(call, shift, tz):
    arrived = words.clock(call.arrived_at.astimezone(tz)) if call.arrived_at else ""
    said = call.get_outcome_display(), arrived, call.minutes_late, call.reason, call.excuse, call.overtime
    return shift.on.isoformat(), shift.type.name, shift.team.name, *said
