"""People, their roles, deputies and the calendar in the administration."""

import datetime as dt

import pytest
from django.urls import reverse

from journal.models import Entry
from people.models import CalendarDay, Department, Deputy, Person, Role, Team
from tests import make

pytestmark = pytest.mark.django_db

NO_ROLES = {"role_assignments-TOTAL_FORMS": "0", "role_assignments-INITIAL_FORMS": "0"}


@pytest.fixture
def keeper(client_of):
    return signed_in(client_of, Role.ADMINISTRATOR)


@pytest.fixture
def director(client_of):
    return signed_in(client_of, Role.DIRECTOR)


def signed_in(client_of, role):
    person = make.person(role=role, language="en", name="赵敏")
    client = client_of(person)
    client.person = person
    return client


def url(model, page, *args):
    return reverse(f"admin:people_{model}_{page}", args=args)


def form(person, **changes):
    fields = {"employee_number": person.employee_number, "name": person.name, "language": "en", "is_active": "on"}
    return fields | NO_ROLES | changes


def verbs():
    return list(Entry.objects.order_by("pk").values_list("verb", "actor", "object_id"))


MODELS = ("centre", "department", "team", "person", "deputy", "calendarday")


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("role", Role)
def test_lists_open_for_administrators_and_supervisors_only(client_of, model, role):
    seen = {Role.ADMINISTRATOR, Role.DIRECTOR, Role.CENTRE_DIRECTOR}
    status = client_of(make.person(role=role)).get(url(model, "changelist")).status_code
    assert status == (200 if role in seen else 302)


def test_only_ones_own_centre(keeper):
    elsewhere = make.person(centre=make.centre(name="别处"))
    assert keeper.get(url("person", "change", elsewhere.pk)).status_code == 302
    assert keeper.post(url("person", "change", elsewhere.pk), form(elsewhere)).status_code == 302
    assert verbs() == []


def test_a_new_person_belongs_to_ones_centre_and_has_no_password(keeper):
    data = {"employee_number": " １１０１ ", "name": "李\u200b娜", "language": "zh-hans", "is_active": "on"} | NO_ROLES
    response = keeper.post(url("person", "add"), data)
    assert response.status_code == 302
    person = Person.objects.get(employee_number="1101")
    assert (person.name, person.centre, person.has_usable_password()) == ("李娜", keeper.person.centre, False)
    assert verbs() == [("person.edited", keeper.person.pk, person.pk)]


@pytest.mark.parametrize("name", ["\u200b\u2060", "李\x07娜", ""])
def test_a_name_that_nobody_sees_is_refused(keeper, name):
    person = make.person()
    response = keeper.post(url("person", "change", person.pk), form(person, name=name))
    assert (response.status_code, list(response.context["adminform"].form.errors)) == (200, ["name"])


def test_a_role_is_given_with_its_date(keeper):
    person = make.person(role=None)
    roles = {
        "role_assignments-TOTAL_FORMS": "1",
        "role_assignments-0-person": str(person.pk),
        "role_assignments-0-role": "leader",
        "role_assignments-0-from_on": "2026-11-23",
    }
    assert keeper.post(url("person", "change", person.pk), form(person, **roles)).status_code == 302
    assert person.roles_on(make.MONDAY) == {"leader"}
    row = Entry.objects.latest("pk")
    assert (row.verb, row.facts) == ("person.role_given", {"role": "leader", "from_on": "2026-11-23", "until_on": None})


def test_a_roles_end_is_recorded(keeper):
    person = make.person()
    held = person.role_assignments.get()
    roles = {
        "role_assignments-TOTAL_FORMS": "1",
        "role_assignments-INITIAL_FORMS": "1",
        "role_assignments-0-id": str(held.pk),
        "role_assignments-0-person": str(person.pk),
        "role_assignments-0-role": "agent",
        "role_assignments-0-from_on": held.from_on.isoformat(),
        "role_assignments-0-until_on": "2026-11-23",
    }
    assert keeper.post(url("person", "change", person.pk), form(person, **roles)).status_code == 302
    held.refresh_from_db()
    assert held.until_on == make.MONDAY
    assert Entry.objects.latest("pk").verb == "person.role_changed"


