"""What the rulebook itself refuses: values out of range, dates gone by, decisions that are not yours."""

from django.utils.translation import gettext_lazy as _

from callcentre.clock import local_date
from callcentre.refusals import Refused, texts
from people.models import Role
from rulebook.register import CLAUSES

DIRECTORS = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)

texts(
    {
        "only_directors_change_rules": _(
            "Only a director changes the rulebook's numbers. Ask the department director."
        ),
        "of_another_centre": _("This belongs to another centre."),
        "unknown_clause": _("The rulebook has no clause “%(clause_id)s”. Write ids such as hygiene.room.1."),
        "date_gone_by": _("A rule is not changed for days gone by. Choose today or a later date."),
        "parameter_date_taken": _("This parameter already has a value from that date. Choose another date."),
        "parameter_out_of_range": _("The value must be from %(min)s to %(max)s. Correct it."),
        "parameter_not_a_number": _("Write a whole number in plain digits."),
        "parameter_needs_so_many": _("Write %(count)s whole numbers, separated by commas: one for each level."),
        "parameter_not_a_weekday": _("Choose a day of the week."),
        "parameter_no_such_day": _("Write a month and a day that every year has, such as 06-30."),
        "clause_not_pending": _("This clause is always in force: there is nothing to switch."),
        "clause_already_so": _("The clause is already so from that date: there is nothing to switch."),
        "clause_date_taken": _("This clause is already switched from that date. Choose another date."),
        "item_needs_a_text": _("Write the item in Chinese and in English."),
        "already_acknowledged": _("You have already acknowledged the clauses of conduct for %(year)s."),
        "pledge_changed_meanwhile": _("The texts have changed meanwhile. Read them again, then acknowledge."),
        "own_breach": _("Nobody decides on their own breach. It waits for a director."),
        "only_leaders_decide_breaches": _(
            "A shift leader or a director decides on this. Tell your leader what happened."
        ),
        "not_your_breach_to_decide": _("This waits for another leader or for a director."),
        "excuse_needs_a_reason": _("Write the reason for excusing it. It stays on the record."),
        "only_decider_takes_back": _("Only who decided, or a director, takes a decision back."),
    }
)

NOT_OF_THE_TYPE = {
    "int": "parameter_not_a_number",
    "list of int": "parameter_needs_so_many",
    "weekday": "parameter_not_a_weekday",
    "month-day": "parameter_no_such_day",
}


def may_change_rules(person, centre):
    """Raise Refused unless the person directs this centre: only_directors_change_rules, of_another_centre."""
    if person.centre_id != centre.pk:
        raise Refused("of_another_centre")
    if not person.has_role(*DIRECTORS):
        raise Refused("only_directors_change_rules")


def check_value(spec, value):
    """The typed value, checked against the parameter's type and inclusive range.

    Raises Refused at the field "value", citing the parameter's clause: parameter_not_a_number, parameter_needs_so_many,
    parameter_not_a_weekday, parameter_no_such_day, parameter_out_of_range.
    """
    count = len(spec.default) if spec.type == "list of int" else 1
    try:
        typed = spec.typed(value)
    except ValueError:
        raise Refused(NOT_OF_THE_TYPE[spec.type], clause=spec.clause, field="value", count=count) from None
    if spec.type == "list of int" and len(typed) != count:
        raise Refused("parameter_needs_so_many", clause=spec.clause, field="value", count=count)
    if spec.min is not None and not all(spec.min <= number <= spec.max for number in as_list(typed)):
        raise Refused("parameter_out_of_range", clause=spec.clause, field="value", min=spec.min, max=spec.max)
    return typed


def as_list(value):
    return value if isinstance(value, list) else [value]


def check_from_on(centre, from_on, at, *, clause=None):
    """Raise Refused("date_gone_by") at the field "from_on" for a date before the centre's today."""
    if from_on < local_date(centre, at):
        raise Refused("date_gone_by", clause=clause, field="from_on")


def may_set_parameter(spec, value, from_on, *, person, centre, at, taken):
    """The typed value that the person may set from that local date on.

    taken: whether a value from that date is there already. Raises Refused as may_change_rules, check_value and
    check_from_on, and parameter_date_taken at the field "from_on". Clause: the parameter's.
    """
    may_change_rules(person, centre)
    typed = check_value(spec, value)
    check_from_on(centre, from_on, at, clause=spec.clause)
    if taken:
        raise Refused("parameter_date_taken", clause=spec.clause, field="from_on")
    return typed


def may_switch(clause, person, centre):
    """Raise Refused unless the person may switch this clause: clause_not_pending, and as may_change_rules."""
    may_change_rules(person, centre)
    if not clause.pending:
        raise Refused("clause_not_pending", clause=clause.id)


def check_clause_ids(clause_ids):
    """Raise Refused("unknown_clause") at the field "clauses" for an id that the register does not have."""
    for clause_id in clause_ids:
        if clause_id not in CLAUSES:
            raise Refused("unknown_clause", field="clauses", clause_id=clause_id)


def may_acknowledge(acknowledged, year, *, read, now):
    """Raise Refused: already_acknowledged this year; pledge_changed_meanwhile when the edition read is not today's."""
    if acknowledged:
        raise Refused("already_acknowledged", year=year)
    if read != now:
        raise Refused("pledge_changed_meanwhile")


def may_decide(breach, person):
    """Raise Refused unless the person may confirm or excuse the breach.

    of_another_centre; own_breach; only_leaders_decide_breaches for who is neither leader nor director;
    not_your_breach_to_decide for a leader whom the breach does not name.
    """
    if breach.centre_id != person.centre_id:
        raise Refused("of_another_centre")
    if breach.person_id == person.pk:
        raise Refused("own_breach", clause=breach.clause_id)
    if person.has_role(*DIRECTORS):
        return
    if not person.has_role(Role.LEADER):
        raise Refused("only_leaders_decide_breaches", clause=breach.clause_id)
    if breach.leader_id != person.pk:
        raise Refused("not_your_breach_to_decide", clause=breach.clause_id)


def may_excuse(breach, person, reason):
    """As may_decide, and excuse_needs_a_reason at the field "reason"."""
    may_decide(breach, person)
    if not reason.strip():
        raise Refused("excuse_needs_a_reason", clause=breach.clause_id, field="reason")


def may_take_back(breach, person):
    """Raise Refused unless the person decided it or is a director: only_decider_takes_back, and as may_decide."""
    if breach.decided_by_id != person.pk:
        may_decide(breach, person)
        if not person.has_role(*DIRECTORS):
            raise Refused("only_decider_takes_back", clause=breach.clause_id)
