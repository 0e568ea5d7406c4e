"""May, must, is it time: the decisions about the cells of a roster, before publication and after."""

from django.utils.translation import gettext_lazy as _

from callcentre import clock, words
from callcentre.refusals import Refused, texts
from people.models import Role
from shifts.models import Roster

texts(
    {
        "draft_not_yours": _("Drafts are made and edited by leaders and by the department director."),
        "day_outside_roster": _("%(day)s is not a day of this roster. Choose a day from %(from_on)s to %(until_on)s."),
        "code_unknown": _("“%(codes)s” is no shift type of this centre. Use one of: %(known)s."),
        "person_not_here": _("One of these people does not work in this centre. Load the page again."),
        "person_is_away": _("%(person)s has left, so only rest can be entered."),
        "person_without_team": _(
            "%(person)s has no team, and nobody has this shift on that day. Give them a team first."
        ),
        "turn_swallowed": _("%(day)s has no %(type)s: the clocks go forward over it. Choose another."),
        "cell_changed_meanwhile": _(
            "%(person)s, %(day)s: somebody else has just changed this to “%(codes)s”. Look at it, then decide again."
        ),
        "turns_overlap": _("%(person)s, %(day)s: %(first)s and %(second)s share hours. Take one of them away first."),
        "turns_at_once": _("Somebody would have two turns at once. Load the page again, then decide again."),
        "nothing_to_undo": _("There is no step to undo."),
        "nothing_to_redo": _("There is no step to redo."),
        "nothing_to_fill": _("The rotation gives these people no day in this period. Choose other days or teams."),
        "change_without_reason": _("A change after publication has a reason. Write it down."),
        "turn_begun": _("%(day)s %(type)s has begun, so it stays as it is."),
    }
)


def check_may_draft(person, centre, at):
    """Raise Refused("draft_not_yours") unless the person leads a shift or directs the department of the centre."""
    roles = person.roles_on(clock.local_date(centre, at)) if person.centre_id == centre.pk else ()
    if not {Role.LEADER, Role.DIRECTOR}.intersection(roles):
        raise Refused("draft_not_yours")


def check_is(roster, status):
    """Raise Refused("wrong_state") unless the roster has the status."""
    if roster.status != status:
        raise Refused("wrong_state", state=roster.get_status_display())


def check_is_draft(roster):
    check_is(roster, Roster.Status.DRAFT)


def check_is_published(roster):
    check_is(roster, Roster.Status.PUBLISHED)


def check_days(roster, days):
    """Raise Refused("day_outside_roster") for a day that the roster does not have."""
    if outside := [day for day in days if not roster.from_on <= day <= roster.until_on]:
        span = {"from_on": words.day(roster.from_on), "until_on": words.day(roster.until_on)}
        raise Refused("day_outside_roster", day=words.day(min(outside)), **span)


def check_codes(codes, known, *, field=None):
    """Raise Refused("code_unknown") for a code that the centre has no shift type of."""
    if unknown := sorted(set(codes) - set(known)):
        raise Refused("code_unknown", field=field, codes=" ".join(unknown), known=" ".join(sorted(known)))


def check_people(wanted, people):
    """May these people be given these cells? `people`: {id: Person} of the centre.

    Raises Refused: "person_not_here", "person_is_away".
    """
    for (person_id, _on), codes in wanted.items():
        if person_id not in people:
            raise Refused("person_not_here")
        if codes and not people[person_id].is_active:
            raise Refused("person_is_away", person=people[person_id].name)


def check_expected(expected, found, people):
    """Raise Refused("cell_changed_meanwhile") where a cell is not as its editor saw it. Both: {cell: codes}."""
    for (person_id, on), codes in expected.items():
        now = found.get((person_id, on), codes)
        if sorted(now) != sorted(codes):
            said = {"person": people[person_id].name, "day": words.day(on), "codes": " ".join(now) or "–"}
            raise Refused("cell_changed_meanwhile", **said)


def check_no_overlap(pair, people):
    """Raise Refused("turns_overlap"). `pair`: two turns of one person that share a moment, or None."""
    if pair:
        first, second = pair
        name = people[first.person_id].name
        raise Refused(
            "turns_overlap",
            person=name,
            day=words.day(second.shift.on),
            first=first.shift.type.name,
            second=second.shift.type.name,
        )


def check_reason(reason):
    """Raise Refused("change_without_reason"): a published roster is never changed silently."""
    if not reason.strip():
        raise Refused("change_without_reason", field="reason")


def check_not_begun(shifts, at):
    """Raise Refused("turn_begun") for a shift that is under way or over: what happened went by it."""
    for shift in sorted(shifts, key=lambda shift: shift.starts_at):
        if shift.starts_at <= at:
            raise Refused("turn_begun", day=words.day(shift.on), type=shift.type.name)
