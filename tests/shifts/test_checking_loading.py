"""A Period read from the database: which turns it sees, from which plan, in how many statements."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import CalendarDay, Person, Role
from shifts.checking import Period, judge
from shifts.models import Assignment, Demand, Leave, Limit, Shift
from tests import make, make_shifts

pytestmark = pytest.mark.django_db

SUNDAY = make.MONDAY + dt.timedelta(days=6)
NEXT_MONDAY = make.MONDAY + dt.timedelta(days=7)


@pytest.fixture(autouse=True)
def calendar():
    """The year is announced."""
    on, kind = dt.date(2026, 1, 1), CalendarDay.Kind.HOLIDAY
    announced = CalendarDay.Certainty.ANNOUNCED
    CalendarDay.objects.create(centre=make.centre(), on=on, kind=kind, name="元旦", certainty=announced)


def whole(roster, **options):
    return Period.load(roster.centre, roster.from_on, roster.until_on, **options)


def found(period):
    return [(each.code, each.person_id, each.on) for each in judge(period)]


def demand(code="D", heads=2, day="every"):
    centre = make.centre()
    kind = centre.shifttype_set.get(code=code)
    return Demand.objects.create(centre=centre, type=kind, day=day, heads=heads, from_on=make.FIRST_DAY)


def test_the_known_rotation_keeps_the_defaults():
    roster = make_shifts.roster(until_on=make.MONDAY + dt.timedelta(days=30))
    period = whole(roster)
    assert found(period) == [("calendar_unknown", None, dt.date(2027, 1, 1))] * (roster.until_on.year > 2026)
    assert len(period.days) == 31
    turns = [turn for turns in period.turns.values() for turn in turns]
    assert len(turns) == Assignment.objects.count() + Shift.objects.exclude(leader=None).count()
    assert {turn.is_night for turn in turns if turn.code == "N"} == {True}
    assert {turn.minutes for turn in turns} == {480}


def test_the_margin_comes_from_what_is_published():
    """Six days before the period, and its first day as the seventh: over a month's border too."""
    person = make.person()
    for number in range(7):
        on = dt.date(2026, 11, 25) + dt.timedelta(days=number)
        make_shifts.shift(on=on, leader=make.person(role=Role.LEADER), people=[person])
    period = Period.load(make.centre(), dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    assert found(period) == [("run", person.pk, dt.date(2026, 12, 1))]
    before = Period.load(make.centre(), dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert found(before) == [("run", person.pk, dt.date(2026, 11, 30))]


def test_a_draft_is_judged_beside_what_is_published():
    person, leader = make.person(), make.person(role=Role.LEADER)
    make_shifts.shift(type="M", people=[person], leader=leader)
    other = make_shifts.shift(type="D", team=make.team(name="乙班"), people=[person], leader=leader, published=False)
    other_leader = make.person(role=Role.LEADER)
    Shift.objects.filter(pk=other.pk).update(leader=other_leader)
    period = whole(other.roster, plan=other.roster.pk)
    assert found(period) == [("rest", person.pk, make.MONDAY)]
    assert [turn.is_own for turn in period.turns[person.pk]] == [True, False]
    assert found(Period.load(make.centre(), make.MONDAY, make.MONDAY)) == []


def test_a_draft_replaces_what_is_published_of_its_rotation():
    roster = make_shifts.roster()
    draft = make_shifts.roster(rotation=roster.rotation, by=roster.published_by, published=False)
    period = whole(draft, plan=draft.pk)
    assert found(period) == []
    assert {slot.is_own for slot in period.slots.values()} == {True}
    assert len(period.own_slots) == draft.shifts.count() == 21


def test_a_draft_is_seen_beyond_the_days_that_are_judged():
    roster = make_shifts.roster(published=False, until_on=NEXT_MONDAY)
    period = Period.load(roster.centre, make.MONDAY, make.MONDAY, plan=roster.pk)
    assert {slot.on for slot in period.slots.values()} == {*dates(make.MONDAY, NEXT_MONDAY)}
    assert {slot.on for slot in period.own_slots} == {make.MONDAY}


def dates(first, last):
    return [first + dt.timedelta(days=number) for number in range((last - first).days + 1)]


def test_set_aside_is_not_seen():
    shift = make_shifts.shift(people=[make.person()])
    Assignment.objects.update(plan=None)
    Shift.objects.update(plan=None)
    assert Period.load(shift.centre, shift.on, shift.on).turns == {}


def test_of_some_people_the_cover_is_still_whole():
    leader, (one, two, three) = make.person(role=Role.LEADER), [make.person() for _number in range(3)]
    shift = make_shifts.shift(people=[one, two, three], leader=leader)
    demand(heads=3)
    period = Period.load(shift.centre, shift.on, shift.on, people=[one.pk])
    assert set(period.turns) == {one.pk}
    assert period.heads[shift.on, "D"] == 3
    assert judge(period) == []
    without = period.with_changes(removed=[(one.pk, shift)])
    assert found(without) == [("uncovered", None, shift.on)]


def test_a_change_with_shifts_of_the_database():
    leader, agent, other = make.person(role=Role.LEADER), make.person(), make.person(role=Role.LEADER)
    shift = make_shifts.shift(people=[agent], leader=leader)
    period = Period.load(shift.centre, shift.on, shift.on)
    changed = period.with_changes(removed=[(leader.pk, shift)], added=[(other.pk, shift)])
    assert [turn.leads for turn in changed.turns[other.pk]] == [True]
    assert judge(changed) == []
    unsaved = Shift(centre=shift.centre, type=shift.type, team=shift.team, on=shift.on)
    unsaved.starts_at, unsaved.ends_at = shift.ends_at, shift.ends_at + dt.timedelta(hours=8)
    late = period.with_changes(added=[(other.pk, unsaved), (agent.pk, unsaved)])
    assert found(late) == [("rest", agent.pk, shift.on)]
    assert [turn.leads for turn in late.turns[other.pk]] == [True]


def test_the_demand_of_a_roster_is_for_its_own_types():
    roster = make_shifts.roster()
    demand("D", heads=2)
    demand("N", heads=3)
    codes = {(each.code, each.what) for each in judge(whole(roster))}
    assert codes == {("uncovered", "N")}
    weekdays = make_shifts.rotation(preset="weekdays", teams=[make.team(name="行政班")])
    draft = make_shifts.roster(rotation=weekdays, from_on=NEXT_MONDAY, by=roster.published_by, published=False)
    codes = {(each.code, each.what) for each in judge(whole(draft, plan=draft.pk))}
    assert codes == {("uncovered", "W")}  # nobody is in that team


def test_approved_leave_counts_and_other_leave_does_not():
    person = make.person()
    shift = make_shifts.shift(people=[person], leader=make.person(role=Role.LEADER))
    fields = {"centre": shift.centre, "person": person, "kind": "annual", "from_on": shift.on, "until_on": shift.on}
    decided = {"decided_by": make_shifts.director(), "decided_at": make.at(8), "asked_at": make.at(8)}
    leave = Leave.objects.create(**fields, asked_by=person, asked_at=make.at(8))
    assert found(Period.load(shift.centre, shift.on, shift.on)) == []
    Leave.objects.filter(pk=leave.pk).update(status="approved", **decided)
    assert found(Period.load(shift.centre, shift.on, shift.on)) == [("on_leave", person.pk, shift.on)]


def test_who_has_left_or_lost_the_role_is_said():
    person, leader = make.person(), make.person(role=Role.AGENT)
    shift = make_shifts.shift(people=[person], leader=leader)
    assert found(Period.load(shift.centre, shift.on, shift.on)) == [("role", leader.pk, shift.on)]
    Person.objects.filter(pk=person.pk).update(is_active=False)
    period = Period.load(shift.centre, shift.on, shift.on)
    assert {each.person_id: each.facts["why"] for each in judge(period)} == {person.pk: "none", leader.pk: "leads"}


def test_limits_are_the_centres_own():
    person = make.person()
    first = make_shifts.shift(type="M", people=[person], leader=make.person(role=Role.LEADER))
    on = first.on + dt.timedelta(days=1)
    make_shifts.shift(type="N", on=on, people=[person], leader=make.person(role=Role.LEADER))
    other = make.centre(name="别处")
    Limit.objects.create(centre=other, check_code="rest", effect="ignore", from_on=make.FIRST_DAY)
    assert [each.effect for each in judge(Period.load(first.centre, first.on, on))] == ["refuse"]
    Limit.objects.create(centre=first.centre, check_code="rest", effect="warn", from_on=on)
    assert [each.effect for each in judge(Period.load(first.centre, first.on, on))] == ["warn"]


def test_hours_outside_the_days_are_summed_up():
    """November has 20 eight-hour turns before the week of the 23rd, of which the margin shows the last few."""
    person, leader = make.person(), make.person(role=Role.LEADER)
    for number in range(20):
        make_shifts.shift(on=dt.date(2026, 11, 1) + dt.timedelta(days=number), people=[person], leader=leader)
    Limit.objects.create(centre=make.centre(), check_code="run", effect="ignore", value=3, from_on=make.FIRST_DAY)
    today = make.MONDAY
    make_shifts.shift(on=today, people=[person], leader=leader)
    for value, codes in ((168, []), (167, ["month_hours", "month_hours"])):
        Limit.objects.update_or_create(
            centre=make.centre(),
            check_code="month_hours",
            from_on=make.FIRST_DAY,
            defaults={"effect": "warn", "value": value},
        )
        period = Period.load(make.centre(), today, today)
        assert sum(period.minutes_outside[person.pk].values()) > 0
        assert [each.code for each in judge(period)] == codes


def test_holidays_of_the_calendar():
    on = dt.date(2026, 1, 1)
    shift = make_shifts.shift(on=on, people=[make.person()], leader=make.person(role=Role.LEADER))
    (holiday,) = judge(Period.load(shift.centre, on, on))
    assert (holiday.code, holiday.facts["name"], holiday.size) == ("holiday", ("元旦", ""), 1)


def test_a_year_is_known_by_its_days_and_announced_by_one_that_is():
    CalendarDay.objects.create(centre=make.centre(), on=dt.date(2027, 5, 1), kind="holiday", name="劳动节")
    make_shifts.roster()
    said = {}
    for year in (2026, 2027, 2028):
        period = Period.load(make.centre(), dt.date(year, 3, 1), dt.date(year, 3, 2))
        said[year] = [each.facts.get("why") for each in judge(period)]
    assert said == {2026: [], 2027: ["predicted"], 2028: [None]}


def test_the_statements_do_not_grow_with_the_rows():
    small = make_shifts.roster()
    few = statements(small)
    for name in ("戊班", "己班", "庚班"):
        _team, leader, agents = make_shifts.crew(name=name, agents=8)
        for on in dates(make.MONDAY, SUNDAY):
            make_shifts.shift(on=on, team=make.team(name=name), leader=leader, people=agents)
    assert statements(small) == few
    assert few == 5


def statements(roster):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        whole(roster)
    return len(queries)


def test_of_one_day_and_some_people_it_takes_five_statements():
    roster = make_shifts.roster(until_on=make.MONDAY + dt.timedelta(days=60))
    people = list(Person.objects.values_list("pk", flat=True)[:2])
    with CaptureQueriesContext(connection) as queries:
        Period.load(roster.centre, SUNDAY, SUNDAY, people=people)
    assert len(queries) == 5
