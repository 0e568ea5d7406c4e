"""What people are told of their rosters: only those whose days changed, each with their own days."""

import collections

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from callcentre import words
from delivery.actions import announce
from delivery.kinds import kind

PUBLISHED = kind("roster_published", _("The roster of %(from_on)s to %(until_on)s is published. Look at your days."))
WITHDRAWN = kind("roster_withdrawn", _("The roster of %(from_on)s to %(until_on)s is withdrawn."))
CHANGED = kind("roster_changed", _("Your roster changed: %(days)s."))
MANY_CHANGED = kind("roster_changed_much", _("The roster changed from %(from_on)s to %(until_on)s. Look at your days."))
DAYS_SAID = 4  # more than that nobody reads in a bell
PEOPLE_TOLD_APART = 20  # of more people, everybody is told of the period: one message, however large the import
REST = "–"


def link_to(on):
    """The reader's own month."""
    return f"{reverse('shifts:show_mine')}?month={on:%Y-%m}"


def tell_of_roster(kind, roster, people, at):
    """Everybody of `people` of the roster's period, in one message."""
    span = {"from_on": roster.from_on, "until_on": roster.until_on}
    announce(kind, centre=roster.centre, to=people, at=at, link=link_to(roster.from_on), **span)


def tell_of_changes(centre, changed, at):
    """changed: {(person id, date): (types before, types after)}, of which only the days that differ are told."""
    by_person = collections.defaultdict(list)
    for (person_id, on), (before, after) in sorted(changed.items()):
        if before != after:
            by_person[person_id].append((on, before, after))
    if len(by_person) > PEOPLE_TOLD_APART:
        days = sorted(on for days in by_person.values() for on, *_types in days)
        announce(
            MANY_CHANGED, centre=centre, to=by_person, at=at, link=link_to(days[0]), from_on=days[0], until_on=days[-1]
        )
        return
    for person_id, days in by_person.items():
        said = {"days_zh": in_words(days, "zh-hans"), "days_en": in_words(days, "en")}
        announce(CHANGED, centre=centre, to=[person_id], at=at, link=link_to(days[0][0]), **said)


def in_words(days, language):
    """11月23日 日→夜, 23 Nov D→N"""
    with translation.override(language):
        said = [f"{words.day(on)} {letters(before)}→{letters(after)}" for on, before, after in days[:DAYS_SAID]]
        more = ["…"] if len(days) > DAYS_SAID else []
        return words.pick("，", ", ").join(said + more)


def letters(types):
    return "".join(type.letter for type in types) or REST
