"""How many SQL statements the main pages cost: whatever the machine, and whatever the history behind them."""

import datetime as dt
import re

import pytest
from django.db import transaction

from bench import scene
from bench.counts import Visitor, besides_the_journals
from board.demo import editing, history, swaps
from board.demo.centre import found
from board.demo.week import Week
from tests import make

pytestmark = [
    pytest.mark.django_db,  # without it the database is not made
    pytest.mark.xdist_group("costs"),
]

AT = make.at(10, 30)


@pytest.fixture(scope="module")
def asked(django_db_setup, django_db_blocker, tmp_path_factory):
    """{page: its statements} at the demo centre on Monday at 10:30, with a fortnight of history before its week."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr("callcentre.clock.now", lambda: AT)
        patch.setattr("django.conf.settings.SEAL_DIR", tmp_path_factory.mktemp("seals"))
        since = make.MONDAY - dt.timedelta(days=7)
        centre = found(make.MONDAY, AT, agents=48, opened_on=since - dt.timedelta(days=14))
        history.live(centre, since)
        Week(centre, since, AT).live()
        swaps.wait(centre, make.MONDAY, AT)
        editing.edit(centre, AT)
        patch.setattr(Visitor, "page", lambda visitor, name, path, post=None: (name, visitor.statements(path, post)))
        found_out = dict(scene.pages())
        transaction.set_rollback(True)
    return found_out


def over(statements):
    return pytest.mark.xfail(strict=True, reason=f"asks {statements} statements")


@pytest.mark.parametrize(
    ("page", "at_most"),
    [
        pytest.param("start page, leader", 8, marks=over(12)),
        ("start page, agent", 8),
        ("my desk", 8),
        ("my month", 8),
        ("roster month", 12),
        ("roster draft", 12),
        ("publish a roster", 12),
        ("open swap", 12),
        ("open leave", 12),
        ("log", 8),
        ("case", 8),
        ("bell, unchanged", 4),
        ("live floor", 12),
        ("live floor, unchanged", 4),
        ("health", 0),
    ],
)
def test_a_page_asks_the_database_no_more_than_agreed(asked, page, at_most):
    tables = [re.sub(r'^.*? FROM "(\w+)".*$', r"\1", sql, flags=re.DOTALL) for sql in asked[page]]
    assert len(tables) <= at_most, tables


def test_an_entry_asks_for_eight_statements_besides_the_journals(asked):
    own = besides_the_journals(asked["write an entry"])
    assert len(own) <= 8, own
