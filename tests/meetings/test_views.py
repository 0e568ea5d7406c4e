import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from duties.models import Duty
from meetings import actions, pages
from meetings.models import ActionItem, Decision, Meeting
from people.models import Role
from tests import make, make_meetings, make_shifts

pytestmark = pytest.mark.django_db
STEPS = (
    "move_meeting",
    "open_meeting",
    "unopen_meeting",
    "mark_attendance",
    "mark_all_present",
    "add_guest",
    "add_decision",
    "add_action_item",
    "end_meeting",
    "resume_meeting",
    "finalise_minutes",
    "confirm_minutes",
)
PARTS = ("write_minutes", "remove_decision", "remove_action_item", "close_action_item", "reopen_action_item")
D = dt.date


@pytest.fixture
def today():
    return clock.local_date(make.centre(), clock.now())


@pytest.fixture
def director():
    return make_meetings.director()


@pytest.fixture
def meeting(today):
    return make_meetings.meeting(on=today)


@pytest.fixture
def opened(director, meeting):
    actions.open_meeting(meeting=meeting, by=director, at=clock.now())
    return meeting


def url(name, meeting, *more):
    return reverse(f"meetings:{name}", args=[meeting.pk, *more])


def typed(meeting, today, owner=""):
    """A body that any of the steps takes."""
    return {
        "move-on": (today + dt.timedelta(days=1)).isoformat(),
        "move-time": "10:00",
        "move-reason": "出差",
        "present": getattr(meeting.attendance.first(), "pk", 1),
        "number": make.person(role=Role.INSPECTOR).employee_number,
        "minutes": "已讲评",
        "version": 0,
        "text": "统一口径",
        "owner": owner or make.person().employee_number,
        "due_on": today.isoformat(),
    }


def part_of(step, meeting, director, today):
    if step == "write_minutes":
        return make_meetings.point(meeting).pk
    if step == "remove_decision":
        return Decision.objects.create(meeting=meeting, text="x", by=director, at=clock.now()).pk
    return ActionItem.objects.create(meeting=meeting, text="x", owner=director, due_on=today).pk


def test_the_director_runs_the_meeting_in_the_browser(client_of, director, meeting, today):
    make_meetings.leaders(2)
    client = client_of(director)
    for step in ("open_meeting", "mark_all_present", "add_guest", "add_decision", "add_action_item"):
        assert client.post(url(step, meeting), typed(meeting, today)).status_code == 302
    for point in meeting.points.all():
        client.post(url("write_minutes", meeting, point.pk), {"minutes": "", "nothing": "1", "version": 0})
    for step in ("end_meeting", "finalise_minutes"):
        response = client.post(url(step, meeting))
        assert (response.status_code, response["Location"]) == (302, url("show_meeting", meeting))
    meeting = Meeting.objects.with_duty().get()
    assert (meeting.status, meeting.duty.status) == ("final", Duty.Status.DONE)
    assert (meeting.decisions.count(), meeting.action_items.count(), meeting.attendance.count()) == (1, 1, 3)


def test_moving_keeps_the_duty_where_it_is(client_of, director, meeting, today):
    response = client_of(director).post(url("move_meeting", meeting), typed(meeting, today))
    meeting = Meeting.objects.with_duty().get()
    expected = 422 if today.weekday() == 6 else 302  # a Sunday is the last day of its week
    assert (response.status_code, meeting.duty.due_on) == (expected, today)
    if expected == 302:
        assert (meeting.held_on, meeting.moved_reason) == (today + dt.timedelta(days=1), "出差")


def test_a_move_past_the_week_keeps_what_was_typed(client_of, director, meeting, today):
    far = (today + dt.timedelta(days=8)).isoformat()
    response = client_of(director).post(url("move_meeting", meeting), typed(meeting, today) | {"move-on": far})
    form = response.context["move_form"]
    assert (response.status_code, form["on"].value(), form["reason"].value()) == (422, far, "出差")
    assert list(form.errors) == ["on"]


def test_one_tap_marks_somebody_and_answers_with_the_line_of_the_page(client_of, director, meeting):
    leader, _other = make_meetings.leaders(2)
    actions.open_meeting(meeting=meeting, by=director, at=clock.now())
    client, row = client_of(director), make_meetings.row(meeting, leader)
    answer = client.post(url("mark_attendance", meeting), {"present": row.pk}, headers={"HX-Request": "true"})
    line = answer.content.decode().partition("<span id=")[0].strip()
    assert "".join(line.split()) in "".join(client.get(url("show_meeting", meeting)).content.decode().split())
    assert [(str(status), number) for status, number in answer.context["counts"]] == [("expected", 1), ("present", 1)]
    response = client.post(url("mark_attendance", meeting), {"away": row.pk})
    assert (response.status_code, response["Location"]) == (302, f"{url('show_meeting', meeting)}#attendance")
    row.refresh_from_db()
    assert row.status == "expected"


