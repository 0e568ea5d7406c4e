"""The verbs of what rosters are judged by: the checks, the working-time system, the demand. All are dated."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journal.actions import record
from journal.verbs import verbs
from shifts import rules
from shifts.checking.loading import load_limits
from shifts.limits import HOURS, SYSTEMS
from shifts.models import Demand, Limit

verbs({"limit.set": _("set a check of rosters"), "demand.set": _("set how many people a shift needs")})


@transaction.atomic
def set_limit(*, centre, check, effect, value=None, from_on, by, at):
    """Set what a check does from a local date on, and its number where it has one. A second setting from the same date
    replaces the first; the days before keep what held for them.

    Raises Refused as rules.check_limit.
    """
    rules.check_limit(check, effect, value, from_on, person=by, centre=centre, at=at)
    key = {"centre": centre, "check_code": check, "from_on": from_on}
    row, _made = Limit.objects.update_or_create(**key, defaults={"effect": effect, "value": value})
    record("limit.set", row, by=by, at=at, check=check, effect=effect, value=value, from_on=str(from_on))
    return row


@transaction.atomic
def set_system(*, centre, system, from_on, by, at):
    """Choose the working-time system, a key of SYSTEMS: which of the checks of hours are made. Their numbers stay.

    Raises Refused as rules.check_limit.
    """
    limits = load_limits(centre)
    values = {code: limits.on(code, from_on).value for code in HOURS}
    return [
        set_limit(centre=centre, check=code, effect=effect, value=values[code], from_on=from_on, by=by, at=at)
        for code, effect in SYSTEMS[system].effects.items()
    ]


@transaction.atomic
def set_demand(*, type, day, heads, from_on, by, at):
    """Set how many people besides the leader a turn of the type needs on a kind of day, from a local date on. A second
    setting from the same date replaces the first.

    Raises Refused as rules.check_demand.
    """
    rules.check_demand(type, heads, from_on, person=by, centre=type.centre, at=at)
    key = {"centre": type.centre, "type": type, "day": day, "from_on": from_on}
    row, _made = Demand.objects.update_or_create(**key, defaults={"heads": heads})
    facts = {"type": type.pk, "day": str(day), "heads": heads, "from_on": str(from_on)}
    record("demand.set", row, by=by, at=at, **facts)
    return row
