import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callcentre.signals import tick
from delivery.models import Announcement
from handover import ticking
from handover.models import Log
from journal.models import Entry as JournalRow
from people.models import Role
from tests import make, make_handover, make_shifts

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def opened(at):
    ticking.open_logs(None, at=at)
    return list(Log.objects.order_by("starts_at").values_list("starts_at", flat=True))


def test_the_minute_opens_the_log_of_a_shift_that_begins():
    make_shifts.roster()
    assert opened(make.at(7, 59)) == [make.at(0)]
    assert opened(make.at(8)) == [make.at(0), make.at(8)]
    assert opened(make.at(8, 1)) == [make.at(0), make.at(8)]


def test_the_minute_is_connected():
    make_shifts.roster()
    assert [name for name in tick(make.at(8)) if name.startswith("handover")] == []
    assert Log.objects.count() == 2


def test_what_an_outage_missed_is_opened_afterwards():
    make_shifts.roster()
    at = make.at(8, on=make.MONDAY + 3 * DAY)
    assert len(opened(at)) == 11
    assert set(Log.objects.values_list("opened_at", flat=True)) == {at}


def test_drafts_and_days_before_the_rulebook_have_no_log():
    make_shifts.roster(published=False)
    centre = make.centre(name="新中心", opened_on=make.MONDAY + DAY)
    make_shifts.shift(team=make.team(centre=centre), centre=centre)
    assert opened(make.at(12)) == []


def test_the_minute_costs_the_same_however_long_the_history():
    make_shifts.roster(from_on=make.MONDAY)
    few = queries_after_opening(make.at(1))
    many = queries_after_opening(make.at(23, on=make.MONDAY + 6 * DAY))
    assert few == many <= 5


def queries_after_opening(at):
    opened(at)
    with CaptureQueriesContext(connection) as queries:
        ticking.open_logs(None, at=at)
        ticking.report_late_logs(None, at=dt.datetime.min.replace(tzinfo=dt.UTC) + 2 * DAY)
    return len(queries)


def reports(kind="handover.late"):
    rows = Announcement.objects.filter(kind=kind)
    return [(row.to, row.at) for row in rows.order_by("pk")]


def test_a_log_not_accepted_an_hour_after_the_end_is_reported_once():
    floor = make_handover.submitted()
    ticking.report_late_logs(None, at=make.at(16, 59))
    assert reports() == []
    for minute in (0, 1, 2):
        ticking.report_late_logs(None, at=make.at(17, minute))
    assert reports() == [([floor.director.pk], make.at(17))]
    row = JournalRow.objects.about(floor.log).last()
    assert (row.verb, row.actor) == ("handover.late_reported", None)
    floor.log.refresh_from_db()
    assert floor.log.late_told_at == make.at(17)


def test_an_accepted_log_is_not_reported():
    make_handover.accepted()
    ticking.report_late_logs(None, at=make.at(18))
    assert [reports(kind) for kind in LADDER] == [[], [], []]


LADDER = ("handover.late_reminder", "handover.late", "handover.late_raised")


def test_it_goes_up_the_line_step_by_step():
    floor = make_handover.submitted()
    above = make.person(role=Role.CENTRE_DIRECTOR)
    for hour, minute in ((16, 29), (16, 30), (16, 31), (17, 0), (17, 59), (18, 0), (18, 1)):
        ticking.report_late_logs(None, at=make.at(hour, minute))
    assert [reports(kind) for kind in LADDER] == [
        [([floor.next_leader.pk], make.at(16, 30))],
        [([floor.director.pk], make.at(17))],
        [([above.pk], make.at(18))],
    ]
    verbs = [row.verb for row in JournalRow.objects.about(floor.log)][-3:]
    assert verbs == ["handover.late_reminded", "handover.late_reported", "handover.late_raised"]


def test_of_a_log_not_even_submitted_its_own_leader_is_reminded():
    floor = make_handover.floor()
    ticking.report_late_logs(None, at=make.at(16, 30))
    assert reports("handover.late_reminder") == [([floor.leader.pk], make.at(16, 30))]


def test_after_an_outage_every_step_is_taken_at_once():
    make_handover.submitted()
    make.person(role=Role.CENTRE_DIRECTOR)
    ticking.report_late_logs(None, at=make.at(20))
    assert [len(reports(kind)) for kind in LADDER] == [1, 1, 1]


def test_a_log_that_the_software_opened_too_late_is_nobodys_fault():
    make_shifts.roster()
    opened(make.at(8, on=make.MONDAY + DAY))
    ticking.report_late_logs(None, at=make.at(10, on=make.MONDAY + DAY))
    assert reports() == []


def test_without_a_director_the_centre_director_hears_of_it():
    floor = make_handover.submitted()
    floor.director.role_assignments.all().delete()
    centre_director = make.person(role=Role.CENTRE_DIRECTOR)
    ticking.report_late_logs(None, at=make.at(17))
    assert reports() == [([centre_director.pk], make.at(17))]
