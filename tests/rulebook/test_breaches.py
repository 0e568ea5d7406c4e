import datetime as dt

import pytest

from callcentre.refusals import Refused
from journal.models import Entry
from rulebook import actions, breaches
from rulebook.models import Breach
from tests import make, make_rulebook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds():
    with make_rulebook.registries():
        breaches.kinds({"test_late": "%(minutes)s minutes late"})
        yield


def test_a_breach_is_noticed_by_the_system():
    agent, leader = make.person(), make_rulebook.leader()
    made = make_rulebook.breach(person=agent, leader=leader)
    assert (made.centre, made.clause_id, made.status, made.leader) == (agent.centre, "handover.1", "noticed", leader)
    assert made.sentence == str(made) == "7 minutes late"
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.clause) == ("breach.noticed", None, "handover.1")
    assert entry.facts == {"kind": "test_late", "person": agent.pk}


def test_the_same_thing_is_noticed_once():
    agent = make.person()
    first = make_rulebook.breach(person=agent, about=agent.centre)
    again = make_rulebook.breach(person=agent, about=agent.centre, at=make.at(8, 1), minutes=8)
    assert again == first
    assert Breach.objects.get().facts == {"minutes": 7}
    assert Entry.objects.count() == 1
    make_rulebook.breach(person=agent, about=agent)
    make_rulebook.breach(person=agent, about=agent.centre, clause="duty.5")
    assert Breach.objects.count() == 3


def test_a_kind_nobody_declares_any_more_shows_its_code():
    assert make_rulebook.breach(kind="gone").sentence == "gone"


def test_a_kind_is_declared_once():
    with pytest.raises(ValueError):
        breaches.kinds({"test_late": "late"})


def test_nobody_is_named_to_decide_their_own():
    leader = make_rulebook.leader()
    assert make_rulebook.breach(person=leader, leader=leader).leader is None


def test_who_a_breach_waits_for():
    leader, other_leader = make_rulebook.leader(), make_rulebook.leader()
    director, far = make_rulebook.director(), make_rulebook.director(centre=make.centre(name="远山客服中心"))
    of_an_agent = make_rulebook.breach(leader=leader)
    of_the_leader = make_rulebook.breach(person=leader)
    of_the_director = make_rulebook.breach(person=director)
    waiting = {
        who: set(Breach.objects.waiting_for(who)) for who in (leader, other_leader, director, far, of_an_agent.person)
    }
    assert waiting == {
        leader: {of_an_agent},
        other_leader: set(),
        director: {of_an_agent, of_the_leader},
        far: set(),
        of_an_agent.person: set(),
    }
    assert of_the_director.leader is None


def test_who_sees_a_breach():
    leader = make_rulebook.leader()
    made = make_rulebook.breach(leader=leader)
    assert list(Breach.objects.visible_to(made.person)) == [made]
    assert list(Breach.objects.visible_to(leader)) == [made]
    assert list(Breach.objects.visible_to(make.person())) == []
    assert list(Breach.objects.visible_to(make_rulebook.director(centre=make.centre(name="远山客服中心")))) == []


def test_the_leader_confirms():
    leader = make_rulebook.leader()
    made = make_rulebook.breach(leader=leader)
    actions.confirm(breach=made, by=leader, at=make.at(9))
    made.refresh_from_db()
    assert (made.status, made.decided_by, made.decided_at, made.reason) == ("confirmed", leader, make.at(9), "")
    assert [(entry.verb, entry.actor) for entry in Entry.objects.about(made)] == [
        ("breach.noticed", None),
        ("breach.confirmed", leader),
    ]


def test_the_leader_excuses_with_a_reason():
    leader = make_rulebook.leader()
    made = make_rulebook.breach(leader=leader)
    actions.excuse(breach=made, reason=" 班车晚点。 ", by=leader, at=make.at(9))
    made.refresh_from_db()
    assert (made.status, made.decided_by, made.reason) == ("excused", leader, "班车晚点。")
    assert Entry.objects.about(made).last().verb == "breach.excused"


def test_an_excuse_needs_a_reason():
    leader = make_rulebook.leader()
    made = make_rulebook.breach(leader=leader)
    with pytest.raises(Refused) as caught:
        actions.excuse(breach=made, reason=" ", by=leader, at=make.at(9))
    assert (caught.value.code, caught.value.field, caught.value.clause) == (
        "excuse_needs_a_reason",
        "reason",
        "handover.1",
    )


def decide(made, by):
    with pytest.raises(Refused) as caught:
        actions.confirm(breach=made, by=by, at=make.at(9))
    assert str(caught.value)
    return caught.value.code


def test_who_may_not_decide():
    leader = make_rulebook.leader()
    of_an_agent = make_rulebook.breach(leader=leader)
    assert decide(of_an_agent, make.person()) == "only_leaders_decide_breaches"
    assert decide(of_an_agent, of_an_agent.person) == "own_breach"
    assert decide(of_an_agent, make_rulebook.leader()) == "not_your_breach_to_decide"
    assert decide(of_an_agent, make_rulebook.director(centre=make.centre(name="远山客服中心"))) == "of_another_centre"
    assert decide(make_rulebook.breach(person=leader), leader) == "own_breach"
    assert Breach.objects.noticed().count() == 2


def test_a_decision_is_made_once():
    leader = make_rulebook.leader()
    made = make_rulebook.confirmed(by=leader, leader=leader)
    assert decide(made, leader) == "wrong_state"
    stale = Breach.objects.get()
    stale.status = Breach.Status.NOTICED
    assert decide(stale, leader) == "changed_meanwhile"


def test_a_decision_is_taken_back_by_who_made_it_or_a_director():
    leader, director = make_rulebook.leader(), make_rulebook.director()
    made = make_rulebook.confirmed(by=leader, leader=leader)
    actions.take_back(breach=made, by=leader, at=make.at(10))
    made.refresh_from_db()
    assert (made.status, made.decided_by, made.decided_at) == ("noticed", None, None)
    actions.excuse(breach=made, reason="看错表。", by=leader, at=make.at(10))
    actions.take_back(breach=made, by=director, at=make.at(11))
    made.refresh_from_db()
    assert (made.status, made.reason) == ("noticed", "")
    assert Entry.objects.about(made).last().verb == "breach.taken_back"


def test_a_decision_stays_for_everybody_else():
    leader = make_rulebook.leader()
    made = make_rulebook.confirmed(by=make_rulebook.director(), leader=leader)
    for by, code in {
        leader: "only_decider_takes_back",
        make_rulebook.leader(): "not_your_breach_to_decide",
        made.person: "own_breach",
    }.items():
        with pytest.raises(Refused) as caught:
            actions.take_back(breach=made, by=by, at=make.at(10))
        assert caught.value.code == code


def test_a_noticed_one_has_nothing_to_take_back():
    made = make_rulebook.breach()
    with pytest.raises(Refused) as caught:
        actions.take_back(breach=made, by=make_rulebook.director(), at=make.at(10))
    assert caught.value.code == "wrong_state"


def test_latest_decisions_come_first():
    director = make_rulebook.director()
    first, second = make_rulebook.breach(), make_rulebook.breach()
    actions.confirm(breach=second, by=director, at=make.at(9))
    actions.confirm(breach=first, by=director, at=make.at(9) + dt.timedelta(minutes=1))
    assert list(Breach.objects.visible_to(director).decided()) == [first, second]
