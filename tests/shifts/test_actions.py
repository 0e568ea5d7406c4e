import datetime as dt

import pytest
from django.db import connection

from callcentre.refusals import Refused
from journal.models import Entry
from people.models import Role, RoleAssignment
from shifts import actions
from shifts.models import Assignment, Desk, Roster, Rotation, RotationPlace, Shift, ShiftType
from tests import make, make_shifts

pytestmark = pytest.mark.django_db
AT = make.at(8, on=dt.date(2026, 11, 20))
SUNDAY = make.MONDAY + dt.timedelta(days=6)


def code_of(step, **kwargs):
    with pytest.raises(Refused) as refused:
        step(**kwargs)
    assert str(refused.value)
    return refused.value.code


def verbs_about(obj):
    return [(entry.verb, entry.actor, entry.at) for entry in Entry.objects.about(obj)]


def make_week(rotation, by, **kwargs):
    period = {"from_on": make.MONDAY, "until_on": SUNDAY, **kwargs}
    return actions.make_roster(rotation=rotation, by=by, at=AT, **period)


def test_a_rotation_brings_its_shift_types_and_is_recorded():
    rotation = make_shifts.rotation()
    assert sorted(ShiftType.objects.values_list("code", flat=True)) == ["D", "M", "N"]
    places = rotation.places.order_by("team")
    assert [(place.team.name, place.phase) for place in places] == [("甲班", 2), ("乙班", 4), ("丙班", 6), ("丁班", 0)]
    assert verbs_about(rotation) == [("rotation.made", None, make.at(8))]


def test_a_rotation_keeps_the_types_that_the_centre_has_changed():
    kind = actions.ensure_shift_type(make.centre(), "D")
    ShiftType.objects.filter(pk=kind.pk).update(starts=dt.time(9))
    make_shifts.rotation()
    assert ShiftType.objects.get(code="D").starts == dt.time(9)


def test_only_the_director_of_the_centre_sets_up_a_rotation():
    centre, preset = make.centre(), {"preset": "4x3", "teams": [make.team()], "starts_on": make.MONDAY}
    leader, foreign = make.person(role=Role.LEADER), make_shifts.director(centre=make.centre(name="别的中心"))
    for person in (leader, foreign):
        assert code_of(actions.make_rotation, centre=centre, by=person, at=AT, **preset) == "roster_not_yours"
    assert actions.make_rotation(centre=centre, by=make_shifts.director(), at=AT, **preset).pk


def test_a_draft_has_each_teams_shifts_with_leader_people_and_desks():
    make_shifts.desks(count=2)
    rotation, director = make_shifts.rotation(agents=3), make_shifts.director()
    roster = make_week(rotation, director)
    assert (roster.status, roster.version, roster.published_at) == (Roster.Status.DRAFT, 0, None)
    assert Shift.objects.filter(roster=roster).count() == 7 * 3
    monday = Shift.objects.of_day(rotation.centre, make.MONDAY).select_related("type", "team")
    assert [(shift.type.code, shift.team.name) for shift in monday] == [("N", "丁班"), ("D", "甲班"), ("M", "乙班")]
    day = monday[1]
    assert (day.starts_at, day.ends_at) == (make.at(8), make.at(16))
    assert day.leader.name == "甲班长"
    people = [(row.person.employee_number, row.desk and row.desk.code) for row in day.assignments.all()]
    numbers = sorted(number for number, _desk in people)
    assert [number for number, _desk in people] == numbers
    assert sorted(desk for _number, desk in people if desk) == ["A01", "A02"]
    assert people[2][1] is None
    assert verbs_about(roster) == [("roster.made", director, AT)]


def test_desks_go_round_day_by_day():
    make_shifts.desks(count=3)
    roster = make_week(make_shifts.rotation(agents=1), make_shifts.director())
    rows = Assignment.objects.filter(shift__roster=roster, shift__team__name="甲班").order_by("shift__on")
    desks = [row.desk.code for row in rows.select_related("desk")]
    assert [desks[0] == desks[1], set(desks) == {"A01", "A02", "A03"}] == [False, True]


