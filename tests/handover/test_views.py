"""Each address: it works and is recorded; who may not; another centre's; the wrong state, with its code; the method."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from handover import actions
from handover.models import Addendum, Entry, Log, OpenItem
from handover.sections import Section
from journal.models import Entry as JournalRow
from people.models import Role
from tests import make, make_handover, make_shifts

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(monkeypatch):
    """The clock of the views, at 09:00 of the Monday unless moved."""

    def move(at):
        monkeypatch.setattr(clock, "now", lambda: at)

    move(make_handover.MORNING)
    return move


@pytest.fixture
def floor(now):
    return make_handover.floor()


@pytest.fixture
def elsewhere(db):
    return make.person(role=Role.LEADER, centre=make.centre(name="别处"))


def url(name, *args):
    return reverse(f"handover:{name}", args=args)


def last_verb(log):
    return JournalRow.objects.about(log).last().verb


def code(response):
    return response.status_code, response.headers.get("X-Refusal")


# Every POST with what it sends, for the parts of the litany that are the same for all.
POSTS = {
    "add_entry": {"section": "equipment", "text": "耳机"},
    "mark_nothing": {"section": "equipment"},
    "unmark_nothing": {"section": "equipment"},
    "submit_log": {},
    "send_back_log": {"remark": "缺少"},
    "accept_log": {},
    "accept_section": {"section": "equipment"},
    "unaccept_section": {"section": "equipment"},
    "add_addendum": {"text": "补充"},
}
ENTRY_POSTS = {
    "edit_entry": {"section": "equipment", "text": "新", "version": 1},
    "withdraw_entry": {},
    "follow_up_entry": {"owner": 1},
}


@pytest.mark.parametrize("name", POSTS)
def test_another_centres_log_is_not_there(name, floor, elsewhere, client_of):
    assert client_of(elsewhere).post(url(name, floor.log.pk), POSTS[name]).status_code == 404


@pytest.mark.parametrize("name", ENTRY_POSTS)
def test_another_centres_entry_is_not_there(name, floor, elsewhere, client_of):
    entry = make_handover.entry(floor)
    assert client_of(elsewhere).post(url(name, entry.pk), ENTRY_POSTS[name]).status_code == 404


@pytest.mark.parametrize("name", [*POSTS, *ENTRY_POSTS, "answer_item", "open_log", "list_logs", "write_note"])
def test_administrators_see_no_log(name, floor, client_of):
    args = {"answer_item": (1, 1), "list_logs": (), "write_note": ()}.get(name, (1,))
    client = client_of(make.person(role=Role.ADMINISTRATOR))
    method = client.get if name in ("list_logs", "write_note") else client.post
    assert method(url(name, *args)).status_code == 403


@pytest.mark.parametrize("name", [*POSTS, "withdraw_entry", "edit_entry", "open_log"])
def test_a_step_is_posted(name, floor, client_of):
    assert client_of(floor.leader).get(url(name, floor.log.pk)).status_code == 405


@pytest.mark.parametrize("name", ["list_logs", "show_log", "show_history", "show_entry"])
def test_a_page_is_only_looked_at(name, floor, client_of):
    args = () if name == "list_logs" else (floor.log.pk,)
    assert client_of(floor.leader).post(url(name, *args)).status_code == 405


@pytest.mark.parametrize(
    ("name", "refusal"),
    [
        ("mark_nothing", "not_on_this_shift"),
        ("unmark_nothing", "not_on_this_shift"),
        ("submit_log", "not_outgoing_leader"),
        ("accept_log", "wrong_state"),
        ("send_back_log", "wrong_state"),
        ("accept_section", "wrong_state"),
        ("unaccept_section", "wrong_state"),
    ],
)
def test_the_wrong_person_or_state_is_refused(name, refusal, floor, client_of):
    response = client_of(floor.next_leader).post(url(name, floor.log.pk), POSTS[name])
    assert code(response) == (409, refusal)


def test_the_whole_way_from_open_to_sealed(floor, client_of, now):
    outgoing, incoming = client_of(floor.leader), client_of(floor.next_leader)
    outgoing.post(url("add_entry", floor.log.pk), {"section": "equipment", "text": "耳机有杂音"})
    for section in list(Section)[1:]:
        outgoing.post(url("mark_nothing", floor.log.pk), {"section": section.value})
    now(make.at(15, 55))
    assert outgoing.post(url("submit_log", floor.log.pk)).headers["Location"] == url("show_log", floor.log.pk)
    incoming.post(url("send_back_log", floor.log.pk), {"remark": "哪一副耳机？"})
    assert Log.objects.get(pk=floor.log.pk).remark == "哪一副耳机？"
    outgoing.post(url("add_entry", floor.log.pk), {"section": "equipment", "text": "A03"})
    outgoing.post(url("submit_log", floor.log.pk))
    for section in Section:
        incoming.post(url("accept_section", floor.log.pk), {"section": section.value})
    incoming.post(url("unaccept_section", floor.log.pk), {"section": "equipment"})
    assert code(incoming.post(url("accept_log", floor.log.pk))) == (409, "sections_not_accepted")
    incoming.post(url("accept_section", floor.log.pk), {"section": "equipment"})
    incoming.post(url("accept_log", floor.log.pk))
    incoming.post(url("add_addendum", floor.log.pk), {"text": "耳机已送修"})
    log = Log.objects.get(pk=floor.log.pk)
    assert (log.status, log.submitted_by, log.accepted_by) == ("accepted", floor.leader, floor.next_leader)
    assert Addendum.objects.get().text == "耳机已送修"
    assert last_verb(log) == "handover.addendum_added"
    assert code(outgoing.post(url("submit_log", log.pk))) == (409, "wrong_state")


def test_an_entry_is_kept_and_the_page_shown_again(floor, client_of):
    response = client_of(floor.agents[0]).post(url("add_entry", floor.log.pk), POSTS["add_entry"])
    assert response.headers["Location"] == f"{url('show_log', floor.log.pk)}#section-equipment"
    assert (Entry.objects.get().text, last_verb(floor.log)) == ("耳机", "handover.entry_added")


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b\u200b", "#设备", "好" * 2001])
def test_a_note_that_cannot_be_kept_is_shown_again(text, floor, client_of):
    client = client_of(floor.agents[0])
    data = {"section": "equipment", "text": text}
    plain = client.post(url("add_entry", floor.log.pk), data)
    fragment = client.post(url("add_entry", floor.log.pk), data, headers={"HX-Request": "true"})
    assert (plain.status_code, fragment.status_code, Entry.objects.count()) == (422, 422, 0)


def test_a_refused_note_is_not_lost(floor, client_of):
    outsider = client_of(make_handover.outsider())
    plain = outsider.post(url("add_entry", floor.log.pk), {"section": "equipment", "text": "我写了很久"})
    assert (plain.status_code, "我写了很久" in plain.text) == (422, True)
    fragment = outsider.post(url("add_entry", floor.log.pk), POSTS["add_entry"], headers={"HX-Request": "true"})
    assert code(fragment) == (409, "not_on_this_shift")
    assert fragment.headers["HX-Retarget"] == "#refusals"


def test_a_section_that_is_none_is_refused(floor, client_of):
    client = client_of(floor.leader)
    for name in ("mark_nothing", "accept_section"):
        assert client.post(url(name, floor.log.pk), {"section": "weather"}).status_code == 400
    assert client.post(url("add_entry", floor.log.pk), {"section": "weather", "text": "x"}).status_code == 422


def plain(html):
    """Without what differs from one answer to the next: tokens, marks for htmx, blanks."""
    html = re.sub(r'<input type="hidden" name="csrfmiddlewaretoken"[^>]*>| hx-swap-oob="true"', "", html)
    return re.sub(r"\s+", " ", html)


def element(html, id):
    """The element of that id, with all that is in it."""
    html = plain(html)
    start = re.search(rf'<(\w+)[^>]*\bid="{id}"', html)
    depth, tag = 0, start.group(1)
    for match in re.finditer(rf"<(/?){tag}\b", html[start.start() :]):
        depth += -1 if match.group(1) else 1
        if depth == 0:
            return html[start.start() : start.start() + match.end()]
    raise AssertionError(id)


@pytest.mark.parametrize(
    ("name", "data", "ids"),
    [
        (
            "add_entry",
            {"section": "equipment", "text": "耳机\n#疑难 积分"},
            ["write-equipment", "entries-hard_questions"],
        ),
        ("mark_nothing", {"section": "equipment"}, ["entries-equipment"]),
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_fragment_is_what_the_page_would_show(name, data, ids, language, floor, client_of):
    floor.leader.language = language
    floor.leader.save()
    client = client_of(floor.leader)
    fragment = client.post(url(name, floor.log.pk), data, headers={"HX-Request": "true"}).text
    page = client.get(url("show_log", floor.log.pk)).text
    for id in [*ids, "log-progress"]:
        assert element(fragment, id) == element(page, id)


def test_the_fragment_of_an_accepted_section_is_what_the_page_would_show(client_of, now):
    floor = make_handover.submitted()
    now(make.at(16))
    client = client_of(floor.next_leader)
    data = {"section": "equipment"}
    fragment = client.post(url("accept_section", floor.log.pk), data, headers={"HX-Request": "true"}).text
    page = client.get(url("show_log", floor.log.pk)).text
    for id in ("entries-equipment", "log-progress"):
        assert element(fragment, id) == element(page, id)


def test_two_taps_from_the_start_page_keep_a_note(floor, client_of):
    client = client_of(floor.agents[0])
    assert client.get(url("write_note")).status_code == 200
    response = client.post(url("write_note"), {"text": "A03 耳机有杂音", "section": "equipment"})
    assert (response.status_code, response.headers["Location"]) == (302, url("write_note"))
    assert (Entry.objects.get().section, Entry.objects.get().author) == ("equipment", floor.agents[0])


def test_a_note_says_its_section_by_a_tap_or_by_its_tags(floor, client_of):
    client = client_of(floor.agents[0])
    assert client.post(url("write_note"), {"text": "A03 耳机有杂音"}).status_code == 422
    assert client.post(url("write_note"), {"text": "#设备 A03 耳机有杂音"}).status_code == 302
    assert Entry.objects.get().section == "equipment"


def test_a_note_opens_the_log_that_the_minute_has_not_yet(now, client_of):
    roster = make_shifts.roster()
    shift = make_handover.the_shift(roster, "D", make.MONDAY)
    agent = make_handover.people_of(shift)[0]
    client_of(agent).post(url("write_note"), {"text": "A03 耳机有杂音", "section": "equipment"})
    assert Log.objects.get().shift == shift
    assert Entry.objects.get().author == agent


def test_a_note_from_outside_the_shift_is_refused(floor, client_of):
    client = client_of(make_handover.outsider())
    assert client.post(url("write_note"), {"text": "耳机", "section": "equipment"}).status_code == 422
    assert Entry.objects.count() == 0


def test_without_a_shift_there_is_no_note(now, client_of):
    client = client_of(make.person())
    assert client.get(url("write_note")).status_code == 200
    assert client.post(url("write_note"), {"text": "耳机", "section": "equipment"}).status_code == 422


def test_the_log_is_opened_by_hand_where_the_minute_has_not(now, client_of):
    shift = make_handover.the_shift(make_shifts.roster(), "D", make.MONDAY)
    client = client_of(shift.leader)
    now(make.at(7, 59))
    assert code(client.post(url("open_log", shift.pk))) == (409, "shift_not_begun")
    now(make.at(8))
    assert client.post(url("open_log", shift.pk)).headers["Location"] == url("show_log", Log.objects.get().pk)
    assert JournalRow.objects.about(Log.objects.get()).get().actor == shift.leader


def test_another_centres_shift_is_not_there(now, client_of, elsewhere):
    shift = make_handover.the_shift(make_shifts.roster(), "D", make.MONDAY)
    assert client_of(elsewhere).post(url("open_log", shift.pk)).status_code == 404


def test_an_entry_is_edited(floor, client_of):
    entry = make_handover.entry(floor, text="旧")
    response = client_of(floor.leader).post(url("edit_entry", entry.pk), ENTRY_POSTS["edit_entry"])
    assert response.headers["Location"] == f"{url('show_log', floor.log.pk)}#entry-{entry.pk}"
    entry.refresh_from_db()
    assert (entry.text, last_verb(floor.log)) == ("新", "handover.entry_edited")


def test_the_second_editor_sees_both_texts_and_saves_over(floor, client_of):
    entry = make_handover.entry(floor, text="旧")
    data = {"section": "equipment", "version": 1}
    client_of(floor.agents[0]).post(url("edit_entry", entry.pk), {**data, "text": "组员写的"})
    client = client_of(floor.leader)
    shown = client.post(url("edit_entry", entry.pk), {**data, "text": "班长写的"})
    sides = ["".join(piece.text for piece in shown.context[side]) for side in ("theirs", "mine")]
    assert (shown.status_code, sides) == (422, ["组员写的", "班长写的"])
    assert shown.context["form"]["version"].value() == 2
    client.post(url("edit_entry", entry.pk), {**data, "text": "班长写的", "version": 2})
    assert list(Entry.objects.get().versions.values_list("text", flat=True)) == ["旧", "组员写的"]
    assert Entry.objects.get().text == "班长写的"


def test_a_colleague_may_not_edit(floor, client_of):
    entry = make_handover.entry(floor)
    client = client_of(floor.agents[1])
    assert client.get(url("show_entry", entry.pk)).status_code == 200
    assert client.post(url("edit_entry", entry.pk), ENTRY_POSTS["edit_entry"]).status_code == 422
    assert code(client.post(url("withdraw_entry", entry.pk))) == (409, "not_your_entry")
    assert Entry.objects.get().version == 1


def test_an_entry_is_withdrawn(floor, client_of):
    entry = make_handover.entry(floor)
    client_of(floor.agents[0]).post(url("withdraw_entry", entry.pk))
    assert (Entry.objects.standing().count(), last_verb(floor.log)) == (0, "handover.entry_withdrawn")


def test_an_open_item_is_made_answered_and_handed_on(floor, client_of):
    client, entry = client_of(floor.agents[0]), make_handover.entry(floor)
    assert client.get(url("follow_up_entry", entry.pk)).status_code == 200
    assert client.post(url("follow_up_entry", entry.pk), {"owner": ""}).status_code == 422
    client.post(url("follow_up_entry", entry.pk), {"owner": floor.agents[1].pk})
    item = OpenItem.objects.get()
    assert client.get(url("hand_on_item", floor.log.pk, item.pk)).status_code == 200
    client.post(url("hand_on_item", floor.log.pk, item.pk), {"owner": floor.next_leader.pk})
    item.refresh_from_db()
    assert (item.owner, last_verb(floor.log)) == (floor.next_leader, "handover.item_carried_on")
    fragment = client.post(
        url("answer_item", floor.log.pk, item.pk), {"outcome": "solved"}, headers={"HX-Request": "true"}
    ).text
    page = client.get(url("show_log", floor.log.pk)).text
    for id in ("log-items", "log-progress"):
        assert element(fragment, id) == element(page, id)
    assert OpenItem.objects.get().status == "closed"


def test_an_open_item_is_answered_by_its_shift(floor, elsewhere, client_of):
    entry = make_handover.entry(floor)
    item = actions.follow_up(entry=entry, owner=floor.leader, by=floor.leader, at=make_handover.MORNING)
    address = url("answer_item", floor.log.pk, item.pk)
    assert client_of(elsewhere).post(address, {"outcome": "solved"}).status_code == 404
    assert client_of(floor.leader).get(address).status_code == 405
    assert client_of(floor.leader).post(address, {"outcome": "lost"}).status_code == 400
    assert code(client_of(floor.next_leader).post(address, {"outcome": "solved"})) == (409, "not_on_this_shift")
    assert client_of(floor.leader).post(address, {"outcome": "solved"}).status_code == 302


def test_a_remark_or_an_addition_without_words_is_shown_again(client_of, now):
    floor = make_handover.submitted()
    client = client_of(floor.next_leader)
    assert client.post(url("send_back_log", floor.log.pk), {"remark": " "}).status_code == 422
    make_handover.accepted(floor)
    assert client.post(url("add_addendum", floor.log.pk), {"text": ""}).status_code == 422
    response = client_of(make_handover.outsider()).post(url("add_addendum", floor.log.pk), {"text": "补充"})
    assert (response.status_code, Addendum.objects.count()) == (422, 0)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_in_both_languages_for_everybody(language, client_of, now):
    floor = make_handover.floor()
    entry = make_handover.entry(floor)
    people = [floor.agents[0], floor.leader, floor.next_leader, floor.director, make.person(role=Role.SECURITY)]
    steps = [lambda: None, lambda: make_handover.submitted(floor), lambda: make_handover.accepted(floor)]
    pages = [url("list_logs"), url("write_note"), url("show_log", floor.log.pk), url("show_history", floor.log.pk)]
    for step in steps:
        step()
        for person in people:
            person.language = language
            person.save()
            client = client_of(person)
            assert {
                page: client.get(page).status_code for page in [*pages, url("show_entry", entry.pk)]
            } == dict.fromkeys([*pages, url("show_entry", entry.pk)], 200)


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_log_costs_the_same_with_one_entry_and_with_ten(floor, client_of):
    client = client_of(floor.leader)
    make_handover.entry(floor)
    one = queries(client, url("show_log", floor.log.pk))
    for number in range(9):
        make_handover.entry(floor, section=list(Section)[number % 7], by=floor.agents[number % 2])
    assert queries(client, url("show_log", floor.log.pk)) == one <= 9


def test_the_list_costs_the_same_with_one_log_and_with_many(floor, client_of, now):
    client = client_of(floor.agents[0])
    one = queries(client, url("list_logs"))
    for day in range(24, 30):
        make_handover.floor(on=make.MONDAY.replace(day=day), next_type=None, roster=floor.roster)
    assert queries(client, url("list_logs")) == one <= 9


def test_the_list_goes_page_by_page(floor, client_of, now):
    now(make.at(23, on=make.MONDAY.replace(day=29)))
    for day in range(23, 30):
        for type in "DMN":
            make_handover.floor(on=make.MONDAY.replace(day=day), type=type, next_type=None, roster=floor.roster)
    client = client_of(floor.agents[0])
    logs = list(Log.objects.newest_first())
    first = client.get(url("list_logs"))
    assert (first.context["logs"], first.context["newer"]) == (logs[:20], "")
    second = client.get(url("list_logs") + first.context["older"])
    assert (second.context["logs"], second.context["older"]) == (logs[20:], "")
    back = client.get(url("list_logs") + second.context["newer"])
    assert (back.context["logs"], back.context["newer"]) == (logs[:20], "")


def test_the_list_shows_one_day(floor, client_of):
    make_handover.floor(on=make.MONDAY.replace(day=24), next_type=None, roster=floor.roster)
    client = client_of(floor.agents[0])
    assert client.get(url("list_logs"), {"on": "2026-11-23"}).context["logs"] == [floor.log]
    assert client.get(url("list_logs"), {"on": "2026-11-22"}).context["logs"] == []
    assert len(client.get(url("list_logs"), {"on": "gestern"}).context["logs"]) == 2
    assert client.get(url("list_logs"), {"before": "999999"}).status_code == 404


def test_looking_changes_nothing(floor, client_of):
    entry = make_handover.entry(floor)
    before = JournalRow.objects.count()
    client = client_of(floor.leader)
    for page in (url("list_logs"), url("write_note"), url("show_log", floor.log.pk), url("follow_up_entry", entry.pk)):
        client.get(page)
    assert JournalRow.objects.count() == before
