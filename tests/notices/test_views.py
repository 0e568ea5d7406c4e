"""The pages of notices: what each shows, and the litany for each step."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from delivery.models import Announcement
from journal.models import Entry
from notices import actions
from notices.models import Confirmation, Notice
from people.models import Role
from tests import make, make_notices, make_shifts
from tests.make_notices import MONTH, NINE

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
LIST = "/notices/"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """The pages' moment: `at(make.at(17))` moves it."""
    moment = [NINE]
    monkeypatch.setattr("callcentre.clock.now", lambda: moment[0])
    return lambda new: moment.__setitem__(0, new)


def url(name, notice):
    return reverse(f"notices:{name}", args=[notice.pk])


def typed(**changes):
    """What a director types into the form."""
    values = {
        "kind": "offer",
        "title": "国庆畅享包",
        "body": "第一段\r\n\r\n- 甲",
        "audience": "all",
        "must_confirm": "on",
        "in_force_from": "2026-11-23T09:00",
        "in_force_until": "2026-12-01T00:00",
        "version": "0",
    }
    return {name: value for name, value in {**values, **changes}.items() if value is not None}


def sections(response):
    page = response.context["page"]
    return [[row.title for row in rows] for rows in (page.unread, page.latest, page.rows)]


# ---- reading


def test_the_list_shows_what_to_read_then_what_is_new_then_the_rest(client_of):
    team, leader, (agent, _other) = make_shifts.crew()
    make_shifts.shift(on=make.MONDAY - DAY, team=team, leader=leader, people=[agent])  # ended on Sunday at 16:00
    by = make_notices.director()
    make_notices.notice(by=by, title="旧", must_confirm=False, at=NINE - 2 * DAY)
    make_notices.notice(by=by, title="新", must_confirm=False)
    make_notices.notice(by=by, title="待读")
    make_notices.notice(by=by, title="他班", teams=[make.team(name="乙班")])
    make_notices.notice(by=by, title="将来", begins=NINE + DAY)
    make_notices.draft(by=by, title="草稿")
    make_notices.notice(by=by, title="过期", at=NINE - 9 * DAY, ends=NINE - DAY)
    client = client_of(agent)
    assert sections(client.get(LIST)) == [["待读"], ["新"], ["旧"]]
    assert sections(client.get(LIST, {"tab": "all"})) == [[], [], ["将来", "他班", "待读", "新", "旧"]]
    assert sections(client.get(LIST, {"tab": "archive"})) == [[], [], ["过期"]]
    assert sections(client.get(LIST, {"tab": "drafts"})) == [[], [], []]
    assert sections(client_of(by).get(LIST, {"tab": "drafts"})) == [[], [], ["草稿"]]


def test_the_kind_is_a_filter_in_the_address(client_of):
    by = make_notices.director()
    make_notices.notice(by=by, title="优惠", kind="offer")
    make_notices.notice(by=by, title="指示", kind="instruction")
    client = client_of(make.person())
    assert sections(client.get(LIST, {"kind": "offer"})) == [["优惠"], [], []]
    assert sections(client.get(LIST, {"kind": "no such"})) == [["优惠", "指示"], [], []]


def test_the_list_goes_on_by_keys(client_of, monkeypatch):
    monkeypatch.setattr("notices.lists.PAGE", 2)
    by = make_notices.director()
    for title in "甲乙丙":
        make_notices.notice(by=by, title=title, must_confirm=False)
    client = client_of(make.person())
    first = client.get(LIST)
    assert sections(first) == [[], ["丙", "乙"], []]
    second = client.get(LIST + first.context["older"])
    assert (sections(second), second.context["older"], second.context["newer"]) == ([[], [], ["甲"]], "", "?tab=mine")


@pytest.mark.parametrize("tab", ["mine", "all", "archive", "drafts"])
def test_a_list_asks_the_same_for_one_and_for_ten(client_of, tab):
    by = make_notices.director()
    client = client_of(by)

    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(LIST, {"tab": tab}).status_code == 200
        return len(queries)

    def more(count):
        for number in range(count):
            make_notices.notice(by=by, title=f"读{number}")
            make_notices.notice(by=by, title=f"知{number}", must_confirm=False)
            make_notices.notice(by=by, title=f"过{number}", at=NINE - 9 * DAY, ends=NINE - DAY)
            make_notices.draft(by=by)

    more(1)
    once = statements()
    more(9)
    assert (statements(), once <= 8) == (once, True)


