"""May this notice be written, published, confirmed, withdrawn, by this person, now?"""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from callcentre import fulltext, words
from callcentre.refusals import Refused, texts
from callcentre.states import check_move
from notices.models import Notice, UnifiedAnswer
from notices.models.notices import PUBLISHERS, WRITERS
from people.models import Role
from rulebook.gates import gate

# Who sees who has not read: whoever answers for somebody's reading.
SEE_READERS = (Role.LEADER, *PUBLISHERS)
LONGEST_TO_CONFIRM = dt.timedelta(days=366)
NUDGED_EVERY = dt.timedelta(hours=4)
NAMED = 3  # titles in a refusal
LONGEST_SYNONYM = 20

texts(
    {
        "notice_unread": _("%(person)s has still to read and confirm: %(titles)s."),
        "notice_changed": _("This notice has changed since you opened it. Read the new version, then confirm that."),
        "notice_changed_meanwhile": _(
            "Somebody else has changed this notice meanwhile. Look at its present text first."
        ),
        "notice_not_in_force": _("This notice is not in force: there is nothing to confirm."),
        "notice_not_to_confirm": _("This notice is for your information: there is nothing to confirm."),
        "notice_not_for_you": _("This notice is not meant for you: there is nothing to confirm."),
        "notice_not_yours": _("Notices are written by the directors, and by shift leaders for their own team."),
        "notice_other_team": _("A shift leader writes for their own team only. Ask the department director."),
        "notice_of_an_answer": _("This notice carries a unified answer. Change or withdraw the answer itself."),
        "notice_same_text": _("Nothing has changed: the text is the one that holds."),
        "notice_audience_missing": _("Choose for whom the notice is: at least one."),
        "notice_without_end": _("Say until when a notice that must be confirmed is in force."),
        "notice_ends_too_late": _("A notice that must be confirmed is in force for a year at most."),
        "notice_ends_too_early": _("The notice would end before it begins, or has ended already. Choose a later end."),
        "notice_reason_missing": _("Say why the notice is withdrawn: the reason stays on the record."),
        "answer_not_yours": _("Unified answers are kept by the directors."),
        "answer_changed_meanwhile": _(
            "Somebody else has changed this answer meanwhile. Look at its present text first."
        ),
        "answer_same_text": _("Nothing has changed: the answer is the one that holds."),
        "synonyms_too_few": _("A group has at least two different words."),
        "synonym_no_word": _("“%(word)s” is not a word."),
        "synonym_too_long": _("“%(word)s” is too long: a synonym is a single word of at most 20 characters."),
        "synonym_taken": _("In another group already: %(words)s. Put the groups together."),
        "synonyms_changed_meanwhile": _("Somebody else has changed this group meanwhile. Look at it first."),
        "nobody_to_nudge": _(
            "Nobody on duty is left to remind: the others were reminded a short while ago, or are off."
        ),
    }
)


def listing(things):
    return words.pick("、", ", ").join(things)


@gate("handover.5", what=_("Nobody takes a desk while a notice that they must read is not confirmed."))
def check_read(person, unread):
    """unread: the NoticeVersions of notices.reading.required_unread. Raises Refused: "notice_unread"."""
    unread = list(unread)
    if unread:
        titles = [words.pick("《{}》", "“{}”").format(version.title) for version in unread[:NAMED]]
        listed = listing(titles) + (" …" if len(unread) > NAMED else "")
        raise Refused("notice_unread", person=person.name, titles=listed, count=len(unread))


def check_write(by, notice=None, *, audience=None, teams=()):
    """A director writes for everybody, a leader for their own team. notice: one that is there already.

    Raises Refused: "notice_not_yours", "notice_other_team".
    """
    if by.has_role(*PUBLISHERS):
        return
    if not by.has_role(*WRITERS) or (notice is not None and notice.written_by_id != by.pk):
        raise Refused("notice_not_yours")
    if audience is not None:
        ids = {getattr(team, "pk", team) for team in teams}
        if audience != Notice.Audience.TEAMS or ids != {by.team_id}:
            raise Refused("notice_other_team", field="audience")


