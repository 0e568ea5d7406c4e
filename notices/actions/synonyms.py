"""The groups of words that mean the same, kept by a director. The search asks for them; no index holds them."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre import fulltext
from callcentre.refusals import Refused
from journal.actions import record
from journal.verbs import verbs
from notices import rules
from notices.models import SynonymGroup, SynonymWord

verbs(
    {
        "synonyms.kept": _("changed a group of synonyms"),
        "synonyms.dropped": _("removed a group of synonyms"),
    }
)


@transaction.atomic
def keep_synonyms(*, words, by, at, group=None, edit=None):
    """A group of these words, new or in place of the group's. edit: the number of its change that the writer saw.

    Raises Refused: rules.check_answers, rules.check_synonyms, "synonyms_changed_meanwhile".
    """
    rules.check_answers(by)
    folded = {fulltext.fold(word): word for word in words}
    if group is None:
        group = SynonymGroup.objects.create(centre=by.centre)
    else:
        group = SynonymGroup.objects.select_for_update(no_key=True).get(pk=group.pk)
        if group.edit != edit:
            raise Refused("synonyms_changed_meanwhile")
        group.edit += 1
        group.save(update_fields=["edit"])
    elsewhere = SynonymWord.objects.filter(centre=by.centre, folded__in=folded).exclude(group=group)
    rules.check_synonyms(folded, taken=list(elsewhere.values_list("word", flat=True)))
    group.words.all().delete()
    rows = [SynonymWord(group=group, centre=by.centre, word=word, folded=key) for key, word in folded.items()]
    SynonymWord.objects.bulk_create(rows)
    record("synonyms.kept", group, by=by, at=at, clause="meeting.2", words=len(rows))
    return group


@transaction.atomic
def drop_synonyms(*, group, by, at):
    """Raises Refused: rules.check_answers."""
    rules.check_answers(by)
    record("synonyms.dropped", group, by=by, at=at, clause="meeting.2")
    group.delete()
