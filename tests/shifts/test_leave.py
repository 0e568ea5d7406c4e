"""Leave: who asks, who decides, what becomes of it, and what it does to the roster and to the line above."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from callcentre import clock
from callcentre.refusals import Refused
from delivery import actions as delivery
from delivery.models import Message
from journal.models import Entry
from people.models import Role
from shifts import actions, checking, line
from shifts.floor import floor_at
from shifts.models import Demand, Leave
from tests import make, make_shifts, make_swaps
from tests.make_swaps import DAY, SOON

pytestmark = pytest.mark.django_db
MONDAY = make.MONDAY
STEPS = ("approve", "refuse", "withdraw", "cancel")
ASK = reverse("shifts:ask_leave")
FORM = {"kind": "annual", "from_on": "2026-11-23", "until_on": "2026-11-25", "reason": "探亲"}


@pytest.fixture(autouse=True)
def sunday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: SOON.astimezone(dt.UTC))


@pytest.fixture
def floor():
    return make_swaps.floor()


def verbs(leave):
    return [entry.verb for entry in Entry.objects.about(leave)]


def code_of(action, **arguments):
    with pytest.raises(Refused) as refused:
        action(at=SOON, **arguments)
    return refused.value.code


def address(step, leave):
    return reverse(f"shifts:{step}_leave", args=[leave.pk])


def told(person):
    delivery.send_queued()
    return set(Message.objects.filter(person=person, kind__startswith="leave.").values_list("kind", flat=True))


# Asking


def test_somebody_asks_and_the_leader_on_duty_is_told(floor):
    agent = floor.agents[0][0]
    leave = actions.ask_leave(
        person=agent, kind="sick", from_on=MONDAY, until_on=MONDAY, by=agent, at=make.at(9), reason=" 发热 "
    )
    assert (leave.status, leave.asked_by, leave.reason, leave.days) == ("requested", agent, "发热", 1)
    assert verbs(leave) == ["leave.asked"]
    assert told(floor.leaders[0]) == {"leave.asked"}


def test_a_leader_records_it_for_somebody_absent_who_is_told(floor):
    leave = make_swaps.leave(person=floor.agents[1][0], by=floor.leaders[0])
    assert (leave.person, leave.asked_by) == (floor.agents[1][0], floor.leaders[0])
    assert told(floor.agents[1][0]) == {"leave.recorded"}


def test_an_agent_asks_for_nobody_else(floor):
    one, other = floor.agents[0]
    wanted = {"person": other, "kind": "annual", "from_on": MONDAY, "until_on": MONDAY}
    assert code_of(actions.ask_leave, by=one, **wanted) == "leave_not_yours_to_ask"


@pytest.mark.parametrize(
    ("from_on", "until_on", "code"),
    [
        (MONDAY, MONDAY - DAY, "leave_reversed"),
        (MONDAY, MONDAY + 366 * DAY, "leave_too_long"),
        (MONDAY - 33 * DAY, MONDAY, "leave_too_old"),
        (MONDAY + 2 * DAY, MONDAY + 9 * DAY, "leave_overlaps"),
    ],
)
def test_the_days_are_looked_at(floor, from_on, until_on, code):
    agent = floor.agents[0][0]
    make_swaps.leave(person=agent, until_on=MONDAY + 2 * DAY)
    wanted = {"person": agent, "kind": "annual", "from_on": from_on, "until_on": until_on}
    assert code_of(actions.ask_leave, by=agent, **wanted) == code


def test_the_same_days_can_be_asked_for_again_after_a_refusal(floor):
    agent = floor.agents[0][0]
    actions.refuse_leave(leave=make_swaps.leave(person=agent), by=floor.leaders[1], at=SOON)
    assert make_swaps.leave(person=agent).status == "requested"


def test_nobody_decides_on_the_centre_director():
    head = make.person(role=Role.CENTRE_DIRECTOR)
    wanted = {"person": head, "kind": "annual", "from_on": MONDAY, "until_on": MONDAY}
    assert code_of(actions.ask_leave, by=head, **wanted) == "leave_without_decider"


# Deciding


def test_a_leader_approves_and_it_is_recorded(floor):
    agent = floor.agents[0][0]
    leave = actions.approve_leave(leave=make_swaps.leave(person=agent), by=floor.leaders[1], at=SOON, remark=" 好 ")
    leave.refresh_from_db()
    assert (leave.status, leave.decided_by, leave.decided_at, leave.remark) == (
        "approved",
        floor.leaders[1],
        SOON,
        "好",
    )
    assert verbs(leave) == ["leave.asked", "leave.approved"]
    assert "leave.approved" in told(agent)


def people(floor):
    return {
        "agent": floor.agents[0][0],
        "leader": floor.leaders[0],
        "other leader": floor.leaders[1],
        "inspector": make.person(role=Role.INSPECTOR),
        "director": floor.director,
        "head": make.person(role=Role.CENTRE_DIRECTOR),
    }


@pytest.mark.parametrize(
    ("subject", "deciders"),
    [
        ("agent", {"leader", "other leader", "director"}),
        ("leader", {"director"}),
        ("inspector", {"director"}),
        ("director", {"head"}),
    ],
)
def test_who_decides_goes_by_who_is_away(floor, subject, deciders):
    who = people(floor)
    leave = make_swaps.leave(person=who[subject])
    waits = {name for name, person in who.items() if Leave.objects.waiting_for(person, SOON).exists()}
    assert waits == deciders
    for name, person in who.items():
        if name not in deciders:
            expected = "leave_is_your_own" if name == subject else "leave_not_yours_to_decide"
            assert code_of(actions.approve_leave, leave=leave, by=person) == expected
    assert actions.approve_leave(leave=leave, by=who[min(deciders)], at=SOON).status == "approved"


def test_who_recorded_it_does_not_decide_on_it(floor):
    leave = make_swaps.leave(person=floor.agents[0][0], by=floor.leaders[0])
    assert code_of(actions.approve_leave, leave=leave, by=floor.leaders[0]) == "leave_asked_by_you"
    assert not Leave.objects.waiting_for(floor.leaders[0], SOON).exists()


def test_a_deputy_decides_for_the_director(floor):
    deputy = floor.leaders[1]
    leave = make_swaps.leave(person=floor.leaders[0])
    make_shifts.deputy(absent=floor.director, deputy=deputy, from_on=MONDAY - DAY)
    assert list(Leave.objects.waiting_for(deputy, SOON)) == [leave]
    assert actions.approve_leave(leave=leave, by=deputy, at=SOON).status == "approved"


def test_the_database_refuses_a_decision_on_ones_own(floor):
    agent = floor.agents[0][0]
    leave = make_swaps.leave(person=agent)
    with pytest.raises(IntegrityError, match="nobody_decides_their_own_leave"), transaction.atomic():
        Leave.objects.filter(pk=leave.pk).update(status="approved", decided_by=agent, decided_at=SOON)


@pytest.mark.parametrize("step", ["approve", "refuse"])
def test_what_is_decided_is_not_decided_again(floor, step):
    leave = make_swaps.leave(person=floor.agents[0][0], approved_by=floor.leaders[0])
    assert code_of(getattr(actions, f"{step}_leave"), leave=leave, by=floor.leaders[1]) == "wrong_state"


# Taking it back


def test_a_request_is_withdrawn_by_who_asked_only(floor):
    leave = make_swaps.leave(person=floor.agents[0][0])
    assert code_of(actions.withdraw_leave, leave=leave, by=floor.leaders[0]) == "leave_not_yours"
    assert actions.withdraw_leave(leave=leave, by=floor.agents[0][0], at=SOON).status == "withdrawn"
    assert verbs(leave) == ["leave.asked", "leave.withdrawn"]


def test_approved_leave_is_cancelled_while_it_is_not_over(floor):
    agent, colleague = floor.agents[0]
    leave = make_swaps.leave(person=agent, approved_by=floor.leaders[0])
    assert code_of(actions.cancel_leave, leave=leave, by=colleague) == "leave_not_yours_to_decide"
    with pytest.raises(Refused) as refused:
        actions.cancel_leave(leave=leave, by=agent, at=make.at(0, on=MONDAY + DAY))
    assert refused.value.code == "leave_over"
    assert actions.cancel_leave(leave=leave, by=agent, at=make.at(23)).status == "cancelled"
    assert told(floor.leaders[0]) == {"leave.cancelled"}


# What it does to the line above


def test_an_approved_leader_is_absent_and_the_deputy_acts(floor):
    leader, deputy = floor.leaders[:2]
    leave = make_swaps.leave(person=leader)
    assert line.leader_on_duty(floor.centre, make.at(9)) == leader
    actions.approve_leave(leave=leave, by=floor.director, at=SOON)
    level = line.line_above(floor.agents[0][0], make.at(9))[0]
    assert (level.person, level.why) == (None, "on_leave")
    assert line.leader_of_day_shift(floor.centre, MONDAY) == (None, "on_leave")
    make_shifts.deputy(absent=leader, deputy=deputy)
    level = line.line_above(floor.agents[0][0], make.at(9))[0]
    assert (level.person, level.acting_for, level.why) == (deputy, leader, "deputy")
    assert line.leader_on_duty(floor.centre, make.at(9, on=MONDAY + DAY)) == leader


def test_a_deputy_on_leave_does_not_act(floor):
    leader, deputy = floor.leaders[:2]
    make_shifts.deputy(absent=leader, deputy=deputy)
    make_swaps.leave(person=deputy, approved_by=floor.director)
    assert line.acting_leader(floor.shift(MONDAY)) == line.Holder(None, on_leave=True)


def test_an_office_whose_holder_is_on_leave_falls_to_the_next_or_says_so(floor):
    head = make.person(role=Role.CENTRE_DIRECTOR)
    make_swaps.leave(person=floor.director, approved_by=head)
    level = line.line_above(floor.leaders[0], make.at(9))[0]
    assert (level.kind, level.person, level.why) == ("director", None, "on_leave")
    second = make_shifts.director()
    assert line.director(floor.centre, MONDAY) == second


def test_asking_about_leave_costs_no_statement(floor, django_assert_num_queries):
    make_swaps.leave(person=floor.leaders[0], approved_by=floor.director)
    make_shifts.deputy(absent=floor.leaders[0], deputy=floor.leaders[1])
    with django_assert_num_queries(2):  # the day's shifts, and deputies and leave in one
        assert line.leader_of_day_shift(floor.centre, MONDAY) == (floor.leaders[1], "deputy")


# What it does to the roster


def test_who_is_on_leave_is_not_counted_as_covering_the_shift(floor):
    one, other = floor.agents[0]
    shift = floor.shift(MONDAY)
    Demand.objects.create(centre=floor.centre, type=shift.type, heads=2, from_on=MONDAY)
    make_swaps.leave(person=one, approved_by=floor.leaders[0])
    for people in (None, [one.pk], [other.pk]):
        period = checking.Period.load(floor.centre, MONDAY, MONDAY, people=people)
        assert [(found.code, found.size) for found in checking.judge(period) if found.code == "uncovered"] == [
            ("uncovered", 1)
        ]
    assert shift.assignments.filter(person=one).exists()


def test_the_floor_names_who_is_away_beside_its_people(floor):
    one, other = floor.agents[0]
    make_swaps.leave(person=one, approved_by=floor.leaders[0])
    manned = floor_at(floor.centre, make.at(9)).now[0]
    assert ([pk for pk, *_rest in manned.people], [pk for pk, *_rest in manned.away]) == ([other.pk], [one.pk])


# Pages


def test_asking_by_the_form_leads_to_the_request(client_of, floor):
    agent = floor.agents[0][0]
    answer = client_of(agent).post(ASK, FORM)
    leave = Leave.objects.get()
    assert (answer.status_code, answer.url) == (302, leave.get_absolute_url())
    assert (leave.person, leave.from_on, leave.until_on, leave.reason) == (agent, MONDAY, MONDAY + 2 * DAY, "探亲")


def test_a_leader_asks_by_employee_number(client_of, floor):
    client, agent = client_of(floor.leaders[0]), floor.agents[1][0]
    assert client.post(ASK, FORM | {"number": "99999"}).context["form"].errors.keys() == {"number"}
    stranger = make.person(centre=make.centre(name="别的中心"))
    assert client.post(ASK, FORM | {"number": stranger.employee_number}).status_code == 422
    client.post(ASK, FORM | {"number": agent.employee_number})
    assert Leave.objects.get().person == agent


def test_the_number_of_an_agents_form_is_not_read(client_of, floor):
    one, other = floor.agents[0]
    client_of(one).post(ASK, FORM | {"number": other.employee_number})
    assert Leave.objects.get().person == one


def test_a_refused_form_keeps_what_was_typed(client_of, floor):
    answer = client_of(floor.agents[0][0]).post(ASK, FORM | {"until_on": "2026-11-20"})
    assert answer.status_code == 422
    assert answer.context["form"]["reason"].value() == "探亲"
    assert Leave.objects.count() == 0


def test_the_page_tells_what_the_roster_would_lack(client_of, floor):
    leave = make_swaps.leave(person=floor.leaders[0])
    page = client_of(floor.director).get(leave.get_absolute_url())
    assert [shift.on for shift in page.context["shifts"]] == [MONDAY]
    assert [finding.code for finding in page.context["short"]] == ["leaderless"]
    assert [button.step.code for button in page.context["deciding"]] == ["approve", "refuse"]


def test_each_step_works_by_its_button(client_of, floor):
    leader, agent = floor.leaders[0], floor.agents[0][0]
    for step, by, before, after in (
        ("approve", leader, None, "approved"),
        ("refuse", leader, None, "refused"),
        ("withdraw", agent, None, "withdrawn"),
        ("cancel", leader, leader, "cancelled"),
    ):
        leave = make_swaps.leave(person=agent, approved_by=before)
        answer = client_of(by).post(address(step, leave), {"remark": "知道了"})
        assert (answer.status_code, answer.url) == (302, leave.get_absolute_url())
        leave.refresh_from_db()
        assert (leave.status, verbs(leave)[-1]) == (after, f"leave.{after}")
        Leave.objects.all().delete()


def test_from_the_start_page_one_comes_back_to_it(client_of, floor):
    leave = make_swaps.leave(person=floor.agents[0][0])
    page = client_of(floor.leaders[0]).get(reverse("board:start"))
    assert address("approve", leave) in page.content.decode()
    answer = client_of(floor.leaders[0]).post(address("approve", leave), {"back": "start"})
    assert answer.url == reverse("board:start")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_is_refused_with_its_code(client_of, floor, step):
    leave = make_swaps.leave(person=floor.agents[0][0])
    Leave.objects.update(status="withdrawn")
    by = floor.agents[0][0] if step == "withdraw" else floor.leaders[0]
    answer = client_of(by).post(address(step, leave))
    assert (answer.status_code, answer["X-Refusal"]) == (409, "wrong_state")


@pytest.mark.parametrize("step", STEPS)
def test_a_colleague_and_another_centre_do_not_see_it(client_of, floor, step):
    leave = make_swaps.leave(person=floor.agents[0][0])
    for person in (floor.agents[0][1], make.person(role=Role.DIRECTOR, centre=make.centre(name="别的中心"))):
        assert client_of(person).post(address(step, leave)).status_code == 404
        assert client_of(person).get(leave.get_absolute_url()).status_code == 404
    assert client_of(floor.leaders[0]).get(address(step, leave)).status_code == 405
    leave.refresh_from_db()
    assert leave.status == "requested"


def test_a_remark_that_is_too_long_is_asked_for_again(client_of, floor):
    leave = make_swaps.leave(person=floor.agents[0][0])
    answer = client_of(floor.leaders[0]).post(address("refuse", leave), {"remark": "长" * 201})
    assert (answer.status_code, list(answer.context["remark_form"].errors)) == (422, ["remark"])


def test_the_tabs_hold_what_they_say(client_of, floor):
    agent, leader = floor.agents[0][0], floor.leaders[0]
    waits = make_swaps.leave(person=floor.agents[0][1])
    decided = make_swaps.leave(person=agent, approved_by=leader)
    recorded = make_swaps.leave(person=floor.agents[1][0], by=leader)

    def rows(person, tab):
        return [row.pk for row in client_of(person).get(reverse("shifts:list_leaves"), {"tab": tab}).context["rows"]]

    assert (rows(leader, "waiting"), rows(leader, "decided")) == ([waits.pk], [decided.pk])
    assert (rows(leader, "mine"), rows(agent, "mine")) == ([recorded.pk], [decided.pk])
    assert rows(agent, "waiting") == []


@pytest.mark.parametrize("tab", ["waiting", "mine"])
def test_the_list_costs_the_same_for_one_row_and_ten(client_of, floor, tab):
    reader = floor.leaders[0] if tab == "waiting" else floor.agents[0][0]
    client, counts = client_of(reader), []
    for count in (1, 10):
        for number in range(Leave.objects.count(), count):
            make_swaps.leave(person=floor.agents[0][0], from_on=MONDAY + number * DAY)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse("shifts:list_leaves"), {"tab": tab})
        assert len(page.context["rows"]) == count
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8


def test_the_mine_list_goes_by_pages(client_of, floor, monkeypatch):
    monkeypatch.setattr("shifts.views.requests.PAGE", 2)
    agent = floor.agents[0][0]
    made = [make_swaps.leave(person=agent, from_on=MONDAY + number * DAY).pk for number in range(3)]
    client = client_of(agent)
    page = client.get(reverse("shifts:list_leaves") + "?tab=mine")
    assert [row.pk for row in page.context["rows"]] == made[:0:-1]
    older = client.get(reverse("shifts:list_leaves") + page.context["older"])
    assert ([row.pk for row in older.context["rows"]], older.context["older"]) == (made[:1], "")
