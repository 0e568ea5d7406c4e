"""Two people want one desk at the same moment: one has it, the other is told, and the desk is never left."""

import pytest
from django.db import connection

from callcentre import clock
from handover import desk_rules
from handover.models import DeskRelief, Turn
from shifts.models import Assignment
from tests import make_desks, races
from tests.races import at_once, told

pytestmark = pytest.mark.django_db(transaction=True)
TIME = make_desks.TIME
CONSTRAINT = "desk_has_one_person_at_a_time"


class Desk:
    """One desk and two agents of the next shift, on two screens; each round begins anew."""

    def __init__(self, monkeypatch):
        monkeypatch.setattr(clock, "now", lambda: TIME)
        self.floor = make_desks.floor(count=2, seated=False, prepared=False)
        Assignment.objects.filter(shift=self.floor.next_shift).update(desk=None)
        self.desk = self.floor.desks[0]
        self.first, self.second = races.actors(*self.floor.next_agents)

    def anew(self, *, seated):
        DeskRelief.objects.all().delete()
        Turn.objects.all().delete()
        if seated:
            self.turn = make_desks.sit(self.floor, self.floor.agents[0], self.desk)
            make_desks.tending.prepare(centre=self.floor.centre, at=make_desks.EARLY)
            return make_desks.relief(self.floor)
        return None

    def held(self):
        return list(Turn.objects.held().filter(desk=self.desk).values_list("person", flat=True))

    def sit_down(self):
        """Both take the free desk."""
        self.anew(seated=False)
        answers = at_once(*(one.posts("handover:take_desk", self.desk.pk) for one in (self.first, self.second)))
        assert len(self.held()) == 1, "two at one desk"
        assert told(answers) == [(302, None), (409, "desk_taken")]

    def arrive(self):
        """Both come to a desk for which nobody is planned."""
        relief = self.anew(seated=True)
        answers = at_once(*(one.posts("handover:arrive", relief.pk) for one in (self.first, self.second)))
        assert told(answers) == [(302, None), (409, "wrong_state")]

    def assume_twice(self):
        """One taps twice."""
        relief = self.briefed()
        answers = at_once(*(self.first.posts("handover:assume", relief.pk) for _tap in range(2)))
        assert told(answers) == [(302, None), (409, "wrong_state")]
        assert self.held() == [self.first.person.pk]

    def briefed(self):
        relief = self.anew(seated=True)
        make_desks.steps.arrive(relief=relief.pk, by=self.first.person, at=TIME)
        make_desks.steps.brief(relief=relief.pk, by=self.floor.agents[0], at=TIME)
        return relief

    def assume_and_release(self):
        """The leader lets the one go whom the other relieves: the desk has one story."""
        relief = self.briefed()
        (leader,) = races.actors(self.floor.leader)
        answers = at_once(
            self.first.posts("handover:assume", relief.pk),
            leader.posts("handover:release", self.turn.pk, reason="有事"),
        )
        relief.refresh_from_db()
        assert (relief.status, self.held()) in [
            ("released", [self.first.person.pk]),  # taken over, then signed out by the leader
            ("let_go", []),
        ]
        assert [answer.status_code for answer in answers] in ([302, 302], [409, 302])


@pytest.fixture
def desk(monkeypatch):
    return Desk(monkeypatch)


@pytest.mark.parametrize("race", ["sit_down", "arrive", "assume_twice", "assume_and_release"])
def test_of_two_at_once_one_wins(desk, race):
    for _round in range(races.ROUNDS):
        getattr(desk, race)()


def blindly(monkeypatch):
    """Nobody looks whether somebody sits there already."""
    monkeypatch.setattr(desk_rules, "may_take", lambda *args, **options: None)


def test_the_database_alone_keeps_two_from_one_desk(desk, monkeypatch):
    blindly(monkeypatch)
    for _round in range(races.ROUNDS):
        desk.sit_down()


def test_without_the_constraint_the_race_is_lost(desk, monkeypatch):
    blindly(monkeypatch)
    constraint = next(one for one in Turn._meta.constraints if one.name == CONSTRAINT)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Turn, constraint)
    try:
        races.must_be_lost(desk.sit_down, match="two at one desk")
    finally:
        desk.anew(seated=False)
        with connection.schema_editor() as editor:
            editor.add_constraint(Turn, constraint)
