from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from callcentre import clock
from callcentre.access import access, visible
from callcentre.refusals import Refused, refusal
from journal.models import Entry
from people.models import Role
from shifts import actions, outcomes, rules, solving, telling
from shifts.forms.solving import GenerateForm
from shifts.models import Edit, Roster, Run, Wish

RUNS = 10
PLANNERS = (Role.LEADER, Role.DIRECTOR)


def draft_of(request, pk):
    return visible(Roster.objects.select_related("rotation", "centre"), request.user, pk)


def run_of(request, pk):
    runs = Run.objects.select_related("centre", "roster__centre", "roster__rotation", "asked_by")
    return visible(runs, request.user, pk)


@access(*PLANNERS)
def generate_roster(request, pk):
    """How long to search and what to weigh; and the runs that this draft has had."""
    roster, at = draft_of(request, pk), clock.now()
    form = GenerateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = actions.ask_run(roster=roster, **form.cleaned_data, by=request.user, at=at)
            return redirect("shifts:show_run", run.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    days = solving.open_days(roster, at)
    wishes = Wish.objects.filter(centre=roster.centre_id)
    context = {
        "roster": roster,
        "form": form,
        "days": days,
        "wishes": wishes.between(days[0], days[-1]).count() if days else 0,
        "refused": refusal(rules.check_generate, roster, days, at),
        "runs": roster.runs.select_related("asked_by").defer("outcome", "progress")[:RUNS],
    }
    return render(request, "shifts/generate.html", context, status=422 if form.errors else 200)


@access(*PLANNERS)
@require_safe
def show_run(request, pk):
    """How far the run is; when it has ended, what it found."""
    run, at = run_of(request, pk), clock.now()
    context = {"run": run, "roster": run.roster, "entries": Entry.objects.about(run)}
    if run.outcome:
        context |= outcome_context(request, run, at)
    else:
        context |= {"going": telling.Going(run, at), "why": rules.why_failed(run)}
    return render(request, "shifts/run.html", context)


def outcome_context(request, run, at):
    """The outcome as it stands against the draft; when that has changed since the run began, checked anew."""
    now = outcomes.cells_now(run.roster)
    cells = outcomes.cells_to_change(run, at, now)
    changed = outcomes.changed_meanwhile(run, now) if run.status == Run.Status.DONE else []
    found = outcomes.refusals(run.roster, cells) if changed else run.outcome["refusals"]
    return {
        "told": telling.Told(run, found),
        "cells": cells,
        "changed": changed,
        "may_apply": refusal(rules.check_apply, run),
        "may_undo": refusal(rules.check_undo_run, run, Edit.objects.done().filter(roster=run.roster_id).first()),
    }


@access(*PLANNERS)
@require_safe
def poll_run(request, pk):
    """Asked every second: 204 when there is nothing new, the whole page anew when the run has ended."""
    run = run_of(request, pk)
    going = telling.Going(run, clock.now())
    if not run.is_active:
        return HttpResponse(headers={"HX-Refresh": "true"})
    if request.GET.get("seen") == going.key:
        return HttpResponse(status=204)
    return render(request, "shifts/_going.html", {"run": run, "going": going})


@access(*PLANNERS)
@require_POST
def cancel_run(request, pk):
    run = actions.cancel_run(run=run_of(request, pk), by=request.user, at=clock.now())
    messages.success(request, _("Cancelled. The draft is as it was."))
    return redirect("shifts:generate_roster", run.roster_id)


@access(*PLANNERS)
@require_POST
def apply_run(request, pk):
    run = run_of(request, pk)
    actions.apply_run(run=run, by=request.user, at=clock.now())
    undo = reverse("shifts:undo_run", args=[run.pk])
    messages.success(request, _("Applied to the draft, as one step of editing."), extra_tags=undo)
    return redirect("shifts:show_draft", run.roster_id)


@access(*PLANNERS)
@require_POST
def undo_run(request, pk):
    run = run_of(request, pk)
    actions.undo_run(run=run, by=request.user, at=clock.now())
    messages.success(request, _("Undone. The draft is as it was before."))
    return redirect("shifts:show_run", run.pk)


@access(*PLANNERS)
@require_POST
def discard_run(request, pk):
    run = actions.discard_run(run=run_of(request, pk), by=request.user, at=clock.now())
    messages.success(request, _("Discarded. The draft is as it was."))
    return redirect("shifts:generate_roster", run.roster_id)
