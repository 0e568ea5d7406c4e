import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from shifts.actions import ensure_shift_type
from shifts.models import Assignment, Desk, Room, Roster, Rotation, RotationPlace, Shift, ShiftType, month_span
from tests import make, make_shifts

pytestmark = pytest.mark.django_db


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def refused_by_the_database(name, step):
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        step()
    return name in str(refused.value)


def test_a_shift_ends_after_it_starts():
    shift = make_shifts.shift()
    starts = shift.starts_at
    assert refused_by_the_database(
        "shift_ends_after_it_starts", lambda: Shift.objects.filter(pk=shift.pk).update(ends_at=starts)
    )


def test_a_published_roster_has_publisher_and_time():
    roster = make_shifts.shift(published=False).roster
    assert refused_by_the_database(
        "published_roster_has_publisher_and_time",
        lambda: Roster.objects.filter(pk=roster.pk).update(status=Roster.Status.PUBLISHED),
    )


def test_a_roster_ends_on_or_after_its_first_day():
    roster = make_shifts.shift().roster
    before = roster.from_on - dt.timedelta(days=1)
    assert refused_by_the_database(
        "roster_ends_on_or_after_its_first_day",
        lambda: Roster.objects.filter(pk=roster.pk).update(until_on=before),
    )


def test_a_roster_status_is_one_of_three():
    roster = make_shifts.shift().roster
    assert refused_by_the_database(
        "roster_status_is_one_of_three", lambda: Roster.objects.filter(pk=roster.pk).update(status="lost")
    )


def test_a_shift_colour_is_one_of_the_tokens():
    kind = make_shifts.shift().type
    assert refused_by_the_database(
        "shift_colour_is_one_of_the_tokens", lambda: ShiftType.objects.filter(pk=kind.pk).update(colour="X")
    )


@pytest.mark.parametrize(
    "field, step",
    [
        ("room", lambda shift, desk: Room.objects.create(centre=shift.centre, name=desk.room.name)),
        ("desk", lambda shift, desk: Desk.objects.create(room=desk.room, code=desk.code)),
        ("person", lambda shift, desk: Assignment.to(shift, shift.assignments.get().person_id).save()),
        ("assignment", lambda shift, desk: Assignment.to(shift, make.person().pk, desk.pk).save()),
        (
            "shift",
            lambda shift, desk: Shift.objects.create(
                centre=shift.centre,
                roster=shift.roster,
                type=shift.type,
                team=shift.team,
                on=shift.on,
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
            ),
        ),
    ],
)
def test_what_is_one_is_not_doubled(field, step):
    desk = make_shifts.desks(count=1)[0]
    shift = make_shifts.shift(people=[make.person()])
    shift.assignments.update(desk=desk)
    assert refused_by_the_database("UNIQUE", lambda: step(shift, desk)) or refused_by_the_database(
        "duplicate key", lambda: step(shift, desk)
    )


def test_a_team_has_one_place_in_a_rotation():
    rotation = make_shifts.rotation()
    team = rotation.places.first().team
    with pytest.raises(IntegrityError), transaction.atomic():
        RotationPlace.objects.create(rotation=rotation, team=team, phase=1)
    with pytest.raises(ValidationError) as refused:
        RotationPlace(rotation=rotation, team=team, phase=1).full_clean()
    sentence = RotationPlace._meta.constraints[0].violation_error_message
    assert refused.value.messages == [str(sentence)]


@pytest.mark.parametrize("cycle", [[], ["", ""], "DDMM", [1, 2], ["D", "X"], None, {"D": 1}])
def test_a_cycle_is_a_list_of_known_codes_with_a_working_day(cycle):
    centre = make.centre()
    ensure_shift_type(centre, "D")
    with pytest.raises(ValidationError) as refused:
        Rotation(centre=centre, name_zh="轮班", cycle=cycle, starts_on=make.MONDAY).full_clean()
    assert "cycle" in refused.value.message_dict


def test_an_own_cycle_of_any_length_is_good():
    centre = make.centre()
    ensure_shift_type(centre, "D")
    Rotation(centre=centre, name_zh="做一休二", cycle=["D", "", ""], starts_on=make.MONDAY).full_clean()


def test_a_place_is_for_a_team_of_the_same_centre():
    rotation = make_shifts.rotation()
    foreign = make.team(name="外班", centre=make.centre(name="别的中心"))
    with pytest.raises(ValidationError):
        RotationPlace(rotation=rotation, team=foreign).full_clean()


@pytest.mark.parametrize(
    "code, starts, ends",
    [
        ("D", utc(2026, 11, 23, 0), utc(2026, 11, 23, 8)),
        ("M", utc(2026, 11, 23, 8), utc(2026, 11, 23, 16)),  # until 24:00, which is the next day's 00:00
        ("N", utc(2026, 11, 22, 16), utc(2026, 11, 23, 0)),
        ("NL", utc(2026, 11, 23, 12), utc(2026, 11, 24, 0)),  # over midnight
    ],
)
def test_the_span_of_a_type_in_shanghai(code, starts, ends):
    assert ensure_shift_type(make.centre(), code).span(make.MONDAY) == (starts, ends)


