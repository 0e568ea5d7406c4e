"""What a message outside says: what it is about, whether it is urgent, where to read it. Never a fact, name or title.

The facts stay in the house: whoever may read them does so after signing in.
"""

import dataclasses
from collections import Counter

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from delivery import topics

TEST = f"{topics.OWN}.test"


@dataclasses.dataclass(frozen=True)
class Letter:
    subject: str
    lines: tuple
    link: str
    to: str = ""

    @property
    def text(self):
        return "\n".join([self.subject, *self.lines, self.link])


def letter_of(rows, language, to=""):
    """The Letter of one or more rows of the outbox that go together. to: an e-mail address."""
    with translation.override(language):
        subject, lines, link = _single(rows[0]) if len(rows) == 1 else _digest(rows)
        if any(row.urgent for row in rows):
            subject = pgettext("message outside", "Urgent: %(subject)s") % {"subject": subject}
        subject = pgettext("message outside", "[Shift Desk] %(subject)s") % {"subject": subject}
        return Letter(subject, tuple(map(str, lines)), settings.SITE_URL + link, to)


def _single(row):
    if row.restricted:
        return _("something waits for you"), [_("Sign in to see it.")], "/"
    if row.announcement.kind == TEST:
        return _("a test message"), [_("This channel works.")], "/"
    link = row.announcement.link or reverse("delivery:list_messages")
    return topics.label_of(row.announcement.kind), [_("There is a new message. Sign in to read it.")], link


def _digest(rows):
    subject = ngettext("%(count)s message waits", "%(count)s messages wait", len(rows)) % {"count": len(rows)}
    counts = Counter(topics.topic_of(row.announcement.kind) for row in rows if not row.restricted)
    lines = [
        pgettext("labelled", "%(label)s: %(value)s") % {"label": label, "value": counts[code]}
        for code, label in topics.TOPICS.items()
        if counts[code]
    ]
    return subject, [*lines, _("Sign in to read them.")], reverse("delivery:list_messages")
