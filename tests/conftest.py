"""What every test stands on: state in a folder of its own, a database that can be emptied, signed-in clients."""

import datetime as dt
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.test import Client, TransactionTestCase
from django.utils.translation import trans_real
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from board import live, wall
from callcentre import triggers as callcentre_triggers
from handover import relief_board
from handover import triggers as handover_triggers
from journal import triggers

PLAIN_STATIC_FILES = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}


def pytest_configure(config):
    """Nothing of a test run ends up in var/, and nothing of var/ in a test."""
    hypothesis.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis.load_profile("unhurried")  # a busy machine refutes nothing
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


def pytest_make_parametrize_id(val, argname):
    """A file's bytes name no test: a workbook holds the second it was made, and every worker makes its own."""
    return argname if isinstance(val, bytes) else None


def pytest_unconfigure(config):
    shutil.rmtree(config.state_dir, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb(request, django_db_modify_db_settings):
    """On SQLite every run begins with a copy of a database that was migrated once for this state of the migrations.

    Django still migrates the copy, which finds nothing to do and makes the triggers again.
    """
    if connection.vendor != "sqlite":
        return request.config.getvalue("reuse_db")
    folder = request.config.cache.mkdir("migrated")
    migrated = folder / f"{state_of_migrations()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of several workers the first makes it
        if not migrated.exists():
            for old in folder.glob("*.sqlite3*"):
                old.unlink()
            migrate(migrated, request.config.state_dir)
        shutil.copyfile(migrated, connection.settings_dict["TEST"]["NAME"])
    return True


def state_of_migrations():
    """A digest of all that a migrated database is made from."""
    root = settings.BASE_DIR
    found = [*root.glob("*/migrations/*.py"), root / "requirements.txt", root / "callcentre" / "settings.py"]
    digest = hashlib.sha256(sys.version.encode())
    for path in sorted(found):
        digest.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def migrate(path, state):
    draft = path.with_suffix(".draft")
    draft.unlink(missing_ok=True)
    env = os.environ | {"DATABASE_URL": f"sqlite:///{draft}", "STATE_DIR": str(state)}
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    made = subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True)
    if made.returncode:
        raise RuntimeError(f"the tests' database was not migrated:\n{made.stdout}{made.stderr}")
    draft.rename(path)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    yield
    with django_db_blocker.unblock():
        connections.close_all()


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
            callcentre_triggers.drop_all(connections[alias])
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
def _nothing_kept_of_another_test(monkeypatch):
    """What a process keeps of the floor's screens is of the database of its test, where the clock stands still."""
    monkeypatch.setattr("callcentre.parts.YOUNG", dt.timedelta(0))
    for kept in (live.KEPT, wall.KEPT, relief_board.KEPT):
        kept.forget()
