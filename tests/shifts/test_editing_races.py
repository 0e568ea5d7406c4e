"""Two people at one roster at once, each on a connection of their own: none overwrites the other unseen."""

import datetime as dt

import pytest

from shifts import actions
from shifts.models import Edit, Roster, Version
from shifts.rotations import dates
from tests import make, make_editing, make_shifts
from tests.make_editing import AT, day, edit, state
from tests.races import at_once, told

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 3
TUESDAY = make.MONDAY + dt.timedelta(days=1)


def people_of(roster, name="甲班"):
    return list(roster.rotation.teams.get(name=name).person_set.order_by("pk"))


def test_of_two_editors_of_one_cell_one_is_told():
    draft, director = make_editing.draft(), make_shifts.director()
    agent = people_of(draft)[1]
    codes = ["D"]
    for _round in range(ROUNDS):
        seen = {(agent.pk, make.MONDAY): codes[0] if codes else ""}
        others = [code for code in ("D", "M", "") if code != seen[agent.pk, make.MONDAY]]
        steps = [
            lambda code=code, seen=seen: edit(draft, director, (agent.pk, make.MONDAY, code), expected=seen)
            for code in others
        ]
        assert told(at_once(*steps)) == [None, "cell_changed_meanwhile"]
        codes = day(draft, agent)
    assert list(Edit.objects.order_by("number").values_list("number", flat=True)) == list(range(1, ROUNDS + 1))


def test_without_the_guard_one_would_overwrite_the_other_unseen(monkeypatch):
    """The negative control of the test above and of the one about published cells."""
    monkeypatch.setattr("shifts.rules.check_expected", lambda *_args: None)
    draft, director = make_editing.draft(), make_shifts.director()
    agent = people_of(draft)[1]
    seen = {(agent.pk, make.MONDAY): "D"}
    steps = [
        lambda code=code: edit(draft, director, (agent.pk, make.MONDAY, code), expected=seen) for code in ("M", "")
    ]
    assert told(at_once(*steps)) == [None, None]


def test_editors_of_different_cells_lose_nothing_and_all_can_be_undone():
    draft, director = make_editing.draft(), make_shifts.director()
    start, people = state(draft), people_of(draft) + people_of(draft, "乙班")
    steps = [lambda person=person: edit(draft, director, (person.pk, make.MONDAY, "")) for person in people]
    assert told(at_once(*steps)) == [None] * len(people)
    assert [day(draft, person) for person in people] == [[]] * len(people)
    undone = at_once(*[lambda: actions.undo_edit(roster=draft, by=director, at=AT)] * len(people))
    assert told(undone) == [None] * len(people)
    assert state(draft) == start


def test_an_edit_and_the_publication_at_once_leave_what_was_published():
    """The edit comes before the publication, or is told of it: it never slips into what is published."""
    director = make_shifts.director()
    rotation = make_shifts.rotation()
    for number in range(ROUNDS):
        monday = make.MONDAY + dt.timedelta(days=7 * number)
        draft = make_shifts.roster(rotation=rotation, from_on=monday, by=director, published=False)
        agent, seen = people_of(draft)[1], Roster.objects.get(pk=draft.pk)
        on = next(on for on in dates(draft.from_on, draft.until_on) if day(draft, agent, on))
        outcomes = at_once(
            lambda seen=seen: actions.publish_roster(roster=seen, by=director, at=AT, reason="人手已确认"),
            lambda draft=draft, agent=agent, on=on: edit(draft, director, (agent.pk, on, "")),
        )
        answers = told(outcomes)
        assert answers in ([None, None], [None, "changed_meanwhile"])
        assert Version.objects.filter(roster=draft).count() == 1
        assert Edit.objects.filter(roster=draft).count() == answers.count(None) - 1


def test_of_two_changes_of_one_published_cell_one_is_told_and_versions_are_numbered_once():
    roster, director = make_shifts.roster(), make_shifts.director()
    agent, codes = people_of(roster)[1], "D"
    for number in range(ROUNDS):
        seen = {(agent.pk, TUESDAY): codes}
        others = [code for code in ("D", "M", "") if code != codes]
        steps = [
            lambda code=code, seen=seen: edit(
                roster, director, (agent.pk, TUESDAY, code), expected=seen, reason="人手不够"
            )
            for code in others
        ]
        assert told(at_once(*steps)) == [None, "cell_changed_meanwhile"]
        codes = "".join(day(roster, agent, TUESDAY))
        numbers = Version.objects.filter(roster=roster).order_by("number").values_list("number", flat=True)
        assert list(numbers) == list(range(1, number + 3))
    assert Roster.objects.get(pk=roster.pk).version == ROUNDS + 1


def test_of_two_publications_for_the_same_days_one_is_told():
    director, rotation = make_shifts.director(), make_shifts.rotation()
    drafts = [make_shifts.roster(rotation=rotation, by=director, published=False) for _number in range(2)]
    steps = [
        lambda draft=draft: actions.publish_roster(roster=draft, by=director, at=AT, reason="人手已确认")
        for draft in drafts
    ]
    assert told(at_once(*steps)) == [None, "roster_overlaps"]
    assert Roster.objects.published().count() == 1
