from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused
from meetings import actions, dates, pages
from meetings.forms import ActionItemForm, DecisionForm, GuestForm, MinutesForm, move_form, year_of
from meetings.models import ActionItem, AgendaPoint, Attendance, Decision, Meeting

AHEAD_SHOWN = 30


@access(EVERYONE)
@require_safe
def list_meetings(request):
    """What is ahead or unfinished, and what is over, newest first."""
    mine = Meeting.objects.visible_to(request.user).with_duty()
    page = pages.Page(mine.over(), request.GET.get("before", ""))
    context = {
        "ahead": pages.with_flags(request.user.centre, mine.ahead()[:AHEAD_SHOWN]) if page.is_first else [],
        "page": page,
    }
    return render(request, "meetings/list_meetings.html", context)


@access(EVERYONE)
@require_safe
def preview_dates(request):
    """A year's dates as the parameters make them, with the holidays they fall on."""
    year = year_of(request.GET, request.user.centre, clock.now())
    context = {"year": year, "series": pages.year(request.user.centre, year)}
    return render(request, "meetings/preview_dates.html", context)


def the_meeting(request, pk):
    return visible(Meeting.objects.with_duty(), request.user, pk)


def part(model, request, pk, part_pk):
    """A row of this meeting, with it."""
    rows = model.objects.filter(meeting=pk).select_related("meeting__duty__rule", "meeting__centre")
    return visible(rows, request.user, part_pk)


def page(request, meeting, status=200, **forms):
    context = pages.one(request, meeting, clock.now(), **forms)
    return render(request, "meetings/show_meeting.html", context, status=status)


@access(EVERYONE)
@require_safe
def show_meeting(request, pk):
    return page(request, the_meeting(request, pk))


@access(EVERYONE)
@require_safe
def print_minutes(request, pk):
    """The minutes as a paper to sign; before they are final only for those who write them."""
    context = pages.one(request, the_meeting(request, pk), clock.now())
    if not context["may_read"]:
        raise Http404
    return render(request, "meetings/print_minutes.html", context)


def back(pk, anchor=""):
    return redirect(f"{reverse('meetings:show_meeting', args=[pk])}{anchor}")


def step(request, pk, action, said, undo=""):
    action(meeting=the_meeting(request, pk), by=request.user, at=clock.now())
    messages.success(request, said, extra_tags=reverse(undo, args=[pk]) if undo else "")
    return back(pk)


def filled(request, meeting, name, form, act, said, anchor=""):
    """A form of the page: act and go back, or the page again with what was typed and what stopped it."""
    if form.is_valid():
        try:
            act(**form.cleaned_data, by=request.user, at=clock.now())
        except Refused as refused:
            if refused.field not in form.fields:
                raise
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, said)
            return back(meeting.pk, anchor)
    return page(request, meeting, status=422, **{name: form})


@access(EVERYONE)
@require_POST
def move_meeting(request, pk):
    meeting = the_meeting(request, pk)
    form = move_form(meeting, dates.flag(meeting.centre, meeting.held_on), request.POST)

    def act(**fields):
        actions.move_meeting(meeting=meeting, **fields)

    return filled(request, meeting, "move_form", form, act, _("Moved. Who must attend is told."))


@access(EVERYONE)
@require_POST
def open_meeting(request, pk):
    return step(request, pk, actions.open_meeting, _("The meeting is open."), undo="meetings:unopen_meeting")


@access(EVERYONE)
@require_POST
def unopen_meeting(request, pk):
    return step(request, pk, actions.unopen_meeting, _("Taken back."))


@access(EVERYONE)
@require_POST
def mark_attendance(request, pk):
    """One tap: `present` or `away` holds the number of a row of the list."""
    present = "present" in request.POST
    number = request.POST.get("present" if present else "away", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Http404
    row = part(Attendance, request, pk, int(number))
    actions.mark_attendance(attendance=row, present=present, by=request.user, at=clock.now())
    if not request.htmx:
        return back(pk, "#attendance")
    context = {"row": row, "meeting": row.meeting, "kept": True, "counts": pages.counts(row.meeting), "oob": True}
    return render(request, "meetings/_attendee_and_counts.html", context)


@access(EVERYONE)
@require_POST
def mark_all_present(request, pk):
    actions.mark_all_present(meeting=the_meeting(request, pk), by=request.user, at=clock.now())
    return back(pk, "#attendance")


@access(EVERYONE)
@require_POST
def add_guest(request, pk):
    meeting = the_meeting(request, pk)

    def act(**fields):
        actions.add_guest(meeting=meeting, **fields)

    return filled(request, meeting, "guest_form", GuestForm(request.POST), act, _("On the list."), "#attendance")


@access(EVERYONE)
@require_POST
def write_minutes(request, pk, point):
    """One point's minutes; what somebody else has written meanwhile is shown beside what was typed."""
    row = part(AgendaPoint, request, pk, point)
    form = MinutesForm(request.POST, instance=row)
    if form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("minutes", "nothing", "version")}
        try:
            row = actions.write_minutes(point=row, by=request.user, at=clock.now(), **fields)
        except Refused as refused:
            if refused.field != "minutes":
                raise
            form = again(form, refused)
        else:
            return written(request, row)
    if request.htmx:
        return drawn_point(request, form.instance, form, status=422)
    return page(request, the_meeting(request, pk), point_form=form, status=422)


