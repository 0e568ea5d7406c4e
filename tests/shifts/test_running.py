"""A run with the real solver: what it finds is legal, and whatever becomes of its worker the draft is as it was."""

import collections
import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection

from people.models import Person, Role
from shifts import actions, checking, outcomes, running
from shifts.models import Demand, Edit, Run, Shift, ShiftType
from tests import make, make_shifts, make_solving
from tests.make_solving import ASKED, FIRST, LAST
from tests.races import ROUNDS, at_once, told


def now():
    return ASKED


def agents():
    return list(Person.objects.filter(role_assignments__role=Role.AGENT).order_by("employee_number"))


@pytest.fixture
def director(db):
    return make_shifts.director()


@pytest.fixture
def solver(monkeypatch, tmp_path):
    """`solver(code)`: a program of this code stands in the solver's place: the edge of the process."""

    def put(code):
        program = tmp_path / "solver.py"
        program.write_text("import json, sys, time\nproblem = json.loads(sys.stdin.read())\n" + code)
        monkeypatch.setattr(running, "COMMAND", [sys.executable, str(program)])

    return put


SAYS = "def say(**what): print(json.dumps(what), flush=True)\n"
PROGRESS = SAYS + "say(progress={'seconds': 0.5, 'best': 10, 'bound': 2.0, 'phase': 'lines'})\n"
RESTS = (
    SAYS
    + "lines = {m['id']: [None] * problem['days'] for m in problem['members']}\n"
    + "say(result={'lines': lines, 'cost': 7, 'bound': 3.0, 'seconds': 1.0, 'impossible': [], 'stopped': False})\n"
)


def as_it_was(roster):
    """The draft's turns, to compare."""
    return outcomes.cells_now(roster)


# ---- the whole of it


HEADS = 14


def sixty(director):
    """Sixty agents and four leaders in December, ten of them on leave for some days, two hundred wishes.

    A shift needs fourteen of a team's fifteen: 1,302 turns, of the 1,395 that the rotation gives.
    """
    rng = random.Random(7)  # noqa: S311 - the same case every time
    roster = make_solving.draft(agents=15, by=director)
    for kind in ShiftType.objects.all():
        Demand.objects.create(centre=roster.centre, type=kind, heads=HEADS, from_on=make.FIRST_DAY)
    people = agents()
    for person in rng.sample(people, 10):
        first = FIRST + dt.timedelta(days=rng.randrange(25))
        make_solving.leave(
            person=person, from_on=first, until_on=first + dt.timedelta(days=rng.randrange(5)), by=director
        )
    for person, number in rng.sample([(person, number) for person in people for number in range(31)], 200):
        make_solving.wish(
            person=person, on=FIRST + dt.timedelta(days=number), kind=rng.choice(["off", "off", "on"]), weight=1
        )
    return roster


@pytest.mark.django_db
def test_sixty_people_in_a_month_get_a_complete_legal_roster_in_four_seconds(director):
    roster = sixty(director)
    run = make_solving.run(roster=roster, by=director, seconds=4)
    running.work(run.pk, now)
    run.refresh_from_db()
    assert (run.status, run.failure) == ("done", "")
    actions.apply_run(run=run, by=director, at=ASKED)
    period = checking.Period.load(roster.centre, FIRST, LAST, plan=roster.pk)
    found = checking.judge(period)
    assert [finding.text for finding in found if finding.refuses] == []
    assert [finding.text for finding in found if finding.code in ("uncovered", "leaderless", "role")] == []
    assert_legal(roster)
    assert run.outcome["missing"] == 0
    assert run.outcome["needed"] == 31 * 3 * (HEADS + 1)
    assert run.outcome["wishes"] == 200


def assert_legal(roster):
    """The floor's rules once more, by the plainest means: from the saved rows, with nobody's code but this."""
    turns = collections.defaultdict(list)
    for shift in Shift.objects.filter(roster=roster).prefetch_related("assignments"):
        assert shift.leader_id
        assert len(shift.assignments.all()) >= HEADS
        for person in [shift.leader_id, *(row.person_id for row in shift.assignments.all())]:
            turns[person].append(shift)
    leave = {
        (leave.person_id, leave.from_on + dt.timedelta(days=number))
        for leave in make_solving.Leave.objects.all()
        for number in range((leave.until_on - leave.from_on).days + 1)
    }
    assert len(turns) == 64
    for person, shifts in turns.items():
        shifts.sort(key=lambda shift: shift.starts_at)
        days = [shift.on.toordinal() for shift in shifts]
        assert len(days) == len(set(days))
        assert all(later.starts_at - sooner.ends_at >= dt.timedelta(hours=11) for sooner, later in pairs(shifts))
        assert all(days[place + 6] - days[place] > 6 for place in range(len(days) - 6))
        assert not any((person, shift.on) in leave for shift in shifts)


