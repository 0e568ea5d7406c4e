"""The wall display: who makes its address, whom the address opens it to, and what may not stand on it."""

import pytest
from django.core.signing import Signer

from board import wall
from journal.models import Entry
from people.models import Centre, Role
from tests import make, make_escalations

pytestmark = pytest.mark.django_db

AT = make.at(10, 30)


@pytest.fixture
def at(monkeypatch):
    monkeypatch.setattr("callcentre.clock.now", lambda: AT)


@pytest.fixture
def centre(at):
    """A centre on a Monday morning, whose wall has an address."""
    found = make_escalations.line().centre
    found.wall_key = "k" * 43
    found.save()
    return found


def address(centre, poll=False, **asked):
    return f"/wall/{wall.token_of(centre)}/" + ("poll/" if poll else "")


def test_anybody_with_the_address_sees_it_without_a_session(client, centre, django_assert_num_queries):
    client.get(address(centre))
    wall.KEPT.forget()
    with django_assert_num_queries(8):  # centre, mark, shifts, three of the desks, duties, notices
        response = client.get(address(centre))
    assert response.status_code == 200
    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store",
        "noindex, nofollow",
        "no-referrer",
    )
    assert response.cookies == {}


@pytest.mark.parametrize("poll", [False, True])
def test_nothing_tells_a_wrong_address_from_a_revoked_one(client, centre, poll):
    other = make.centre(name="远山客服中心")
    other.wall_key = "o" * 43
    other.save()
    signature = wall.token_of(centre).partition(":")[2]
    wrong = [
        f"{other.pk}:{signature}",  # another centre's
        f"{centre.pk}:{'B' if signature[0] == 'A' else 'A'}{signature[1:]}",  # one letter wrong
        f"{centre.pk}:",
        f"{centre.pk}",
        "0:0",
        f"٣:{signature}",
        "9" * 30 + f":{signature}",
        Signer(salt="board.wall:").sign(centre.pk),  # made with no key at all
    ]
    for token in wrong:
        assert (token, client.get(f"/wall/{token}/{'poll/' if poll else ''}").status_code) == (token, 404)


def test_a_centre_without_a_key_has_no_wall(client, at):
    centre = make.centre()
    assert wall.token_of(centre) == ""
    assert client.get(f"/wall/{Signer(salt='board.wall:').sign(centre.pk)}/").status_code == 404


def test_a_new_address_revokes_the_old_one_and_is_in_the_journal(client, client_of, centre):
    old, director = address(centre), make.person(role=Role.DIRECTOR)
    assert client_of(director).post("/wall/renew/").status_code == 302
    assert client.get(old).status_code == 404
    assert client.get(f"{old}poll/").status_code == 404
    centre = Centre.objects.get(pk=centre.pk)
    assert client.get(address(centre)).status_code == 200
    row = Entry.objects.get(verb="centre.wall_renewed")
    assert (row.actor, row.centre_id, row.object_id, row.facts) == (director, centre.pk, centre.pk, {})


@pytest.mark.parametrize("role", Role)
def test_leaders_and_directors_keep_the_address(client_of, role, centre):
    client = client_of(make.person(role=role))
    expected = (200, 302) if role in wall.KEEPERS else (403, 403)
    assert (client.get("/wall/").status_code, client.post("/wall/renew/").status_code) == expected


def test_the_link_page_names_the_address_in_the_language_and_brightness_asked_for(client_of, centre):
    client = client_of(make.person(role=Role.LEADER))
    page = client.get("/wall/", {"lang": "en", "theme": "dark"})
    assert page.context["address"] == f"http://testserver{address(centre)}?lang=en&theme=dark"
    assert client.get(page.context["address"]).status_code == 200


def test_it_is_only_read(client, client_of, centre):
    assert client.post(address(centre)).status_code == 405
    assert client.post(address(centre, poll=True)).status_code == 405
    assert client_of(make.person(role=Role.LEADER)).get("/wall/renew/").status_code == 405


@pytest.mark.parametrize(
    ("asked", "language", "theme"),
    [
        ({}, "zh-Hans", "auto"),
        ({"lang": "en", "theme": "dark"}, "en", "dark"),
        ({"lang": "x", "theme": "x"}, "zh-Hans", "auto"),
    ],
)
def test_its_language_and_brightness_are_in_the_address(client, centre, asked, language, theme):
    html = client.get(address(centre), asked).content.decode()
    assert f'<html lang="{language}" data-theme="{theme}">' in html


def test_a_poll_of_what_has_not_changed_is_empty_and_costs_two_statements(client, centre, django_assert_num_queries):
    page = client.get(address(centre))
    with django_assert_num_queries(2):  # centre, mark
        response = client.get(address(centre, poll=True), {"v": page["X-Live-Version"]})
    assert (response.status_code, response.content) == (204, b"")


def test_the_address_stays_out_of_logs(centre, caplog, client):
    from callcentre.logs import WithoutTokens  # noqa: PLC0415

    token = wall.token_of(centre)
    caplog.handler.addFilter(WithoutTokens())
    centre.wall_key = ""
    centre.save()
    client.get(f"/wall/{token}/")
    assert [record.getMessage() for record in caplog.records] == [f"Not Found: /wall/{centre.pk}:…/"]
