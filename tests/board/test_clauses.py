"""The clause pages, and the command that says what is left of the rulebook."""

import datetime as dt
import io
import json
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from board import liveness
from callcentre import clock
from journal.models import Entry
from rulebook import actions, evidence, parameters, pledge
from rulebook.apps import RulebookConfig
from rulebook.models import ClauseForce, ParameterValue
from rulebook.register import CLAUSES
from tests import make, make_rulebook

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
EARLY = "/rulebook/handover.1/early_arrival_minutes/"
SWITCH = "/rulebook/security.3/switch/"


@pytest.fixture(autouse=True)
def registries():
    with make_rulebook.registries():
        yield


def today(centre):
    return clock.local_date(centre, clock.now())


def shown(page):
    return [row["clause"].id for part in page.context["sections"] for row in part["clauses"]]


def test_the_whole_rulebook_in_chinese(client_of):
    page = client_of(make.person()).get("/rulebook/")
    assert shown(page) == list(CLAUSES)
    text = page.content.decode()
    assert [clause.id for clause in CLAUSES.values() if text.count(f">{clause.zh}</p>") != 1] == []
    assert re.findall(r"<h2 id=.section-[a-z]+.>(.+?)</h2>", text) == [
        "请示报告", "安全保密", "会议", "值班", "现场规范化标准", "现场管理", "卫生管理", "交接班",
    ]  # fmt: skip


def test_the_whole_rulebook_in_english(client_of):
    page = client_of(make.person(language="en")).get("/rulebook/")
    text = page.content.decode()
    assert text.count("<h1>Rulebook</h1>") == 1
    assert text.count(">Handover 4</a>") == 1
    assert re.findall("[一-鿿]+", re.search("<main.*</main>", text, re.S)[0]) == []


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"section": "meeting"}, ["meeting.1", "meeting.2", "meeting.3", "meeting.4"]),
        ({"q": "浇水"}, ["hygiene.plants.1"]),
        ({"q": "WATERED"}, ["hygiene.plants.1"]),
        ({"q": "day shift leaves"}, ["hygiene.plants.2"]),
        ({"q": "交接班·四"}, ["handover.4"]),
        ({"q": "安静", "section": "hygiene", "status": "live"}, ["hygiene.changing.1"]),
        ({"q": "安静", "status": "pending"}, []),
        ({"q": "submarine"}, []),
        ({"section": "nowhere"}, []),
    ],
)
def test_filters_narrow_the_list(client_of, query, ids):
    page = client_of(make.person()).get("/rulebook/", query)
    assert (page.status_code, shown(page), page.context["shown"]) == (200, ids, len(ids))


def test_the_list_costs_few_queries(client_of, django_assert_max_num_queries):
    client = client_of(make.person())
    with django_assert_max_num_queries(8):
        client.get("/rulebook/")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_clause_has_its_page(client_of, language):
    client = client_of(make.person(role="director", language=language))
    for clause in CLAUSES.values():
        page = client.get(reverse("rulebook:show_clause", args=[clause.id]))
        heading = clause.number_en if language == "en" else clause.number_zh
        assert (page.status_code, page.content.decode().count(f"<h1>{heading}</h1>")) == (200, 1)


@pytest.mark.parametrize("address", ["floor.9", "handover.7", "nowhere.1", "floor"])
def test_an_unknown_clause_is_not_found(client_of, address):
    assert client_of(make.person()).get(f"/rulebook/{address}/").status_code == 404


def test_a_clause_page_says_what_makes_it_live(client_of):
    evidence.evidence("gate", "handover.4", "the desk is kept")
    page = client_of(make.person(language="en")).get("/rulebook/handover.4/")
    text = page.content.decode()
    assert text.count("Until the relieving agent is at the desk, the outgoing agent does not leave it.") == 1
    assert text.count("<p>the desk is kept</p>") == 1
    assert text.count("接班人未到台，交班人不离台。") == 1
    assert (page.context["before"].id, page.context["after"].id) == ("handover.3", "handover.5")


def test_a_clause_page_shows_its_newest_evidence(client_of):
    director = make_rulebook.director()
    for days in range(12):
        on = today(director.centre) + days * DAY
        name = "early_arrival_minutes"
        actions.set_parameter(centre=director.centre, name=name, value=days, from_on=on, by=director, at=clock.now())
    page = client_of(make.person(language="en")).get("/rulebook/handover.1/")
    assert [entry.facts["value"] for entry in page.context["entries"]] == list(range(11, 1, -1))
    assert page.content.decode().count("周敏") == 0  # who is for those who lead
    assert client_of(director).get("/rulebook/handover.1/").content.decode().count("周敏") >= 10


