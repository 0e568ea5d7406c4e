"""What the solver is asked: the draft, its people, limits, leave, demand and wishes as a Problem."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import CalendarDay, Person, Role, RoleAssignment
from shifts import actions, solving
from shifts.models import Demand, Limit, Roster, Run, Shift, ShiftType
from shifts.solver import problem as solver_problem
from tests import make, make_shifts, make_solving
from tests.make_solving import ASKED, FIRST

pytestmark = pytest.mark.django_db


def loaded(roster, *, at=ASKED, **weights):
    by = Person.objects.filter(role_assignments__role=Role.DIRECTOR).first() or make_shifts.director()
    run = actions.ask_run(roster=roster, seconds=1, by=by, at=at, **weights)
    return solving.Draft(run, at)


def member(draft, person):
    return draft.member(person.pk)


def agents():
    return list(Person.objects.filter(role_assignments__role=Role.AGENT).order_by("employee_number"))


def day(on):
    """The day's number in December."""
    return on.day - 1


def test_a_problem_is_one_that_the_solver_takes():
    draft = loaded(make_solving.draft())
    for group in solving.GROUPS:
        problem = draft.problem(group)
        assert solver_problem.from_json(solver_problem.to_json(problem)) == problem


def test_the_statements_do_not_grow():
    counts = []
    for name, size in (("甲中心", 1), ("乙中心", 6)):
        rotation = make_shifts.rotation(centre=make.centre(name=name), agents=size)
        director = make_shifts.director(centre=rotation.centre)
        roster = make_solving.draft(rotation=rotation, by=director)
        for person in Person.objects.filter(centre=rotation.centre, team__isnull=False):
            make_solving.wish(person=person)
            make_solving.leave(person=person, from_on=dt.date(2026, 12, 9), by=director)
        run = make_solving.run(roster=roster, by=director)
        run = Run.objects.select_related("roster__centre", "roster__rotation").get(pk=run.pk)
        with CaptureQueriesContext(connection) as queries:
            draft = solving.Draft(run, ASKED)
            assert [len(draft.problem(group).members) for group in solving.GROUPS] == [4, 4 * size]
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12


def test_leaders_and_agents_are_two_problems():
    draft = loaded(make_solving.draft(agents=3))
    leaders, agents = (draft.problem(group) for group in solving.GROUPS)
    assert {row.need for row in leaders.cover} == {1}
    assert {row.need for row in agents.cover} == {3}
    assert {row.code for row in agents.cover} == {"D", "M", "N"}
    assert len(agents.cover) == len(leaders.cover) == 3 * 31


def test_the_start_is_the_draft():
    roster = make_solving.draft(agents=1)
    draft, person = loaded(roster), agents()[0]
    worked = {shift.on: shift.type.code for shift in Shift.objects.filter(roster=roster).with_on_it(person)}
    line = draft.problem(solving.AGENTS).start[str(person.pk)]
    assert {dt.date(2026, 12, number): code for number, code in enumerate(line, 1) if code} == worked
    assert len(worked) in (23, 24)


def test_limits_that_refuse_are_hard_rules():
    rotation = make_shifts.rotation()
    Limit.objects.create(
        centre=rotation.centre, check_code="week_hours", effect="refuse", value=44, from_on=make.FIRST_DAY
    )
    draft = loaded(make_solving.draft(rotation=rotation))
    asked = member(draft, agents()[0])
    assert (asked.max_run, asked.week_minutes) == (6, 44 * 60)
    successions = {kind.code: set(kind.not_before) for kind in draft.problem(solving.AGENTS).kinds}
    assert successions == {"D": {"N"}, "M": {"D", "N"}, "N": set()}


def test_limits_that_warn_or_are_ignored_are_none():
    rotation = make_shifts.rotation()
    for code in ("run", "rest", "week_rest"):
        Limit.objects.create(centre=rotation.centre, check_code=code, effect="warn", value=1, from_on=make.FIRST_DAY)
    draft = loaded(make_solving.draft(rotation=rotation))
    asked = member(draft, agents()[0])
    assert (asked.max_run, asked.week_minutes) == (None, None)
    successions = {kind.code: set(kind.not_before) for kind in draft.problem(solving.AGENTS).kinds}
    assert successions == {"D": set(), "M": set(), "N": set()}  # none of them overlaps the next day


def test_two_days_of_rest_a_week_are_kept_by_hours():
    rotation = make_shifts.rotation()
    Limit.objects.create(
        centre=rotation.centre, check_code="week_rest", effect="refuse", value=2, from_on=make.FIRST_DAY
    )
    asked = member(loaded(make_solving.draft(rotation=rotation)), agents()[0])
    assert (asked.max_run, asked.week_minutes) == (6, 6 * 480 - 1)


