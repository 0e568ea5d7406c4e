"""The database refuses two turns at once, whichever way they come: these tests go round the forms and the actions."""

import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, transaction

from shifts import overlaps
from shifts.models import Assignment, Roster, Shift
from tests import make, make_shifts

pytestmark = pytest.mark.django_db

TUESDAY = make.MONDAY + dt.timedelta(days=1)


@pytest.fixture
def person():
    return make.person()


def early(**fields):
    """08:00–16:00"""
    return make_shifts.shift(type="D", team=make.team(name="甲班"), **fields)


def over_it(**fields):
    """08:00–20:00, of another roster"""
    return make_shifts.shift(type="DL", team=make.team(name="乙班"), **fields)


def after_it(**fields):
    """16:00–24:00"""
    return make_shifts.shift(type="M", team=make.team(name="丙班"), **fields)


def refused(step):
    """Whether the database refuses the step as an overlap."""
    try:
        with transaction.atomic():
            step()
    except IntegrityError as error:
        assert overlaps.is_overlap(error), error
        return True
    return False


def assign(shift, person):
    Assignment.to(shift, person.pk).save()


def lead(shift, person):
    Shift.objects.filter(pk=shift.pk).update(leader=person)


def test_two_assignments_at_once_are_refused(person):
    assign(early(), person)
    assert refused(lambda: assign(over_it(), person))


def test_turns_that_touch_are_no_overlap(person):
    assign(early(), person)
    assert not refused(lambda: assign(after_it(), person))
    assert not refused(lambda: assign(make_shifts.shift(type="N", on=make.MONDAY), person))


def test_somebody_else_at_the_same_time_is_no_overlap(person):
    assign(early(), person)
    assert not refused(lambda: assign(over_it(), make.person()))


def test_in_bulk_too(person):
    shifts = [early(), over_it()]
    assert refused(lambda: Assignment.objects.bulk_create(Assignment.to(shift, person.pk) for shift in shifts))


def test_over_midnight(person):
    """20:00–08:00 ends in the next day's shift of 00:00–08:00."""
    assign(make_shifts.shift(type="NL", team=make.team(name="甲班")), person)
    assert refused(lambda: assign(make_shifts.shift(type="N", on=TUESDAY, team=make.team(name="乙班")), person))
    assert not refused(lambda: assign(make_shifts.shift(type="D", on=TUESDAY, team=make.team(name="丙班")), person))


def test_assigned_and_leading_at_once_are_refused_both_ways(person):
    first, second = early(), over_it()
    assign(first, person)
    assert refused(lambda: lead(second, person))
    other = make.person()
    lead(second, other)
    assert refused(lambda: assign(first, other))


def test_a_shift_made_with_its_leader_is_looked_at(person):
    assign(early(), person)
    assert refused(lambda: over_it(leader=person))


def test_leading_two_shifts_at_once_is_refused(person):
    first, second = early(leader=person), over_it()
    assert refused(lambda: lead(second, person))
    assert not refused(lambda: lead(after_it(), person))
    assert first.leader == person


def test_assigned_to_the_shift_that_one_leads_is_refused(person):
    shift = early(leader=person)
    assert refused(lambda: assign(shift, person))


def test_moving_an_assignment_is_looked_at(person):
    other = make.person()
    assign(early(), person)
    assign(over_it(), other)
    assert refused(lambda: Assignment.objects.filter(person=other).update(person=person))
    assert not refused(lambda: Assignment.objects.filter(person=other).update(desk=None))


def test_other_times_are_looked_at(person):
    assign(early(), person)
    later = after_it()
    assign(later, person)
    earlier = later.starts_at - dt.timedelta(minutes=1)
    assert refused(lambda: Assignment.objects.filter(shift=later).update(starts_at=earlier))


def test_of_drafts_each_is_a_plan_of_its_own(person):
    assign(early(), person)
    draft = over_it(published=False)
    assert not refused(lambda: assign(draft, person))
    again = make_shifts.shift(type="D", team=make.team(name="丙班"), published=False)
    assert not refused(lambda: assign(again, person))


