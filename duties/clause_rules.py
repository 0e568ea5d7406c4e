"""The duties that clauses prescribe. Their dates come from dated parameters alone, so a date has one truth."""

import dataclasses
import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from duties import recurrence
from duties.models import Closes, Who
from rulebook.evidence import evidence


@dataclasses.dataclass(frozen=True)
class ClauseRule:
    code: str
    clause: str
    name_zh: str
    name_en: str
    who: Who
    parameters: tuple[str, ...]
    make: Callable[..., str]
    opens: dt.time = dt.time(8)
    window_minutes: int = 8 * 60
    closes: Closes = Closes.WINDOW
    needs_verification: bool = False
    takes_effect: Callable[[dt.date], dt.date] = recurrence.from_the_date

    def spans(self, timelines):
        return recurrence.spans_of(timelines, self.parameters, self.make, self.takes_effect)


CLAUSE_RULES = {
    rule.code: rule
    for rule in (
        ClauseRule(
            code="changing_room_clean",
            clause="hygiene.changing.5",
            name_zh="更衣室清洁",
            name_en="Changing-room clean",
            who=Who.DAY_LEADER,
            parameters=("changing_room_clean_weekday",),
            make=recurrence.weekly,
            needs_verification=True,
        ),
        ClauseRule(
            code="watering",
            clause="hygiene.plants.1",
            name_zh="花草浇水",
            name_en="Plant watering",
            who=Who.DAY_CREW,
            parameters=("watering_every_days",),
            make=recurrence.daily,
        ),
        ClauseRule(
            code="leaf_clean",
            clause="hygiene.plants.2",
            name_zh="清洁叶面",
            name_en="Leaf cleaning",
            who=Who.DAY_CREW,
            parameters=("leaf_clean_weekday",),
            make=recurrence.weekly,
        ),
        ClauseRule(
            code="weekly_meeting",
            clause="meeting.2",
            name_zh="班务会",
            name_en="Weekly meeting",
            who=Who.DIRECTOR,
            parameters=("weekly_meeting_weekday",),
            make=recurrence.weekly,
            closes=Closes.WEEK,
        ),
        ClauseRule(
            code="monthly_meeting",
            clause="meeting.3",
            name_zh="全部业务代表会议",
            name_en="Monthly meeting of all agents",
            who=Who.DIRECTOR,
            parameters=("monthly_meeting_weekday", "monthly_meeting_before_day"),
            make=recurrence.monthly_before,
            closes=Closes.MONTH,
            takes_effect=recurrence.from_the_next_month,
        ),
    )
}

PARAMETERS = tuple(name for rule in CLAUSE_RULES.values() for name in rule.parameters)

evidence("schedule", "hygiene.changing.5", _("Every week the clean is there by itself, with that day's leader."))
evidence("schedule", "hygiene.plants.1", _("The watering is there by itself, with the rotating day shift."))
evidence(
    "schedule", "hygiene.plants.2", _("Every week the leaf cleaning is there by itself, with the rotating day shift.")
)
evidence("schedule", "meeting.2", _("The weekly meeting is dated by itself."))
evidence(
    "schedule", "meeting.3", _("The monthly meeting is dated by itself, on its weekday before the day of the month.")
)
