"""May it be: the decisions about cycles of one's own."""

from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, texts
from shifts.rotations import REST
from shifts.rules.editing import check_codes

LONGEST_CYCLE = 400  # days: more than a year repeats nothing

texts(
    {
        "rotation_name_taken": _("This centre has a rotation of that name. Give another one."),
        "cycle_without_work": _("A cycle has at least one working day. Write it as shift-type codes."),
        "cycle_too_long": _("A cycle has at most %(most)s days. Shorten it."),
        "phase_outside_cycle": _("%(team)s: the cycle has only %(days)s days. Choose one of them."),
        "places_missing": _("No team has a place yet. Say on which day of the cycle at least one of them begins."),
    }
)


def check_plan(cycle, places, known, taken):
    """May a rotation be so? `places`: [(team, phase)], `known`: codes of shift types, `taken`: another has its name.

    Raises Refused: "rotation_name_taken", "cycle_without_work", "cycle_too_long", "code_unknown", "places_missing",
    "phase_outside_cycle".
    """
    if taken:
        raise Refused("rotation_name_taken", field="name_zh")
    codes = [code for code in cycle if code != REST]
    if not codes:
        raise Refused("cycle_without_work", field="cycle")
    if len(cycle) > LONGEST_CYCLE:
        raise Refused("cycle_too_long", field="cycle", most=LONGEST_CYCLE)
    check_codes(codes, known, field="cycle")
    if not places:
        raise Refused("places_missing")
    for team, phase in places:
        if not 0 <= phase < len(cycle):
            raise Refused("phase_outside_cycle", field=f"team_{team.pk}", team=team.name, days=len(cycle))
