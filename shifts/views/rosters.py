import datetime as dt

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused, refusal
from people.models import Role
from shifts import actions, floor, months, publishing, rules
from shifts.forms.rosters import MakeRosterForm, PublishForm, proposed_period
from shifts.models import Roster, Rotation

PAGE = 20


@access(EVERYONE)
@require_safe
def show_now(request):
    """Who is on the floor at this moment, and who comes next."""
    at = clock.now()
    return render(request, "shifts/now.html", {"at": at, "floor": floor.floor_at(request.user.centre, at)})


def month_links(year, month):
    return {
        "month": months.month_key(year, month),
        "earlier": months.beside(year, month, -1),
        "later": months.beside(year, month, 1),
    }


@access(EVERYONE)
@require_safe
def show_mine(request):
    """The reader's own month: each day's shift, times and desk, and the totals."""
    person, at = request.user, clock.now()
    today = clock.local_date(person.centre, at)
    year, month = months.parse_month(request.GET.get("month"), today)
    days = months.own_month(person, year, month, today)
    coming = months.own_shifts(person, today - dt.timedelta(days=1), today + dt.timedelta(days=31))
    shifts, hours, nights = months.totals(days)
    context = {
        "days": days,
        "first": days[0][0].on,
        "today": today,
        "next": next((own for own in coming if own.shift.ends_at > at), None),
        "at": at,
        "shifts": shifts,
        "hours": hours,
        "nights": nights,
    }
    return render(request, "shifts/mine.html", {**context, **month_links(year, month)})


@access(Role.LEADER, Role.DIRECTOR)
@require_safe
def list_rosters(request):
    """Drafts and publications, the newest first, and the form that makes the next one."""
    return render_rosters(request, new_form(request.user.centre), before=request.GET.get("before", ""))


def new_form(centre):
    return MakeRosterForm(centre, initial=proposed_period(centre, clock.local_date(centre, clock.now())))


def render_rosters(request, form, before="", status=200):
    rosters = Roster.objects.visible_to(request.user).select_related("rotation", "published_by")
    if before.isascii() and before.isdigit() and len(before) < 19:
        rosters = rosters.filter(pk__lt=int(before))
    page = list(rosters[: PAGE + 1])
    context = {
        "form": form,
        "rosters": page[:PAGE],
        "older": f"?before={page[PAGE - 1].pk}" if len(page) > PAGE else "",
        "has_rotations": Rotation.objects.filter(centre=request.user.centre_id).exists(),
    }
    return render(request, "shifts/rosters.html", context, status=status)


@access(Role.LEADER, Role.DIRECTOR)
@require_POST
def make_roster(request):
    form = MakeRosterForm(request.user.centre, request.POST)
    if form.is_valid():
        try:
            roster = actions.make_roster(**form.cleaned_data, by=request.user, at=clock.now())
            return redirect("shifts:show_draft", roster.pk)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    return render_rosters(request, form, status=422)


@access(Role.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def publish_roster(request, pk):
    """What the checks find in the draft, what it replaces and who is told; then the publication itself."""
    rosters = Roster.objects.select_related("rotation", "centre").with_covering()
    roster, at, form = (
        visible(rosters, request.user, pk),
        clock.now(),
        PublishForm(request.POST if request.method == "POST" else None),
    )
    is_draft = roster.status == Roster.Status.DRAFT
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            actions.publish_roster(roster=roster, by=request.user, at=at, reason=reason, replace=True)
            messages.success(request, _("Published. Everybody's pages go by it from now on."))
            return redirect("shifts:show_draft", roster.pk)
        except Refused as refused:
            if not is_draft:
                raise
            form.add_error(refused.field, str(refused))
    if not is_draft:
        return redirect("shifts:show_draft", roster.pk)
    return render_proposal(request, roster, form, at)


def render_proposal(request, roster, form, at):
    replaced = publishing.covering_known(roster)
    context = {
        "roster": roster,
        "form": form,
        "proposal": publishing.Proposal(roster, replaced),
        "may_publish": refusal(rules.check_publish, roster, replaced, request.user, at, replace=True),
    }
    return render(request, "shifts/publish.html", context, status=422 if form.errors else 200)


@access(Role.DIRECTOR)
@require_POST
def archive_roster(request, pk):
    roster = visible(Roster, request.user, pk)
    actions.archive_roster(roster=roster, by=request.user, at=clock.now())
    messages.success(request, _("Archived."))
    return redirect("shifts:list_rosters")
