"""Changes after publication: dated versions with an author and a reason, of which the people concerned are told."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callcentre.refusals import Refused
from delivery.actions import send_queued
from delivery.models import Message
from journal.models import Entry
from shifts import actions
from shifts.models import Assignment, Change, Roster, Shift, Version
from tests import make, make_shifts
from tests.make_editing import day, edit, state

pytestmark = pytest.mark.django_db
AT = make.at(9)
TUESDAY, THURSDAY, FRIDAY = (make.MONDAY + dt.timedelta(days=number) for number in (1, 3, 4))
MINE = "/shifts/mine/?month=2026-11"


def code_of(step, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        step(*args, **kwargs)
    assert str(refused.value)
    return refused.value.code


@pytest.fixture
def director():
    return make_shifts.director()


@pytest.fixture
def roster(director):
    make_shifts.desks(count=4)
    found = make_shifts.roster(by=director)
    send_queued()
    Message.objects.all().delete()
    return found


def people_of(roster, name="甲班"):
    return list(roster.rotation.teams.get(name=name).person_set.order_by("pk"))


def change(roster, by, *cells, at=AT, reason="人手不够", **kwargs):
    return edit(roster, by, *cells, at=at, reason=reason, **kwargs)


def turn(roster, person, on, code):
    return person, Shift.objects.get(roster=roster, on=on, type__code=code), None


def move(removed=(), added=(), **kwargs):
    step = {"at": AT, "kind": Version.Kind.SWAPPED, "reason": "换班", **kwargs}
    return actions.change_turns(removed=list(removed), added=list(added), **step)


def told():
    send_queued()
    found = Message.objects.order_by("person")
    assert all(message.text for message in found)
    return list(found.values_list("person", "kind", "facts", "link"))


def test_a_change_is_a_version_by_somebody_with_a_reason(roster, director):
    agent = people_of(roster)[1]
    version = change(roster, director, (agent.pk, TUESDAY, "M"), reason=" 中班缺人 ")
    found = (version.number, version.kind, version.by, version.at, version.reason)
    assert found == (2, "edited", director, AT, "中班缺人")
    rows = Change.objects.filter(version=version).values_list("person", "shift__type__code", "is_added")
    assert sorted(rows) == [(agent.pk, "D", False), (agent.pk, "M", True)]
    assert (day(roster, agent, TUESDAY), Roster.objects.get().version, roster.version) == (["M"], 2, 2)
    row = Entry.objects.about(roster).last()
    facts = {"version": 2, "kind": "edited", "changes": 2, "people": [agent.pk]}
    assert (row.verb, row.actor, row.facts) == ("roster.changed", director, facts)


def test_the_new_turn_counts_at_once(roster, director):
    agent = people_of(roster)[1]
    change(roster, director, (agent.pk, TUESDAY, "M"))
    row = Assignment.objects.select_related("shift").get(person=agent, shift__on=TUESDAY)
    assert (row.plan, row.desk is not None, row.shift.team.name) == (0, True, "乙班")


def test_only_those_whose_days_changed_are_told_of_their_own(roster, director):
    one, other = people_of(roster)[1:]
    change(roster, director, (one.pk, TUESDAY, "M"), (other.pk, TUESDAY, "D"), (other.pk, THURSDAY, ""))
    assert told() == [
        (one.pk, "roster_changed", {"days_zh": "11月24日 日→中", "days_en": "24 Nov D→M"}, MINE),
        (other.pk, "roster_changed", {"days_zh": "11月26日 中→–", "days_en": "26 Nov M→–"}, MINE),
    ]


def test_of_a_great_change_everybody_is_told_once_of_its_days(roster, director, monkeypatch):
    monkeypatch.setattr("shifts.news.PEOPLE_TOLD_APART", 2)
    cells = [(person.pk, THURSDAY, "") for person in people_of(roster)]
    change(roster, director, *cells)
    facts = {"from_on": "2026-11-26", "until_on": "2026-11-26"}
    assert told() == [(person.pk, "roster_changed_much", facts, MINE) for person in people_of(roster)]


def test_what_is_refused_changes_nothing(roster, director):
    leader, agent, _other = people_of(roster)
    before = state(roster)
    cell = (agent.pk, TUESDAY, "M")
    assert code_of(change, roster, director, cell, reason=" ") == "change_without_reason"
    assert code_of(change, roster, leader, cell) == "roster_not_yours"
    stranger = make_shifts.director(centre=make.centre(name="别的中心"))
    assert code_of(change, roster, stranger, cell) == "roster_not_yours"
    assert code_of(change, roster, director, cell, expected={cell[:2]: ""}) == "cell_changed_meanwhile"
    assert code_of(change, roster, director, (agent.pk, make.MONDAY, "")) == "turn_begun"
    assert code_of(change, roster, director, (agent.pk, THURSDAY, "N M")) == "roster_breach"
    for step in (actions.undo_edit, actions.redo_edit):
        assert code_of(step, roster=roster, by=director, at=AT) == "wrong_state"
    assert (state(roster), Version.objects.count()) == (before, 1)


def test_a_turn_that_begins_this_minute_has_begun(roster, director):
    agent = people_of(roster, "乙班")[1]
    cell = (agent.pk, make.MONDAY, "")
    assert code_of(change, roster, director, cell, at=make.at(16)) == "turn_begun"
    assert change(roster, director, cell, at=make.at(15, 59)).number == 2


def test_a_breach_that_was_there_before_does_not_hinder(roster, director):
    one, other = people_of(roster)[1:]
    Shift.objects.filter(roster=roster, on=THURSDAY, type__code="D").update(leader=one)
    assert change(roster, director, (other.pk, TUESDAY, "")).number == 2


def test_a_change_that_changes_nothing_leaves_no_version(roster, director):
    agent = people_of(roster)[1]
    same = change(roster, director, (agent.pk, TUESDAY, "D"))
    assert (same.pk, same.number, Version.objects.count(), told()) == (None, 1, 1, [])


def test_a_shift_without_people_stays_and_a_new_one_is_led_by_its_leader(roster, director):
    leader = people_of(roster)[0]
    actions.ensure_shift_type(roster.centre, "W")
    change(roster, director, *((person.pk, THURSDAY, "") for person in people_of(roster)))
    assert Shift.objects.get(roster=roster, on=THURSDAY, type__code="M").leader is None
    change(roster, director, (leader.pk, FRIDAY, "W"))
    assert Shift.objects.get(roster=roster, type__code="W").leader == leader


def test_a_stale_page_does_not_change_what_was_published_meanwhile(director):
    draft = make_shifts.roster(by=director, published=False)
    stale = Roster.objects.get(pk=draft.pk)
    actions.publish_roster(roster=draft, by=director, at=AT, reason="人手已确认")
    assert code_of(edit, stale, director, (director.pk, TUESDAY, "")) == "changed_meanwhile"


# Exchanges of single turns


def test_two_people_change_places_at_their_desks(roster, director):
    one, other = people_of(roster)[1], people_of(roster, "丁班")[1]
    desks = {row.person_id: row.desk_id for row in Assignment.objects.filter(shift__on=TUESDAY)}
    (_one, day_shift, _d), (_other, night, _n) = turn(roster, one, TUESDAY, "D"), turn(roster, other, TUESDAY, "N")
    night_of = [(other, night, None), (one, day_shift, None)]
    given = [(one, night, desks[other.pk]), (other, day_shift, desks[one.pk])]
    versions = move(night_of, given, by=director)
    assert [(version.roster, version.number, version.kind) for version in versions] == [(roster, 2, "swapped")]
    found = {row.person_id: (row.shift_id, row.desk_id) for row in Assignment.objects.filter(shift__on=TUESDAY)}
    assert (found[one.pk], found[other.pk]) == ((night.pk, desks[other.pk]), (day_shift.pk, desks[one.pk]))


def test_leaders_change_places(roster, director):
    one, other = people_of(roster)[0], people_of(roster, "乙班")[0]
    mine, theirs = turn(roster, one, TUESDAY, "D"), turn(roster, other, TUESDAY, "M")
    move([mine, theirs], [(other, *mine[1:]), (one, *theirs[1:])], by=director)
    assert [Shift.objects.get(pk=pair[1].pk).leader for pair in (mine, theirs)] == [other, one]
    assert not Assignment.objects.filter(person__in=[one, other]).exists()


def test_who_may_not_lead_works_on_a_shift_without_a_leader(roster, director):
    leader, agent = people_of(roster)[:2]
    mine = turn(roster, leader, THURSDAY, "M")
    move([mine, (agent, *mine[1:])], [], by=director)
    move([], [(agent, *mine[1:])], by=director)
    shift = Shift.objects.get(pk=mine[1].pk)
    assert (shift.leader, shift.assignments.filter(person=agent).count()) == (None, 1)


def test_a_desk_that_is_taken_is_not_given_twice(roster, director):
    agent = people_of(roster, "丙班")[1]
    shift = Shift.objects.get(roster=roster, on=TUESDAY, type__code="M")
    desk = shift.assignments.first().desk_id
    move([], [(agent, shift, desk)], by=director)
    assert shift.assignments.get(person=agent).desk is None


def test_what_no_longer_holds_is_refused(roster, director):
    one, other = people_of(roster)[1:]
    mine = turn(roster, one, TUESDAY, "D")
    assert code_of(move, [turn(roster, one, TUESDAY, "M")], by=director) == "changed_meanwhile"
    assert code_of(move, [], [(other, *mine[1:])], by=director) == "changed_meanwhile"
    assert code_of(move, [mine], by=director, at=make.at(8, on=TUESDAY)) == "turn_begun"
    assert move([mine], [mine], by=director) == []
    actions.ensure_shift_type(roster.centre, "DL")
    clash = make_shifts.shift(type="DL", on=TUESDAY, team=one.team)
    assert code_of(move, [], [(one, clash, None)], by=director) == "turns_overlap"
    actions.archive_roster(roster=roster, by=director, at=make.at(8, on=make.FIRST_DAY))
    assert code_of(move, [mine], by=director) == "wrong_state"


def test_an_exchange_over_two_rosters_is_a_version_of_each(roster, director):
    monday = make.MONDAY + dt.timedelta(days=7)
    later = make_shifts.roster(rotation=roster.rotation, from_on=monday, by=director)
    one = people_of(roster)[1]
    code = day(later, one, monday)
    mine = turn(roster, one, TUESDAY, "D")
    next_week = [turn(later, one, monday, code[0])] if code else []
    versions = move([mine, *next_week], by=director)
    assert [(version.roster_id, version.number) for version in versions] == [
        (each.pk, 2) for each in ([roster, later] if code else [roster])
    ]


def test_many_changes_take_no_more_statements_than_few(roster, director):
    counts = []
    for names, on in ((["甲班"], TUESDAY), (["甲班", "乙班", "丙班"], THURSDAY)):
        people = [person for name in names for person in people_of(roster, name)]
        with CaptureQueriesContext(connection) as queries:
            change(roster, director, *((person.pk, on, "") for person in people[-6:]))
        counts.append(len([query for query in queries if "delivery_announcement" not in query["sql"]]))
    assert counts[0] == counts[1] <= 45
