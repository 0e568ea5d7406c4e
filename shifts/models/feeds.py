"""Private calendar feeds."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


def digest_of(token):
    """What is kept of a token. It is 32 random bytes, so a plain hash of it cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


class FeedQuerySet(models.QuerySet):
    def of_token(self, token):
        """The feed of that address, unless its person has left."""
        return self.filter(digest=digest_of(token), person__is_active=True).select_related("person__centre")


class Feed(models.Model):
    """A person's calendar address. Only a digest of its token is kept; a new one revokes the old."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="feed", verbose_name=_("person")
    )
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made at"))

    objects = FeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")

    def __str__(self):
        return str(self.person)
