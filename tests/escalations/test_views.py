import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext

from escalations import actions
from escalations.models import Case, Category
from escalations.steps import STEPS
from journal.models import Entry
from tests import make, make_escalations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

# step: (the state a case is in when it is taken, who takes it, the state after, the code for an empty text)
TAKEN = {
    "acknowledge": ("submitted", "leader", "acknowledged", None),
    "instruct": ("acknowledged", "leader", "instructed", "instruction_missing"),
    "return_for_more": ("submitted", "leader", "returned", "question_missing"),
    "pass_up": ("submitted", "leader", "passed_up", "passing_reason_missing"),
    "resubmit": ("returned", "agent", "submitted", "addition_missing"),
    "carry_out": ("instructed", "agent", "carried_out", "carrying_out_unsaid"),
    "close": ("carried_out", "leader", "closed", None),
    "withdraw": ("submitted", "agent", "withdrawn", "withdrawal_reason_missing"),
    "dissent": ("instructed", "agent", "instructed", "dissent_unsaid"),
    "uphold": ("instructed", "leader", "instructed", "upholding_reason_missing"),
    "accept_dissent": ("instructed", "leader", "instructed", "instruction_missing"),
    "appeal": ("carried_out", "agent", "passed_up", "appeal_reason_missing"),
}
# What stands beside the case besides its state.
MADE = {
    "uphold": make_escalations.dissented,
    "accept_dissent": make_escalations.dissented,
    "appeal": make_escalations.appealable,
}


def ready_for(step, people):
    """A case of which this step is the next."""
    made = MADE.get(step)
    return made(people) if made else make_escalations.case(people, status=TAKEN[step][0])


def step_url(step, case):
    return reverse(f"escalations:{step}_case", args=[case.pk])


def without_tokens(text):
    return re.sub(r"csrf\w*\W+\w*\W+\w+", "", text)


# --- raising


def test_a_case_is_raised_from_the_form(client_of):
    people = make_escalations.line()
    response = client_of(people.agent).post(reverse("escalations:new_case"), make_escalations.form())
    case = Case.objects.get()
    assert (response.status_code, response.url) == (302, case.get_absolute_url())
    assert (case.status, case.waits_for, case.reporter, case.urgent) == (
        "submitted",
        people.leader,
        people.agent,
        False,
    )
    assert Entry.objects.about(case).last().verb == "escalation.submitted"


def test_a_danger_is_proposed_as_urgent_and_the_reporter_may_say_otherwise(client_of):
    people = make_escalations.line()
    client = client_of(people.agent)
    for urgency in ("", "normal", "urgent"):
        client.post(reverse("escalations:new_case"), make_escalations.form(category="danger", urgency=urgency))
    assert list(Case.objects.order_by("pk").values_list("urgent", flat=True)) == [True, False, True]


def test_a_draft_is_kept_continued_and_submitted(client_of):
    people = make_escalations.line()
    client = client_of(people.agent)
    form = make_escalations.form(proposed_handling="", draft="1")
    client.post(reverse("escalations:new_case"), form)
    case = Case.objects.get()
    edit = reverse("escalations:edit_draft", args=[case.pk])
    assert (case.status, client.get(edit).status_code) == ("draft", 200)
    client.post(edit, make_escalations.form(what_happened="补充后的经过。"))
    case.refresh_from_db()
    assert (case.status, case.what_happened) == ("submitted", "补充后的经过。")
    assert client.get(edit).url == case.get_absolute_url()
    again = client.post(edit, make_escalations.form())
    assert (again.status_code, again["X-Refusal"]) == (422, "wrong_state")


def test_a_form_sent_twice_raises_one_case(client_of):
    people = make_escalations.line()
    form = make_escalations.form()
    urls = {client_of(people.agent).post(reverse("escalations:new_case"), form).url for _again in range(2)}
    assert (len(urls), Case.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"proposed_handling": " "}, "proposed_handling_missing"),
        ({"what_happened": ""}, "what_happened_missing"),
        ({"happened_at": "2026-11-23T23:00"}, "case_has_not_happened_yet"),
        ({"category": ""}, None),
        ({"category": "gossip"}, None),
        ({"happened_at": "gestern"}, None),
    ],
)
def test_an_incomplete_form_comes_back_with_all_that_was_typed(client_of, changes, code):
    people = make_escalations.line()
    form = make_escalations.form(**changes)
    response = client_of(people.agent).post(reverse("escalations:new_case"), form)
    assert (response.status_code, response.headers.get("X-Refusal"), Case.objects.count()) == (422, code, 0)
    kept = response.context["form"]
    assert {name: kept[name].value() for name in kept.fields} == {name: form.get(name) for name in kept.fields}


