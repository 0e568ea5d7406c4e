import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from handover import actions
from handover.models import Entry, Log, Mark, Mention, OpenItem, Phrase
from people.models import Person, Role
from tests import make, make_handover

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"status": "lost"}, "log_status_is_one_of_three"),
        ({"status": "submitted"}, "submitted_log_has_signer_and_time"),
        ({"status": "accepted", "by": "two", "digest": ""}, "accepted_log_has_signer_time_and_seal"),
        ({"status": "accepted", "by": "one", "digest": "x"}, "accepted_log_has_two_signers"),
    ],
)
def test_the_database_refuses_a_log_that_says_otherwise(changes, constraint):
    floor = make_handover.floor()
    by = changes.pop("by", None)
    if by:
        other = floor.leader if by == "one" else floor.next_leader
        changes |= {"submitted_by": floor.leader, "submitted_at": make.at(15), "snapshot": changes["digest"]}
        changes |= {"accepted_by": other, "accepted_at": make.at(16)}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Log.objects.filter(pk=floor.log.pk).update(**changes)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"section": "weather"}, "entry_section_is_one_of_the_seven"),
        ({"text": ""}, "entry_says_something"),
        ({"needs_analysis": True}, "only_a_hard_question_has_an_answer_or_an_analysis"),
        ({"answer_given": "以公告为准。"}, "only_a_hard_question_has_an_answer_or_an_analysis"),
        ({"equipment": "rocket"}, "entry_equipment_is_of_the_list"),
        ({"version": 2}, "edited_entry_has_editor_and_time"),
        ({"withdrawn_at": make.at(9)}, "withdrawn_entry_has_person_and_time"),
    ],
)
def test_the_database_refuses_an_entry_that_says_otherwise(changes, constraint):
    entry = make_handover.entry(make_handover.floor())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(**changes)


def test_the_database_refuses_a_second_mark_and_a_strange_item():
    floor = make_handover.floor()
    mark = {"log": floor.log, "section": "equipment", "kind": "nothing", "by": floor.leader, "at": make.at(9)}
    Mark.objects.create(**mark)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(**mark)
    item = OpenItem.objects.create(centre=floor.centre, entry=make_handover.entry(floor), owner=floor.leader)
    with pytest.raises(IntegrityError, match="open_item_is_open_or_closed"), transaction.atomic():
        OpenItem.objects.filter(pk=item.pk).update(status="lost")


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"section": "weather"}, "phrase_section_is_one_of_the_seven"),
        ({"text": ""}, "phrase_says_something"),
        ({"text": "两次"}, "phrase_stands_once_in_its_section|UNIQUE"),
    ],
)
def test_the_database_refuses_a_text_template_that_says_otherwise(changes, constraint):
    centre = make.centre()
    Phrase.objects.create(centre=centre, section="equipment", text="两次")
    phrase = Phrase.objects.create(centre=centre, section="equipment", text="一次")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Phrase.objects.filter(pk=phrase.pk).update(**changes)


def test_the_database_refuses_a_second_mention_of_somebody():
    floor = make_handover.floor()
    entry = make_handover.entry(floor)
    mention = {"entry": entry, "person": floor.leader, "at": make.at(9)}
    Mention.objects.create(**mention)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mention.objects.create(**mention)


def test_questions_to_analyse_are_those_of_the_span():
    floor = make_handover.floor()
    asked = [make_handover.question(floor, needs_analysis=True, at=make.at(hour)) for hour in (9, 10, 11)]
    make_handover.question(floor, at=make.at(10))
    actions.withdraw_entry(entry=asked[1], by=floor.agents[0], at=make.at(12))
    rows = Entry.objects.needing_analysis(floor.centre, make.at(9), make.at(11))
    assert list(rows) == [asked[0]]
    assert list(Entry.objects.needing_analysis(make.centre(name="别处"), make.at(9), make.at(12))) == []


def test_a_shift_has_one_log():
    floor = make_handover.floor()
    with pytest.raises(IntegrityError), transaction.atomic():
        Log.objects.create(centre=floor.centre, shift=floor.shift, starts_at=make.at(8), opened_at=make.at(8))


def test_logs_are_seen_in_their_centre_and_not_by_administrators():
    floor = make_handover.floor()
    elsewhere = make.person(centre=make.centre(name="别处"), role=Role.DIRECTOR)
    administrator = make.person(role=Role.ADMINISTRATOR)
    seers = [floor.leader, floor.agents[0], make.person(role=Role.SECURITY), elsewhere, administrator]
    assert [Log.objects.visible_to(person).count() for person in seers] == [1, 1, 1, 0, 0]


def test_the_current_log_is_that_of_the_shift_on_duty():
    floor = make_handover.floor()
    moments = [make.at(7, 59), make.at(8), make.at(15, 59), make.at(16)]
    assert [list(Log.objects.current(floor.centre, at)) for at in moments] == [[], [floor.log], [floor.log], []]


def test_an_open_log_waits_for_its_leader_from_half_an_hour_before_the_end():
    floor = make_handover.floor()
    waiting = Log.objects.visible_to(floor.leader)
    assert [list(waiting.waiting_for(floor.leader, at)) for at in (make.at(15, 29), make.at(15, 30))] == [
        [],
        [floor.log],
    ]
    others = (floor.next_leader, floor.agents[0], floor.director)
    assert [list(Log.objects.waiting_for(person, make.at(16))) for person in others] == [[], [], []]


def test_a_submitted_log_waits_for_the_incoming_leader():
    floor = make_handover.submitted()
    people = (floor.leader, floor.next_leader, floor.director)
    assert [list(Log.objects.waiting_for(person, make.at(16))) for person in people] == [[], [floor.log], []]
    make_handover.accepted(floor)
    assert list(Log.objects.waiting_for(floor.next_leader, make.at(17))) == []


def test_what_waits_costs_the_same_for_one_log_and_for_many():
    floor = make_handover.submitted()
    few = queries_of_waiting(floor.next_leader, make.at(16))
    for day in range(24, 30):
        on = make.MONDAY.replace(day=day)
        make_handover.submitted(make_handover.floor(on=on, next_type=None, roster=floor.roster))
    assert queries_of_waiting(floor.next_leader, make.at(16, on=on)) == few <= 6


def queries_of_waiting(person, at):
    """With the person's roles and centre, as a request reads them."""
    with CaptureQueriesContext(connection) as queries:
        assert len(Log.objects.waiting_for(Person.objects.get(pk=person.pk), at)) >= 1
    return len(queries) - 1
