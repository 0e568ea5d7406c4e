"""What the minute does for roll calls."""

import datetime as dt

import pytest

from delivery.models import Announcement
from journal.models import Entry
from people.models import Role
from shifts import actions, calling
from shifts.models import Assignment, Call, RollCall
from tests import make, make_rollcall, make_shifts
from tests.make_rollcall import closed, roll_call

pytestmark = pytest.mark.django_db


def told():
    return list(Announcement.objects.filter(kind="roll_call.time").values_list("to", "link", "at"))


def test_it_opens_each_roll_call_before_its_shift():
    floor = make_rollcall.floor()
    calling.tick_centre(floor.centre, make.at(7, 29))
    assert RollCall.objects.count() == 0
    calling.tick_centre(floor.centre, make.at(7, 30))
    assert roll_call(floor).opened_at == make.at(7, 30)
    assert Call.objects.count() == 4


def test_a_second_tick_of_the_same_minute_changes_nothing():
    floor = make_rollcall.floor()
    calling.tick_centre(floor.centre, make.at(7, 50))
    before = (RollCall.objects.count(), Call.objects.count(), Entry.objects.count(), told())
    calling.tick_centre(floor.centre, make.at(7, 50))
    assert (RollCall.objects.count(), Call.objects.count(), Entry.objects.count(), told()) == before


def test_after_an_outage_it_opens_what_can_still_be_called():
    floor = make_rollcall.floor()
    calling.tick_centre(floor.centre, make.at(9))
    assert (roll_call(floor).opened_at, roll_call(floor).opened_late) == (make.at(9), True)
    missed = make_rollcall.floor(type="M")
    calling.tick_centre(missed.centre, make.at(1, on=make.MONDAY + dt.timedelta(days=1)))
    assert not RollCall.objects.filter(shift=missed.shift).exists()


def test_a_draft_and_the_days_before_the_centre_opened_have_none():
    draft = make_rollcall.floor(published=False)
    calling.tick_centre(draft.centre, make.at(7, 45))
    old = make.team(name="乙班", centre=make.centre(name="新中心", opened_on=make.MONDAY + dt.timedelta(days=1)))
    make_shifts.shift(team=old)
    calling.tick_centre(old.centre, make.at(7, 45))
    assert RollCall.objects.count() == 0


def test_the_leader_is_told_once_when_the_roll_is_to_be_called():
    floor = make_rollcall.floor()
    for minute in (30, 49, 50, 51):
        calling.tick_centre(floor.centre, make.at(7, minute))
    assert told() == [([floor.leader.pk], f"/shifts/roll-calls/{floor.shift.pk}/", make.at(7, 50))]


def test_who_closed_it_already_is_not_told():
    floor = make_rollcall.floor()
    calling.tick_centre(floor.centre, make.at(7, 30))
    closed(floor, at=make.at(7, 46))
    calling.tick_centre(floor.centre, make.at(7, 50))
    assert told() == []


def test_who_acts_for_the_leader_is_told_and_the_director_where_nobody_does():
    floor = make_rollcall.floor()
    deputy = make.person(role=Role.LEADER)
    make_shifts.deputy(absent=floor.leader, deputy=deputy)
    alone = make_shifts.shift(type="M", team=make.team(name="乙班"))
    calling.tick_centre(floor.centre, make.at(7, 50))
    calling.tick_centre(floor.centre, make.at(15, 50))
    director = alone.roster.published_by
    assert [to for to, _link, _at in told()] == [
        [deputy.pk],
        [sorted([director.pk, floor.shift.roster.published_by.pk])[0]],
    ]


def test_it_follows_the_roster_while_it_is_open():
    floor = make_rollcall.floor(agents=1)
    calling.tick_centre(floor.centre, make.at(7, 30))
    Assignment.objects.filter(shift=floor.shift).delete()
    calling.tick_centre(floor.centre, make.at(7, 31))
    assert [call.outcome for call in Call.objects.order_by("pk")] == ["expected", "swapped"]


def test_one_centre_that_fails_does_not_stop_the_others(monkeypatch):
    make.centre(name="坏中心")
    floor = make_rollcall.floor()

    def fails(centre, at, really=calling.open_due):
        if centre.name == "坏中心":
            raise ValueError(centre.name)
        really(centre, at)

    monkeypatch.setattr(calling, "open_due", fails)
    with pytest.raises(ValueError, match="坏中心"):
        calling.on_tick(None, make.at(7, 30))
    assert RollCall.objects.filter(shift=floor.shift).count() == 1


# The start page


def waiting(person, at):
    return [row.shift for row in RollCall.objects.waiting_for(person, at)]


def test_it_waits_for_the_leader_until_it_is_closed():
    floor = make_rollcall.opened()
    other = make.person(role=Role.LEADER)
    director = make_shifts.director()
    assert [waiting(person, make.at(7, 30)) for person in (floor.leader, other, director)] == [[floor.shift], [], []]
    closed(floor)
    assert waiting(floor.leader, make.at(8)) == []


def test_it_waits_for_who_acts_for_the_leader():
    floor = make_rollcall.opened()
    deputy = make.person(role=Role.LEADER)
    make_shifts.deputy(absent=floor.leader, deputy=deputy)
    assert waiting(deputy, make.at(7, 30)) == [floor.shift]


def test_it_waits_for_the_director_where_the_leaders_place_is_empty():
    director = make_shifts.director()
    shift = make_shifts.shift()
    actions.open_roll_call(shift=shift, by=None, at=make.at(7, 30))
    assert waiting(director, make.at(7, 30)) == [shift]


def test_a_day_and_a_half_later_it_has_left_the_start_page():
    floor = make_rollcall.opened()
    assert waiting(floor.leader, make.at(8, on=make.MONDAY + dt.timedelta(days=1))) == [floor.shift]
    assert waiting(floor.leader, make.at(20, on=make.MONDAY + dt.timedelta(days=1))) == []
