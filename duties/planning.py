"""Making duties ahead of their dates, and catching up after any outage.

What is due is a set of dates, computed; what is there is a set of rows; the difference is inserted, and the database's
uniqueness settles every race. So it does not matter how often, how late or on how many machines at once this runs.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q

from callcentre import clock
from duties import recurrence
from duties.clause_rules import CLAUSE_RULES, PARAMETERS
from duties.models import Duty, DutyRule, OnHoliday
from journal.actions import entry, record_all
from people.models import CalendarDay
from rulebook.parameters import timelines

AHEAD = dt.timedelta(days=40)  # so that a holiday on a meeting's date is seen a month before


def rules_of(centre):
    """The centre's rules; a clause's rule that has no row yet comes unsaved."""
    rows = list(DutyRule.objects.filter(centre=centre))
    for row in rows:
        row.centre = centre
    missing = CLAUSE_RULES.keys() - {row.code for row in rows}
    return rows + [_row(centre, rule) for rule in CLAUSE_RULES.values() if rule.code in missing]


def _row(centre, rule):
    names = ("code", "clause", "name_zh", "name_en", "who", "opens", "window_minutes", "closes", "needs_verification")
    return DutyRule(centre=centre, from_on=centre.opened_on, **{name: getattr(rule, name) for name in names})


def ensure_rules(centre):
    """Give the centre a row for each clause's rule. Returns the centre's rules."""
    rules = rules_of(centre)
    unsaved = [rule for rule in rules if rule.pk is None]
    if not unsaved:
        return rules
    DutyRule.objects.bulk_create(unsaved, ignore_conflicts=True)
    return rules_of(centre)


class Calendar:
    """The dates of a centre's rules, its parameters and holidays read once."""

    def __init__(self, centre, first, last):
        self.first, self.last = first, last
        self.timelines = timelines(centre, PARAMETERS)
        days = CalendarDay.objects.filter(centre=centre, on__range=(first, last), kind=CalendarDay.Kind.HOLIDAY)
        self.holidays = set(days.values_list("on", flat=True))

    def spans(self, rule):
        if rule.code in CLAUSE_RULES:
            return CLAUSE_RULES[rule.code].spans(self.timelines)
        return [recurrence.Span(rule.from_on, rule.recurrence)]

    def dates(self, rule, first=None):
        """The rule's dates in the range. A clause's rule holds for past dates too, a centre's own from its start."""
        first, last = max(first or self.first, self.first), self.last
        if rule.code not in CLAUSE_RULES:
            first = max(first, rule.from_on)
            last = min(last, rule.until_on or last)
        found = recurrence.dates(self.spans(rule), first, last)
        if rule.on_holiday == OnHoliday.SKIP:
            return [date for date in found if date not in self.holidays]
        return found


def make_ahead(centre, at):
    """Make the missing duties of all rules up to AHEAD. Returns how many it asked for."""
    today = clock.local_date(centre, at)
    horizon = today + AHEAD
    rules = ensure_rules(centre)
    begin = min(_begin(rule, today) for rule in rules)
    calendar = Calendar(centre, begin, horizon)
    existing = set(
        Duty.objects.filter(centre=centre, due_on__range=(begin, horizon)).values_list("rule", "due_on", "slot")
    )
    wanted = [(rule, date) for rule in rules for date in calendar.dates(rule, _begin(rule, today))]
    missing = [_duty(rule, date) for rule, date in wanted if (rule.pk, date, "") not in existing]
    if missing:
        Duty.objects.bulk_create(missing, ignore_conflicts=True, batch_size=500)
    withdraw(centre, existing - {(rule.pk, date, "") for rule, date in wanted}, after=today, at=at)
    if any(rule.made_through is None or rule.made_through < horizon for rule in rules):
        behind = Q(made_through=None) | Q(made_through__lt=horizon)
        DutyRule.objects.filter(behind, centre=centre).update(made_through=horizon)
    return len(missing)


def _begin(rule, today):
    """The first date to look at: behind it every duty is made. Days ahead are looked at again, for rules change."""
    return max(
        rule.from_on, min(rule.made_through + dt.timedelta(days=1), today) if rule.made_through else rule.from_on
    )


def _duty(rule, date):
    return Duty(
        centre=rule.centre,
        rule=rule,
        due_on=date,
        needs_verification=rule.needs_verification,
        opens_at=rule.opens_at(date),
        due_at=rule.due_at(date),
    )


def withdraw(centre, keys, *, after, at):
    """Take back days ahead that a rule, changed since, no longer asks for: they were never opened, nobody was told."""
    dates = {(rule, due_on) for rule, due_on, slot in keys if due_on > after and not slot}
    if not dates:
        return
    with transaction.atomic():
        rows = Duty.objects.filter(
            centre=centre, status=Duty.Status.SCHEDULED, slot="", due_on__in={due_on for _rule, due_on in dates}
        )
        doomed = [duty for duty in rows.select_for_update() if (duty.rule_id, duty.due_on) in dates]
        record_all(
            entry("duty.withdrawn", duty, by=None, at=at, centre=centre, due_on=duty.due_on.isoformat())
            for duty in doomed
        )
        Duty.objects.filter(pk__in=[duty.pk for duty in doomed]).delete()
