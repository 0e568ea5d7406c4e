"""What really goes over the wire: three robots and a mail server, each a real server on this machine."""

import base64
import email
import email.policy
import hashlib
import hmac
import json

import pytest
from django.db import connection

from delivery import endpoints
from delivery.failures import Failure
from delivery.letters import Letter
from tests import endpoints as others
from tests import make
from tests.make_delivery import channel

AT = make.at(9, 1)
SECONDS = 1795395660  # of AT
LETTER = Letter("[班务台] 值班事项", ("有一条新消息，请登录查看。",), "http://127.0.0.1:8000/duties/3/")
TEXT = "[班务台] 值班事项\n有一条新消息，请登录查看。\nhttp://127.0.0.1:8000/duties/3/"
SECRET = "SEC-of-the-group"


@pytest.fixture
def group(settings):
    with others.group() as group:
        settings.ROBOT_HOSTS = [group.host]
        yield group


@pytest.fixture
def post_office(settings):
    with others.post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = others.HOST, office.port
        yield office


def post(kind, group, path="/robot", **fields):
    endpoints.endpoint_of(Unsaved(kind, group.address(path), **fields)).post(LETTER, AT)


class Unsaved:
    is_mail = False

    def __init__(self, kind, address, secret=""):
        self.kind, self.address, self.secret = kind, address, secret


def signature(key, message):
    """By hand, from the vendors' pages: Base64 of HMAC-SHA256."""
    return base64.encodebytes(hmac.digest(key.encode(), message.encode(), "sha256")).decode().strip()


def test_wecom_is_sent_a_text(group):
    post("wecom", group, "/cgi-bin/webhook/send?key=693a")
    (posted,) = group.posted
    assert (posted.path, posted.query) == ("/cgi-bin/webhook/send", {"key": "693a"})
    assert posted.body == {"msgtype": "text", "text": {"content": TEXT}}


def test_dingtalk_is_signed_in_its_address(group):
    post("dingtalk", group, "/robot/send?access_token=566c", secret=SECRET)
    (posted,) = group.posted
    moment = f"{SECONDS}000"
    sign = signature(SECRET, f"{moment}\n{SECRET}")
    assert posted.query == {"access_token": "566c", "timestamp": moment, "sign": sign}
    assert posted.body == {"msgtype": "text", "text": {"content": TEXT}}


def test_feishu_is_signed_in_its_body(group):
    post("feishu", group, "/open-apis/bot/v2/hook/2b7e", secret=SECRET)
    (posted,) = group.posted
    inner = hashlib.sha256(pad(f"{SECONDS}\n{SECRET}", 0x36)).digest()
    sign = base64.b64encode(hashlib.sha256(pad(f"{SECONDS}\n{SECRET}", 0x5C) + inner).digest()).decode()
    assert (posted.path, posted.query) == ("/open-apis/bot/v2/hook/2b7e", {})
    assert posted.body == {
        "timestamp": str(SECONDS),
        "sign": sign,
        "msg_type": "text",
        "content": {"text": TEXT},
    }


def pad(key, byte):
    """HMAC as its standard writes it, for a key of at most a block."""
    return bytes(number ^ byte for number in key.encode().ljust(64, b"\0"))


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [
        (500, {}, "http:500"),
        (404, b"<html>", "http:404"),
        (429, {}, "limit"),
        (302, {}, "http:302"),
        (200, b"<html>", "answer"),
        (200, [], "answer"),
        (200, {}, "answer"),
        (200, {"errcode": "0"}, "answer"),
        (200, {"errcode": 93000, "errmsg": "invalid webhook url"}, "vendor:93000"),
        (200, {"code": 19021, "msg": "sign match fail"}, "vendor:19021"),
        (200, {"errcode": 45009}, "limit"),
        (200, b'{"errcode": 0' + b" " * 20_000 + b"}", "answer"),
    ],
)
def test_an_answer_that_is_no_yes(group, status, answer, code):
    group.answers.append((status, answer))
    with pytest.raises(Failure) as failure:
        post("wecom", group)
    assert (failure.value.code, len(group.posted)) == (code, 1)


