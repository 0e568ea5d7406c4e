import datetime as dt

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcentre.refusals import Refused
from journal.models import Entry
from people.models import Role
from shifts import actions
from shifts.models import Assignment, Edit, Shift
from tests import make, make_editing, make_shifts
from tests.make_editing import AT, day, edit, state

pytestmark = pytest.mark.django_db
TUESDAY = make.MONDAY + dt.timedelta(days=1)


def code_of(step, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        step(*args, **kwargs)
    assert str(refused.value)
    return refused.value.code


@pytest.fixture
def draft():
    make_shifts.desks(count=4)
    return make_editing.draft()


@pytest.fixture
def director():
    return make_shifts.director()


def people_of(roster, name="甲班"):
    """The leader and the agents of a team."""
    return list(roster.rotation.teams.get(name=name).person_set.order_by("pk"))


# One step


def test_an_edit_replaces_the_whole_day_and_is_recorded(draft, director):
    agent = people_of(draft)[1]
    made = edit(draft, director, (agent.pk, make.MONDAY, "M"), (agent.pk, TUESDAY, ""))
    assert (day(draft, agent), day(draft, agent, TUESDAY)) == (["M"], [])
    assert (made.number, made.kind, made.by, made.at, made.undone_at) == (1, "cells", director, AT, None)
    assert made.cells == [[agent.pk, "2026-11-23", ["D"], ["M"]], [agent.pk, "2026-11-24", ["D"], []]]
    row = Entry.objects.about(draft).last()
    assert (row.verb, row.actor, row.facts) == ("roster.edited", director, {"number": 1, "kind": "cells", "cells": 2})


def test_who_comes_joins_the_shift_of_that_type_at_a_free_desk(draft, director):
    agent = people_of(draft)[1]
    edit(draft, director, (agent.pk, make.MONDAY, "M"))
    row = Assignment.objects.select_related("shift__team", "desk").get(person=agent, shift__on=make.MONDAY)
    taken = Assignment.objects.filter(shift=row.shift).exclude(pk=row.pk).values_list("desk__code", flat=True)
    assert (row.shift.team.name, row.plan, row.starts_at) == ("乙班", draft.pk, make.at(16))
    assert row.desk.code not in taken


def test_ones_own_team_comes_first(draft, director):
    agent = people_of(draft, "乙班")[1]
    kind = actions.ensure_shift_type(draft.centre, "D")
    starts_at, ends_at = kind.span(make.MONDAY)
    span = {"starts_at": starts_at, "ends_at": ends_at, "plan": draft.pk, "on": make.MONDAY}
    own = Shift.objects.create(centre=draft.centre, roster=draft, type=kind, team=agent.team, **span)
    edit(draft, director, (agent.pk, make.MONDAY, "D"))
    assert Assignment.objects.get(person=agent, shift__on=make.MONDAY).shift == own


def test_a_turn_that_nobody_has_is_made_and_goes_with_its_last_person(draft, director):
    agent, before = people_of(draft)[1], make_editing.shifts(draft)
    actions.ensure_shift_type(draft.centre, "W")
    edit(draft, director, (agent.pk, make.MONDAY, "W"))
    made = Shift.objects.get(roster=draft, type__code="W")
    assert (made.team, made.leader, made.plan) == (agent.team, None, draft.pk)
    edit(draft, director, (agent.pk, make.MONDAY, ""))
    assert make_editing.shifts(draft) == before


def test_a_turn_that_the_rotation_asks_for_stays_without_people(draft, director):
    before = make_editing.shifts(draft)
    edit(draft, director, *((person.pk, make.MONDAY, "") for person in people_of(draft)))
    assert make_editing.shifts(draft) == before
    shift = Shift.objects.get(roster=draft, on=make.MONDAY, type__code="D")
    assert (shift.leader, shift.assignments.count()) == (None, 0)


def test_leaders_lead_a_turn_without_one_and_work_on_another(draft, director):
    first, second = people_of(draft)[0], people_of(draft, "丁班")[0]
    edit(draft, director, (second.pk, make.MONDAY, "D"))
    shift = Shift.objects.get(roster=draft, on=make.MONDAY, type__code="D")
    assert (shift.leader, shift.assignments.filter(person=second).count()) == (first, 1)
    edit(draft, director, (second.pk, make.MONDAY, ""), (first.pk, make.MONDAY, ""))
    edit(draft, director, (second.pk, make.MONDAY, "D"))
    shift.refresh_from_db()
    assert (shift.leader, shift.assignments.filter(person=second).count()) == (second, 0)


def test_leaders_change_places_in_one_step(draft, director):
    first, second = people_of(draft)[0], people_of(draft, "乙班")[0]
    edit(draft, director, (first.pk, make.MONDAY, "M"), (second.pk, make.MONDAY, "D"))
    led = Shift.objects.filter(roster=draft, on=make.MONDAY, type__code__in="DM").order_by("starts_at")
    assert [shift.leader for shift in led] == [second, first]


def test_a_day_may_have_two_turns(draft, director):
    agent = people_of(draft)[1]
    edit(draft, director, (agent.pk, make.MONDAY, "D M"))
    assert day(draft, agent) == ["D", "M"]


def test_an_edit_that_changes_nothing_leaves_no_step(draft, director):
    agent = people_of(draft)[1]
    same = edit(draft, director, (agent.pk, make.MONDAY, "D"))
    assert (same.pk, same.cells, Edit.objects.count()) == (None, [], 0)


def test_leaders_edit_drafts_too_and_nobody_else(draft):
    agent = people_of(draft)[1]
    cell = (agent.pk, make.MONDAY, "")
    stranger = make_shifts.director(centre=make.centre(name="别的中心"))
    for person in (agent, make.person(role=Role.INSPECTOR), stranger):
        assert code_of(edit, draft, person, cell) == "draft_not_yours"
    assert edit(draft, people_of(draft)[0], cell).number == 1


def test_what_is_refused_changes_nothing(draft, director):
    agent, before = people_of(draft)[1], state(draft)
    actions.ensure_shift_type(draft.centre, "DL")
    foreign = make.person(centre=make.centre(name="别的中心"))
    gone, loose = make.person(name="离职", team=agent.team), make.person(name="无班")
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    sunday = make.MONDAY - dt.timedelta(days=1)
    refused = {
        "day_outside_roster": (agent.pk, sunday, "D"),
        "code_unknown": (agent.pk, make.MONDAY, "X"),
        "person_not_here": (foreign.pk, make.MONDAY, "D"),
        "person_is_away": (gone.pk, make.MONDAY, "D"),
        "person_without_team": (loose.pk, make.MONDAY, "DL"),
        "turns_overlap": (agent.pk, make.MONDAY, "D DL"),
    }
    found = {code: code_of(edit, draft, director, cell) for code, cell in refused.items()}
    assert found == {code: code for code in refused}
    assert (state(draft), Edit.objects.count()) == (before, 0)


def test_an_overlap_with_the_day_before_is_refused(draft, director):
    agent = people_of(draft)[1]
    actions.ensure_shift_type(draft.centre, "NL")
    actions.ensure_shift_type(draft.centre, "N")
    edit(draft, director, (agent.pk, make.MONDAY, "NL"), (agent.pk, TUESDAY, ""))
    assert code_of(edit, draft, director, (agent.pk, TUESDAY, "N")) == "turns_overlap"


def test_a_cell_that_somebody_else_changed_meanwhile_is_not_overwritten(draft, director):
    agent = people_of(draft)[1]
    cell, seen = (agent.pk, make.MONDAY), {(agent.pk, make.MONDAY): "D"}
    edit(draft, people_of(draft)[0], (*cell, "M"), expected=seen)
    assert code_of(edit, draft, director, (*cell, ""), expected=seen) == "cell_changed_meanwhile"
    assert edit(draft, director, (*cell, ""), expected={cell: "M"}).number == 2


def test_an_archived_roster_is_not_edited(draft, director):
    actions.archive_roster(roster=draft, by=director, at=AT)
    for step in (actions.undo_edit, actions.redo_edit):
        assert code_of(step, roster=draft, by=director, at=AT) == "wrong_state"
    assert code_of(edit, draft, director, (director.pk, make.MONDAY, "D")) == "wrong_state"


# Undo and redo


def test_undo_gives_back_the_desk_and_the_lead(draft, director):
    leader, agent, _other = people_of(draft)
    before = state(draft)
    edit(draft, director, (leader.pk, make.MONDAY, ""), (agent.pk, make.MONDAY, "M"))
    after = state(draft)
    undone = actions.undo_edit(roster=draft, by=director, at=AT)
    assert (state(draft), undone.number, undone.undone_at) == (before, 1, AT)
    redone = actions.redo_edit(roster=draft, by=director, at=AT)
    assert (state(draft), redone.undone_at) == (after, None)
    verbs = [row.verb for row in Entry.objects.about(draft)][-3:]
    assert verbs == ["roster.edited", "roster.edit_undone", "roster.edit_redone"]


def test_a_new_step_drops_what_was_undone(draft, director):
    agent = people_of(draft)[1]
    edit(draft, director, (agent.pk, make.MONDAY, "M"))
    actions.undo_edit(roster=draft, by=director, at=AT)
    edit(draft, director, (agent.pk, make.MONDAY, ""))
    assert code_of(actions.redo_edit, roster=draft, by=director, at=AT) == "nothing_to_redo"
    actions.undo_edit(roster=draft, by=director, at=AT)
    assert code_of(actions.undo_edit, roster=draft, by=director, at=AT) == "nothing_to_undo"
    assert day(draft, agent) == ["D"]


STEPS = st.lists(
    st.one_of(
        st.lists(
            st.tuples(st.integers(0, 11), st.integers(0, 6), st.sampled_from(["", "D", "M", "N", "W", "D M", "N D"])),
            min_size=1,
            max_size=5,
        ),
        st.sampled_from(["undo", "redo", "fill"]),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_all_of_it_can_be_undone_and_redone(draft, director, steps):
    for code in ("W", "N"):
        actions.ensure_shift_type(draft.centre, code)
    with transaction.atomic():
        do_and_undo(steps, draft, director)
        transaction.set_rollback(True)


def do_and_undo(steps, draft, director):
    people = [person for team in draft.rotation.teams.order_by("pk") for person in team.person_set.order_by("pk")]
    start = state(draft), make_editing.shifts(draft)
    for step in steps:
        try:
            take(step, draft, director, people)
        except Refused as refused:
            assert refused.code in ("turns_overlap", "nothing_to_undo", "nothing_to_redo")
    while Edit.objects.undone().exists():
        actions.redo_edit(roster=draft, by=director, at=AT)
    end = state(draft), make_editing.shifts(draft)
    count = Edit.objects.count()
    for _number in range(count):
        actions.undo_edit(roster=draft, by=director, at=AT)
    assert (state(draft), make_editing.shifts(draft)) == start
    for _number in range(count):
        actions.redo_edit(roster=draft, by=director, at=AT)
    assert (state(draft), make_editing.shifts(draft)) == end


def take(step, draft, director, people):
    if step == "undo":
        actions.undo_edit(roster=draft, by=director, at=AT)
    elif step == "redo":
        actions.redo_edit(roster=draft, by=director, at=AT)
    elif step == "fill":
        actions.fill_roster(roster=draft, from_on=draft.from_on, until_on=TUESDAY, by=director, at=AT)
    else:
        cells = [(people[who].pk, make.MONDAY + dt.timedelta(days=day), code) for who, day, code in step]
        edit(draft, director, *cells)


# Fill


def test_filling_gives_the_days_of_the_cycle_again(draft, director):
    before = {row[:4] for row in state(draft)}
    people = [person for name in ("甲班", "乙班") for person in people_of(draft, name)]
    edit(draft, director, *((person.pk, make.MONDAY, "") for person in people))
    whole = {"from_on": draft.from_on, "until_on": draft.until_on, "by": director, "at": AT}
    filled = actions.fill_roster(roster=draft, teams=[people[0].team], **whole)
    assert (filled.kind, len(filled.cells)) == ("filled", 3)
    actions.fill_roster(roster=draft, people=[people[3]], **whole)
    assert [day(draft, person) for person in people] == [["D"], ["D"], ["D"], ["M"], [], []]
    actions.fill_roster(roster=draft, **whole)
    assert {row[:4] for row in state(draft)} == before


def test_filling_goes_by_a_cycle_changed_meanwhile(draft, director):
    rotation = draft.rotation
    rotation.cycle = ["D", "M", "N", "", "", "", "", ""]
    rotation.save()
    period = {"from_on": draft.from_on, "until_on": draft.until_on}
    actions.fill_roster(roster=draft, **period, by=director, at=AT)
    fresh = actions.make_roster(rotation=rotation, **period, by=director, at=AT)
    assert {row[:4] for row in state(draft)} == {row[:4] for row in state(fresh)}
    assert make_editing.shifts(draft) == make_editing.shifts(fresh)


def test_what_is_not_filled(draft, director):
    whole = {"from_on": draft.from_on, "until_on": draft.until_on, "by": director, "at": AT}
    late = draft.until_on + dt.timedelta(days=1)
    assert code_of(actions.fill_roster, roster=draft, **{**whole, "until_on": late}) == "day_outside_roster"
    assert code_of(actions.fill_roster, roster=draft, **whole, teams=[make.team(name="外班")]) == "nothing_to_fill"
    assert code_of(actions.fill_roster, roster=draft, **{**whole, "by": make.person()}) == "draft_not_yours"


# Many cells at once


def test_many_cells_take_no_more_statements_than_few(draft, director):
    people = [person for team in draft.rotation.teams.all() for person in team.person_set.all()]
    counts = []
    for some in (people[:3], people):
        cells = [(person.pk, make.MONDAY, "") for person in some]
        with CaptureQueriesContext(connection) as queries:
            edit(draft, director, *cells, kind=Edit.Kind.IMPORTED)
        counts.append(len(queries))
        actions.undo_edit(roster=draft, by=director, at=AT)
    assert counts[0] == counts[1] <= 20


def test_a_leader_who_stands_in_leads_the_shift_that_has_none():
    director = make_shifts.director()
    crews = make_shifts.crews(count=3)
    rotation = make_shifts.rotation(preset="4on2off", teams=[team for team, _leader, _agents in crews])
    draft = make_shifts.roster(rotation=rotation, published=False, by=director)
    day_shifts = list(Shift.objects.filter(roster=draft, on=draft.from_on).select_related("leader").order_by("pk"))
    assert len(day_shifts) == 2
    later = day_shifts[1]
    resting = next(leader for _team, leader, _agents in crews if leader not in {row.leader for row in day_shifts})
    cells = [(later.leader_id, later.on, ""), (resting.pk, later.on, "D")]
    actions.edit_roster(roster=draft, cells=cells, by=director, at=make.at(9))
    later.refresh_from_db()
    assert later.leader == resting