def test_hours_of_a_month_that_refuse_leave_what_is_not_worked_yet():
    rotation = make_shifts.rotation()
    Limit.objects.create(
        centre=rotation.centre, check_code="month_hours", effect="refuse", value=160, from_on=make.FIRST_DAY
    )
    director = make_shifts.director()
    make_shifts.roster(rotation=rotation, from_on=FIRST, until_on=dt.date(2026, 12, 10), by=director)
    roster = make_solving.draft(rotation=rotation, from_on=dt.date(2026, 12, 11), by=director)
    person = agents()[0]
    worked = Shift.objects.published().between(rotation.centre, FIRST, dt.date(2026, 12, 10)).with_on_it(person)
    run = actions.ask_run(roster=roster, seconds=1, by=director, at=ASKED, fairness=Run.Weight.NONE)
    assert member(solving.Draft(run, ASKED), person).max_minutes == 160 * 60 - 480 * worked.count()


def test_the_days_before_come_from_the_published_plan():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    make_shifts.roster(rotation=rotation, from_on=make.MONDAY, until_on=dt.date(2026, 11, 30), by=director)
    draft = loaded(make_solving.draft(rotation=rotation, by=director))
    first_team = member(draft, agents()[0])  # D D M M - - N N from Monday the 23rd
    assert first_team.before == ("D", "M", "M", None, None, "N", "N")  # as far back as a run may reach
    assert first_team.first_week_minutes == 480  # Monday the 30th, in the week of the 1st


def test_without_a_published_plan_nothing_is_known():
    assert member(loaded(make_solving.draft()), agents()[0]).before == ()


def test_leave_is_a_day_off_and_no_part_of_the_start():
    director = make_shifts.director()
    roster = make_solving.draft(by=director)
    person = agents()[0]
    make_solving.leave(person=person, from_on=dt.date(2026, 12, 3), until_on=dt.date(2026, 12, 6), by=director)
    draft = loaded(roster)
    assert member(draft, person).off == {2, 3, 4, 5}
    assert set(draft.problem(solving.AGENTS).start[str(person.pk)][2:6]) == {None}


def test_days_that_have_begun_are_fixed():
    roster = make_solving.draft()
    draft, person = loaded(roster, at=make.at(9, on=dt.date(2026, 12, 3))), agents()[0]
    asked = member(draft, person)
    assert asked.fixed == dict(enumerate(draft.line(person.pk)[:3]))
    assert min(row.day for row in draft.problem(solving.AGENTS).cover) == 3


def test_a_turn_published_elsewhere_keeps_the_day_free():
    roster, person = make_solving.draft(), agents()[0]
    make_shifts.shift(type="W", on=dt.date(2026, 12, 9), team=make.team(name="己班"), people=[person])
    assert member(loaded(roster), person).off == {8}


def test_demand_counts_for_the_agents_and_the_draft_where_nothing_is_said():
    roster = make_solving.draft(agents=3)
    day_shift = ShiftType.objects.get(code="D")
    for kind, heads in (("every", 5), ("rest", 2)):
        Demand.objects.create(centre=roster.centre, type=day_shift, day=kind, heads=heads, from_on=make.FIRST_DAY)
    problem = loaded(roster).problem(solving.AGENTS)
    needs = {(row.day, row.code): row.need for row in problem.cover}
    assert (needs[day(dt.date(2026, 12, 4)), "D"], needs[day(dt.date(2026, 12, 5)), "D"]) == (5, 2)
    assert needs[day(dt.date(2026, 12, 4)), "N"] == 3


def test_somebody_whom_nobody_plans_keeps_their_turns_and_fills_their_places():
    roster, guest = make_solving.draft(agents=3), make.person(name="客人")
    shift = Shift.objects.filter(roster=roster, type__code="D").order_by("on").first()
    actions.edit_roster(roster=roster, cells=[(guest.pk, shift.on, "")], by=make_shifts.director(), at=ASKED)
    shift.assignments.create(person=guest, starts_at=shift.starts_at, ends_at=shift.ends_at, plan=shift.plan)
    draft = loaded(roster)
    assert guest.pk not in draft.groups
    assert draft.needs[solving.AGENTS][day(shift.on), "D"] == 4
    needs = {(row.day, row.code): row.need for row in draft.problem(solving.AGENTS).cover}
    assert needs[day(shift.on), "D"] == 3


def test_an_agent_who_becomes_a_leader_is_planned_on_the_longer_side():
    roster, person = make_solving.draft(agents=3), agents()[0]
    person.role_assignments.update(until_on=dt.date(2026, 12, 20))
    RoleAssignment.objects.create(person=person, role=Role.LEADER, from_on=dt.date(2026, 12, 21))
    draft = loaded(roster)
    assert draft.groups[person.pk] == solving.AGENTS
    asked, line = member(draft, person), draft.line(person.pk)
    assert asked.fixed == {number: line[number] for number in range(20, 31)}
    needs = {(row.day, row.code): row.need for row in draft.problem(solving.AGENTS).cover}
    worked = next(number for number in range(20, 31) if line[number])
    assert needs[worked, line[worked]] == 3  # they stand among the three of the draft


