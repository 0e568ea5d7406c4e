"""The steps of a run, and how it reaches a worker."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from callcentre import signals
from callcentre.refusals import Refused
from delivery.models import Announcement
from journal.models import Entry
from people.models import Person, Role
from shifts import actions, dispatch, outcomes, tasks
from shifts.models import Edit, Run
from tests import make, make_shifts, make_solving
from tests.make_solving import ASKED, FIRST

pytestmark = pytest.mark.django_db
SHORT = dt.date(2026, 12, 4)


@pytest.fixture
def director():
    return make_shifts.director()


@pytest.fixture
def roster(director):
    return make_solving.draft(agents=1, until_on=SHORT, by=director)


def code_of(action, **arguments):
    with pytest.raises(Refused) as refused:
        action(**arguments)
    return refused.value.code


def verbs_about(run):
    return list(Entry.objects.about(run).order_by("pk").values_list("verb", flat=True))


def swapped(roster):
    """An outcome in which the draft's first agent rests on the first day, and nothing else changes."""
    now = outcomes.cells_now(roster)
    people = sorted({person for person, _on in now})
    lines = {
        str(person): [(now.get((person, FIRST + dt.timedelta(days=day)), ()) or ("",))[0] for day in range(4)]
        for person in people
    }
    working = next(person for person in people if lines[str(person)][0])
    found = {member: list(line) for member, line in lines.items()}
    found[str(working)][0] = ""
    outcome = {"lines": found, "draft": lines, "cost": 5, "bound": 4.0, "refusals": [], "impossible": []}
    return working, outcome


def done(roster, director):
    working, outcome = swapped(roster)
    run = make_solving.run(roster=roster, by=director)
    actions.start_run(run=run, at=ASKED)
    actions.finish_run(run=run, outcome=outcome, at=ASKED)
    return working, Run.objects.select_related("centre", "roster__centre").get(pk=run.pk)


# ---- asking


def test_a_leader_asks_and_it_is_recorded(roster):
    leader = make.person(role=Role.LEADER)
    run = actions.ask_run(roster=roster, seconds=30, by=leader, at=ASKED, wishes=2, fairness=0)
    assert (run.status, run.seconds, run.wishes, run.fairness, run.keep) == ("queued", 30, 2, 0, 1)
    assert verbs_about(run) == ["run.asked"]


@pytest.mark.parametrize("role", [Role.AGENT, Role.INSPECTOR, Role.CENTRE_DIRECTOR])
def test_others_do_not_ask(roster, role):
    by = make.person(role=role)
    assert code_of(actions.ask_run, roster=roster, seconds=30, by=by, at=ASKED) == "draft_not_yours"


def test_a_director_of_another_centre_does_not_ask(roster):
    by = make_shifts.director(centre=make.centre(name="别的中心"))
    assert code_of(actions.ask_run, roster=roster, seconds=30, by=by, at=ASKED) == "draft_not_yours"


def test_only_a_draft_of_days_to_come_is_generated(roster, director):
    late = make.at(9, on=SHORT)
    assert code_of(actions.ask_run, roster=roster, seconds=30, by=director, at=late) == "run_days_begun"
    actions.publish_roster(roster=roster, by=director, at=ASKED)
    assert code_of(actions.ask_run, roster=roster, seconds=30, by=director, at=ASKED) == "run_needs_draft"


def test_a_long_draft_is_too_much_for_one_run(director):
    roster = make_solving.draft(agents=1, until_on=FIRST + dt.timedelta(days=62), by=director)
    assert code_of(actions.ask_run, roster=roster, seconds=30, by=director, at=ASKED) == "run_too_long"


def test_one_run_at_a_time_in_a_centre(roster, director):
    first = make_solving.run(roster=roster, by=director)
    assert code_of(actions.ask_run, roster=roster, seconds=30, by=director, at=ASKED) == "run_under_way"
    actions.start_run(run=first, at=ASKED)
    assert code_of(actions.ask_run, roster=roster, seconds=30, by=director, at=ASKED) == "run_under_way"
    elsewhere = make_shifts.rotation(centre=make.centre(name="别的中心"), agents=1)
    other_director = make_shifts.director(centre=elsewhere.centre)
    other = make_solving.draft(rotation=elsewhere, until_on=SHORT, by=other_director)
    assert make_solving.run(roster=other, by=other_director).status == "queued"


def test_the_database_keeps_one_run_and_known_states(roster, director):
    run = make_solving.run(roster=roster, by=director)
    values = {"centre": roster.centre, "roster": roster, "seconds": 10, "asked_by": director}
    with pytest.raises(IntegrityError, match="one_run_at_a_time_in_a_centre|centre_id"), transaction.atomic():
        Run.objects.create(**values, asked_at=ASKED, heard_at=ASKED)
    with pytest.raises(IntegrityError, match="run_status_is_one_of_seven"), transaction.atomic():
        Run.objects.filter(pk=run.pk).update(status="lost")


# ---- the worker


