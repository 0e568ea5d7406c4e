"""What people do to the channels: set them up, try them, try again what was given up, choose what comes by e-mail."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.refusals import Refused
from callcentre.states import move, move_all
from delivery.actions import announce
from delivery.kinds import kind
from delivery.letters import TEST
from delivery.models import Announcement, Channel, Dispatch, MailChoice
from journal.actions import record
from journal.verbs import verbs
from people.actions import change_email
from people.models import Person, Role

verbs(
    {
        "channel.added": _("added a channel outside"),
        "channel.edited": _("edited a channel outside"),
        "channel.tested": _("sent a test message through a channel"),
        "channel.retried": _("tried again what a channel had given up"),
    }
)
FAILING = kind("delivery.channel_failing", _("Messages do not get through by “%(channel)s”. See what is wrong."))
kind(TEST, _("A test message was sent through “%(channel)s”. See whether it arrived."))
Status = Dispatch.Status


@transaction.atomic
def save_channel(*, channel, changed, by, at):
    """Save a channel as edited in the administration. changed: names of the fields; what the relay knows stays.

    What waits for a channel that is switched off is dropped; one that is corrected is tried at once.
    """
    if channel._state.adding:
        channel.save()
        record("channel.added", channel, by=by, at=at, kind=channel.kind)
        return
    fields = [name for name in changed if name != "teams"]
    if not channel.is_enabled:
        move_all(channel.dispatches.all(), Status.WAITING, Status.DROPPED)
    channel.failures, channel.retry_at = 0, None
    channel.save(update_fields=[*fields, "failures", "retry_at"])
    record("channel.edited", channel, by=by, at=at, changed=sorted(changed))


@transaction.atomic
def send_test(*, channel, by, at):
    """Put a test message into the outbox, for this channel alone; by e-mail, for the one who asks.

    The relay sends it, whatever the hour. Raises Refused("no_own_address").
    """
    if channel.is_mail and not by.email:
        raise Refused("no_own_address")
    announcement = Announcement.objects.create(
        centre=channel.centre, kind=TEST, facts={"channel": channel.name}, to=[by.pk], at=at
    )
    person = by if channel.is_mail else None
    Dispatch.objects.create(centre=channel.centre, channel=channel, announcement=announcement, person=person, due_at=at)
    Channel.objects.filter(pk=channel.pk).update(retry_at=None)
    record("channel.tested", channel, by=by, at=at)


@transaction.atomic
def try_again(*, dispatch, by, at):
    """Give a message that was given up its tries anew. Raises Refused: "wrong_state", "channel_off_already"."""
    if not dispatch.channel.is_enabled:
        raise Refused("channel_off_already")
    move(dispatch, Status.WAITING, tries=0, due_at=at)
    record("channel.retried", dispatch.channel, by=by, at=at, dispatch=dispatch.pk)


@transaction.atomic
def choose(*, person, email, topics, quiet_from, quiet_until, at):
    """The person's address, and what they want there. A preference: only a changed address is in the journal."""
    if email != person.email:
        change_email(person=person, email=email, at=at)
    chosen = {"topics": topics, "quiet_from": quiet_from, "quiet_until": quiet_until}
    MailChoice.objects.update_or_create(person=person, defaults=chosen)


def tell_of_failure(*, channel, at):
    """In the bell of the administrators, and nowhere else. In the caller's transaction."""
    on = clock.local_date(channel.centre, at)
    announce(
        FAILING,
        centre=channel.centre,
        to=Person.objects.with_role(Role.ADMINISTRATOR, on).filter(centre=channel.centre),
        at=at,
        link=reverse("admin:delivery_channel_change", args=[channel.pk]),
        channel=channel.name,
    )
