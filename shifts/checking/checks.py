"""The checks of rosters: what each is called, what it does where a centre has set nothing, and its number."""

import dataclasses

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

REFUSE, WARN, NOTE, IGNORE = "refuse", "warn", "note", "ignore"

DAYS = pgettext_lazy("unit", "days")
HOURS = pgettext_lazy("unit", "hours")
MINUTES = pgettext_lazy("unit", "minutes")


@dataclasses.dataclass(frozen=True)
class Check:
    """`value` in `unit`, between `least` and `most`; a check without a number has none. `basis`: the law it stands on.

    A fixed check does the same everywhere: the database itself refuses what it finds.
    """

    code: str
    label: str
    effect: str
    value: int | None = None
    unit: str = ""
    least: int = 1
    most: int = 1
    basis: str = ""
    clause: str = ""
    is_fixed: bool = False


CHECKS = {
    check.code: check
    for check in (
        Check("overlap", _("Two shifts at once"), REFUSE, is_fixed=True),
        Check("rest", _("Least rest between two shifts"), REFUSE, 660, MINUTES, 0, 2880),
        Check("run", _("Most days in a row"), REFUSE, 6, DAYS, 1, 31, basis=_("Labour Law, Art. 38")),
        Check(
            "week_rest",
            _("Least days of rest in a week, Monday to Sunday"),
            REFUSE,
            1,
            DAYS,
            1,
            3,
            basis=_("Labour Law, Art. 38"),
        ),
        Check("on_leave", _("A shift on a day of approved leave"), REFUSE),
        Check(
            "week_hours",
            _("Most hours in a week, Monday to Sunday"),
            WARN,
            48,
            HOURS,
            1,
            168,
            basis=_("Labour Law, Art. 36 and 41; State Council rules on working hours, Art. 3"),
        ),
        Check(
            "month_hours",
            _("Most hours in a month"),
            WARN,
            201,
            HOURS,
            1,
            744,
            basis=_("Labour Law, Art. 41; MOHRSS 2025 no. 2"),
        ),
        Check(
            "quarter_hours",
            _("Most hours in a quarter"),
            IGNORE,
            604,
            HOURS,
            1,
            2208,
            basis=_("MOL 1994 no. 503, Art. 5; MOHRSS 2025 no. 2"),
        ),
        Check(
            "year_hours",
            _("Most hours in a year"),
            IGNORE,
            2416,
            HOURS,
            1,
            8784,
            basis=_("MOL 1994 no. 503, Art. 5; MOHRSS 2025 no. 2"),
        ),
        Check("uncovered", _("Fewer people than the shift needs"), WARN),
        Check("leaderless", _("A shift without a leader"), WARN),
        Check("role", _("Somebody without the role for it"), WARN),
        Check("holiday", _("Work on a public holiday"), NOTE, basis=_("Labour Law, Art. 40 and 44")),
        Check("calendar_unknown", _("A year whose public holidays are not announced"), NOTE),
    )
}

# The checks of hours that a working-time system stands for, and those that it does without.
PERIODS = {"month_hours": 1, "quarter_hours": 3, "year_hours": 12}