def test_a_link_may_choose_the_category(client_of):
    people = make_escalations.line()
    response = client_of(people.agent).get(reverse("escalations:new_case"), {"category": "danger"})
    assert response.context["form"]["category"].value() == "danger"


# --- the steps


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_and_recorded(client_of, step):
    _state, who, after, _code = TAKEN[step]
    people = make_escalations.line()
    case = ready_for(step, people)
    person = getattr(people, who)
    response = client_of(person).post(step_url(step, case), {"text": "已核实，按流程办理。"})
    assert (response.status_code, response.url) == (302, case.get_absolute_url())
    entry = Entry.objects.about(case).filter(actor=person).last()
    assert (Case.objects.get().status, entry.actor, entry.object_id) == (after, person, case.pk)


@pytest.mark.parametrize("step", [step for step, (*_rest, code) in TAKEN.items() if code])
def test_a_step_without_its_text_is_refused(client_of, step):
    state, who, _after, code = TAKEN[step]
    people = make_escalations.line()
    case = ready_for(step, people)
    response = client_of(getattr(people, who)).post(step_url(step, case), {"text": " \u200b"})
    assert (response.status_code, response["X-Refusal"], Case.objects.get().status) == (422, code, state)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_in_the_wrong_state_is_refused_and_keeps_what_was_typed(client_of, step):
    who = TAKEN[step][1]
    people = make_escalations.line()
    case = make_escalations.case(people, status="closed")
    response = client_of(getattr(people, who)).post(step_url(step, case), {"text": "我写的话"})
    code = "no_dissent_open" if step in ("uphold", "accept_dissent") else "wrong_state"
    assert (response.status_code, response["X-Refusal"]) == (422, code)
    kept = [offer.form["text"].value() for offer in response.context["offers"] if offer.form.is_bound]
    assert kept == ["我写的话"]


@pytest.mark.parametrize("step", STEPS)
def test_a_step_by_the_wrong_role_is_refused(client_of, step):
    state, who, _after, _code = TAKEN[step]
    people = make_escalations.line()
    case = ready_for(step, people)
    wrong = people.agent if who == "leader" else people.leader
    if step == "carry_out":
        wrong = people.director
    response = client_of(wrong).post(step_url(step, case), {"text": "已核实。"})
    code = "case_is_at_another_level" if who == "leader" else "case_is_somebody_elses"
    assert (response.status_code, response["X-Refusal"], Case.objects.get().status) == (422, code, state)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_another_centre_or_a_stranger_is_not_found(client_of, step):
    people = make_escalations.line()
    case = ready_for(step, people)
    elsewhere = make_escalations.line(centre=make.centre(name="云港客服中心"), on_duty=False)
    for stranger in (elsewhere.centre_director, people.other, people.administrator):
        assert client_of(stranger).post(step_url(step, case), {"text": "好"}).status_code == 404


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_taken_by_post_alone(client_of, step):
    people = make_escalations.line()
    case = make_escalations.case(people)
    assert client_of(people.leader).get(step_url(step, case)).status_code == 405


def test_the_fragment_is_the_part_of_the_page(client_of):
    """htmx gets what a full reload would show in its place."""
    people = make_escalations.line()
    case = make_escalations.case(people)
    client = client_of(people.leader)
    fragment = client.post(step_url("acknowledge", case), headers={"HX-Request": "true"})
    page = client.get(case.get_absolute_url())
    part = re.split(r'<\w+ id="messages"', without_tokens(fragment.content.decode()))[0].strip()
    assert fragment.status_code == 200
    assert part in without_tokens(page.content.decode())


# --- the pages


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("status", Case.Status.values)
def test_the_page_of_a_case_in_each_state(client_of, status, language):
    people = make_escalations.line()
    case = make_escalations.case(people, status=status)
    people.agent.language = language
    people.agent.save()
    response = client_of(people.agent).get(case.get_absolute_url())
    assert (response.status_code, response.headers["Content-Language"]) == (200, language)