def test_a_notice_is_read_and_confirmed(client_of):
    agent, notice = make.person(), make_notices.notice(body="**五折**\n<b>")
    client = client_of(agent)
    page = client.get(url("show_notice", notice))
    assert (page.context["may_confirm"], page.context["mine"]) == (True, None)
    assert "<p><strong>五折</strong><br>&lt;b&gt;</p>" in page.content.decode()
    response = client.post(url("confirm_notice", notice), {"version": 1})
    assert (response.status_code, response["Location"]) == (302, url("show_notice", notice))
    assert Confirmation.objects.get().person == agent
    assert Entry.objects.filter(verb="notice.confirmed", actor=agent).count() == 1
    page = client.get(url("show_notice", notice))
    assert (page.context["may_confirm"], page.context["mine"].at) == (False, NINE)


@pytest.mark.parametrize(("back", "address"), [("start", "/"), ("list", LIST), ("//elsewhere", None)])
def test_a_confirmation_goes_on_where_it_was_made(client_of, back, address):
    notice = make_notices.notice()
    response = client_of(make.person()).post(url("confirm_notice", notice), {"version": 1, "back": back})
    assert response["Location"] == (address or url("show_notice", notice))


def test_the_start_page_has_the_notice_with_its_button(client_of):
    agent, notice = make.person(), make_notices.notice()
    client = client_of(agent)
    items = client.get("/").context["items"]
    assert [(item.template, item.row) for item in items if item.row == notice] == [("notices/_waiting.html", notice)]
    client.post(url("confirm_notice", notice), {"version": 1, "back": "start"})
    assert [item for item in client.get("/").context["items"] if item.row == notice] == []


def test_a_confirmation_of_an_old_version_is_refused_in_words(client_of):
    notice = make_notices.revised(make_notices.notice())
    client = client_of(make.person())
    response = client.post(url("confirm_notice", notice), {"version": 1})
    assert (response.status_code, response["X-Refusal"]) == (409, "notice_changed")
    assert client.post(url("confirm_notice", notice), {"version": "x"}).status_code == 404
    assert client.get(url("confirm_notice", notice)).status_code == 405


def test_a_changed_notice_shows_what_has_changed(client_of):
    notice = make_notices.revised(make_notices.notice(body="五折\n同"), body="六折\n同")
    page = client_of(make.person()).get(url("show_notice", notice))
    assert page.context["changed"] == "<del>五</del><ins>六</ins>折\n同"
    assert [version.number for version in page.context["earlier"]] == [1]


def test_a_draft_is_seen_by_its_writer_and_the_directors(client_of):
    team, leader, agents = make_shifts.crew()
    draft = make_notices.draft(by=leader, teams=[team])
    readers = [leader, agents[0], make.person(role=Role.LEADER), make_notices.director()]
    assert [client_of(person).get(url("show_notice", draft)).status_code for person in readers] == [200, 404, 404, 200]


@pytest.mark.parametrize(
    ("method", "names"),
    [
        ("get", ["show_notice", "list_readers", "print_notice", "edit_notice", "withdraw_notice"]),
        ("post", ["confirm_notice", "nudge_readers", "publish_notice", "discard_notice", "withdraw_notice"]),
    ],
)
def test_another_centres_notice_is_not_there(client_of, method, names):
    notice = make_notices.notice(centre=make.centre(name="远山客服中心"))
    client = client_of(make_notices.director())
    for name in names:
        assert (name, getattr(client, method)(url(name, notice)).status_code) == (name, 404)


@pytest.mark.parametrize("name", ["publish_notice", "discard_notice", "nudge_readers", "confirm_notice"])
def test_a_step_is_a_post(client_of, name):
    notice = make_notices.notice()
    assert client_of(notice.written_by).get(url(name, notice)).status_code == 405


# ---- writing


def test_a_director_writes_previews_and_publishes(client_of):
    director, agent = make_notices.director(), make.person()
    client = client_of(director)
    response = client.post("/notices/new/", typed())
    notice = Notice.objects.get()
    assert (response.status_code, response["Location"]) == (302, notice.get_absolute_url())
    assert (notice.status, notice.body, notice.in_force_until) == (
        "draft",
        "第一段\n\n- 甲",
        make.at(0, on=dt.date(2026, 12, 1)),
    )
    preview = client.get(notice.get_absolute_url())
    assert (preview.context["told"], preview.context["steps"]["publish"]) == (2, None)
    assert client.post(url("publish_notice", notice)).status_code == 302
    notice.refresh_from_db()
    assert notice.status == "published"
    assert Announcement.objects.get().to == sorted([director.pk, agent.pk])
    assert list(Entry.objects.about(notice).values_list("verb", flat=True)) == ["notice.written", "notice.published"]


