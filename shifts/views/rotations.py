import datetime as dt

from django.contrib import messages
from django.db.models import Max, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from callcentre import clock
from callcentre.access import access, visible
from callcentre.refusals import Refused, refusal
from people.models import Role
from shifts import actions, presets
from shifts.forms.rotations import MakeRotationForm, OwnRotationForm, as_written, proposed_rotation
from shifts.models import Roster, Rotation
from shifts.rotations import TYPES

DAY = dt.timedelta(days=1)


@access(Role.DIRECTOR)
@require_safe
def list_rotations(request):
    """Each rotation: its cycle, where its teams stand in it, and until when it is published."""
    published = Max("roster__until_on", filter=Q(roster__status=Roster.Status.PUBLISHED))
    rotations = Rotation.objects.visible_to(request.user).prefetch_related("places__team")
    types = presets.types_of(request.user.centre)
    rows = [
        (rotation, [types.get(code) for code in rotation.cycle])
        for rotation in rotations.annotate(published_until=published).order_by("pk")
    ]
    return render(request, "shifts/rotations.html", {"rows": rows})


@access(Role.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def make_rotation(request):
    """Choose a known rotation, its teams and its first day; look at its first two weeks; make it."""
    centre, at = request.user.centre, clock.now()
    if request.method != "POST":
        form = MakeRotationForm(centre, initial=proposed_rotation(centre, clock.local_date(centre, at)))
        return render_rotation(request, form)
    form = MakeRotationForm(centre, request.POST)
    if form.is_valid():
        try:
            if "preview" in request.POST:
                return render_rotation(request, form, weeks=presets.first_weeks(centre, **form.rotation))
            rotation = actions.make_rotation(centre=centre, **form.rotation, by=request.user, at=at)
            messages.success(request, _("%(rotation)s is set up. Make its first draft here.") % {"rotation": rotation})
            return redirect("shifts:list_rosters")
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    return render_rotation(request, form, status=422)


def render_rotation(request, form, weeks=None, status=200):
    types = presets.types_of(request.user.centre)
    context = {
        "form": form,
        "presets": presets.drawn(form["preset"], types),
        "types": [types[code] for code in TYPES],
        "weeks": weeks,
    }
    return render(request, "shifts/make_rotation.html", context, status=status)


@access(Role.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def make_own_rotation(request):
    """Write a cycle of one's own, say where each team begins in it, look at two weeks of it; make it."""
    first_day = proposed_rotation(request.user.centre, clock.local_date(request.user.centre, clock.now()))["starts_on"]
    form = OwnRotationForm(
        request.user.centre, request.POST if request.method == "POST" else None, initial={"starts_on": first_day}
    )
    step = {"centre": request.user.centre, "by": request.user, "at": clock.now()}
    if request.method == "POST" and "preview" not in request.POST and accepted(form, actions.make_own_rotation, **step):
        messages.success(request, _("The rotation is set up. Make its first draft here."))
        return redirect("shifts:list_rosters")
    return render_own(request, form)


@access(Role.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def change_rotation(request, pk):
    """Change a rotation's cycle, places and first day, for the days that are not published yet."""
    rotation = visible(Rotation.objects.select_related("centre"), request.user, pk)
    written = as_written(rotation, first_open_day(rotation, clock.local_date(rotation.centre, clock.now())))
    form = OwnRotationForm(rotation.centre, request.POST if request.method == "POST" else None, initial=written)
    step = {"rotation": rotation, "by": request.user, "at": clock.now()}
    if request.method == "POST" and "preview" not in request.POST and accepted(form, actions.change_rotation, **step):
        messages.success(request, _("Changed. Published days stay as they are; drafts can be filled again here."))
        return redirect("shifts:change_rotation", rotation.pk)
    return render_own(request, form, rotation)


def first_open_day(rotation, today):
    """The first day from today on that a change concerns: none is published from it on."""
    last = Roster.objects.published().filter(rotation=rotation).aggregate(last=Max("until_on"))["last"]
    return max(today, last + DAY) if last else today


def accepted(form, step, **kwargs):
    """Take the step with what the form holds; where it is refused, the form says why."""
    if not form.is_valid():
        return False
    refused = refusal(step, **form.plan, **kwargs)
    if refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return refused is None


def render_own(request, form, rotation=None):
    rosters = Roster.objects.filter(rotation=rotation) if rotation else Roster.objects.none()
    types = presets.types_of(request.user.centre)
    weeks, refused = previewed(request.user.centre, form)
    context = {
        "form": form,
        "rotation": rotation,
        "types": types.values(),
        "weeks": weeks,
        "refused": refused if "preview" in request.POST else None,
        "drafts": rosters.filter(status=Roster.Status.DRAFT).order_by("from_on", "pk")[:10],
        "published": rosters.published().order_by("-until_on").first(),
    }
    invalid = form.is_bound and form.errors and "preview" not in request.POST
    return render(request, "shifts/own_rotation.html", context, status=422 if invalid else 200)


def previewed(centre, form):
    """(the first two weeks or None, why not): of what the form holds, whether or not it could be saved yet."""
    if not form.is_bound:
        form = OwnRotationForm(centre, {name: form[name].value() for name in form.fields})
    form.is_valid()
    if form.course is None:
        return None, None
    try:
        return presets.own_weeks(centre, **form.course), None
    except Refused as refused:
        return None, refused


@access(Role.DIRECTOR)
@require_POST
def preview_rotation(request):
    """The first two weeks of what is being written."""
    weeks, refused = previewed(request.user.centre, OwnRotationForm(request.user.centre, request.POST))
    return render(request, "shifts/_weeks.html", {"weeks": weeks, "refused": refused})


@access(Role.LEADER, Role.DIRECTOR)
@require_POST
def refill_draft(request, pk):
    """Give all of a draft's days anew what the rotation asks now."""
    roster = visible(Roster, request.user, pk)
    span = {"from_on": roster.from_on, "until_on": roster.until_on}
    actions.fill_roster(roster=roster, **span, by=request.user, at=clock.now())
    messages.success(request, _("Filled from the cycle again. One step of undoing takes it back."))
    return redirect("shifts:show_draft", roster.pk)
