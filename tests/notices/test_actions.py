"""The verbs of notices: each works and is recorded; wrong role, wrong state and a text that has changed are refused."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from callcentre.refusals import Refused
from delivery.models import Announcement
from journal.models import Entry
from notices import actions
from notices.models import Confirmation, Notice, NoticeVersion
from people.models import Role
from tests import make, make_notices, make_shifts
from tests.make_notices import MONTH, NINE

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def refused(code, step, **arguments):
    with pytest.raises(Refused) as refusal:
        step(**arguments)
    assert refusal.value.code == code
    return refusal.value


def written(notice):
    return list(Entry.objects.about(notice).values_list("verb", flat=True))


def told():
    return [(row.kind, row.to) for row in Announcement.objects.order_by("pk")]


def revise(notice, **changes):
    fields = {"title": notice.title, "body": "新文", "version": notice.version, "by": notice.written_by, "at": NINE}
    return actions.revise(notice=notice, **{**fields, **changes})


def test_a_draft_is_published_as_version_one_and_told_to_its_audience():
    team, leader, agents = make_shifts.crew()
    notice = make_notices.draft(teams=[team], title="甲")
    assert (notice.status, notice.version, told()) == ("draft", 0, [])
    version = actions.publish(notice=notice, by=notice.written_by, at=NINE)
    notice.refresh_from_db()
    assert (notice.status, notice.version, notice.published_at) == ("published", 1, NINE)
    assert (version.number, version.title, version.body) == (1, "甲", notice.body)
    assert told() == [("notice.to_confirm", sorted(person.pk for person in (leader, *agents)))]
    assert written(notice) == ["notice.written", "notice.published"]


def test_publishing_is_the_same_statements_for_many(django_assert_max_num_queries):
    team, _leader, _agents = make_shifts.crew(agents=30)
    notice = make_notices.draft(teams=[team])
    with django_assert_max_num_queries(11):
        actions.publish(notice=notice, by=notice.written_by, at=NINE)


def test_a_leader_writes_for_their_own_team_only():
    team, leader, agents = make_shifts.crew()
    other = make.team(name="乙班")
    notice = make_notices.notice(by=leader, teams=[team])
    assert notice.status == "published"
    refused("notice_other_team", make_notices.draft, by=leader)
    refused("notice_other_team", make_notices.draft, by=leader, teams=[team, other])
    refused("notice_other_team", make_notices.draft, by=leader, roles=[Role.AGENT])
    refused("notice_not_yours", make_notices.draft, by=agents[0], teams=[team])
    by_director = make_notices.notice(teams=[team])
    refused("notice_not_yours", actions.withdraw, notice=by_director, reason="误", by=leader, at=NINE)


@pytest.mark.parametrize("role", [Role.AGENT, Role.INSPECTOR, Role.SECURITY, Role.ADMINISTRATOR])
def test_other_roles_do_not_write(role):
    by, notice = make.person(role=role), make_notices.draft()
    refused("notice_not_yours", make_notices.draft, by=by)
    refused("notice_not_yours", actions.publish, notice=notice, by=by, at=NINE)
    refused("notice_not_yours", actions.discard, notice=notice, by=by, at=NINE)


@pytest.mark.parametrize(
    ("code", "field", "options"),
    [
        ("notice_audience_missing", "audience", {"audience": "teams"}),
        ("notice_without_end", "in_force_until", {"ends": None}),
        ("notice_ends_too_early", "in_force_until", {"ends": NINE}),
        ("notice_ends_too_early", "in_force_until", {"begins": NINE - 2 * DAY, "ends": NINE - DAY}),
        ("notice_ends_too_late", "in_force_until", {"ends": NINE + 367 * DAY}),
    ],
)
def test_audience_and_times_make_sense(code, field, options):
    assert refused(code, make_notices.draft, **options).field == field


def test_a_draft_is_changed_by_who_saw_it_last():
    notice = make_notices.draft()
    fields = {**make_notices.fields(title="乙"), "by": notice.written_by, "at": NINE + DAY}
    edited = actions.edit(notice=notice, seen_at=notice.written_at, **fields)
    assert (edited.title, edited.written_at) == ("乙", NINE + DAY)
    refused("notice_changed_meanwhile", actions.edit, notice=notice, seen_at=notice.written_at, **fields)
    actions.publish(notice=notice, by=notice.written_by, at=NINE)
    refused("wrong_state", actions.edit, notice=notice, seen_at=NINE + DAY, **fields)
    assert written(notice) == ["notice.written", "notice.edited", "notice.published"]


def test_a_draft_is_thrown_away_and_a_published_notice_is_not():
    notice = make_notices.draft(roles=[Role.AGENT])
    actions.discard(notice=notice, by=notice.written_by, at=NINE)
    assert (Notice.objects.count(), written(notice)) == (0, ["notice.written", "notice.discarded"])
    published = make_notices.notice()
    refused("wrong_state", actions.discard, notice=published, by=published.written_by, at=NINE)


def test_a_notice_is_published_once_and_not_when_its_time_is_over():
    notice = make_notices.draft(ends=NINE + DAY)
    refused("notice_ends_too_early", actions.publish, notice=notice, by=notice.written_by, at=NINE + DAY)
    actions.publish(notice=notice, by=notice.written_by, at=NINE)
    refused("wrong_state", actions.publish, notice=notice, by=notice.written_by, at=NINE)


def test_a_changed_text_is_a_new_version_and_the_old_one_stays():
    notice = make_notices.notice(body="旧文")
    revise(notice)
    notice.refresh_from_db()
    assert (notice.version, notice.body) == (2, "新文")
    assert list(notice.versions.values_list("number", "body")) == [(1, "旧文"), (2, "新文")]
    assert [what for what, _to in told()] == ["notice.to_confirm", "notice.revised"]
    assert written(notice)[-1] == "notice.revised"


def test_a_change_on_an_old_text_or_none_at_all_is_refused():
    notice = make_notices.notice()
    refused("notice_same_text", revise, notice=notice, body=notice.body)
    revise(notice)
    refused("notice_changed_meanwhile", revise, notice=notice, body="另文")
    refused("wrong_state", revise, notice=make_notices.draft())
    refused("notice_not_in_force", revise, notice=make_notices.notice(), at=NINE + MONTH)


def test_a_withdrawal_has_a_reason_and_ends_it():
    notice = make_notices.notice()
    refused("notice_reason_missing", actions.withdraw, notice=notice, reason=" ", by=notice.written_by, at=NINE)
    actions.withdraw(notice=notice, reason="资费有误", by=notice.written_by, at=NINE)
    notice.refresh_from_db()
    assert (notice.status, notice.reason, notice.withdrawn_at) == ("withdrawn", "资费有误", NINE)
    assert told()[-1][0] == "notice.withdrawn"
    assert written(notice)[-1] == "notice.withdrawn"
    refused("wrong_state", actions.withdraw, notice=notice, reason="误", by=notice.written_by, at=NINE)
    refused("wrong_state", revise, notice=notice)


def test_a_confirmation_is_bound_to_the_version_and_kept_once():
    agent, notice = make.person(), make_notices.notice()
    for _twice in range(2):
        actions.confirm(notice=notice, version=1, by=agent, at=NINE)
    confirmation = Confirmation.objects.get()
    assert (confirmation.person, confirmation.version.number, confirmation.at) == (agent, 1, NINE)
    row = Entry.objects.get(verb="notice.confirmed")
    assert (row.clause, row.facts, row.actor) == ("handover.5", {"notice": notice.pk, "version": 1}, agent)
    assert "notice.confirmed" not in written(notice)  # its history stays short, however many confirm


def test_an_old_version_is_not_confirmed():
    agent, notice = make.person(), make_notices.notice()
    make_notices.revised(notice)
    refused("notice_changed", actions.confirm, notice=notice, version=1, by=agent, at=NINE)
    refused("notice_changed", actions.confirm, notice=notice, version=3, by=agent, at=NINE)
    assert Confirmation.objects.count() == 0


def test_only_what_is_in_force_and_meant_is_confirmed():
    agent = make.person()
    confirm = {"step": actions.confirm, "version": 1, "by": agent, "at": NINE}
    refused("notice_not_to_confirm", notice=make_notices.notice(must_confirm=False), **confirm)
    refused("notice_not_for_you", notice=make_notices.notice(roles=[Role.LEADER]), **confirm)
    refused("notice_not_in_force", notice=make_notices.notice(begins=NINE + DAY), **confirm)
    over = make_notices.notice(at=NINE - 2 * DAY, ends=NINE - DAY)
    assert refused("notice_not_in_force", notice=over, **confirm).clause == "handover.5"


def test_a_confirmation_asks_for_few_statements_besides_the_journals():
    agent, notice = make.person(), make_notices.notice()
    with CaptureQueriesContext(connection) as queries:
        actions.confirm(notice=notice, version=1, by=agent, at=NINE)
    others = ("SAVEPOINT", "journal_", "advisory")
    own = [query["sql"] for query in queries if not any(word in query["sql"] for word in others)]
    assert len(own) <= 5, own


def test_those_on_the_floor_are_reminded_once_in_a_while():
    team, leader, agents = make_shifts.crew(agents=3)
    make_shifts.shift(team=team, leader=leader, people=agents[:2])
    notice = make_notices.notice(teams=[team])
    actions.confirm(notice=notice, version=1, by=agents[0], at=NINE)
    assert actions.nudge(notice=notice, by=leader, at=NINE) == 2  # the leader and one agent; who is off is not
    assert told()[-1] == ("notice.nudged", sorted([leader.pk, agents[1].pk]))
    refused("nobody_to_nudge", actions.nudge, notice=notice, by=leader, at=make.at(12, 59))
    assert actions.nudge(notice=notice, by=leader, at=make.at(13)) == 2
    assert written(notice).count("notice.nudged") == 2


def test_who_may_remind():
    notice = make_notices.notice()
    refused("notice_not_yours", actions.nudge, notice=notice, by=make.person(), at=NINE)
    refused("notice_not_in_force", actions.nudge, notice=notice, by=notice.written_by, at=NINE + MONTH)
    read_only = make_notices.notice(must_confirm=False)
    refused("notice_not_to_confirm", actions.nudge, notice=read_only, by=notice.written_by, at=NINE)


def test_versions_and_confirmations_are_only_added_to():
    agent, notice = make.person(), make_notices.notice()
    confirmation = actions.confirm(notice=notice, version=1, by=agent, at=NINE)
    for row in (confirmation, NoticeVersion.objects.get()):
        with pytest.raises(TypeError):
            row.save()
        with pytest.raises(TypeError):
            row.delete()