def test_the_form_begins_with_a_fortnight_from_now(client_of):
    initial = client_of(make_notices.director()).get("/notices/new/").context["form"].initial
    assert (initial["in_force_from"], initial["in_force_until"]) == (NINE, make.at(0, on=make.MONDAY + 14 * DAY))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": ""}),
        ("body", {"body": " "}),
        ("kind", {"kind": "answer"}),
        ("audience", {"audience": "teams"}),
        ("in_force_until", {"in_force_until": ""}),
        ("in_force_until", {"in_force_until": "2026-11-23T09:00"}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client_of, field, changes):
    response = client_of(make_notices.director()).post("/notices/new/", typed(**changes))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Notice.objects.count() == 0


def test_the_audience_is_chosen_among_the_own_centres(client_of):
    team, elsewhere = make.team(), make.team(centre=make.centre(name="远山客服中心"))
    client = client_of(make_notices.director())
    bad = client.post("/notices/new/", typed(audience="teams", teams=[elsewhere.pk]))
    assert list(bad.context["form"].errors) == ["teams"]
    client.post("/notices/new/", typed(audience="teams", teams=[team.pk], roles=["agent"]))
    assert [(row.team, row.role) for row in Notice.objects.get().addressees.all()] == [(team, "")]


def test_a_leader_writes_to_their_own_team(client_of):
    team, leader, _agents = make_shifts.crew()
    client = client_of(leader)
    assert "audience" not in client.get("/notices/new/").context["form"].fields
    client.post("/notices/new/", typed())
    notice = Notice.objects.get()
    assert (notice.audience, [row.team for row in notice.addressees.all()]) == ("teams", [team])
    assert client.post(url("publish_notice", notice)).status_code == 302


def test_a_draft_is_changed_and_a_second_writer_is_shown_what_stands(client_of):
    notice = make_notices.draft()
    client = client_of(notice.written_by)
    form = client.get(url("edit_notice", notice)).context["form"]
    seen = {"seen_at": form.initial["seen_at"]}
    assert form.initial["title"] == notice.title
    make_notices_at = typed(title="乙", **seen)
    actions.edit(
        notice=notice, seen_at=notice.written_at, by=notice.written_by, at=NINE + DAY, **make_notices.fields(title="甲")
    )
    response = client.post(url("edit_notice", notice), make_notices_at)
    assert (response.status_code, response["X-Refusal"]) == (422, "notice_changed_meanwhile")
    notice.refresh_from_db()
    assert notice.title == "甲"
    seen = {"seen_at": notice.written_at.isoformat()}
    assert client.post(url("edit_notice", notice), typed(title="乙", **seen)).status_code == 302
    notice.refresh_from_db()
    assert notice.title == "乙"


def test_a_changed_text_is_the_next_version(client_of):
    notice = make_notices.notice()
    client = client_of(notice.written_by)
    change = {"title": notice.title, "body": "新文", "version": 1}
    assert client.post(url("edit_notice", notice), change).status_code == 302
    notice.refresh_from_db()
    assert (notice.version, notice.body) == (2, "新文")
    again = client.post(url("edit_notice", notice), {**change, "body": "另文"})
    assert (again.status_code, again["X-Refusal"], again.context["current"].body) == (
        422,
        "notice_changed_meanwhile",
        "新文",
    )
    same = client.post(url("edit_notice", notice), {**change, "version": 2})
    assert list(same.context["form"].errors) == ["body"]


def test_a_draft_is_thrown_away(client_of):
    notice = make_notices.draft()
    response = client_of(notice.written_by).post(url("discard_notice", notice))
    assert (response["Location"], Notice.objects.count()) == (LIST, 0)


def test_a_notice_is_withdrawn_with_a_reason(client_of):
    notice = make_notices.notice()
    client = client_of(notice.written_by)
    assert client.get(url("withdraw_notice", notice)).status_code == 200
    assert client.post(url("withdraw_notice", notice), {"reason": " "}).status_code == 422
    assert client.post(url("withdraw_notice", notice), {"reason": "资费有误"}).status_code == 302
    again = client.post(url("withdraw_notice", notice), {"reason": "资费有误"})
    assert (again.status_code, again["X-Refusal"]) == (409, "wrong_state")
    page = client_of(make.person()).get(url("show_notice", notice))
    assert "资费有误" in page.content.decode()


