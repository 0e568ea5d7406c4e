"""What the database itself refuses, and the rows that every migrate brings up to date."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from callcentre.refusals import Refused
from journal.models import Entry
from rulebook import actions, force, syncing
from rulebook.models import Acknowledgement, Breach, Checklist, ChecklistItem, Clause, ClauseForce, Section
from rulebook.register import CLAUSES
from tests import make, make_rulebook
from tests.make import MONDAY

pytestmark = pytest.mark.django_db


def test_the_rows_are_the_register():
    assert [section.key for section in Section.objects.all()] == [
        "escalation", "security", "meeting", "duty", "standard", "floor", "hygiene", "handover",
    ]  # fmt: skip
    assert [clause.id for clause in Clause.objects.all()] == list(CLAUSES)
    clause = Clause.objects.get(pk="handover.4")
    assert (clause.number, clause.text, clause.kinds) == ("交接班·四", "接班人未到台，交班人不离台。", ["gate"])
    with translation.override("en"):
        assert (str(clause), clause.section.name) == ("Handover 4", "Shift handover")
        assert clause.live.startswith("A desk is relieved only by both sides confirming")


def test_syncing_again_repairs_and_keeps():
    Clause.objects.filter(pk="handover.4").update(text_zh="改过")
    Clause.objects.create(
        id="handover.9",
        section_id="handover",
        order=99,
        number_zh="旧",
        number_en="Old",
        text_zh="旧",
        text_en="Old",
        kinds=[],
    )
    syncing.sync()
    assert Clause.objects.get(pk="handover.4").text_zh == "接班人未到台，交班人不离台。"
    assert Clause.objects.count() == 61


def refuses(name, change):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        change()
    assert name in str(caught.value) or "UNIQUE" in str(caught.value)


def test_a_decided_breach_has_its_decider_and_time():
    made = make_rulebook.breach()
    rows = Breach.objects.filter(pk=made.pk)
    name = "decided_breach_has_decider_and_time"
    refuses(name, lambda: rows.update(status="confirmed"))
    refuses(name, lambda: rows.update(status="confirmed", decided_by=make_rulebook.director()))
    refuses(name, lambda: rows.update(decided_by=make_rulebook.director(), decided_at=make.at(9)))
    refuses(name, lambda: rows.update(status="forgotten"))


def test_an_excused_breach_has_a_reason():
    rows = Breach.objects.filter(pk=make_rulebook.breach().pk)
    by = make_rulebook.director()
    refuses("excused_breach_has_a_reason", lambda: rows.update(status="excused", decided_by=by, decided_at=make.at(9)))


def test_nobody_decides_their_own_breach():
    made = make_rulebook.breach()
    rows = Breach.objects.filter(pk=made.pk)
    changes = {"status": "confirmed", "decided_by": made.person, "decided_at": make.at(9)}
    refuses("nobody_decides_their_own_breach", lambda: rows.update(**changes))


def again(row):
    row.pk = None
    row._state.adding = True
    return row.save


def test_what_is_there_once():
    refuses("breach_is_noticed_once", again(make_rulebook.breach()))
    refuses("clause_is_switched_once_a_day", again(make_rulebook.force()))
    refuses("defined_item_is_on_its_checklist_once", again(make_rulebook.checklist().items.get()))
    refuses("checklist_key_is_unique_in_its_centre", again(Checklist.objects.get()))
    acknowledged = Acknowledgement.objects.create(person=make.person(), year=2026, at=make.at(8), edition="x")
    refuses("person_acknowledges_once_a_year", again(acknowledged))
    assert ChecklistItem.objects.count() == 1


def switch(by, **changes):
    options = {"clause": Clause.objects.get(pk="security.3"), "centre": by.centre, "in_force": True, "from_on": MONDAY}
    return actions.switch_clause(by=by, at=make.at(9), **(options | changes))


def test_a_director_switches_a_pending_clause_on_and_off():
    director = make_rulebook.director()
    centre = director.centre
    assert not force.in_force(centre, "security.3", MONDAY)
    row = switch(director)
    switch(director, in_force=False, from_on=MONDAY + dt.timedelta(days=2))
    days = [force.in_force(centre, "security.3", MONDAY + dt.timedelta(days=days)) for days in (-1, 0, 1, 2, 300)]
    assert days == [False, True, True, False, False]
    entry = Entry.objects.first()
    assert (entry.verb, entry.actor, entry.clause, entry.object_id) == (
        "clause.switched_on",
        director,
        "security.3",
        row.pk,
    )
    assert Entry.objects.last().verb == "clause.switched_off"
    assert not force.in_force(make.centre(name="远山客服中心"), "security.3", MONDAY)


def test_other_clauses_are_always_in_force():
    assert force.in_force(make.centre(), "handover.4", MONDAY)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"in_force": False}, "clause_already_so"),
        ({"from_on": MONDAY - dt.timedelta(days=1)}, "date_gone_by"),
    ],
)
def test_a_switch_without_sense_is_refused(changes, code):
    with pytest.raises(Refused) as caught:
        switch(make_rulebook.director(), **changes)
    assert (caught.value.code, caught.value.clause, caught.value.field) == (code, "security.3", "from_on")
    assert not ClauseForce.objects.exists()


def test_a_clause_that_is_not_pending_has_no_switch():
    with pytest.raises(Refused) as caught:
        switch(make_rulebook.director(), clause=Clause.objects.get(pk="handover.4"))
    assert caught.value.code == "clause_not_pending"


def test_a_day_has_one_switch():
    director = make_rulebook.director()
    switch(director)
    with pytest.raises(Refused) as caught:
        switch(director, in_force=False)
    assert caught.value.code == "clause_date_taken"


def test_only_directors_switch_and_only_their_own_centre():
    with pytest.raises(Refused) as caught:
        switch(make_rulebook.leader())
    assert caught.value.code == "only_directors_change_rules"
    with pytest.raises(Refused) as caught:
        switch(make_rulebook.director(), centre=make.centre(name="远山客服中心"))
    assert caught.value.code == "of_another_centre"
