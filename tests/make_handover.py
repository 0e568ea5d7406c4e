"""A Monday's floor for tests: the day shift with its log, and the middle shift that takes over at 16:00."""

import types

from handover import actions
from handover.contents import Contents
from handover.models import Mark
from handover.sections import Section
from people.models import Person
from shifts.models import Shift
from tests import make, make_shifts

MORNING = make.at(9)
SUBMITTED_AT = make.at(15, 55)
ACCEPTED_AT = make.at(16, 5)


def floor(*, type="D", next_type="M", on=make.MONDAY, roster=None):
    """log, shift, leader, agents of the shift; next_shift, next_leader, next_agents; and a director."""
    roster = roster or make_shifts.roster()
    shift, following = the_shift(roster, type, on), None
    if next_type:
        following = Shift.objects.after(shift).select_related("leader").first()
    return types.SimpleNamespace(
        centre=roster.centre,
        roster=roster,
        shift=shift,
        leader=shift.leader,
        agents=people_of(shift),
        next_shift=following,
        next_leader=following and following.leader,
        next_agents=following and people_of(following),
        director=roster.published_by,
        log=actions.open_log(shift=shift, by=None, at=shift.starts_at),
    )


def the_shift(roster, type, on):
    return Shift.objects.with_names().select_related("centre").get(roster=roster, type__code=type, on=on)


def people_of(shift):
    return list(Person.objects.filter(assignments__shift=shift).order_by("pk"))


def entry(floor, *, section=Section.EQUIPMENT, text="A03 号席耳机有杂音，已换备用耳机。", by=None, at=MORNING):
    return actions.add_entry(log=floor.log, section=section, text=text, by=by or floor.agents[0], at=at)[0]


def question(floor, *, text="合约期内换套餐是否收违约金？", by=None, at=MORNING, **details):
    """A hard question; details: answer_given, needs_analysis."""
    step = {"log": floor.log, "section": Section.HARD_QUESTIONS, "text": text}
    return actions.add_entry(**step, by=by or floor.agents[0], at=at, **details)[0]


def answered(floor, *, at=MORNING):
    """Every section that is still silent is marked 无 by the leader."""
    for section in Contents(floor.log).silent:
        actions.mark_nothing(log=floor.log, section=section, by=floor.leader, at=at)
    return floor


def submitted(floor=None, *, at=SUBMITTED_AT, **options):
    floor = answered(floor or globals()["floor"](**options))
    actions.submit(log=floor.log, by=floor.leader, at=at)
    floor.log.refresh_from_db()
    return floor


def talked_through(floor=None, *, at=SUBMITTED_AT):
    """Submitted, and every section accepted, but not yet the log."""
    floor = floor or submitted()
    for section in Section:
        actions.accept_section(log=floor.log, section=section, by=floor.next_leader, at=at)
    return floor


def accepted(floor=None, *, at=ACCEPTED_AT):
    floor = talked_through(floor)
    actions.accept(log=floor.log, by=floor.next_leader, at=at)
    floor.log.refresh_from_db()
    return floor


def nothing(log):
    """The sections marked 无."""
    return set(log.marks.filter(kind=Mark.Kind.NOTHING).values_list("section", flat=True))


def outsider(**options):
    """An agent of the centre who is on none of the shifts."""
    return make.person(name="外班组员", **options)
