import pytest

from callcentre.refusals import Refused
from delivery.models import Announcement
from handover import actions
from handover.models import Entry, Log, Mark, OpenItem
from handover.sections import Section
from journal.models import Entry as JournalRow
from people.models import Role
from tests import make, make_handover, make_shifts

pytestmark = pytest.mark.django_db
MORNING = make_handover.MORNING


def refused(step, **options):
    with pytest.raises(Refused) as caught:
        step(**options)
    return caught.value.code, caught.value.clause


def verbs_of(log):
    return [row.verb for row in JournalRow.objects.about(log)]


def told():
    rows = Announcement.objects.filter(kind__startswith="handover.").order_by("pk")
    return [(row.kind, row.to) for row in rows]


def test_a_log_opens_once_when_its_shift_starts():
    floor = make_handover.floor()
    again = actions.open_log(shift=floor.shift, by=floor.leader, at=make.at(8, 5))
    assert (again.pk, Log.objects.count(), verbs_of(floor.log)) == (floor.log.pk, 1, ["handover.opened"])
    assert (floor.log.starts_at, floor.log.opened_at) == (make.at(8), make.at(8))


def test_a_log_does_not_open_before_its_shift():
    shift = make_shifts.shift()
    assert refused(actions.open_log, shift=shift, by=None, at=make.at(7, 59)) == ("shift_not_begun", None)


def test_permanent_day_staff_keep_no_log():
    rotation = make_shifts.rotation(preset="weekdays", teams=[make.team()])
    shift = make_shifts.shift(type="W", rotation=rotation, team=make.team())
    assert refused(actions.open_log, shift=shift, by=None, at=make.at(9)) == ("shift_keeps_no_log", None)


def test_people_of_the_shift_write():
    floor = make_handover.floor()
    entry = make_handover.entry(floor, by=floor.agents[1])
    assert (entry.section, entry.author, entry.written_at, entry.version) == ("equipment", floor.agents[1], MORNING, 1)
    row = JournalRow.objects.about(floor.log).last()
    assert (row.verb, row.actor, row.clause) == ("handover.entry_added", floor.agents[1], "handover.6")
    assert row.facts == {"entry": entry.pk, "section": "equipment"}


def test_nobody_else_writes():
    floor = make_handover.floor()
    for person in (floor.next_leader, floor.next_agents[0], make_handover.outsider(), floor.director):
        step = {"log": floor.log, "section": "equipment", "text": "耳机", "by": person, "at": MORNING}
        assert refused(actions.add_entry, **step) == ("not_on_this_shift", "handover.6")
    assert Entry.objects.count() == 0


def test_the_leaders_deputy_writes_and_submits():
    floor = make_handover.floor()
    deputy = make_handover.outsider()
    make_shifts.deputy(absent=floor.leader, deputy=deputy)
    make_handover.entry(floor, by=deputy)
    make_handover.answered(floor)
    assert refused(actions.submit, log=floor.log, by=floor.leader, at=MORNING) == ("not_outgoing_leader", "duty.7")
    assert actions.submit(log=floor.log, by=deputy, at=MORNING).submitted_by == deputy


def test_tagged_lines_become_entries_of_their_sections():
    floor = make_handover.floor()
    text = "耳机有杂音\n#疑难 积分怎么查\n#业务 流量包下架"
    actions.add_entry(log=floor.log, section="equipment", text=text, by=floor.leader, at=MORNING)
    assert list(floor.log.entries.values_list("section", "text")) == [
        ("equipment", "耳机有杂音"),
        ("hard_questions", "积分怎么查"),
        ("business_changes", "流量包下架"),
    ]


def test_nothing_is_marked_once_and_taken_back():
    floor = make_handover.floor()
    step = {"log": floor.log, "section": "equipment", "by": floor.leader}
    actions.mark_nothing(**step, at=MORNING)
    actions.mark_nothing(**step, at=make.at(10))
    mark = Mark.objects.get()
    assert (mark.section, mark.kind, mark.by, mark.at) == ("equipment", "nothing", floor.leader, MORNING)
    actions.unmark_nothing(**step, at=make.at(11))
    assert Mark.objects.count() == 0
    assert verbs_of(floor.log)[1:] == ["handover.nothing_marked", "handover.nothing_withdrawn"]


def test_nothing_is_refused_where_there_is_something():
    floor = make_handover.floor()
    make_handover.entry(floor, section=Section.CUSTOMER_VOICE)
    step = {"log": floor.log, "section": "customer_voice", "by": floor.leader, "at": MORNING}
    assert refused(actions.mark_nothing, **step) == ("section_has_entries", "meeting.1")


