"""No case is stuck: its next step is somebody's who is there, or it is told that it has nobody."""

import pytest
from django.core.management import call_command

from delivery.models import Announcement
from escalations import actions, audit
from escalations.models import Case, Category, FollowUp
from journal.models import Entry
from tests import make, make_escalations, make_shifts

pytestmark = pytest.mark.django_db

AT = make.at(9, 5)


def leave(person):
    person.is_active = False
    person.save(update_fields=["is_active"])


def audited(case, at=AT):
    audit.keep_moving(sender=None, at=at)
    case.refresh_from_db()
    return case


def why(people):
    return [(verdict.why, verdict.person) for verdict in audit.verdicts(people.centre, AT)]


def test_what_waits_for_somebody_who_is_there_is_left_alone():
    people = make_escalations.line()
    case = make_escalations.case(people)
    before = Entry.objects.count()
    assert why(people) == [("there", people.leader)]
    assert (audited(case).waits_for, Entry.objects.count()) == (people.leader, before)


def test_a_level_who_is_away_gives_it_to_the_deputy():
    people = make_escalations.line()
    case = make_escalations.case(people)
    make_shifts.deputy(absent=people.leader, deputy=people.other)
    assert why(people) == [("deputy", people.other)]
    audited(case)
    assert (case.waits_for, case.level.person, case.level.acting_for) == (people.other, people.other, people.leader)
    assert Entry.objects.about(case).last().verb == "escalation.reseated"
    assert list(Case.objects.visible_to(people.other)) == [case]
    assert why(people) == [("there", people.other)]


def test_a_level_who_left_gives_it_to_who_is_in_the_office_above():
    people = make_escalations.line()
    case = make_escalations.case(people)
    leave(people.leader)
    audited(case)
    assert (case.waits_for, case.level.kind) == (people.director, "leader")
    actions.instruct(case=case, by=people.director, at=AT, text="由我处理。")


def test_a_reporter_who_left_hands_the_next_step_to_the_level():
    people = make_escalations.line()
    case = make_escalations.case(people, status="instructed")
    leave(people.agent)
    audited(case)
    assert case.waits_for == people.leader
    actions.carry_out(case=case, by=people.leader, at=AT, text="已由我处理。")
    actions.close(case=case, by=people.leader, at=AT)


def test_reporter_and_level_both_gone():
    people = make_escalations.line()
    case = make_escalations.case(people, status="returned")
    leave(people.agent)
    leave(people.leader)
    audited(case)
    assert (case.waits_for, case.level.person) == (people.director, people.director)


def test_a_line_with_nobody_is_stuck_and_told_once_and_unstuck_again():
    people = make_escalations.line()
    case = make_escalations.case(people, by=people.director, category=Category.SERIOUS_ERROR)
    leave(people.centre_director)
    Announcement.objects.all().delete()
    audited(audited(case))
    assert case.stuck_since == AT
    told = {row.kind: row.to for row in Announcement.objects.order_by("-pk")}
    assert told == {
        "escalation.stuck": [people.director.pk],
        "escalation.line_empty": [people.administrator.pk],
    }
    assert list(Case.objects.stuck()) == [case]
    with pytest.raises(SystemExit):
        call_command("audit_cases", at=AT, verbosity=0)
    people.centre_director.is_active = True
    people.centre_director.save()
    assert audited(case, make.at(9, 6)).stuck_since is None


def test_of_a_confidential_case_only_who_may_see_it_is_told_which():
    people = make_escalations.line()
    case = make_escalations.case(people, by=people.director, category=Category.CONFIDENTIAL)
    leave(people.centre_director)
    Announcement.objects.all().delete()
    audited(case)
    assert [(row.kind, row.facts) for row in Announcement.objects.order_by("pk")] == [("escalation.line_empty", {})]


def test_a_report_owed_by_who_left_is_owed_by_the_level():
    people = make_escalations.line()
    case = make_escalations.case(people, urgent=True, goes_to="director", skip_reason="机房冒烟。")
    leave(people.agent)
    audited(case)
    debt = FollowUp.objects.with_names().get()
    assert debt.owed_by == people.director
    actions.follow_up(follow_up=debt, by=people.director, at=AT, text="已处理。")


def test_the_command_says_of_each_case_whose_it_is(capsys):
    people = make_escalations.line()
    case = make_escalations.case(people)
    call_command("audit_cases", at=AT)
    assert capsys.readouterr().out.splitlines() == [
        f"{case.pk}\tsubmitted\t{people.leader.employee_number}\tthere",
        "1 open, 0 stuck",
    ]


def test_the_audit_asks_no_more_for_ten_cases(django_assert_num_queries):
    people = make_escalations.line()
    for _case in range(10):
        make_escalations.case(people)
    with django_assert_num_queries(2):
        assert len(audit.verdicts(people.centre, AT)) == 10
