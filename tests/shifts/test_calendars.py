"""Private calendar feeds, as two programs read them that know nothing of what wrote them."""

import datetime as dt
import io
import logging
import re

import ics
import pytest
import vobject
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from journal.models import Entry
from people.models import Role
from shifts import actions, calendars
from shifts.models import Assignment, Feed, Leave
from tests import make, make_files, make_shifts, make_swaps

pytestmark = pytest.mark.django_db
PAGE, RENEW, REVOKE = (reverse(f"shifts:{name}") for name in ("show_calendar", "renew_feed", "revoke_feed"))
DAY = dt.timedelta(days=1)
TOKEN = re.compile(r"/shifts/feed/([A-Za-z0-9_-]{43})\.ics")


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: make.at(9).astimezone(dt.UTC))


def fetched(path, **headers):
    return Client().get(path, headers=headers)


def by_vobject(content):
    """{uid: (summary, start, end, status, sequence, location)}"""
    events = vobject.readOne(content.decode()).contents.get("vevent", [])
    return {
        event.uid.value: (
            event.summary.value,
            event.dtstart.value,
            event.dtend.value,
            event.status.value,
            int(event.sequence.value),
            event.location.value if hasattr(event, "location") else "",
        )
        for event in events
    }


def by_ics(content):
    def extra(event, name):
        return next(line.value for line in event.extra if line.name == name)

    return {
        event.uid: (
            event.name,
            event.begin.date() if event.all_day else event.begin.datetime,
            event.end.date() if event.all_day else event.end.datetime,
            event.status,
            int(extra(event, "SEQUENCE")),
            event.location or "",
        )
        for event in ics.Calendar(content.decode()).events
    }


def read(path):
    """What both readers make of the address, which is the same."""
    content = fetched(path).content
    first, second = by_vobject(content), by_ics(content)
    assert first == second
    return first


def uid(person, shift):
    return f"shift-{person.pk}-{shift.on:%Y%m%d}-{shift.type_id}@callcentre"


# What it holds


def test_two_programs_read_the_same_shifts():
    team, leader, (agent, _other) = make_shifts.crew()
    desk = make_shifts.desks(count=1)[0]
    day = make_files.shift(team=team, leader=leader, people=[agent])
    Assignment.objects.update(desk=desk)
    night = make_files.shift(type="N", on=make.MONDAY + 2 * DAY, team=team, leader=leader, people=[agent])
    assert read(make_files.address(agent)) == {
        uid(agent, day): ("日班", make.at(8), make.at(16), "CONFIRMED", 0, "一号机房 A01"),
        uid(agent, night): ("夜班", make.at(0, on=night.on), make.at(8, on=night.on), "CONFIRMED", 0, ""),
    }
    assert [summary for summary, *_rest in read(make_files.address(leader)).values()] == [
        "日班（班长）",
        "夜班（班长）",
    ]


def test_words_are_the_persons_own():
    team = make.team()
    agent = make.person(team=team, language="en")
    make_files.shift(team=team, people=[agent])
    response = fetched(make_files.address(agent), accept_language="zh")
    assert [event[0] for event in by_vobject(response.content).values()] == ["Day shift"]
    assert response["Content-Language"] == "en"


def test_it_begins_thirty_days_back_and_has_all_that_is_to_come():
    team = make.team()
    agent = make.person(team=team)
    days = [make.MONDAY + steps * DAY for steps in (-31, -30, 0, 400)]
    for on in days:
        make_files.shift(on=on, team=team, people=[agent])
    assert [event[1].date() for event in read(make_files.address(agent)).values()] == days[1:]


def test_drafts_and_other_people_are_not_in_it():
    team, leader, (agent, other) = make_shifts.crew()
    make_files.shift(team=team, leader=leader, people=[agent], published=False)
    make_files.shift(type="M", team=team, leader=leader, people=[other])
    assert read(make_files.address(agent)) == {}


def test_approved_leave_is_whole_days_without_its_kind():
    agent, leader = make.person(), make.person(role=Role.LEADER)
    rows = {"from_on": make.MONDAY, "until_on": make.MONDAY + DAY, "kind": "sick", "reason": "发烧"}
    who = {"centre": agent.centre, "person": agent, "asked_by": agent, "asked_at": make.at(7)}
    Leave.objects.create(**rows, **who)
    leave = Leave.objects.create(**rows, **who, status="approved", decided_by=leader, decided_at=make.at(8))
    path = make_files.address(agent)
    key = f"leave-{leave.pk}@callcentre"
    assert read(path) == {key: ("请假", make.MONDAY, make.MONDAY + 2 * DAY, "CONFIRMED", 0, "")}
    assert "发烧" not in fetched(path).content.decode()
    Leave.objects.filter(pk=leave.pk).update(status="cancelled")
    assert read(path)[key][0::3] == ("已取消：请假", "CANCELLED")