def test_an_entry_takes_nothing_back():
    floor = make_handover.floor()
    actions.mark_nothing(log=floor.log, section="equipment", by=floor.leader, at=MORNING)
    make_handover.entry(floor)
    assert make_handover.nothing(floor.log) == set()
    assert verbs_of(floor.log)[2:] == ["handover.entry_added", "handover.nothing_withdrawn"]


def test_an_edit_keeps_the_earlier_text():
    floor = make_handover.floor()
    entry = make_handover.entry(floor, text="旧")
    at = make.at(10)
    edited = actions.edit_entry(entry=entry, section="hard_questions", text="新", version=1, by=floor.leader, at=at)
    assert (edited.text, edited.section, edited.version, edited.edited_by) == ("新", "hard_questions", 2, floor.leader)
    version = edited.versions.get()
    assert (version.number, version.section, version.text) == (1, "equipment", "旧")
    assert (version.by, version.at) == (floor.agents[0], MORNING)
    row = JournalRow.objects.about(floor.log).last()
    assert (row.verb, row.facts) == (
        "handover.entry_edited",
        {"entry": entry.pk, "section": "hard_questions", "version": 2},
    )


def test_an_edit_without_a_change_makes_no_version():
    floor = make_handover.floor()
    entry = make_handover.entry(floor, text="旧")
    step = {"entry": entry, "section": "equipment", "text": "旧", "by": floor.leader, "at": MORNING}
    assert actions.edit_entry(**step, version=1).version == 1


def test_only_the_author_and_the_leader_edit():
    floor = make_handover.floor()
    entry = make_handover.entry(floor)
    step = {"entry": entry, "section": "equipment", "text": "新", "version": 1, "at": MORNING}
    assert refused(actions.edit_entry, **step, by=floor.agents[1]) == ("not_your_entry", "handover.6")
    assert actions.edit_entry(**step, by=floor.agents[0]).version == 2


def test_the_second_of_two_editors_is_refused_and_nothing_is_lost():
    floor = make_handover.floor()
    entry = make_handover.entry(floor, text="旧")
    step = {"entry": entry, "section": "equipment", "version": 1, "at": MORNING}
    actions.edit_entry(**step, text="组员的", by=floor.agents[0])
    assert refused(actions.edit_entry, **step, text="班长的", by=floor.leader)[0] == "entry_changed_meanwhile"
    entry.refresh_from_db()
    assert (entry.text, entry.version) == ("组员的", 2)


def test_a_withdrawn_entry_leaves_its_section_silent():
    floor = make_handover.answered(make_handover.floor())
    entry = make_handover.entry(floor)
    actions.withdraw_entry(entry=entry, by=floor.agents[0], at=MORNING)
    assert refused(actions.submit, log=floor.log, by=floor.leader, at=MORNING) == ("section_silent", "handover.6")
    step = {"entry": entry, "section": "equipment", "text": "新", "version": 1, "at": MORNING}
    assert refused(actions.edit_entry, **step, by=floor.leader) == ("entry_withdrawn", "handover.6")


def test_submission_names_the_silent_sections():
    floor = make_handover.floor()
    for section in list(Section)[:5]:
        actions.mark_nothing(log=floor.log, section=section, by=floor.leader, at=MORNING)
    with pytest.raises(Refused) as caught:
        actions.submit(log=floor.log, by=floor.leader, at=MORNING)
    assert (caught.value.code, caught.value.clause) == ("section_silent", "meeting.1")
    silent = [section.label for section in list(Section)[5:]]
    assert [str(label) in str(caught.value) for label in silent] == [True, True]


def test_submission_is_the_outgoing_leaders():
    floor = make_handover.answered(make_handover.floor())
    for person in (floor.agents[0], floor.next_leader, floor.director):
        assert refused(actions.submit, log=floor.log, by=person, at=MORNING) == ("not_outgoing_leader", "duty.7")
    log = actions.submit(log=floor.log, by=floor.leader, at=make_handover.SUBMITTED_AT)
    assert (log.status, log.submitted_by, log.submitted_at) == ("submitted", floor.leader, make_handover.SUBMITTED_AT)
    assert told() == [("handover.submitted", [floor.next_leader.pk])]
    assert verbs_of(log)[-1] == "handover.submitted"


