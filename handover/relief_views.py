"""The steps of a relief: those of both sides lead back to their desk, those of the leader to the board of reliefs."""

import contextlib

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock, parts
from callcentre.access import access, visible
from callcentre.refusals import Refused
from handover import relief_actions as actions
from handover import relief_board, tending
from handover.desk_forms import GiveForm, ReleaseForm, SubstituteForm, TickForm
from handover.models import READERS, DeskRelief
from handover.relief_board import BOARD_READERS, KEPT
from journal.marks import mark_of
from journal.models import Entry


@contextlib.contextmanager
def or_404():
    """A step fetches its row itself: one that is not there or not the person's to see is not found, as anywhere."""
    try:
        yield
    except ObjectDoesNotExist:
        raise Http404 from None


@access(*BOARD_READERS)
@require_safe
def list_reliefs(request):
    """Every desk of the change of shift, those not relieved yet first; and the desks that are free."""
    person, at = request.user, clock.now()
    if relief_board.is_due(person.centre, at):
        tending.prepare(centre=person.centre, at=at)
    free = relief_board.Free(person, at)
    context = {
        "at": at,
        "reliefs": KEPT.get(person.centre, mark_of(person.centre_id), at, fresh=True).html,
        "free": free,
        "form": GiveForm(desks=free.desks, candidates=free.people, centre=person.centre),
    }
    return render(request, "handover/reliefs.html", context)


@access(*BOARD_READERS)
@require_safe
def poll_reliefs(request):
    """The reliefs as they stand; nothing (204) while that is what the page shows."""
    at, mark, said = clock.now(), mark_of(request.user.centre_id), request.GET.get("v", "")
    if parts.is_current(said, mark, at):
        return HttpResponse(status=204)
    drawn = KEPT.get(request.user.centre, mark, at)
    return HttpResponse(status=204) if drawn.version == said else HttpResponse(drawn.html)


@access(*BOARD_READERS)
@require_safe
def show_relief(request, pk):
    """One relief with its times, what was not in order, and what the leader decides."""
    return render_relief(request, visible(DeskRelief.objects.with_names(), request.user, pk))


def render_relief(request, relief, *, release_form=None, form=None, status=200):
    sheet = relief_board.Sheet(relief, request.user, clock.now())
    context = {
        "relief": relief,
        "sheet": sheet,
        "release_form": release_form or ReleaseForm(),
        "form": form or SubstituteForm(candidates=sheet.candidates, centre=relief.centre),
        "history": Entry.objects.about(relief),
    }
    return render(request, "handover/relief.html", context, status=status)


def own_step(action, said, undo=""):
    """A view of a step that one of the two sides takes at their desk; `undo` names the one that takes it back."""

    @access(*READERS)
    @require_POST
    def view(request, pk):
        with or_404():
            relief = action(relief=pk, by=request.user, at=clock.now())
        tags = reverse(undo, args=[pk]) if undo else ""
        messages.success(request, said % {"desk": relief.desk.code}, extra_tags=tags)
        return redirect(actions.MY_DESK)

    return view


arrive = own_step(actions.arrive, _("You are at desk %(desk)s. Let yourself be briefed."), "handover:step_back")
step_back = own_step(actions.step_back, _("Taken back: you are not at desk %(desk)s yet."))
brief = own_step(actions.brief, _("Briefing confirmed. Stay until your relief has taken over."), "handover:unbrief")
unbrief = own_step(actions.unbrief, _("Taken back: the briefing at desk %(desk)s goes on."))
sign_out = own_step(actions.sign_out, _("You have signed out of desk %(desk)s."))


@access(*READERS)
@require_POST
def assume(request, pk):
    """Take the desk over, with what is not in order there. A missing remark is asked for with the ticks kept."""
    form = TickForm(request.POST)
    if not form.is_valid():
        raise Refused("remark_too_long", clause="handover.3")
    try:
        with or_404():
            relief = actions.assume(relief=pk, faults=form.faults, **form.cleaned_data, by=request.user, at=clock.now())
    except Refused as refused:
        if refused.field != "remark":
            raise
        messages.error(request, str(refused))
        return redirect(f"{actions.MY_DESK}?{urlencode({'fault': form.faults}, doseq=True)}")
    messages.success(request, _("Desk %(desk)s is yours now.") % {"desk": relief.desk.code})
    return redirect(actions.MY_DESK)


@access(*READERS)
@require_POST
def substitute(request, pk):
    """The leader names who takes over."""
    relief = visible(DeskRelief.objects.with_names(), request.user, pk)
    candidates = relief_board.Sheet(relief, request.user, clock.now()).candidates
    form = SubstituteForm(request.POST, candidates=candidates, centre=relief.centre)
    try:
        if not form.is_valid():
            return render_relief(request, relief, form=form, status=422)
        person = form.cleaned_data["person"]
        actions.substitute(relief=pk, person=person, by=request.user, at=clock.now())
    except Refused as refused:
        if refused.field is None:
            raise
        form.add_error("number", str(refused))
        return render_relief(request, relief, form=form, status=422)
    said = _("%(person)s relieves desk %(desk)s, and has been told.")
    messages.success(request, said % {"person": person.name, "desk": relief.desk.code})
    return redirect("handover:list_reliefs")
