"""What is attached to a case: by its reporter's forms, seen by whom the case is seen, fixed by the database."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from callcentre.uploads import check
from escalations import actions
from escalations.models import Case, CaseFile, Category
from journal.models import Entry
from tests import make, make_escalations
from tests.make_uploads import picture, uploaded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("monday_morning")]
NEW = reverse("escalations:new_case")


def url(name, row):
    return reverse(f"escalations:{name}", args=[row.pk])


def photo(name="插座.jpg"):
    return uploaded(picture(), name)


def with_file(people, *, status="submitted", **changes):
    """A case that came with a picture."""
    made = make_escalations.draft(people, files=[check(photo())], **changes)
    if status != "draft":
        actions.submit(case=made, by=people.agent, at=make_escalations.AT)
    return Case.objects.get(pk=made.pk)


def served(client, file):
    """The status; what is sent is read to its end, and so closed."""
    response = client.get(url("show_file", file))
    if response.streaming:
        list(response)
    return response.status_code


def verbs_of(case):
    return [entry.verb.removeprefix("escalation.") for entry in Entry.objects.about(case)]


def shown(page, text="插座.jpg"):
    return page.content.decode().count(text)


def test_a_case_is_raised_with_its_pictures(client_of):
    people = make_escalations.line()
    posted = make_escalations.form(files=[photo(), photo("配电箱.jpg")])
    response = client_of(people.agent).post(NEW, posted)
    case, files = Case.objects.get(), CaseFile.objects.all()
    assert (response.status_code, case.status) == (302, "submitted")
    assert [(file.name, file.remark, file.by) for file in files] == [
        ("插座.jpg", None, people.agent),
        ("配电箱.jpg", None, people.agent),
    ]
    rows = Entry.objects.about(case).filter(verb="escalation.file_attached")
    assert [row.facts for row in rows] == [{"file": file.pk, "sha256": file.sha256} for file in files]


def test_a_form_sent_twice_keeps_its_files_once(client_of):
    people = make_escalations.line()
    form = make_escalations.form()
    for _again in range(2):
        client_of(people.agent).post(NEW, form | {"files": [photo()]})
    assert (Case.objects.count(), CaseFile.objects.count()) == (1, 1)


@pytest.mark.parametrize("files", [[uploaded(b"MZ", "run.exe")], [photo() for _number in range(6)]])
def test_what_may_not_be_kept_is_said_at_its_field(client_of, files):
    people = make_escalations.line()
    response = client_of(people.agent).post(NEW, make_escalations.form(files=files))
    form = response.context["form"]
    assert (response.status_code, list(form.errors), Case.objects.count()) == (422, ["files"], 0)
    assert form["what_happened"].value() == make_escalations.TEXT


def test_a_form_that_comes_back_asks_for_its_files_again(client_of):
    people = make_escalations.line()
    posted = make_escalations.form(proposed_handling="", files=[photo()])
    response = client_of(people.agent).post(NEW, posted)
    assert (response.status_code, response.context["form"].files_to_choose_again) == (422, True)
    assert (Case.objects.count(), CaseFile.objects.count()) == (0, 0)


def test_a_draft_keeps_files_and_lets_them_go(client_of):
    people = make_escalations.line()
    case = with_file(people, status="draft")
    file = CaseFile.objects.get()
    client = client_of(people.agent)
    assert shown(client.get(url("edit_draft", case))) > 0
    response = client.post(url("remove_file", file))
    assert (response.status_code, response.url, CaseFile.objects.count()) == (302, url("edit_draft", case), 0)
    assert verbs_of(case) == ["drafted", "file_attached", "file_removed"]


def test_at_most_five_files_come_with_a_case(client_of):
    people = make_escalations.line()
    case = with_file(people, status="draft")
    posted = make_escalations.form(files=[photo() for _number in range(5)])
    response = client_of(people.agent).post(url("edit_draft", case), posted)
    assert (response.status_code, response["X-Refusal"], CaseFile.objects.count()) == (422, "upload_too_many", 1)


@pytest.mark.parametrize(("step", "status"), [("resubmit", "returned"), ("carry_out", "instructed")])
def test_a_step_is_shown_by_pictures(client_of, step, status):
    people = make_escalations.line()
    case = make_escalations.case(people, status=status)
    client = client_of(people.agent)
    response = client.post(url(f"{step}_case", case), {"text": "已处理。", "files": [photo()]})
    file = CaseFile.objects.get()
    assert (response.status_code, file.case, file.remark.text) == (302, case, "已处理。")
    page = client_of(people.leader).get(case.get_absolute_url())
    beside = [(entry.text, entry.files) for entry in page.context["timeline"] if entry.files]
    assert beside == [("已处理。", [file])]
    assert "file_attached" in verbs_of(case)


def test_a_step_without_its_text_keeps_no_file(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people, status="instructed")
    response = client_of(people.agent).post(url("carry_out_case", case), {"text": " ", "files": [photo()]})
    assert (response.status_code, response["X-Refusal"]) == (422, "carrying_out_unsaid")
    assert CaseFile.objects.count() == 0


def test_the_other_steps_take_no_files(client_of):
    people = make_escalations.line()
    case = make_escalations.case(people)
    client_of(people.leader).post(url("instruct_case", case), {"text": "照办。", "files": [photo()]})
    assert (Case.objects.get().status, CaseFile.objects.count()) == ("instructed", 0)


def test_a_file_is_served_to_who_sees_the_case(client_of):
    people = make_escalations.line()
    with_file(people)
    file = CaseFile.objects.get()
    elsewhere = make_escalations.line(centre=make.centre(name="云港客服中心"), on_duty=False)
    seen = {
        name: served(client_of(getattr(people, name)), file)
        for name in ("agent", "other", "leader", "director", "centre_director", "administrator", "inspector")
    }
    assert seen == {
        "agent": 200, "other": 404, "leader": 200, "director": 200, "centre_director": 200,
        "administrator": 404, "inspector": 404,
    }  # fmt: skip
    assert served(client_of(elsewhere.centre_director), file) == 404
    assert client_of(people.agent).post(url("show_file", file)).status_code == 405


def test_a_file_of_a_confidential_case_is_as_confidential(client_of):
    people = make_escalations.line()
    case = with_file(people, category=Category.CONFIDENTIAL)
    file = CaseFile.objects.get()
    seen = [
        served(client_of(person), file)
        for person in (people.agent, people.leader, people.director, people.centre_director)
    ]
    assert seen == [200, 200, 404, 200]
    assert {entry.restricted for entry in Entry.objects.about(case)} == {True}


def test_a_draft_and_its_files_are_its_reporters(client_of):
    people = make_escalations.line()
    with_file(people, status="draft")
    file = CaseFile.objects.get()
    for person in (people.leader, people.centre_director):
        assert served(client_of(person), file) == 404
        assert client_of(person).post(url("remove_file", file)).status_code == 404


def test_what_is_submitted_keeps_its_files(client_of):
    people = make_escalations.line()
    with_file(people)
    file = CaseFile.objects.get()
    mine = client_of(people.agent).post(url("remove_file", file))
    assert (mine.status_code, mine["X-Refusal"]) == (409, "wrong_state")
    theirs = client_of(people.leader).post(url("remove_file", file))
    assert (theirs.status_code, theirs["X-Refusal"]) == (409, "case_is_somebody_elses")
    assert client_of(people.agent).get(url("remove_file", file)).status_code == 405
    assert CaseFile.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda file: CaseFile.objects.filter(pk=file.pk).update(name="别的.jpg"),
        lambda file: CaseFile.objects.filter(pk=file.pk).delete(),
        lambda file: another(file),
        lambda file: another(file, case=make_escalations.case(make_escalations.line(), status="closed")),
    ],
    ids=["changed", "removed", "added after submission", "added to what is closed"],
)
def test_the_database_keeps_what_was_submitted(change):
    with_file(make_escalations.line())
    file = CaseFile.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(file)
    assert CaseFile.objects.get().name == "插座.jpg"


def test_the_database_keeps_a_file_beside_a_remark_of_its_own_case():
    people = make_escalations.line()
    file = CaseFile.objects.get(case=with_file(people))
    other = make_escalations.case(people, status="carried_out")
    with pytest.raises(IntegrityError), transaction.atomic():
        another(file, remark=other.remarks.get())


def another(file, **changes):
    """A copy of the row, round the actions."""
    columns = {field.name: getattr(file, field.name) for field in CaseFile._meta.fields if field.name != "id"}
    return CaseFile.objects.bulk_create([CaseFile(**columns | changes)])


def test_the_admin_lists_the_files_and_takes_them(client_of):
    people = make_escalations.line()
    case = with_file(people)
    actions.instruct(case=case, by=people.leader, at=make_escalations.AT, text="断电。")
    page = client_of(people.director).get(reverse("admin:escalations_case_change", args=[case.pk]))
    assert (page.status_code, [file.name for file in page.context["files"]]) == (200, ["插座.jpg"])
    assert f'href="{CaseFile.objects.get().get_absolute_url()}"' in page.content.decode()