@pytest.mark.parametrize("number", ["", "x", "٣", "9" * 30, "0"])
def test_an_unknown_line_of_the_list_is_not_there(client_of, director, opened, number):
    assert client_of(director).post(url("mark_attendance", opened), {"present": number}).status_code == 404


def test_minutes_by_htmx_answer_with_the_point_of_the_page(client_of, director, opened):
    client, point = client_of(director), make_meetings.point(opened)
    address = url("write_minutes", opened, point.pk)
    answer = client.post(address, {"minutes": "服务好转", "version": 0}, headers={"HX-Request": "true"})
    page = plain(client.get(url("show_meeting", opened)))
    assert answer.status_code == 200
    assert plain(answer) in page


def plain(response):
    return "".join(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode()).split())


@pytest.mark.parametrize("htmx", [True, False])
def test_minutes_written_meanwhile_are_shown_and_nothing_typed_is_lost(client_of, director, opened, htmx):
    other = make_meetings.director()
    point = make_meetings.point(opened)
    actions.write_minutes(point=point, minutes="他人所写", nothing=False, version=0, by=other, at=clock.now())
    address = url("write_minutes", opened, point.pk)
    headers = {"HX-Request": "true"} if htmx else {}
    client = client_of(director)
    response = client.post(address, {"minutes": "我写的", "version": 0}, headers=headers)
    form = response.context["form"] if htmx else response.context["points"][0][1]
    assert (response.status_code, form["minutes"].value(), form["version"].value()) == (422, "我写的", "1")
    assert form.theirs.minutes == "他人所写"
    assert client.post(address, {"minutes": "我写的", "version": 1}, headers=headers).status_code in (200, 302)
    point.refresh_from_db()
    assert (point.minutes, point.version) == ("我写的", 2)


@pytest.mark.parametrize(
    ("step", "body", "field"),
    [
        ("add_decision", {"text": " "}, "text"),
        ("add_action_item", {"text": "x", "owner": "99999", "due_on": "2030-01-01"}, "owner"),
        ("add_action_item", {"text": "x", "owner": "1", "due_on": "2020-01-01"}, "due_on"),
        ("add_guest", {"number": "99999"}, "number"),
    ],
)
def test_a_wrong_form_comes_back_with_its_error(client_of, director, opened, step, body, field):
    response = client_of(director).post(url(step, opened), body)
    form = {"add_decision": "decision_form", "add_action_item": "item_form", "add_guest": "guest_form"}[step]
    assert (response.status_code, list(response.context[form].errors)) == (422, [field])


def test_an_item_is_closed_by_its_owner_and_opened_again(client_of, director, opened, today):
    owner = make.person()
    item = ActionItem.objects.create(meeting=opened, text="x", owner=owner, due_on=today)
    client = client_of(owner)
    for step, status in (("close_action_item", "done"), ("reopen_action_item", "open")):
        assert client.post(url(step, opened, item.pk)).status_code == 302
        item.refresh_from_db()
        assert item.status == status


def test_who_was_on_duty_confirms(client_of, director, today):
    leader = make.person(role=Role.LEADER)
    final = make_meetings.finalised(by=director, on=today, at=clock.now())
    row = final.attendance.get(person=leader)
    type(row).objects.filter(pk=row.pk).update(status="excused", on_duty=True)
    assert client_of(leader).post(url("confirm_minutes", final)).status_code == 302
    row.refresh_from_db()
    assert row.status == "minutes_confirmed"
    assert client_of(director).post(url("confirm_minutes", final)).status_code == 404


@pytest.mark.parametrize("step", [*STEPS, *PARTS])
def test_a_leader_runs_no_meeting(client_of, director, opened, today, step):
    if step in ("move_meeting", "open_meeting"):
        actions.unopen_meeting(meeting=opened, by=director, at=clock.now())
    if step in ("resume_meeting", "finalise_minutes"):
        actions.end_meeting(meeting=opened, by=director, at=clock.now())
    more = [part_of(step, opened, director, today)] if step in PARTS else []
    if step == "reopen_action_item":
        actions.close_action_item(item=ActionItem.objects.select_related("meeting").get(), by=director, at=clock.now())
    guest = actions.add_guest if step == "mark_attendance" else None
    if guest:
        guest(meeting=opened, number=make.person().employee_number, by=director, at=clock.now())
    leader = make.person(role=Role.LEADER)
    response = client_of(leader).post(url(step, opened, *more), typed(opened, today))
    if step == "confirm_minutes":
        assert response.status_code == 404  # they have nothing to confirm
        return
    code = "meeting_item_not_yours" if step in ("close_action_item", "reopen_action_item") else "meeting_not_yours"
    assert (response.status_code, response["X-Refusal"]) == (409, code)