def test_a_run_is_started_once(roster, director):
    run = make_solving.run(roster=roster, by=director)
    stale = Run.objects.select_related("centre").get(pk=run.pk)
    actions.start_run(run=run, at=ASKED)
    assert (run.status, run.started_at) == ("running", ASKED)
    assert code_of(actions.start_run, run=stale, at=ASKED) == "changed_meanwhile"
    assert verbs_about(run) == ["run.asked", "run.started"]


def test_progress_is_kept_only_while_it_runs(roster, director):
    run = make_solving.run(roster=roster, by=director)
    later = make.at(9, 1)
    assert actions.keep_progress(run=run, progress={"seconds": 1}, at=later) is False
    actions.start_run(run=run, at=ASKED)
    assert actions.keep_progress(run=run, progress={"seconds": 1}, at=later) is True
    run.refresh_from_db()
    assert (run.progress, run.heard_at) == ({"seconds": 1}, later)
    actions.cancel_run(run=run, by=director, at=later)
    assert actions.keep_progress(run=run, progress={"seconds": 2}, at=later) is False


def test_the_end_is_told_to_who_asked(roster, director):
    _working, run = done(roster, director)
    announcement = Announcement.objects.get(kind="shifts.run_done")
    assert (announcement.to, announcement.link) == ([director.pk], f"/shifts/runs/{run.pk}/")
    assert verbs_about(run) == ["run.asked", "run.started", "run.finished"]


def test_a_cancelled_run_is_not_finished(roster, director):
    run = make_solving.run(roster=roster, by=director)
    actions.start_run(run=run, at=ASKED)
    actions.cancel_run(run=Run.objects.select_related("centre").get(pk=run.pk), by=director, at=ASKED)
    assert code_of(actions.finish_run, run=run, outcome={"cost": 0}, at=ASKED) == "changed_meanwhile"
    assert code_of(actions.fail_run, run=run, failure="lost", at=ASKED) == "changed_meanwhile"
    assert Announcement.objects.filter(kind__startswith="shifts.run").count() == 0


def test_an_agent_does_not_cancel(roster, director):
    run = make_solving.run(roster=roster, by=director)
    assert code_of(actions.cancel_run, run=run, by=make.person(), at=ASKED) == "draft_not_yours"


def test_a_cancelled_run_is_not_cancelled_again(roster, director):
    run = make_solving.run(roster=roster, by=director)
    actions.cancel_run(run=run, by=director, at=ASKED)
    assert code_of(actions.cancel_run, run=run, by=director, at=ASKED) == "wrong_state"
    assert verbs_about(run) == ["run.asked", "run.cancelled"]


def test_who_is_silent_is_given_up(roster, director):
    run = make_solving.run(roster=roster, by=director)
    actions.start_run(run=run, at=ASKED)
    assert actions.fail_lost(at=make.at(9, 1)) == 0
    dispatch.fail_lost(make.at(9, 2))
    run.refresh_from_db()
    assert (run.status, run.failure, run.ended_at) == ("failed", "lost", make.at(9, 2))
    announcement = Announcement.objects.get(kind="shifts.run_failed")
    assert announcement.to == [director.pk]


def test_what_no_worker_takes_is_given_up_later(roster, director, monkeypatch):
    monkeypatch.setattr(tasks.generate, "apply_async", lambda *arguments, **options: None)
    run = make_solving.run(roster=roster, by=director)
    assert actions.fail_lost(at=make.at(9, 5)) == 0
    assert actions.fail_lost(at=make.at(9, 6)) == 1
    run.refresh_from_db()
    assert (run.status, run.failure) == ("failed", "not_taken")


# ---- how it is sent


@pytest.fixture
def sent(monkeypatch):
    """What reaches the broker, the edge of the process."""
    found = []
    monkeypatch.setattr(tasks.generate, "apply_async", lambda arguments, **options: found.append((arguments, options)))
    return found


def test_the_relay_sends_a_queued_run_and_again_when_nobody_took_it(roster, director, sent):
    run = make_solving.run(roster=roster, by=director)
    assert sent == []  # never from the request
    for second, times in ((0, 1), (1, 1), (14, 1), (16, 2)):
        signals.relay(ASKED + dt.timedelta(seconds=second))
        assert sent == [([run.pk], {"retry": False})] * times
    actions.start_run(run=run, at=ASKED)
    signals.relay(make.at(10))
    assert len(sent) == 2


def test_the_minute_sends_it_too(roster, director, sent):
    run = make_solving.run(roster=roster, by=director)
    signals.tick(ASKED)
    assert sent == [([run.pk], {"retry": False})]


def test_a_broker_that_does_not_answer_is_asked_again(roster, director, monkeypatch, caplog):
    def refuse(*arguments, **options):
        raise ConnectionError("no broker")

    monkeypatch.setattr(tasks.generate, "apply_async", refuse)
    make_solving.run(roster=roster, by=director)
    assert signals.relay(ASKED) == ["shifts.dispatch.send_runs"]
    assert signals.relay(ASKED + dt.timedelta(seconds=16)) == ["shifts.dispatch.send_runs"]
    assert [record.name for record in caplog.records if record.name == "callcentre.signals"] == [
        "callcentre.signals"
    ] * 2