def test_a_submitted_log_is_not_written_in():
    floor = make_handover.submitted()
    entry = {"log": floor.log, "section": "equipment", "by": floor.leader, "at": make.at(15, 57)}
    assert refused(actions.add_entry, **entry, text="晚了") == ("log_not_open", "handover.6")
    assert refused(actions.mark_nothing, **entry) == ("log_not_open", "handover.6")
    assert refused(actions.submit, log=floor.log, by=floor.leader, at=make.at(15, 57)) == ("wrong_state", "duty.7")


def test_sent_back_it_is_open_again():
    floor = make_handover.submitted()
    actions.accept_section(log=floor.log, section="equipment", by=floor.next_leader, at=make.at(15, 57))
    step = {"log": floor.log, "by": floor.next_leader, "at": make.at(15, 58)}
    assert refused(actions.send_back, **step, remark=" ") == ("remark_missing", None)
    log = actions.send_back(**step, remark="备用耳机还剩几副？")
    assert (log.status, log.submitted_by, log.remark) == ("open", None, "备用耳机还剩几副？")
    assert (log.sent_back_by, log.marks.filter(kind="accepted").count()) == (floor.next_leader, 0)
    assert told()[-1] == ("handover.sent_back", [floor.leader.pk])
    make_handover.entry(floor, text="备用耳机还剩两副。", at=make.at(15, 59))
    assert actions.submit(log=floor.log, by=floor.leader, at=make.at(16)).status == "submitted"


def test_acceptance_needs_every_section_talked_through():
    floor = make_handover.submitted()
    step = {"log": floor.log, "by": floor.next_leader, "at": make.at(16)}
    assert refused(actions.accept, **step) == ("sections_not_accepted", "meeting.1")
    make_handover.talked_through(floor)
    actions.unaccept_section(**step, section="equipment")
    assert refused(actions.accept, **step) == ("sections_not_accepted", "meeting.1")


def test_acceptance_is_the_incoming_leaders():
    floor = make_handover.talked_through()
    for person in (floor.next_agents[0], floor.agents[0], floor.director):
        assert refused(actions.accept, log=floor.log, by=person, at=make.at(16))[0] == "not_incoming_leader"
    log = actions.accept(log=floor.log, by=floor.next_leader, at=make_handover.ACCEPTED_AT)
    assert (log.status, log.accepted_by, log.accepted_at) == ("accepted", floor.next_leader, make_handover.ACCEPTED_AT)
    row = JournalRow.objects.about(log).last()
    assert (row.verb, row.clause, row.facts) == ("handover.accepted", "duty.7", {"digest": log.digest})


def test_who_submitted_never_accepts():
    floor = make_handover.talked_through()
    assert refused(actions.accept, log=floor.log, by=floor.leader, at=make.at(16)) == (
        "accepted_by_submitter",
        "duty.7",
    )


def test_where_one_person_leads_both_shifts_the_director_accepts():
    floor = make_handover.floor()
    floor.next_shift.leader = floor.leader
    floor.next_shift.save()
    make_handover.submitted(floor)
    floor.next_leader = floor.director
    assert make_handover.accepted(floor).log.accepted_by == floor.director


def test_where_the_roster_ends_the_director_accepts():
    floor = make_handover.floor(next_type=None, roster=make_shifts.roster(until_on=make.MONDAY), type="M")
    make_handover.submitted(floor, at=make.at(23, 55))
    floor.next_leader = floor.director
    assert make_handover.accepted(floor).log.accepted_by == floor.director


def test_a_deputy_of_the_incoming_leader_accepts():
    floor = make_handover.submitted()
    deputy = make_handover.outsider()
    make_shifts.deputy(absent=floor.next_leader, deputy=deputy)
    floor.next_leader = deputy
    assert make_handover.accepted(floor).log.accepted_by == deputy


def test_the_night_shift_hands_over_in_the_morning():
    floor = make_handover.floor(type="N")
    assert (floor.log.starts_at, floor.next_shift.type.code) == (make.at(0), "D")
    make_handover.submitted(floor, at=make.at(7, 55))
    assert make_handover.accepted(floor, at=make.at(8, 2)).log.accepted_by == floor.next_shift.leader


def test_the_evening_shift_hands_over_at_midnight():
    floor = make_handover.floor(type="M")
    assert (floor.shift.on, floor.next_shift.on) == (make.MONDAY, make.MONDAY.replace(day=24))
    make_handover.submitted(floor, at=make.at(23, 58))
    assert make_handover.accepted(floor, at=make.at(0, 3, on=floor.next_shift.on)).log.status == "accepted"


