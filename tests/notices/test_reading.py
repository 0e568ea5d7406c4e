"""Who has to read what."""

import datetime as dt

import pytest

from callcentre.refusals import Refused
from notices import actions, reading, rules
from notices.models import Notice
from people.models import Role
from tests import make, make_notices, make_shifts
from tests.make_notices import NINE

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def unread(person, at=NINE):
    return [(version.notice.title, version.number) for version in reading.required_unread(person, at)]


def titles(person, at=NINE):
    return [title for title, _number in unread(person, at)]


def confirm(notice, person, at=NINE):
    actions.confirm(notice=notice, version=notice.version, by=person, at=at)


def test_a_required_notice_is_unread_until_its_version_is_confirmed():
    agent, notice = make.person(), make_notices.notice(title="甲")
    assert unread(agent) == [("甲", 1)]
    confirm(notice, agent)
    assert unread(agent) == []
    make_notices.revised(notice)
    assert unread(agent) == [("甲", 2)]


def test_only_what_is_in_force_and_must_be_confirmed_is_required():
    agent = make.person()
    make_notices.draft(title="草稿")
    make_notices.notice(title="知悉", must_confirm=False)
    make_notices.notice(title="明天", begins=NINE + DAY)
    make_notices.notice(title="今天", ends=NINE + DAY)
    withdrawn = make_notices.notice(title="撤回")
    actions.withdraw(notice=withdrawn, reason="有误", by=withdrawn.written_by, at=NINE)
    assert titles(agent) == ["今天"]
    assert titles(agent, NINE + DAY) == ["明天"]  # the end itself is no longer in force


def test_the_audience_is_a_team_a_role_or_a_shift():
    team, leader, (agent, other) = make_shifts.crew()
    stranger = make.person(team=make.team(name="乙班"))
    shift = make_shifts.shift(type="D", team=team, leader=leader, people=[agent])
    make_notices.notice(title="全体")
    make_notices.notice(title="甲班", teams=[team])
    make_notices.notice(title="班长", roles=[Role.LEADER, Role.DIRECTOR])
    make_notices.notice(title="日班", shift_types=[shift.type])
    assert titles(agent) == ["全体", "甲班", "日班"]
    assert titles(leader) == ["全体", "甲班", "班长", "日班"]
    assert titles(other) == ["全体", "甲班"]
    assert titles(stranger) == ["全体"]


def test_a_shift_counts_from_twelve_hours_before_and_stays():
    team, leader, (agent, _other) = make_shifts.crew()
    shift = make_shifts.shift(type="M", team=team, leader=leader, people=[agent])  # 16:00 to 24:00
    make_notices.notice(title="中班", shift_types=[shift.type], at=make.at(1))
    assert titles(agent, make.at(3, 59)) == []
    assert titles(agent, make.at(4)) == ["中班"]
    assert titles(agent, make.at(9) + 3 * DAY) == ["中班"]


def test_a_role_held_on_the_day_counts():
    agent = make.person(role=Role.INSPECTOR, from_on=make.MONDAY + DAY)
    make_notices.notice(title="质检", roles=[Role.INSPECTOR])
    assert titles(agent) == []
    assert titles(agent, NINE + DAY) == ["质检"]


def test_another_centre_has_its_own():
    elsewhere = make.centre(name="远山客服中心")
    make_notices.notice(title="远山", centre=elsewhere)
    assert titles(make.person()) == []
    assert titles(make.person(centre=elsewhere)) == ["远山"]


def test_who_joins_later_reads_back_a_month():
    make_notices.notice(title="旧", ends=NINE + 90 * DAY)
    near = make.person(from_on=make.MONDAY + 30 * DAY)
    late = make.person(from_on=make.MONDAY + 31 * DAY)
    assert titles(near, NINE + 31 * DAY) == ["旧"]
    assert titles(late, NINE + 31 * DAY) == []


def test_what_waits_on_the_start_page_is_what_is_required():
    agent = make.person()
    make_notices.notice(title="甲")
    later = make_notices.notice(title="乙", at=NINE + DAY)
    confirm(later, agent, NINE + DAY)
    assert [notice.title for notice in Notice.objects.waiting_for(agent, NINE + DAY)] == ["甲"]


def test_a_desk_is_refused_while_something_is_unread():
    agent = make.person(name="李娜")
    rules.check_read(agent, reading.required_unread(agent, NINE))
    for title in "甲乙丙丁":
        make_notices.notice(title=title)
    with pytest.raises(Refused) as refused:
        rules.check_read(agent, reading.required_unread(agent, NINE))
    assert (refused.value.code, refused.value.clause, refused.value.facts["count"]) == (
        "notice_unread",
        "handover.5",
        4,
    )
    assert refused.value.facts["titles"] == "《甲》、《乙》、《丙》 …"


def test_the_unread_of_many_are_counted_in_one_statement(django_assert_num_queries):
    team, leader, agents = make_shifts.crew(agents=3)
    notices = [make_notices.notice(teams=[team]), make_notices.notice(), make_notices.notice(roles=[Role.LEADER])]
    for notice in notices[:2]:
        confirm(notice, agents[0])
    confirm(notices[0], agents[1])
    with django_assert_num_queries(1):
        counted = reading.unread_people([leader, *agents], NINE, centre=team.centre)
    assert counted == {leader.pk: 3, agents[1].pk: 1, agents[2].pk: 2}
    assert reading.unread_people([], NINE) == {}


def test_the_unread_of_one_are_found_in_one_statement(django_assert_num_queries):
    agent = make.person()
    for title in "甲乙":
        make_notices.notice(title=title)
    with django_assert_num_queries(1):
        assert unread(agent) == [("甲", 1), ("乙", 1)]


def test_the_last_duty_is_the_last_turn_that_ended():
    team, leader, (agent, other) = make_shifts.crew()
    for on in (make.MONDAY - DAY, make.MONDAY):
        make_shifts.shift(on=on, team=team, leader=leader, people=[agent])
    assert reading.last_duty_ended(agent, make.at(9)) == make.at(16) - DAY
    assert reading.last_duty_ended(leader, make.at(16)) == make.at(16)
    assert reading.last_duty_ended(other, NINE) == NINE - reading.LOOKS_BACK


def test_coverage_counts_the_audience():
    team, leader, agents = make_shifts.crew(agents=3)
    shift = make_shifts.shift(team=team, leader=leader, people=agents[:2])
    by = make_notices.director()
    for options, everybody in [
        ({}, 6),  # with the two directors
        ({"teams": [team]}, 4),
        ({"roles": [Role.AGENT]}, 3),
        ({"shift_types": [shift.type]}, 3),
    ]:
        notice = make_notices.notice(by=by, **options)
        confirm(notice, agents[0])
        assert reading.coverage(notice, notice.versions.get(), NINE) == (1, everybody)
