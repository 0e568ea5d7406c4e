import pytest
from django.db import IntegrityError, transaction

from callcentre.refusals import Refused
from delivery.actions import send_queued
from delivery.models import Message
from duties.models import Duty
from hygiene import actions
from hygiene.models import Area, Clean, CleanTick, Plant, PlantSkip
from journal.models import Entry
from people.models import Role
from tests import make, make_hygiene, make_shifts

pytestmark = pytest.mark.django_db
AT = make.at(9)


@pytest.fixture
def crew():
    team, leader, agents = make_shifts.crew(agents=3)
    make_shifts.shift(team=team, leader=leader, people=agents)
    return leader, agents


def begun(duty, leader, helpers=()):
    return actions.start(duty=duty, by=leader, at=AT, helpers=helpers)


def code_of(step, **arguments):
    with pytest.raises(Refused) as refused:
        step(**arguments)
    return refused.value.code


def test_the_clean_from_start_to_sign_off(crew):
    leader, agents = crew
    duty = make_hygiene.duty()
    clean = begun(duty, leader, agents[:2])
    assert (duty.status, clean.area.key) == (Duty.Status.STARTED, Area.Key.CHANGING_ROOM)
    make_hygiene.answer_all(duty, by=agents[0])
    actions.finish(duty=duty, by=leader, at=make.at(11), note="拖把需更换")
    actions.verify(duty=duty, by=make.person(role=Role.LEADER), at=make.at(12))
    clean.refresh_from_db()
    assert (duty.status, clean.note) == (Duty.Status.VERIFIED, "拖把需更换")
    ticked = ["clean.item_ticked"] * 6
    verbs = [row.verb for row in Entry.objects.about(clean)]
    assert verbs == ["clean.begun", "clean.helpers_named", *ticked, "clean.finished", "clean.verified"]
    assert [row.verb for row in Entry.objects.about(duty)] == ["duty.started", "duty.done", "duty.verified"]
    assert {row.clause for row in Entry.objects.about(clean)} == {"hygiene.changing.5"}


def test_it_is_not_finished_while_an_item_is_open(crew):
    leader, _agents = crew
    duty = make_hygiene.duty(code="leaf_clean")
    begun(duty, leader)
    first, second, third = actions.items_of(duty)
    actions.tick_item(duty=duty, item=first.pk, by=leader, at=AT)
    with pytest.raises(Refused) as refused:
        actions.finish(duty=duty, by=leader, at=AT)
    assert (refused.value.code, refused.value.clause) == ("clean_items_open", "hygiene.plants.2")
    assert refused.value.facts["items"] == f"{second.text}；{third.text}"
    actions.tick_item(duty=duty, item=second.pk, by=leader, at=AT)
    actions.excuse_item(duty=duty, item=third.pk, reason="花盆在更换", by=leader, at=AT)
    actions.finish(duty=duty, by=leader, at=AT)
    assert duty.status == Duty.Status.DONE


def test_a_missed_clean_is_done_late_and_its_record_kept(crew):
    leader, _agents = crew
    duty = make_hygiene.duty(status=Duty.Status.MISSED)
    clean = begun(duty, leader)
    assert duty.status == Duty.Status.MISSED
    make_hygiene.answer_all(duty, by=leader)
    actions.finish(duty=duty, by=leader, at=make.at(17))
    assert (duty.status, duty.is_late) == (Duty.Status.DONE, True)
    assert Entry.objects.about(clean)[0].verb == "clean.begun_late"


def test_a_tick_is_taken_back_and_given_again(crew):
    leader, _agents = crew
    duty = make_hygiene.duty()
    clean = begun(duty, leader)
    item = actions.items_of(duty)[0].pk
    for step in (actions.tick_item, actions.untick_item, actions.untick_item, actions.tick_item, actions.tick_item):
        step(duty=duty, item=item, by=leader, at=AT)
    assert clean.ticks.count() == 1
    verbs = [row.verb for row in Entry.objects.about(clean)][1:]
    assert verbs == ["clean.item_ticked", "clean.item_unticked", "clean.item_ticked", "clean.item_ticked"]


def test_helpers_tick_and_strangers_do_not(crew):
    leader, agents = crew
    duty = make_hygiene.duty()
    begun(duty, leader, agents[:1])
    item = actions.items_of(duty)[0].pk
    assert code_of(actions.tick_item, duty=duty, item=item, by=agents[1], at=AT) == "clean_not_yours"
    actions.tick_item(duty=duty, item=item, by=agents[0], at=AT)
    assert code_of(actions.finish, duty=duty, by=agents[0], at=AT) == "duty_not_yours"


def test_anybody_on_the_crew_waters(crew):
    _leader, agents = crew
    duty = make_hygiene.duty(code="watering")
    begun(duty, agents[0])
    make_hygiene.answer_all(duty, by=agents[1])
    actions.finish(duty=duty, by=agents[2], at=AT)
    assert duty.status == Duty.Status.DONE


def test_named_helpers_are_told_once(crew):
    leader, agents = crew
    duty = make_hygiene.duty()
    begun(duty, leader, agents[:1])
    actions.name_helpers(duty=duty, helpers=agents[:2], by=leader, at=AT)
    actions.name_helpers(duty=duty, helpers=agents[:2], by=leader, at=AT)
    send_queued()
    told = Message.objects.filter(kind="clean.helper_named").order_by("person__employee_number")
    assert [message.person for message in told] == agents[:2]
    assert told[0].facts == {
        "leader": leader.name,
        "rule_zh": "更衣室清洁",
        "rule_en": "Changing-room clean",
        "due_on": "2026-11-23",
    }


