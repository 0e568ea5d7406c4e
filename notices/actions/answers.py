"""Unified answers: written and changed by a director, published as a notice to every agent, withdrawn with it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.refusals import Refused
from callcentre.states import move
from journal.actions import record
from journal.verbs import verbs
from notices import rules
from notices.actions import notices
from notices.models import AnswerTerm, Notice, UnifiedAnswer
from notices.searching import WEIGHTS
from people.models import Role

verbs(
    {
        "answer.written": _("wrote a unified answer"),
        "answer.changed": _("changed the unified answer"),
        "answer.discarded": _("threw the draft away"),
        "answer.published": _("published the unified answer to every agent"),
        "answer.withdrawn": _("withdrew the unified answer, with a reason"),
    }
)
FIELDS = ("question", "text", "keywords")
# Its notice must be confirmed for so long; the answer itself is found until it is withdrawn.
NOTICE_HOLDS = dt.timedelta(days=90)


def locked(answer):
    rows = UnifiedAnswer.objects.select_related("centre", "notice")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=answer.pk)


@transaction.atomic
def write_answer(*, by, at, question, text, keywords=""):
    """A draft. Raises Refused: "answer_not_yours"."""
    rules.check_answers(by)
    row = UnifiedAnswer.objects.create(
        centre=by.centre, question=question, text=text, keywords=keywords, written_by=by, changed_at=at
    )
    record("answer.written", row, by=by, at=at, clause="meeting.2")
    return row


@transaction.atomic
def publish_answer(*, answer, by, at):
    """It is found by everybody from now on, and waits for every agent's confirmation. Returns it with its notice.

    Raises Refused: rules.check_publish_answer, "changed_meanwhile".
    """
    answer = locked(answer)
    rules.check_publish_answer(answer, by)
    notice = notices.write(
        by=by,
        at=at,
        roles=[Role.AGENT],
        kind=Notice.Kind.ANSWER,
        title=answer.question,
        body=answer.text,
        audience=Notice.Audience.ROLES,
        must_confirm=True,
        in_force_from=at,
        in_force_until=_notice_ends(answer.centre, at),
    )
    notices.publish(notice=notice, by=by, at=at)
    move(answer, UnifiedAnswer.Status.PUBLISHED, notice=notice, changed_at=at)
    index([answer])
    record("answer.published", answer, by=by, at=at, clause="meeting.2", notice=notice.pk)
    return answer


def _notice_ends(centre, at):
    return clock.midnight(centre, clock.local_date(centre, at + NOTICE_HOLDS))


def index(answers):
    """Write the index rows of these published answers anew, all at once."""
    fields = {row.pk: [(getattr(row, name), weight) for name, weight in WEIGHTS.items()] for row in answers}
    AnswerTerm.objects.reindex(fields)


@transaction.atomic
def change_answer(*, answer, edit, by, at, **fields):
    """Change a draft, or what is published: there a changed text is a new version of its notice, confirmed again.

    edit: the number of the change that the writer saw. fields: of FIELDS.
    Raises Refused: rules.check_change_answer, "answer_changed_meanwhile", "answer_same_text".
    """
    answer = locked(answer)
    rules.check_change_answer(answer, by)
    if edit != answer.edit:
        raise Refused("answer_changed_meanwhile")
    if all(fields[name] == getattr(answer, name) for name in FIELDS):
        raise Refused("answer_same_text", field="text")
    for name in FIELDS:
        setattr(answer, name, fields[name])
    answer.edit, answer.changed_at = edit + 1, at
    answer.save(update_fields=[*FIELDS, "edit", "changed_at"])
    if answer.status == UnifiedAnswer.Status.PUBLISHED:
        index([answer])
        _change_notice(answer, by, at)
    record("answer.changed", answer, by=by, at=at, clause="meeting.2", edit=answer.edit)
    return answer


def _change_notice(answer, by, at):
    notice = notices.locked(answer.notice)
    if (notice.title, notice.body) == (answer.question, answer.text):
        return  # only the keywords have changed
    notices.revise(
        notice=notice,
        title=answer.question,
        body=answer.text,
        version=notice.version,
        in_force_until=_notice_ends(answer.centre, at),
        by=by,
        at=at,
        of_answer=True,
    )


@transaction.atomic
def discard_answer(*, answer, by, at):
    """Throw a draft away. Raises Refused: rules.check_publish_answer."""
    answer = locked(answer)
    rules.check_publish_answer(answer, by)
    record("answer.discarded", answer, by=by, at=at, clause="meeting.2")
    answer.delete()


@transaction.atomic
def withdraw_answer(*, answer, reason, by, at):
    """It is found no more, and its notice no longer holds.

    Raises Refused: rules.check_withdraw_answer, "notice_reason_missing".
    """
    answer = locked(answer)
    rules.check_withdraw_answer(answer, by)
    notices.withdraw(notice=answer.notice, reason=reason, by=by, at=at, of_answer=True)
    move(answer, UnifiedAnswer.Status.WITHDRAWN, changed_at=at)
    AnswerTerm.objects.filter(document=answer).delete()
    record("answer.withdrawn", answer, by=by, at=at, clause="meeting.2")
    return answer
