import pytest
from django.db import IntegrityError, transaction

from callcentre.refusals import Refused
from delivery import actions
from delivery.models import Announcement, Message
from tests import make
from tests.make_delivery import FACTS, TEST_KIND, announcement, message

pytestmark = pytest.mark.django_db


def test_an_announcement_becomes_one_message_for_each_of_its_people():
    li, wang = make.person(), make.person(name="王芳")
    made = announcement(to=[wang, li, li.pk], urgent=True, link="/duties/3/")
    assert (made.status, made.to) == ("queued", [li.pk, wang.pk])

    assert actions.send_queued() == 1

    made.refresh_from_db()
    rows = Message.objects.order_by("person")
    assert made.status == "sent"
    assert [(row.person, row.link, row.urgent, row.read_at) for row in rows] == [
        (li, "/duties/3/", True, None),
        (wang, "/duties/3/", True, None),
    ]
    assert actions.send_queued() == 0


def test_urgent_ones_go_first():
    person = make.person()
    slow, urgent = announcement(to=[person]), announcement(to=[person], urgent=True)
    assert list(Announcement.objects.queued()) == [urgent, slow]


def test_nobody_to_tell_leaves_no_row():
    assert announcement(to=[]) is None
    assert Announcement.objects.count() == 0


def test_other_centres_and_those_who_left_get_nothing():
    here, left = make.person(), make.person()
    left.is_active = False
    left.save()
    elsewhere = make.person(centre=make.centre(name="别处"))
    announcement(to=[here, left, elsewhere, 999_999])
    actions.send_queued()
    assert [message.person for message in Message.objects.all()] == [here]


@pytest.mark.parametrize(
    ("kind", "link", "facts", "error"),
    [
        ("tests.never_declared", "", {}, KeyError),
        (TEST_KIND, "", {}, KeyError),
        (TEST_KIND, "https://example.com/", FACTS, ValueError),
        (TEST_KIND, "//example.com/", FACTS, ValueError),
    ],
)
def test_what_cannot_be_read_is_not_announced(kind, link, facts, error):
    with pytest.raises(error):
        actions.announce(kind, centre=make.centre(), to=[1], at=make.at(8), link=link, **facts)


def test_an_announcement_falls_with_its_transaction():
    person = make.person()
    with pytest.raises(IntegrityError), transaction.atomic():
        announcement(to=[person])
        raise IntegrityError
    assert Announcement.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_announcement_needs_a_transaction():
    with pytest.raises(RuntimeError):
        actions.announce(TEST_KIND, centre=make.centre(), to=[1], at=make.at(8), **FACTS)


def test_sending_twice_is_refused():
    made = announcement(to=[make.person()])
    stale = Announcement.objects.get()
    actions.send(made)
    with pytest.raises(Refused) as refused:
        actions.send(stale)
    assert refused.value.code == "changed_meanwhile"
    assert Message.objects.count() == 1


def test_one_bad_row_does_not_stop_the_rest(caplog):
    person = make.person()
    Announcement.objects.create(centre=person.centre, kind="x", to="nonsense", at=make.at(8))
    announcement(to=[person])
    assert actions.send_queued() == 1
    assert Message.objects.count() == 1
    assert [record.name for record in caplog.records] == ["delivery.actions"]


def test_the_database_refuses_a_second_message():
    made = message(person=make.person())
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(announcement=made.announcement, person=made.person, kind=TEST_KIND, at=make.at(8))


def test_reading_marks_only_ones_own():
    li, wang = make.person(), make.person()
    for person in (li, li, wang):
        message(person=person)
    assert actions.mark_read(person=li, at=make.at(9)) == 2
    assert Message.objects.unread_count(li) == 0
    assert Message.objects.unread_count(wang) == 1
    assert actions.mark_read(person=li, at=make.at(10)) == 0
    assert set(Message.objects.filter(person=li).values_list("read_at", flat=True)) == {make.at(9)}


def test_the_count_stops_at_its_limit():
    person = make.person()
    for _i in range(3):
        message(person=person)
    assert Message.objects.unread_count(person, limit=2) == 2