@pytest.mark.parametrize(
    "code, on, hours",
    [
        ("N", dt.date(2026, 3, 29), 7),  # clocks go forward at 02:00
        ("N", dt.date(2026, 10, 25), 9),  # clocks go back at 03:00
        ("NL", dt.date(2026, 10, 24), 13),
        ("D", dt.date(2026, 10, 25), 8),
    ],
)
def test_a_night_is_shorter_or_longer_when_clocks_change(code, on, hours):
    centre = make.centre(name="Berlin", timezone="Europe/Berlin")
    starts_at, ends_at = ensure_shift_type(centre, code).span(on)
    assert (ends_at - starts_at) == dt.timedelta(hours=hours)
    assert starts_at.astimezone(centre.tz).date() == on


def test_the_longest_shift_is_found_to_its_last_minute():
    """A day with 25 hours, from midnight to midnight."""
    centre = make.centre(name="Berlin", timezone="Europe/Berlin")
    kind = ensure_shift_type(centre, "N")
    ShiftType.objects.filter(pk=kind.pk).update(ends=dt.time(0))
    shift = make_shifts.shift(type="N", on=dt.date(2026, 10, 25), team=make.team(centre=centre))
    last = shift.ends_at - dt.timedelta(seconds=1)
    assert shift.ends_at - shift.starts_at == dt.timedelta(hours=25)
    assert list(Shift.objects.on_floor(centre, last)) == [shift]
    assert list(Shift.objects.on_floor(centre, shift.ends_at)) == []


def test_a_shift_is_on_the_floor_from_its_start_until_before_its_end():
    shift = make_shifts.shift()
    found = [list(Shift.objects.on_floor(shift.centre, at)) for at in (make.at(7, 59), make.at(8), make.at(16))]
    assert found == [[], [shift], []]
    assert [shift.is_on_floor(at) for at in (make.at(7, 59), make.at(8), make.at(16))] == [False, True, False]


def test_a_night_belongs_to_the_day_of_its_start():
    shift = make_shifts.shift(type="NL")
    assert list(Shift.objects.of_day(shift.centre, make.MONDAY)) == [shift]
    assert list(Shift.objects.of_day(shift.centre, make.MONDAY + dt.timedelta(days=1))) == []
    assert shift.times == "20:00–次日08:00"


def test_the_shifts_before_and_after_are_the_rotations_own_over_all_its_rosters():
    rotation = make_shifts.rotation()
    director = make_shifts.director()
    make_shifts.roster(rotation=rotation, until_on=make.MONDAY, by=director)
    make_shifts.roster(rotation=rotation, from_on=make.MONDAY + dt.timedelta(days=1), by=director)
    make_shifts.shift(type="W", team=make.team(name="行政班"))
    monday = list(Shift.objects.filter(roster__rotation=rotation).of_day(rotation.centre, make.MONDAY))
    assert [shift.type.code for shift in monday] == ["N", "D", "M"]
    evening = monday[-1]
    assert Shift.objects.published().before(evening).first() == monday[1]
    after = Shift.objects.published().after(evening).first()
    assert (after.type.code, after.on) == ("N", make.MONDAY + dt.timedelta(days=1))
    assert Shift.objects.published().before(monday[0]).first() is None


def test_drafts_do_not_count():
    shift = make_shifts.shift(published=False, people=[make.person()])
    assert list(Shift.objects.published()) == []
    person = shift.assignments.get().person
    assert list(Assignment.objects.of_month(person, 2026, 11)) == []


def test_a_month_holds_the_persons_own_published_assignments():
    team, _leader, (first, second) = make_shifts.crew()
    shifts = [
        make_shifts.shift(team=team, on=on, people=[first, second])
        for on in (dt.date(2026, 10, 31), dt.date(2026, 11, 30), dt.date(2026, 11, 1), dt.date(2026, 12, 1))
    ]
    found = Assignment.objects.of_month(first, 2026, 11)
    assert [(row.person, row.shift) for row in found] == [(first, shifts[2]), (first, shifts[1])]


def test_who_is_on_a_shift_leads_it_or_is_assigned_to_it():
    team, leader, (agent, other) = make_shifts.crew()
    shift = make_shifts.shift(team=team, leader=leader, people=[agent])
    assert [shift.has_on_it(person) for person in (leader, agent, other)] == [True, True, False]
    found = [list(Shift.objects.with_on_it(person)) for person in (leader, agent, other)]
    assert found == [[shift], [shift], []]


def test_rows_are_seen_by_their_own_centre_only():
    shift = make_shifts.shift(people=[make.person()])
    desk = make_shifts.desks(count=1)[0]
    stranger = make.person(centre=make.centre(name="别的中心"))
    rows = [desk.room, desk, shift.type, shift.roster, shift, shift.assignments.get()]
    own = shift.assignments.get().person
    assert [list(type(row).objects.visible_to(own).filter(pk=row.pk)) for row in rows] == [[row] for row in rows]
    assert [list(type(row).objects.visible_to(stranger).filter(pk=row.pk)) for row in rows] == [[]] * len(rows)


def test_the_span_of_a_month():
    assert month_span(2028, 2) == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert month_span(2026, 12) == (dt.date(2026, 12, 1), dt.date(2026, 12, 31))
