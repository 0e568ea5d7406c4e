"""Notices and answers in the admin: read by directors, published by the pages' own actions."""

import pytest

from notices.models import Notice, UnifiedAnswer
from people.models import Role
from tests import make, make_notices
from tests.make_notices import NINE

pytestmark = pytest.mark.django_db
NOTICES, ANSWERS = "/admin/notices/notice/", "/admin/notices/unifiedanswer/"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr("callcentre.clock.now", lambda: NINE)


@pytest.mark.parametrize("path", [NOTICES, ANSWERS])
@pytest.mark.parametrize(
    ("role", "status"), [(Role.DIRECTOR, 200), (Role.CENTRE_DIRECTOR, 200), (Role.ADMINISTRATOR, 403)]
)
def test_directors_read_and_nobody_adds(client_of, path, role, status):
    client = client_of(make.person(role=role))
    assert (client.get(path).status_code, client.get(f"{path}add/").status_code) == (status, 403)


def test_a_row_is_read_and_not_saved(client_of):
    notice = make_notices.notice()
    client = client_of(notice.written_by)
    path = f"{NOTICES}{notice.pk}/change/"
    assert (client.get(path).status_code, client.post(path, {"title": "x"}).status_code) == (200, 403)


def test_another_centres_rows_are_not_there(client_of):
    make_notices.notice(centre=make.centre(name="远山客服中心"))
    response = client_of(make_notices.director()).get(NOTICES)
    assert list(response.context["cl"].queryset) == []


def publish(client, path, *rows):
    chosen = {"action": "publish_selected", "_selected_action": [row.pk for row in rows]}
    response = client.post(path, chosen, follow=True)
    return sorted(message.level_tag for message in response.context["messages"])


def test_drafts_are_published_each_by_itself(client_of):
    draft, published = make_notices.draft(), make_notices.notice()
    client = client_of(draft.written_by)
    assert publish(client, NOTICES, draft, published) == ["success", "warning"]
    assert list(Notice.objects.values_list("status", "version")) == [("published", 1), ("published", 1)]
    answer = make_notices.answer_draft()
    assert publish(client, ANSWERS, answer) == ["success"]
    assert UnifiedAnswer.objects.get().notice.status == "published"
