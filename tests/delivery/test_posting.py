"""Through the channels: once each, later where somebody is quiet, fewer where they are many, never a word too much."""

import datetime as dt

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from delivery import actions, channel_actions, kinds, posting
from delivery.models import Announcement, Channel, Dispatch, MailChoice, Message
from people.models import Role
from tests import endpoints, make
from tests.make_delivery import announcement, channel, relayed, states

pytestmark = pytest.mark.django_db
AT = make.at(9, 5)
PLANTED = "张伟13800138000"
TELLING = kinds.kind("escalation.tests_telling", "%(what)s")
NIGHT = {"quiet_from": dt.time(22), "quiet_until": dt.time(7)}


@pytest.fixture
def group(settings):
    with endpoints.group() as group:
        settings.ROBOT_HOSTS = [group.host]
        yield group


@pytest.fixture(autouse=True)
def _no_chance(monkeypatch):
    monkeypatch.setattr(posting, "chance", lambda: 0.5)


def robot(group, kind="wecom", **fields):
    return channel(kind, address=group.address(), **fields)


def tell(person, *, at=AT, **kwargs):
    return relayed(to=[person], centre=person.centre, at=at, **kwargs)


def work(made, at=AT):
    posting.work(made.pk, lambda: at)
    made.refresh_from_db()


def later(minutes, seconds=0):
    return AT + dt.timedelta(minutes=minutes, seconds=seconds)


def with_email(**kwargs):
    person = make.person(**kwargs)
    person.email = f"p{person.employee_number}@example.cn"
    person.save()
    return person


def test_a_group_is_told_what_it_is_about_and_where_to_read_it(group, settings):
    settings.SITE_URL = "https://desk.example.cn"
    made, person = robot(group), make.person()
    tell(person, kind="duty.opened", link="/duties/3/", rule_zh="浇水", rule_en="Watering", due_at=AT)
    work(made)
    assert group.texts == ["[班务台] 值班事项\n有一条新消息，请登录查看。\nhttps://desk.example.cn/duties/3/"]
    assert (states(), made.last_success_at, made.busy_until) == ([("sent", 1)], AT, None)
    work(made)
    assert len(group.posted) == 1


def test_in_the_channels_language_and_marked_as_urgent(group):
    made, person = robot(group, language="en"), make.person()
    tell(person, urgent=True)
    work(made)
    assert group.texts[0].splitlines()[0] == "[Shift Desk] Urgent: Everything else"


def test_no_fact_leaves_the_house(group, mailoutbox):
    robots = [robot(group, kind) for kind in ("wecom", "dingtalk", "feishu")]
    by_mail, person = channel("mail"), with_email(name=PLANTED)
    for _i in range(3):
        tell(person, kind=TELLING, what=PLANTED, link="/escalations/3/")
        tell(person, kind=TELLING, what=PLANTED, urgent=True, restricted=True, link="/escalations/4/")
        for made in (*robots, by_mail):
            work(made)
    said = [str(posted) for posted in group.posted] + [str(letter.message()) + letter.body for letter in mailoutbox]
    assert len(said) == 3 * 3 + 3
    assert [text for text in said if "张伟" in text or "13800138000" in text or "escalations/4" in text] == []


def test_a_confidential_one_reaches_no_group_and_its_e_mail_says_only_that_something_waits(group, mailoutbox):
    made, by_mail, person = robot(group), channel("mail"), with_email()
    tell(person, kind="escalation.waits.confidential", restricted=True, urgent=True, case=7, due_at=AT, link="/x/7/")
    for each in (made, by_mail):
        work(each)
    (letter,) = mailoutbox
    assert (group.posted, letter.to) == ([], [person.email])
    assert letter.subject == "[班务台] 紧急：有事项等你处理"
    assert letter.body == "请登录查看。\nhttp://127.0.0.1:8000/\n"
    assert Message.objects.get().link == "/x/7/"


