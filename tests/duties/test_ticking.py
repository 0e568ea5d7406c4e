import datetime as dt

import pytest

from delivery.models import Announcement
from duties import ticking
from duties.models import Duty, Heartbeat
from journal.models import Entry
from rulebook.models import Breach
from tests import make, make_duties, make_shifts

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre():
    return make.centre(opened_on=make.MONDAY)


def clean(on=make.MONDAY):
    return Duty.objects.get(rule__code="changing_room_clean", due_on=on)


def verbs(duty):
    return [row.verb for row in Entry.objects.about(duty)]


def test_a_duty_opens_at_its_time_and_its_leader_is_told(centre):
    team, leader, _agents = make_shifts.crew(centre=centre)
    make_shifts.shift(team=team, leader=leader)
    ticking.tick_centre(centre, make.at(7, 59))
    assert clean().status == Duty.Status.SCHEDULED
    ticking.tick_centre(centre, make.at(8))
    assert (clean().status, clean().opened_at) == (Duty.Status.OPEN, make.at(8))
    assert verbs(clean()) == ["duty.opened"]
    told = Announcement.objects.get(kind="duty.opened", facts__rule_en="Changing-room clean")
    assert told.to == [leader.pk]


def test_it_reminds_once_before_the_end(centre):
    ticking.tick_centre(centre, make.at(8))
    make_shifts.director(centre=centre)
    for minute in (29, 30, 31):
        ticking.tick_centre(centre, make.at(15, minute))
    assert Announcement.objects.filter(kind="duty.reminded", facts__rule_en="Changing-room clean").count() == 1


def test_what_is_not_done_in_time_goes_up_the_line_and_waits_for_the_leader(centre):
    director = make_shifts.director(centre=centre)
    team, leader, _agents = make_shifts.crew(centre=centre)
    make_shifts.shift(team=team, leader=leader)
    ticking.tick_centre(centre, make.at(8))
    ticking.tick_centre(centre, make.at(16))
    assert clean().status == Duty.Status.MISSED
    assert verbs(clean()) == ["duty.opened", "duty.missed"]
    told = Announcement.objects.get(kind="duty.missed", facts__rule_en="Changing-room clean")
    assert told.to == sorted([leader.pk, director.pk])
    breach = Breach.objects.get(clause_id="hygiene.changing.5")
    assert (breach.person, breach.status) == (leader, Breach.Status.NOTICED)


def test_after_an_outage_nobody_is_blamed(centre):
    """Down from Monday 07:00 to Tuesday 09:00: the clean is owed still, and the record says why."""
    make_shifts.director(centre=centre)
    team, leader, _agents = make_shifts.crew(centre=centre)
    make_shifts.shift(team=team, leader=leader)
    ticking.tick_centre(centre, make.at(7))
    ticking.tick_centre(centre, make.at(9, on=make.MONDAY + dt.timedelta(days=1)))
    assert clean().status == Duty.Status.MISSED
    assert verbs(clean()) == ["duty.opened", "duty.missed_in_outage"]
    assert Breach.objects.count() == 0


def test_a_second_tick_of_the_same_minute_changes_nothing(centre):
    make_shifts.director(centre=centre)
    ticking.tick_centre(centre, make.at(8))
    before = (Entry.objects.count(), Announcement.objects.count(), Duty.objects.count())
    ticking.tick_centre(centre, make.at(8))
    assert (Entry.objects.count(), Announcement.objects.count(), Duty.objects.count()) == before


def test_one_centre_that_fails_does_not_stop_the_others(centre):
    broken = make.centre(name="坏中心", opened_on=make.MONDAY)
    make_duties.own_rule(centre=broken, recurrence="FREQ=NEVER")
    with pytest.raises(ValueError, match="NEVER"):
        ticking.on_tick(None, make.at(8))
    assert clean().status == Duty.Status.OPEN
    assert not Heartbeat.objects.exists()


def test_the_watchdog_hears_the_tick_for_three_minutes(centre):
    ticking.on_tick(None, make.at(8))
    ticking.on_tick(None, make.at(7))  # a late one does not set the clock back
    assert ticking.is_alive(make.at(8, 3))
    assert not ticking.is_alive(make.at(8, 4))
