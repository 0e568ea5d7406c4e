import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Role
from tests import make, make_floor

pytestmark = pytest.mark.django_db
LIST = reverse("admin:floor_leaveofpost_changelist")


def listed(client, **query):
    return list(client.get(LIST, query).context["cl"].result_list)


@pytest.mark.parametrize("count", [1, 10])
def test_leaves_of_the_post_are_found_by_state_and_person(client_of, count):
    floor = make_floor.floor(agents=count)
    leaves = [make_floor.back(floor, person) for person in floor.agents]
    client = client_of(make.person(role=Role.DIRECTOR))
    with CaptureQueriesContext(connection) as queries:
        assert listed(client) == leaves[::-1]
    assert len(queries) == 5
    assert listed(client, status__exact="out") == []
    assert listed(client, q=floor.agents[0].employee_number) == leaves[:1]


@pytest.mark.parametrize(
    ("role", "status"), [(Role.DIRECTOR, 200), (Role.CENTRE_DIRECTOR, 200), (Role.ADMINISTRATOR, 403)]
)
def test_directors_read_and_nobody_changes(client_of, role, status):
    client, leave = client_of(make.person(role=role)), make_floor.asked(make_floor.floor())
    change = reverse("admin:floor_leaveofpost_change", args=[leave.pk])
    assert (client.get(LIST).status_code, client.get(change).status_code) == (status, status)
    assert client.get(reverse("admin:floor_leaveofpost_add")).status_code == 403
    assert client.post(change, {"minutes": 1}).status_code == 403


def test_another_centres_are_not_there(client_of):
    leave = make_floor.asked(make_floor.floor())
    client = client_of(make.person(role=Role.DIRECTOR, centre=make.centre(name="远山客服中心")))
    assert listed(client) == []
    assert client.get(reverse("admin:floor_leaveofpost_change", args=[leave.pk])).status_code == 302
