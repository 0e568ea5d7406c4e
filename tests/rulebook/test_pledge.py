import datetime as dt

import pytest

from callcentre.refusals import Refused
from journal.models import Entry
from rulebook import actions, pledge
from rulebook.models import Acknowledgement
from tests import make, make_rulebook

pytestmark = pytest.mark.django_db

NEW_YEAR = dt.date(2027, 1, 1)


def test_an_acknowledgement_is_for_a_year():
    agent = make.person()
    assert pledge.needs_pledge(agent, 2026)
    row = actions.acknowledge(edition=pledge.edition(), by=agent, at=make.at(8))
    assert (row.year, row.at, row.edition) == (2026, make.at(8), pledge.edition())
    assert not pledge.needs_pledge(agent, 2026)
    assert pledge.needs_pledge(agent, 2027)
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.object_id) == ("pledge.acknowledged", agent, row.pk)
    assert entry.facts == {"year": 2026, "edition": pledge.edition()}


def test_the_year_is_the_centres_own():
    """It is 2027 in Shanghai while it is still 2026 in UTC."""
    agent = make.person()
    at = make.at(0, 30, on=NEW_YEAR)
    assert at.astimezone(dt.UTC).year == 2026
    assert pledge.year_of(agent.centre, at) == 2027
    assert actions.acknowledge(edition=pledge.edition(), by=agent, at=at).year == 2027


def test_twice_a_year_is_refused():
    agent = make.person()
    actions.acknowledge(edition=pledge.edition(), by=agent, at=make.at(8))
    with pytest.raises(Refused) as caught:
        actions.acknowledge(edition=pledge.edition(), by=agent, at=make.at(9))
    assert caught.value.code == "already_acknowledged"
    assert Acknowledgement.objects.count() == 1


def test_texts_that_changed_meanwhile_are_refused():
    agent = make.person()
    with pytest.raises(Refused) as caught:
        actions.acknowledge(edition="an older one", by=agent, at=make.at(8))
    assert caught.value.code == "pledge_changed_meanwhile"
    assert not Acknowledgement.objects.exists()
    assert not Entry.objects.exists()


def test_another_text_is_another_edition(monkeypatch):
    before = pledge.edition()
    monkeypatch.setattr(pledge, "CLAUSES_OF_CONDUCT", pledge.CLAUSES_OF_CONDUCT[1:])
    assert pledge.edition() != before


def test_the_clauses_of_conduct():
    assert [clause.id for clause in pledge.CLAUSES_OF_CONDUCT] == [
        "security.1",
        "security.2",
        "security.3",
        "security.7",
        "duty.2",
        "duty.3",
        "duty.4",
        "floor.1",
        "floor.3",
        "floor.4",
        "hygiene.changing.1",
        "hygiene.changing.2",
        "hygiene.changing.4",
    ]


def test_who_has_yet_to_acknowledge():
    one, two = make.person(), make.person()
    make.person(centre=make.centre(name="远山客服中心"))
    gone = make.person()
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    actions.acknowledge(edition=pledge.edition(), by=one, at=make.at(8))
    assert list(Acknowledgement.objects.people_without(one.centre, 2026)) == [two]
    assert set(Acknowledgement.objects.people_without(one.centre, 2027)) == {one, two}


def test_who_sees_acknowledgements():
    agent, director = make.person(), make_rulebook.director()
    row = actions.acknowledge(edition=pledge.edition(), by=agent, at=make.at(8))
    assert list(Acknowledgement.objects.visible_to(agent)) == [row]
    assert list(Acknowledgement.objects.visible_to(director)) == [row]
    assert list(Acknowledgement.objects.visible_to(make.person())) == []
    far = make_rulebook.director(centre=make.centre(name="远山客服中心"))
    assert list(Acknowledgement.objects.visible_to(far)) == []