def test_nobody_at_the_address(settings):
    with others.group() as gone:
        settings.ROBOT_HOSTS = [gone.host]
    with pytest.raises(Failure) as failure:
        post("wecom", gone)
    assert failure.value.code == "connect"


@pytest.mark.parametrize("timeout", [0.2])
def test_one_that_never_answers_is_left(group, monkeypatch, timeout):
    monkeypatch.setattr(endpoints, "TIMEOUT", timeout)
    group.hangs = True
    with pytest.raises(Failure) as failure:
        post("wecom", group)
    assert failure.value.code == "timeout"


@pytest.mark.parametrize("address", ["", "http://127.0.0.1:9/robot", "https://169.254.169.254/cgi-bin/webhook/send"])
def test_an_address_that_is_no_robots_is_never_asked(address, settings):
    """Not even where it came into the database past the forms."""
    settings.ROBOT_HOSTS = []
    with pytest.raises(Failure) as failure:
        endpoints.endpoint_of(Unsaved("wecom", address)).post(LETTER, AT)
    assert failure.value.code == "address"


def test_two_letters_go_over_one_connection(post_office):
    mail = endpoints.endpoint_of(channel_of_mail())
    for name in ("li", "wang"):
        mail.post(Letter("[班务台] 值班事项", ("请登录查看。",), "http://x/", f"{name}@example.cn"), AT)
    mail.close()
    assert [to for to, _text in post_office.letters] == ["li@example.cn", "wang@example.cn"]
    message = email.message_from_bytes(post_office.letters[0][1].encode(), policy=email.policy.default)
    assert (message["Subject"], message["To"], message["From"], message["Auto-Submitted"]) == (
        "[班务台] 值班事项",
        "li@example.cn",
        "shift-desk@localhost",
        "auto-generated",
    )
    assert message.get_content().split() == ["请登录查看。", "http://x/"]


def test_a_recipient_that_is_refused_is_nobody_elses_failure(post_office):
    post_office.unknown.add("gone@example.cn")
    mail = endpoints.endpoint_of(channel_of_mail())
    with pytest.raises(Failure) as failure:
        mail.post(Letter("s", (), "http://x/", "gone@example.cn"), AT)
    mail.post(Letter("s", (), "http://x/", "li@example.cn"), AT)
    mail.close()
    assert (failure.value.code, failure.value.of_channel) == ("recipient", False)
    assert [to for to, _text in post_office.letters] == ["li@example.cn"]


def test_a_mail_server_that_is_not_there(settings):
    with others.post_office() as gone:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = others.HOST, gone.port
    with pytest.raises(Failure) as failure:
        endpoints.endpoint_of(channel_of_mail()).post(LETTER, AT)
    assert (failure.value.code, failure.value.of_channel) == ("connect", True)


def test_without_a_mail_server_in_the_settings(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    with pytest.raises(Failure) as failure:
        endpoints.endpoint_of(channel_of_mail()).post(LETTER, AT)
    assert failure.value.code == "no_mail"


def channel_of_mail():
    made = Unsaved("mail", "")
    made.is_mail = True
    return made


@pytest.mark.django_db
def test_the_database_keeps_no_address_and_no_secret_in_plain():
    made = channel("dingtalk", secret=SECRET)
    table = type(made)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT address, secret FROM {table}")  # noqa: S608 - a table of ours
        kept = json.dumps(cursor.fetchall())
    made.refresh_from_db()
    assert (made.secret, SECRET in kept, "access_token" in kept) == (SECRET, False, False)


@pytest.mark.django_db
def test_under_another_key_it_is_to_be_entered_again(settings):
    made = channel("dingtalk", secret=SECRET)
    settings.FIELD_KEY = "another"
    made.refresh_from_db()
    assert (made.address, made.secret) == ("", "")
