import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journal.models import Entry
from people.models import Role
from shifts.models import Assignment, Desk, Leave, RollCall, Room, Roster, Rotation, Shift, ShiftType, Swap
from tests import make, make_rollcall, make_shifts, make_swaps

pytestmark = pytest.mark.django_db
EDITED, LOOKED_AT = (Room, Desk, ShiftType, Rotation), (Roster, Shift, Assignment)


def address(model, page="changelist", *args):
    return reverse(f"admin:shifts_{model._meta.model_name}_{page}", args=args)


def test_the_director_sees_all_and_edits_the_floor_but_no_roster(client_of):
    make_shifts.desks(count=1)
    make_shifts.roster()
    client = client_of(make_shifts.director())
    assert [client.get(address(model)).status_code for model in EDITED + LOOKED_AT] == [200] * 7
    assert [client.get(address(model, "add")).status_code for model in EDITED] == [200] * 4
    assert [client.get(address(model, "add")).status_code for model in LOOKED_AT] == [403] * 3
    rows = [model.objects.first() for model in EDITED + LOOKED_AT]
    assert [client.get(address(type(row), "change", row.pk)).status_code for row in rows] == [200] * 7
    row = Roster.objects.get()
    assert client.post(address(Roster, "change", row.pk), {"status": "archived"}).status_code == 403


def test_the_centre_director_looks_and_an_administrator_does_not(client_of):
    make_shifts.desks(count=1)
    watcher, administrator = make.person(role=Role.CENTRE_DIRECTOR), make.person(role=Role.ADMINISTRATOR)
    assert [client_of(watcher).get(address(model)).status_code for model in EDITED] == [200] * 4
    assert [client_of(watcher).get(address(model, "add")).status_code for model in EDITED] == [403] * 4
    assert [client_of(administrator).get(address(model)).status_code for model in EDITED + LOOKED_AT] == [403] * 7


def test_a_saved_room_is_recorded(client_of):
    director = make_shifts.director()
    client_of(director).post(address(Room, "add"), {"centre": director.centre_id, "name": "二号机房"})
    room = Room.objects.get(name="二号机房")
    assert [(entry.verb, entry.actor) for entry in Entry.objects.about(room)] == [("setting.saved", director)]


def rotation_form(centre, **data):
    places = {"places-TOTAL_FORMS": 0, "places-INITIAL_FORMS": 0}
    return {"centre": centre.pk, "name_zh": "自定", "name_en": "", "starts_on": "2026-11-23", **places, **data}


def test_a_cycle_is_written_as_codes_and_hyphens(client_of):
    director = make_shifts.director()
    made = make_shifts.rotation()
    client = client_of(director)
    client.post(address(Rotation, "add"), rotation_form(director.centre, cycle="d D，N -  –"))
    rotation = Rotation.objects.exclude(pk=made.pk).get()
    assert rotation.cycle == ["D", "D", "N", "", ""]
    page = client.get(address(Rotation, "change", rotation.pk))
    assert page.context["adminform"].form["cycle"].value() == "D D N - -"


@pytest.mark.parametrize("cycle", ["", "- -", "D X"])
def test_a_wrong_cycle_is_shown_again(client_of, cycle):
    director = make_shifts.director()
    make_shifts.rotation()
    page = client_of(director).post(address(Rotation, "add"), rotation_form(director.centre, cycle=cycle))
    assert list(page.context["adminform"].form.errors) == ["cycle"]
    assert Rotation.objects.count() == 1


def test_another_centres_rows_are_neither_listed_nor_offered(client_of):
    room = make_shifts.desks(count=1)[0].room
    client = client_of(make_shifts.director(centre=make.centre(name="别的中心")))
    assert client.get(address(Room)).context["cl"].result_count == 0
    assert client.get(address(Room, "change", room.pk)).status_code == 302
    assert list(client.get(address(Desk, "add")).context["adminform"].form.fields["room"].queryset) == []


def listed(client, model, **query):
    return list(client.get(address(model), query).context["cl"].result_list)


def test_leaves_swaps_and_roll_calls_are_read_and_not_changed(client_of):
    floor = make_swaps.floor()
    leave = make_swaps.leave(person=floor.agents[0][1], approved_by=floor.leaders[0])
    swap = make_swaps.offer(**make_swaps.fair(floor))
    called = make_rollcall.opened()
    rows = [leave, swap, RollCall.objects.get(shift=called.shift)]
    watcher, administrator = make.person(role=Role.CENTRE_DIRECTOR), make.person(role=Role.ADMINISTRATOR)
    stranger = make_shifts.director(centre=make.centre(name="别的中心"))
    for row in rows:
        for person, status in [(floor.director, 200), (watcher, 200), (administrator, 403)]:
            client = client_of(person)
            assert client.get(address(type(row))).status_code == status
            assert client.get(address(type(row), "change", row.pk)).status_code == status
            assert client.get(address(type(row), "add")).status_code == 403
            assert client.post(address(type(row), "change", row.pk), {"remark": "x"}).status_code == 403
        assert listed(client_of(floor.director), type(row)) == [row]
        assert listed(client_of(stranger), type(row)) == []
    client = client_of(floor.director)
    assert listed(client, Leave, status__exact="requested") == []
    assert listed(client, Leave, q=leave.person.employee_number) == [leave]
    assert listed(client, Swap, q=swap.taker.employee_number) == [swap]
    assert listed(client, RollCall, shift__team__id__exact=called.team.pk) == [rows[2]]


@pytest.mark.parametrize("count", [1, 10])
def test_their_lists_cost_the_same_for_any_number(client_of, count):
    floor = make_swaps.floor(agents=count)
    for number in range(count):
        make_swaps.leave(person=floor.agents[2][number])
        make_swaps.offer(**make_swaps.fair(floor, giver=number, taker=number))
    client, costs = client_of(floor.director), []
    for model in (Leave, Swap):
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(client, model)) == count
        costs.append(len(queries))
    assert costs == [5, 4]
