import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from people.models import Role
from shifts import actions
from shifts.boards import steps_of
from shifts.models import Demand, Leave, Roster, Shift, ShiftType
from tests import make, make_shifts

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}
TUESDAY = dt.date(2026, 11, 24)


@pytest.fixture(autouse=True)
def a_day_before(monkeypatch):
    """Pages read the clock once; the clock is the edge of the process."""
    monkeypatch.setattr(clock, "now", lambda: make.at(9, on=dt.date(2026, 11, 22)).astimezone(dt.UTC))


@pytest.fixture
def director(db):
    return make_shifts.director()


@pytest.fixture
def draft(director):
    return make_shifts.roster(by=director, published=False)


def url(name, roster, *more):
    return reverse(f"shifts:{name}", args=[roster.pk, *more])


def agent_of(roster, name="甲班"):
    return roster.rotation.teams.get(name=name).person_set.filter(name__endswith="组员").first()


def codes(roster, person, on):
    shifts = Shift.objects.filter(roster=roster, on=on).with_on_it(person)
    return list(shifts.order_by("starts_at").values_list("type__code", flat=True))


def cell(person, code, seen=None, on=TUESDAY):
    return f"{person.pk}:{on}:{code}" + ("" if seen is None else f":{seen}")


def test_an_edit_of_a_draft_is_saved_and_answers_with_the_row(client_of, director, draft):
    agent = agent_of(draft)
    answer = client_of(director).post(url("edit_cells", draft), {"cell": cell(agent, "", "D")}, **JSON)
    assert (answer.status_code, codes(draft, agent, TUESDAY)) == (200, [])
    found = answer.json()
    assert (found["rows"].count("<tr"), found["undo"], found["redo"]) == (1, True, False)
    assert found["token"] == steps_of(draft).token


def test_undo_and_redo_go_by_plain_forms_and_by_the_script(client_of, director, draft):
    agent, client = agent_of(draft), client_of(director)
    client.post(url("edit_cells", draft), {"cell": cell(agent, "")})
    assert client.post(url("undo_edit", draft)).url == url("show_draft", draft)
    assert codes(draft, agent, TUESDAY) == ["D"]
    assert client.post(url("redo_edit", draft), **JSON).json()["redo"] is False
    assert codes(draft, agent, TUESDAY) == []
    again = client.post(url("redo_edit", draft), **JSON)
    assert (again.status_code, again["X-Refusal"]) == (409, "nothing_to_redo")


def test_filling_gives_the_days_of_the_rotation_back(client_of, director, draft):
    agent, client = agent_of(draft), client_of(director)
    client.post(url("edit_cells", draft), {"cell": cell(agent, "")})
    fields = {"people": agent.pk, "from_on": TUESDAY, "until_on": TUESDAY}
    assert client.post(url("fill_roster", draft), fields).status_code == 302
    assert codes(draft, agent, TUESDAY) == ["D"]


def test_what_somebody_else_changed_is_refused_with_whose_it_was(client_of, director, draft):
    agent = agent_of(draft)
    other = make.person(role=Role.LEADER, name="王强")
    actions.edit_roster(roster=draft, cells=[(agent.pk, TUESDAY, "")], by=other, at=make.at(8))
    answer = client_of(director).post(url("edit_cells", draft), {"cell": cell(agent, "N", "D")}, **JSON)
    assert (answer.status_code, answer["X-Refusal"]) == (409, "cell_changed_meanwhile")
    assert "王强" in answer.json()["refused"]
    assert codes(draft, agent, TUESDAY) == []


def test_the_poll_is_empty_until_somebody_edits(client_of, director, draft):
    client, agent, token = client_of(director), agent_of(draft), steps_of(draft).token
    assert client.get(url("poll_edits", draft), {"token": token}).status_code == 204
    actions.edit_roster(roster=draft, cells=[(agent.pk, TUESDAY, "")], by=director, at=make.at(8))
    found = client.get(url("poll_edits", draft), {"token": token}).json()
    assert (found["rows"].count("<tr"), "周主任" in found["said"]) == (12, True)


def test_a_cell_has_a_form_of_its_own(client_of, director, draft):
    agent, client = agent_of(draft), client_of(director)
    page = client.get(url("show_cell", draft, agent.pk, TUESDAY))
    assert (page.context["held"], page.context["needs_reason"]) == ("D", False)
    answer = client.post(url("edit_cells", draft), {"cell": cell(agent, "", "D"), "day": TUESDAY})
    assert (answer.status_code, answer.url) == (302, url("show_draft", draft) + f"?from={TUESDAY}&days=month")
    assert client.get(url("show_cell", draft, agent.pk, "2026-12-31")).status_code == 404


def test_a_published_roster_changes_with_a_reason_only(client_of, director):
    roster = make_shifts.roster(by=director)
    agent, client = agent_of(roster), client_of(director)
    sent = {"cell": cell(agent, "", "D")}
    assert client.post(url("edit_cells", roster), sent, **JSON).status_code == 422
    page = client.post(url("edit_cells", roster), sent)
    assert (page.status_code, page.context["refused"].code) == (422, "change_without_reason")
    assert client.post(url("edit_cells", roster), {**sent, "reason": "病假"}, **JSON).status_code == 200
    assert codes(roster, agent, TUESDAY) == []


