"""The pages of generated rosters: the form, the progress, the outcome and its steps."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from callcentre import clock
from people.models import Person, Role
from shifts import actions, outcomes, telling
from shifts.models import Edit, Run
from tests import make, make_shifts, make_solving
from tests.make_solving import ASKED, FIRST

pytestmark = pytest.mark.django_db
LAST = dt.date(2026, 12, 4)
FORM = {"seconds": "10", "wishes": "2", "fairness": "1", "keep": "0"}
STEPS = ("cancel_run", "apply_run", "undo_run", "discard_run")


@pytest.fixture(autouse=True)
def monday_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: ASKED.astimezone(dt.UTC))


@pytest.fixture
def director():
    return make_shifts.director()


@pytest.fixture
def roster(director):
    return make_solving.draft(agents=1, until_on=LAST, by=director)


def generate(roster):
    return reverse("shifts:generate_roster", args=[roster.pk])


def address(name, run):
    return reverse(f"shifts:{name}", args=[run.pk])


def statements(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def stranger():
    return make_shifts.director(centre=make.centre(name="别的中心"))


def ended(roster, director, *, swaps=1, **changes):
    """A run that is done: `swaps` people rest on the first day instead of working, and a little of everything."""
    now = outcomes.cells_now(roster)
    people = sorted({person for person, _on in now})
    days = (roster.until_on - roster.from_on).days + 1
    draft = {
        person: [(now.get((person, FIRST + dt.timedelta(days=day)), ()) or ("",))[0] for day in range(days)]
        for person in people
    }
    found = {person: list(line) for person, line in draft.items()}
    for person in [person for person in people if draft[person][0]][:swaps]:
        found[person][0] = ""
    outcome = {
        "cost": 200,
        "bound": 190.5,
        "seconds": 10.2,
        "lines": {str(person): line for person, line in found.items()},
        "draft": {str(person): line for person, line in draft.items()},
        "needed": 24,
        "missing": 2,
        "uncovered": [["2026-12-02", "N", 1]],
        "leaderless": [["2026-12-01", "D", 1]],
        "wishes": 5,
        "broken": [[people[0], "2026-12-03", "off", "", 3], [people[1], "2026-12-01", "on", "N", 1]],
        "shares": {str(person): {"nights": [2, 1], "weekends": [0, 0], "shifts": [3, 3]} for person in people},
        "leaders": people[:1],
        "impossible": [],
        "refusals": [],
    }
    run = make_solving.run(roster=roster, by=director)
    actions.start_run(run=run, at=ASKED)
    actions.finish_run(run=run, outcome=outcome | changes, at=ASKED)
    return run


# ---- the form


def test_the_form_asks_for_a_run(client_of, roster, director):
    response = client_of(director).post(generate(roster), FORM)
    run = Run.objects.get()
    assert (response.status_code, response["Location"]) == (302, address("show_run", run))
    assert (run.seconds, run.wishes, run.fairness, run.keep, run.asked_by) == (10, 2, 1, 0, director)


def test_a_leader_asks_too(client_of, roster):
    assert client_of(make.person(role=Role.LEADER)).post(generate(roster), FORM).status_code == 302


def test_another_role_or_centre_finds_no_form(client_of, roster):
    assert client_of(make.person()).post(generate(roster), FORM).status_code == 403
    assert client_of(stranger()).post(generate(roster), FORM).status_code == 404
    assert Run.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"seconds": "600"}, {"keep": "9"}, {"seconds": ""}])
def test_what_the_form_does_not_offer_is_sent_back(client_of, roster, director, wrong):
    response = client_of(director).post(generate(roster), FORM | wrong)
    assert (response.status_code, list(response.context["form"].errors)) == (422, list(wrong))
    assert Run.objects.count() == 0


def test_a_second_run_is_refused_in_a_sentence(client_of, roster, director):
    make_solving.run(roster=roster, by=director)
    response = client_of(director).post(generate(roster), FORM)
    with translation.override("zh-hans"):
        sentence = translation.gettext("A run is under way in this centre. Wait for it, or cancel it.")
    assert (response.status_code, response.context["form"].non_field_errors()) == (422, [sentence])


def test_the_page_says_what_is_planned_and_what_was(client_of, roster, director):
    make_solving.wish(person=make.person(), on=LAST)
    run = ended(roster, director)
    page = client_of(director).get(generate(roster))
    assert (page.context["wishes"], page.context["days"][0], list(page.context["runs"])) == (1, FIRST, [run])


def test_a_published_roster_has_no_form(client_of, roster, director):
    actions.publish_roster(roster=roster, by=director, at=ASKED)
    page = client_of(director).get(generate(roster))
    assert page.context["refused"].code == "run_needs_draft"


def test_the_form_takes_the_same_statements(client_of, roster, director):
    client = client_of(director)
    few = statements(client, generate(roster))
    for _number in range(12):
        actions.cancel_run(run=make_solving.run(roster=roster, by=director), by=director, at=ASKED)
    assert statements(client, generate(roster)) == few <= 12


# ---- progress


def test_the_progress_is_told_and_polled(client_of, roster, director):
    run, client = make_solving.run(roster=roster, by=director), client_of(director)
    page = client.get(address("show_run", run))
    assert page.context["going"].key == "queued-0"
    poll = address("poll_run", run)
    unchanged = client.get(poll, {"seen": "queued-0"})
    assert (unchanged.status_code, unchanged.content) == (204, b"")
    actions.start_run(run=run, at=ASKED)
    actions.keep_progress(run=run, progress={"seconds": 4.2, "best": 100, "bound": 90.0}, at=ASKED)
    changed = client.get(poll, {"seen": "queued-0"})
    assert (changed.status_code, changed.context["going"].key) == (200, "running-4.2")
    assert changed.context["going"].elapsed == 4
    with translation.override("en"):
        assert changed.context["going"].text == "At most 10 % from the best possible."
    assert changed.content.decode() in client.get(address("show_run", run)).content.decode()
    assert client.get(poll, {"seen": "running-4.2"}).status_code == 204


def test_when_it_has_ended_the_page_comes_anew(client_of, roster, director):
    run = make_solving.run(roster=roster, by=director)
    actions.cancel_run(run=run, by=director, at=ASKED)
    response = client_of(director).get(address("poll_run", run), {"seen": "running-4.2"})
    assert (response.status_code, response["HX-Refresh"], response.content) == (200, "true", b"")


def test_a_poll_takes_few_statements(client_of, roster, director):
    run, client = make_solving.run(roster=roster, by=director), client_of(director)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address("poll_run", run), {"seen": "queued-0"}).status_code == 204
    assert len(queries) <= 4


def test_others_see_no_run(client_of, roster, director):
    run = make_solving.run(roster=roster, by=director)
    for name in ("show_run", "poll_run"):
        assert client_of(make.person()).get(address(name, run)).status_code == 403
        assert client_of(stranger()).get(address(name, run)).status_code == 404


def test_a_failed_run_says_why(client_of, roster, director):
    run = make_solving.run(roster=roster, by=director)
    actions.fail_run(run=run, failure="not_taken", at=ASKED)
    page = client_of(director).get(address("show_run", run))
    with translation.override("en"):
        assert str(page.context["why"]).startswith("No worker took the run for five minutes.")


# ---- the outcome


def test_the_outcome_is_told_in_words(client_of, roster, director):
    run = ended(roster, director)
    told = client_of(director).get(address("show_run", run)).context["told"]
    people = Person.objects.in_bulk([row[0] for row in run.outcome["broken"]])
    important, plain = run.outcome["broken"]
    with translation.override("en"):
        assert told.gap == "At most 5 % from the best possible."
        assert (told.covered, told.kept, told.changed) == (22, 3, 1)
        assert [(on, kind.code, missing, leads) for on, kind, missing, leads in told.lacking] == [
            (dt.date(2026, 12, 1), "D", 1, True),
            (dt.date(2026, 12, 2), "N", 1, False),
        ]
        assert told.broken == [
            (people[important[0]], [(dt.date(2026, 12, 3), "day off", 3)]),
            (people[plain[0]], [(dt.date(2026, 12, 1), "Night shift", 1)]),
        ]
        assert told.spread == {"nights": [(2, 2), (1, 1)], "weekends": [(0, 0), (0, 0)]}
        ((person, days),) = told.changes
        assert [(on, old.code, new) for on, old, new in days] == [
            (FIRST, run.outcome["draft"][str(person.pk)][0], None)
        ]


@pytest.mark.parametrize(
    ("best", "bound", "sentence"),
    [
        (None, None, "No complete roster yet."),
        (100, None, "How much better the best possible one is, is not known yet."),
        (100, 3.0, "How much better the best possible one is, is not known yet."),
        (100, 96.5, "At most 4 % from the best possible."),
        (100, 99.2, "This is the best possible roster for what was weighed."),
        (0, 0.0, "This is the best possible roster for what was weighed."),
    ],
)
def test_the_bound_in_words(best, bound, sentence):
    with translation.override("en"):
        assert telling.gap_text(best, bound) == sentence


def test_somebody_without_a_legal_line_is_named_with_the_reason(client_of, roster, director):
    person = make.person(name="孙婷")
    run = ended(roster, director, impossible=[[person.pk, "max_run"], [director.pk, "a new rule"]])
    with translation.override("en"):
        told = client_of(director).get(address("show_run", run)).context["told"]
        assert [(who.name, str(why)) for who, why in told.impossible] == [
            ("周主任", "several limits together leave nothing"),
            ("孙婷", "too many days in a row are decided already"),
        ]


def test_the_outcome_takes_the_same_statements(client_of, director):
    counts = []
    for number, agents in enumerate((1, 6)):
        rotation = make_shifts.rotation(centre=make.centre(name=f"中心{number}"), agents=agents)
        by = make_shifts.director(centre=rotation.centre)
        roster = make_solving.draft(rotation=rotation, until_on=LAST, by=by)
        run = ended(roster, by, swaps=agents * 3)
        counts.append(statements(client_of(by), address("show_run", run)))
    assert counts[0] == counts[1] <= 12


def test_a_draft_that_changed_meanwhile_is_said_and_checked_anew(client_of, roster, director):
    run = ended(roster, director)
    person, on = next((person, on) for person, on in outcomes.cells_now(roster) if on == LAST)
    actions.edit_roster(roster=roster, cells=[(person, on, "")], by=director, at=ASKED)
    make_solving.leave(person=Person.objects.get(pk=person), from_on=on, by=director)
    context = client_of(director).get(address("show_run", run)).context
    assert context["changed"] == [(person, on)]
    assert [(who.pk, day) for _label, who, day in context["told"].refusals] == [(person, on)]


# ---- its steps


def test_applying_is_one_step_of_the_draft(client_of, roster, director):
    run = ended(roster, director)
    response = client_of(director).post(address("apply_run", run))
    assert (response.status_code, response["Location"]) == (302, reverse("shifts:show_draft", args=[roster.pk]))
    run.refresh_from_db()
    assert (run.status, Edit.objects.get().kind) == ("applied", "solved")


def test_undoing_leads_back_to_the_outcome(client_of, roster, director):
    run, client = ended(roster, director), client_of(director)
    before = outcomes.cells_now(roster)
    client.post(address("apply_run", run))
    assert client.get(address("show_run", run)).context["may_undo"] is None
    response = client.post(address("undo_run", run))
    assert (response.status_code, response["Location"]) == (302, address("show_run", run))
    assert outcomes.cells_now(roster) == before


@pytest.mark.parametrize(("name", "status"), [("cancel_run", "cancelled"), ("discard_run", "discarded")])
def test_the_other_steps_lead_back_to_the_form(client_of, roster, director, name, status):
    run = make_solving.run(roster=roster, by=director) if name == "cancel_run" else ended(roster, director)
    response = client_of(director).post(address(name, run))
    assert (response.status_code, response["Location"]) == (302, generate(roster))
    run.refresh_from_db()
    assert (run.status, Edit.objects.count()) == (status, 0)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_in_the_wrong_state_is_refused(client_of, roster, director, name):
    run = ended(roster, director) if name == "cancel_run" else make_solving.run(roster=roster, by=director)
    response = client_of(director).post(address(name, run))
    assert (response.status_code, response["X-Refusal"]) == (409, "wrong_state")


@pytest.mark.parametrize("name", STEPS)
def test_a_step_is_for_planners_of_the_centre_and_a_post(client_of, roster, director, name):
    run = ended(roster, director)
    assert client_of(make.person()).post(address(name, run)).status_code == 403
    assert client_of(stranger()).post(address(name, run)).status_code == 404
    assert client_of(director).get(address(name, run)).status_code == 405
    run.refresh_from_db()
    assert run.status == "done"


@pytest.mark.parametrize("status", ["applied", "discarded", "cancelled", "failed"])
def test_every_end_has_its_page(client_of, roster, director, status):
    run = (
        ended(roster, director) if status in ("applied", "discarded") else make_solving.run(roster=roster, by=director)
    )
    Run.objects.filter(pk=run.pk).update(status=status, failure="lost" if status == "failed" else "")
    assert client_of(director).get(address("show_run", run)).status_code == 200