def test_a_helper_does_not_sign_off(crew):
    leader, _agents = crew
    second, third = make.person(role=Role.LEADER), make.person(role=Role.LEADER)
    duty = make_hygiene.duty()
    begun(duty, leader, [second])
    make_hygiene.answer_all(duty, by=leader)
    actions.finish(duty=duty, by=leader, at=AT)
    assert code_of(actions.verify, duty=duty, by=leader, at=AT) == "duty_verified_by_second"
    assert code_of(actions.verify, duty=duty, by=second, at=AT) == "clean_helper_verifies"
    actions.verify(duty=duty, by=third, at=AT)
    assert duty.status == Duty.Status.VERIFIED


def test_what_is_finished_is_not_ticked_until_taken_back(crew):
    leader, _agents = crew
    duty = make_hygiene.duty()
    begun(duty, leader)
    make_hygiene.answer_all(duty, by=leader)
    item = actions.items_of(duty)[0].pk
    actions.finish(duty=duty, by=leader, at=AT)
    assert code_of(actions.untick_item, duty=duty, item=item, by=leader, at=AT) == "clean_not_open"
    actions.undo(duty=duty, by=leader, at=AT)
    actions.untick_item(duty=duty, item=item, by=leader, at=AT)
    assert duty.status == Duty.Status.STARTED


def test_a_start_taken_back_keeps_the_ticks(crew):
    leader, _agents = crew
    duty = make_hygiene.duty()
    begun(duty, leader)
    make_hygiene.answer_all(duty, by=leader)
    actions.undo(duty=duty, by=leader, at=AT)
    item = actions.items_of(duty)[0].pk
    assert code_of(actions.tick_item, duty=duty, item=item, by=leader, at=AT) == "clean_not_begun"
    begun(duty, leader)
    actions.finish(duty=duty, by=leader, at=AT)
    assert (duty.status, Clean.objects.count()) == (Duty.Status.DONE, 1)


@pytest.mark.parametrize(
    ("status", "code"), [("scheduled", "wrong_state"), ("waived", "wrong_state"), ("done", "wrong_state")]
)
def test_a_clean_begins_only_when_it_is_open(crew, status, code):
    leader, _agents = crew
    fields = {"reason": "装修"} if status == "waived" else {"done_by": leader} if status == "done" else {}
    duty = make_hygiene.duty(status=status, **fields)
    assert code_of(actions.start, duty=duty, by=leader, at=AT) == code


def test_begun_twice_is_refused(crew):
    leader, _agents = crew
    duty = make_hygiene.duty()
    begun(duty, leader)
    assert code_of(actions.start, duty=duty, by=leader, at=AT) == "clean_begun"


def test_whoever_leads_is_no_helper(crew):
    leader, _agents = crew
    duty = make_hygiene.duty()
    assert code_of(actions.start, duty=duty, by=leader, at=AT, helpers=[leader]) == "clean_helper_self"
    assert Clean.objects.count() == 0
    duty.refresh_from_db()
    assert duty.status == Duty.Status.OPEN


def test_an_item_of_another_checklist_is_refused(crew):
    leader, _agents = crew
    watering = make_hygiene.duty(code="watering")
    duty = make_hygiene.duty()
    begun(duty, leader)
    foreign = actions.items_of(watering)[0].pk
    assert code_of(actions.tick_item, duty=duty, item=foreign, by=leader, at=AT) == "clean_item_unknown"


def test_a_plant_is_left_out_with_a_reason_and_taken_in_again(crew):
    leader, _agents = crew
    duty = make_hygiene.duty(code="watering")
    clean = begun(duty, leader)
    plant, gone = make_hygiene.plant(), make_hygiene.plant(active=False)
    arguments = {"duty": duty, "by": leader, "at": AT}
    assert code_of(actions.skip_plant, plant=plant.pk, reason=" ", **arguments) == "clean_item_reason_missing"
    assert code_of(actions.skip_plant, plant=gone.pk, reason="x", **arguments) == "clean_plant_unknown"
    actions.skip_plant(plant=plant.pk, reason="刚换盆", **arguments)
    assert clean.skips.get().reason == "刚换盆"
    actions.unskip_plant(plant=plant.pk, **arguments)
    assert clean.skips.count() == 0
    assert [row.verb for row in Entry.objects.about(clean)][1:] == ["clean.plant_left_out", "clean.plant_back"]


def test_helpers_find_the_clean_waiting_for_them(crew):
    leader, agents = crew
    duty = make_hygiene.duty()
    clean = begun(duty, leader, agents[:1])
    assert list(Clean.objects.waiting_for(agents[0], AT)) == [clean]
    assert list(Clean.objects.waiting_for(agents[1], AT)) == []
    make_hygiene.answer_all(duty, by=leader)
    actions.finish(duty=duty, by=leader, at=AT)
    assert list(Clean.objects.waiting_for(agents[0], AT)) == []


def test_the_database_refuses_an_item_answered_twice(crew):
    leader, _agents = crew
    duty = make_hygiene.duty()
    clean = begun(duty, leader)
    item = actions.items_of(duty)[0]
    CleanTick.objects.create(clean=clean, item=item, done_by=leader, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        CleanTick.objects.create(clean=clean, item=item, done_by=leader, at=AT)


def test_the_database_refuses_a_plant_left_out_without_a_reason(crew):
    leader, _agents = crew
    clean = begun(make_hygiene.duty(code="watering"), leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlantSkip.objects.create(clean=clean, plant=make_hygiene.plant(), reason="", by=leader, at=AT)


def test_the_plant_register_is_kept_with_its_history():
    director = make.person(role=Role.DIRECTOR)
    plant = Plant(centre=director.centre, place="前台", species="发财树")
    actions.keep(row=plant, by=director, at=AT)
    assert [row.verb for row in Entry.objects.about(plant)] == ["plant.kept"]
