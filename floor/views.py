from urllib.parse import urlencode

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused
from floor import actions, pages, totals
from floor.forms import ApproveForm, AskForm, MoreForm, RefuseForm, TicksForm
from floor.models import LeaveOfPost
from journal.models import Entry
from people.models import Role, Team
from shifts import deciding, months
from shifts.models import month_span
from shifts.views.rosters import month_links
from shifts.windows import parse_date

WITH_POST = (Role.AGENT, Role.LEADER)
LATEST = 10
PAGE = 50

# From where a step was taken one goes on there: fixed addresses, as in the navigation.
BACK = {"start": "/", "desk": "/desk/", "live": "/live/", "floor": "/floor/"}


def the_leave(request, pk):
    return visible(LeaveOfPost.objects.with_names(), request.user, pk)


def onward(request, leave):
    return redirect(BACK.get(request.POST.get("back"), leave))


@access(EVERYONE)
@require_safe
def show_leaves(request):
    """Who is out and what waits, for those who lead; the reader's own, for those who have a post."""
    at, person = clock.now(), request.user
    leads = deciding.sees_all(person)
    context = {
        "at": at,
        "leads": leads,
        "post": pages.my_post(person, at) if person.has_role(*WITH_POST) else None,
        "waiting": list(LeaveOfPost.objects.waiting_for(person, at)),
        "out": pages.out_now(person, at) if leads else [],
        "latest": list(pages.history(person, number="", on=None, before=None)[:LATEST]),
    }
    return render(request, "floor/leaves.html", context)


@access(EVERYONE)
@require_safe
def list_leaves(request):
    """All of the centre's to those who lead, their own to everybody; of a person, of a day."""
    person = request.user
    leads = deciding.sees_all(person)
    number = request.GET.get("number", "").strip()[:12] if leads else ""
    on, before = parse_date(request.GET.get("on")), number_in(request.GET.get("before"))
    rows = list(pages.history(person, number=number, on=on, before=before)[: PAGE + 1])
    query = urlencode({"number": number, "on": on or ""})
    older = f"?{query}&before={rows[PAGE - 1].pk}" if len(rows) > PAGE else ""
    context = {"leads": leads, "number": number, "on": on, "rows": rows[:PAGE], "older": older}
    return render(request, "floor/history.html", context)


def number_in(text):
    text = text or ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


@access(*deciding.DECIDERS)
@require_safe
def show_month(request):
    """Count and minutes of a month, by team or by the people of one."""
    centre = request.user.centre
    year, month = months.parse_month(request.GET.get("month"), clock.local_date(centre, clock.now()))
    teams = list(Team.objects.filter(centre=centre))
    team = next((team for team in teams if str(team.pk) == request.GET.get("team")), None)
    context = {
        "teams": teams,
        "team": team,
        "team_query": f"&team={team.pk}" if team else "",
        "rows": totals.of_month(centre, year, month, team),
        "first": month_span(year, month)[0],
        **month_links(year, month),
    }
    return render(request, "floor/month.html", context)


@access(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
def ask_leave(request):
    at, person = clock.now(), request.user
    limit = pages.limit_on(person.centre, at)
    if request.method != "POST":
        form = AskForm(initial={"minutes": limit, "reason": LeaveOfPost.Reason.WATER})
        return render(request, "floor/ask.html", {"form": form, "limit": limit})
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            leave = actions.ask_leave(person=person, at=at, **form.cleaned_data)
        except Refused as refused:
            if refused.field is None:
                raise
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, _("Asked. Your leader answers."))
            return onward(request, leave)
    return render(request, "floor/ask.html", {"form": form, "limit": limit}, status=422)


@access(EVERYONE)
@require_safe
def show_leave(request, pk):
    return render_leave(request, the_leave(request, pk))


def render_leave(request, leave, status=200, **forms):
    at = clock.now()
    steps = pages.steps_of(leave, request.user, at)
    context = {
        "leave": leave,
        "at": at,
        "overdue": leave.is_overdue(at),
        "steps": steps,
        "items": pages.items_to_show(leave, steps),
        "approve_form": ApproveForm(),
        "refuse_form": RefuseForm(),
        "more_form": MoreForm(),
        "entries": Entry.objects.about(leave),
        **forms,
    }
    return render(request, "floor/leave.html", context, status=status)


def take(request, leave, action, said, **kwargs):
    action(leave=leave, by=request.user, at=clock.now(), **kwargs)
    messages.success(request, said)
    return onward(request, leave)


def take_by_form(request, leave, form, name, action, said):
    """A step with a form: what is wrong with it is shown beside its field, on the page of the leave."""
    if form.is_valid():
        try:
            return take(request, leave, action, said, **form.cleaned_data)
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, str(refused))
    return render_leave(request, leave, status=422, **{name: form})


@access(EVERYONE)
@require_POST
def approve_leave(request, pk):
    form = ApproveForm(request.POST)
    said = _("Approved.")
    return take_by_form(request, the_leave(request, pk), form, "approve_form", actions.approve_leave, said)


@access(EVERYONE)
@require_POST
def refuse_leave(request, pk):
    form = RefuseForm(request.POST)
    said = _("Not approved. The person is told.")
    return take_by_form(request, the_leave(request, pk), form, "refuse_form", actions.refuse_leave, said)


@access(EVERYONE)
@require_POST
def withdraw_leave(request, pk):
    return take(request, the_leave(request, pk), actions.withdraw_leave, _("Withdrawn."))


@access(EVERYONE)
@require_POST
def go_out(request, pk):
    leave = the_leave(request, pk)
    form = TicksForm(request.POST, items=actions.items_of(leave.centre_id))
    ticked = form.cleaned_data["ticked"] if form.is_valid() else []
    return take(request, leave, actions.go_out, _("You are out. Tap when you are back."), ticked=ticked)


@access(EVERYONE)
@require_POST
def come_back(request, pk):
    return take(request, the_leave(request, pk), actions.come_back, _("Back at the post."))


@access(EVERYONE)
@require_POST
def ask_more(request, pk):
    form = MoreForm(request.POST)
    said = _("Asked. Your leader answers.")
    return take_by_form(request, the_leave(request, pk), form, "more_form", actions.ask_more, said)


@access(EVERYONE)
@require_POST
def grant_more(request, pk):
    return take(request, the_leave(request, pk), actions.grant_more, _("More time granted."))


@access(EVERYONE)
@require_POST
def refuse_more(request, pk):
    return take(request, the_leave(request, pk), actions.refuse_more, _("No more time. The person is told."))