def test_a_preview_draws_and_saves_nothing(client_of, director):
    roster = make_shifts.roster(by=director)
    agent = agent_of(roster)
    sent = {"cell": cell(agent, "", "D"), "preview": "1"}
    found = client_of(director).post(url("edit_cells", roster), sent, **JSON).json()
    row = next(part for part in found["rows"].split("</tr>") if f'data-row="{agent.pk}"' in part)
    assert row.count('data-code="D"') == 1
    assert codes(roster, agent, TUESDAY) == ["D"]


@pytest.mark.parametrize("text", ["", "x", "1:2026-13-01:D", "1:2026-11-24:d", "0:2026-11-24:D"])
def test_cells_that_cannot_be_read_are_refused(client_of, director, draft, text):
    answer = client_of(director).post(url("edit_cells", draft), {"cell": text})
    assert (answer.status_code, answer["X-Refusal"]) == (409, "cells_unreadable")


@pytest.mark.parametrize("role, status", [(Role.AGENT, 403), (Role.CENTRE_DIRECTOR, 403)])
def test_others_do_not_edit(client_of, draft, role, status):
    client = client_of(make.person(role=role))
    steps = [url(name, draft) for name in ("edit_cells", "undo_edit", "redo_edit", "fill_roster")]
    assert [client.post(step).status_code for step in steps] == [status] * 4


def test_another_centres_roster_is_not_found_and_a_get_takes_no_step(client_of, director, draft):
    stranger = client_of(make.person(role=Role.DIRECTOR, centre=make.centre(name="别的中心")))
    steps = [url(name, draft) for name in ("edit_cells", "undo_edit", "redo_edit", "fill_roster")]
    assert [stranger.post(step).status_code for step in steps] == [404] * 4
    assert [client_of(director).get(step).status_code for step in steps] == [405] * 4


def test_a_check_marks_the_cell_and_is_listed(client_of, director, draft):
    agent = agent_of(draft)
    Leave.objects.create(
        centre=draft.centre, person=agent, kind="annual", from_on=TUESDAY, until_on=TUESDAY, status="approved",
        asked_by=agent, asked_at=make.at(8), decided_by=director, decided_at=make.at(8),
    )  # fmt: skip
    page = client_of(director).get(url("show_draft", draft))
    said = [(found.effect, found.anchor) for found in page.context["board"].said if found.effect == "refuse"]
    assert said == [("refuse", f"c{agent.pk}-{TUESDAY}")]
    row = next(row for row in page.context["board"].grid.rows if row.member.pk == agent.pk)
    assert f'<td id="c{agent.pk}-{TUESDAY}" data-breach="refuse"' in row.cells


def test_the_foot_says_how_many_are_short(client_of, director):
    roster = make_shifts.roster(by=director)
    kind = ShiftType.objects.get(code="D")
    Demand.objects.create(centre=roster.centre, type=kind, day="every", heads=5, from_on=make.FIRST_DAY)
    page = client_of(make.person()).get(reverse("shifts:show_roster"))
    feet = {kind.code: drawn for kind, drawn in page.context["grid"].feet}
    assert (feet["D"].count('data-cover="short"'), feet["M"].count("data-cover")) == (30, 0)


def test_two_weeks_and_a_person_stand_in_the_address(client_of, director, draft):
    agent = agent_of(draft)
    query = {"from": "2026-11-23", "days": "14", "q": agent.employee_number}
    board = client_of(director).get(url("show_draft", draft), query).context["board"]
    assert [row.member.pk for row in board.grid.rows] == [agent.pk]
    assert (board.window.until_on, board.last) == (dt.date(2026, 12, 6), draft.until_on)


def test_the_editors_page_asks_the_same_of_few_people_and_many(client_of):
    counts = []
    for agents in (1, 25):  # the second is more than a page
        centre = make.centre(name=f"中心{agents}")
        director = make_shifts.director(centre=centre)
        rotation = make_shifts.rotation(centre=centre, agents=agents)
        roster = make_shifts.roster(rotation=rotation, by=director, published=False)
        client = client_of(director)
        client.get(url("show_draft", roster))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("show_draft", roster)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert Roster.objects.count() == 2


def test_a_cell_leads_to_the_offer_of_its_shift(client_of, director):
    roster = make_shifts.roster(by=director)
    agent = agent_of(roster)
    shift = Shift.objects.filter(roster=roster, on=TUESDAY).with_on_it(agent).get()
    page = client_of(director).get(url("show_draft", roster)).content.decode()
    offer = reverse("shifts:offer_swap")
    assert f'data-swap="{offer}"' in page
    answer = client_of(director).get(offer, {"giver": agent.pk, "on": TUESDAY.isoformat()})
    assert (answer.status_code, answer["Location"]) == (302, f"{offer}?shift={shift.pk}&giver={agent.pk}")
    answer = client_of(agent).get(offer, {"giver": director.pk, "on": TUESDAY.isoformat()})
    assert answer["Location"] == f"{offer}?shift={shift.pk}&giver={agent.pk}"


def test_a_day_without_a_shift_leads_to_the_choice_of_one(client_of, director):
    roster = make_shifts.roster(by=director)
    agent = agent_of(roster)
    for on in ("2026-11-20", "never", ""):
        answer = client_of(director).get(reverse("shifts:offer_swap"), {"giver": agent.pk, "on": on})
        assert (answer.status_code, answer.context["giver"]) == (200, agent)
