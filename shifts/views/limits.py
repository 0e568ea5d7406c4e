from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from callcentre import clock
from callcentre.access import access
from callcentre.refusals import Refused, refusal
from people.models import Role
from shifts import actions, limits, rules
from shifts.checking import CHECKS
from shifts.forms.limits import DemandForm, LimitForm, SystemForm
from shifts.models import Demand

READERS = (Role.LEADER, Role.DIRECTOR, Role.CENTRE_DIRECTOR)


@access(*READERS)
@require_safe
def show_limits(request):
    """What rosters are judged by: every check with its effect, its number and since when, and the demand."""
    centre, at = request.user.centre, clock.now()
    today = clock.local_date(centre, at)
    checks = limits.check_rows(centre, today)
    context = {
        "checks": checks,
        "system": limits.system_of(checks),
        "demand": limits.demand_rows(centre, today),
        "kinds": Demand.Day.labels,
        "may_change": not refusal(rules.check_may_plan, request.user, centre, at),
    }
    return render(request, "shifts/limits.html", context)


@access(Role.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def set_limit(request, code):
    """One check, from a date on; with the settings that it had."""
    check = CHECKS.get(code)
    if check is None or check.is_fixed:
        raise Http404
    today = clock.local_date(request.user.centre, clock.now())
    row = next(row for row in limits.check_rows(request.user.centre, today) if row.check is check)
    initial = {"effect": row.now.effect, "value": row.now.value, "from_on": today}
    form = LimitForm(request.POST or None, check=check, initial=initial)
    return save(request, form, actions.set_limit, {"heading": check.label, "row": row}, check=code)


@access(Role.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def set_system(request):
    """Which of the checks of hours are made."""
    centre = request.user.centre
    today = clock.local_date(centre, clock.now())
    now = limits.system_of(limits.check_rows(centre, today))
    form = SystemForm(request.POST or None, initial={"system": now and now.code, "from_on": today})
    context = {"heading": _("Working-time system"), "systems": limits.SYSTEMS.values()}
    return save(request, form, actions.set_system, context)


@access(Role.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def set_demand(request):
    """How many people a turn needs; `?type=&day=` proposes one."""
    centre = request.user.centre
    initial = {"type": request.GET.get("type"), "day": request.GET.get("day"), "heads": request.GET.get("heads")}
    initial["from_on"] = clock.local_date(centre, clock.now())
    form = DemandForm(centre, request.POST or None, initial=initial)
    return save(request, form, actions.set_demand, {"heading": _("People needed")}, of_centre=False)


def save(request, form, action, context, of_centre=True, **facts):
    """Draw the form, or do what it says: back to the page, or the form again with what was refused."""
    if form.is_valid():
        facts |= {"centre": request.user.centre} if of_centre else {}
        try:
            action(**facts, **form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Set. Rosters are judged by it from that day on."))
            return redirect("shifts:show_limits")
    status = 422 if form.errors else 200
    return render(request, "shifts/set_limit.html", {"form": form, **context}, status=status)
