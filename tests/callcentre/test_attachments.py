"""Rows of attached files: kept with their transaction, served without danger, offered by a form."""

import datetime as dt
import os
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from callcentre import attachments, clock
from callcentre.attachments import Attachment, FilesField, drop, keep, serve
from callcentre.uploads import Kind, check
from tests import make
from tests.make_uploads import pdf, picture, uploaded, xlsx


@pytest.fixture(scope="module")
def Photo():  # noqa: N802
    class Photo(Attachment):
        class Meta(Attachment.Meta):
            app_label = "callcentre"

        def get_absolute_url(self):
            return f"/photos/{self.pk}/"

    yield Photo
    del apps.all_models["callcentre"]["photo"]
    apps.clear_cache()


@pytest.fixture
def photos(Photo, db, settings, tmp_path):  # noqa: N803
    settings.MEDIA_ROOT = tmp_path
    editor = connection.SchemaEditorClass(connection)
    editor.deferred_sql = []  # made on entering it, which SQLite refuses within a transaction
    statement, _params = editor.table_sql(Photo)
    with connection.cursor() as cursor:
        cursor.execute(statement)
    return Photo


def on_disk():
    return sorted(path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def stored(file):
    return Path(file.path).read_bytes()


def checked(content=None, name="机房.jpg"):
    return check(uploaded(content or picture(), name))


def kept(model, *files):
    return keep(model, files or [checked()], by=make.person(), at=make.at(9))


def body(response):
    content = b"".join(response.streaming_content)
    response.file_to_stream.close()  # the response itself would close the connection too
    return content


def get(row, query="", **headers):
    return serve(RequestFactory().get(f"/{query}", headers=headers), row)


def test_a_row_says_what_was_kept(photos):
    file = checked()
    [row] = kept(photos, file)
    row.refresh_from_db()
    assert (row.name, row.kind, row.size, row.sha256) == ("机房.jpg", Kind.JPEG, len(file.content), file.sha256)
    assert stored(row.file) == file.content
    assert stored(row.preview) == file.preview
    assert [path.stat().st_mode & 0o777 for path in on_disk()] == [0o600, 0o600]


def test_nothing_of_the_given_name_reaches_the_disk(photos):
    kept(photos, checked(pdf(), "机密.pdf"), checked(pdf(), "机密.pdf"))
    first, second = (path.relative_to(settings.MEDIA_ROOT).parts for path in on_disk())
    assert first != second
    assert {first[0], second[0]} == {"callcentre"}
    assert len(first[2]) == len("0" * 32 + ".pdf")


def test_files_of_a_failed_transaction_are_gone(photos):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        kept(photos)
        assert len(on_disk()) == 2
        raise ZeroDivisionError
    assert on_disk() == []
    assert photos.objects.count() == 0


def test_files_of_an_inner_transaction_that_failed_are_gone_and_the_others_stay(photos):
    [row] = kept(photos)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        kept(photos)
        raise ZeroDivisionError
    assert {path.relative_to(settings.MEDIA_ROOT).as_posix() for path in on_disk()} == {row.file.name, row.preview.name}


def test_a_full_disk_leaves_neither_file_nor_row(photos, monkeypatch):
    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), transaction.atomic():
        kept(photos)
    assert (on_disk(), photos.objects.count()) == ([], 0)


