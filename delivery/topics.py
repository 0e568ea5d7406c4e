"""What messages are about: what people choose by, and all that a message outside says besides whether it is urgent."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TOPICS = {
    "requests": _("Requests and reports"),
    "duties": pgettext_lazy("topic", "Duties"),
    "notices": pgettext_lazy("topic", "Notices"),
    "rosters": _("Rosters, swaps and leave"),
    "handover": _("Handover logs and desks"),
    "posts": _("Leaving the post"),
    "meetings": pgettext_lazy("topic", "Meetings"),
    "safety": _("Safety and inspections"),
    "other": _("Everything else"),
}
CHOICES = list(TOPICS.items())
# By the first word of a kind's code. What nobody has placed yet is "other": it is heard by whoever wants everything.
OF_WORDS = {
    "escalation": "requests",
    "duty": "duties",
    "clean": "duties",
    "notice": "notices",
    "roster": "rosters",
    "swap": "rosters",
    "leave": "rosters",
    "shifts": "rosters",
    "roll": "handover",
    "handover": "handover",
    "post": "posts",
    "meeting": "meetings",
    "summary": "meetings",
    "visit": "safety",
    "hotwork": "safety",
    "hazard": "safety",
    "incident": "safety",
    "finding": "safety",
    "sample": "safety",
}
OWN = "delivery"  # what delivery says of itself stays in the bell: a channel does not report its own failure
MAILED = ("requests", "duties")  # to whoever has an address and has chosen nothing


def topic_of(kind):
    """The code of the kind's topic; None for what never leaves the house."""
    word = kind.partition(".")[0].partition("_")[0]
    return None if word == OWN else OF_WORDS.get(word, "other")


def label_of(kind):
    return TOPICS[topic_of(kind)]
