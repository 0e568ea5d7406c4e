"""The checks of rosters: what they look at, what they find, and what a centre has set about them.

    before = Period.load(centre, from_on, until_on, plan=PUBLISHED_PLAN, people=[...])
    after = before.with_changes(removed=[(person_id, shift)], added=[(person_id, shift)])
    new_findings(judge(before), judge(after))

Loading aside, nothing here touches the database, reads the clock or knows who asks.
"""

from shifts.checking.checks import CHECKS, IGNORE, NOTE, REFUSE, WARN, Check
from shifts.checking.findings import Finding, new_findings
from shifts.checking.judging import judge
from shifts.checking.periods import Calendar, Demands, Limits, Period, Rule, Scope, Slot, Turn

__all__ = [
    "CHECKS",
    "IGNORE",
    "NOTE",
    "REFUSE",
    "WARN",
    "Calendar",
    "Check",
    "Demands",
    "Finding",
    "Limits",
    "Period",
    "Rule",
    "Scope",
    "Slot",
    "Turn",
    "judge",
    "new_findings",
]
