import datetime as dt

import pytest

from callcentre.signals import ticked
from delivery.models import Announcement
from escalations import actions, timers
from escalations.models import Case
from journal.models import Entry
from tests import make, make_escalations

pytestmark = pytest.mark.django_db


def tick(at):
    timers.keep_time(sender=None, at=at)


def told():
    rows = [(row.kind.removeprefix("escalation."), row.to[0]) for row in Announcement.objects.order_by("pk")]
    Announcement.objects.all().delete()
    return rows


def test_the_level_is_reminded_once_before_its_answer_is_due():
    people = make_escalations.line()
    make_escalations.case(people)
    told()
    tick(make.at(9, 19))
    assert told() == []
    tick(make.at(9, 20))
    tick(make.at(9, 21))
    assert told() == [("due_soon", people.leader.pk)]


def test_an_unanswered_case_rises_by_itself_and_only_once():
    people = make_escalations.line()
    case = make_escalations.case(people, status="acknowledged")
    told()
    tick(make.at(9, 29))
    told()
    tick(make.at(9, 30))
    tick(make.at(9, 30))
    case.refresh_from_db()
    assert (case.status, case.waits_for, case.answer_due_at) == ("passed_up", people.director, make.at(10, 30))
    left = case.levels.get(order=1)
    assert (left.passed_by, left.overdue_at, left.passed_at) == (None, make.at(9, 30), make.at(9, 30))
    assert told() == [
        ("risen", people.leader.pk),
        ("waits.beyond_remit", people.director.pk),
        ("gone_up", people.agent.pk),
    ]
    entry = Entry.objects.about(case).last()
    assert (entry.verb, entry.actor) == ("escalation.risen", None)


def test_after_an_outage_each_level_still_gets_its_time():
    people = make_escalations.line()
    case = make_escalations.case(people)
    back = make.at(9) + dt.timedelta(days=7)
    tick(back)
    case.refresh_from_db()
    assert (case.waits_for, case.answer_due_at) == (people.director, back + dt.timedelta(minutes=60))


def test_the_last_level_keeps_it_and_is_told_once():
    people = make_escalations.line()
    case = make_escalations.case(people, by=people.director)
    told()
    assert list(Case.objects.overdue(make.at(12, 59))) == []
    tick(make.at(13))
    tick(make.at(13, 1))
    case.refresh_from_db()
    assert (case.status, case.waits_for) == ("submitted", people.centre_director)
    assert told() == [("overdue", people.centre_director.pk)]
    assert list(Case.objects.overdue(make.at(13))) == [case]


@pytest.mark.parametrize("status", ["draft", "returned", "instructed", "carried_out", "closed", "withdrawn"])
def test_what_waits_for_no_answer_does_not_rise(status):
    people = make_escalations.line()
    case = make_escalations.case(people, status=status)
    tick(make.at(23))
    assert Case.objects.get(pk=case.pk).status == status


def test_an_answer_in_time_beats_the_timer():
    people = make_escalations.line()
    case = make_escalations.case(people)
    found = Case.objects.get(pk=case.pk)
    actions.instruct(case=case, by=people.leader, at=make.at(9, 30), text="由你跟进。")
    assert actions.rise(case=found, at=make.at(9, 30)) is False
    assert Case.objects.get(pk=case.pk).status == "instructed"


def test_one_case_that_fails_does_not_stop_the_rest(monkeypatch):
    people = make_escalations.line()
    broken, sound = make_escalations.case(people), make_escalations.case(people)
    rise = actions.rise

    def rise_or_fail(*, case, at):
        if case.pk == broken.pk:
            raise RuntimeError("broken")
        return rise(case=case, at=at)

    monkeypatch.setattr(timers.actions, "rise", rise_or_fail)
    tick(make.at(9, 30))
    assert [Case.objects.get(pk=case.pk).status for case in (broken, sound)] == ["submitted", "passed_up"]


def test_the_minute_reaches_the_timers():
    assert timers.keep_time in [receiver[1]() for receiver in ticked.receivers]
