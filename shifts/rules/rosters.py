"""May, must, is it time: the decisions about rosters."""

from django.utils.translation import gettext_lazy as _

from callcentre import clock, words
from callcentre.refusals import Refused, texts
from people.models import Role
from shifts.models import Roster
from shifts.rules.limits import check_breaches

MONDAY = 0

texts(
    {
        "roster_not_yours": _("Rosters are published, and rotations set up, by the department director."),
        "rotation_made_already": _(
            "This centre has %(rotation)s already. Change its teams or its first day in the administration."
        ),
        "team_named_twice": _("%(team)s has a place already. Choose another team."),
        "rotation_begins_on_monday": _("This rotation goes by the week: its first day is a Monday."),
        "period_reversed": _("The last day is before the first. Correct one of the two."),
        "rotation_without_teams": _("The rotation has no team yet. Add its teams first."),
        "shift_type_unknown": _(
            "The rotation names shift types that the centre does not have: %(codes)s. Add them first."
        ),
        "roster_overlaps": _(
            "%(period)s is published already for this rotation. Choose other days, or archive that roster."
        ),
        "replaced_begun": _(
            "%(period)s is published already for this rotation and has begun. Change its days one by one instead."
        ),
        "publish_without_reason": _("Warnings are left: %(count)s. Write down why the roster is published with them."),
        "roster_begun": _("This roster began on %(day)s: what happened went by it, so it stays published."),
    }
)


def check_may_plan(person, centre, at):
    """Raise Refused("roster_not_yours") unless the person directs the centre's department on the day."""
    if person.centre_id != centre.pk or Role.DIRECTOR not in person.roles_on(clock.local_date(centre, at)):
        raise Refused("roster_not_yours")


def check_new_rotation(preset, teams, starts_on, made):
    """May the known rotation be set up? `made`: the centre's rotation of its name, or None.

    Raises Refused: "rotation_made_already", "team_named_twice", "rotation_begins_on_monday".
    """
    if made:
        raise Refused("rotation_made_already", field="preset", rotation=made.name)
    for number, team in enumerate(teams):
        if team in teams[:number]:
            raise Refused("team_named_twice", field=f"team_{number + 1}", team=team.name)
    if preset.goes_by_the_week and starts_on.weekday() != MONDAY:
        raise Refused("rotation_begins_on_monday", field="starts_on")


def check_period(from_on, until_on):
    """Raise Refused("period_reversed") for a period that ends before it begins."""
    if until_on < from_on:
        raise Refused("period_reversed", field="until_on")


def check_rotation(rotation, places, types):
    """May a roster be made from it? Raises Refused: "rotation_without_teams", "shift_type_unknown"."""
    if not places:
        raise Refused("rotation_without_teams", field="rotation")
    if missing := sorted(rotation.codes - types.keys()):
        raise Refused("shift_type_unknown", field="rotation", codes=", ".join(missing))


def check_publish(roster, covering, person, at, *, replace=False):
    """May the person publish it? `covering`: a published roster of the same rotation that shares a day, or None.

    Raises Refused: "roster_not_yours", "roster_overlaps", "replaced_begun". Whether it is a draft, the move itself
    decides.
    """
    check_may_plan(person, roster.centre, at)
    if covering and roster.status == Roster.Status.DRAFT:
        check_replace(roster, covering, at, replace)


def check_replace(roster, covering, at, replace=True):
    """May it take the place of the published one? Raises Refused: "roster_overlaps", "replaced_begun"."""
    period = f"{words.day(covering.from_on)}–{words.day(covering.until_on)}"
    if not replace or (covering.from_on, covering.until_on) != (roster.from_on, roster.until_on):
        raise Refused("roster_overlaps", period=period)
    if clock.midnight(roster.centre, covering.from_on) <= at:
        raise Refused("replaced_begun", period=period)


def check_findings(findings, reason):
    """May a roster in which the checks found this be published? Raises Refused: "roster_breach",
    "publish_without_reason"."""
    check_breaches(findings)
    warnings = [finding for finding in findings if finding.warns]
    if warnings and not reason.strip():
        raise Refused("publish_without_reason", field="reason", count=len(warnings))


def check_archive(roster, person, at):
    """May the person set it aside? Raises Refused: "roster_not_yours", "roster_begun"."""
    check_may_plan(person, roster.centre, at)
    if roster.status == Roster.Status.PUBLISHED and clock.midnight(roster.centre, roster.from_on) <= at:
        raise Refused("roster_begun", day=words.day(roster.from_on))
