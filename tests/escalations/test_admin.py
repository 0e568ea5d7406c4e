"""The supervisors' desk does what the pages do, and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from escalations import actions
from escalations.models import Case, Category, Instruction
from escalations.queue import queue_counts
from escalations.steps import STEPS
from journal.models import Entry
from tests import make, make_escalations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]

QUEUE = reverse("admin:escalations_case_changelist")
BY_LEVEL = {
    "acknowledge": "acknowledged",
    "instruct": "instructed",
    "return_for_more": "returned",
    "pass_up": "passed_up",
}


def page_url(case):
    return reverse("admin:escalations_case_change", args=[case.pk])


def step_url(step, case):
    return reverse(f"admin:escalations_case_{step}", args=[case.pk])


def listed(client, **query):
    return list(client.get(QUEUE, query).context["cl"].result_list)


@pytest.mark.parametrize("step", BY_LEVEL)
def test_a_step_is_taken_and_recorded(client_of, step):
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    response = client_of(people.director).post(step_url(step, case), {"text": "按流程办理。"})
    assert (response.status_code, response.url) == (302, page_url(case))
    entry = Entry.objects.about(case).filter(actor=people.director).last()
    assert (Case.objects.get().status, entry.verb) == (BY_LEVEL[step], f"escalation.{BY_LEVEL[step]}")


def test_an_instruction_is_kept_word_for_word(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    words = "=立即回访，\n并把结果写明。 <b>"
    client_of(people.director).post(step_url("instruct", case), {"text": words})
    assert Instruction.objects.get().text == words


def test_what_is_carried_out_is_closed(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, status="carried_out")
    client_of(people.centre_director).post(step_url("close", case), {"text": ""})
    assert Case.objects.get().status == "closed"


@pytest.mark.parametrize(
    ("step", "status", "code"),
    [
        ("instruct", "passed_up", "instruction_missing"),
        ("return_for_more", "passed_up", "question_missing"),
        ("pass_up", "passed_up", "passing_reason_missing"),
        ("instruct", "submitted", "case_is_at_another_level"),
        ("close", "passed_up", "request_needs_instruction"),
        ("withdraw", "passed_up", "case_is_somebody_elses"),
        ("acknowledge", "closed", "case_is_at_another_level"),
    ],
)
def test_the_refusals_are_those_of_the_pages(client_of, step, status, code):
    people = make_escalations.line()
    case = make_escalations.case(people, status=status)
    response = client_of(people.director).post(step_url(step, case), {"text": " "})
    assert (response.status_code, response["X-Refusal"], Case.objects.get().status) == (422, code, status)
    elsewhere = client_of(people.director).post(reverse(f"escalations:{step}_case", args=[case.pk]), {"text": " "})
    assert elsewhere["X-Refusal"] == code


@pytest.mark.parametrize("step", STEPS)
def test_a_step_in_the_wrong_state_is_refused(client_of, step):
    people = make_escalations.line()
    case = make_escalations.case(people, by=people.leader, status="withdrawn")
    response = client_of(people.director).post(step_url(step, case), {"text": "好"})
    mine = {"acknowledge", "instruct", "return_for_more", "pass_up", "close", "carry_out"}
    codes = dict.fromkeys(mine, "wrong_state") | dict.fromkeys(("uphold", "accept_dissent"), "no_dissent_open")
    code = codes.get(step, "case_is_somebody_elses")
    assert (response.status_code, response["X-Refusal"]) == (422, code)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_the_supervisors_of_this_centre(client_of, step):
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    elsewhere = make_escalations.line(centre=make.centre(name="云港客服中心"), on_duty=False)
    posted = {"text": "好"}
    assert client_of(elsewhere.director).post(step_url(step, case), posted).status_code == 404
    assert client_of(people.administrator).post(step_url(step, case), posted).status_code == 403
    assert client_of(people.leader).post(step_url(step, case), posted).status_code == 302  # to the login of the admin
    assert client_of(people.director).get(step_url(step, case)).status_code == 405
    assert Case.objects.get().status == "passed_up"


def test_nobody_adds_edits_or_deletes(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people)
    client = client_of(people.centre_director)
    assert client.get(reverse("admin:escalations_case_add")).status_code == 403
    assert client.post(reverse("admin:escalations_case_add"), {}).status_code == 403
    assert client.post(page_url(case), {"status": "closed"}).status_code == 405
    assert client.post(reverse("admin:escalations_case_delete", args=[case.pk]), {"post": "yes"}).status_code == 403
    posted = {"action": "delete_selected", "_selected_action": [case.pk], "post": "yes"}
    client.post(QUEUE, posted)
    assert Case.objects.get().status == "submitted"
    history = reverse("admin:escalations_case_history", args=[case.pk])
    assert client.get(history).url == page_url(case)


def test_the_queue_shows_what_is_open_by_due_time_and_its_filters(client_of):
    people = make_escalations.line()
    mine = make_escalations.case(people, status="passed_up", at=make.at(9, 5))
    leaders = make_escalations.case(people, at=make.at(8, 30), happened_at=make.at(8), urgent=True, category="danger")
    carried_out = make_escalations.case(people, status="carried_out")
    closed = make_escalations.case(people, status="closed")
    make_escalations.case(people, status="draft")
    client = client_of(people.director)
    assert listed(client) == [leaders, mine, carried_out]
    assert listed(client, queue="mine") == [mine]
    assert listed(client, queue="overdue") == [leaders]
    assert listed(client, queue="unanswered") == [leaders, mine]
    assert listed(client, queue="everything") == [closed, carried_out, leaders, mine]
    assert listed(client, queue="urgent") == [leaders]
    assert listed(client, category__exact="danger") == [leaders]
    assert listed(client, level="director") == [mine]
    assert listed(client, status__exact="closed") == [closed]
    assert listed(client, q=str(closed.pk)) == [closed]
    assert listed(client, q=people.agent.employee_number) == [closed, carried_out, leaders, mine]
    assert listed(client, q="三次来电", queue="mine") == [mine]


def test_the_saved_filters_pick_and_count_what_a_director_asks_for(client_of):
    people = make_escalations.line()
    emergency = {"urgent": True, "goes_to": "director", "skip_reason": "机房冒烟。"}
    owing = make_escalations.case(people, at=make.at(9, 5), **emergency)
    disagreed = make_escalations.case(people, status="instructed")
    actions.dissent(case=disagreed, by=people.agent, at=make.at(9, 5), text="建议立即回电。")
    stuck = make_escalations.case(people)
    Case.objects.filter(pk=stuck.pk).update(stuck_since=make.at(9, 6))
    make_escalations.case(people, category=Category.CONFIDENTIAL, **emergency, at=make.at(9, 5))
    client = client_of(people.director)
    assert set(listed(client, queue="owing")) == {owing, Case.objects.get(category=Category.CONFIDENTIAL)}
    assert listed(client, queue="dissent") == [disagreed]
    assert listed(client, queue="stuck") == [stuck]
    assert set(listed(client, queue="urgent")) == set(listed(client, queue="owing"))
    assert queue_counts(people.director, make.at(9, 10)) == {
        "open": 4, "mine": 2, "overdue": 0, "urgent": 2, "unanswered": 3, "owing": 2, "dissent": 1, "stuck": 1,
    }  # fmt: skip
    assert queue_counts(people.other, make.at(9, 10)) == dict.fromkeys(
        ("open", "mine", "overdue", "urgent", "unanswered", "owing", "dissent", "stuck"), 0
    )


def test_a_confidential_case_is_the_centre_directors_until_it_reaches_the_director(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, category=Category.CONFIDENTIAL)
    director, centre_director = client_of(people.director), client_of(people.centre_director)
    for query in ({}, {"queue": "everything"}, {"q": "来电"}, {"q": str(case.pk)}, {"category__exact": "confidential"}):
        assert listed(director, **query) == []
        assert listed(centre_director, **query) == [case]
    assert (director.get(page_url(case)).status_code, centre_director.get(page_url(case)).status_code) == (404, 200)
    rows = director.get(reverse("admin:journal_entry_changelist")).context["cl"].result_list
    assert [row for row in rows if row.object_type == "escalations.case"] == []


def test_the_administrator_has_no_cases_in_the_admin(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people)
    client = client_of(people.administrator)
    assert (client.get(QUEUE).status_code, client.get(page_url(case)).status_code) == (403, 403)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_desk_speaks_both_languages_without_inline_style_or_script(client_of, language):
    people = make_escalations.line()
    case = make_escalations.case(people, status="passed_up")
    people.director.language = language
    people.director.save()
    for url in (QUEUE, page_url(case)):
        response = client_of(people.director).get(url)
        page = response.content.decode()
        assert (response.status_code, response.headers["Content-Language"]) == (200, language)
        assert [part for part in ("<style", " style=", "<script>", " onclick=") if part in page] == []


def test_a_queue_of_ten_costs_what_a_queue_of_one_costs(client_of):
    people = make_escalations.line()
    client = client_of(people.director)

    def statements():
        with CaptureQueriesContext(connection) as counted:
            client.get(QUEUE)
        return len(counted)

    make_escalations.case(people)
    client.get(QUEUE)
    one = statements()
    for _number in range(9):
        make_escalations.case(people)
    assert statements() == one <= 12
