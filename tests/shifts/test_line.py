import datetime as dt

import pytest

from people.models import Role
from shifts import line
from shifts.models import Roster
from tests import make, make_shifts

pytestmark = pytest.mark.django_db
TUESDAY = make.MONDAY + dt.timedelta(days=1)


def lead(**kwargs):
    return make.person(role=Role.LEADER, **kwargs)


def lone_shift(**kwargs):
    team, leader, agents = make_shifts.crew()
    return make_shifts.shift(**{"team": team, "leader": leader, "people": agents, **kwargs}), leader, agents[0]


def test_the_leader_on_duty_changes_at_the_minute_of_the_shift_change():
    centre = make.centre()
    night, day = lead(), lead()
    make_shifts.shift(type="N", team=make.team(name="甲班"), leader=night)
    make_shifts.shift(type="D", team=make.team(name="乙班"), leader=day)
    moments = [make.at(0), make.at(7, 59), make.at(8), make.at(15, 59), make.at(16)]
    assert [line.leader_on_duty(centre, at) for at in moments] == [night, night, day, day, None]


def test_a_night_over_midnight_keeps_its_leader_until_the_morning():
    shift, leader, _agent = lone_shift(type="NL")
    moments = [make.at(20), make.at(3, on=TUESDAY), make.at(7, 59, on=TUESDAY), make.at(8, on=TUESDAY)]
    assert [line.leader_on_duty(shift.centre, at) for at in moments] == [leader, leader, leader, None]


def test_a_draft_leads_nobody():
    shift, _leader, _agent = lone_shift(published=False)
    assert line.leader_on_duty(shift.centre, make.at(9)) is None
    assert line.shift_on_duty(shift.centre, make.at(9)) is None


def test_another_centres_leader_is_not_on_duty_here():
    lone_shift()
    assert line.leader_on_duty(make.centre(name="别的中心"), make.at(9)) is None


def test_a_deputy_named_for_the_shifts_date_leads():
    shift, leader, _agent = lone_shift(type="NL")
    deputy = lead()
    make_shifts.deputy(absent=leader, deputy=deputy)
    assert line.leader_on_duty(shift.centre, make.at(3, on=TUESDAY)) == deputy  # the night is Monday's
    assert line.acting_leader(shift) == line.Holder(deputy, acting_for=leader)


def test_a_deputy_of_another_day_does_not_lead():
    shift, leader, _agent = lone_shift()
    make_shifts.deputy(absent=leader, deputy=lead(), from_on=TUESDAY)
    assert line.acting_leader(shift) == line.Holder(leader)


def test_a_deputy_who_is_absent_has_a_deputy_too_and_a_circle_ends():
    shift, leader, _agent = lone_shift()
    second, third = lead(), lead()
    make_shifts.deputy(absent=leader, deputy=second)
    make_shifts.deputy(absent=second, deputy=third)
    assert line.acting_leader(shift) == line.Holder(third, acting_for=leader)
    make_shifts.deputy(absent=third, deputy=leader)
    assert line.acting_leader(shift) == line.Holder(leader)


def test_the_deputy_named_last_counts_and_one_who_left_does_not():
    shift, leader, _agent = lone_shift()
    first, last, gone = lead(), lead(), lead()
    gone.is_active = False
    gone.save()
    for deputy in (first, last, gone):
        make_shifts.deputy(absent=leader, deputy=deputy)
    assert line.acting_leader(shift) == line.Holder(last, acting_for=leader)


def test_a_leader_who_left_leads_nobody():
    shift, leader, _agent = lone_shift()
    leader.is_active = False
    leader.save()
    assert line.leader_on_duty(shift.centre, make.at(9)) is None


def test_a_rotating_shift_has_the_floor_before_permanent_day_staff():
    rotation = make_shifts.rotation()
    make_shifts.roster(rotation=rotation)
    weekdays = make_shifts.rotation(preset="weekdays", teams=[make.team(name="行政班")])
    make_shifts.shift(type="W", team=make.team(name="行政班"), leader=lead(), rotation=weekdays)
    assert line.shift_on_duty(rotation.centre, make.at(10)).type.code == "D"


def test_of_two_shifts_on_the_floor_the_one_begun_latest_has_it():
    early, late = lead(), lead()
    make_shifts.shift(type="DL", team=make.team(name="甲班"), leader=early)
    make_shifts.shift(type="M", team=make.team(name="乙班"), leader=late)
    assert line.leader_on_duty(make.centre(), make.at(15)) == early
    assert line.leader_on_duty(make.centre(), make.at(17)) == late


def test_the_day_shift_is_the_rotations():
    rotation = make_shifts.rotation()
    make_shifts.roster(rotation=rotation)
    weekdays = make_shifts.rotation(preset="weekdays", teams=[make.team(name="行政班")])
    make_shifts.shift(type="W", team=make.team(name="行政班"), leader=lead(), rotation=weekdays)
    crew = line.day_crew(rotation.centre, make.MONDAY)
    assert (crew.type.code, crew.team.name) == ("D", "甲班")
    assert line.leader_of_day_shift(rotation.centre, make.MONDAY) == (crew.leader, "day_shift")


def test_permanent_day_staff_are_no_rotating_day_shift():
    leader = lead()
    weekdays = make_shifts.rotation(preset="weekdays", teams=[make.team(name="行政班")])
    make_shifts.shift(type="W", team=make.team(name="行政班"), leader=leader, rotation=weekdays)
    assert line.day_crew(weekdays.centre, make.MONDAY) is None
    assert line.leader_of_day_shift(weekdays.centre, make.MONDAY) == (leader, "first_shift")


