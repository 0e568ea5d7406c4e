"""An emergency may skip a level; who was skipped is told afterwards (clause escalation.6)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from callcentre.refusals import Refused
from delivery.models import Announcement
from escalations import actions, timers
from escalations.models import Case, Category, FollowUp, Level
from journal.models import Entry
from people.models import Role, RoleAssignment
from rulebook.models import Breach
from tests import make, make_escalations

pytestmark = pytest.mark.django_db

LATER = make.at(9, 10)
REASON = "机房冒烟，来不及等班长。"
EMERGENCY = {"urgent": True, "goes_to": "director", "skip_reason": REASON}


def skipped(people, **changes):
    return make_escalations.case(people, **(EMERGENCY | changes))


def refusal_of(action, **kwargs):
    try:
        with transaction.atomic():
            action(**kwargs)
    except Refused as refused:
        str(refused)
        return refused.code, refused.clause, refused.field
    return None


def debt_of(case):
    return FollowUp.objects.with_names().get(case=case)


def test_an_urgent_case_goes_at_once_to_the_level_it_names():
    people = make_escalations.line()
    case = skipped(people)
    assert (case.level.kind, case.waits_for, case.answer_due_at) == ("director", people.director, make.at(9, 10))
    left = case.levels.get(order=1)
    assert (left.skipped_at, left.reached_at) == (make_escalations.AT, None)
    debt = debt_of(case)
    assert (debt.person, debt.owed_by, debt.status, debt.due_at) == (
        people.leader,
        people.agent,
        "owed",
        make_escalations.AT + dt.timedelta(hours=24),
    )
    assert [row.kind for row in Announcement.objects.order_by("pk")] == [
        "escalation.waits.beyond_remit",
        "escalation.follow_up_owed",
    ]
    assert "escalation.level_skipped" in [entry.verb for entry in Entry.objects.about(case)]


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"urgent": False}, ("skipping_needs_urgency", "escalation.6", "goes_to")),
        ({"skip_reason": " "}, ("skip_reason_missing", "escalation.6", "skip_reason")),
        ({"goes_to": "leader"}, None),
    ],
)
def test_skipping_needs_urgency_and_a_reason(changes, refused):
    people = make_escalations.line()
    draft = make_escalations.draft(people, **(EMERGENCY | changes))
    assert refusal_of(actions.submit, case=draft, by=people.agent, at=make_escalations.AT) == refused


def test_nobody_is_skipped_to_an_empty_level():
    people = make_escalations.line()
    RoleAssignment.objects.filter(role=Role.DIRECTOR).delete()
    draft = make_escalations.draft(people, **EMERGENCY)
    refused = refusal_of(actions.submit, case=draft, by=people.agent, at=make_escalations.AT)
    assert refused == ("skipped_to_nobody", "escalation.6", "goes_to")


def test_two_levels_skipped_are_both_owed():
    people = make_escalations.line()
    case = skipped(people, goes_to="centre_director")
    assert case.level.kind == "centre_director"
    assert [debt.person for debt in FollowUp.objects.filter(case=case)] == [people.leader, people.director]


def test_a_case_does_not_end_while_a_report_is_owed():
    people = make_escalations.line()
    case = skipped(people)
    actions.instruct(case=case, by=people.director, at=LATER, text="立即断电撤离。")
    actions.carry_out(case=case, by=people.agent, at=LATER, text="已断电。")
    refused = refusal_of(actions.close, case=case, by=people.director, at=LATER)
    assert refused == ("follow_up_owed", "escalation.6", None)
    actions.follow_up(follow_up=debt_of(case), by=people.agent, at=LATER, text="机房冒烟，已断电处理。")
    actions.acknowledge_follow_up(follow_up=debt_of(case), by=people.leader, at=LATER)
    actions.close(case=case, by=people.director, at=LATER)
    debt = debt_of(case)
    assert (case.status, debt.status, debt.acknowledged_by) == ("closed", "acknowledged", people.leader)


def test_a_case_is_not_withdrawn_while_a_report_is_owed():
    people = make_escalations.line()
    case = skipped(people)
    refused = refusal_of(actions.withdraw, case=case, by=people.agent, at=LATER, text="误报。")
    assert refused == ("follow_up_owed", "escalation.6", None)


def test_only_who_owes_it_or_the_level_makes_it_and_only_the_skipped_acknowledges():
    people = make_escalations.line()
    debt = debt_of(skipped(people))
    made = {"follow_up": debt, "at": LATER, "text": "已处理。"}
    assert refusal_of(actions.follow_up, by=people.other, **made)[0] == "follow_up_is_somebody_elses"
    assert refusal_of(actions.follow_up, by=people.agent, **(made | {"text": "  "}))[0] == "follow_up_unsaid"
    actions.follow_up(by=people.director, **made)
    assert refusal_of(actions.follow_up, by=people.agent, **made)[0] == "wrong_state"
    read = {"follow_up": debt, "at": LATER}
    assert refusal_of(actions.acknowledge_follow_up, by=people.director, **read)[0] == "follow_up_not_to_you"
    actions.acknowledge_follow_up(by=people.leader, **read)
    assert refusal_of(actions.acknowledge_follow_up, by=people.leader, **read)[0] == "wrong_state"


def test_the_skipped_sees_the_case_once_told_but_never_a_confidential_one():
    people = make_escalations.line()
    case = skipped(people)
    secret = skipped(people, category=Category.CONFIDENTIAL)
    assert list(Case.objects.visible_to(people.leader)) == []
    assert list(FollowUp.objects.visible_to(people.leader)) == []
    for row in (case, secret):
        actions.follow_up(follow_up=debt_of(row), by=people.agent, at=LATER, text="已口头上报。")
    assert list(Case.objects.visible_to(people.leader)) == [case]
    assert set(FollowUp.objects.visible_to(people.leader)) == {debt_of(case), debt_of(secret)}


def test_a_late_report_is_told_and_noticed_once():
    people = make_escalations.line()
    case = skipped(people)
    debt = debt_of(case)
    actions.instruct(case=case, by=people.director, at=LATER, text="立即断电撤离。")
    Announcement.objects.all().delete()
    timers.keep_time(sender=None, at=debt.remind_at)
    timers.keep_time(sender=None, at=debt.due_at)
    timers.keep_time(sender=None, at=debt.due_at)
    told = [(row.kind.removeprefix("escalation."), row.to[0]) for row in Announcement.objects.order_by("pk")]
    assert sorted(told) == sorted(
        [
            ("follow_up_owed", people.agent.pk),
            ("follow_up_late", people.agent.pk),
            ("follow_up_late", people.director.pk),
        ]
    )
    breach = Breach.objects.get()
    assert (breach.person, breach.clause_id, breach.source) == (
        people.agent,
        "escalation.6",
        f"escalations.followup:{debt.pk}",
    )


def test_a_late_report_on_a_confidential_case_leaves_no_breach_that_others_read():
    people = make_escalations.line()
    debt = debt_of(skipped(people, category=Category.CONFIDENTIAL))
    timers.keep_time(sender=None, at=debt.due_at)
    debt.refresh_from_db()
    assert (debt.late_at, Breach.objects.count()) == (debt.due_at, 0)


def test_the_database_refuses_a_skip_that_contradicts_itself():
    people = make_escalations.line()
    case = make_escalations.case(people)
    for model, pk, changes, name in (
        (Level, case.level_id, {"skipped_at": LATER}, "skipped_level_has_somebody_and_was_not_reached"),
        (FollowUp, debt_of(skipped(people)).pk, {"status": "reported"}, "made_follow_up_says_what_who_and_when"),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model.objects.filter(pk=pk).update(**changes)


# --- the pages


@pytest.fixture
def told(client_of, monday_morning):
    people = make_escalations.line()
    case = skipped(people, at=make.at(9))
    return people, case, debt_of(case)


def test_a_follow_up_is_made_and_acknowledged_on_its_page(client_of, told):
    people, case, debt = told
    page = debt.get_absolute_url()
    assert client_of(people.leader).get(page).status_code == 404
    answer = client_of(people.agent).post(page, {"text": ""})
    assert (answer.status_code, answer["X-Refusal"]) == (422, "follow_up_unsaid")
    assert client_of(people.agent).post(page, {"text": "机房冒烟，已断电。"}).status_code == 302
    acknowledge = reverse("escalations:acknowledge_follow_up", args=[debt.pk])
    assert client_of(people.agent).post(acknowledge).status_code == 409
    assert client_of(people.leader).get(acknowledge).status_code == 405
    assert client_of(people.leader).post(acknowledge).status_code == 302
    assert [entry.verb for entry in Entry.objects.about(case)][-2:] == [
        "escalation.followed_up",
        "escalation.follow_up_acknowledged",
    ]


def test_a_follow_up_of_another_centre_is_not_there(client_of, told):
    _people, _case, debt = told
    elsewhere = make_escalations.line(centre=make.centre(name="云港客服中心"), on_duty=False)
    assert client_of(elsewhere.centre_director).get(debt.get_absolute_url()).status_code == 404


def test_the_form_says_what_is_wrong_with_a_skip_at_its_field(client_of, monday_morning):
    people = make_escalations.line()
    form = make_escalations.form(goes_to="director", skip_reason=REASON, urgency="normal")
    answer = client_of(people.agent).post(reverse("escalations:new_case"), form)
    assert (answer.status_code, answer["X-Refusal"]) == (422, "skipping_needs_urgency")
    assert "goes_to" in answer.context["form"].errors
    assert Case.objects.count() == 0


def test_a_button_beside_a_record_carries_its_words_over_by_post(client_of, monday_morning):
    people = make_escalations.line()
    posted = {"prefill": "1", "what_happened": "三号席耳机无声。", "source": "handover.entry:7", "category": "danger"}
    answer = client_of(people.agent).post(reverse("escalations:new_case"), posted)
    form = answer.context["form"]
    assert (answer.status_code, form.is_bound) == (200, False)
    assert (form["what_happened"].value(), form["category"].value()) == ("三号席耳机无声。", "danger")
    assert Case.objects.count() == 0
