"""Requests and reports that begin with a note of the log or with a desk, and lead back to it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from escalations.forms import CaseForm
from escalations.models import Case
from escalations.sources import Source, of
from handover import raised
from people.models import Role
from tests import make, make_desks, make_escalations, make_handover

pytestmark = pytest.mark.django_db
NEW = reverse("escalations:new_case")


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make_handover.MORNING)


@pytest.fixture
def floor(now):
    return make_handover.floor()


def log_url(floor):
    return reverse("handover:show_log", args=[floor.log.pk])


def prefilled(client, source):
    """The form as the button beside the record opens it."""
    return client.post(NEW, {"prefill": "1", "source": source}).context["form"]


def test_the_button_beside_a_note_opens_the_form_with_its_words(client_of, floor):
    entry = make_handover.entry(floor, text="网关掉线，A 区全部机台受影响。")
    client = client_of(floor.agents[0])
    log = client.get(log_url(floor)).content.decode()
    assert f'form="raise" name="source" value="handover.entry:{entry.pk}"' in log
    form = prefilled(client, entry.as_source)
    assert (form["what_happened"].value(), form["source"].value()) == (entry.text, f"handover.entry:{entry.pk}")
    assert form.raised_from == raised.find_entry(floor.agents[0], entry.pk)
    assert Case.objects.count() == 0


def test_the_case_leads_back_to_its_note(client_of, floor):
    entry = make_handover.entry(floor)
    client = client_of(floor.agents[0])
    posted = make_escalations.form(source=entry.as_source, happened_at="2026-11-23T08:55")
    page = client.post(NEW, posted, follow=True)
    case = Case.objects.get()
    url = f"{log_url(floor)}#entry-{entry.pk}"
    assert (page.status_code, case.source, page.context["source"].url) == (200, entry.as_source, url)


def test_a_note_is_not_found_by_who_may_not_see_it(floor):
    entry = make_handover.entry(floor)
    elsewhere = make.person(role=Role.LEADER, centre=make.centre(name="别处"))
    administrator = make.person(role=Role.ADMINISTRATOR, centre=floor.centre)
    assert [of(entry.as_source, person) for person in (elsewhere, administrator)] == [None, None]


@pytest.mark.parametrize(
    "text", ["", "handover.entry:", "handover.entry:0", "people.person:1", "handover.entry:1 OR 1"]
)
def test_what_is_no_source_finds_nothing(floor, text):
    make_handover.entry(floor)
    assert of(text, floor.leader) is None


def test_a_source_that_is_not_theirs_is_left_out_of_the_case(client_of, floor):
    entry = make_handover.entry(floor)
    elsewhere = make.person(role=Role.LEADER, centre=make.centre(name="别处"))
    form = CaseForm(make_escalations.form(source=entry.as_source), person=elsewhere)
    assert prefilled(client_of(elsewhere), entry.as_source)["what_happened"].value() is None
    assert (form.is_valid(), form.cleaned_data["source"]) == (True, "")


def test_my_desk_opens_the_form_with_the_desk(client_of, now, monkeypatch):
    floor = make_desks.floor()
    monkeypatch.setattr(clock, "now", lambda: make_desks.TIME)
    agent = floor.agents[0]
    turn = raised.Turn.objects.get(person=agent)
    client = client_of(agent)
    assert f'name="source" value="handover.turn:{turn.pk}"' in client.get("/desk/").content.decode()
    form = prefilled(client, turn.as_source)
    assert form["what_happened"].value() == f"{turn.desk.code} 机台："
    assert of(turn.as_source, agent) == Source(f"{turn.desk.code} 机台", "/desk/", f"{turn.desk.code} 机台：")
    assert of(turn.as_source, floor.leader) == Source(f"{turn.desk.code} 机台", reverse("handover:list_reliefs"))
    assert of(turn.as_source, floor.agents[1]) is None
    raised.Turn.objects.filter(pk=turn.pk).update(until_at=make_desks.TIME)
    assert of(turn.as_source, agent).url == ""


def test_the_log_costs_no_statement_more_for_its_buttons(client_of, floor):
    client = client_of(floor.agents[0])

    def statements():
        with CaptureQueriesContext(connection) as counted:
            client.get(log_url(floor))
        return len(counted)

    make_handover.entry(floor)
    statements()
    one = statements()
    for _number in range(9):
        make_handover.entry(floor)
    assert statements() == one
