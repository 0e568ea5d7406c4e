"""Writing, publishing, changing and withdrawing a notice. Each step but the first locks it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.attachments import drop
from callcentre.refusals import Refused
from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from journal.actions import record
from journal.verbs import verbs
from notices import reading, rules
from notices.models import Addressee, Notice, NoticeVersion
from notices.models.notices import JOINERS_READ_BACK

verbs(
    {
        "notice.written": _("wrote a notice"),
        "notice.edited": _("changed the draft"),
        "notice.discarded": _("threw the draft away"),
        "notice.published": _("published the notice"),
        "notice.revised": _("published a changed text"),
        "notice.withdrawn": _("withdrew the notice, with a reason"),
    }
)

# Titles are what a notice is known by; they are never about a customer, as the form says.
PUBLISHED = kind("notice.published", _("New notice: %(title)s"))
TO_CONFIRM = kind("notice.to_confirm", _("New notice, to be read and confirmed: %(title)s"))
REVISED = kind("notice.revised", _("Changed notice, to be read again: %(title)s"))
WITHDRAWN = kind("notice.withdrawn", _("No longer in force: %(title)s"))

FIELDS = ("kind", "title", "body", "audience", "must_confirm", "in_force_from", "in_force_until")


def locked(notice):
    """The notice as it stands now; nobody else takes a step on it before this transaction ends."""
    return Notice.objects.with_names().select_for_update(of=("self",), no_key=True).get(pk=notice.pk)


def _terms(fields, teams, roles, shift_types, at):
    """(the notice's fields, its unsaved Addressees), checked."""
    fields = {name: fields[name] for name in FIELDS}
    addressees = {
        Notice.Audience.TEAMS: [Addressee(team_id=getattr(team, "pk", team)) for team in teams],
        Notice.Audience.ROLES: [Addressee(role=role) for role in roles],
        Notice.Audience.SHIFT_TYPES: [Addressee(shift_type_id=getattr(one, "pk", one)) for one in shift_types],
    }.get(fields["audience"], [])
    rules.check_terms(fields, addressees, at)
    return fields, addressees


def _address(notice, addressees):
    notice.addressees.all().delete()
    for addressee in addressees:
        addressee.notice = notice
    Addressee.objects.bulk_create(addressees)


@transaction.atomic
def write(*, by, at, teams=(), roles=(), shift_types=(), **fields):
    """A draft. fields: those of FIELDS; the audience's members as ids or rows. Returns the Notice.

    Raises Refused: rules.check_write, rules.check_terms.
    """
    rules.check_write(by, audience=fields["audience"], teams=teams)
    fields, addressees = _terms(fields, teams, roles, shift_types, at)
    notice = Notice.objects.create(centre=by.centre, written_by=by, written_at=at, **fields)
    _address(notice, addressees)
    record("notice.written", notice, by=by, at=at)
    return notice


@transaction.atomic
def edit(*, notice, seen_at, by, at, teams=(), roles=(), shift_types=(), **fields):
    """Change a draft. seen_at: its `written_at` as the writer saw it.

    Raises Refused: rules.check_edit, rules.check_write, rules.check_terms, "notice_changed_meanwhile".
    """
    notice = locked(notice)
    rules.check_edit(notice, by)
    if seen_at != notice.written_at:
        raise Refused("notice_changed_meanwhile")
    rules.check_write(by, notice, audience=fields["audience"], teams=teams)
    fields, addressees = _terms(fields, teams, roles, shift_types, at)
    for name, value in {**fields, "written_at": at}.items():
        setattr(notice, name, value)
    notice.save(update_fields=[*FIELDS, "written_at"])
    _address(notice, addressees)
    record("notice.edited", notice, by=by, at=at)
    return notice


@transaction.atomic
def discard(*, notice, by, at):
    """Throw a draft away: only the journal keeps that there was one. Raises Refused: rules.check_edit."""
    notice = locked(notice)
    rules.check_edit(notice, by)
    record("notice.discarded", notice, by=by, at=at)
    for file in notice.files.all():
        drop(file)
    notice.delete()


@transaction.atomic
def publish(*, notice, by, at):
    """Put a draft in force, from its time on, and tell its audience. Returns the NoticeVersion.

    Raises Refused: rules.check_publish, rules.check_terms, "changed_meanwhile".
    """
    notice = locked(notice)
    rules.check_publish(notice, by)
    fields = {name: getattr(notice, name) for name in FIELDS}
    rules.check_terms(fields, notice.addressees.all(), at)
    move(notice, Notice.Status.PUBLISHED, **_published(notice, 1, by, at))
    version = _keep_version(notice)
    record("notice.published", notice, by=by, at=at, clause="handover.5", version=1)
    _tell(TO_CONFIRM if notice.must_confirm else PUBLISHED, notice, at)
    return version


def _published(notice, number, by, at):
    """What a publication writes on the notice."""
    today = clock.local_date(notice.centre, at)
    return {
        "version": number,
        "published_by": by,
        "published_at": at,
        "binds_joiners_until_on": today + JOINERS_READ_BACK,
    }


def _keep_version(notice):
    return NoticeVersion.objects.create(
        notice=notice,
        number=notice.version,
        title=notice.title,
        body=notice.body,
        published_by=notice.published_by,
        published_at=notice.published_at,
    )


def _tell(what, notice, at):
    """One row of the outbox, however many are meant."""
    people = reading.people_meant(notice, at).order_by().values_list("pk", flat=True)
    announce(what, centre=notice.centre, to=people, at=at, link=notice.get_absolute_url(), title=notice.title)


@transaction.atomic
def revise(*, notice, title, body, version, by, at, in_force_until=None, of_answer=False):
    """Publish a changed text as the next version: whoever confirmed the last one is asked again.

    version: the number that the writer changed. in_force_until: a later end, None to keep it.
    Raises Refused: rules.check_revise, "notice_changed_meanwhile", "notice_same_text". Returns the NoticeVersion.
    """
    notice = locked(notice)
    rules.check_revise(notice, by, at, of_answer=of_answer)
    rules.check_version(notice, version)
    if (title, body) == (notice.title, notice.body):
        raise Refused("notice_same_text", field="body")
    changes = {**_published(notice, notice.version + 1, by, at), "title": title, "body": body}
    if in_force_until:
        changes["in_force_until"] = in_force_until
    for name, value in changes.items():
        setattr(notice, name, value)
    notice.save(update_fields=list(changes))
    kept = _keep_version(notice)
    record("notice.revised", notice, by=by, at=at, clause="handover.5", version=notice.version)
    _tell(REVISED if notice.must_confirm else PUBLISHED, notice, at)
    return kept


@transaction.atomic
def withdraw(*, notice, reason, by, at, of_answer=False):
    """No longer in force, for a reason that everybody sees.

    Raises Refused: rules.check_withdraw, "notice_reason_missing", "changed_meanwhile".
    """
    notice = locked(notice)
    rules.check_withdraw(notice, by, of_answer=of_answer)
    reason = reason.strip()
    if not reason:
        raise Refused("notice_reason_missing", field="reason")
    move(notice, Notice.Status.WITHDRAWN, withdrawn_by=by, withdrawn_at=at, reason=reason)
    record("notice.withdrawn", notice, by=by, at=at, clause="handover.5", version=notice.version)
    _tell(WITHDRAWN, notice, at)
    return notice
