from django.db import transaction

from handover import rules
from handover.models import Phrase
from handover.sections import Section
from journal.actions import record
from people.models import Centre


def _siblings(centre, section):
    """The texts of the section, nobody else changing them before this transaction ends."""
    Centre.objects.select_for_update(no_key=True).get(pk=centre.pk)
    return Phrase.objects.filter(centre=centre, section=section)


@transaction.atomic
def add_phrase(*, centre, section, text, by, at):
    """Raises Refused: phrases_not_yours, phrase_there, phrases_full."""
    rules.may_keep_phrases(by)
    others = set(_siblings(centre, section).values_list("text", flat=True))
    rules.may_add_phrase(text, others)
    phrase = Phrase.objects.create(centre=centre, section=Section(section), text=text)
    _record("handover.phrase_added", phrase, by, at)
    return phrase


@transaction.atomic
def change_phrase(*, phrase, section, text, by, at):
    """Raises Refused: as add_phrase."""
    rules.may_keep_phrases(by)
    others = set(_siblings(phrase.centre, section).exclude(pk=phrase.pk).values_list("text", flat=True))
    rules.may_add_phrase(text, others)
    phrase.section, phrase.text = Section(section), text
    phrase.save(update_fields=["section", "text"])
    _record("handover.phrase_changed", phrase, by, at)
    return phrase


@transaction.atomic
def drop_phrase(*, phrase, by, at):
    """What was noted with it stays as it is. Raises Refused: phrases_not_yours."""
    rules.may_keep_phrases(by)
    _record("handover.phrase_dropped", phrase, by, at)
    phrase.delete()


def _record(verb, phrase, by, at):
    record(verb, phrase, by=by, at=at, clause=Section(phrase.section).clause, section=Section(phrase.section).value)
