"""The staff import from file to people, by its pages and its command."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from openpyxl import load_workbook

from callcentre.refusals import Refused
from journal.models import Entry as JournalEntry
from people import actions, checked_list, importing
from people.models import Department, Person, Role, RoleAssignment, Team
from people.planning import plan
from tests import make
from tests.make_people import HEADER, LI, WANG, csv_list, excel_list

pytestmark = pytest.mark.django_db

CHECK, CONFIRM = "/people/import/", "/people/import/confirm/"
AT = make.at(9)


def entries(*rows):
    return importing.read(csv_list(*rows)).entries


def imported(*rows, by=None, centre=None):
    return actions.import_staff(centre=centre or make.centre(), entries=entries(*rows), by=by, at=AT)


def codes(made):
    return [(problem.row, problem.field, problem.refused.code) for problem in made.problems]


def file(data, name="staff.csv"):
    upload = io.BytesIO(data)
    upload.name = name
    return {"file": upload}


def test_new_people_come_with_team_role_and_a_password_of_their_own():
    made, passwords = imported(LI, WANG)
    assert [(len(made.new), len(made.changed), made.unchanged)] == [(2, 0, 0)]
    li, wang = Person.objects.order_by("-employee_number")
    assert (li.name, li.team.name, li.team.department.name, li.phone, li.language) == (
        "李娜",
        "甲班",
        "客户服务部",
        "13800000001",
        "zh-hans",
    )
    assert li.roles_on(make.MONDAY) == {"agent"}
    assert wang.roles_on(make.MONDAY - dt.timedelta(days=1)) == frozenset()
    assert [person.check_password(word) and person.must_change_password for person, word in passwords] == [True, True]
    assert len({word for _person, word in passwords}) == 2


def test_each_person_has_a_journal_row_without_name_or_telephone():
    imported(LI)
    row = JournalEntry.objects.get()
    assert (row.verb, row.object_id, row.facts) == (
        "person.imported",
        Person.objects.get().pk,
        {"created": True, "roles": ["agent"]},
    )


def test_a_second_import_of_the_same_list_changes_nothing():
    imported(LI, WANG)
    rows = JournalEntry.objects.count()
    made, passwords = imported(LI, WANG)
    assert (made.unchanged, passwords, JournalEntry.objects.count()) == (2, [], rows)


def test_present_people_are_updated_and_empty_cells_keep_what_is():
    imported(LI)
    made, passwords = imported(("1101", "李丽", "运营部", "乙班", "班长", "", ""))
    li = Person.objects.get()
    assert passwords == []
    assert (li.name, li.team.name, li.phone) == ("李丽", "乙班", "13800000001")
    assert li.roles_on(make.MONDAY) == {"leader"}
    assert JournalEntry.objects.latest("pk").facts == {
        "created": False,
        "changed": ["name", "team"],
        "gained": ["leader"],
        "lost": ["agent"],
    }
    with translation.override("en"):
        lines = made.changed[0].lines
    assert lines == ["Name: 李娜 → 李丽", "Team: 甲班 → 乙班", "Role: + shift leader − agent"]


def test_an_older_role_ends_the_day_before():
    li = make.person(number="1101", name="李娜")
    imported(("1101", "李娜", "", "", "班长", "", ""))
    assert list(li.role_assignments.order_by("pk").values_list("role", "until_on")) == [
        ("agent", make.MONDAY - dt.timedelta(days=1)),
        ("leader", None),
    ]


def test_who_is_missing_is_not_touched():
    missing = make.person(number="1102")
    imported(LI)
    missing.refresh_from_db()
    assert missing.is_active
    assert missing.roles_on(make.MONDAY) == {"agent"}


def test_problems_that_only_the_database_knows():
    make.person(number="2001", centre=make.centre(name="别处"))
    left = make.person(number="1109")
    Person.objects.filter(pk=left.pk).update(is_active=False)
    make.team()
    rows = entries(
        ("2001", "甲", "", "", "业务代表", "", ""),
        ("1109", "乙", "", "", "业务代表", "", ""),
        ("1103", "丙", "", "", "", "", ""),
        ("1104", "丁", "运营部", "甲班", "业务代表", "", ""),
        ("1105", "戊", "", "新班", "业务代表", "", ""),
        ("1106", "己", "甲部", "丙班", "业务代表", "", ""),
        ("1107", "庚", "乙部", "丙班", "业务代表", "", ""),
    )
    assert codes(plan(make.centre(), rows, by=None, on=make.MONDAY)) == [
        (2, "number", "number_elsewhere"),
        (3, "number", "number_left"),
        (4, "role", "role_missing"),
        (5, "team", "team_elsewhere"),
        (6, "department", "team_without_department"),
        (8, "team", "team_elsewhere"),
    ]


def test_nobody_imports_their_own_roles():
    admin = make.person(role=Role.ADMINISTRATOR, number="5001", name="赵敏")
    rows = entries(("5001", "赵敏", "", "", "客服部主任", "", ""))
    assert codes(plan(make.centre(), rows, by=admin, on=make.MONDAY)) == [(2, "role", "own_roles")]
    with pytest.raises(Refused) as refused:
        actions.import_staff(centre=make.centre(), entries=rows, by=admin, at=AT)
    assert refused.value.code == "import_has_problems"


def test_a_list_with_a_problem_writes_nothing_at_all():
    with pytest.raises(Refused):
        imported(LI, ("1103", "丙", "新部门", "新班", "", "", ""))
    assert (Person.objects.count(), Team.objects.count(), Department.objects.count()) == (0, 0, 0)


def test_a_long_list_is_written_in_batches(django_assert_max_num_queries):
    rows = [(str(10_000 + i), f"员工{i}", "客户服务部", f"{i % 40}班", "业务代表", "", "") for i in range(2_000)]
    listed = entries(*rows)
    with django_assert_max_num_queries(140):
        imported_plan, passwords = actions.import_staff(centre=make.centre(), entries=listed, by=None, at=AT)
    assert (len(imported_plan.new), len(passwords)) == (2_000, 2_000)
    assert RoleAssignment.objects.count() == 2_000


# The pages


@pytest.fixture
def keeper(client_of):
    person = make.person(role=Role.ADMINISTRATOR, number="5001", name="赵敏", language="en")
    client = client_of(person)
    client.person = person
    return client


def test_from_the_file_to_the_slips(keeper):
    checked = keeper.post(CHECK, file(excel_list(LI, WANG), "staff.xlsx"))
    assert (checked.status_code, checked.context["problem_count"], len(checked.context["plan"].new)) == (200, 0, 2)
    assert Person.objects.count() == 1
    done = keeper.post(CONFIRM, {"token": checked.context["token"]})
    assert done.status_code == 200
    assert "no-store" in done["Cache-Control"]
    shown = [(person.employee_number, word) for person, word in done.context["passwords"]]
    assert Person.objects.get(employee_number="1101").check_password(dict(shown)["1101"])
    assert JournalEntry.objects.filter(verb="person.imported", actor=keeper.person).count() == 2

    again = keeper.post(CONFIRM, {"token": checked.context["token"]})
    assert (again.context["passwords"], again.context["plan"].unchanged) == ([], 2)

    download = keeper.post("/people/passwords/download/", {"token": done.context["download"]})
    sheet = load_workbook(io.BytesIO(download.content)).active
    assert [row[0] for row in sheet.iter_rows(values_only=True)] == ["Employee number", "1101", "1100"]
    assert "no-store" in download["Cache-Control"]


def test_a_file_with_a_problem_cannot_be_confirmed(keeper):
    checked = keeper.post(CHECK, file(csv_list(LI, ("11", "", "", "", "", "", ""))))
    assert (checked.status_code, checked.context["token"]) == (422, "")
    assert [(p.row, p.field) for p in checked.context["problems"]] == [(3, "number"), (3, "name")]
    assert Person.objects.count() == 1


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n\x00", csv_list(LI)[:10]])
def test_no_list_is_said_beside_the_field(keeper, data):
    response = keeper.post(CHECK, file(data))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["file"])


def test_no_file_is_said_beside_the_field(keeper):
    assert keeper.post(CHECK, {"x": "1"}).status_code == 422


def test_many_problems_are_counted_and_the_first_shown(keeper):
    checked = keeper.post(CHECK, file(csv_list(*[("x", "", "", "", "", "", "")] * 300)))
    assert (checked.context["problem_count"], len(checked.context["problems"])) == (600, 200)


def test_a_list_that_fits_no_form_is_refused(keeper, monkeypatch):
    monkeypatch.setattr(checked_list, "LARGEST", 10)
    response = keeper.post(CHECK, file(csv_list(LI)))
    assert response.status_code == 422


def test_people_changed_between_check_and_confirmation(keeper):
    token = keeper.post(CHECK, file(csv_list(LI))).context["token"]
    make.person(number="1101", centre=make.centre(name="别处"))
    response = keeper.post(CONFIRM, {"token": token})
    assert (response.status_code, response["X-Refusal"]) == (409, "import_has_problems")


@pytest.mark.parametrize("url", [CONFIRM, "/people/passwords/download/"])
def test_a_list_is_taken_only_as_it_was_signed(keeper, client_of, url):
    other = client_of(make.person(role=Role.ADMINISTRATOR))
    token = keeper.post(CHECK, file(csv_list(LI))).context["token"]
    for client, sent in ((keeper, token[:-1] + "x"), (keeper, ""), (other, token)):
        response = client.post(url, {"token": sent})
        assert (response.status_code, response["X-Refusal"]) == (409, "import_token_expired")
    assert not Person.objects.filter(employee_number="1101").exists()


def test_an_hour_later_it_is_checked_again(keeper, monkeypatch):
    token = keeper.post(CHECK, file(csv_list(LI))).context["token"]
    monkeypatch.setattr(checked_list, "LASTS", -1)
    assert keeper.post(CONFIRM, {"token": token})["X-Refusal"] == "import_token_expired"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_only_administrators_import(client_of, role):
    client = client_of(make.person(role=role))
    assert client.get(CHECK).status_code == 403
    assert client.post(CONFIRM, {"token": "x"}).status_code == 403
    assert client.get("/people/import/template/").status_code == 403


@pytest.mark.parametrize("url", [CONFIRM, "/people/passwords/download/", "/people/passwords/"])
def test_what_writes_or_shows_passwords_is_posted(keeper, url):
    assert keeper.get(url).status_code == 405


def test_the_template_reads_as_an_empty_list(keeper):
    response = keeper.get("/people/import/template/")
    with pytest.raises(Refused) as refused:
        importing.read(response.content)
    assert refused.value.code == "import_empty"


def test_the_template_in_chinese_has_the_headings_of_the_paper(client_of):
    client = client_of(make.person(role=Role.ADMINISTRATOR))
    sheet = load_workbook(io.BytesIO(client.get("/people/import/template/").content)).active
    assert next(sheet.iter_rows(values_only=True)) == (*HEADER, "邮箱")


# The command


def test_the_command_prints_numbers_and_passwords(tmp_path, capsys):
    make.centre()
    path = tmp_path / "staff.csv"
    path.write_bytes(csv_list(LI))
    call_command("import_staff", path, centre=make.centre().name, dry_run=True)
    assert Person.objects.count() == 0
    call_command("import_staff", path, centre=make.centre().name)
    number, password = capsys.readouterr().out.strip().split("\t")
    assert Person.objects.get(employee_number=number).check_password(password)


def test_the_command_names_every_problem_and_writes_nothing(tmp_path, capsys):
    path = tmp_path / "staff.csv"
    path.write_bytes(csv_list(LI, ("11", "王", "", "", "", "", "")))
    with pytest.raises(CommandError, match="1 problems; nothing was written"):
        call_command("import_staff", path, centre=make.centre().name)
    assert capsys.readouterr().err.startswith("row 3, ")
    assert Person.objects.count() == 0


def test_the_command_needs_a_centre_and_a_file(tmp_path):
    with pytest.raises(CommandError, match="no such centre"):
        call_command("import_staff", __file__, centre="nowhere")
    with pytest.raises(CommandError, match="no file"):
        call_command("import_staff", tmp_path / "none.csv", centre=make.centre().name)
