"""What the verbs of requests and reports share: the lock, the climb, the journal, the messages.

Each verb reads the case again under the lock: rules judge what is, not what was shown. Messages carry a number, and a
category where it is not confidential; never a word of what was written.
"""

import datetime as dt

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from escalations import rules
from escalations.models import Case, Category, FollowUp, Party, Remark
from journal.actions import record
from journal.verbs import verbs
from rulebook import parameters

Status = Case.Status
Step = Remark.Step

verbs(
    {
        "escalation.drafted": _("kept a draft"),
        "escalation.submitted": _("submitted it"),
        "escalation.level_empty": _("passed an empty level"),
        "escalation.acknowledged": _("acknowledged it"),
        "escalation.instructed": _("gave an instruction"),
        "escalation.returned": _("returned it for more"),
        "escalation.resubmitted": _("added what was missing"),
        "escalation.passed_up": _("passed it up"),
        "escalation.risen": _("passed it up, for no answer came in time"),
        "escalation.overdue": _("noticed that no answer came in time at the last level"),
        "escalation.withdrawn": _("withdrew it"),
        "escalation.carried_out": _("carried out the instruction"),
        "escalation.closed": _("closed it"),
        "escalation.level_skipped": _("skipped a level, for it could not wait"),
        "escalation.followed_up": _("made the follow-up report to a skipped superior"),
        "escalation.follow_up_acknowledged": _("acknowledged the follow-up report"),
        "escalation.follow_up_late": _("noticed that a follow-up report is late"),
        "escalation.dissented": _("voiced a dissent"),
        "escalation.upheld": _("upheld the instruction"),
        "escalation.dissent_accepted": _("accepted the dissent"),
        "escalation.dissent_late": _("noticed that a dissent was not answered in time"),
        "escalation.appealed": _("took it further up after carrying it out"),
        "escalation.reseated": _("gave the level to who holds it now"),
        "escalation.handed_over": _("gave the next step to the level, for its reporter is not there"),
        "escalation.debt_passed_on": _("gave the follow-up report that is owed to the level"),
        "escalation.stuck": _("found nobody who could take the next step"),
        "escalation.file_attached": _("attached a file"),
        "escalation.file_removed": _("took a file off"),
        "escalation.unstuck": _("found somebody who can take the next step again"),
    }
)

WAITS = {
    category: kind(
        f"escalation.waits.{category.value}",
        format_lazy(_("{category}: no. %(case)s waits for your answer, due %(due_at)s."), category=category.label)
        if category != Category.CONFIDENTIAL
        else _("No. %(case)s waits for your answer, due %(due_at)s."),
    )
    for category in Category
}
DUE_SOON = kind("escalation.due_soon", _("No. %(case)s still waits for your answer, due %(due_at)s."))
RISEN = kind("escalation.risen", _("No. %(case)s was not answered in time and has gone to the next level."))
OVERDUE = kind("escalation.overdue", _("No. %(case)s is overdue. There is no level above you: please answer it."))
GONE_UP = kind("escalation.gone_up", _("Your no. %(case)s has gone to the next level."))
RETURNED = kind("escalation.returned", _("No. %(case)s came back to you: something is missing."))
INSTRUCTED = kind("escalation.instructed", _("There is an instruction on your no. %(case)s. Carry it out and say how."))
CARRIED_OUT = kind(
    "escalation.carried_out", _("Your instruction on no. %(case)s is carried out. Look at it and close.")
)
CLOSED = kind("escalation.closed", _("Your no. %(case)s is closed."))
WITHDRAWN = kind("escalation.withdrawn", _("No. %(case)s has been withdrawn by its reporter."))
FOLLOW_UP_OWED = kind(
    "escalation.follow_up_owed", _("No. %(case)s skipped a level: make the follow-up report by %(due_at)s.")
)
FOLLOW_UP_MADE = kind(
    "escalation.follow_up_made", _("A follow-up report on no. %(case)s is made to you: a case that skipped you.")
)
FOLLOW_UP_LATE = kind("escalation.follow_up_late", _("The follow-up report on no. %(case)s is late. Make it now."))
DISSENT = kind(
    "escalation.dissented", _("There is a dissent beside your instruction on no. %(case)s. Answer by %(due_at)s.")
)
DISSENT_LATE = kind("escalation.dissent_late", _("The dissent on no. %(case)s was not answered in time."))
UPHELD = kind(
    "escalation.upheld", _("The instruction on your no. %(case)s stands. Carry it out; then it may go further up.")
)
DISSENT_ACCEPTED = kind(
    "escalation.dissent_accepted", _("Your dissent on no. %(case)s is accepted: there is a new instruction.")
)
TAKEN_OVER = kind(
    "escalation.taken_over", _("The next step of no. %(case)s is yours now, for the one before you is not there.")
)
STUCK = kind(
    "escalation.stuck", _("Nobody can take the next step of no. %(case)s. Name a deputy for the level that is empty.")
)
LINE_EMPTY = kind(
    "escalation.line_empty", _("Requests wait for a level that nobody holds. Enter who holds it, or a deputy.")
)


