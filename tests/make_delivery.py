"""Announcements and messages for tests."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from delivery import actions, kinds
from tests import make

TEST_KIND = kinds.kind("tests.duty_opened", _("“%(rule)s” of %(due_on)s is open since %(opened_at)s."))
FACTS = {"rule_zh": "浇水", "rule_en": "Watering", "due_on": make.MONDAY, "opened_at": make.at(8)}


def announcement(*, to, centre=None, at=None, kind=TEST_KIND, urgent=False, link="", **facts):
    with transaction.atomic():
        return actions.announce(
            kind,
            centre=centre or make.centre(),
            to=to,
            at=at or make.at(8),
            urgent=urgent,
            link=link,
            **(facts or FACTS),
        )


def message(*, person, **kwargs):
    """A message that the relay has delivered."""
    made = announcement(to=[person], centre=person.centre, **kwargs)
    actions.send(made)
    return made.messages.get()
