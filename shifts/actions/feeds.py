"""The verbs of private calendar feeds: a new address, and none any more."""

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journal.actions import record
from journal.verbs import verbs
from shifts.models import Feed
from shifts.models.feeds import digest_of

verbs(
    {
        "feed.renewed": _("made a new calendar address"),
        "feed.revoked": _("switched the calendar address off"),
    }
)

TOKEN_BYTES = 32


@transaction.atomic
def renew_feed(*, person, by, at):
    """The token of a new calendar address of the person; an older address is dead from now on.

    Only this answer holds the token: neither the database nor the journal keeps it.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed, _made = Feed.objects.update_or_create(person=person, defaults={"digest": digest_of(token), "made_at": at})
    record("feed.renewed", feed, centre=person.centre, by=by, at=at)
    return token


@transaction.atomic
def revoke_feed(*, person, by, at):
    """The person's calendar address is dead from now on. Whether there was one."""
    feed = Feed.objects.select_for_update().filter(person=person).first()
    if feed is None:
        return False
    record("feed.revoked", feed, centre=person.centre, by=by, at=at)
    feed.delete()
    return True
