"""What is attached to a notice: to a draft by its writer, seen by whoever sees the notice."""

import pytest
from django.urls import reverse

from callcentre.uploads import check
from journal.models import Entry
from notices import actions
from notices.models import Notice, NoticeFile
from people.models import Role
from tests import make, make_notices
from tests.make_notices import NINE
from tests.make_uploads import pdf, picture, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr("callcentre.clock.now", lambda: NINE)


def url(name, row):
    return reverse(f"notices:{name}", args=[row.pk])


def seen_by(person, file, client_of):
    """The status; a file is read to its end, and so closed."""
    response = client_of(person).get(url("show_file", file))
    list(response)
    return response.status_code


def attached(notice):
    files = [check(uploaded(picture(), "海报.jpg"))]
    actions.add_files(notice=notice, files=files, by=notice.written_by, at=NINE)
    return NoticeFile.objects.get(notice=notice)


def test_a_writer_attaches_files_and_takes_them_off(client_of):
    draft = make_notices.draft()
    client = client_of(draft.written_by)
    files = [uploaded(picture(), "海报.jpg"), uploaded(pdf(), "细则.pdf", "application/pdf")]
    assert client.post(url("add_files", draft), {"files": files}).status_code == 302
    shown = client.get(url("show_notice", draft)).context["files"]
    assert [file.name for file in shown] == ["海报.jpg", "细则.pdf"]
    assert client.post(url("remove_file", shown[0])).status_code == 302
    assert list(NoticeFile.objects.values_list("name", flat=True)) == ["细则.pdf"]
    verbs = list(Entry.objects.about(draft).values_list("verb", flat=True))
    assert verbs == ["notice.written", *["notice.file_attached"] * 2, "notice.file_removed"]


def test_what_was_published_does_not_change(client_of):
    draft = make_notices.draft()
    file = attached(draft)
    actions.publish(notice=draft, by=draft.written_by, at=NINE)
    client = client_of(draft.written_by)
    added = client.post(url("add_files", draft), {"files": [uploaded(picture())]})
    removed = client.post(url("remove_file", file))
    assert [(one.status_code, one["X-Refusal"]) for one in (added, removed)] == [(409, "wrong_state")] * 2
    assert seen_by(make.person(), file, client_of) == 200


def test_a_file_is_seen_by_whoever_sees_its_notice(client_of):
    file = attached(make_notices.draft())
    stranger = make.person(role=Role.DIRECTOR, centre=make.centre(name="远山客服中心"))
    readers = [make.person(), make_notices.director(), stranger]
    assert [seen_by(person, file, client_of) for person in readers] == [404, 200, 404]


def test_what_is_no_picture_is_said_at_its_field(client_of):
    draft = make_notices.draft()
    response = client_of(draft.written_by).post(url("add_files", draft), {"files": [uploaded(b"MZ", "a.exe")]})
    assert (response.status_code, list(response.context["files_form"].errors)) == (422, ["files"])
    many = [uploaded(picture(), f"{number}.jpg") for number in range(4)]
    client = client_of(draft.written_by)
    client.post(url("add_files", draft), {"files": many})
    over = client.post(url("add_files", draft), {"files": many[:2]})
    assert (over.status_code, NoticeFile.objects.count()) == (422, 4)


@pytest.mark.parametrize("name", ["add_files", "remove_file"])
def test_others_attach_nothing(client_of, name):
    draft = make_notices.draft()
    row = draft if name == "add_files" else attached(draft)
    assert client_of(make.person()).post(url(name, row)).status_code == 403
    assert client_of(draft.written_by).get(url(name, row)).status_code == 405
    stranger = make_notices.director(centre=make.centre(name="远山客服中心"))
    assert client_of(stranger).post(url(name, row)).status_code == 404


def test_a_draft_is_thrown_away_with_its_files():
    draft = make_notices.draft()
    attached(draft)
    actions.discard(notice=draft, by=draft.written_by, at=NINE)
    assert (Notice.objects.count(), NoticeFile.objects.count()) == (0, 0)