def test_committed_files_stay(photos, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as hooks:
        kept(photos)
    hooks.clear()
    assert len(on_disk()) == 2


def test_dropping_takes_the_files_once_it_is_certain(photos, django_capture_on_commit_callbacks):
    [row] = kept(photos)
    with django_capture_on_commit_callbacks(execute=True):
        drop(row)
        assert len(on_disk()) == 2
    assert (on_disk(), photos.objects.count()) == ([], 0)


def test_the_database_refuses_a_row_without_size_or_digest(photos):
    for wrong in ({"size": 0}, {"sha256": ""}):
        [row] = kept(photos)
        with pytest.raises(IntegrityError, match="callcentre_photo_has_size_and_digest"), transaction.atomic():
            photos.objects.filter(pk=row.pk).update(**wrong)


def test_a_picture_is_shown_in_a_sandbox(photos):
    [row] = kept(photos)
    response = get(row)
    assert body(response) == stored(row.file)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert response.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (pdf(), "application/pdf"),
        (xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_other_files_are_saved(photos, content, content_type):
    [row] = kept(photos, checked(content, "通告"))
    response = get(row, "?preview")
    assert body(response) == content
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"].startswith("attachment; ")


def test_a_preview_is_the_small_picture(photos):
    [row] = kept(photos)
    response = get(row, "?preview")
    assert body(response) == stored(row.preview)
    assert response.headers["Content-Type"] == "image/webp"


def test_what_the_browser_has_is_not_sent_again(photos):
    [row] = kept(photos)
    response = get(row, **{"if-none-match": f'"{row.sha256}"'})
    assert (response.status_code, response.content) == (304, b"")
    small = get(row, "?preview", **{"if-none-match": f'"{row.sha256}"'})
    assert body(small) == stored(row.preview)


def test_a_file_that_is_gone_answers_404(photos):
    [row] = kept(photos)
    default_storage.delete(row.file.name)
    with pytest.raises(Http404):
        get(row)


class Form(forms.Form):
    files = FilesField(required=False)


def form(*files):
    return Form({}, MultiValueDict({"files": files}))


def test_a_form_gives_checked_files():
    made = form(uploaded(picture(), "机房.jpg"), uploaded(pdf(), "通告.pdf"))
    assert made.is_valid()
    assert [file.name for file in made.cleaned_data["files"]] == ["机房.jpg", "通告.pdf"]


def test_a_form_may_have_no_files():
    assert form().is_valid()
    assert form().fields["files"].clean([]) == []
    with pytest.raises(forms.ValidationError):
        FilesField().clean([])


def test_each_refused_file_is_named():
    made = form(uploaded(b"", "空.pdf"), uploaded(picture(), "机房.jpg"), uploaded(b"GIF89a", "动图.gif"))
    assert not made.is_valid()
    with override("zh-hans"):
        assert made.errors["files"][0].startswith("“空.pdf”：")
    assert [error.code for error in made.errors["files"].as_data()] == ["upload_empty", "upload_not_one_of_these"]


def test_more_files_than_one_form_takes_are_refused():
    made = form(*(uploaded(pdf(), f"{number}.pdf") for number in range(settings.UPLOAD_MOST + 1)))
    assert [error.code for error in made.errors["files"].as_data()] == ["upload_too_many"]


def test_the_field_takes_several_files_and_the_camera_without_a_script():
    drawn = str(form()["files"])
    assert " multiple" in drawn
    assert ' accept="image/jpeg,image/png,image/webp,application/pdf,' in drawn
    assert "capture" not in drawn


def test_the_list_shows_each_file(photos):
    rows = kept(photos, checked(), checked(pdf(), "通告.pdf"))
    drawn = render_to_string("components/_attachments.html", {"attachments": rows})
    assert drawn.count('<li class="attachment">') == 2
    assert f'src="/photos/{rows[0].pk}/?preview"' in drawn
    assert "<form" not in drawn


def test_orphans_are_discarded_after_a_day(photos):
    [row] = kept(photos)
    old = clock.now() - dt.timedelta(days=2)
    for name in ("callcentre/aa/old.pdf", "callcentre/aa/young.pdf"):
        default_storage.save(name, uploaded(pdf(), name))
    for name in (row.file.name, row.preview.name, "callcentre/aa/old.pdf"):
        os.utime(default_storage.path(name), (old.timestamp(), old.timestamp()))
    assert list(attachments.orphans(clock.now() - dt.timedelta(days=1))) == ["callcentre/aa/old.pdf"]
    call_command("discard_orphans", verbosity=0)
    assert len(on_disk()) == 3
