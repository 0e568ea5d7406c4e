"""The verbs of generated rosters: ask for a run, what its worker tells of it, and what becomes of its outcome."""

import datetime as dt
import logging

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from callcentre.states import check_move, move
from delivery.actions import announce
from delivery.kinds import kind
from journal.actions import record
from journal.verbs import verbs
from people.models import Centre
from shifts import outcomes, rules, solving
from shifts.actions.editing import edit_roster, undo_edit
from shifts.models import Edit, Run

logger = logging.getLogger(__name__)

verbs(
    {
        "run.asked": _("asked for a generated roster"),
        "run.started": _("began to generate"),
        "run.finished": _("generated a roster"),
        "run.failed": _("failed to generate"),
        "run.cancelled": _("cancelled the run"),
        "run.applied": _("applied the generated roster"),
        "run.undone": _("took the generated roster back out of the draft"),
        "run.discarded": _("discarded the generated roster"),
    }
)
kind("shifts.run_done", _("The generated roster from %(from_on)s is ready. Look at it, then apply it."))
kind("shifts.run_failed", _("Generating the roster from %(from_on)s failed. The draft is as it was."))

SILENCE = dt.timedelta(seconds=60)
UNTAKEN = dt.timedelta(minutes=5)


@transaction.atomic
def ask_run(*, roster, seconds, by, at, keep=Run.Weight.SOME, fairness=Run.Weight.SOME, wishes=Run.Weight.SOME):
    """Queue a run over the draft; the relay hands it to a worker.

    Raises Refused: "draft_not_yours", "run_needs_draft", "run_days_begun", "run_too_long", "run_under_way".
    """
    rules.check_may_draft(by, roster.centre, at)
    rules.check_generate(roster, solving.open_days(roster, at), at)
    Centre.objects.select_for_update(no_key=True).get(pk=roster.centre_id)  # of two at once, the second sees the first
    rules.check_no_run(Run.objects.active().filter(centre=roster.centre_id).first())
    run = Run.objects.create(
        centre=roster.centre,
        roster=roster,
        seconds=seconds,
        keep=keep,
        fairness=fairness,
        wishes=wishes,
        asked_by=by,
        asked_at=at,
        heard_at=at,
    )
    record("run.asked", run, by=by, at=at, roster=roster.pk, seconds=seconds)
    return run


@transaction.atomic
def start_run(*, run, at):
    """A worker takes the run. Raises Refused when another has it, or when it was cancelled meanwhile."""
    move(run, Run.Status.RUNNING, started_at=at, heard_at=at)
    record("run.started", run, by=None, at=at)


def keep_progress(*, run, progress, at):
    """Write what the worker tells. False when the run is no longer its own: cancelled, or given up for lost."""
    running = Run.objects.filter(pk=run.pk, status=Run.Status.RUNNING)
    return bool(running.update(progress=progress, heard_at=at))


@transaction.atomic
def finish_run(*, run, outcome, at):
    """Keep what was found, to be looked at. Raises Refused when the run was cancelled meanwhile."""
    move(run, Run.Status.DONE, outcome=outcome, heard_at=at, ended_at=at)
    record("run.finished", run, by=None, at=at, cost=outcome["cost"])
    tell("shifts.run_done", run, at)


@transaction.atomic
def fail_run(*, run, failure, at):
    """failure: a key of rules.FAILURES. Raises Refused when the run has ended meanwhile."""
    move(run, Run.Status.FAILED, failure=failure, ended_at=at)
    record("run.failed", run, by=None, at=at, failure=failure)
    tell("shifts.run_failed", run, at)


def tell(code, run, at):
    link = reverse("shifts:show_run", args=[run.pk])
    announce(code, centre=run.centre, to=[run.asked_by_id], at=at, link=link, from_on=run.roster.from_on)


@transaction.atomic
def cancel_run(*, run, by, at):
    """End a run that waits or is under way; its worker hears of it within a second or two.

    Raises Refused: "draft_not_yours", "wrong_state", "changed_meanwhile".
    """
    rules.check_may_draft(by, run.centre, at)
    move(run, Run.Status.CANCELLED, ended_at=at)
    record("run.cancelled", run, by=by, at=at)
    return run


def fail_lost(*, at):
    """Give up the runs whose worker has been silent for a minute, and those that none took. Returns how many."""
    lost = [(run, "lost") for run in active_since(Run.Status.RUNNING, at - SILENCE)]
    lost += [(run, "not_taken") for run in active_since(Run.Status.QUEUED, at - UNTAKEN)]
    return sum(_give_up(run, failure, at) for run, failure in lost)


def active_since(status, moment):
    rows = Run.objects.silent(moment).filter(status=status)
    return rows.select_related("centre", "roster")


def _give_up(run, failure, at):
    try:
        fail_run(run=run, failure=failure, at=at)
    except Refused:
        return False  # it ended meanwhile
    return True


@transaction.atomic
def apply_run(*, run, by, at):
    """Put the generated days into the draft: one step of editing, which can be undone.

    Days that have begun meanwhile are left as they are. Raises Refused: "draft_not_yours", "run_needs_draft",
    "wrong_state", "changed_meanwhile".
    """
    rules.check_may_draft(by, run.centre, at)
    rules.check_apply(run)
    check_move(run, Run.Status.APPLIED)
    cells = outcomes.cells_to_change(run, at)
    edit = edit_roster(roster=run.roster, cells=cells, by=by, at=at, kind=Edit.Kind.SOLVED) if cells else None
    number = edit.number if edit else None
    move(run, Run.Status.APPLIED, outcome=run.outcome | {"edit": number})
    record("run.applied", run, by=by, at=at, edit=number, cells=len(cells))
    return edit


@transaction.atomic
def undo_run(*, run, by, at):
    """Undo the step that applied the run: its outcome waits again to be applied or discarded.

    Raises Refused: "draft_not_yours", "wrong_state", "changed_meanwhile", "run_not_last_step".
    """
    rules.check_may_draft(by, run.centre, at)
    move(run, Run.Status.DONE)
    rules.check_undo_run(run, Edit.objects.done().filter(roster=run.roster_id).first())
    record("run.undone", run, by=by, at=at)
    return undo_edit(roster=run.roster, by=by, at=at)


@transaction.atomic
def discard_run(*, run, by, at):
    """Do without the outcome. Raises Refused: "draft_not_yours", "wrong_state", "changed_meanwhile"."""
    rules.check_may_draft(by, run.centre, at)
    move(run, Run.Status.DISCARDED)
    record("run.discarded", run, by=by, at=at)
    return run
