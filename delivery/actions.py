"""The verbs of delivery. What somebody reads in their own bell leaves no journal row: the step it tells of has one."""

import datetime as dt
import logging

from django.db import InterfaceError, OperationalError, connection, transaction

from callcentre.refusals import Refused
from callcentre.states import move
from delivery import kinds
from delivery.models import Announcement, Dispatch, Message
from delivery.routing import Recipient, dispatches_of
from people.models import Person

logger = logging.getLogger(__name__)


def announce(kind, *, centre, to, at, urgent=False, restricted=False, link="", **facts):
    """Write one row of the outbox in the caller's transaction: it is sent if and only if the step is committed.

    to: people or their ids, of that centre. link: an address of ours. facts: see delivery.kinds; dates and moments are
    given as they are. restricted: no group hears of it, and an e-mail says only that something waits.
    Returns the Announcement, None when there is nobody to tell.
    Raises RuntimeError outside a transaction, KeyError for an undeclared kind or a missing fact, ValueError for a link
    that is not ours.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an announcement belongs to the transaction of the step that it tells of")
    if link and (not link.startswith("/") or link.startswith("//")):
        raise ValueError(f"not an address of ours: {link}")
    recipients = sorted({getattr(somebody, "pk", somebody) for somebody in to})
    facts = {name: _plain(value) for name, value in facts.items()}
    kinds.sentence(kind, facts)
    if not recipients:
        return None
    told = {"urgent": urgent, "restricted": restricted, "link": link}
    return Announcement.objects.create(centre=centre, kind=kind, facts=facts, to=recipients, at=at, **told)


def _plain(value):
    return value.isoformat() if isinstance(value, dt.date) else value


@transaction.atomic
def send(announcement):
    """Make the bell's messages of one queued announcement, and the rows for the channels outside, once.

    Raises Refused when another relay was quicker.
    """
    move(announcement, Announcement.Status.SENT)
    people = Person.objects.active().filter(centre=announcement.centre_id, pk__in=announcement.to)
    recipients = [Recipient(pk, team, bool(email)) for pk, team, email in people.values_list("pk", "team", "email")]
    messages = [
        Message(
            announcement=announcement,
            person_id=recipient.pk,
            kind=announcement.kind,
            facts=announcement.facts,
            link=announcement.link,
            urgent=announcement.urgent,
            at=announcement.at,
        )
        for recipient in recipients
    ]
    Message.objects.bulk_create(messages, ignore_conflicts=True, batch_size=500)
    Dispatch.objects.bulk_create(dispatches_of(announcement, recipients), ignore_conflicts=True, batch_size=500)


def send_queued(limit=200):
    """Send what waits in the outbox; one announcement that fails does not stop the rest. Returns how many were sent.

    Raises OperationalError or InterfaceError where the database itself does not answer.
    """
    sent = 0
    for announcement in Announcement.objects.queued()[:limit]:
        try:
            send(announcement)
            sent += 1
        except Refused:
            continue  # another relay has it
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("announcement %s could not be sent", announcement.pk)
    return sent


def mark_read(*, person, at, messages=None):
    """The person has read `messages` (a QuerySet), or all of theirs. Returns how many were unread."""
    unread = Message.objects.unread(person)
    if messages is not None:
        unread = unread.filter(pk__in=messages.values("pk"))
    return unread.update(read_at=at)
