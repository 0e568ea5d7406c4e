"""What the database refuses, whoever asks."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from notices.models import Addressee, Confirmation, Notice, NoticeVersion
from people.models import Role
from tests import make, make_notices
from tests.make_notices import NINE

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def refuses(name, write):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        write()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("notice_status_is_one_of_three", {"status": "lost"}),
        ("notice_ends_after_it_begins", {"in_force_until": NINE}),
        ("notice_to_confirm_has_an_end", {"in_force_until": None}),
        ("published_notice_has_version_publisher_and_time", {"published_by": None}),
        ("published_notice_has_version_publisher_and_time", {"version": 0}),
        ("published_notice_has_version_publisher_and_time", {"status": "draft"}),
        ("withdrawn_notice_has_reason_who_and_time", {"status": "withdrawn"}),
        (
            "withdrawn_notice_has_reason_who_and_time",
            {"status": "withdrawn", "withdrawn_at": NINE, "reason": "误"},
        ),
    ],
)
def test_a_notice_that_a_sentence_forbids(name, changes):
    notice = make_notices.notice()
    refuses(name, lambda: Notice.objects.filter(pk=notice.pk).update(**changes))


def test_a_version_and_a_confirmation_are_there_once():
    agent, notice = make.person(), make_notices.notice()
    version = notice.versions.get()
    again = {"title": "乙", "body": "乙", "published_by": notice.written_by, "published_at": NINE}
    refuses(
        "version_number_is_unique_in_its_notice|number",
        lambda: NoticeVersion.objects.create(notice=notice, number=1, **again),
    )
    refuses(
        "version_of_a_notice_counts_from_one", lambda: NoticeVersion.objects.create(notice=notice, number=0, **again)
    )
    Confirmation.objects.create(version=version, person=agent, at=NINE)
    refuses(
        "person_confirms_a_version_once|person",
        lambda: Confirmation.objects.create(version=version, person=agent, at=NINE),
    )


def test_an_addressee_is_one_thing_once():
    notice, team = make_notices.notice(roles=[Role.AGENT]), make.team()
    one = "addressee_is_one_team_role_or_shift_type"
    refuses(one, lambda: Addressee.objects.create(notice=notice))
    refuses(one, lambda: Addressee.objects.create(notice=notice, team=team, role=Role.AGENT))
    refuses("role", lambda: Addressee.objects.create(notice=notice, role=Role.AGENT))
    Addressee.objects.create(notice=notice, team=team)
    refuses("team", lambda: Addressee.objects.create(notice=notice, team=team))
