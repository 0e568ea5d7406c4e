import contextlib
import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcentre.refusals import Refused
from delivery.actions import send_queued
from delivery.models import Message
from journal.models import Entry
from shifts import actions, versions
from shifts.models import Assignment, Demand, Leave, Roster, Shift, Version
from shifts.publishing import covering, covering_known
from tests import make, make_editing, make_shifts
from tests.make_editing import AT, edit

pytestmark = pytest.mark.django_db
TUESDAY = make.MONDAY + dt.timedelta(days=1)


def code_of(step, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        step(*args, **kwargs)
    assert str(refused.value)
    return refused.value.code


@pytest.fixture
def director():
    return make_shifts.director()


@pytest.fixture
def draft(director):
    return make_editing.draft(by=director)


def publish(roster, by, *, at=AT, **kwargs):
    return actions.publish_roster(roster=roster, by=by, at=at, **kwargs)


def people_of(roster, name="甲班"):
    return list(roster.rotation.teams.get(name=name).person_set.order_by("pk"))


def told():
    send_queued()
    found = list(Message.objects.order_by("person").values_list("person", "kind", "facts"))
    Message.objects.all().delete()
    return found


def lack(roster, heads=3):
    """A demand that the draft does not meet: a warning for each shift."""
    kind = actions.ensure_shift_type(roster.centre, "D")
    Demand.objects.create(centre=roster.centre, type=kind, heads=heads, from_on=make.FIRST_DAY)


def test_a_publication_is_version_one_and_everyone_on_it_is_told(draft, director):
    publish(draft, director)
    version = Version.objects.get(roster=draft)
    assert (version.number, version.kind, version.by, version.at, version.reason) == (1, "published", director, AT, "")
    everyone = Assignment.objects.filter(shift__roster=draft).values_list("person", flat=True)
    leaders = Shift.objects.filter(roster=draft).values_list("leader", flat=True)
    facts = {"from_on": "2026-11-23", "until_on": "2026-11-29"}
    assert told() == [(pk, "roster_published", facts) for pk in sorted({*everyone, *leaders})]
    assert Entry.objects.about(draft).last().facts == {"version": 1, "warnings": 0}


def test_warnings_want_a_reason(draft, director):
    lack(draft)
    assert code_of(publish, draft, director) == "publish_without_reason"
    publish(draft, director, reason=" 下周补人 ")
    assert Version.objects.get().reason == "下周补人"
    assert Entry.objects.about(draft).last().facts == {"version": 1, "warnings": 7}


def test_a_breach_is_not_published_with_any_reason(draft, director):
    agent = people_of(draft)[1]
    days = {"from_on": make.MONDAY, "until_on": make.MONDAY}
    who = {"asked_by": agent, "asked_at": AT, "decided_by": director, "decided_at": AT}
    Leave.objects.create(centre=draft.centre, person=agent, kind="annual", status="approved", **days, **who)
    assert code_of(publish, draft, director, reason="没有办法") == "roster_breach"
    assert (draft.status, Version.objects.count(), told()) == ("draft", 0, [])


def test_somebody_on_another_published_roster_at_that_time_is_a_breach(draft, director):
    agent = people_of(draft)[1]
    make_shifts.shift(type="D", on=make.MONDAY, team=agent.team, people=[agent])
    assert code_of(publish, draft, director) == "roster_breach"


def test_a_roster_that_has_not_begun_is_replaced_and_only_changed_days_are_told(draft, director):
    publish(draft, director)
    told()
    second = actions.make_roster(
        rotation=draft.rotation, from_on=draft.from_on, until_on=draft.until_on, by=director, at=AT
    )
    agent = people_of(draft)[1]
    edit(second, director, (agent.pk, TUESDAY, ""))
    assert code_of(publish, second, director) == "roster_overlaps"
    publish(second, director, replace=True)
    draft.refresh_from_db()
    assert (draft.status, second.status, Shift.objects.filter(plan=0).count()) == ("archived", "published", 21)
    days = {"days_zh": "11月24日 日→–", "days_en": "24 Nov D→–"}
    assert told() == [(agent.pk, "roster_changed", days)]
    assert Entry.objects.about(second).last().facts["replaces"] == draft.pk


def test_what_is_not_replaced(draft, director):
    publish(draft, director)
    rotation = draft.rotation
    shorter = make_shifts.roster(rotation=rotation, until_on=TUESDAY, by=director, published=False)
    assert code_of(publish, shorter, director, replace=True) == "roster_overlaps"
    same = make_shifts.roster(rotation=rotation, by=director, published=False)
    assert code_of(publish, same, director, replace=True, at=make.at(0)) == "replaced_begun"


def test_those_on_a_withdrawn_roster_are_told_and_of_a_draft_nobody(draft, director):
    other = make_shifts.roster(rotation=draft.rotation, by=director, published=False)
    actions.archive_roster(roster=other, by=director, at=AT)
    assert told() == []
    publish(draft, director)
    people = [pk for pk, _kind, _facts in told()]
    actions.archive_roster(roster=draft, by=director, at=AT)
    assert [(pk, kind) for pk, kind, _facts in told()] == [(pk, "roster_withdrawn") for pk in people]


# Versions


def test_versions_are_compared_person_by_day(draft, director):
    one, other = people_of(draft)[1:]
    publish(draft, director)
    edit(draft, director, (one.pk, TUESDAY, "M"), reason="缺人")
    edit(draft, director, (one.pk, TUESDAY, "D"), (other.pk, TUESDAY, ""), reason="又来了")
    assert versions.compare(draft, 1, 2) == [(one, TUESDAY, ("D",), ("M",))]
    assert versions.compare(draft, 2, 3) == [(one, TUESDAY, ("M",), ("D",)), (other, TUESDAY, ("D",), ())]
    assert versions.compare(draft, 1, 3) == [(other, TUESDAY, ("D",), ())]
    assert versions.compare(draft, 3, 1) == [(other, TUESDAY, (), ("D",))]
    assert versions.compare(draft, 2, 2) == []


def test_the_cells_of_each_version(draft, director):
    leader = people_of(draft)[0]
    cell = (leader.pk, TUESDAY)
    before = versions.cells(draft)
    publish(draft, director)
    edit(draft, director, (*cell, "M"), reason="缺人")
    assert (versions.cells(draft, 1), versions.cells(draft, 2)) == (before, versions.cells(draft))
    assert (before[cell], versions.cells(draft)[cell]) == (("D",), ("M",))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.integers(0, 11), st.integers(1, 6), st.sampled_from(["", "D", "M"])), max_size=6))