def test_the_database_lets_no_confidential_one_to_a_group():
    made = channel()
    row = announcement(to=[make.person()], restricted=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.create(centre=made.centre, channel=made, announcement=row, restricted=True, due_at=AT)


def test_only_enabled_channels_of_the_centre_hear(group):
    here = robot(group)
    robot(group, is_enabled=False)
    robot(group, centre=make.centre(name="别处"))
    tell(make.person())
    assert list(Dispatch.objects.values_list("channel", flat=True)) == [here.pk]


def test_a_group_of_a_team_or_a_role(group):
    jia, yi = make.team(), make.team(name="乙班")
    of_team, of_leaders = robot(group, teams=[jia]), robot(group, roles=["leader"])
    tell(make.person(team=yi))
    assert Dispatch.objects.count() == 0
    tell(make.person(team=jia))
    tell(make.person(team=yi, role=Role.LEADER))
    assert list(Dispatch.objects.order_by("pk").values_list("channel", flat=True)) == [of_team.pk, of_leaders.pk]


def test_e_mail_by_each_ones_choice(mailoutbox):
    by_mail = channel("mail")
    default, chosen, none = with_email(), with_email(language="en"), with_email()
    make.person()  # has no address
    MailChoice.objects.create(person=chosen, topics=["notices"])
    MailChoice.objects.create(person=none, topics=[])
    for kind in ("duty.missed", "notice.published"):
        facts = {"rule_zh": "浇水", "rule_en": "W", "due_on": make.MONDAY, "title": PLANTED}
        relayed(to=[default, chosen, none], kind=kind, at=AT, **facts)
    work(by_mail)
    assert [(letter.to, letter.subject) for letter in mailoutbox] == [
        ([default.email], "[班务台] 值班事项"),
        ([chosen.email], "[Shift Desk] Notices"),
    ]


def test_what_waits_for_one_person_comes_as_one_e_mail(mailoutbox):
    by_mail, person = channel("mail"), with_email(language="en")
    for _i in range(2):
        tell(person, kind="duty.missed", rule_zh="浇水", rule_en="W", due_on=make.MONDAY)
    tell(person, kind=TELLING, what="x", urgent=True)
    work(by_mail)
    (letter,) = mailoutbox
    assert letter.subject == "[Shift Desk] Urgent: 3 messages wait"
    assert letter.body.splitlines() == [
        "Requests and reports: 1",
        "Duties: 2",
        "Sign in to read them.",
        "http://127.0.0.1:8000/notifications/",
    ]


def test_whoever_left_or_gave_the_address_up_gets_none(mailoutbox):
    by_mail, person = channel("mail"), with_email()
    tell(person, kind=TELLING, what="x")
    type(person).objects.update(email="")
    work(by_mail)
    assert (mailoutbox, states()) == ([], [("dropped", 0)])


def test_a_failure_waits_longer_each_time_and_is_given_up_at_last(group):
    made, person = robot(group), make.person()
    administrator = make.person(role=Role.ADMINISTRATOR, centre=person.centre)
    tell(person)
    waits, at = [], AT
    for _try in range(8):
        group.answers.append((500, {}))
        work(made, at)
        waits.append((made.retry_at - at).total_seconds())
        assert posting.channels_with_work(made.retry_at - dt.timedelta(seconds=1)) == []
        at = made.retry_at
    assert waits == [30, 60, 120, 240, 480, 960, 1800, 1800]
    assert (states(), made.failures, made.last_error) == ([("failed", 8)], 8, "http:500")
    told = Announcement.objects.filter(kind="delivery.channel_failing")
    assert [(row.to, row.link) for row in told] == [([administrator.pk], f"/admin/delivery/channel/{made.pk}/change/")]
    work(made, at)
    assert len(group.posted) == 8
    actions.send_queued()
    assert Dispatch.objects.count() == 1  # of its own failure a channel is not told


def test_what_piled_up_meanwhile_comes_as_one(group):
    made, person = robot(group), make.person()
    tell(person)
    group.answers.append((200, {"errcode": 93000}))
    work(made)
    for _i in range(3):
        tell(person)
    work(made, later(1))
    assert [text.splitlines()[0] for text in group.texts] == ["[班务台] 其他", "[班务台] 有4条消息"]
    assert (states(), made.failures) == ([("sent", 2), ("sent", 1), ("sent", 1), ("sent", 1)], 0)


def test_too_many_for_the_robot_go_as_one_digest(group):
    made, person = robot(group), make.person()
    for _i in range(18):
        tell(person)
    work(made)
    assert len(group.posted) == 18
    for _i in range(4):
        tell(person)
    tell(person, urgent=True)
    work(made, later(0, 30))
    assert [text.splitlines()[0] for text in group.texts[18:]] == ["[班务台] 紧急：其他", "[班务台] 有4条消息"]
    tell(person)
    work(made, later(0, 40))
    assert (len(group.posted), made.retry_at) == (20, later(1))
    work(made, later(1, 1))
    assert len(group.posted) == 21


def test_a_robot_that_says_it_is_too_much_is_left_for_a_minute(group):
    made, person = robot(group), make.person()
    tell(person)
    group.answers.append((200, {"errcode": 45009}))
    work(made)
    assert (made.last_error, made.retry_at) == ("limit", later(1))


def test_quiet_hours_hold_what_is_not_urgent(group):
    made, person = robot(group, **NIGHT), make.person()
    night, morning = make.at(23), make.at(7, on=make.MONDAY + dt.timedelta(days=1))
    tell(person, at=night)
    tell(person, at=night, urgent=True)
    work(made, night)
    assert (len(group.posted), sorted(states())) == (1, [("sent", 1), ("waiting", 0)])
    assert posting.channels_with_work(morning - dt.timedelta(minutes=1)) == []
    assert posting.channels_with_work(morning) == [made.pk]
    work(made, morning)
    assert sorted(states()) == [("sent", 1), ("sent", 1)]


def test_a_persons_own_quiet_hours(mailoutbox):
    by_mail, quiet, awake = channel("mail"), with_email(), with_email()
    MailChoice.objects.create(person=quiet, topics=["requests"], **NIGHT)
    night, morning = make.at(3), make.at(7)
    relayed(to=[quiet, awake], kind=TELLING, at=night, what="x")
    work(by_mail, night)
    assert [letter.to for letter in mailoutbox] == [[awake.email]]
    work(by_mail, morning)
    assert [letter.to for letter in mailoutbox] == [[awake.email], [quiet.email]]


def test_feishu_waits_for_the_hour_to_pass(group):
    made, person = robot(group, "feishu"), make.person()
    tell(person, at=make.at(9))
    work(made, make.at(9))
    assert group.posted == []
    assert Dispatch.objects.get().due_at == make.at(9, 3) + dt.timedelta(seconds=30)
    work(made, make.at(9, 4))
    assert len(group.posted) == 1


def test_a_recipient_that_is_refused_holds_up_nobody_else(settings):
    with endpoints.post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = endpoints.HOST, office.port
        by_mail, gone, there = channel("mail"), with_email(), with_email()
        office.unknown.add(gone.email)
        relayed(to=[gone, there], kind=TELLING, at=AT, what="x")
        work(by_mail)
    assert [to for to, _text in office.letters] == [there.email]
    assert sorted(states()) == [("sent", 1), ("waiting", 1)]
    assert (by_mail.failures, by_mail.last_error) == (0, "recipient")


def test_no_row_is_sent_while_another_relay_has_the_channel(group):
    made, person = robot(group), make.person()
    tell(person)
    Channel.objects.update(busy_until=later(1))
    work(made)
    assert (group.posted, posting.channels_with_work(AT)) == ([], [])
    work(made, later(1))
    assert len(group.posted) == 1


def test_what_a_stopped_relay_had_taken_up_goes_again(group):
    made, person = robot(group), make.person()
    tell(person)
    posting.claim(list(Dispatch.objects.all()), AT)
    work(made, later(2))
    assert group.posted == []
    assert posting.channels_with_work(later(2, 1)) == [made.pk]
    work(made, later(2, 1))
    assert (len(group.posted), states()) == (1, [("sent", 2)])


def test_a_row_that_stops_every_relay_is_given_up(group):
    made, person = robot(group), make.person()
    tell(person)
    Dispatch.objects.update(tries=7)
    posting.claim(list(Dispatch.objects.all()), AT)
    work(made, later(3))
    assert (group.posted, states()) == ([], [("failed", 8)])


def test_a_claimed_row_is_claimed_once():
    channel()
    tell(make.person())
    rows = list(Dispatch.objects.all())
    assert (posting.claim(rows, AT), posting.claim(rows, later(1))) == (rows, [])


def test_an_announcement_makes_its_rows_once(group):
    robot(group)
    channel("mail")
    made = announcement(to=[with_email()], kind=TELLING, at=AT, what="x")
    actions.send(made)
    assert Dispatch.objects.count() == 2
    for row in Dispatch.objects.all():
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_a_channel_costs_an_announcement_little(django_assert_num_queries):
    people = [with_email() for _i in range(10)]
    for rows in (people[:1], people):
        made = announcement(to=rows, kind=TELLING, at=AT, what="x")
        with django_assert_num_queries(6):  # savepoints, claim, people, messages, channels
            actions.send(made)
    channel(roles=["leader"], teams=[make.team()]), channel("mail")
    for rows in (people[:1], people):
        made = announcement(to=rows, kind=TELLING, at=AT, what="x")
        with django_assert_num_queries(10):  # and teams, roles, choices, dispatches
            actions.send(made)


# --- what people do to them


def test_switching_a_channel_off_drops_what_waits():
    made, by = channel(), make.person(role=Role.ADMINISTRATOR)
    tell(make.person())
    made.is_enabled = False
    channel_actions.save_channel(channel=made, changed=["is_enabled"], by=by, at=AT)
    assert states() == [("dropped", 0)]


def test_a_test_message_goes_at_any_hour_through_a_channel_that_is_off(group):
    made, by = robot(group, is_enabled=False, **NIGHT), make.person(role=Role.ADMINISTRATOR)
    channel_actions.send_test(channel=made, by=by, at=make.at(23))
    assert group.posted == []  # the relay's work, not the request's
    work(made, make.at(23))
    assert group.texts[0].splitlines()[:2] == ["[班务台] 测试消息", "本渠道工作正常。"]
    actions.send_queued()
    assert [message.person for message in Message.objects.all()] == [by]
    assert Dispatch.objects.count() == 1


def test_a_test_of_the_mail_needs_ones_own_address(mailoutbox):
    made, by = channel("mail"), make.person(role=Role.ADMINISTRATOR)
    with pytest.raises(channel_actions.Refused) as refused:
        channel_actions.send_test(channel=made, by=by, at=AT)
    assert refused.value.code == "no_own_address"
    by.email = "keeper@example.cn"
    by.save()
    channel_actions.send_test(channel=made, by=by, at=AT)
    work(made)
    assert [letter.to for letter in mailoutbox] == [["keeper@example.cn"]]


def test_what_was_given_up_is_tried_again_when_somebody_says_so(group):
    made, by = robot(group), make.person(role=Role.ADMINISTRATOR)
    tell(make.person())
    Dispatch.objects.update(tries=7)
    group.answers.append((500, {}))
    work(made)
    row = Dispatch.objects.select_related("channel").get()
    assert (row.status, list(Channel.objects.failing())) == ("failed", [made])
    channel_actions.try_again(dispatch=row, by=by, at=later(5))
    work(made, later(5))
    assert (states(), list(Channel.objects.failing())) == ([("sent", 1)], [])
    with pytest.raises(channel_actions.Refused) as refused:
        channel_actions.try_again(dispatch=row, by=by, at=later(5))
    assert refused.value.code == "wrong_state"


def test_the_mail_box_of_the_tests_is_empty_at_first():
    assert mail.outbox == []
