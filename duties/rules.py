"""May this person take this step with this duty?"""

from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from duties.clause_rules import CLAUSE_RULES
from duties.models import Duty
from people.models import Role

texts(
    {
        "duty_not_yours": _("This duty is %(name)s’s. Ask them, or the department director."),
        "duty_has_its_page": _("This duty is done on its own page, where its record is kept."),
        "duty_verified_by_second": _("A second person verifies: somebody other than the one who did it."),
        "duty_verifier": _("A shift leader or the department director verifies."),
        "duty_waived_by_director": _("Only the department director waives a duty."),
        "duty_reason_missing": _("Give the reason: it stays on the record."),
        "duty_needs_no_verification": _("This duty is finished once it is done: nobody verifies it."),
        "duty_rule_of_clause": _("This rule is a clause's own: change the clause's parameters instead."),
        "duty_rule_director": _("Only the department director changes duty rules."),
        "duty_undo_not_yours": _("Only who took the step, or the department director, undoes it."),
    }
)

Status = Duty.Status


def directs(person, duty):
    return person.centre_id == duty.centre_id and person.has_role(Role.DIRECTOR)


def check_rule(rule, person):
    """Who may save a rule, and which. Raises Refused: "duty_rule_of_clause", "duty_rule_director"."""
    if rule.code in CLAUSE_RULES:
        raise Refused("duty_rule_of_clause", field="code", clause=CLAUSE_RULES[rule.code].clause)
    if person.centre_id != rule.centre_id or not person.has_role(Role.DIRECTOR):
        raise Refused("duty_rule_director")


def check_record(duty, record, records):
    """Raise Refused("duty_has_its_page") where an app keeps a record of its own for the rule and does not call."""
    if duty.rule.code in records and record is None:
        raise Refused("duty_has_its_page", clause=duty.rule.clause)


def check_work(duty, person, assignee, *, on_crew=False):
    """Who may start and finish: the assignee, anybody on the crew whose duty it is, or the department director.

    Raises Refused("duty_not_yours").
    """
    if person == assignee.person or on_crew or directs(person, duty):
        return
    raise Refused("duty_not_yours", clause=duty.rule.clause, name=getattr(assignee.person, "name", ""))


def check_start(duty, person, assignee, *, on_crew=False):
    """Raises Refused: "wrong_state", "duty_not_yours"."""
    check_move(duty, Status.STARTED)
    if duty.status == Status.DONE:
        raise Refused("wrong_state", state=duty.get_status_display())
    check_work(duty, person, assignee, on_crew=on_crew)


def check_finish(duty, person, assignee, *, on_crew=False):
    """A missed duty may still be done, late. Raises Refused: "wrong_state", "duty_not_yours"."""
    check_move(duty, Status.DONE)
    check_work(duty, person, assignee, on_crew=on_crew)


def check_verify(duty, person):
    """Raises Refused: "wrong_state", "duty_needs_no_verification", "duty_verified_by_second", "duty_verifier"."""
    check_move(duty, Status.VERIFIED)
    if not duty.needs_verification:
        raise Refused("duty_needs_no_verification", clause=duty.rule.clause)
    if person == duty.done_by:
        raise Refused("duty_verified_by_second", clause=duty.rule.clause)
    if person.centre_id != duty.centre_id or not person.has_role(Role.LEADER, Role.DIRECTOR):
        raise Refused("duty_verifier", clause=duty.rule.clause)


def check_waive(duty, person, reason):
    """Raises Refused: "wrong_state", "duty_waived_by_director", "duty_reason_missing"."""
    check_move(duty, Status.WAIVED)
    if not directs(person, duty):
        raise Refused("duty_waived_by_director", clause=duty.rule.clause)
    if not reason.strip():
        raise Refused("duty_reason_missing", field="reason", clause=duty.rule.clause)


def check_undo(duty, person):
    """Undo of start and of done, until somebody verifies. Raises Refused: "wrong_state", "duty_undo_not_yours"."""
    if duty.status not in (Status.STARTED, Status.DONE):
        raise Refused("wrong_state", state=duty.get_status_display())
    author = duty.assignee if duty.status == Status.STARTED else duty.done_by
    if person != author and not directs(person, duty):
        raise Refused("duty_undo_not_yours", clause=duty.rule.clause)
