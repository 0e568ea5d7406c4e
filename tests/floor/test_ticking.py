import pytest

from callcentre.signals import tick
from delivery.models import Announcement
from floor import actions, ticking
from floor.models import LeaveOfPost
from journal.models import Entry
from rulebook.models import Breach
from tests import make, make_floor, make_shifts
from tests.make_floor import TEN, approved, asked, out

pytestmark = pytest.mark.django_db


def minutes(*numbers):
    """The floor's minute at each of these minutes past ten, twice each."""
    for number in numbers:
        for _time in range(2):
            ticking.on_tick(None, make.at(10 + number // 60, number % 60))


def told(kind):
    return [row.to for row in Announcement.objects.filter(kind=kind)]


def test_it_hears_the_minute():
    floor = make_floor.floor()
    leave = asked(floor)
    assert "floor.ticking.on_tick" not in tick(make.at(10, 15))
    leave.refresh_from_db()
    assert leave.status == "expired"


def test_what_nobody_answers_and_what_nobody_uses_lapses():
    floor = make_floor.floor()
    unanswered, unused = asked(floor), approved(floor, floor.agents[1])
    minutes(*range(15))
    assert LeaveOfPost.objects.open().count() == 2
    minutes(15)
    assert list(LeaveOfPost.objects.values_list("status", "place")) == [("expired", None)] * 2
    assert Entry.objects.filter(verb="post.expired", actor=None).count() == 2
    assert told("post.expired") == [[unanswered.person_id], [unused.person_id]]


def test_a_reminder_before_the_time_is_up():
    leave = out(make_floor.floor())
    minutes(11)
    assert told("post.reminder") == []
    minutes(12, 13, 14)
    assert told("post.reminder") == [[leave.person_id]]


def test_over_the_time_the_leader_is_told_and_a_breach_waits():
    floor = make_floor.floor()
    leave = out(floor)
    minutes(12, 15)
    assert Breach.objects.count() == 0
    minutes(16, 17)
    breach = Breach.objects.get()
    assert (breach.clause_id, breach.person, breach.leader, breach.kind) == (
        "standard.7", leave.person, floor.leader, "out_too_long",
    )  # fmt: skip
    assert (breach.status, breach.at, breach.facts) == ("noticed", make.at(10, 15), {"minutes": 15})
    assert told("post.overdue") == [[floor.leader.pk]]
    assert Entry.objects.get(verb="post.overdue").facts == {"blamed": True}


def test_who_comes_back_in_the_minute_that_has_begun_is_not_late():
    leave = out(make_floor.floor())
    minutes(12, 15)
    leave = actions.come_back(leave=leave, by=leave.person, at=make.at(10, 15).replace(second=59))
    minutes(16, 17)
    assert (leave.minutes_over, Breach.objects.count()) == (0, 0)


@pytest.mark.parametrize("seen", [[20], [11, 20], [12, 20], [12, 15, 40]])
def test_nobody_is_blamed_for_an_outage(seen):
    floor = make_floor.floor()
    out(floor)
    minutes(*seen)
    assert (Breach.objects.count(), told("post.overdue")) == (0, [[floor.leader.pk]])
    assert Entry.objects.get(verb="post.overdue").facts == {"blamed": False}


def test_who_waits_for_an_answer_about_more_time_is_not_late():
    floor = make_floor.floor()
    leave = out(floor)
    actions.ask_more(leave=leave, minutes=5, by=leave.person, at=make.at(10, 13))
    minutes(12, 15, 16, 30)
    assert (Breach.objects.count(), told("post.overdue")) == (0, [])
    actions.refuse_more(leave=leave, by=floor.leader, at=make.at(10, 30))
    minutes(30, 31, 32, 33, 34)
    assert Breach.objects.get().at == make.at(10, 33)


def test_more_time_granted_is_reminded_of_again():
    floor = make_floor.floor()
    leave = out(floor)
    minutes(12)
    actions.ask_more(leave=leave, minutes=5, by=leave.person, at=make.at(10, 13))
    actions.grant_more(leave=leave, by=floor.leader, at=make.at(10, 14))
    minutes(15, 16, 17, 18, 20)
    assert (told("post.reminder"), Breach.objects.count()) == ([[leave.person_id]] * 2, 0)
    minutes(21)
    assert Breach.objects.get().facts == {"minutes": 20}


def test_a_leaders_own_breach_waits_for_the_director():
    floor = make_floor.floor()
    director = make_shifts.director(number="10001")
    out(floor, floor.leader, by=director)
    minutes(12, 15, 16)
    assert (Breach.objects.get().leader, told("post.overdue")) == (director, [[director.pk]])


def test_it_is_due_at_night_too():
    floor = make_floor.floor(type="N")
    at = make.at(2)
    leave = out(floor, at=at)
    assert (leave.shift.on, leave.due_back_at) == (make.MONDAY, make.at(2, 15))
    ticking.on_tick(None, TEN)
    leave.refresh_from_db()
    assert (leave.overdue_at, leave.status) == (TEN, "out")