def test_lines_are_folded_and_text_escaped_as_the_standard_wants():
    name = "客户服务部夜间应急与疑难工单处理班；第一组, 机动\\备勤岗位甲乙丙丁戊己庚辛"
    team = make.team(name=name)
    agent = make.person(team=team)
    make_files.shift(team=team, people=[agent])
    content = fetched(make_files.address(agent)).content
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
    assert all(line.decode() for line in content.split(b"\r\n")[:-1])  # no character is torn apart
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert vobject.readOne(content.decode()).vevent.description.value == name
    assert next(iter(ics.Calendar(content.decode()).events)).description == name


# What happens after publication


def test_a_swap_moves_the_event():
    team, leader, (giver, taker) = make_shifts.crew()
    shift = make_files.shift(team=team, leader=leader, people=[giver], on=make.MONDAY + DAY)
    giver_path, taker_path = make_files.address(giver), make_files.address(taker)
    assert list(read(giver_path)) == [uid(giver, shift)]
    make_files.change(removed=[(giver, shift)], added=[(taker, shift)], at=make.at(10))
    span = make.at(8, on=shift.on), make.at(16, on=shift.on)
    assert read(giver_path) == {uid(giver, shift): ("已取消：日班", *span, "CANCELLED", 1, "")}
    assert read(taker_path) == {uid(taker, shift): ("日班", *span, "CONFIRMED", 1, "")}


def test_an_approved_swap_changes_both_calendars_while_the_leader_keeps_theirs():
    floor = make_swaps.floor()
    swap = make_swaps.fair(floor)
    giver, taker, leader = swap["giver"], swap["taker"], floor.leaders[0]
    paths = [make_files.address(person, at=make_swaps.SOON) for person in (giver, taker, leader)]
    leading = read(paths[2])
    make_swaps.approved(by=floor.leaders[2], **swap)
    after = [read(path) for path in paths]
    given, taken = swap["gives"], swap["takes"]
    states = [
        [after[number][uid(person, shift)][3:5] for shift in (given, taken)]
        for number, person in enumerate((giver, taker))
    ]
    assert states == [[("CANCELLED", 1), ("CONFIRMED", 1)], [("CONFIRMED", 1), ("CANCELLED", 1)]]
    assert after[2] == leading


def test_a_shift_that_comes_back_is_the_same_event_with_a_higher_sequence():
    team, leader, (agent, other) = make_shifts.crew()
    shift = make_files.shift(team=team, leader=leader, people=[agent], on=make.MONDAY + DAY)
    path = make_files.address(agent)
    told = [read(path)[uid(agent, shift)]]
    make_files.change(removed=[(agent, shift)], added=[(other, shift)], at=make.at(10))
    told.append(read(path)[uid(agent, shift)])
    make_files.change(removed=[(other, shift)], added=[(agent, shift)], at=make.at(11))
    told.append(read(path)[uid(agent, shift)])
    assert [(status, sequence) for _name, _from, _until, status, sequence, _where in told] == [
        ("CONFIRMED", 0),
        ("CANCELLED", 1),
        ("CONFIRMED", 2),
    ]
    assert b"LAST-MODIFIED:20261123T030000Z" in fetched(path).content


def test_a_roster_set_aside_cancels_its_shifts():
    rotation = make_shifts.rotation()
    director = make_shifts.director()
    roster = make_shifts.roster(rotation=rotation, from_on=make.MONDAY + 7 * DAY, by=director)
    agent = Assignment.objects.first().person
    path = make_files.address(agent)
    before = read(path)
    actions.archive_roster(roster=roster, by=director, at=make.at(9))
    after = read(path)
    assert before.keys() == after.keys()
    assert {event[3:5] for event in before.values()} == {("CONFIRMED", 0)}
    assert {event[3:5] for event in after.values()} == {("CANCELLED", 1)}
    make_shifts.roster(rotation=rotation, from_on=make.MONDAY + 7 * DAY, by=director)
    assert {event[3:5] for event in read(path).values()} == {("CONFIRMED", 1)}


def test_a_roster_that_replaces_another_changes_only_what_differs():
    rotation, director = make_shifts.rotation(), make_shifts.director()
    week = {"rotation": rotation, "from_on": make.MONDAY + 7 * DAY, "by": director}
    make_shifts.roster(**week)
    agent = Assignment.objects.order_by("shift__on").first().person
    path = make_files.address(agent)
    before = read(path)
    draft = make_shifts.roster(**week, published=False)
    gone = next(on for on in (week["from_on"] + steps * DAY for steps in range(7)) if has_turn(agent, draft, on))
    actions.edit_roster(roster=draft, cells=[(agent.pk, gone, "")], by=director, at=make.at(9))
    actions.publish_roster(roster=draft, by=director, at=make.at(9), reason="换版", replace=True)
    after = read(path)
    assert before.keys() == after.keys()
    statuses = {key: (event[1].astimezone(agent.centre.tz).date() == gone, *event[3:5]) for key, event in after.items()}
    assert set(statuses.values()) == {(True, "CANCELLED", 1), (False, "CONFIRMED", 1)}


def has_turn(person, roster, on):
    return Assignment.objects.filter(person=person, shift__roster=roster, shift__on=on).exists()


# The address


