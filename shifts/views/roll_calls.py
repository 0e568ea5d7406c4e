from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import EVERYONE, access, visible
from callcentre.refusals import Refused
from journal.models import Entry
from shifts.actions import roll_calls as actions
from shifts.forms.roll_calls import ArrivalForm, CloseForm, ReasonForm, WordsForm
from shifts.models import Call, Shift
from shifts.roll_sheet import Changed, Sheet


def the_shift(request, pk):
    return visible(Shift.objects.published().with_names().select_related("centre"), request.user, pk)


@access(EVERYONE)
@require_safe
def show_roll_call(request, shift_pk):
    """The crew on one screen, for whoever calls the roll; to others to read, and to each person their own line."""
    return page(request, the_shift(request, shift_pk))


def page(request, shift, *, form=None, status=200):
    sheet = Sheet(shift, request.user, clock.now())
    if not (sheet.sees_all or sheet.own):
        raise Http404
    remarks = sheet.roll_call.remarks
    context = {
        "sheet": sheet,
        "shift": shift,
        "roll_call": sheet.roll_call,
        "form": form or CloseForm(initial={"remarks": remarks, "before": remarks}),
        "unfolded": request.GET.get("open", ""),
        "entries": Entry.objects.about(sheet.roll_call) if sheet.roll_call.pk and sheet.sees_all else [],
    }
    return render(request, "shifts/roll_call.html", context, status=status)


def changed(request, book, person_pk, *, unfolded=False):
    """After a step about one person: their line and the counts for htmx, else the page at that line."""
    if not request.htmx:
        query = f"?open={person_pk}" if unfolded else ""
        return redirect(f"{address(book.shift)}{query}#call-{person_pk}")
    sheet = Changed(book)
    others = [sheet.row(call) for call in book.saved if call.person_id != person_pk]
    context = {"sheet": sheet, "shift": book.shift, "row": sheet.row_of(person_pk), "others": others}
    return render(request, "shifts/_roll_call_changed.html", context | {"unfolded": str(person_pk) if unfolded else ""})


def address(shift):
    return reverse("shifts:show_roll_call", args=[shift.pk])


@access(EVERYONE)
@require_POST
def mark_here(request, shift_pk, person_pk):
    shift = the_shift(request, shift_pk)
    book = actions.mark_here(shift=shift, person_id=person_pk, by=request.user, at=clock.now())
    return changed(request, book, person_pk)


@access(EVERYONE)
@require_POST
def mark_absent(request, shift_pk, person_pk):
    return marked_away(request, shift_pk, person_pk, Call.Outcome.ABSENT)


@access(EVERYONE)
@require_POST
def mark_on_leave(request, shift_pk, person_pk):
    return marked_away(request, shift_pk, person_pk, Call.Outcome.ON_LEAVE)


def marked_away(request, shift_pk, person_pk, outcome):
    shift = the_shift(request, shift_pk)
    book = actions.mark_away(shift=shift, person_id=person_pk, outcome=outcome, by=request.user, at=clock.now())
    return changed(request, book, person_pk)


@access(EVERYONE)
@require_POST
def unmark(request, shift_pk, person_pk):
    shift = the_shift(request, shift_pk)
    book = actions.unmark(shift=shift, person_id=person_pk, by=request.user, at=clock.now())
    return changed(request, book, person_pk)


@access(EVERYONE)
@require_POST
def mark_arrival(request, shift_pk, person_pk):
    shift = the_shift(request, shift_pk)
    form = ArrivalForm(request.POST)
    if not form.is_valid():
        raise Refused("arrival_time_needed", clause="handover.1")
    book = actions.mark_arrival(shift=shift, person_id=person_pk, **form.cleaned_data, by=request.user, at=clock.now())
    return changed(request, book, person_pk)


@access(EVERYONE)
@require_POST
def set_fault(request, shift_pk, person_pk, item):
    """`faulty`: 1 for an item that is not in order, 0 for one that is."""
    shift, faulty = the_shift(request, shift_pk), request.POST.get("faulty") == "1"
    book = actions.set_fault(
        shift=shift, person_id=person_pk, item=item, faulty=faulty, by=request.user, at=clock.now()
    )
    return changed(request, book, person_pk, unfolded=True)


@access(EVERYONE)
@require_POST
def annotate(request, shift_pk, person_pk):
    shift = the_shift(request, shift_pk)
    form = WordsForm(request.POST)
    if not form.is_valid():
        raise Refused("words_too_long")
    book = actions.annotate(shift=shift, person_id=person_pk, **form.cleaned_data, by=request.user, at=clock.now())
    return changed(request, book, person_pk)


@access(EVERYONE)
@require_POST
def mark_rest_here(request, shift_pk):
    shift = the_shift(request, shift_pk)
    book = actions.mark_rest_here(shift=shift, by=request.user, at=clock.now())
    if request.htmx:
        return render(request, "shifts/_roll_call_crew.html", {"sheet": Changed(book), "shift": shift, "unfolded": ""})
    return redirect(address(shift))


@access(EVERYONE)
@require_POST
def state_reason(request, shift_pk):
    shift = the_shift(request, shift_pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("roll_call_reason_missing", clause="handover.1")
    actions.state_reason(shift=shift, **form.cleaned_data, by=request.user, at=clock.now())
    messages.success(request, _("Your reason is on the record."))
    return redirect(address(shift))


@access(EVERYONE)
@require_POST
def close_roll_call(request, shift_pk):
    """Two buttons of one form: the remarks alone, or closing with them."""
    shift, form = the_shift(request, shift_pk), CloseForm(request.POST)
    if form.is_valid():
        data, at = form.cleaned_data, clock.now()
        try:
            if "remarks_only" in request.POST:
                words = {"remarks": data["remarks"], "before": data["before"]}
                actions.write_remarks(shift=shift, **words, by=request.user, at=at)
                messages.success(request, _("The remarks are saved."))
            else:
                actions.close_roll_call(shift=shift, **data, by=request.user, at=at)
                messages.success(request, _("The roll call is closed: the crew enters the room."))
            return redirect(address(shift))
        except Refused as refused:
            if refused.code in ("roll_call_not_yours", "wrong_state", "roll_call_closed"):
                raise
            form.add_error(refused.field, str(refused))
    return page(request, shift, form=form, status=422)


@access(EVERYONE)
@require_POST
def reopen_roll_call(request, shift_pk):
    shift = the_shift(request, shift_pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("roll_call_reason_missing", clause="handover.2")
    actions.reopen_roll_call(shift=shift, **form.cleaned_data, by=request.user, at=clock.now())
    messages.success(request, _("The roll call is open again."))
    return redirect(address(shift))
