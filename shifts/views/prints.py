import datetime as dt
from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_safe

from callcentre import clock, words
from callcentre.access import EVERYONE, access, visible
from people.models import Role, Team
from shifts import matrix, months, prints, sheets
from shifts.models import Roster, Shift, month_span
from shifts.views.files import name_of, paper_of, published, team_of, today_of
from shifts.windows import Window

DAY = dt.timedelta(days=1)


@access(EVERYONE)
@require_safe
def print_month(request):
    """The published days that the roster's page shows, for the notice board: a page for each team."""
    today = today_of(request)
    window = Window.asked(request.GET, today)
    found = published(request, window, today)
    asked = {"from": window.from_on, "days": window.length}
    beside = [
        {"from": each.from_on, "days": each.length, "title": each.title} for each in (window.earlier, window.later)
    ]
    return render_print(request, found, asked, beside)


@access(Role.LEADER, Role.DIRECTOR)
@require_safe
def print_roster(request, pk):
    """The days of one roster that fall into a month, a page for each team."""
    roster = visible(Roster.objects.select_related("rotation", "centre"), request.user, pk)
    today = today_of(request)
    within = max(roster.from_on, min(today, roster.until_on))
    first, last = month_span(*months.parse_month(request.GET.get("month"), within))
    if last < roster.from_on or first > roster.until_on:
        first, last = month_span(within.year, within.month)
    days = max(first, roster.from_on), min(last, roster.until_on)
    shifts = Shift.objects.filter(roster=roster).between(roster.centre, *days)
    found = matrix.load(roster.centre, shifts, *days, today=today, team=team_of(request))
    beside = [
        month_of(first - DAY) if first > roster.from_on else None,
        month_of(last + DAY) if last < roster.until_on else None,
    ]
    return render_print(request, found, {"month": f"{first:%Y-%m}"}, beside, roster=roster, name=name_of(roster))


def month_of(on):
    return {"month": f"{on:%Y-%m}", "title": words.month(on)}


def render_print(request, found, asked, beside, **context):
    """With links that keep the rest of the page's own address. `beside`: the days before and after, or None."""
    team, paper = team_of(request), paper_of(request)
    asked |= {"team": team.pk if team else "", "paper": paper}
    context |= {
        "pages": prints.pages(found),
        "days": found.days,
        "types": found.used,
        "from": found.days[0].on,
        "until": found.days[-1].on,
        "paper": paper,
        "team": team,
        "papers": [(each.upper(), link(asked, paper=each), each == paper) for each in sheets.PAPERS],
        "teams": [(each.name, link(asked, team=each.pk), each == team) for each in teams_of(request)],
        "everybody": link(asked, team=""),
        "beside": [(each["title"], link(asked, **{**each, "title": ""})) if each else None for each in beside],
        "at": clock.now(),
    }
    return render(request, "shifts/print.html", context)


def teams_of(request):
    return Team.objects.filter(centre=request.user.centre_id)


def link(asked, **changes):
    return "?" + urlencode({name: value for name, value in {**asked, **changes}.items() if value})