def test_within_a_draft_it_is_refused(person):
    draft = early(published=False)
    second = over_it(published=False)
    Shift.objects.filter(pk=second.pk).update(roster=draft.roster, plan=draft.plan)
    second.refresh_from_db()
    assign(draft, person)
    assert refused(lambda: assign(second, person))
    assert refused(lambda: lead(second, person))


def test_publishing_into_an_overlap_is_refused(person):
    assign(early(), person)
    draft = over_it(published=False, people=[person])
    assert refused(lambda: Assignment.objects.filter(shift=draft).update(plan=0))
    Assignment.objects.filter(shift=draft).delete()
    lead(draft, person)
    assert refused(lambda: Shift.objects.filter(pk=draft.pk).update(plan=0))


def test_what_is_set_aside_is_in_nobodys_way(person):
    first = early(people=[person])
    Assignment.objects.filter(shift=first).update(plan=None)
    assert not refused(lambda: assign(over_it(), person))
    assert refused(lambda: Assignment.objects.filter(shift=first).update(plan=0))


def test_raw_sql_is_refused_too(person):
    assign(early(), person)
    shift = over_it()
    sql = (
        "INSERT INTO shifts_assignment (shift_id, person_id, starts_at, ends_at, plan) "
        "SELECT id, %s, starts_at, ends_at, plan FROM shifts_shift WHERE id = %s"
    )

    def insert():
        with connection.cursor() as cursor:
            cursor.execute(sql, [person.pk, shift.pk])

    assert refused(insert)


def test_installing_again_changes_nothing(person):
    overlaps.install()
    overlaps.install()
    assign(early(), person)
    assert refused(lambda: assign(over_it(), person))


def test_without_the_guard_the_overlap_is_saved(person):
    """The tests above would notice a guard that is not there, and so would the one that installs it again."""
    shift, over = early(people=[person]), over_it()
    run_sql(*drop_exclusions())
    overlaps.drop(connection)
    assert not refused(lambda: assign(over, person))
    Assignment.objects.filter(shift=over).delete()
    run_sql(*settle())
    overlaps.install()
    assert refused(lambda: assign(over, person))
    assert refused(lambda: lead(shift, person))


def drop_exclusions():
    if connection.vendor == "postgresql":
        yield from settle()
        for table, name in overlaps.EXCLUSIONS.items():
            yield f"ALTER TABLE {table} DROP CONSTRAINT {name}"


def settle():
    """PostgreSQL changes no table on which a deferred check still waits."""
    return ["SET CONSTRAINTS ALL IMMEDIATE"] if connection.vendor == "postgresql" else []


def run_sql(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_a_whole_month_is_made_and_published_under_the_guard():
    roster = make_shifts.roster(until_on=make.MONDAY + dt.timedelta(days=30))
    assert roster.status == Roster.Status.PUBLISHED
    assert set(Assignment.objects.values_list("plan", flat=True)) == {0}


def at_once(first, second):
    """What comes of two steps, [(step, shift, person)], where the second begins before the first commits."""
    outcome = []

    def other_side():
        outcome.append(refused(lambda: second[0](*second[1:])))
        connection.close()

    other = threading.Thread(target=other_side)
    with transaction.atomic():
        first[0](*first[1:])
        other.start()
        other.join(0.3)
        waited = outcome == []
    other.join(20)
    return waited, outcome


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("steps", [(assign, lead), (lead, assign), (assign, assign), (lead, lead)])
def test_two_at_once_do_not_pass_each_other(steps):
    """The second waits for the first, then is refused."""
    person, shifts = make.person(), [early(), over_it()]
    assert at_once((steps[0], shifts[0], person), (steps[1], shifts[1], person)) == (True, [True])


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("steps", [(assign, lead), (lead, assign)])
def test_without_the_lock_they_would_pass_each_other(steps, monkeypatch):
    monkeypatch.setattr(overlaps, "LOCKS", dict.fromkeys(overlaps.LOCKS, "mod"))
    overlaps.install()
    person, shifts = make.person(), [early(), over_it()]
    try:
        assert at_once((steps[0], shifts[0], person), (steps[1], shifts[1], person)) == (False, [False])
    finally:
        monkeypatch.undo()
        overlaps.install()
