"""Desks that nobody relieves: taken by agents; given, closed, opened and left by the leader's word."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from callcentre import clock
from callcentre.access import access, visible
from callcentre.refusals import Refused
from handover import desk_actions as actions
from handover import relief_board
from handover.desk_forms import GiveForm, ReleaseForm
from handover.models import READERS, DeskRelief, Turn
from handover.relief_actions import MY_DESK
from handover.relief_views import or_404, render_relief
from shifts.models import Desk


def the_desk(request, pk):
    return visible(Desk.objects.select_related("room"), request.user, pk)


@access(*READERS)
@require_POST
def take_desk(request, pk):
    desk = the_desk(request, pk)
    actions.take_desk(desk=desk, by=request.user, at=clock.now())
    messages.success(request, _("Desk %(desk)s is yours now.") % {"desk": desk.code})
    return redirect(MY_DESK)


@access(*READERS)
@require_POST
def close_desk(request, pk):
    """By the leader, or by the last one at a desk that no shift takes over."""
    desk = the_desk(request, pk)
    own = Turn.objects.of_person_now(request.user).filter(desk=desk).exists()
    actions.close_desk(desk=desk, by=request.user, at=clock.now())
    messages.success(request, _("Desk %(desk)s is closed.") % {"desk": desk.code})
    return redirect(MY_DESK if own else "handover:list_reliefs")


@access(*READERS)
@require_POST
def open_desk(request, pk):
    desk = the_desk(request, pk)
    actions.open_desk(desk=desk, by=request.user, at=clock.now())
    messages.success(request, _("Desk %(desk)s is open again.") % {"desk": desk.code})
    return redirect("handover:list_reliefs")


@access(*READERS)
@require_POST
def give_desk(request):
    """Seat somebody who has no desk at a free one."""
    person, at = request.user, clock.now()
    free = relief_board.Free(person, at)
    form = GiveForm(request.POST, desks=free.desks, candidates=free.people, centre=person.centre)
    if not form.is_valid():  # chosen from a page that has become old
        raise Refused("desk_choice_gone", clause="handover.4")
    actions.give_desk(**form.cleaned_data, by=person, at=at)
    said = {"person": form.cleaned_data["person"].name, "desk": form.cleaned_data["desk"].code}
    messages.success(request, _("%(person)s sits at desk %(desk)s now.") % said)
    return redirect("handover:list_reliefs")


@access(*READERS)
@require_POST
def release(request, pk):
    """Two buttons of one form: released without relief, or nobody was there. `pk` is the turn's."""
    form = ReleaseForm(request.POST)
    if form.is_valid():
        with or_404():
            turn = actions.release(
                turn=pk,
                reason=form.cleaned_data["reason"],
                nobody_there="nobody_there" in request.POST,
                by=request.user,
                at=clock.now(),
            )
        said = _("%(person)s has left desk %(desk)s without relief. It is on the record.")
        messages.success(request, said % {"person": turn.person.name, "desk": turn.desk.code})
        return redirect("handover:list_reliefs")
    relief = DeskRelief.objects.visible_to(request.user).with_names().filter(turn=pk).first()
    if relief is None:
        raise Refused("release_reason_missing", clause="handover.4")
    return render_relief(request, relief, release_form=form, status=422)