def test_the_page_offers_what_the_person_may_do_and_locks_what_is_refused(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, by=people.leader)
    actions.pass_up(case=case, by=people.director, at=make.at(9, 5), text="须中心决定。")
    offered = {}
    for name in ("leader", "director", "centre_director"):
        page = client_of(getattr(people, name)).get(case.get_absolute_url())
        offered[name] = {offer.step.code: offer.refused and offer.refused.code for offer in page.context["offers"]}
    assert offered == {
        "leader": {"withdraw": None},
        "director": {},
        "centre_director": {
            "acknowledge": None,
            "instruct": None,
            "return_for_more": None,
            "pass_up": "no_level_above",
        },
    }


def test_the_timeline_has_the_words_of_each_step(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, status="carried_out")
    page = client_of(people.agent).get(case.get_absolute_url())
    assert [(entry.verb.split(".")[1], entry.text) for entry in page.context["timeline"]] == [
        ("carried_out", "已回电，客户接受。"),
        ("instructed", "由你继续跟进，两小时内回电。"),
        ("submitted", ""),
        ("drafted", ""),
    ]


def test_a_confidential_case_is_not_found_by_strangers_and_not_in_their_lists(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, category=Category.CONFIDENTIAL)
    for name in ("other", "director", "administrator", "inspector"):
        client = client_of(getattr(people, name))
        assert client.get(case.get_absolute_url()).status_code == 404
        for tab in ("waiting", "mine", "all"):
            assert client.get(reverse("escalations:list_cases"), {"tab": tab}).context["rows"] == []
    for name in ("agent", "leader", "centre_director"):
        assert client_of(getattr(people, name)).get(case.get_absolute_url()).status_code == 200


def test_the_tabs_and_filters_of_the_list(client_of):
    people = make_escalations.line()
    urgent = make_escalations.case(people, category="danger", urgent=True)
    plain = make_escalations.case(people)
    client = client_of(people.agent)

    def listed(**query):
        return client.get(reverse("escalations:list_cases"), query).context["rows"]

    assert listed(tab="mine") == [plain, urgent]
    assert listed(tab="mine", urgent="1") == [urgent]
    assert listed(tab="mine", category="danger", status="submitted") == [urgent]
    assert listed(tab="mine", status="closed") == []
    assert listed(tab="nonsense", category="nonsense") == []
    assert client_of(people.leader).get(reverse("escalations:list_cases")).context["rows"] == [urgent, plain]


def test_the_list_leafs_by_key(client_of, monkeypatch):
    monkeypatch.setattr("escalations.views.PAGE", 2)
    people = make_escalations.line()
    cases = [make_escalations.case(people) for _number in range(5)][::-1]
    client, found, address = client_of(people.agent), [], "?tab=mine"
    while address:
        page = client.get(reverse("escalations:list_cases") + address)
        found += page.context["rows"]
        address = page.context["older"]
    assert found == cases


@pytest.mark.parametrize("tab", ["waiting", "mine", "all"])
def test_a_list_of_ten_costs_what_a_list_of_one_costs(client_of, tab):
    people = make_escalations.line()
    client = client_of(people.leader)
    url = reverse("escalations:list_cases") + f"?tab={tab}"

    def statements():
        with CaptureQueriesContext(connection) as counted:
            client.get(url)
        return len(counted)

    by = people.leader if tab == "mine" else people.agent
    make_escalations.case(people, by=by)
    client.get(url)
    one = statements()
    for _number in range(9):
        make_escalations.case(people, by=by)
    assert statements() == one <= 12


@pytest.mark.parametrize("status", ["submitted", "carried_out", "closed"])
def test_the_page_of_a_case_takes_few_statements(client_of, status):
    people = make_escalations.line()
    case = make_escalations.case(people, status=status)
    client = client_of(people.leader)
    client.get(case.get_absolute_url())
    with CaptureQueriesContext(connection) as counted:
        client.get(case.get_absolute_url())
    assert len(counted) <= 9


def test_the_page_names_the_clause(client_of):
    people = make_escalations.line()
    page = client_of(people.agent).get(reverse("escalations:new_case"))
    assert [clause for _radio, clause in page.context["form"].categories] == [
        "escalation.5",
        "escalation.4",
        "escalation.3",
        "escalation.2",
        "escalation.1",
    ]
    assert gettext("Proposed handling") == page.context["form"]["proposed_handling"].label
