"""May a centre set the checks of rosters, and the demand, so?"""

from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.refusals import Refused, texts
from shifts.checking import CHECKS
from shifts.models import Limit
from shifts.rules.rosters import check_may_plan

MOST_HEADS = 5000

texts(
    {
        "check_unknown": _("There is no such check."),
        "check_is_fixed": _("The database itself refuses two shifts at once: this check cannot be changed."),
        "limit_out_of_range": _("Choose a number from %(least)s to %(most)s."),
        "limit_begins_too_early": _("Nothing changes backwards. Choose today or a later day."),
    }
)


def check_limit(code, effect, value, from_on, *, person, centre, at):
    """May the person set the check so from the date on? A check without a number takes None.

    Raises Refused: "roster_not_yours", "check_unknown", "check_is_fixed", "limit_out_of_range",
    "limit_begins_too_early".
    """
    check_may_plan(person, centre, at)
    check = CHECKS.get(code)
    if check is None or effect not in Limit.Effect.values:
        raise Refused("check_unknown")
    if check.is_fixed:
        raise Refused("check_is_fixed")
    if check.value is None and value is not None or check.value is not None and value is None:
        raise Refused("limit_out_of_range", field="value", least=check.least, most=check.most)
    if value is not None:
        check_range(value, check.least, check.most, "value")
    check_begins(from_on, centre, at)


def check_demand(shift_type, heads, from_on, *, person, centre, at):
    """May the person ask for so many? Raises Refused: "roster_not_yours", "limit_out_of_range",
    "limit_begins_too_early"."""
    check_may_plan(person, centre, at)
    if shift_type.centre_id != centre.pk:
        raise Refused("roster_not_yours")
    check_range(heads, 0, MOST_HEADS, "heads")
    check_begins(from_on, centre, at)


def check_range(number, least, most, field):
    if not least <= number <= most:
        raise Refused("limit_out_of_range", field=field, least=least, most=most)


def check_begins(from_on, centre, at):
    if from_on < clock.local_date(centre, at):
        raise Refused("limit_begins_too_early", field="from_on")
