"""Duties for tests."""

import datetime as dt

from duties.models import Closes, Duty, DutyRule, Who
from duties.planning import ensure_rules
from tests import make


def rule(*, code="changing_room_clean", centre=None):
    """A clause's rule at the centre."""
    centre = centre or make.centre()
    return next(rule for rule in ensure_rules(centre) if rule.code == code)


def own_rule(*, centre=None, code="shelf", recurrence="FREQ=WEEKLY;BYDAY=MO", who=Who.DAY_LEADER, clause="", **fields):
    """A rule of the centre's own, which no app keeps a record for."""
    return DutyRule.objects.create(
        **{
            "centre": centre or make.centre(),
            "code": code,
            "name_zh": "资料架整理",
            "name_en": "Tidy the shelf",
            "recurrence": recurrence,
            "who": who,
            "clause": clause,
            "from_on": make.FIRST_DAY,
            "closes": Closes.WINDOW,
            **fields,
        }
    )


def duty(*, rule=None, on=make.MONDAY, status=Duty.Status.OPEN, **fields):
    rule = rule or own_rule()
    if status in (Duty.Status.DONE, Duty.Status.VERIFIED):
        fields.setdefault("done_at", rule.due_at(on) - dt.timedelta(hours=1))
    opened_at = None if status == Duty.Status.SCHEDULED else rule.opens_at(on)
    return Duty.objects.create(
        **{
            "centre": rule.centre,
            "rule": rule,
            "due_on": on,
            "needs_verification": rule.needs_verification,
            "opens_at": rule.opens_at(on),
            "due_at": rule.due_at(on),
            "opened_at": opened_at,
            "status": status,
            **fields,
        }
    )