def test_restricted_and_foreign_evidence_is_not_shown(client_of):
    far = make_rulebook.value(by=make_rulebook.director(centre=make.centre(name="远山客服中心")))
    agent = make.person()
    row = make_rulebook.value(by=make_rulebook.director(centre=agent.centre))
    from_elsewhere = actions.record("parameter.set", far, by=None, at=make.at(8), clause="handover.1")
    secret = actions.record("parameter.set", row, by=None, at=make.at(8), clause="handover.1", restricted=True)
    page = client_of(agent).get("/rulebook/handover.1/")
    assert Entry.objects.filter(pk__in=[from_elsewhere.pk, secret.pk]).count() == 2
    assert list(page.context["entries"]) == []


def test_breaches_show_names_only_to_who_leads(client_of):
    leader = make_rulebook.leader(language="en")
    made = make_rulebook.breach(leader=leader, person=make.person(name="钱多多"))
    for person, names in {leader: 1, make.person(): 0}.items():
        page = client_of(person).get("/rulebook/handover.1/")
        assert page.context["breach_count"] == 1
        assert page.content.decode().count(made.person.name) == names


def test_a_pledged_clause_shows_the_readers_own_state(client_of):
    agent = make.person()
    client = client_of(agent)
    assert client.get("/rulebook/floor.1/").context["acknowledged"] is None
    row = actions.acknowledge(edition=pledge.edition(), by=agent, at=clock.now())
    assert client.get("/rulebook/floor.1/").context["acknowledged"] == row
    assert "year" not in client.get("/rulebook/handover.4/").context


def test_a_clause_page_shows_the_items_that_cite_it(client_of):
    checklist = make_rulebook.checklist()
    page = client_of(make.person()).get("/rulebook/hygiene.room.2/")
    assert checklist.items.get() in page.context["items"]


def test_a_clause_page_costs_the_same_for_more_history(
    client_of, django_assert_num_queries, django_assert_max_num_queries
):
    leader = make_rulebook.leader()
    client = client_of(leader)
    make_rulebook.breach(leader=leader)
    with django_assert_max_num_queries(12) as first:
        client.get("/rulebook/handover.1/")
    for _number in range(9):
        make_rulebook.breach(leader=leader)
    with django_assert_num_queries(len(first)):
        client.get("/rulebook/handover.1/")


def test_a_director_sets_a_parameter_on_its_page(client_of):
    director = make_rulebook.director(language="en")
    on = today(director.centre) + DAY
    client = client_of(director)
    page = client.get(EARLY)
    assert page.context["form"].initial == {"from_on": on - DAY, "value": 10}
    answer = client.post(EARLY, {"value": "１５", "from_on": on.isoformat()})
    assert (answer.status_code, answer.url) == (302, "/rulebook/handover.1/")
    assert parameters.value(director.centre, "early_arrival_minutes", on) == 15
    assert Entry.objects.get().verb == "parameter.set"
    (row,) = client.get("/rulebook/handover.1/").context["parameters"]
    assert (row["now"], row["next"]) == (
        "10 minutes before the shift",
        [{"from_on": on, "value": "15 minutes before the shift"}],
    )


def test_the_page_shows_now_next_and_past(client_of):
    director = make_rulebook.director()
    on = today(director.centre)
    make_rulebook.value(value=20, from_on=on - DAY, by=director)
    make_rulebook.value(value=30, from_on=on + DAY, by=director)
    row = client_of(director).get(EARLY).context["row"]
    assert (row["now"], row["default"], row["range"]) == ("20 分钟（班前）", "10 分钟（班前）", "0–60")
    assert [step["from_on"] for step in row["past"]] == [on - DAY]
    assert [step["from_on"] for step in row["next"]] == [on + DAY]


@pytest.mark.parametrize(
    ("value", "days", "field"),
    [("61", 0, "value"), ("many", 0, "value"), ("", 0, "value"), ("15", -1, "from_on"), ("15", 5, "from_on")],
)
def test_a_refused_value_stays_in_the_form(client_of, value, days, field):
    director = make_rulebook.director()
    on = today(director.centre)
    make_rulebook.value(from_on=on + 5 * DAY, by=director)
    answer = client_of(director).post(EARLY, {"value": value, "from_on": (on + days * DAY).isoformat()})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert answer.context["form"]["value"].value() == value
    assert ParameterValue.objects.count() == 1