def test_publishing_twice_is_refused_in_words(client_of):
    notice = make_notices.notice()
    response = client_of(notice.written_by).post(url("publish_notice", notice))
    assert (response.status_code, response["X-Refusal"]) == (409, "wrong_state")


@pytest.mark.parametrize("role", [Role.AGENT, Role.INSPECTOR, Role.SECURITY, Role.ADMINISTRATOR])
def test_other_roles_write_nothing(client_of, role):
    notice, client = make_notices.notice(), client_of(make.person(role=role))
    posts = ["publish_notice", "discard_notice", "withdraw_notice", "edit_notice", "nudge_readers"]
    assert [client.post(url(name, notice)).status_code for name in posts] == [403] * 5
    assert client.post("/notices/new/", typed()).status_code == 403


# ---- who has read it


def test_who_has_not_read_it_by_team_those_on_duty_first(client_of):
    team, leader, agents = make_shifts.crew(agents=3)
    make_shifts.shift(team=team, leader=leader, people=agents[1:])
    notice = make_notices.notice(teams=[team])
    actions.confirm(notice=notice, version=1, by=leader, at=NINE)
    client = client_of(leader)
    page = client.get(url("list_readers", notice))
    (group,) = page.context["groups"]
    assert (page.context["read"], page.context["everybody"], page.context["per_cent"]) == (1, 4, 25)
    assert (group.team, group.read, group.per_cent) == ("甲班", 1, 25)
    names = [(reader.pk, reader.on_floor) for reader in page.context["missing"]]
    assert names == [(agents[1].pk, True), (agents[2].pk, True), (agents[0].pk, False)]


def test_the_readers_of_thousands_cost_the_same_statements(client_of):
    team, leader, agents = make_shifts.crew(agents=1)
    notice = make_notices.notice(teams=[team])
    client = client_of(leader)

    def statements():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("list_readers", notice)).status_code == 200
        return len(queries)

    once = statements()
    for _number in range(9):
        make.person(team=team)
    assert (statements(), once <= 12) == (once, True)


def test_only_a_number_of_names_is_shown(client_of, monkeypatch):
    monkeypatch.setattr("notices.readers.SHOWN", 2)
    team, leader, _agents = make_shifts.crew(agents=4)
    notice = make_notices.notice(teams=[team])
    context = client_of(leader).get(url("list_readers", notice), {"team": team.pk}).context
    assert (len(context["missing"]), context["more"]) == (2, 3)
    assert client_of(leader).get(url("list_readers", notice), {"team": team.pk + 1}).context["missing"] == []


def test_those_on_duty_are_reminded(client_of):
    team, leader, agents = make_shifts.crew()
    make_shifts.shift(team=team, leader=leader, people=agents)
    notice = make_notices.notice(teams=[team])
    client = client_of(leader)
    assert client.post(url("nudge_readers", notice))["Location"] == url("list_readers", notice)
    assert Announcement.objects.get(kind="notice.nudged").to == sorted(person.pk for person in (leader, *agents))
    again = client.post(url("nudge_readers", notice))
    assert (again.status_code, again["X-Refusal"]) == (409, "nobody_to_nudge")


def test_there_are_no_readers_of_a_draft_or_of_what_needs_none(client_of, at):
    draft = make_notices.draft()
    client = client_of(draft.written_by)
    assert client.get(url("list_readers", draft)).status_code == 404
    assert client.get(url("print_notice", draft)).status_code == 404
    assert client.get(url("list_readers", make_notices.notice(must_confirm=False))).status_code == 404
    over = make_notices.notice(ends=NINE + MONTH)
    at(NINE + MONTH)
    assert client.get(url("list_readers", over)).context["nudge"].code == "notice_not_in_force"


def test_the_paper_has_the_list_of_readers(client_of):
    team, leader, _agents = make_shifts.crew()
    notice = make_notices.notice(teams=[team])
    actions.confirm(notice=notice, version=1, by=leader, at=NINE)
    context = client_of(leader).get(url("print_notice", notice)).context
    assert context["total"] == (1, 3, 33)
    assert [reader.confirmed_at for reader in context["groups"][0].readers] == [NINE, None, None]
