"""Changes of staff stand in the log by themselves: swaps, leave, what the roll call found; frozen when it is signed."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from callcentre.refusals import Refused
from handover import actions, sealing
from handover.contents import Contents
from handover.models import Log, Mark
from handover.sections import Section
from shifts.models import Call, RollCall, Shift, Swap
from tests import make, make_handover, make_swaps

pytestmark = pytest.mark.django_db
STAFF = Section.STAFF_CHANGES
DAY = dt.timedelta(days=1)


@pytest.fixture
def floor():
    return make_handover.floor()


@pytest.fixture
def other(floor):
    """An agent of 丙班, who is free on Monday."""
    return make_handover.people_of(Shift.objects.get(roster=floor.roster, type__code="D", on=make.MONDAY + 4 * DAY))[0]


def swapped(floor, taker, *, giver=None, by=None):
    """The giver's Monday goes to the taker, for nothing."""
    return make_swaps.approved(
        giver=giver or floor.agents[0], gives=floor.shift, taker=taker, by=by or floor.next_leader
    )


def rows(log):
    facts = Contents(log).pulled_into(STAFF)
    return [(fact.kind.code, fact.names["person"], fact.names["came"]) for fact in facts]


def fresh(floor):
    return Log.objects.with_names().get(pk=floor.log.pk)


def called(floor, person, outcome, minutes=4):
    call, _created = RollCall.objects.get_or_create(
        shift=floor.shift,
        defaults={
            "centre": floor.centre,
            "starts_at": floor.shift.starts_at,
            "called_at": make.at(7, 50),
            "opened_at": make.at(7, 30),
        },
    )
    arrived = make.at(8, minutes) if outcome in Call.PRESENT else None
    return Call.objects.create(
        roll_call=call, person=person, starts_at=floor.shift.starts_at, outcome=outcome, arrived_at=arrived
    )


def test_an_approved_swap_stands_in_both_logs_that_it_touches(floor, other):
    agent = floor.agents[0]
    swapped(floor, other)
    assert rows(floor.log) == [("swap", agent.name, other.name)]
    Swap.objects.update(gives=floor.next_shift, takes=floor.shift)
    assert rows(floor.log) == [("swap", other.name, agent.name)]


def test_what_is_not_approved_or_elsewhere_is_not_told(floor, other):
    make_swaps.accepted(giver=floor.agents[0], gives=floor.shift, taker=other)
    make_swaps.leave(person=floor.agents[1])
    make_swaps.leave(person=other, approved_by=floor.leader)
    assert rows(floor.log) == []


def test_approved_leave_of_the_shift_is_told(floor):
    make_swaps.leave(person=floor.agents[1], approved_by=floor.next_leader)
    make_swaps.leave(person=floor.leader, approved_by=floor.director)
    assert sorted(rows(floor.log)) == [("leave", "甲班长", ""), ("leave", "甲组员", "")]


def test_of_the_roll_call_only_what_went_otherwise_is_told(floor):
    one, two = floor.agents
    called(floor, floor.leader, Call.Outcome.EARLY)
    called(floor, one, Call.Outcome.LATE_FOR_SHIFT)
    called(floor, two, Call.Outcome.ABSENT)
    assert [kind for kind, *_names in rows(floor.log)] == ["late_for_shift", "absent"]


def test_a_section_that_fills_itself_is_answered_and_not_nothing(floor, other):
    swapped(floor, other)
    assert STAFF not in Contents(floor.log).silent
    with pytest.raises(Refused) as refused:
        actions.mark_nothing(log=floor.log, section=STAFF, by=floor.leader, at=make.at(9))
    assert refused.value.code == "section_has_entries"


def test_a_nothing_that_is_no_longer_true_goes_at_the_submission(floor, other):
    make_handover.answered(floor)
    swapped(floor, other)
    actions.submit(log=floor.log, by=floor.leader, at=make_handover.SUBMITTED_AT)
    assert not Mark.objects.filter(log=floor.log, section=STAFF).exists()


def test_it_is_frozen_at_the_submission_and_read_anew_when_sent_back(floor, other):
    swapped(floor, other)
    make_handover.submitted(floor)
    log = fresh(floor)
    assert log.pulled_in == [["swap", Swap.objects.get().pk, floor.agents[0].pk, other.pk, floor.next_leader.pk]]
    make_swaps.leave(person=floor.agents[1], approved_by=floor.next_leader)
    assert [kind for kind, *_names in rows(log)] == ["swap"]
    actions.send_back(log=log, remark="请补", by=floor.next_leader, at=make.at(16))
    assert [kind for kind, *_names in rows(fresh(floor))] == ["swap", "leave"]
    assert fresh(floor).pulled_in == []


def test_it_is_under_the_seal(floor, other):
    swapped(floor, other)
    make_handover.submitted(floor)
    make_handover.accepted(floor)
    log = fresh(floor)
    assert (sealing.problems(log), '"staff":[["swap",' in log.snapshot) == ([], True)


def test_a_log_without_changes_is_sealed_as_ever(floor):
    make_handover.submitted(floor)
    assert "staff" not in sealing.snapshot(fresh(floor), accepted_by=1, accepted_at=make.at(16)).replace(STAFF, "")


def test_the_page_shows_it_in_the_readers_language(client_of, floor, other, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.at(9).astimezone(dt.UTC))
    swapped(floor, other)
    client = client_of(floor.leader)
    address = reverse("handover:show_log", args=[floor.log.pk])
    page = client.get(address)
    panel = page.context["page"].panel(STAFF)
    (change,) = panel.contents.pulled_in
    assert change.text in page.content.decode()
    assert 'id="nothing-staff_changes"' not in page.content.decode()


def test_a_log_costs_the_same_without_changes_and_with_them(client_of, floor, other, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.at(9).astimezone(dt.UTC))
    client = client_of(floor.leader)
    address = reverse("handover:show_log", args=[floor.log.pk])
    client.get(address)

    def statements():
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        return len(queries)

    none = statements()
    swapped(floor, other)
    for person in floor.agents:
        called(floor, person, Call.Outcome.ABSENT)
    assert statements() == none <= 8
