"""Every dated obligation of a centre, computed: what rules ask for and whom the roster names. Nothing is written."""

import dataclasses
import datetime as dt
from collections.abc import Iterator

from duties.planning import Calendar, rules_of
from duties.who import Resolver


@dataclasses.dataclass(frozen=True)
class Obligation:
    date: dt.date
    rule: str
    clause: str
    slot: str
    assignee: str  # an employee number: the person, a crew's leader, or the director
    why: str  # a code of duties.who.WHY


def obligations(centre, first, last) -> Iterator[Obligation]:
    """The obligations from `first` to `last` inclusive, by date. Rules of clauses hold for all dates, past ones too."""
    calendar = Calendar(centre, first, last)
    resolver = Resolver.between(centre, first, last)
    dated = [(date, number, rule) for number, rule in enumerate(rules_of(centre)) for date in calendar.dates(rule)]
    for date, _number, rule in sorted(dated, key=lambda found: found[:2]):
        found = resolver.assignee(rule.who, date)
        number = found.person.employee_number if found.person else ""
        yield Obligation(date, rule.code, rule.clause, "", number, found.why)
