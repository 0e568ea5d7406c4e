"""What a process keeps of a screen that many look at: drawn when something happened, but not for each of a hundred."""

import datetime as dt

import pytest

from callcentre import parts
from tests import make

AT = make.at(16)


class Centre:
    pk = 1


@pytest.fixture
def screen(monkeypatch):
    """`screen(mark, seconds)` is the version that is shown when the journal is at `mark`."""
    monkeypatch.setattr("callcentre.parts.YOUNG", dt.timedelta(seconds=0.75))
    kept = parts.Kept(lambda _centre, mark, at: parts.Drawn(mark, at, AT + dt.timedelta(seconds=30)))

    def show(mark, seconds, **options):
        return kept.get(Centre(), mark, AT + dt.timedelta(seconds=seconds), **options).version

    return show


def version(mark):
    return parts.version(mark, AT + dt.timedelta(seconds=30))


def test_what_has_not_changed_is_not_drawn_again(screen):
    assert [screen(1, 0), screen(1, 20)] == [version(1), version(1)]


def test_however_much_happens_it_is_drawn_once_in_three_quarters_of_a_second(screen):
    shown = [screen(mark, mark / 4) for mark in range(8)]
    assert shown == [version(mark) for mark in (0, 0, 0, 3, 3, 3, 6, 6)]


def test_a_screen_of_before_asks_again(screen):
    """It names the mark it was drawn at, not the journal's: so the next poll finds that it is not the newest."""
    screen(1, 0)
    shown = screen(2, 0.5)
    assert (parts.is_current(shown, 2, AT), screen(2, 2.5)) == (False, version(2))


def test_who_has_just_done_something_sees_it(screen):
    screen(1, 0)
    assert screen(2, 0.1, fresh=True) == version(2)


def test_what_the_clock_changes_is_not_held_back(screen):
    """Past its moment nothing is young: each look draws."""
    assert [screen(1, 29.9), screen(2, 30.1), screen(3, 30.2)] == [version(1), version(2), version(3)]