def test_a_new_address_is_shown_once_and_recorded_without_its_token(client_of):
    agent = make.person()
    client = client_of(agent)
    page = client.post(RENEW)
    token = TOKEN.search(page.context["address"])[1]
    assert page.context["address"] == f"http://testserver/shifts/feed/{token}.ics"
    assert page.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert token not in client.get(PAGE).content.decode()
    row = Entry.objects.get(verb="feed.renewed")
    assert (row.actor, row.object_id, row.facts) == (agent, agent.pk, {})
    assert token not in repr(Feed.objects.values())
    assert fetched(f"/shifts/feed/{token}.ics").status_code == 200


def test_a_new_address_revokes_the_old():
    agent = make.person()
    first, second = make_files.address(agent), make_files.address(agent)
    assert [fetched(path).status_code for path in (first, second)] == [404, 200]


def test_an_address_is_switched_off(client_of):
    agent = make.person()
    path = make_files.address(agent)
    assert client_of(agent).post(REVOKE).status_code == 302
    assert fetched(path).status_code == 404
    assert Entry.objects.filter(verb="feed.revoked").count() == 1
    client_of(agent).post(REVOKE)
    assert Entry.objects.filter(verb="feed.revoked").count() == 1


def test_who_has_left_has_no_calendar():
    agent = make.person()
    path = make_files.address(agent)
    agent.is_active = False
    agent.save()
    unknown = fetched("/shifts/feed/" + "A" * 43 + ".ics")
    left = fetched(path)
    assert (left.status_code, left.content, dict(left.headers)) == (404, unknown.content, dict(unknown.headers))


@pytest.mark.parametrize("address", [RENEW, REVOKE])
def test_addresses_are_changed_by_post(client_of, address):
    assert client_of(make.person()).get(address).status_code == 405


def test_a_feed_is_only_read():
    path = make_files.address(make.person())
    assert [Client().post(path).status_code, Client().head(path).status_code] == [405, 200]


def test_no_cache_keeps_it_and_no_search_engine_lists_it():
    response = fetched(make_files.address(make.person()))
    wanted = {
        "Content-Type": "text/calendar; charset=utf-8",
        "Cache-Control": "private, no-cache",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
        "Content-Disposition": 'inline; filename="shifts.ics"',
    }
    assert {name: response[name] for name in wanted} == wanted
    assert "Set-Cookie" not in response


def test_the_token_stays_out_of_the_log():
    path = "/shifts/feed/" + "B" * 43 + ".ics"
    console = next(handler for handler in logging.getLogger().handlers if handler.get_name() == "console")
    lines = io.StringIO()
    before = console.setStream(lines)
    try:
        fetched(path)
        logging.getLogger("anything").warning("asked for %s twice", path)
    finally:
        console.setStream(before)
    assert [line.split(" WARNING ")[1] for line in lines.getvalue().splitlines()] == [
        "django.request Not Found: /shifts/feed/….ics",
        "anything asked for /shifts/feed/….ics twice",
    ]


def test_neither_the_proxy_nor_the_server_logs_the_token():
    proxy = (settings.BASE_DIR / "deploy" / "nginx" / "callcentre.conf").read_text()
    assert "~^/shifts/feed/ 0;" in proxy
    assert proxy.count("if=$loggable") == proxy.count("server {")
    units = [*settings.BASE_DIR.glob("deploy/systemd/*"), settings.BASE_DIR / "callcentre/management/commands/serve.py"]
    assert [path.name for path in units if "--access-log" in path.read_text()] == []


# Polling


def test_an_unchanged_calendar_is_not_sent_again():
    team, leader, (agent, other) = make_shifts.crew()
    shift = make_files.shift(team=team, leader=leader, people=[agent], on=make.MONDAY + DAY)
    path = make_files.address(agent)
    first = fetched(path)
    again = fetched(path, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert fetched(path, if_modified_since=first["Last-Modified"]).status_code == 304
    assert fetched(path).content == first.content
    make_files.change(removed=[(agent, shift)], added=[(other, shift)], at=make.at(10))
    changed = fetched(path, if_none_match=first["ETag"])
    assert (changed.status_code, changed["ETag"] != first["ETag"]) == (200, True)
    assert fetched(path, if_modified_since=first["Last-Modified"]).status_code == 200


def test_a_poll_asks_five_statements_whatever_the_history():
    team, leader, (agent, other) = make_shifts.crew()
    path = make_files.address(agent)

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert fetched(path).status_code == 200
        return len(queries)

    assert count() == 5
    for week in range(-10, 10):
        shift = make_files.shift(team=team, leader=leader, people=[agent], on=make.MONDAY + week * 7 * DAY)
        if week > 5:
            make_files.change(removed=[(agent, shift)], added=[(other, shift)], at=make.at(10))
    assert count() == 5


def test_the_items_are_in_the_order_of_their_days():
    team = make.team()
    agent = make.person(team=team)
    for steps in (3, 1, 2):
        make_files.shift(on=make.MONDAY + steps * DAY, team=team, people=[agent])
    starts = [item.starts for item in calendars.items_of(agent, make.MONDAY)]
    assert starts == sorted(starts)
