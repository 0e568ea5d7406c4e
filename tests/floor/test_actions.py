import datetime as dt

import pytest

from callcentre.refusals import Refused
from delivery.models import Announcement
from floor import actions
from floor.models import LeaveOfPost
from journal.models import Entry
from people.models import Role
from tests import make, make_floor, make_rulebook, make_shifts
from tests.make_floor import TEN, Reason, approved, asked, back, out

pytestmark = pytest.mark.django_db


def code_of(step, **options):
    with pytest.raises(Refused) as caught:
        step(**options)
    return caught.value.code, caught.value.clause


def told(kind):
    return [row.to for row in Announcement.objects.filter(kind=kind)]


def test_asking_fills_in_the_limit_of_the_day_and_tells_the_leader():
    floor = make_floor.floor()
    leave = asked(floor)
    assert (leave.status, leave.minutes, leave.limit_minutes, leave.shift) == ("asked", 15, 15, floor.shift)
    assert leave.expires_at == make.at(10, 15)
    row = Entry.objects.get(verb="post.asked")
    facts = {"shift": floor.shift.pk, "reason": "water", "minutes": 15}
    assert (row.actor, row.clause, row.facts) == (floor.agents[0], "duty.5", facts)
    assert told("post.asked") == [[floor.leader.pk]]


def test_messages_say_neither_why_nor_in_which_words():
    floor = make_floor.floor()
    asked(floor, reason=Reason.UNWELL, words="头痛")
    facts = Announcement.objects.get().facts
    assert facts == {"person": floor.agents[0].name, "minutes": 15}


def test_only_who_is_on_a_shift_on_the_floor_asks():
    floor = make_floor.floor()
    stranger = make.person()
    refused = ("post_not_on_shift", "duty.5")
    assert code_of(asked, floor=floor, person=stranger) == refused
    assert code_of(asked, floor=floor, at=make.at(7, 59)) == refused
    assert code_of(asked, floor=floor, at=make.at(16)) == refused
    assert LeaveOfPost.objects.count() == 0


def test_one_at_a_time():
    floor = make_floor.floor()
    asked(floor)
    assert code_of(asked, floor=floor) == ("post_open_already", "duty.5")
    back(floor, floor.agents[1])
    assert asked(floor, floor.agents[1], at=make.at(10, 30)).status == "asked"


@pytest.mark.parametrize(
    ("options", "refused"),
    [
        ({"minutes": 0}, ("post_minutes_out_of_range", "standard.7")),
        ({"minutes": 121, "words": "配眼镜"}, ("post_minutes_out_of_range", "standard.7")),
        ({"minutes": 16}, ("post_longer_says_why", "standard.7")),
        ({"minutes": 16, "words": "  "}, ("post_longer_says_why", "standard.7")),
        ({"reason": Reason.OTHER}, ("post_other_says_which", "duty.5")),
    ],
)
def test_what_cannot_be_asked(options, refused):
    assert code_of(asked, floor=make_floor.floor(), **options) == refused


def test_a_special_case_is_asked_with_a_reason():
    leave = asked(make_floor.floor(), minutes=40, words="换工作服")
    assert (leave.minutes, leave.is_special, leave.words) == (40, True, "换工作服")


def test_the_limit_of_another_day_does_not_reach_back():
    floor = make_floor.floor()
    make_rulebook.value(name="exit_limit_minutes", value=10)
    leave = asked(floor)
    assert (leave.minutes, leave.limit_minutes) == (10, 10)


def test_approval_gives_a_place_and_tells_the_person():
    floor = make_floor.floor()
    leave = approved(floor)
    assert (leave.status, leave.place, leave.decided_by, leave.decided_at) == ("approved", 1, floor.leader, TEN)
    row = Entry.objects.get(verb="post.approved")
    assert (row.clause, row.facts) == ("floor.8", {"out": 1, "most": 2})
    assert told("post.approved") == [[floor.agents[0].pk]]


def test_at_most_so_many_of_a_shift_at_once():
    floor = make_floor.floor()
    out(floor)
    approved(floor, floor.agents[1])
    leave = asked(floor, floor.agents[2])
    assert code_of(actions.approve_leave, leave=leave, by=floor.leader, at=TEN) == ("post_full", "floor.8")
    leave = actions.approve_leave(leave=leave, by=floor.leader, at=TEN, override="培训室取耳机")
    assert (leave.place, leave.override) == (3, "培训室取耳机")
    assert Entry.objects.get(verb="post.approved_over_limit").facts == {"out": 3, "most": 2}


