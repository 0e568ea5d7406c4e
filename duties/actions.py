"""The verbs of duties: the only writers of a duty's status, each with its journal row.

Where an app keeps a record for a duty it passes it as `record`; without one such a duty is refused here.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from duties import records, rules, who
from duties.models import Duty
from journal.actions import record as write
from journal.verbs import verbs
from people.models import Person, Role
from rulebook import actions as rulebook
from rulebook.breaches import kinds as breach_kinds
from shifts.models import Assignment

verbs(
    {
        "duty.opened": _("opened"),
        "duty.started": _("started"),
        "duty.done": _("done"),
        "duty.done_late": _("done late"),
        "duty.verified": _("verified"),
        "duty.waived": _("waived"),
        "duty.missed": _("not done in time"),
        "duty.missed_in_outage": _("not done in time: the system was down"),
        "duty.undone": _("taken back"),
        "duty_rule.saved": _("saved the duty rule"),
        "duty.withdrawn": _("taken off the plan: its rule has changed"),
    }
)
breach_kinds({"duty_missed": _("A duty was not done in time")})
OPENED = kind("duty.opened", _("%(rule)s is open; due %(due_at)s"))
REMINDED = kind("duty.reminded", _("%(rule)s is not done yet; due %(due_at)s"))
MISSED = kind("duty.missed", _("%(rule)s of %(due_on)s was not done in time"))
DOWN = kind("duty.missed_in_outage", _("%(rule)s of %(due_on)s is not done: the system was down, nobody was told"))
TO_VERIFY = kind("duty.to_verify", _("%(rule)s of %(due_on)s is done and waits for verification"))

Status = Duty.Status


def on_crew(person, assignee):
    """Whether the duty falls to a crew and the person is on it."""
    if assignee.crew is None:
        return False
    return Assignment.objects.filter(shift=assignee.crew, person=person).exists()


@transaction.atomic
def save_rule(*, rule, by, at):
    """Save a rule of the centre's own; its days ahead follow with the next minute. Raises Refused: rules.check_rule."""
    rules.check_rule(rule, by)
    rule.save()
    write("duty_rule.saved", rule, by=by, at=at, clause=rule.clause)


@transaction.atomic
def start(*, duty, by, at, record=None):
    """Begin it; from here on it is this person's, whatever the roster says. Raises Refused: rules.check_start."""
    assignee = who.assignee(duty)
    rules.check_record(duty, record, records.PAGES)
    rules.check_start(duty, by, assignee, on_crew=on_crew(by, assignee))
    move(duty, Status.STARTED, assignee=by, started_at=at)
    write("duty.started", duty, by=by, at=at, clause=duty.rule.clause)


@transaction.atomic
def finish(*, duty, by, at, record=None):
    """Done, perhaps late. Raises Refused: rules.check_finish."""
    assignee = who.assignee(duty)
    rules.check_record(duty, record, records.PAGES)
    rules.check_finish(duty, by, assignee, on_crew=on_crew(by, assignee))
    move(duty, Status.DONE, assignee=duty.assignee or by, done_by=by, done_at=at)
    write("duty.done_late" if duty.is_late else "duty.done", duty, by=by, at=at, clause=duty.rule.clause)
    if duty.needs_verification:
        on = duty.due_on
        verifiers = Person.objects.filter(centre=duty.centre).with_role(Role.DIRECTOR, on).exclude(pk=by.pk)
        _announce(TO_VERIFY, duty, verifiers, at)


@transaction.atomic
def verify(*, duty, by, at, record=None):
    """A second person has looked. Raises Refused: rules.check_verify."""
    rules.check_record(duty, record, records.PAGES)
    rules.check_verify(duty, by)
    move(duty, Status.VERIFIED, verified_by=by, verified_at=at)
    write("duty.verified", duty, by=by, at=at, clause=duty.rule.clause)


@transaction.atomic
def waive(*, duty, by, at, reason):
    """It need not be done; the reason stays on the record. Raises Refused: rules.check_waive."""
    rules.check_waive(duty, by, reason)
    move(duty, Status.WAIVED, reason=reason.strip())
    write("duty.waived", duty, by=by, at=at, clause=duty.rule.clause)


@transaction.atomic
def undo(*, duty, by, at, record=None):
    """Take back the start, or the finish. Raises Refused: rules.check_undo."""
    rules.check_record(duty, record, records.PAGES)
    rules.check_undo(duty, by)
    undone = duty.status
    if undone == Status.STARTED:
        move(duty, Status.OPEN, assignee=None, started_at=None)
    else:
        move(duty, Status.STARTED, done_by=None, done_at=None)
    write("duty.undone", duty, by=by, at=at, clause=duty.rule.clause, step=undone)


@transaction.atomic
def open_(*, duty, assignee, at):
    """The software opens it and tells who is to do it. Raises Refused when another tick was quicker."""
    move(duty, Status.OPEN, opened_at=at)
    write("duty.opened", duty, by=None, at=at, clause=duty.rule.clause)
    if not duty.nobody_was_told:
        _announce(OPENED, duty, [assignee.person], at)


@transaction.atomic
def remind(*, duty, assignee, at):
    """Once, before the end of the window."""
    won = Duty.objects.filter(pk=duty.pk, reminded_at=None).update(reminded_at=at)
    if won:
        _announce(REMINDED, duty, [assignee.person], at)


@transaction.atomic
def miss(*, duty, assignee, director, at):
    """Not done in time: reported up the line; it stays open until somebody does it late or waives it.

    It becomes a breach for the leader to confirm or excuse, unless the system was down and nobody was told.
    Raises Refused when another was quicker.
    """
    move(duty, Status.MISSED)
    verb = "duty.missed_in_outage" if duty.nobody_was_told else "duty.missed"
    write(verb, duty, by=None, at=at, clause=duty.rule.clause)
    _announce(DOWN if duty.nobody_was_told else MISSED, duty, [assignee.person, director], at)
    if assignee.person and duty.rule.clause and not duty.nobody_was_told:
        rulebook.notice(
            clause=duty.rule.clause, person=assignee.person, kind="duty_missed", at=at, about=duty, leader=director
        )


def _announce(kind_of_message, duty, people, at):
    announce(
        kind_of_message,
        centre=duty.centre,
        to=[person for person in people if person],
        at=at,
        link=f"/duties/{duty.pk}/",
        rule_zh=duty.rule.name_zh,
        rule_en=duty.rule.name_en,
        due_on=duty.due_on,
        due_at=duty.due_at,
    )
