"""May, must, is it time: the decisions about generated rosters and about wishes."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from callcentre import clock, words
from callcentre.refusals import Refused, texts
from people.models import Role
from shifts.models import Roster, Run

LONGEST_RUN = 62  # days of a draft that one run plans
WISH_POINTS = 12  # a month of each person: without a limit every wish would be an important one
WISHES_AHEAD = 186  # days
PLANNED_ROLES = (Role.AGENT, Role.LEADER)

texts(
    {
        "run_needs_draft": _("Only a draft can be generated. Make a new draft for these days."),
        "run_days_begun": _("Every day of this draft has begun. Make a draft of days to come."),
        "run_too_long": _("One run plans at most %(days)s days. Make a shorter draft."),
        "run_under_way": _("A run is under way in this centre. Wait for it, or cancel it."),
        "run_not_last_step": _("The draft has changed since this was applied. Undo step by step on the draft's page."),
        "wish_day_begun": _("%(day)s has begun or is past. Wish for a day to come."),
        "wish_too_far": _("%(day)s is too far ahead. Wish at most half a year ahead."),
        "wish_published": _("%(day)s is published already. Ask for a swap or for leave instead."),
        "wish_points_spent": _("This month's %(points)s wish points are spent. Take a wish back first."),
        "wish_of_unplanned": _("Wishes are for those whom a roster plans: people of a team."),
        "wish_not_yours": _("A wish is changed by the person whose wish it is."),
    }
)


def check_generate(roster, days, at):
    """May a run plan the draft? `days`: its dates that have not begun.

    Raises Refused: "run_needs_draft", "run_days_begun", "run_too_long".
    """
    if roster.status != Roster.Status.DRAFT:
        raise Refused("run_needs_draft")
    if not days:
        raise Refused("run_days_begun")
    if (roster.until_on - roster.from_on).days >= LONGEST_RUN:
        raise Refused("run_too_long", days=LONGEST_RUN)


def check_no_run(active):
    """Raise Refused("run_under_way") when the centre has an active run: `active`, or None."""
    if active:
        raise Refused("run_under_way")


def check_apply(run):
    """Raise Refused("run_needs_draft") when the roster has been published or set aside since the run was asked for."""
    if run.roster.status != Roster.Status.DRAFT:
        raise Refused("run_needs_draft")


def check_undo_run(run, last):
    """Raise Refused("run_not_last_step") unless the draft's `last` step, an Edit or None, is the run's own."""
    if last is None or last.number != run.outcome.get("edit"):
        raise Refused("run_not_last_step")


def is_planned(person, on):
    """Does a roster of the day plan the person?"""
    return person.team_id is not None and any(term.role in PLANNED_ROLES and term.covers(on) for term in person.terms)


def check_wish(person, on, *, is_published, spent, weight, at):
    """May the person wish something for the day? `spent`: points of their other wishes of the month.

    Raises Refused: "wish_of_unplanned", "wish_day_begun", "wish_too_far", "wish_published", "wish_points_spent".
    """
    today = clock.local_date(person.centre, at)
    if not is_planned(person, today):
        raise Refused("wish_of_unplanned")
    if on <= today:
        raise Refused("wish_day_begun", day=words.day(on))
    if on > today + dt.timedelta(days=WISHES_AHEAD):
        raise Refused("wish_too_far", day=words.day(on))
    if is_published:
        raise Refused("wish_published", day=words.day(on))
    if spent + weight > WISH_POINTS:
        raise Refused("wish_points_spent", points=WISH_POINTS)


def check_withdraw_wish(wish, person, *, is_published, at):
    """Raises Refused: "wish_not_yours", "wish_day_begun", "wish_published"."""
    if wish.person_id != person.pk:
        raise Refused("wish_not_yours")
    if wish.on <= clock.local_date(person.centre, at):
        raise Refused("wish_day_begun", day=words.day(wish.on))
    if is_published:
        raise Refused("wish_published", day=words.day(wish.on))


FAILURES = {
    "lost": _("The worker was lost. The draft is as it was; generate again."),
    "not_taken": _("No worker took the run for five minutes. The draft is as it was; tell the administrator."),
    "timed_out": _("The solver did not answer in its time. The draft is as it was; generate again."),
    "solver_died": _("The solver ended before it had a result. The draft is as it was; generate again."),
    "nothing_found": _("No legal roster was found in the time given. Generate again with more seconds."),
    "broke": _("The run could not be prepared or kept. The draft is as it was; tell the administrator."),
}


def why_failed(run):
    """The sentence about a failed run, "" for any other."""
    return FAILURES.get(run.failure, "") if run.status == Run.Status.FAILED else ""