def test_a_reason_that_was_not_needed_is_not_kept():
    assert approved(make_floor.floor(), override="没有必要").override == ""


def test_the_place_is_free_again():
    floor = make_floor.floor()
    first, second = out(floor), out(floor, floor.agents[1])
    actions.come_back(leave=first, by=first.person, at=make.at(10, 5))
    third = approved(floor, floor.agents[2], at=make.at(10, 6))
    assert (third.place, LeaveOfPost.objects.get(pk=second.pk).place) == (1, 2)


def test_another_shift_has_places_of_its_own():
    floor = make_floor.floor()
    out(floor)
    out(floor, floor.agents[1])
    team, leader, agents = make_shifts.crew(name="乙班")
    make_shifts.shift(type="DL", team=team, leader=leader, people=agents)
    leave = actions.ask_leave(person=agents[0], reason=Reason.WATER, at=TEN)
    assert actions.approve_leave(leave=leave, by=leader, at=TEN).place == 1


def test_a_leaders_own_goes_to_the_director():
    floor = make_floor.floor()
    director = make_shifts.director(number="10001")
    leave = asked(floor, floor.leader)
    assert told("post.asked") == [[director.pk]]
    assert code_of(actions.approve_leave, leave=leave, by=floor.leader, at=TEN) == ("post_is_your_own", "floor.8")
    assert actions.approve_leave(leave=leave, by=director, at=TEN).decided_by == director


def test_who_acts_for_the_leader_decides():
    floor = make_floor.floor()
    acting = floor.agents[1]
    make_shifts.deputy(absent=floor.leader, deputy=acting)
    leave = asked(floor)
    assert told("post.asked") == [[acting.pk]]
    assert actions.approve_leave(leave=leave, by=acting, at=TEN).decided_by == acting


def test_an_answer_after_the_time_is_refused():
    floor = make_floor.floor()
    leave = asked(floor)
    late = make.at(10, 15)
    assert code_of(actions.approve_leave, leave=leave, by=floor.leader, at=late) == ("post_lapsed", "duty.5")
    assert code_of(actions.refuse_leave, leave=leave, by=floor.leader, at=late)[0] == "post_lapsed"
    leave = approved(floor, floor.agents[1])
    assert code_of(actions.go_out, leave=leave, by=leave.person, at=late)[0] == "post_lapsed"


def test_nothing_is_kept_open_past_the_shift():
    floor = make_floor.floor()
    leave = approved(floor, at=make.at(15, 55))
    assert leave.expires_at == floor.shift.ends_at


def test_going_out_asks_for_the_desk_to_be_left_in_order():
    floor = make_floor.floor()
    leave = approved(floor)
    chair, keyboard = make_floor.items(floor)
    refused = code_of(actions.go_out, leave=leave, by=leave.person, ticked=[chair], at=TEN)
    assert refused == ("post_desk_untidy", "floor.7")
    leave = actions.go_out(leave=leave, by=leave.person, ticked=[chair, keyboard, 9999], at=TEN)
    assert (leave.ticked, leave.out_at, leave.due_back_at) == ([chair, keyboard], TEN, make.at(10, 15))


def test_who_is_unwell_need_not_stop_for_it():
    leave = approved(make_floor.floor(), reason=Reason.UNWELL)
    assert actions.go_out(leave=leave, by=leave.person, at=TEN).ticked == []


def test_the_leader_taps_for_somebody():
    floor = make_floor.floor()
    leave = approved(floor)
    leave = actions.go_out(leave=leave, by=floor.leader, ticked=make_floor.items(floor), at=TEN)
    leave = actions.come_back(leave=leave, by=floor.leader, at=make.at(10, 18))
    assert (leave.status, leave.minutes_out, leave.minutes_over, leave.place) == ("back", 18, 3, None)
    row = Entry.objects.get(verb="post.back")
    assert (row.actor, row.facts) == (floor.leader, {"out": 18, "over": 3})


def test_an_approval_is_taken_back_until_it_is_used():
    floor = make_floor.floor()
    leave = approved(floor)
    leave = actions.refuse_leave(leave=leave, by=floor.leader, at=TEN, remark="话务高峰")
    assert (leave.status, leave.place, leave.remark) == ("refused", None, "话务高峰")


