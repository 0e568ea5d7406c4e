"""The figures of requests and reports: by hand, against a naive count, and what they cost."""

import datetime as dt
import fractions
import types

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from escalations import reports
from escalations.models import Case, Category, Dissent, LevelKind
from escalations.reports import Outcome, Period, Stay, Times
from tests import make, make_escalations, make_reports
from tests.make_reports import NOW

NOVEMBER = Period.of_month(2026, 11)
LEADER, DIRECTOR = LevelKind.LEADER, LevelKind.DIRECTOR


@pytest.fixture
def read(db):
    """`read("director", **filters)`: (people, figures of November, of October) of the two months."""
    people = make_reports.line()
    make_reports.two_months(people)

    def read_(who="director", **filters):
        now, before, _lines = reports.read(getattr(people, who), NOVEMBER, NOW, **filters)
        return now, before

    return read_


# --- periods


def test_a_month_stands_against_the_month_before():
    assert NOVEMBER.before == Period.of_month(2026, 10)
    assert Period.of_month(2026, 3).before == Period.of_month(2026, 2)
    assert Period.of_month(2026, 1).before == Period(dt.date(2025, 12, 1), dt.date(2025, 12, 31))


def test_another_period_stands_against_as_many_days():
    assert Period(dt.date(2026, 11, 16), dt.date(2026, 11, 22)).before == Period(
        dt.date(2026, 11, 9), dt.date(2026, 11, 15)
    )


def test_a_period_begins_and_ends_at_the_centres_midnight():
    centre = types.SimpleNamespace(tz=dt.timezone(dt.timedelta(hours=8)))
    begins, ends = NOVEMBER.span(centre)
    assert (begins, ends) == (make.at(0, on=dt.date(2026, 11, 1)), make.at(0, on=dt.date(2026, 12, 1)))


# --- by hand


def test_how_many_were_raised(read):
    now, before = read()
    assert {category: now.count(category=category) for category in Category} == {
        Category.BEYOND_REMIT: 8,
        Category.DIFFICULT_CALLER: 1,
        Category.DANGER: 3,
        Category.SERIOUS_ERROR: 1,
        Category.CONFIDENTIAL: 0,
    }
    assert (len(now.cases), len(before.cases)) == (13, 2)
    assert (now.count(kind="report"), now.count(urgent=True), now.count(closed_at=None), now.open) == (1, 3, 11, 11)


def test_how_soon_they_were_answered(read):
    """The leader's ordinary ones: answers after 10, 15, 15, 15, 20, 25 and 40 minutes, of which the last is late; one
    passed up by the timer; one withdrawn, one waiting."""
    now, before = read()
    assert now.times(level=LEADER, urgent=False) == Times(
        reached=10, answered=7, median=15, most=40, risen=1, late_share=25
    )
    assert now.times(level=LEADER, urgent=True) == Times(reached=1, answered=1, median=3, most=3, risen=0, late_share=0)
    # One answered after 20 minutes; of what was passed up at 9:25 and appealed at 13:35 both are overdue by 15:00.
    assert now.times(level=DIRECTOR, urgent=False) == Times(
        reached=3, answered=1, median=20, most=20, risen=0, late_share=67
    )
    assert now.times(level=DIRECTOR, urgent=True) == Times(
        reached=2, answered=2, median=10, most=10, risen=0, late_share=0
    )
    assert before.times() == Times(reached=2, answered=2, median=21, most=31, risen=0, late_share=50)
    assert now.times(level=LevelKind.CENTRE_DIRECTOR) == Times(0, 0, None, None, 0, None)


def test_what_was_skipped_and_is_owed(read):
    now, before = read()
    assert (now.skipped, before.skipped) == (2, 0)
    assert (now.follow_ups_made(late=True), now.follow_ups_made(late=False)) == (1, 0)
    assert (now.follow_ups_owed(NOW, late=False), now.follow_ups_owed(NOW, late=True)) == (1, 0)
    tomorrow = NOW + dt.timedelta(days=30)
    assert (now.follow_ups_owed(tomorrow, late=False), now.follow_ups_owed(tomorrow, late=True)) == (0, 1)


def test_what_was_disagreed_with(read):
    now, before = read()
    assert {status: now.dissents_that_are(status) for status in Dissent.Status} == {
        "raised": 1,
        "accepted": 1,
        "upheld": 1,
    }
    assert (now.appeals, before.appeals) == (1, 0)


def test_a_filter_keeps_a_category_or_a_level(read):
    now, before = read(category=Category.DIFFICULT_CALLER)
    assert (len(now.cases), now.times().median, len(before.cases), before.times().median) == (1, 40, 1, 31)
    now, before = read(level=DIRECTOR)
    assert (len(now.cases), {stay.level for stay in now.stays}, before.cases) == (5, {DIRECTOR}, [])


# --- whose cases count


def test_confidential_cases_count_for_the_centre_director_alone(read):
    counts = {who: len(read(who)[0].cases) for who in ("centre_director", "director", "leader", "agent", "other")}
    assert counts == {"centre_director": 14, "director": 13, "leader": 12, "agent": 13, "other": 0}
    assert read("centre_director")[0].count(category=Category.CONFIDENTIAL) == 1


