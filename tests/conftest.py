"""What every test stands on: state in a folder of its own, a database that can be emptied, signed-in clients."""

import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client, TransactionTestCase
from django.utils.translation import trans_real

from board import live, wall
from handover import triggers as handover_triggers
from journal import triggers

PLAIN_STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_configure(config):
    """Nothing of a test run ends up in var/, and nothing of var/ in a test."""
    config.state_dir = state = Path(tempfile.mkdtemp(prefix="callcentre-test-"))
    settings.STATE_DIR = state
    settings.STATIC_ROOT = state / "static"
    settings.STATIC_ROOT.mkdir()
    settings.WHITENOISE_AUTOREFRESH = True  # looks a file up when asked, rather than all of them for each client
    settings.MEDIA_ROOT = state / "media"
    settings.SEAL_DIR = state / "seals"
    settings.CLOCK_FILE = ""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": PLAIN_STATIC_FILES}
    database = settings.DATABASES["default"]
    if database["ENGINE"] == "django.db.backends.sqlite3":
        # A file, as in production: one in memory has neither WAL nor a second process.
        database.setdefault("TEST", {})["NAME"] = str(state / "test.sqlite3")
    if not hasattr(config, "workerinput"):
        call_command("compile_catalogues", verbosity=0)
        trans_real._translations.clear()  # on a fresh checkout they were read before they were made


def pytest_unconfigure(config):
    shutil.rmtree(config.state_dir, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _journal_can_be_emptied():
    """Emptying the tables after a transactional test needs the append-only triggers out of the way.

    The flush ends with post_migrate, which makes them again.
    """
    teardown = TransactionTestCase._fixture_teardown

    def without_triggers(self):
        for alias in self._databases_names(include_mirrors=False):
            triggers.drop(connections[alias])
            handover_triggers.drop(connections[alias])
        teardown(self)

    TransactionTestCase._fixture_teardown = without_triggers
    yield
    TransactionTestCase._fixture_teardown = teardown


@pytest.fixture
def client_of(db):
    """`client_of(person)` is a browser in which the person has signed in."""

    def sign_in(person, **options):
        client = Client(**options)
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _nothing_kept_of_another_test():
    """What a process keeps of the floor's screens is of the database of its test."""
    live.KEPT.forget()
    wall.KEPT.forget()
