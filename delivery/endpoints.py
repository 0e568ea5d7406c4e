"""The ends of the channels: three robots and the mail server. Only the relay talks to them, never a request.

Each has TIMEOUT seconds to be reached and as many to answer; no redirect is followed, and only a short answer read.
"""

import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import smtplib
import socket
import ssl
import threading
from urllib.parse import quote_plus, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from callcentre.refusals import Refused
from delivery.failures import Failure
from delivery.rules import check_address

TIMEOUT = 5
LONGEST_ANSWER = 16_384
NO_MAIL = "django.core.mail.backends.dummy.EmailBackend"
A_MINUTE = 60


def endpoint_of(channel):
    """What has `post(letter, at)`, which returns when the message is taken and raises Failure otherwise."""
    return Mail() if channel.is_mail else Robot(channel)


class Robot:
    def __init__(self, channel):
        self.kind, self.address, self.secret = channel.kind, channel.address, channel.secret

    def post(self, letter, at):
        try:
            check_address(self.kind, self.address, settings.ROBOT_HOSTS)
        except Refused as refused:
            raise Failure("address") from refused
        address, payload = SIGNED[self.kind](self.address, self.secret, letter.text, at)
        check_answer(post_json(address, payload))

    def close(self):
        """Each message has its own connection."""


def wecom(address, secret, text, at):
    return address, {"msgtype": "text", "text": {"content": text}}


def dingtalk(address, secret, text, at):
    """Signed in the address: the milliseconds and the secret, by the secret."""
    moment = str(int(at.timestamp() * 1000))
    sign = quote_plus(_hmac(secret, f"{moment}\n{secret}"))
    separator = "&" if urlsplit(address).query else "?"
    signed = f"{address}{separator}timestamp={moment}&sign={sign}"
    return signed, {"msgtype": "text", "text": {"content": text}}


def feishu(address, secret, text, at):
    """Signed in the body: nothing at all, by the seconds and the secret."""
    moment = str(int(at.timestamp()))
    signed = {"timestamp": moment, "sign": _hmac(f"{moment}\n{secret}", "")}
    return address, signed | {"msg_type": "text", "content": {"text": text}}


SIGNED = {"wecom": wecom, "dingtalk": dingtalk, "feishu": feishu}
TOO_MANY = {45009, 130101, 11232, 9499}  # "too many messages", as the vendors number it


def _hmac(key, message):
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def check_answer(answer):
    """WeCom and DingTalk say `errcode`, Feishu says `code`: 0 where the message was taken."""
    code = answer.get("errcode", answer.get("code")) if isinstance(answer, dict) else None
    if not isinstance(code, int):
        raise Failure("answer")
    if code in TOO_MANY:
        raise Failure("limit", wait=A_MINUTE)
    if code:
        raise Failure(f"vendor:{code}")


def post_json(address, payload):
    """What the endpoint answers. Raises Failure."""
    parts = urlsplit(address)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection, expired = make(parts.hostname, parts.port, timeout=TIMEOUT), threading.Event()
    with contextlib.closing(connection), http_failures(expired):
        connection.connect()
        with limited(connection.sock, expired):
            connection.request("POST", path, json.dumps(payload).encode(), {"Content-Type": "application/json"})
            with connection.getresponse() as response:
                if response.status != 200:
                    raise failed(response.status)
                return json.loads(response.read(LONGEST_ANSWER))


def failed(status):
    return Failure("limit", wait=A_MINUTE) if status == 429 else Failure(f"http:{status}")


@contextlib.contextmanager
def limited(sock, expired):
    """Cut the connection after TIMEOUT: a socket's own timeout begins anew with every byte that drips in."""

    def cut():
        expired.set()
        with contextlib.suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)

    guard = threading.Timer(TIMEOUT, cut)
    guard.start()
    try:
        yield
    finally:
        guard.cancel()


@contextlib.contextmanager
def http_failures(expired):
    try:
        yield
    except ssl.SSLError as error:
        raise Failure("tls") from error
    except TimeoutError as error:
        raise Failure("timeout") from error
    except OSError as error:
        raise Failure("timeout" if expired.is_set() else "connect") from error
    except (http.client.HTTPException, ValueError) as error:
        raise Failure("timeout" if expired.is_set() else "answer") from error


class Mail:
    """One connection for all letters of a round. A recipient that the server refuses stops nobody else's."""

    connection = None

    def post(self, letter, at):
        if settings.EMAIL_BACKEND == NO_MAIL:
            raise Failure("no_mail")
        body = "\n".join([*letter.lines, letter.link, ""])
        headers = {"Auto-Submitted": "auto-generated"}
        with mail_failures():
            if self.connection is None:
                connection = get_connection(fail_silently=False)
                connection.open()
                self.connection = connection
            EmailMessage(letter.subject, body, to=[letter.to], connection=self.connection, headers=headers).send()

    def close(self):
        if self.connection is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                self.connection.close()


@contextlib.contextmanager
def mail_failures():
    """An SMTP client's many errors as one Failure."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        raise Failure("recipient", of_channel=False) from error
    except TimeoutError as error:
        raise Failure("timeout") from error
    except ssl.SSLError as error:
        raise Failure("tls") from error
    except (smtplib.SMTPServerDisconnected, ConnectionError) as error:
        raise Failure("connect") from error
    except smtplib.SMTPException as error:
        raise Failure("mail") from error
    except OSError as error:
        raise Failure("connect") from error
