"""The channels in the administration: by role, with addresses and secrets that are written and never read."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from delivery.models import Announcement, Channel, Dispatch
from journal.models import Entry
from people.models import Role
from tests import make
from tests.make_delivery import ADDRESSES, channel, relayed, states

pytestmark = pytest.mark.django_db
LIST, ADD = reverse("admin:delivery_channel_changelist"), reverse("admin:delivery_channel_add")
DISPATCHES = reverse("admin:delivery_dispatch_changelist")
SEEN = {Role.ADMINISTRATOR, Role.DIRECTOR, Role.CENTRE_DIRECTOR}
SECRET = "SEC5e884898da28"


@pytest.fixture
def keeper(client_of):
    person = make.person(role=Role.ADMINISTRATOR, language="en", name="赵敏")
    client = client_of(person)
    client.person = person
    return client


def change(made):
    return reverse("admin:delivery_channel_change", args=[made.pk])


def form(**changes):
    fields = {"kind": "wecom", "name": "甲班群", "language": "zh-hans", "topics": ["duties"], "is_enabled": "on"}
    return {name: value for name, value in (fields | changes).items() if value is not None}


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", "actor", "object_id"))


def errors(response):
    return response.context["adminform"].form.errors.as_data().keys()


@pytest.mark.parametrize("address", [LIST, DISPATCHES])
@pytest.mark.parametrize("role", Role)
def test_lists_open_for_administrators_and_supervisors_only(client_of, address, role):
    status = client_of(make.person(role=role)).get(address).status_code
    assert status == (200 if role in SEEN else 302)


@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.CENTRE_DIRECTOR])
def test_supervisors_only_look(client_of, role):
    made, client = channel(), client_of(make.person(role=role))
    page = client.get(change(made))
    assert page.status_code == 200
    assert [name for name in ("new_address", "new_secret") if name in page.content.decode()] == []
    assert client.post(change(made), form(name="x")).status_code == 403
    assert client.get(ADD).status_code == 403
    client.post(LIST, {"action": "test_selected", "_selected_action": made.pk, "confirmed": "1"})
    assert (Dispatch.objects.count(), verbs()) == (0, [])


@pytest.mark.parametrize("kind", ADDRESSES)
def test_a_robot_is_added(keeper, kind):
    secret = {} if kind == "wecom" else {"new_secret": SECRET}
    response = keeper.post(ADD, form(kind=kind, new_address=f" {ADDRESSES[kind]} ", **secret))
    assert response.status_code == 302
    made = Channel.objects.get()
    assert (made.centre, made.address, made.topics) == (keeper.person.centre, ADDRESSES[kind], ["duties"])
    assert made.secret == ("" if kind == "wecom" else SECRET)
    assert verbs() == [("channel.added", keeper.person.pk, made.pk)]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"new_address": ""}, {"__all__"}),
        ({"new_address": "http://127.0.0.1/"}, {"new_address"}),
        ({"kind": "dingtalk", "new_address": ADDRESSES["dingtalk"]}, {"__all__"}),
        ({"kind": "feishu", "new_address": ADDRESSES["wecom"], "new_secret": SECRET}, {"new_address"}),
        ({"new_address": ADDRESSES["wecom"], "topics": []}, {"topics"}),
        ({"new_address": ADDRESSES["wecom"], "topics": ["x"]}, {"topics"}),
        ({"new_address": ADDRESSES["wecom"], "quiet_from": "22:00"}, {"quiet_until"}),
        ({"new_address": ADDRESSES["wecom"], "name": ""}, {"name"}),
    ],
)
def test_what_is_missing_or_wrong_is_said(keeper, changes, fields):
    response = keeper.post(ADD, form(**changes))
    assert (response.status_code, set(errors(response))) == (200, fields)
    assert Channel.objects.count() == 0


def test_one_mail_channel_and_one_of_a_name(keeper):
    assert keeper.post(ADD, form(kind="mail", name="邮件")).status_code == 302
    assert set(errors(keeper.post(ADD, form(kind="mail", name="邮件二")))) == {"__all__"}
    assert set(errors(keeper.post(ADD, form(name="邮件", new_address=ADDRESSES["wecom"])))) == {"__all__"}


def test_a_kept_secret_is_never_shown_and_an_empty_field_keeps_it(keeper):
    made = channel("dingtalk", secret=SECRET)
    address = made.address
    page = keeper.get(change(made)).content.decode()
    assert [kept for kept in (SECRET, "access_token", address) if kept in page] == []
    response = keeper.post(change(made), form(kind=None, name="改名", quiet_from="22:00", quiet_until="07:00"))
    made.refresh_from_db()
    assert response.status_code == 302
    assert (made.name, made.address, made.secret, made.kind) == ("改名", address, SECRET, "dingtalk")
    (row,) = Entry.objects.all()
    assert (row.verb, row.facts) == ("channel.edited", {"changed": ["name", "quiet_from", "quiet_until", "topics"]})


def test_a_failed_form_shows_no_secret_again(keeper):
    made = channel("dingtalk")
    response = keeper.post(change(made), form(kind=None, name="", new_secret=SECRET))
    assert (response.status_code, SECRET in response.content.decode()) == (200, False)


def test_a_correction_is_tried_at_once_and_leaves_alone_what_the_relay_knows(keeper):
    made = channel()
    recent = ["2026-11-23T01:00:00+00:00"]
    Channel.objects.update(failures=4, retry_at=make.at(23), last_error="http:500", recent=recent)
    keeper.post(change(made), form(kind=None, new_address=ADDRESSES["wecom"] + "9"))
    made.refresh_from_db()
    assert (made.failures, made.retry_at, made.last_error) == (0, None, "http:500")
    assert (made.recent, made.address) == (recent, ADDRESSES["wecom"] + "9")


def test_only_ones_own_centre(keeper):
    made = channel(centre=make.centre(name="别处"))
    assert keeper.get(change(made)).status_code == 302
    assert keeper.post(change(made), form(kind=None)).status_code == 302
    keeper.post(LIST, {"action": "test_selected", "_selected_action": made.pk, "confirmed": "1"})
    assert (verbs(), Dispatch.objects.count()) == ([], 0)


def test_only_ones_own_teams_are_offered(keeper):
    here = make.team()
    make.team(name="乙班", centre=make.centre(name="别处"))
    page = keeper.get(ADD)
    assert list(page.context["adminform"].form.fields["teams"].queryset) == [here]


def test_a_test_message_is_asked_for_and_then_waits_for_the_relay(keeper):
    made = channel()
    page = keeper.post(LIST, {"action": "test_selected", "_selected_action": made.pk})
    assert (page.status_code, Dispatch.objects.count()) == (200, 0)
    response = keeper.post(LIST, {"action": "test_selected", "_selected_action": made.pk, "confirmed": "1"})
    assert (response.status_code, states()) == (302, [("waiting", 0)])
    assert Announcement.objects.get().to == [keeper.person.pk]
    assert verbs() == [("channel.tested", keeper.person.pk, made.pk)]


def test_a_test_by_mail_without_an_address_is_refused(keeper):
    made = channel("mail")
    sent = {"action": "test_selected", "_selected_action": made.pk, "confirmed": "1"}
    page = keeper.post(LIST, sent, follow=True)
    said = [str(message) for message in page.context["messages"]]
    assert said == [f"{made}: You have no e-mail address. Enter yours under “What reaches me”, then try again."]
    assert Dispatch.objects.count() == 0


def test_what_was_given_up_is_seen_and_tried_again(keeper):
    made, person = channel(), make.person()
    for _i in range(2):
        relayed(to=[person])
    given_up = Dispatch.objects.first()
    Dispatch.objects.filter(pk=given_up.pk).update(status="failed", tries=8, error="http:500")
    assert [row.pk for row in keeper.get(DISPATCHES).context["cl"].result_list] == [given_up.pk]
    (row,) = keeper.get(LIST).context["cl"].result_list
    assert (row.waiting, row.given_up) == (1, 1)
    keeper.post(DISPATCHES, {"action": "try_again_selected", "_selected_action": given_up.pk})
    assert sorted(states()) == [("waiting", 0), ("waiting", 0)]
    assert verbs() == [("channel.retried", keeper.person.pk, made.pk)]


def test_supervisors_do_not_try_again(client_of):
    channel()
    relayed(to=[make.person()])
    Dispatch.objects.update(status="failed", tries=8)
    client = client_of(make.person(role=Role.DIRECTOR))
    client.post(DISPATCHES, {"action": "try_again_selected", "_selected_action": Dispatch.objects.get().pk})
    assert states() == [("failed", 8)]


def test_nobody_reads_there_who_is_told_of_a_confidential_case(keeper):
    channel("mail")
    person = make.person()
    person.email = "li@example.cn"
    person.save()
    relayed(to=[person], kind="escalation.closed", restricted=True, case=7)
    Dispatch.objects.update(status="failed", tries=8)
    assert Dispatch.objects.count() == 1
    assert list(keeper.get(DISPATCHES).context["cl"].result_list) == []
    pk = Dispatch.objects.get().pk
    assert keeper.get(reverse("admin:delivery_dispatch_change", args=[pk])).status_code == 302


def test_the_lists_cost_the_same_for_ten_rows(keeper):
    person, counts = make.person(), []
    for rows in (1, 9):
        for _i in range(rows):
            channel(teams=[make.team()])
        relayed(to=[person])
        Dispatch.objects.filter(status="waiting").update(status="failed", tries=8)
        for address in (LIST, DISPATCHES):
            with CaptureQueriesContext(connection) as queries:
                assert keeper.get(address).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_a_dispatch_has_one_page_to_look_at(keeper):
    channel()
    relayed(to=[make.person()])
    page = reverse("admin:delivery_dispatch_change", args=[Dispatch.objects.get().pk])
    assert keeper.get(page).status_code == 200
    assert keeper.post(page, {}).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "wecom"},
        {"kind": "feishu", "address": ADDRESSES["feishu"]},
        {"kind": "mail", "quiet_from": "22:00"},
    ],
)
def test_the_database_refuses_half_a_channel(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Channel.objects.create(centre=make.centre(), name="x", **fields)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages_in_both_languages(client_of, language):
    client = client_of(make.person(role=Role.ADMINISTRATOR, language=language))
    made = channel("feishu")
    relayed(to=[make.person()])
    titles = [client.get(address).context["title"] for address in (LIST, DISPATCHES, change(made), ADD)]
    assert any("channel" in str(title) for title in titles) is (language == "en")