def test_additions_come_after_acceptance_only():
    floor = make_handover.submitted()
    step = {"log": floor.log, "text": "补充：备用耳机两副。", "at": make.at(17)}
    assert refused(actions.add_addendum, **step, by=floor.leader) == ("log_not_accepted", "handover.6")
    make_handover.accepted(floor)
    assert refused(actions.add_addendum, **step, by=make_handover.outsider()) == ("not_part_of_handover", "handover.6")
    for person in (floor.leader, floor.agents[0], floor.next_leader, floor.director):
        assert actions.add_addendum(**step, by=person).author == person
    assert verbs_of(floor.log)[-1] == "handover.addendum_added"


def test_facts_hold_no_text():
    floor = make_handover.floor()
    entry = make_handover.entry(floor, text="机密")
    actions.edit_entry(entry=entry, section="equipment", text="机密二", version=1, by=floor.leader, at=MORNING)
    actions.follow_up(entry=entry, owner=floor.next_leader, by=floor.leader, at=MORNING)
    make_handover.submitted(floor)
    actions.send_back(log=floor.log, remark="机密三", by=floor.next_leader, at=make.at(15, 58))
    make_handover.accepted(make_handover.submitted(floor))
    actions.add_addendum(log=floor.log, text="机密四", by=floor.leader, at=make.at(17))
    facts = [value for row in JournalRow.objects.about(floor.log) for value in row.facts.values()]
    assert [value for value in facts if isinstance(value, str) and not value.isascii()] == []


def test_an_open_item_comes_back_until_it_is_solved():
    floor = make_handover.floor()
    entry = make_handover.entry(floor)
    item = actions.follow_up(entry=entry, owner=floor.next_leader, by=floor.agents[0], at=MORNING)
    assert (item.owner, item.status, told()) == (
        floor.next_leader,
        "open",
        [("handover.item_given", [floor.next_leader.pk])],
    )
    make_handover.accepted(make_handover.submitted(floor))
    after = make_handover.floor(type="M", roster=floor.roster)
    make_handover.answered(after)
    assert refused(actions.submit, log=after.log, by=after.leader, at=make.at(23)) == ("items_unanswered", "duty.4")
    actions.answer_item(log=after.log, item=item, outcome="carried_on", by=after.leader, at=make.at(23))
    make_handover.accepted(make_handover.submitted(after, at=make.at(23, 55)), at=make.at(0, on=after.next_shift.on))
    third = make_handover.floor(type="N", on=after.next_shift.on, roster=floor.roster)
    actions.answer_item(log=third.log, item=item, outcome="solved", by=third.agents[0], at=third.shift.starts_at)
    assert OpenItem.objects.get().status == "closed"
    make_handover.accepted(make_handover.submitted(third))
    fourth = make_handover.floor(type="D", on=third.shift.on, roster=floor.roster)
    step = {"log": fourth.log, "item": item, "outcome": "solved", "by": fourth.leader, "at": fourth.shift.starts_at}
    assert refused(actions.answer_item, **step) == ("item_not_in_log", "duty.4")


def test_an_answer_can_be_changed_while_the_log_is_open():
    floor = make_handover.floor()
    item = actions.follow_up(entry=make_handover.entry(floor), owner=floor.leader, by=floor.leader, at=MORNING)
    actions.answer_item(log=floor.log, item=item, outcome="solved", by=floor.leader, at=MORNING)
    actions.answer_item(log=floor.log, item=item, outcome="carried_on", by=floor.leader, at=MORNING)
    item.refresh_from_db()
    assert (item.status, floor.log.answers.get().outcome) == ("open", "carried_on")


def test_an_open_item_is_given_to_somebody_of_this_shift_or_the_next():
    floor = make_handover.floor()
    entry = make_handover.entry(floor)
    step = {"entry": entry, "by": floor.leader, "at": MORNING}
    assert refused(actions.follow_up, **step, owner=make_handover.outsider()) == ("owner_not_here", "duty.4")
    assert refused(actions.follow_up, **step, owner=make.person(role=Role.DIRECTOR))[0] == "owner_not_here"
    item = actions.follow_up(**step, owner=floor.agents[1])
    step = {"log": floor.log, "item": item, "outcome": "carried_on", "by": floor.leader, "at": MORNING}
    actions.answer_item(**step, owner=floor.next_agents[0])
    item.refresh_from_db()
    assert item.owner == floor.next_agents[0]
    assert refused(actions.withdraw_entry, entry=entry, by=floor.leader, at=MORNING) == ("entry_followed_up", "duty.4")