@pytest.mark.parametrize("step", [*STEPS, *PARTS])
def test_another_centres_meeting_is_not_there(client_of, director, opened, today, step):
    stranger = make_meetings.director(centre=make.centre(name="别处"))
    more = [part_of(step, opened, director, today)] if step in PARTS else []
    assert client_of(stranger).post(url(step, opened, *more), typed(opened, today)).status_code == 404


@pytest.mark.parametrize("step", [*STEPS, *PARTS])
def test_a_step_is_a_post(client_of, director, opened, today, step):
    more = [part_of(step, opened, director, today)] if step in PARTS else []
    assert client_of(director).get(url(step, opened, *more)).status_code == 405


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("unopen_meeting", "wrong_state"),
        ("mark_all_present", "meeting_not_under_way"),
        ("add_guest", "meeting_not_under_way"),
        ("write_minutes", "meeting_not_under_way"),
        ("add_decision", "meeting_not_under_way"),
        ("remove_decision", "meeting_not_under_way"),
        ("add_action_item", "meeting_not_under_way"),
        ("remove_action_item", "meeting_not_under_way"),
        ("reopen_action_item", "wrong_state"),
        ("end_meeting", "wrong_state"),
        ("resume_meeting", "wrong_state"),
        ("finalise_minutes", "wrong_state"),
    ],
)
def test_a_step_before_the_opening_is_refused(client_of, director, meeting, today, step, code):
    more = [part_of(step, meeting, director, today)] if step in PARTS else []
    response = client_of(director).post(url(step, meeting, *more), typed(meeting, today))
    assert (response.status_code, response["X-Refusal"]) == (409, code)


@pytest.mark.parametrize("step", ["move_meeting", "open_meeting"])
def test_a_step_after_the_opening_is_refused(client_of, director, opened, today, step):
    response = client_of(director).post(url(step, opened), typed(opened, today))
    assert (response.status_code, response["X-Refusal"]) == (409, "wrong_state")


def test_a_draft_is_read_by_who_writes_it_and_final_minutes_by_everybody(client_of, director, opened):
    make_meetings.answer_all(opened, by=director, at=clock.now())
    agent = make.person()
    for reader, shown in ((director, 8), (agent, 0)):
        assert client_of(reader).get(url("show_meeting", opened)).content.decode().count("已讲评") == shown
    assert client_of(agent).get(url("print_minutes", opened)).status_code == 404
    actions.end_meeting(meeting=opened, by=director, at=clock.now())
    actions.finalise(meeting=opened, by=director, at=clock.now())
    for page in ("show_meeting", "print_minutes"):
        assert client_of(agent).get(url(page, opened)).content.decode().count("已讲评") == 8


@pytest.mark.parametrize(
    ("language", "said"), [("zh-hans", "疑难案例分析"), ("en", "Analysis of hard cases")], ids=["zh", "en"]
)
@pytest.mark.parametrize("stage", ["planned", "in_progress", "minutes_draft", "final"])
def test_the_page_in_both_languages_at_each_stage(client_of, director, meeting, language, said, stage):
    if stage != "planned":
        actions.open_meeting(meeting=meeting, by=director, at=clock.now())
        make_meetings.answer_all(meeting, by=director, at=clock.now())
    if stage in ("minutes_draft", "final"):
        actions.end_meeting(meeting=meeting, by=director, at=clock.now())
    if stage == "final":
        actions.finalise(meeting=meeting, by=director, at=clock.now())
    reader = make.person(role=Role.DIRECTOR, language=language)
    titles = re.findall(r"</span> ([^<]+)</h3>", client_of(reader).get(url("show_meeting", meeting)).content.decode())
    assert (len(titles), titles[6]) == (8, said)


