import pytest

from people.models import Role
from tests import make

pytestmark = pytest.mark.django_db


def test_the_admin_has_no_login_of_its_own(client):
    response = client.get("/admin/login/?next=/admin/journal/entry/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/?next=/admin/journal/entry/")
    assert client.post("/admin/login/", {"username": "1100", "password": "x"}).status_code == 302


def test_a_stranger_goes_by_the_login_page(client):
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1] == ("/accounts/login/?next=/admin/", 302)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.AGENT, 403),
        (Role.LEADER, 403),
        (Role.INSPECTOR, 403),
        (Role.SECURITY, 403),
        (Role.DIRECTOR, 200),
        (Role.CENTRE_DIRECTOR, 200),
        (Role.ADMINISTRATOR, 200),
    ],
)
def test_the_admin_is_opened_by_role(client_of, role, status):
    assert client_of(make.person(role=role)).get("/admin/", follow=True).status_code == status


def test_an_administrator_sees_no_case_and_no_journal(client_of):
    client = client_of(make.person(role=Role.ADMINISTRATOR))
    assert client.get("/admin/escalations/case/").status_code == 403
    assert client.get("/admin/journal/entry/").status_code == 403


def test_passwords_are_changed_where_the_product_does_it(client_of):
    response = client_of(make.person(role=Role.DIRECTOR)).get("/admin/password_change/")
    assert (response.status_code, response["Location"]) == (302, "/accounts/password/")