def check_terms(fields, addressees, at):
    """Do audience and times make sense? fields: of the notice, by name. Raises Refused with the form's field.

    "notice_audience_missing", "notice_without_end", "notice_ends_too_early", "notice_ends_too_late".
    """
    begins, ends = fields["in_force_from"], fields["in_force_until"]
    if fields["audience"] != Notice.Audience.ALL and not addressees:
        raise Refused("notice_audience_missing", field="audience")
    if ends is None:
        if fields["must_confirm"]:
            raise Refused("notice_without_end", field="in_force_until")
    elif ends <= begins or ends <= at:
        raise Refused("notice_ends_too_early", field="in_force_until")
    elif fields["must_confirm"] and ends - begins > LONGEST_TO_CONFIRM:
        raise Refused("notice_ends_too_late", field="in_force_until")


def check_edit(notice, by):
    """A draft is written on. Raises Refused: as check_write, "wrong_state"."""
    check_write(by, notice)
    if not notice.is_draft:
        raise Refused("wrong_state", state=notice.get_status_display())


def check_publish(notice, by):
    """Raises Refused: as check_write, "wrong_state"."""
    check_write(by, notice)
    check_move(notice, Notice.Status.PUBLISHED)


def check_revise(notice, by, at, *, of_answer=False):
    """Publish a changed text. of_answer: its unified answer asks. Raises Refused: as check_withdraw, and
    "notice_not_in_force" once its time is over."""
    check_withdraw(notice, by, of_answer=of_answer)
    if not of_answer and notice.in_force_until is not None and notice.in_force_until <= at:
        raise Refused("notice_not_in_force")


def check_withdraw(notice, by, *, of_answer=False):
    """Raises Refused: as check_write, "wrong_state", "notice_of_an_answer"."""
    check_write(by, notice)
    check_move(notice, Notice.Status.WITHDRAWN)
    if notice.kind == Notice.Kind.ANSWER and not of_answer:
        raise Refused("notice_of_an_answer")


def check_version(notice, version):
    """version: the number that the writer had before their eyes. Raises Refused: "notice_changed_meanwhile"."""
    if notice.version != version:
        raise Refused("notice_changed_meanwhile")


@gate("handover.5", what=_("A confirmation is for the text that holds: a changed notice is read again."))
def check_confirm(notice, version, *, meant, at):
    """version: the NoticeVersion that was read. meant: whether the person is in the audience.

    Raises Refused: "notice_not_in_force", "notice_not_to_confirm", "notice_changed", "notice_not_for_you".
    """
    if not notice.is_in_force(at):
        raise Refused("notice_not_in_force")
    if not notice.must_confirm:
        raise Refused("notice_not_to_confirm")
    if version.number != notice.version:
        raise Refused("notice_changed")
    if not meant:
        raise Refused("notice_not_for_you")


def check_nudge(notice, by, at):
    """Whoever leads reminds. Raises Refused: "notice_not_yours", "notice_not_in_force", "notice_not_to_confirm"."""
    if not by.has_role(*SEE_READERS):
        raise Refused("notice_not_yours")
    if not notice.is_in_force(at):
        raise Refused("notice_not_in_force")
    if not notice.must_confirm:
        raise Refused("notice_not_to_confirm")


def check_answers(by):
    """Raises Refused: "answer_not_yours"."""
    if not by.has_role(*PUBLISHERS):
        raise Refused("answer_not_yours", clause="meeting.2")


def check_publish_answer(answer, by):
    """Raises Refused: "answer_not_yours", "wrong_state"."""
    check_answers(by)
    check_move(answer, UnifiedAnswer.Status.PUBLISHED)


def check_change_answer(answer, by):
    """Raises Refused: "answer_not_yours", "wrong_state" for a withdrawn one."""
    check_answers(by)
    if answer.status == UnifiedAnswer.Status.WITHDRAWN:
        raise Refused("wrong_state", state=answer.get_status_display())


def check_withdraw_answer(answer, by):
    """Raises Refused: "answer_not_yours", "wrong_state"."""
    check_answers(by)
    check_move(answer, UnifiedAnswer.Status.WITHDRAWN)


def check_synonyms(group, *, taken):
    """group: {folded: as written}. taken: those that another group has.

    Raises Refused: "synonyms_too_few", "synonym_no_word", "synonym_too_long", "synonym_taken".
    """
    if len(group) < 2:
        raise Refused("synonyms_too_few", field="words")
    for folded, word in group.items():
        if not fulltext.TOKEN.search(folded):
            raise Refused("synonym_no_word", field="words", word=word)
        if len(word) > LONGEST_SYNONYM:
            raise Refused("synonym_too_long", field="words", word=word)
    if taken:
        raise Refused("synonym_taken", field="words", words=listing(taken))