def test_the_holiday_and_its_proposal_are_on_the_page(client_of, director):
    make_meetings.holiday(D(2027, 2, 19), name="春节调休")
    meeting = make_meetings.meeting(series="monthly", on=D(2027, 2, 19), status="scheduled")
    response = client_of(director).get(url("show_meeting", meeting))
    assert response.context["flag"].proposed_on == D(2027, 2, 18)
    assert response.context["move_form"]["on"].value() == D(2027, 2, 18)
    listed = client_of(director).get(reverse("meetings:list_meetings")).context["ahead"]
    assert [(row, flag.holiday) for row, flag, _assignee in listed] == [(meeting, "春节调休")]


def queries(client, address):
    with CaptureQueriesContext(connection) as context:
        assert client.get(address).status_code == 200
    return len(context)


FIRST_MONDAY = D(2026, 1, 5)


def mondays(count, first=FIRST_MONDAY):
    return [first + dt.timedelta(weeks=number) for number in range(count)]


def test_the_list_asks_the_same_for_one_meeting_and_for_ten(client_of, director):
    client, address = client_of(director), reverse("meetings:list_meetings")
    make_meetings.finalised(by=director, on=D(2026, 1, 5))
    make_meetings.meeting(on=D(2026, 3, 2))
    client.get(address)
    with_one = queries(client, address)
    for on in mondays(8)[1:]:
        make_meetings.finalised(by=director, on=on)
    for on in mondays(10, D(2026, 3, 9)):
        make_meetings.meeting(on=on)
    assert queries(client, address) == with_one


def test_past_meetings_come_in_pages_by_key(client_of, director, monkeypatch):
    monkeypatch.setattr(pages, "PAGE", 2)
    dates = mondays(5)
    for on in dates:
        make_meetings.meeting(on=on, status="waived", reason="放假")
    client, address, seen = client_of(director), reverse("meetings:list_meetings"), []
    before = ""
    while True:
        page = client.get(address, {"before": before}).context["page"]
        seen += [meeting.held_on for meeting in page.rows]
        before = page.older
        if not before:
            break
    assert seen == dates[::-1]
    assert [row.held_on for row in client.get(address, {"before": "x"}).context["page"].rows] == dates[:2:-1]


def test_the_year_asks_the_same_for_one_meeting_and_for_ten(client_of, director):
    client, address = client_of(director), f"{reverse('meetings:preview_dates')}?year=2026"
    make_meetings.meeting(on=D(2026, 1, 5))
    make_meetings.holiday(D(2026, 1, 5))
    client.get(address)
    with_one = queries(client, address)
    for on in mondays(10)[1:]:
        make_meetings.meeting(on=on)
        make_meetings.holiday(on)
    assert queries(client, address) == with_one


def test_the_year_links_its_meetings_and_bounds_the_years(client_of, director, today):
    meeting = make_meetings.meeting(on=D(2026, 1, 5))
    client, address = client_of(director), reverse("meetings:preview_dates")
    series = dict(client.get(address, {"year": "2026"}).context["series"])
    assert series["weekly"][0] == (D(2026, 1, 5), None, meeting)
    assert len(series["monthly"]) == 12
    for year in ("", "x", "1", "99999"):
        assert client.get(address, {"year": year}).context["year"] == today.year


def test_the_meeting_asks_the_same_for_one_of_everything_and_for_ten(client_of, director, today):
    team, leader, _agents = make_shifts.crew()
    meeting = make_meetings.meeting(on=today)
    actions.open_meeting(meeting=meeting, by=director, at=clock.now())
    give(meeting, director, leader, today, 1)
    client = client_of(director)
    client.get(url("show_meeting", meeting))
    with_one = queries(client, url("show_meeting", meeting))
    for number in range(9):
        guest = make.person(team=make.team(name=f"{number}班"))
        actions.add_guest(meeting=meeting, number=guest.employee_number, by=director, at=clock.now())
    give(meeting, director, leader, today, 9)
    make_meetings.answer_all(meeting, by=director, at=clock.now())
    assert queries(client, url("show_meeting", meeting)) == with_one


def give(meeting, director, owner, today, count):
    for _number in range(count):
        actions.add_decision(meeting=meeting, text="x", by=director, at=clock.now())
        actions.add_action_item(
            meeting=meeting, text="x", owner=owner.employee_number, due_on=today, by=director, at=clock.now()
        )


def test_the_director_looks_meetings_up_in_the_admin(client_of, director, opened):
    client = client_of(director)
    assert client.get(reverse("admin:meetings_meeting_changelist")).status_code == 200
    assert client.get(reverse("admin:meetings_meeting_change", args=[opened.pk])).status_code == 200
    assert client.post(reverse("admin:meetings_meeting_change", args=[opened.pk]), {}).status_code == 403
