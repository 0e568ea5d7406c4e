"""Where somebody comes to whose session has ended: to the login, and then back to the page that they were on."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db

NOTE, LOGIN = "/handover/note/", "/accounts/login/?next="
HERE = "http://testserver"


@pytest.mark.parametrize(
    ("headers", "back"),
    [
        ({"Referer": f"{HERE}/handover/3/?page=2"}, "/handover/3/%3Fpage%3D2"),
        ({"Referer": f"{HERE}/handover/3/"}, "/handover/3/"),
        ({"Referer": "https://evil.example/"}, "/"),
        ({}, "/"),
    ],
)
def test_a_step_leads_back_to_its_page(headers, back):
    response = Client().post("/handover/3/entries/", headers=headers)
    assert (response.status_code, response["Location"]) == (302, LOGIN + back)


def test_a_page_leads_back_to_itself():
    response = Client().get(NOTE, headers={"Referer": f"{HERE}/handover/"})
    assert response["Location"] == LOGIN + NOTE


def test_a_step_in_a_fragment_takes_the_whole_page_to_the_login():
    headers = {"HX-Request": "true", "HX-Current-URL": f"{HERE}/handover/3/", "Referer": f"{HERE}/"}
    response = Client().post(NOTE, headers=headers)
    assert (response.status_code, response["HX-Redirect"]) == (401, f"{LOGIN}/handover/3/")


def test_a_poll_is_only_told():
    response = Client().get(reverse("delivery:poll_bell"), headers={"HX-Request": "true"})
    assert (response.status_code, "HX-Redirect" in response, response.content) == (401, False, b"")
