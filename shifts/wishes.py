"""Wishes as pages and rules see them: which days are open for them, and what a month's points are spent on."""

import dataclasses
import datetime as dt

from django.db.models import Exists, OuterRef, Q, Sum

from shifts import months, rules
from shifts.models import Roster, RotationPlace, Shift, ShiftType, Wish, month_span
from shifts.rotations import dates

DAY = dt.timedelta(days=1)


def published_days(person, from_on, until_on):
    """{date} of the days for which the person's team has a published roster: they are closed for wishes."""
    of_team = Q(rotation__places__team=person.team_id)
    in_shifts = Exists(Shift.objects.filter(roster=OuterRef("pk"), team=person.team_id))
    rosters = Roster.objects.published().filter(centre=person.centre_id, from_on__lte=until_on, until_on__gte=from_on)
    spans = rosters.filter(of_team | Q(rotation=None) & in_shifts).values_list("from_on", "until_on").distinct()
    return {on for first, last in spans for on in dates(max(first, from_on), min(last, until_on))}


def first_open_day(person, today):
    """The first day from next month on that nothing is published for, within what can be wished for."""
    days = list(dates(months.beside(today.year, today.month, 1), today + rules.WISHES_AHEAD * DAY))
    published = published_days(person, days[0], days[-1])
    return next((on for on in days if on not in published), days[0])


def points_spent(person, on):
    """Points of the person's wishes in the month of the date, without one for the date itself."""
    wishes = Wish.objects.filter(person=person).between(*month_span(on.year, on.month)).exclude(on=on)
    return wishes.aggregate(points=Sum("weight"))["points"] or 0


@dataclasses.dataclass(frozen=True)
class WishDay:
    """A day of the month: the person's wish for it, or None, and whether one can be made or taken back."""

    day: months.Day
    wish: Wish | None
    is_open: bool


def own_month(person, year, month, today):
    """[WishDay] of every day of the month."""
    first, last = month_span(year, month)
    wishes = {wish.on: wish for wish in Wish.objects.filter(person=person).between(first, last).select_related("type")}
    closed = published_days(person, first, last) if rules.is_planned(person, today) else set(dates(first, last))
    return [
        WishDay(day, wishes.get(day.on), today < day.on and day.on not in closed)
        for day in months.days_between(person.centre, first, last, today)
    ]


def types_to_wish(person):
    """The shift types of the rotation that the person's team is part of; all of the centre's where it is in none."""
    types = ShiftType.objects.filter(centre=person.centre_id)
    places = RotationPlace.objects.filter(team=person.team_id).select_related("rotation")
    place = places.order_by("-rotation").first()
    return types.filter(code__in=place.rotation.codes) if place else types


def of_month(centre, year, month):
    """Everybody's wishes of the month, by date and employee number."""
    wishes = Wish.objects.filter(centre=centre).between(*month_span(year, month))
    return wishes.select_related("person__team", "type").order_by("on", "person__employee_number")
