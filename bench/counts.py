"""What does not depend on the machine: the SQL statements and the Python calls of a warm request.

`python -m bench.counts bench.scene` prints the pages of a scene with their counts as JSON.
"""

import json
import sys
from importlib import import_module
from urllib.parse import urlencode

import django
from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

TOKEN = "b" * 32  # the same in the cookie and in the form is what CSRF asks for
FORM = "application/x-www-form-urlencoded"


# What the journal's row, its lock and its savepoint ask.
THE_JOURNALS = ("journal_", "pg_advisory_xact_lock_shared", "SAVEPOINT")


def besides_the_journals(statements):
    return [sql for sql in statements if not any(mark in sql for mark in THE_JOURNALS)]


class Visitor:
    """Somebody signed in, or a stranger, whose requests go through all of Django but the server."""

    def __init__(self, user=None):
        self.cookie = f"{signed_in(user)}; csrftoken={TOKEN}" if user else ""
        self.requests = RequestFactory(SERVER_NAME="127.0.0.1", HTTP_COOKIE=self.cookie)
        self.handler = BaseHandler()
        self.handler.load_middleware()

    def request(self, path, post=None):
        response = self.handler.get_response(self._made(path, post))
        if response.status_code >= (300 if post is None else 400):
            raise RuntimeError(f"{path} answers {response.status_code}")
        return response

    def _made(self, path, post):
        if post is None:
            return self.requests.get(path)
        return self.requests.post(path, body(post), content_type=FORM)

    def statements(self, path, post=None):
        """The SQL of a warm request, statement by statement."""
        self.request(path, post)
        with CaptureQueriesContext(connection) as captured:
            self.request(path, post)
        return [query["sql"] for query in captured]

    def calls(self, path, post=None):
        """How many Python functions a warm request calls."""
        self.request(path, post)
        counted = 0

        def count(_frame, event, _argument):
            nonlocal counted
            counted += event == "call"

        sys.setprofile(count)
        try:
            self.request(path, post)
        finally:
            sys.setprofile(None)
        return counted

    def page(self, name, path, post=None):
        """The page as bench/__main__.py asks for it, with its counts."""
        return {
            "name": name,
            "path": path,
            "body": body(post) if post else None,
            "cookie": self.cookie,
            "statements": len(self.statements(path, post)),
            "calls": self.calls(path, post),
        }


def signed_in(user):
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def body(post):
    return urlencode({**post, "csrfmiddlewaretoken": TOKEN})


if __name__ == "__main__":
    django.setup()
    print(json.dumps(list(import_module(sys.argv[1]).pages())))