@pytest.mark.django_db
def test_a_leader_counts_what_has_come_to_them_and_a_draft_counts_for_nobody():
    people = make_reports.line()
    make_escalations.draft(people)
    theirs = make_reports.raised(people, 9)
    over_them = make_reports.raised(people, 9, by=people.leader)
    other_leader = make.person(role="leader", centre=people.centre)
    rows = Case.objects.counted_for(people.leader).order_by("pk")
    assert list(rows) == [theirs, over_them]
    assert list(Case.objects.counted_for(other_leader)) == []
    elsewhere = make_escalations.line(centre=make.centre(name="云港客服中心"), on_duty=False)
    assert list(Case.objects.counted_for(elsewhere.centre_director)) == []


@pytest.mark.django_db
def test_nobody_counts_what_they_do_not_see():
    people = make_reports.line()
    make_reports.two_months(people)
    for who in ("agent", "other", "leader", "director", "centre_director", "inspector"):
        person = getattr(people, who)
        assert set(Case.objects.counted_for(person)) <= set(Case.objects.visible_to(person))


# --- arithmetic

minutes = st.integers(0, 500) | st.integers(0, 5000).map(lambda number: number / 10)
outcomes = st.sampled_from(Outcome)


def stay(outcome, length):
    answered = outcome in (Outcome.IN_TIME, Outcome.LATE)
    return Stay("leader", "danger", False, outcome, length if answered else None)


@given(st.lists(st.builds(stay, outcomes, minutes), max_size=40))
def test_times_agree_with_a_naive_count(stays):
    found = Times.of(iter(stays))
    lengths = [one.minutes for one in stays if one.minutes is not None]
    late = [one for one in stays if one.outcome in (Outcome.LATE, Outcome.RISEN, Outcome.OVERDUE)]
    judged = [*late, *(one for one in stays if one.outcome is Outcome.IN_TIME)]
    assert (found.reached, found.answered) == (len(stays), len(lengths))
    assert found.risen == len([one for one in stays if one.outcome is Outcome.RISEN])
    if judged:
        assert abs(fractions.Fraction(100 * len(late), len(judged)) - found.late_share) <= fractions.Fraction(1, 2)
    else:
        assert found.late_share is None
    if not lengths:
        assert (found.median, found.most) == (None, None)
        return
    # Nine of ten are no longer, and of any shorter one that is not true.
    nine = min(length for length in lengths if 10 * sum(other <= length for other in lengths) >= 9 * len(lengths))
    assert found.most == int(nine + 0.5)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=30))
def test_the_middle_of_whole_minutes(values):
    values = sorted(values)
    middle = (values[(len(values) - 1) // 2] + values[len(values) // 2]) / 2
    assert Times.of(stay(Outcome.IN_TIME, value) for value in values).median == int(middle + 0.5)


# --- many


def naive(people, first, last):
    """What a patient clerk counts, case by case."""
    counts = {"cases": 0, "risen": 0, "answered": [], "late": 0, "skipped": 0, "dissents": 0}
    for case in Case.objects.filter(centre=people.centre):
        on = case.submitted_at.astimezone(people.centre.tz).date()
        if not first <= on <= last or case.category == Category.CONFIDENTIAL:
            continue
        counts["cases"] += 1
        counts["skipped"] += case.follow_ups.exists()
        counts["dissents"] += case.dissents.count()
        for level in case.levels.exclude(reached_at=None):
            allowed = {(False, "leader"): 30, (False, "director"): 60, (True, "leader"): 5, (True, "director"): 10}
            if level.overdue_at:
                counts["risen"] += 1
                continue
            asked = [row.at for row in case.remarks.filter(step="returned") if level.reached_at <= row.at]
            first_said = min([case.instructions.get().at, *asked])
            took = (first_said - level.reached_at).total_seconds() / 60
            counts["answered"].append(took)
            counts["late"] += took > allowed[case.urgent, level.kind]
    return counts


@pytest.mark.django_db
def test_many_cases_agree_with_a_clerks_count():
    people = make_reports.line()
    make_reports.many(people, 120)
    now, before, _lines = reports.read(people.director, NOVEMBER, NOW)
    for figures, period in ((now, NOVEMBER), (before, NOVEMBER.before)):
        counted = naive(people, period.first, period.last)
        times = figures.times()
        judged = len(counted["answered"]) + counted["risen"]
        assert (len(figures.cases), times.risen, times.answered) == (
            counted["cases"],
            counted["risen"],
            len(counted["answered"]),
        )
        assert (figures.skipped, len(figures.dissents)) == (counted["skipped"], counted["dissents"])
        assert times.late_share == int(100 * (counted["late"] + counted["risen"]) / judged + 0.5)
        assert times.most == sorted(counted["answered"])[-(-len(counted["answered"]) * 9 // 10) - 1]


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["leader", "director", "centre_director"])
def test_a_thousand_cases_take_the_statements_of_ten(who):
    people = make_reports.line()

    def statements():
        with CaptureQueriesContext(connection) as counted:
            reports.read(getattr(people, who), NOVEMBER, NOW)
        return len(counted)

    make_reports.many(people, 10)
    statements()  # the roles are read once
    ten = statements()
    make_reports.many(people, 990, seed=2)
    assert statements() == ten == 7


@pytest.mark.django_db
def test_the_cases_of_a_period_are_found_by_its_index():
    """However long the history: the plan names the index by centre and submission."""
    people = make_reports.line()
    make_reports.many(people, 500)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE escalations_case")
    begins = make.at(9)
    rows = Case.objects.counted_for(people.director).submitted_between(begins, begins + dt.timedelta(minutes=1))
    assert "case_of_centre_by_submission" in rows.order_by().explain()