def pairs(items):
    return zip(items, items[1:], strict=False)


@pytest.mark.django_db
def test_the_outcome_tells_what_is_missing_and_whose_wishes(director):
    rotation = make_shifts.rotation(agents=1)
    roster = make_solving.draft(rotation=rotation, until_on=dt.date(2026, 12, 8), by=director)
    night = ShiftType.objects.get(code="N")
    Demand.objects.create(centre=roster.centre, type=night, heads=3, from_on=make.FIRST_DAY)
    for person in agents():
        make_solving.wish(person=person, on=dt.date(2026, 12, 4), weight=3)
    run = make_solving.run(roster=roster, by=director, seconds=2)
    running.work(run.pk, now)
    outcome = Run.objects.get(pk=run.pk).outcome
    assert outcome["needed"] == 8 * (3 + 1 + 1 + 3)  # nights, days, middle shifts, and a leader for each
    assert outcome["missing"] == sum(missing for *_place, missing in outcome["uncovered"] + outcome["leaderless"])
    assert outcome["missing"] > 0
    assert (outcome["wishes"], outcome["leaderless"], outcome["refusals"]) == (4, [], [])
    worked = {int(person) for person, line in outcome["lines"].items() if line[3]} & {one.pk for one in agents()}
    assert {(person, on, kind, points) for person, on, kind, _code, points in outcome["broken"]} == {
        (person, "2026-12-04", "off", 3) for person in worked
    }
    assert outcome["bound"] <= outcome["cost"]


@pytest.mark.django_db
def test_somebody_without_a_legal_line_stays_as_they_are(director):
    roster = make_solving.draft(agents=2, until_on=dt.date(2026, 12, 10), by=director)
    person = agents()[0]
    begun = [(person.pk, dt.date(2026, 12, number), "D") for number in range(1, 9)]  # eight in a row
    actions.edit_roster(roster=roster, cells=begun, by=director, at=ASKED)
    at = make.at(9, on=dt.date(2026, 12, 8))
    run = make_solving.run(roster=roster, by=director, seconds=1, at=at)
    running.work(run.pk, lambda: at)
    outcome = Run.objects.get(pk=run.pk).outcome
    assert outcome["impossible"] == [[person.pk, "max_run"]]
    assert str(person.pk) not in outcome["lines"]


# ---- progress, cancelling, failing


@pytest.mark.django_db
def test_progress_is_kept_while_it_runs(director, solver, monkeypatch):
    solver(PROGRESS + "time.sleep(0.4)\n" + RESTS)
    monkeypatch.setattr(running, "EVERY", 0.05)
    run, kept = make_solving.run(roster=make_solving.draft(by=director), by=director), []
    keep_progress = actions.keep_progress
    monkeypatch.setattr(actions, "keep_progress", lambda **told: kept.append(told["progress"]) or keep_progress(**told))
    running.work(run.pk, now)
    run.refresh_from_db()
    assert {"seconds": 0.5, "best": 20, "bound": 4.0} in kept  # of leaders and agents together
    assert run.progress == kept[-1]
    assert (run.status, run.outcome["cost"], run.outcome["bound"]) == ("done", 14, 6.0)


@pytest.mark.django_db
def test_a_cancelled_run_ends_its_solver(director, solver, monkeypatch, tmp_path):
    pids = tmp_path / "pids"
    solver(f"import os\nopen({str(pids)!r}, 'a').write(f'{{os.getpid()}} ')\n" + PROGRESS + "time.sleep(60)\n")
    monkeypatch.setattr(running, "EVERY", 0.05)
    roster = make_solving.draft(by=director)
    run, before = make_solving.run(roster=roster, by=director), as_it_was(roster)
    kept = []

    def cancel_later(**told):
        kept.append(told["progress"])
        if told["progress"]["best"]:
            actions.cancel_run(run=Run.objects.select_related("centre").get(pk=run.pk), by=director, at=ASKED)
        return Run.objects.filter(pk=run.pk, status="running").exists()

    monkeypatch.setattr(actions, "keep_progress", cancel_later)
    running.work(run.pk, now)
    run.refresh_from_db()
    assert (run.status, run.outcome, as_it_was(roster)) == ("cancelled", {}, before)
    assert len(kept) >= 1
    assert not any(is_alive(int(pid)) for pid in pids.read_text().split())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("sys.exit(1)", "solver_died"),
        ("print('not json', flush=True)", "solver_died"),
        (
            SAYS + "say(result={'lines': None, 'cost': None, 'bound': None, 'seconds': 1, 'impossible': []})",
            "nothing_found",
        ),
        ("time.sleep(60)", "timed_out"),
    ],
)
def test_a_run_that_fails_says_why_and_leaves_the_draft(director, solver, monkeypatch, code, failure):
    solver(code)
    monkeypatch.setattr(running, "GRACE", 0.5)
    roster = make_solving.draft(by=director)
    run, before = make_solving.run(roster=roster, by=director, seconds=1), as_it_was(roster)
    running.work(run.pk, now)
    run.refresh_from_db()
    assert (run.status, run.failure, run.outcome) == ("failed", failure, {})
    assert as_it_was(roster) == before
    assert Edit.objects.count() == 0