def lock(case):
    """Read the row again, alone until the transaction ends, with its chain."""
    case.refresh_from_db(from_queryset=Case.objects.select_for_update())
    case.forget_chain()
    if case.level_id:
        case.level = next(level for level in case.chain if level.pk == case.level_id)


def go_up(case, *, at):
    level = climb(case, at=at)
    move(case, Status.PASSED_UP, level=level, waits_for=level.person, answer_due_at=level.answer_due_at)
    announce_waiting(case, at=at)
    tell(case, GONE_UP, case.reporter, at=at)


def climb(case, *, at, to=""):
    """Pass the empty levels above, each with its note, and reach the first that has somebody; in an emergency the first
    of the kind `to`, and who is skipped is owed a follow-up report. Returns the level."""
    for level in rules.levels_above(case):
        if level.person_id and (not to or level.kind == to):
            break
        if level.person_id:
            skip(case, level, at=at)
            continue
        change_level(level, reached_at=at, passed_at=at)
        note("level_empty", case, by=None, at=at, clause="escalation.6", level=level.order, why=level.note)
    due_at, remind_at = due_times(case, level, at)
    change_level(level, reached_at=at, answer_due_at=due_at, remind_at=remind_at)
    add_party(case, level.person_id)
    return level


def skip(case, level, *, at):
    hours = parameters.value(case.centre, "follow_up_report_due_hours", clock.local_date(case.centre, at))
    due_at, remind_at = rules.share_of(at, dt.timedelta(hours=hours))
    change_level(level, skipped_at=at)
    level.follow_up = FollowUp.objects.create(
        centre=case.centre, case=case, level=level, person=level.person, owed_by=case.reporter,
        due_at=due_at, remind_at=remind_at,
    )  # fmt: skip
    note("level_skipped", case, by=case.reporter, at=at, clause="escalation.6", level=level.order)


def due_times(case, level, at):
    on = clock.local_date(case.centre, at)
    minutes = parameters.value(case.centre, rules.minutes_parameter(case), on)
    return rules.due_times(case, level, minutes, at)


def change_level(level, **changes):
    for name, value in changes.items():
        setattr(level, name, value)
    level.save(update_fields=list(changes))


def add_party(case, person_id):
    Party.objects.bulk_create([Party(case=case, person_id=person_id)], ignore_conflicts=True)


def remark_on(step, verb, case, *, by, at, text):
    """Write the step with what was said, and return it; nothing said leaves only the journal's row."""
    remark = None
    if text and rules.is_said(text):
        remark = Remark.objects.create(case=case, step=step, text=text, by=by, at=at)
    note(verb, case, by=by, at=at, clause="escalation.7", **({"remark": remark.pk} if remark else {}))
    return remark


def note(verb, case, **facts):
    """Drafts are nobody's business, and confidential cases only their parties': their rows stay on their own page."""
    record(f"escalation.{verb}", case, restricted=case.is_confidential or case.submitted_at is None, **facts)


def announce_waiting(case, *, at):
    tell(case, WAITS[Category(case.category)], case.level.person, at=at, due_at=case.answer_due_at)


def tell(case, what, person, *, at, link="", **facts):
    announce(
        what,
        centre=case.centre,
        to=[person],
        at=at,
        urgent=case.urgent,
        restricted=case.is_confidential,
        link=link or case.get_absolute_url(),
        case=case.pk,
        **facts,
    )