def test_desks_out_of_use_are_not_given_out():
    make_shifts.desks(count=2)
    Desk.objects.filter(code="A01").update(in_use=False)
    roster = make_week(make_shifts.rotation(agents=2), make_shifts.director())
    used = Assignment.objects.filter(shift__roster=roster).values_list("desk__code", flat=True)
    assert set(used) == {"A02", None}


def test_roles_count_by_the_date_of_the_shift():
    rotation, director = make_shifts.rotation(agents=0), make_shifts.director()
    team = RotationPlace.objects.get(rotation=rotation, phase=0).team
    leader = team.person_set.get()
    tuesday = make.MONDAY + dt.timedelta(days=1)
    late = make.person(team=team, from_on=tuesday)
    RoleAssignment.objects.filter(person=leader).update(until_on=make.MONDAY)
    roster = make_week(rotation, director, until_on=tuesday)
    shifts = list(Shift.objects.filter(roster=roster, team=team))
    assert [shift.leader for shift in shifts] == [leader, None]
    assert [[row.person for row in shift.assignments.all()] for shift in shifts] == [[], [late]]


def test_who_has_left_is_not_planned():
    rotation, director = make_shifts.rotation(agents=1), make_shifts.director()
    team = RotationPlace.objects.get(rotation=rotation, phase=0).team
    team.person_set.update(is_active=False)
    roster = make_week(rotation, director)
    shifts = Shift.objects.filter(roster=roster, team=team)
    assert [shift.leader for shift in shifts] == [None] * shifts.count()
    assert Assignment.objects.filter(shift__in=shifts).count() == 0


def test_a_leader_who_is_an_agent_too_leads():
    rotation, director = make_shifts.rotation(agents=1), make_shifts.director()
    leader = RotationPlace.objects.get(rotation=rotation, phase=0).team.person_set.order_by("pk").first()
    RoleAssignment.objects.create(person=leader, role=Role.AGENT, from_on=make.FIRST_DAY)
    roster = make_week(rotation, director)
    assert Shift.objects.filter(roster=roster, leader=leader).exists()
    assert not Assignment.objects.filter(person=leader).exists()


def test_a_roster_is_made_in_a_fixed_number_of_queries(django_assert_num_queries):
    rotation, director = make_shifts.rotation(), make_shifts.director()
    locks = int(connection.vendor == "postgresql")  # the journal's lock, which SQLite's one writer does without
    with django_assert_num_queries(11 + locks) as few:
        make_week(rotation, director, until_on=make.MONDAY)
    with django_assert_num_queries(len(few)):
        make_week(rotation, director, until_on=make.MONDAY + dt.timedelta(days=9))


def test_what_makes_no_roster():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    before = make.MONDAY - dt.timedelta(days=1)
    assert code_of(make_week, rotation=rotation, by=director, until_on=before) == "period_reversed"
    assert code_of(make_week, rotation=rotation, by=make.person(role=Role.INSPECTOR)) == "draft_not_yours"
    foreign = make_shifts.director(centre=make.centre(name="别的中心"))
    assert code_of(make_week, rotation=rotation, by=foreign) == "draft_not_yours"
    rotation.cycle = ["D", "X"]
    assert code_of(make_week, rotation=rotation, by=director) == "shift_type_unknown"
    rotation.places.all().delete()
    assert code_of(make_week, rotation=rotation, by=director) == "rotation_without_teams"
    assert Roster.objects.count() == 0


def test_publishing_makes_it_count_and_is_recorded():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    roster = actions.publish_roster(roster=make_week(rotation, director), by=director, at=AT)
    roster.refresh_from_db()
    assert (roster.status, roster.version) == (Roster.Status.PUBLISHED, 1)
    assert (roster.published_by, roster.published_at) == (director, AT)
    assert Shift.objects.published().count() == 21
    assert verbs_about(roster) == [("roster.made", director, AT), ("roster.published", director, AT)]


def test_a_day_is_published_once_for_a_rotation():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    first, second = make_week(rotation, director), make_week(rotation, director, from_on=SUNDAY, until_on=SUNDAY)
    actions.publish_roster(roster=first, by=director, at=AT)
    assert code_of(actions.publish_roster, roster=second, by=director, at=AT) == "roster_overlaps"
    actions.archive_roster(roster=first, by=director, at=AT)
    actions.publish_roster(roster=second, by=director, at=AT)
    assert second.status == Roster.Status.PUBLISHED