def test_who_leaves_has_no_days_after():
    roster, person = make_solving.draft(), agents()[0]
    person.role_assignments.update(until_on=dt.date(2026, 12, 20))
    assert member(loaded(roster), person).off == set(range(20, 31))


def test_wishes_weigh_by_their_points_and_the_choice():
    roster, (person, other, *_more) = make_solving.draft(), agents()
    make_solving.wish(person=person, on=FIRST, weight=3)
    make_solving.wish(person=other, on=FIRST, kind="on", type=ShiftType.objects.get(code="N"))
    make_solving.wish(person=other, on=dt.date(2027, 1, 1))
    wishes = loaded(roster, wishes=Run.Weight.MUCH).problem(solving.AGENTS).wishes
    assert {(wish.member, wish.day, wish.code, wish.on, wish.weight) for wish in wishes} == {
        (str(person.pk), 0, None, False, 120),
        (str(other.pk), 0, "N", True, 40),
    }


def test_what_does_not_count_costs_nothing():
    none = Run.Weight.NONE
    make_solving.draft()
    make_solving.wish(person=agents()[0])
    draft = loaded(Roster.objects.get(), wishes=none, fairness=none, keep=none)
    problem = draft.problem(solving.AGENTS)
    assert (problem.fairness, problem.keep_weight, [wish.weight for wish in problem.wishes]) == (None, 0, [0])
    assert (problem.members[0].min_minutes, problem.members[0].max_minutes) == (0, None)


def test_hours_are_shared_by_who_is_there():
    director = make_shifts.director()
    roster = make_solving.draft(agents=3, by=director)
    present, away, *_more = agents()
    make_solving.leave(person=away, from_on=FIRST, until_on=dt.date(2026, 12, 15), by=director)
    draft = loaded(roster)
    here, there = member(draft, present), member(draft, away)
    two_shifts = 2 * 480
    assert (there.max_minutes - two_shifts) / (here.max_minutes - two_shifts) == pytest.approx(16 / 31, rel=0.01)
    assert here.min_minutes == (0.75 * 31 - 2) * 480  # their share would be more than three days of four


def test_who_is_frozen_is_no_member_and_fills_places():
    roster, person = make_solving.draft(agents=3), agents()[0]
    draft = loaded(roster)
    draft.frozen.add(person.pk)
    problem = draft.problem(solving.AGENTS)
    assert str(person.pk) not in {asked.id for asked in problem.members}
    worked = next(number for number, code in enumerate(draft.line(person.pk)) if code)
    needs = {(row.day, row.code): row.need for row in problem.cover}
    assert needs[worked, draft.line(person.pk)[worked]] == 2


def test_more_people_than_needed_cost_nothing_where_the_draft_has_them():
    roster = make_solving.draft(agents=3)
    holiday, needed = dt.date(2026, 12, 5), {"D": 2, "M": 3, "N": 4}
    for code, heads in needed.items():
        kind = ShiftType.objects.get(code=code)
        Demand.objects.create(centre=roster.centre, type=kind, day="every", heads=heads, from_on=make.FIRST_DAY)
    CalendarDay.objects.create(centre=roster.centre, on=holiday, kind="holiday", name="节")
    Demand.objects.create(
        centre=roster.centre, type=ShiftType.objects.get(code="D"), day="holiday", heads=0, from_on=make.FIRST_DAY
    )
    draft = loaded(roster)
    over = {(row.day, row.code): row.over for row in draft.problem(solving.AGENTS).cover}
    assert {code: over[0, code] for code in needed} == {"D": 0, "M": 1, "N": 1}
    assert over[day(holiday), "D"] == 10
    assert {row.over for row in draft.problem(solving.LEADERS).cover} == {200}


def test_nights_and_weekends_are_shared_by_who_is_there():
    director = make_shifts.director()
    roster = make_solving.draft(agents=3, by=director)
    present, away, *_more = agents()
    make_solving.leave(person=away, from_on=FIRST, until_on=dt.date(2026, 12, 15), by=director)
    draft = loaded(roster)
    here, there = member(draft, present), member(draft, away)
    days = 11 * 31 + 16
    assert here.target_nights == pytest.approx(3 * 31 * 31 / days)
    assert here.target_weekends == pytest.approx(4 * 9 * 31 / days)  # nine agents work on each day of four weekends
    assert there.target_nights / here.target_nights == pytest.approx(16 / 31)