def test_every_version_is_remembered_as_it_was(draft, director, steps):
    people = [person for team in draft.rotation.teams.order_by("pk") for person in team.person_set.order_by("pk")]
    with transaction.atomic():
        roster = publish(Roster.objects.get(pk=draft.pk), director)
        seen = {1: versions.cells(roster)}
        for who, days, code in steps:
            with contextlib.suppress(Refused):
                cell = (people[who].pk, make.MONDAY + dt.timedelta(days=days), code)
                version = edit(roster, director, cell, reason="又变了")
                seen[version.number] = versions.cells(roster)
        assert {number: versions.cells(roster, number) for number in seen} == seen
        transaction.set_rollback(True)


def test_a_leaders_edit_of_a_draft_shows_in_no_version(draft, director):
    leader = people_of(draft)[0]
    edit(draft, leader, (leader.pk, TUESDAY, ""))
    publish(draft, director, reason="周二缺组长")
    assert (versions.compare(draft, 1, 1), Roster.objects.get().version) == ([], 1)


@pytest.mark.parametrize("rotates", [True, False])
def test_what_a_draft_covers_is_known_when_it_is_fetched(rotates):
    published = make_shifts.roster()
    rotation = published.rotation if rotates else None
    Roster.objects.filter(pk=published.pk).update(rotation=rotation)
    span = {"centre": published.centre, "rotation": rotation, "until_on": published.until_on}
    after = published.until_on + dt.timedelta(days=1)
    inside = Roster.objects.create(from_on=published.until_on, **span)
    outside = Roster.objects.create(**span | {"from_on": after, "until_on": after})
    found = Roster.objects.with_covering().in_bulk([inside.pk, outside.pk])
    assert [covering_known(found[roster.pk]) for roster in (inside, outside)] == [published, None]
    assert [covering(roster) for roster in (inside, outside)] == [published, None]
