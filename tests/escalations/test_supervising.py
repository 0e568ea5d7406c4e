"""Who may do what at the supervisors' desk, several cases at once, and what a search tells to whom."""

import pytest
from django.contrib import admin
from django.urls import reverse

from escalations import actions, permissions
from escalations.models import Case, Category
from escalations.steps import STEPS
from journal.models import Entry
from people import permissions as held
from people.models import Role
from tests import make, make_escalations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

QUEUE = reverse("admin:escalations_case_changelist")

# A letter for each role that holds it: agent, leader, inspector, director, centre director, security, administrator.
LETTERS = dict(zip("ALIDCSM", Role.values, strict=True))
HOLD = {
    permissions.SEE: "DC",
    permissions.ANSWER: "LDC",
    permissions.OVERSEE: "DC",
    permissions.OVERSEE_CONFIDENTIAL: "C",
    permissions.COUNT: "LDC",
}
# Which of them opens the step at the desk; whoever sees the case there may take what is its reporter's.
STEP_NEEDS = {
    **dict.fromkeys(("acknowledge", "instruct", "return_for_more", "pass_up", "uphold", "accept_dissent"), "answer"),
    "close": "answer or oversee",
    **dict.fromkeys(("carry_out", "dissent", "appeal", "resubmit", "withdraw"), "see"),
}
NEEDED = {
    (permissions.ANSWER,): "answer",
    (permissions.ANSWER, permissions.OVERSEE): "answer or oversee",
    (permissions.SEE,): "see",
}


def chosen(*cases, **more):
    return {"action": "acknowledge_selected", "_selected_action": [case.pk for case in cases], **more}


def listed(client, **query):
    return list(client.get(QUEUE, query).context["cl"].result_list)


# --- permissions


def test_each_role_holds_what_the_table_says():
    centre = make.centre()
    people = {letter: make.person(role=role, centre=centre) for letter, role in LETTERS.items()}
    found = {name: "".join(who for who, person in people.items() if person.has_perm(name)) for name in HOLD}
    assert found == HOLD


def test_an_ended_role_or_an_account_that_is_closed_holds_nothing():
    director = make.person(role=Role.DIRECTOR, centre=make.centre())
    director.is_active = False
    assert not director.has_perm(permissions.SEE)
    assert not make.person(centre=make.centre(name="云港客服中心")).has_perm("escalations.change_case")


def test_each_step_asks_for_its_permission():
    assert {code: NEEDED[step.permissions] for code, step in STEPS.items()} == STEP_NEEDS


def test_who_sees_and_does_not_answer_is_refused_at_the_door(client_of, monkeypatch):
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    monkeypatch.setitem(held.HELD_BY, permissions.ANSWER, frozenset({Role.LEADER}))
    client = client_of(people.director)
    url = reverse("admin:escalations_case_change", args=[case.pk])
    steps = [reverse(f"admin:escalations_case_{code}", args=[case.pk]) for code in STEP_NEEDS]
    codes = [client.post(step, {"text": "好"}).status_code for step in steps]
    assert [offer.step.code for offer in client.get(url).context["offers"]] == []
    assert codes == [403] * 6 + [422] * 6  # the rule refuses what the door lets pass
    assert Case.objects.get().status == "passed_up"
    client.post(QUEUE, chosen(case, confirmed="1"))
    assert Case.objects.get().status == "passed_up"


def test_a_permission_is_declared_once():
    with pytest.raises(ValueError, match="escalations.view_case"):
        held.permission(permissions.SEE, Role.AGENT)


def test_nothing_but_the_case_is_in_the_admin():
    assert [model.__name__ for model in admin.site._registry if model._meta.app_label == "escalations"] == ["Case"]


# --- several at once


def test_the_page_says_what_would_happen_to_each(client_of):
    people = make_escalations.line()
    mine = make_escalations.case(people, status="passed_up")
    leaders = make_escalations.case(people)
    carried_out = make_escalations.case(people, status="carried_out")
    response = client_of(people.director).post(QUEUE, chosen(mine, leaders, carried_out, index="0"))
    refused = {case.pk: problem.code for case, problem in response.context["refused_rows"]}
    assert (response.status_code, response.context["open_rows"]) == (200, [mine])
    assert refused == dict.fromkeys((leaders.pk, carried_out.pk), "case_is_at_another_level")
    assert [case.status for case in Case.objects.order_by("pk")] == ["passed_up", "submitted", "carried_out"]