def again(form, refused):
    """The form with what was typed, upon the row as it is now: saving once more is then a decision."""
    data = form.data.copy()
    if refused.code == "meeting_changed_meanwhile":
        form.instance = AgendaPoint.objects.select_related("written_by", "meeting__duty__rule").get(pk=form.instance.pk)
        data["version"] = str(form.instance.version)
    renewed = MinutesForm(data, instance=form.instance)
    renewed.is_valid()
    renewed.theirs = form.instance if refused.code == "meeting_changed_meanwhile" else None
    renewed.add_error("minutes", str(refused))
    return renewed


def written(request, point):
    if request.htmx:
        return drawn_point(request, point, MinutesForm(instance=point))
    return back(point.meeting_id, f"#point-{point.pk}")


def drawn_point(request, point, form, status=200):
    context = {"point": point, "form": form, "meeting": point.meeting, "may_read": True}
    return render(request, "meetings/_point.html", context, status=status)


@access(EVERYONE)
@require_POST
def add_decision(request, pk):
    meeting = the_meeting(request, pk)

    def act(**fields):
        actions.add_decision(meeting=meeting, **fields)

    return filled(request, meeting, "decision_form", DecisionForm(request.POST), act, _("Noted."), "#decisions")


@access(EVERYONE)
@require_POST
def remove_decision(request, pk, decision):
    actions.remove_decision(decision=part(Decision, request, pk, decision), by=request.user, at=clock.now())
    return back(pk, "#decisions")


@access(EVERYONE)
@require_POST
def add_action_item(request, pk):
    meeting = the_meeting(request, pk)

    def act(**fields):
        actions.add_action_item(meeting=meeting, **fields)

    return filled(request, meeting, "item_form", ActionItemForm(request.POST), act, _("Given out."), "#items")


@access(EVERYONE)
@require_POST
def remove_action_item(request, pk, item):
    actions.remove_action_item(item=part(ActionItem, request, pk, item), by=request.user, at=clock.now())
    return back(pk, "#items")


@access(EVERYONE)
@require_POST
def close_action_item(request, pk, item):
    actions.close_action_item(item=part(ActionItem, request, pk, item), by=request.user, at=clock.now())
    messages.success(request, _("Done."), extra_tags=reverse("meetings:reopen_action_item", args=[pk, item]))
    return back(pk, "#items")


@access(EVERYONE)
@require_POST
def reopen_action_item(request, pk, item):
    actions.reopen_action_item(item=part(ActionItem, request, pk, item), by=request.user, at=clock.now())
    messages.success(request, _("Taken back."))
    return back(pk, "#items")


@access(EVERYONE)
@require_POST
def end_meeting(request, pk):
    return step(request, pk, actions.end_meeting, _("The meeting has ended."), undo="meetings:resume_meeting")


@access(EVERYONE)
@require_POST
def resume_meeting(request, pk):
    return step(request, pk, actions.resume_meeting, _("Taken back."))


@access(EVERYONE)
@require_POST
def finalise_minutes(request, pk):
    return step(request, pk, actions.finalise, _("The minutes are final."))


@access(EVERYONE)
@require_POST
def confirm_minutes(request, pk):
    rows = Attendance.objects.filter(meeting=pk, person=request.user).select_related(
        "meeting__duty__rule", "meeting__centre"
    )
    row = rows.visible_to(request.user).first()
    if row is None:
        raise Http404
    actions.confirm_minutes(attendance=row, by=request.user, at=clock.now())
    messages.success(request, _("Thank you. Your confirmation is on record."))
    return back(pk)
