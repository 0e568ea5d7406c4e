"""May this clean be worked on, finished, signed off, by this person?"""

from django.utils.translation import gettext_lazy as _

from callcentre import words
from callcentre.refusals import Refused, texts
from duties import rules as duty_rules
from duties.models import Duty
from rulebook.gates import gate

texts(
    {
        "clean_not_begun": _("This clean has not begun. Start it first."),
        "clean_begun": _("This clean has begun already."),
        "clean_not_open": _("The record is closed: “%(state)s”. Take the last step back to change it."),
        "clean_not_yours": _(
            "Only who does this clean, the helpers named for it and the department director tick here."
        ),
        "clean_item_unknown": _("This item is not on the checklist of this clean."),
        "clean_item_reason_missing": _("Say why it was not possible: the reason stays on the record."),
        "clean_items_open": _("Still to be ticked, or excused with a reason: %(items)s."),
        "clean_helper_verifies": _(
            "Who helped or ticked does not sign it off. Ask another leader, or the department director."
        ),
        "clean_helper_unknown": _("Nobody who works at this centre has the employee number %(number)s."),
        "clean_helper_self": _("You lead this clean. Name others as helpers."),
        "clean_plant_unknown": _("This plant is not in the register of plants in care."),
    }
)

Status = Duty.Status
UNDER_WAY = (Status.STARTED, Status.MISSED)


def check_begin(duty, clean, person, assignee, *, on_crew=False):
    """Who may start it, now. A missed one is begun late: its duty stays missed until it is done.

    Raises Refused: "clean_begun", and as duties.rules.check_start.
    """
    if clean is not None and duty.status in UNDER_WAY:
        raise Refused("clean_begun", clause=duty.rule.clause)
    if duty.status == Status.MISSED:
        duty_rules.check_work(duty, person, assignee, on_crew=on_crew)
    else:
        duty_rules.check_start(duty, person, assignee, on_crew=on_crew)


def check_under_way(duty, clean):
    """Raises Refused: "clean_not_begun", "clean_not_open"."""
    if clean is None or duty.status in (Status.SCHEDULED, Status.OPEN):
        raise Refused("clean_not_begun", clause=duty.rule.clause)
    if duty.status not in UNDER_WAY:
        raise Refused("clean_not_open", clause=duty.rule.clause, state=duty.get_status_display())


def check_tick(duty, clean, person, assignee, *, on_crew=False, helps=False):
    """Raises Refused: as check_under_way, "clean_not_yours"."""
    check_under_way(duty, clean)
    if not (helps or on_crew or person == assignee.person or duty_rules.directs(person, duty)):
        raise Refused("clean_not_yours", clause=duty.rule.clause)


def check_name(duty, clean, person, assignee, *, on_crew=False):
    """Who organises it names the helpers. Raises Refused: as check_under_way, "duty_not_yours"."""
    check_under_way(duty, clean)
    duty_rules.check_work(duty, person, assignee, on_crew=on_crew)


@gate(
    "hygiene.changing.5",
    "hygiene.plants.1",
    "hygiene.plants.2",
    what=_("A clean is finished only when each item is ticked or excused with a reason."),
)
def check_finish(duty, clean, unanswered, person, assignee, *, on_crew=False):
    """unanswered: the checklist items that are neither ticked nor excused.

    Raises Refused: as check_under_way and duties.rules.check_finish; "clean_items_open".
    """
    check_under_way(duty, clean)
    duty_rules.check_finish(duty, person, assignee, on_crew=on_crew)
    if unanswered:
        items = words.pick("；", "; ").join(item.text for item in unanswered)
        raise Refused("clean_items_open", clause=duty.rule.clause, items=items)


@gate("hygiene.changing.5", what=_("The sign-off is by a second person, who neither helped nor ticked."))
def check_verify(duty, took_part, person):
    """took_part: whether the person helped or ticked an item.

    Raises Refused: as duties.rules.check_verify; "clean_helper_verifies".
    """
    duty_rules.check_verify(duty, person)
    if took_part:
        raise Refused("clean_helper_verifies", clause=duty.rule.clause)