def test_without_a_run_the_relay_asks_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        dispatch.send_runs(ASKED)


def test_the_task_does_the_run(monkeypatch):
    told = []
    monkeypatch.setattr("shifts.running.work", lambda pk, now: told.append(pk))
    tasks.generate(7)
    assert told == [7]


# ---- applying


def test_the_outcome_becomes_one_step_that_can_be_undone(roster, director):
    working, run = done(roster, director)
    before = outcomes.cells_now(roster)
    edit = actions.apply_run(run=run, by=director, at=ASKED)
    assert (edit.kind, [cell[:2] for cell in edit.cells]) == ("solved", [[working, str(FIRST)]])
    assert outcomes.cells_now(roster) != before
    assert (run.status, verbs_about(run)[-1]) == ("applied", "run.applied")
    actions.undo_run(run=run, by=director, at=ASKED)
    assert outcomes.cells_now(roster) == before
    assert (run.status, verbs_about(run)[-1]) == ("done", "run.undone")
    assert actions.apply_run(run=run, by=director, at=ASKED).kind == "solved"  # on second thoughts


def test_only_the_last_step_is_undone(roster, director):
    working, run = done(roster, director)
    assert code_of(actions.undo_run, run=run, by=director, at=ASKED) == "wrong_state"
    actions.apply_run(run=run, by=director, at=ASKED)
    actions.edit_roster(roster=roster, cells=[(working, SHORT, "D")], by=director, at=ASKED)
    after = outcomes.cells_now(roster)
    fresh = Run.objects.select_related("centre", "roster__centre").get(pk=run.pk)
    assert code_of(actions.undo_run, run=fresh, by=director, at=ASKED) == "run_not_last_step"
    assert code_of(actions.undo_run, run=run, by=make.person(), at=ASKED) == "draft_not_yours"
    assert outcomes.cells_now(roster) == after
    fresh.refresh_from_db()
    assert fresh.status == "applied"


def test_it_is_applied_once(roster, director):
    _working, run = done(roster, director)
    stale = Run.objects.select_related("centre", "roster__centre").get(pk=run.pk)
    actions.apply_run(run=run, by=director, at=ASKED)
    assert code_of(actions.apply_run, run=run, by=director, at=ASKED) == "wrong_state"
    assert code_of(actions.apply_run, run=stale, by=director, at=ASKED) == "changed_meanwhile"
    assert code_of(actions.discard_run, run=run, by=director, at=ASKED) == "wrong_state"
    assert Edit.objects.count() == 1


def test_days_that_began_meanwhile_stay(roster, director):
    _working, run = done(roster, director)
    before = outcomes.cells_now(roster)
    assert actions.apply_run(run=run, by=director, at=make.at(0, 1, on=FIRST)) is None
    assert outcomes.cells_now(roster) == before


def test_what_was_edited_meanwhile_is_known_and_gets_what_was_found(roster, director):
    working, run = done(roster, director)
    other = next(person for person, on in outcomes.cells_now(roster) if on == SHORT and person != working)
    actions.edit_roster(roster=roster, cells=[(other, SHORT, "")], by=director, at=ASKED)
    now = outcomes.cells_now(roster)
    assert outcomes.changed_meanwhile(run, now) == [(other, SHORT)]
    assert {cell[:2] for cell in outcomes.cells_to_change(run, ASKED, now)} == {(working, FIRST), (other, SHORT)}


def test_a_roster_that_was_published_meanwhile_is_left_alone(roster, director):
    _working, run = done(roster, director)
    actions.publish_roster(roster=roster, by=director, at=ASKED)
    run.roster.refresh_from_db()
    assert code_of(actions.apply_run, run=run, by=director, at=ASKED) == "run_needs_draft"
    run.refresh_from_db()
    assert run.status == "done"


def test_an_agent_neither_applies_nor_discards(roster, director):
    _working, run = done(roster, director)
    for action in (actions.apply_run, actions.discard_run):
        assert code_of(action, run=run, by=make.person(), at=ASKED) == "draft_not_yours"


def test_discarding_leaves_the_draft(roster, director):
    _working, run = done(roster, director)
    actions.discard_run(run=run, by=director, at=ASKED)
    assert (run.status, verbs_about(run)[-1], Edit.objects.count()) == ("discarded", "run.discarded", 0)


def test_what_would_refuse_publication_is_found_before_it_is_applied(roster, director):
    day_off = FIRST + dt.timedelta(days=1)
    person = next(person for person, on in outcomes.cells_now(roster) if on == day_off)
    make_solving.leave(person=Person.objects.get(pk=person), from_on=day_off, by=director)
    assert [row[0] for row in outcomes.refusals(roster, [])] == ["on_leave"]
    assert outcomes.refusals(roster, [(person, day_off, "")]) == []
