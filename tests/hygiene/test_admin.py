import pytest
from django.urls import reverse

from duties.models import Duty
from hygiene.models import Clean, PlantSkip
from people.models import Role
from tests import make, make_hygiene

pytestmark = pytest.mark.django_db


@pytest.fixture
def skip():
    """A plant left out of a watering that is done."""
    by = make.person()
    duty = make_hygiene.duty(code="watering", status=Duty.Status.DONE, done_by=by, done_at=make.at(10))
    clean = Clean.objects.create(duty=duty, centre=duty.centre)
    return PlantSkip.objects.create(clean=clean, plant=make_hygiene.plant(), reason="刚换盆", by=by, at=make.at(9))


def address(model, page="changelist", *args):
    return reverse(f"admin:hygiene_{model._meta.model_name}_{page}", args=args)


def listed(client, model, **query):
    return list(client.get(address(model), query).context["cl"].result_list)


@pytest.mark.parametrize(
    ("role", "status"), [(Role.DIRECTOR, 200), (Role.CENTRE_DIRECTOR, 200), (Role.ADMINISTRATOR, 403)]
)
def test_directors_read_cleans_and_plants_left_out(client_of, skip, role, status):
    client = client_of(make.person(role=role))
    for row in (skip, skip.clean):
        change = address(type(row), "change", row.pk)
        assert (client.get(address(type(row))).status_code, client.get(change).status_code) == (status, status)
        assert client.get(address(type(row), "add")).status_code == 403
        assert client.post(change, {"reason": "x"}).status_code == 403


def test_they_are_found_by_state_and_plant_in_their_own_centre(client_of, skip):
    client = client_of(make.person(role=Role.DIRECTOR))
    assert listed(client, Clean, duty__status__exact="done") == [skip.clean]
    assert listed(client, Clean, duty__status__exact="missed") == []
    assert listed(client, PlantSkip, plant__id__exact=skip.plant_id) == [skip]
    stranger = client_of(make.person(role=Role.DIRECTOR, centre=make.centre(name="远山客服中心")))
    assert (listed(stranger, Clean), listed(stranger, PlantSkip)) == ([], [])
