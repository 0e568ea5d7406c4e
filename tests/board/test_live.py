"""The live floor: who reads it, what each role sees, what a poll answers, and what it costs."""

import pytest

from board import live
from people.models import Role
from tests import make, make_escalations

pytestmark = pytest.mark.django_db

AT = make.at(10, 30)
POLL = "/live/poll/"


@pytest.fixture
def at(monkeypatch):
    """`at(moment)` sets the clock; it stands at half past ten."""

    def set_(moment):
        monkeypatch.setattr("callcentre.clock.now", lambda: moment)

    set_(AT)
    return set_


def parts_of(response):
    return {part.code: part for part in response.context["parts"]}


class Screen:
    """The live floor open in somebody's browser, polling."""

    def __init__(self, client):
        self.client = client
        page = client.get("/live/")
        assert page.status_code == 200
        self.parts, self.version = parts_of(page), page["X-Live-Version"]

    def poll(self, **also):
        asked = {code: part.digest for code, part in self.parts.items()}
        response = self.client.get(POLL, {"v": self.version, **asked, **also})
        self.version = response["X-Live-Version"]
        if response.status_code == 200:
            self.parts |= parts_of(response)
        return response


def changed(response):
    return sorted(parts_of(response)) if response.status_code == 200 else response.status_code


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("address", ["/live/", POLL])
def test_leaders_directors_and_inspectors_read_it(client_of, role, address):
    expected = 200 if role in live.READERS else 403
    assert client_of(make.person(role=role)).get(address).status_code == expected


def test_it_is_only_read(client_of):
    client = client_of(make.person(role=Role.LEADER))
    assert [client.post(address).status_code for address in ("/live/", POLL)] == [405, 405]


def test_a_poll_of_what_has_not_changed_is_empty_and_kept_by_nobody(client_of, at):
    screen = Screen(client_of(make_escalations.line().leader))
    response = screen.poll(unread=0)
    assert (response.status_code, response.content, response["Cache-Control"]) == (204, b"", "no-store")


def test_only_what_changed_is_sent(client_of, at):
    people = make_escalations.line()
    screen = Screen(client_of(people.leader))
    make_escalations.case(people, at=AT)
    assert changed(screen.poll()) == ["requests"]
    assert changed(screen.poll()) == 204


def test_what_is_sent_is_what_a_reload_shows(client_of, at):
    people = make_escalations.line()
    client = client_of(people.leader)
    screen = Screen(client)
    make_escalations.case(people, at=AT)
    screen.poll()
    assert {code: part.digest for code, part in screen.parts.items()} == {
        code: part.digest for code, part in Screen(client).parts.items()
    }