def test_more_time_is_added_to_the_time_they_were_due():
    floor = make_floor.floor()
    leave = out(floor)
    actions.ask_more(leave=leave, minutes=10, by=leave.person, at=make.at(10, 14))
    assert told("post.more_asked") == [[floor.leader.pk]]
    leave = actions.grant_more(leave=leave, by=floor.leader, at=make.at(10, 20))
    assert (leave.due_back_at, leave.extra_minutes, leave.wants_minutes) == (make.at(10, 25), 10, None)
    assert leave.allowed_minutes == 25


def test_more_time_is_asked_before_the_time_is_up():
    leave = out(make_floor.floor())
    asking = {"leave": leave, "by": leave.person}
    late = code_of(actions.ask_more, minutes=5, at=make.at(10, 16), **asking)
    assert late == ("post_more_too_late", "standard.7")
    too_much = code_of(actions.ask_more, minutes=106, at=make.at(10, 15), **asking)
    assert too_much == ("post_minutes_out_of_range", "standard.7")


def test_more_time_refused_late_leaves_a_few_minutes_to_come_back():
    floor = make_floor.floor()
    leave = make_floor.wanting_more(floor)
    leave = actions.refuse_more(leave=leave, by=floor.leader, at=make.at(10, 14))
    assert leave.due_back_at == make.at(10, 17)
    other = make_floor.wanting_more(floor, floor.agents[1])
    other = actions.refuse_more(leave=other, by=floor.leader, at=make.at(10, 5))
    assert (other.due_back_at, other.wants_minutes) == (make.at(10, 15), None)


def test_who_waits_for_whom():
    floor = make_floor.floor()
    director = make_shifts.director(number="10001")
    leave = asked(floor)
    others = [director, *floor.agents, make.person(role=Role.LEADER), make.person(role=Role.CENTRE_DIRECTOR)]
    waiting = LeaveOfPost.objects.waiting_for
    assert list(waiting(floor.leader, TEN)) == [leave]
    assert [list(waiting(other, TEN)) for other in others] == [[]] * len(others)
    assert list(waiting(floor.leader, make.at(10, 15))) == []
    own = asked(floor, floor.leader)
    assert (list(waiting(director, TEN)), list(waiting(floor.leader, TEN))) == ([own], [leave])


def test_it_waits_for_the_deputy_and_for_the_director_where_there_is_no_leader():
    floor = make_floor.floor()
    director, acting = make_shifts.director(number="10001"), make.person(name="代班长")
    leave = asked(floor)
    make_shifts.deputy(absent=floor.leader, deputy=acting)
    waiting = LeaveOfPost.objects.waiting_for
    assert list(waiting(acting, TEN)) == [leave]
    floor.shift.leader = None
    floor.shift.save()
    assert (list(waiting(director, TEN)), list(waiting(acting, TEN))) == ([leave], [])
    standing_in = make.person(name="代主任")
    make_shifts.deputy(absent=director, deputy=standing_in)
    assert list(waiting(standing_in, TEN)) == [leave]


def test_the_overdue_and_those_who_want_more_wait_for_the_leader():
    floor = make_floor.floor()
    late, more = out(floor), make_floor.wanting_more(floor, floor.agents[1])
    waiting = LeaveOfPost.objects.waiting_for
    assert list(waiting(floor.leader, TEN)) == [more]
    assert set(waiting(floor.leader, make.at(10, 16))) == {late, more}


def test_out_now_is_who_is_out_the_first_due_first():
    floor = make_floor.floor()
    later, sooner = out(floor), out(floor, floor.agents[1], minutes=5)
    approved(floor, floor.agents[2], override="顶岗已到")
    found = list(LeaveOfPost.objects.out_now(floor.centre))
    assert [(row.person, row.since, row.due_back_at) for row in found] == [
        (sooner.person, TEN, TEN + dt.timedelta(minutes=5)),
        (later.person, TEN, TEN + dt.timedelta(minutes=15)),
    ]
    assert list(LeaveOfPost.objects.out_now(make.centre(name="别处"))) == []


def test_who_sees_it():
    floor = make_floor.floor()
    leave = asked(floor)
    seen = LeaveOfPost.objects.visible_to
    leaders = [floor.leader, make.person(role=Role.LEADER), make.person(role=Role.DIRECTOR)]
    others = [floor.agents[1], make.person(role=Role.INSPECTOR), make.person(role=Role.ADMINISTRATOR)]
    far = make.person(role=Role.DIRECTOR, centre=make.centre(name="别处"))
    assert [list(seen(person)) for person in (leave.person, *leaders)] == [[leave]] * 4
    assert [list(seen(person)) for person in (*others, far)] == [[]] * 4
