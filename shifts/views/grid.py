"""The roster as a grid: what is published, for everybody to read."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access
from shifts import grid, months, painting
from shifts.boards import Chosen
from shifts.models import Shift
from shifts.windows import Window


@access(EVERYONE)
@require_safe
def show_roster(request):
    """What is published, person by day: of one team, or of everybody where that fits a page."""
    centre = request.user.centre
    today = clock.local_date(centre, clock.now())
    window = Window.asked(request.GET, today)
    shifts = Shift.objects.published().between(centre, window.from_on, window.until_on)
    days = months.days_between(centre, window.from_on, window.until_on, today)
    span = window.from_on, window.until_on
    chosen = Chosen.asked(request.user, window, request.GET.get("after", ""), shifts, span)
    plan = grid.load(centre, shifts, days, chosen.page, chosen.is_everybody)
    painted = painting.paint(plan, chosen.people, request.user)
    context = {"window": window, "chosen": chosen, "grid": painted, "today": today}
    on = window.day(request.GET.get("day"), today)
    context["list"] = painting.day_list(painted, plan, on) | window.day_links(on)
    context["more"] = window.query_with(team=chosen.team.pk if chosen.team else "", after=painted.after)
    return render(request, "shifts/roster.html", context)