def test_the_day_after_and_another_rotation_do_not_overlap():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    after = SUNDAY + dt.timedelta(days=1)
    weekdays = make_shifts.rotation(preset="weekdays", teams=[make.team(name="行政班")])
    drafts = [
        make_week(rotation, director),
        make_week(rotation, director, from_on=after, until_on=after),
        make_week(weekdays, director),
    ]
    for roster in drafts:
        actions.publish_roster(roster=roster, by=director, at=AT, reason="行政班缺人")
    assert Roster.objects.published().count() == 3


def test_who_may_not_publish_or_archive():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    roster = make_week(rotation, director)
    foreign = make_shifts.director(centre=make.centre(name="别的中心"))
    for person in (make.person(role=Role.LEADER), make.person(role=Role.CENTRE_DIRECTOR), foreign):
        assert code_of(actions.publish_roster, roster=roster, by=person, at=AT) == "roster_not_yours"
        assert code_of(actions.archive_roster, roster=roster, by=person, at=AT) == "roster_not_yours"


def test_a_second_publication_is_the_wrong_state_and_a_stale_one_is_told():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    roster = make_week(rotation, director)
    stale = Roster.objects.get(pk=roster.pk)
    actions.publish_roster(roster=roster, by=director, at=AT)
    assert code_of(actions.publish_roster, roster=roster, by=director, at=AT) == "wrong_state"
    assert code_of(actions.publish_roster, roster=stale, by=director, at=AT) == "changed_meanwhile"


def test_a_roster_that_has_begun_stays_published():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    roster = actions.publish_roster(roster=make_week(rotation, director), by=director, at=AT)
    assert code_of(actions.archive_roster, roster=roster, by=director, at=make.at(0)) == "roster_begun"
    last_minute = make.at(23, 59, on=make.MONDAY - dt.timedelta(days=1))
    actions.archive_roster(roster=roster, by=director, at=last_minute)
    assert verbs_about(roster)[-1] == ("roster.archived", director, last_minute)
    assert code_of(actions.archive_roster, roster=roster, by=director, at=last_minute) == "wrong_state"


def test_a_draft_can_be_set_aside_at_any_time():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    roster = actions.archive_roster(roster=make_week(rotation, director), by=director, at=make.at(9, on=SUNDAY))
    assert roster.status == Roster.Status.ARCHIVED


def test_a_shift_that_a_clock_change_swallows_is_left_out():
    centre = make.centre(name="Berlin", timezone="Europe/Berlin")
    rotation = make_shifts.rotation(centre=centre, preset="4x2", agents=1)
    ShiftType.objects.filter(code="DL").update(starts=dt.time(2), ends=dt.time(3))
    sunday = dt.date(2026, 3, 29)
    roster = actions.make_roster(
        rotation=rotation,
        from_on=sunday - dt.timedelta(days=1),
        until_on=sunday,
        by=make_shifts.director(centre=centre),
        at=AT,
    )
    codes = [(shift.on.day, shift.type.code) for shift in Shift.objects.filter(roster=roster).select_related("type")]
    assert codes == [(28, "DL"), (28, "NL"), (29, "NL")]


def test_what_makes_no_rotation():
    centre, by = make.centre(), make_shifts.director()
    one, two, three, four = teams = [make.team(name=name) for name in make_shifts.TEAM_NAMES[:4]]
    plan = {"centre": centre, "preset": "4x3", "teams": teams, "starts_on": make.MONDAY, "by": by, "at": AT}

    def refused(**changes):
        with pytest.raises(Refused) as refused:
            actions.make_rotation(**{**plan, **changes})
        return refused.value.code, refused.value.field

    assert refused(by=make.person(role=Role.LEADER)) == ("roster_not_yours", None)
    assert refused(by=make_shifts.director(centre=make.centre(name="别的中心"))) == ("roster_not_yours", None)
    assert refused(teams=[one, two, three, one]) == ("team_named_twice", "team_4")
    assert refused(preset="weekdays", teams=[four], starts_on=SUNDAY) == ("rotation_begins_on_monday", "starts_on")
    assert Rotation.objects.count() == 0
    actions.make_rotation(**plan)
    assert refused() == ("rotation_made_already", "preset")
