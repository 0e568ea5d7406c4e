"""Who sees a case: in the queries, and so in every list, page and count that is made of them."""

import pytest

from escalations import actions
from escalations.models import Case, Category
from tests import make, make_escalations, make_shifts

pytestmark = pytest.mark.django_db

EVERYBODY = ("agent", "other", "leader", "director", "centre_director", "administrator", "inspector")


def seers(people, case):
    return {name for name in EVERYBODY if Case.objects.visible_to(getattr(people, name)).filter(pk=case.pk).exists()}


def test_a_draft_is_its_reporters_alone():
    people = make_escalations.line()
    assert seers(people, make_escalations.case(people, status="draft")) == {"agent"}


def test_a_withdrawn_draft_stays_its_reporters():
    people = make_escalations.line()
    draft = make_escalations.case(people, status="draft")
    actions.withdraw(case=draft, by=people.agent, at=make_escalations.AT)
    assert seers(people, draft) == {"agent"}


def test_a_case_is_seen_by_its_reporter_its_levels_and_the_directors():
    people = make_escalations.line()
    assert seers(people, make_escalations.case(people)) == {"agent", "leader", "director", "centre_director"}


def test_a_confidential_case_is_seen_by_the_levels_it_has_reached_and_the_centre_director():
    people = make_escalations.line()
    case = make_escalations.case(people, category=Category.CONFIDENTIAL)
    assert seers(people, case) == {"agent", "leader", "centre_director"}
    passed_up = make_escalations.case(people, category=Category.CONFIDENTIAL, status="passed_up")
    assert seers(people, passed_up) == {"agent", "leader", "director", "centre_director"}


def test_a_confidential_case_of_the_leaders_is_not_seen_by_other_leaders():
    people = make_escalations.line()
    other_leader = make_shifts.crew(name="乙班")[1]
    case = make_escalations.case(people, category=Category.CONFIDENTIAL)
    assert list(Case.objects.visible_to(other_leader)) == []
    assert list(Case.objects.visible_to(people.leader)) == [case]


def test_the_shifts_leader_sees_what_a_deputy_answers_but_nothing_confidential():
    people = make_escalations.line()
    make_shifts.deputy(absent=people.leader, deputy=people.other)
    assert seers(people, make_escalations.case(people)) == {
        "agent",
        "other",
        "leader",
        "director",
        "centre_director",
    }
    confidential = make_escalations.case(people, category=Category.CONFIDENTIAL)
    assert seers(people, confidential) == {"agent", "other", "centre_director"}


def test_nobody_sees_another_centres():
    people = make_escalations.line()
    make_escalations.case(people)
    elsewhere = make_escalations.line(centre=make.centre(name="云港客服中心"), on_duty=False)
    for name in EVERYBODY:
        assert list(Case.objects.visible_to(getattr(elsewhere, name))) == []


@pytest.mark.parametrize(
    ("status", "who"),
    [
        ("draft", None),
        ("submitted", "leader"),
        ("acknowledged", "leader"),
        ("returned", "agent"),
        ("passed_up", "director"),
        ("instructed", "agent"),
        ("carried_out", "leader"),
        ("closed", None),
        ("withdrawn", None),
    ],
)
def test_each_state_waits_for_one_person(status, who):
    people = make_escalations.line()
    make_escalations.case(people, status=status)
    at = make_escalations.AT
    waiting = {name for name in EVERYBODY if Case.objects.waiting_for(getattr(people, name), at)}
    assert waiting == ({who} if who else set())
    assert Case.objects.open().count() == int(who is not None)


def test_what_waits_for_me_is_urgent_first_then_by_due_time():
    people = make_escalations.line()
    at = make_escalations.AT
    carried_out = make_escalations.case(people, status="carried_out")
    late = make_escalations.case(people, at=make.at(9, 5))
    early = make_escalations.case(people, at=at)
    urgent = make_escalations.case(people, at=make.at(9, 30), urgent=True)
    assert list(Case.objects.waiting_for(people.leader, at)) == [urgent, early, late, carried_out]


def test_for_a_whole_crew_nothing_confidential():
    people = make_escalations.line()
    make_escalations.case(people, category=Category.CONFIDENTIAL)
    plain = make_escalations.case(people)
    assert list(Case.objects.open().not_confidential()) == [plain]
    assert list(Case.objects.visible_to(people.other).matching("来电")) == []