@pytest.mark.parametrize("role", ["agent", "leader", "inspector", "security", "administrator"])
def test_parameters_and_switches_are_the_directors(client_of, role):
    client = client_of(make.person(role=role))
    assert client.get(EARLY).status_code == 403
    assert client.post(EARLY, {"value": "15", "from_on": "2999-01-01"}).status_code == 403
    assert client.post(SWITCH, {"from_on": "2999-01-01", "in_force": "1"}).status_code == 403
    assert client.get("/rulebook/handover.1/").content.decode().count(EARLY) == 0
    assert (ParameterValue.objects.count(), ClauseForce.objects.count()) == (0, 0)


@pytest.mark.parametrize("address", ["handover.1/exit_limit_minutes", "handover.1/nothing", "floor.9/nothing"])
def test_a_parameter_of_another_clause_is_not_found(client_of, address):
    assert client_of(make_rulebook.director()).get(f"/rulebook/{address}/").status_code == 404


def test_wrong_methods(client_of):
    client = client_of(make_rulebook.director())
    assert client.post("/rulebook/").status_code == 405
    assert client.post("/rulebook/handover.1/").status_code == 405
    assert client.delete(EARLY).status_code == 405
    assert client.get(SWITCH).status_code == 405


def test_a_director_switches_a_pending_clause_on_and_off(client_of):
    director = make_rulebook.director()
    on = today(director.centre)
    client = client_of(director)
    assert client.get("/rulebook/security.3/").context["liveness"].in_force is False
    answer = client.post(SWITCH, {"from_on": on.isoformat(), "in_force": "1"})
    assert (answer.status_code, answer.url) == (302, "/rulebook/security.3/")
    assert client.get("/rulebook/security.3/").context["liveness"].in_force is True
    client.post(SWITCH, {"from_on": (on + DAY).isoformat(), "in_force": "0"})
    assert [(row.from_on, row.in_force) for row in ClauseForce.objects.all()] == [(on, True), (on + DAY, False)]


def test_a_switch_refused(client_of):
    client = client_of(make_rulebook.director())
    answer = client.post(SWITCH, {"from_on": "2000-01-01", "in_force": "1"})
    assert (answer.status_code, answer.headers["X-Refusal"]) == (409, "date_gone_by")
    assert client.post(SWITCH, {"from_on": "someday", "in_force": "1"}).status_code == 302
    assert client.post("/rulebook/floor.9/switch/", {"from_on": "2999-01-01"}).status_code == 404
    assert not ClauseForce.objects.exists()


def test_what_is_behind_a_clause_decides_its_status():
    def status(clause):
        return liveness.everything()[clause].status

    evidence.EVIDENCE.clear()
    assert status("handover.6") == "not_yet"
    evidence.evidence("gate", "handover.6", "one")
    assert status("handover.6") == "partly"
    evidence.evidence("record", "handover.6", "two", lacking="more")
    assert status("handover.6") == "partly"
    evidence.evidence("record", "handover.6", "three")
    assert status("handover.6") == "live"
    for kind in CLAUSES["security.3"].kinds:
        evidence.evidence(kind, "security.3", "there")
    assert status("security.3") == "pending"
    assert liveness.everything({"security.3"})["security.3"].status == "live"


def command(**options):
    out = io.StringIO()
    call_command("clauses", stdout=out, **options)
    return out.getvalue()


def test_the_command_lists_every_clause():
    report = json.loads(command(format="json", language="en"))
    assert [row["id"] for row in report["clauses"]] == list(CLAUSES)
    assert report["summary"]["clauses"] == 60
    assert sum(report["summary"].values()) == 120
    assert report["broken_claims"] == []
    text = command(language="en")
    assert text.count("Hygiene · changing room 1  hygiene.changing.1  [live]") == 1
    assert command().count("交接班·四  handover.4  ") == 1


def test_the_command_fails_when_a_claim_has_nothing_behind_it(monkeypatch):
    monkeypatch.setattr(RulebookConfig, "claims", {"floor.2": ("inspection",)})
    with pytest.raises(CommandError) as caught:
        command(format="json")
    assert str(caught.value) == "nothing is behind: rulebook floor.2 inspection"


def test_every_claim_has_something_behind_it():
    assert liveness.broken_claims() == []


def test_a_pending_clause_is_in_force_when_every_centre_has_switched_it_on():
    for kind in CLAUSES["security.3"].kinds:
        evidence.evidence(kind, "security.3", "there")

    def status():
        rows = json.loads(command(format="json"))["clauses"]
        return next(row["status"] for row in rows if row["id"] == "security.3")

    director, far = make_rulebook.director(), make_rulebook.director(centre=make.centre(name="远山客服中心"))
    make_rulebook.force(by=director, from_on=make.FIRST_DAY)
    assert status() == "pending"
    make_rulebook.force(by=far, from_on=make.FIRST_DAY)
    assert status() == "live"