def test_nobody_gives_themselves_a_role(keeper):
    me = keeper.person
    roles = {
        "role_assignments-TOTAL_FORMS": "1",
        "role_assignments-0-person": str(me.pk),
        "role_assignments-0-role": "director",
        "role_assignments-0-from_on": "2026-11-23",
    }
    keeper.post(url("person", "change", me.pk), form(me, **roles))
    assert me.roles_on(make.MONDAY) == {"administrator"}


def test_nobody_closes_their_own_account(keeper):
    data = form(keeper.person)
    del data["is_active"]
    response = keeper.post(url("person", "change", keeper.person.pk), data)
    assert list(response.context["adminform"].form.errors) == ["is_active"]
    keeper.person.refresh_from_db()
    assert keeper.person.is_active


def test_directors_read_people_and_change_none(director):
    person = make.person()
    assert director.get(url("person", "change", person.pk)).status_code == 200
    assert director.post(url("person", "change", person.pk), form(person, name="别名")).status_code == 403
    assert director.get(url("person", "add")).status_code == 403


def test_nothing_is_deleted_but_calendar_days(keeper, director):
    person = make.person(team=make.team())
    for model, pk in (("person", person.pk), ("team", person.team_id), ("centre", person.centre_id)):
        assert keeper.post(url(model, "delete", pk), {"post": "yes"}).status_code == 403
    day = CalendarDay.objects.create(centre=person.centre, on=make.MONDAY, kind="holiday", name="误")
    assert director.post(url("calendarday", "delete", day.pk), {"post": "yes"}).status_code == 302
    assert CalendarDay.objects.count() == 0
    assert Entry.objects.get().verb == "calendar.removed"


def test_a_director_names_a_deputy(director):
    absent, deputy = make.person(name="王芳"), make.person(name="孙丽")
    data = {"absent": absent.pk, "deputy": deputy.pk, "from_on": "2026-11-23", "until_on": "2026-11-27"}
    assert director.post(url("deputy", "add"), data).status_code == 302
    made = Deputy.objects.get()
    assert (made.absent, made.deputy) == (absent, deputy)
    assert verbs() == [("deputy.named", director.person.pk, made.pk)]


def test_a_deputy_is_somebody_else_of_the_same_centre(director):
    absent, elsewhere = make.person(), make.person(centre=make.centre(name="别处"))
    dates = {"from_on": "2026-11-23", "until_on": "2026-11-27"}
    for deputy in (absent, elsewhere):
        response = director.post(url("deputy", "add"), {"absent": absent.pk, "deputy": deputy.pk, **dates})
        assert response.status_code == 200
    assert Deputy.objects.count() == 0


def test_administrators_name_no_deputies(keeper):
    assert keeper.get(url("deputy", "add")).status_code == 403


def test_a_day_edited_by_hand_is_announced(director):
    response = director.post(url("calendarday", "add"), {"on": "2027-10-01", "kind": "holiday", "name": "国庆节"})
    assert response.status_code == 302
    day = CalendarDay.objects.get()
    assert (day.centre, day.on, day.certainty) == (director.person.centre, dt.date(2027, 10, 1), "announced")


def test_a_day_is_there_once(director):
    CalendarDay.objects.create(centre=director.person.centre, on=dt.date(2027, 10, 1), kind="holiday", name="国庆节")
    response = director.post(url("calendarday", "add"), {"on": "2027-10-01", "kind": "workday", "name": "误"})
    assert response.status_code == 200
    assert CalendarDay.objects.count() == 1


def test_departments_and_teams_of_ones_own_centre(keeper):
    assert keeper.post(url("department", "add"), {"name": "客户服务部"}).status_code == 302
    department = Department.objects.get()
    assert keeper.post(url("team", "add"), {"name": "甲班", "department": department.pk}).status_code == 302
    assert Team.objects.get().centre == keeper.person.centre
    assert keeper.post(url("team", "add"), {"name": "甲班", "department": department.pk}).status_code == 200
    assert [verb for verb, _actor, _pk in verbs()] == ["department.edited", "team.edited"]


def test_the_centres_zone_must_exist(keeper):
    pk = keeper.person.centre_id
    data = {"name": "星海客服中心", "timezone": "Asia/Nowhere", "opened_on": "2026-01-01"}
    assert keeper.post(url("centre", "change", pk), data).status_code == 200
    assert keeper.post(url("centre", "change", pk), data | {"timezone": "Asia/Urumqi"}).status_code == 302
    assert Entry.objects.get().facts == {"changed": ["timezone"]}