@pytest.mark.django_db
def test_a_fault_of_ours_is_logged_and_said(director, monkeypatch, caplog):
    run = make_solving.run(roster=make_solving.draft(by=director), by=director)
    monkeypatch.setattr(running, "Draft", None)
    running.work(run.pk, now)
    run.refresh_from_db()
    assert (run.status, run.failure) == ("failed", "broke")
    assert [record.message for record in caplog.records if record.name == "shifts.running"] == [f"run {run.pk} failed"]


@pytest.mark.django_db
def test_a_task_that_comes_twice_is_done_once(director, solver):
    solver(RESTS)
    run = make_solving.run(roster=make_solving.draft(by=director), by=director)
    running.work(run.pk, now)
    before = Run.objects.values().get(pk=run.pk)
    running.work(run.pk, now)
    running.work(run.pk + 1, now)  # of a run that is gone
    assert Run.objects.values().get(pk=run.pk) == before


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


# ---- a worker that is killed

WORKER = """
import os, sys, django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[2]
from callcentre import clock
from shifts import running
print("working", flush=True)
running.work(int(sys.argv[1]), clock.now)
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_outright_leaves_the_draft_and_the_next_tick_says_so():
    director = make_shifts.director()
    roster = make_solving.draft(agents=4, by=director)
    run, before = make_solving.run(roster=roster, by=director, seconds=60), as_it_was(roster)
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "callcentre.settings", "STATE_DIR": str(settings.STATE_DIR)}
    command = [sys.executable, "-c", WORKER, str(run.pk), str(connection.settings_dict["NAME"])]
    worker = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, start_new_session=True)
    try:
        wait_until(lambda: Run.objects.get(pk=run.pk).progress.get("seconds"))
        solvers = children_of(worker.pid)
        assert len(solvers) == 2
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    wait_until(lambda: not any(map(is_alive, solvers)))
    run.refresh_from_db()
    assert run.status == "running"
    assert actions.fail_lost(at=run.heard_at + dt.timedelta(seconds=59)) == 0
    assert actions.fail_lost(at=run.heard_at + dt.timedelta(seconds=61)) == 1
    run.refresh_from_db()
    assert (run.status, run.failure, run.outcome) == ("failed", "lost", {})
    assert as_it_was(roster) == before
    assert make_solving.run(roster=roster, by=director).status == "queued"  # and the next may begin


def children_of(pid):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=True)
    return [int(child) for child in found.stdout.split()]


def wait_until(holds, seconds=40):
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


# ---- two at once


def ask_twice(roster, people):
    jobs = [lambda by=by: actions.ask_run(roster=roster, seconds=10, by=by, at=ASKED) for by in people]
    outcomes = at_once(*jobs)
    made = [outcome for outcome in outcomes if isinstance(outcome, Run)]
    return made, [outcome.code for outcome in outcomes if not isinstance(outcome, Run)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_at_once_one_gets_the_run():
    director, leader = make_shifts.director(), make.person(role=Role.LEADER)
    roster = make_solving.draft(agents=1, until_on=dt.date(2026, 12, 4), by=director)
    for _round in range(ROUNDS):
        made, refused = ask_twice(roster, [director, leader])
        assert (len(made), refused) == (1, ["run_under_way"])
        actions.cancel_run(run=made[0], by=director, at=ASKED)


@pytest.mark.django_db(transaction=True)
def test_without_the_look_at_the_others_the_database_still_refuses(monkeypatch):
    """The guard removed: the second one then meets the constraint, which is no sentence for a person."""
    director, leader = make_shifts.director(), make.person(role=Role.LEADER)
    roster = make_solving.draft(agents=1, until_on=dt.date(2026, 12, 4), by=director)
    monkeypatch.setattr("shifts.rules.check_no_run", lambda active: None)
    with pytest.raises(IntegrityError):
        ask_twice(roster, [director, leader])
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_takes_the_run():
    director = make_shifts.director()
    roster = make_solving.draft(agents=1, until_on=dt.date(2026, 12, 4), by=director)
    for _round in range(ROUNDS):
        run = make_solving.run(roster=roster, by=director)
        jobs = [lambda pk=run.pk: actions.start_run(run=Run.objects.select_related("centre").get(pk=pk), at=ASKED)] * 2
        assert told(at_once(*jobs)) in ([None, "changed_meanwhile"], [None, "wrong_state"])
        run.refresh_from_db()
        actions.cancel_run(run=run, by=director, at=ASKED)