def test_the_confirmed_are_acknowledged_each_by_itself(client_of):
    people = make_escalations.line()
    mine = [make_escalations.case(people, status="passed_up") for _number in range(2)]
    response = client_of(people.director).post(QUEUE, chosen(*mine, confirmed="1"), follow=True)
    assert [case.status for case in Case.objects.all()] == ["acknowledged"] * 2
    assert [message.level_tag for message in response.context["messages"]] == ["success"]
    assert Entry.objects.filter(verb="escalation.acknowledged", actor=people.director).count() == 2


def test_what_has_changed_meanwhile_is_named_with_its_reason(client_of):
    people = make_escalations.line()
    mine = make_escalations.case(people, status="passed_up")
    gone = make_escalations.case(people, status="passed_up")
    actions.instruct(case=gone, by=people.director, at=make.at(9, 5), text="照办。")
    response = client_of(people.director).post(QUEUE, chosen(mine, gone, confirmed="1"), follow=True)
    assert {case.pk: case.status for case in Case.objects.all()} == {mine.pk: "acknowledged", gone.pk: "instructed"}
    assert [message.level_tag for message in response.context["messages"]] == ["warning", "success"]


def test_another_centres_and_unseen_cases_are_not_acknowledged(client_of):
    people = make_escalations.line()
    confidential = make_escalations.case(people, category=Category.CONFIDENTIAL)
    elsewhere = make_escalations.line(centre=make.centre(name="云港客服中心"))
    theirs = make_escalations.case(elsewhere, status="passed_up")
    response = client_of(people.director).post(QUEUE, chosen(confidential, theirs, index="0"))
    assert (response.context["open_rows"], response.context["refused_rows"]) == ([], [])
    client_of(people.director).post(QUEUE, chosen(confidential, theirs, confirmed="1"))
    assert {case.status for case in Case.objects.all()} == {"submitted", "passed_up"}


def test_others_do_not_come_to_the_desk(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    codes = [client_of(who).post(QUEUE, chosen(case, confirmed="1")).status_code for who in (people.administrator,)]
    assert (codes, Case.objects.get().status) == ([403], "passed_up")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_has_no_inline_style_or_script(client_of, language):
    people = make_escalations.line()
    people.director.language = language
    people.director.save()
    cases = [make_escalations.case(people, status="passed_up"), make_escalations.case(people)]
    response = client_of(people.director).post(QUEUE, chosen(*cases, index="0"))
    page = response.content.decode()
    assert (response.status_code, response.headers["Content-Language"]) == (200, language)
    assert [part for part in ("<style", " style=", "<script>", " onclick=") if part in page] == []


# --- searching


def test_a_case_is_found_by_number_words_and_names(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    other = make_escalations.case(people, by=people.other, what_happened="停电。")
    client = client_of(people.director)
    assert listed(client, q=str(case.pk)) == [case]
    assert listed(client, q="停电") == [other]
    assert listed(client, q=people.other.name) == [other]
    assert listed(client, q=people.director.name) == [case]
    assert listed(client, q=people.other.employee_number) == [other]


def test_a_search_tells_nothing_of_a_confidential_case(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, category=Category.CONFIDENTIAL, what_happened="截图外传。")
    asked = (str(case.pk), "截图外传", people.agent.name, people.leader.name, people.agent.employee_number)
    for text in asked:
        found = client_of(people.director).get(QUEUE, {"q": text, "queue": "everything"}).context["cl"]
        assert (list(found.result_list), found.result_count) == ([], 0)
        assert listed(client_of(people.centre_director), q=text) == [case]


# --- one case


def test_a_refused_step_keeps_what_was_typed_at_its_field(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, category=Category.DIFFICULT_CALLER, status="passed_up")
    actions.acknowledge(case=case, by=people.director, at=make.at(9, 5))
    url = reverse("admin:escalations_case_instruct", args=[case.pk])
    response = client_of(people.director).post(url, {"text": "好" * 4001})
    (offer,) = [offer for offer in response.context["offers"] if offer.step.code == "instruct"]
    assert (response.status_code, list(offer.form.errors), offer.expanded) == (422, ["text"], True)
    assert offer.form["text"].value() == "好" * 4001


def test_each_step_of_the_level_says_its_key(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    page = client_of(people.director).get(reverse("admin:escalations_case_change", args=[case.pk])).content.decode()
    assert [key for key in "airpcud" if f'data-step-key="{key}"' in page] == list("airp")
    own = client_of(people.director).get(case.get_absolute_url()).content.decode()
    assert "data-step-key" not in own
