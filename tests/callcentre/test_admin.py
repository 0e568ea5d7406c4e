import pytest
from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.urls import reverse

from callcentre.admin import EvidenceAdmin, OwnRows
from people.models import Role
from rulebook.models import Section
from tests import make

pytestmark = pytest.mark.django_db
REGISTERED = sorted(admin.site._registry.values(), key=lambda its_admin: its_admin.model._meta.label)
EVIDENCE = [its_admin for its_admin in REGISTERED if isinstance(its_admin, EvidenceAdmin)]


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


@pytest.mark.parametrize("its_admin", EVIDENCE, ids=str)
def test_nobody_adds_edits_or_deletes_what_happened(rf, its_admin):
    for role in Role:
        request = rf.get("/")
        request.user = make.person(role=role)
        reads = role in (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
        assert its_admin.has_view_permission(request) == reads
        changes = [its_admin.has_add_permission, its_admin.has_change_permission, its_admin.has_delete_permission]
        assert [may(request) for may in changes] == [False] * 3


@pytest.mark.parametrize("its_admin", REGISTERED, ids=str)
def test_filters_offer_the_rows_of_the_persons_centre(rf, its_admin):
    request = rf.get("/")
    request.user = make.person(role=Role.DIRECTOR)
    for named in its_admin.get_list_filter(request):
        if isinstance(named, tuple):
            assert named[1] is OwnRows
        elif isinstance(named, str):
            field = get_fields_from_path(its_admin.model, named)[-1]
            assert field.related_model is None or field.related_model is Section


def test_a_teams_filter_does_not_name_other_centres_teams(client_of):
    make.team(name="甲班"), make.team(name="乙班")
    make.team(name="远班", centre=make.centre(name="远山客服中心"))
    page = client_of(make.person(role=Role.DIRECTOR)).get(reverse("admin:shifts_shift_changelist")).content.decode()
    assert ["甲班" in page, "乙班" in page, "远班" in page] == [True, True, False]