def test_without_a_day_shift_the_first_shift_of_the_date_has_its_duties():
    night = lead()
    make_shifts.shift(type="M", team=make.team(name="甲班"), leader=lead())
    make_shifts.shift(type="N", team=make.team(name="乙班"), leader=night)
    assert line.leader_of_day_shift(make.centre(), make.MONDAY) == (night, "first_shift")


def test_why_a_date_has_no_leader():
    centre = make.centre()
    assert line.leader_of_day_shift(centre, make.MONDAY) == (None, "no_roster")
    shift = make_shifts.shift()
    assert line.leader_of_day_shift(centre, make.MONDAY) == (None, "no_leader")
    Roster.objects.filter(pk=shift.roster_id).update(status="archived")
    assert line.leader_of_day_shift(centre, make.MONDAY) == (None, "no_roster")


def test_the_deputy_of_the_days_leader_has_the_days_duties():
    shift, leader, _agent = lone_shift()
    deputy = lead()
    make_shifts.deputy(absent=leader, deputy=deputy)
    assert line.leader_of_day_shift(shift.centre, make.MONDAY) == (deputy, "deputy")


def test_directors_hold_office_by_date():
    centre = make.centre()
    director = make_shifts.director()
    top = make.person(role=Role.CENTRE_DIRECTOR, from_on=TUESDAY)
    assert line.director(centre, make.MONDAY) == director
    assert [line.centre_director(centre, on) for on in (make.MONDAY, TUESDAY)] == [None, top]
    assert line.director(make.centre(name="别的中心"), make.MONDAY) is None


def test_the_line_leads_from_the_leader_on_duty_to_the_centre_director():
    shift, leader, agent = lone_shift()
    director, top = line.director(shift.centre, make.MONDAY), make.person(role=Role.CENTRE_DIRECTOR)
    assert line.line_above(agent, make.at(9)) == [
        line.Level("leader", leader, None, "on_duty"),
        line.Level("director", director, None, "in_office"),
        line.Level("centre_director", top, None, "in_office"),
    ]


@pytest.mark.parametrize(
    "role, kinds",
    [
        (Role.AGENT, ["leader", "director", "centre_director"]),
        (None, ["leader", "director", "centre_director"]),
        (Role.LEADER, ["director", "centre_director"]),
        (Role.INSPECTOR, ["director", "centre_director"]),
        (Role.SECURITY, ["director", "centre_director"]),
        (Role.ADMINISTRATOR, ["director", "centre_director"]),
        (Role.DIRECTOR, ["centre_director"]),
        (Role.CENTRE_DIRECTOR, []),
    ],
)
def test_the_line_begins_above_the_persons_own_level(role, kinds):
    lone_shift()
    assert [level.kind for level in line.line_above(make.person(role=role), make.at(9))] == kinds


def test_empty_levels_stay_in_the_line_and_say_why():
    agent = make.person()
    assert line.line_above(agent, make.at(9)) == [
        line.Level("leader", None, None, "no_roster"),
        line.Level("director", None, None, "nobody"),
        line.Level("centre_director", None, None, "nobody"),
    ]
    make_shifts.shift()
    assert line.line_above(agent, make.at(9))[0] == line.Level("leader", None, None, "no_leader")


def test_a_deputy_in_the_line_says_for_whom():
    shift, leader, agent = lone_shift()
    director, deputy = line.director(shift.centre, make.MONDAY), lead()
    make_shifts.deputy(absent=director, deputy=deputy)
    assert line.line_above(agent, make.at(9))[1] == line.Level("director", deputy, director, "deputy")


def test_who_acts_for_a_level_stands_on_it():
    shift, leader, agent = lone_shift()
    make_shifts.deputy(absent=leader, deputy=agent)
    assert [level.kind for level in line.line_above(agent, make.at(9))] == ["director", "centre_director"]


def test_of_several_crews_on_the_floor_an_agent_answers_to_their_own():
    _first, leader, agent = lone_shift()
    _second, other = make_shifts.shift(team=make.team(name="乙班"), leader=lead()), make.person()
    later = make_shifts.shift(type="DL", team=make.team(name="丙班"), leader=lead())
    assert later.starts_at == make.at(8)
    assert line.line_above(agent, make.at(9))[0].person == leader
    assert line.line_above(other, make.at(9))[0].person == line.leader_on_duty(later.centre, make.at(9))


def test_an_index_of_many_days_answers_as_each_day_alone(django_assert_num_queries):
    rotation = make_shifts.rotation(agents=0)
    centre, director = rotation.centre, make_shifts.director()
    make.person(role=Role.CENTRE_DIRECTOR)
    last = make.MONDAY + dt.timedelta(days=40)
    make_shifts.roster(rotation=rotation, until_on=last - dt.timedelta(days=5), by=director)
    leader = line.day_crew(centre, make.MONDAY).leader
    make_shifts.deputy(absent=leader, deputy=lead(), until_on=make.MONDAY + dt.timedelta(days=8))
    make_shifts.deputy(absent=director, deputy=leader, from_on=TUESDAY)
    index = line.DayIndex(centre, make.MONDAY, last)
    days = [make.MONDAY + dt.timedelta(days=number) for number in range(41)]
    single = [
        (
            line.leader_of_day_shift(centre, on),
            line.day_crew(centre, on),
            line.director(centre, on),
            line.centre_director(centre, on),
        )
        for on in days
    ]
    with django_assert_num_queries(2):  # shifts with their names; deputies, leave and offices in one
        bulk = [
            (index.leader_of_day_shift(on), index.day_crew(on), index.director(on), index.centre_director(on))
            for on in days
        ]
    assert bulk == single
    assert {why for (_person, why), *_others in bulk} == {"day_shift", "deputy", "no_roster"}
