"""The search over all logs: what was noted, by its words, section, desk, equipment, person and date, newest first."""

import dataclasses
import datetime as dt

from django.db.models import Exists, OuterRef, Q

from callcentre import clock, fulltext
from handover import mentions
from handover.models import Entry, EntryTerm
from people.models import Centre, Person

ROWS = 20
MOST_COUNTED = 100
FEW = 1000  # of the entries that have a code: all looked at; of more, each entry is asked in its turn
MOST_PEOPLE = 20
DAY = dt.timedelta(days=1)


@dataclasses.dataclass(frozen=True)
class Found:
    entries: list
    query: fulltext.Query
    newer: int | None
    older: int | None
    count: int
    people: list

    @property
    def is_capped(self):
        return self.count > MOST_COUNTED


def search(person, said, before=None, after=None):
    """Found. said: the cleaned SearchForm; before, after: the Entry beside which the page begins."""
    query = fulltext.parse(said["q"], {})
    people = people_named(person.centre_id, said["person"])
    rows = Entry.objects.visible_to(person).standing().filter(conditions(person.centre, said, people))
    if query:
        rows = rows.filter(holding(person.centre_id, query))
    start = before or after
    page = rows
    if start:
        page = rows.newer_than(start) if after else rows.older_than(start)
    order = ("written_at", "pk") if after else ("-written_at", "-pk")
    # Which, and then what is shown with them: PostgreSQL would think longer about one join of it all than both take.
    found = list(page.order_by(*order).values_list("pk", flat=True)[: ROWS + 1])
    entries = Entry.objects.filter(pk__in=found).order_by(*order).with_names().select_related("log__shift__type")
    more, entries = len(found) > ROWS, list(entries)[:ROWS]
    if after:
        entries.reverse()
    newer = entries[0].pk if entries and (more if after else bool(start)) else None
    older = entries[-1].pk if entries and (bool(start) if after else more) else None
    count = rows.order_by()[: MOST_COUNTED + 1].count()
    return Found(entries, query, newer, older, count, people)


def conditions(centre, said, people):
    wanted = Q(centre=centre)
    for name in ("section", "desk", "equipment"):
        if said[name]:
            wanted &= Q(**{name: said[name]})
    if said["person"]:
        wanted &= Q(author__in=[one.pk for one in people])
    if said["since"]:
        wanted &= Q(written_at__gte=clock.midnight(centre, said["since"]))
    if said["until"]:
        wanted &= Q(written_at__lt=clock.midnight(centre, said["until"] + DAY))
    return wanted


def people_named(centre, asked):
    """By number, name, or the syllables of the name and their initials."""
    asked = fulltext.fold(asked).strip()
    if not asked:
        return []
    people = Person.objects.filter(centre=centre).order_by("employee_number")
    if asked.isascii() and asked.isalpha():
        named = (one for one in people.only("pk", "name", "employee_number", "centre") if is_called(one, asked))
        return [one for one, _place in zip(named, range(MOST_PEOPLE), strict=False)]
    return list(people.filter(Q(employee_number__iexact=asked) | Q(name__contains=asked))[:MOST_PEOPLE])


def is_called(person, asked):
    initials, syllables = mentions.keys(person.name)
    return initials == asked or syllables.startswith(asked)


def holding(centre, query):
    """That an entry has each word. Which is rare one statement says, which entries have the others too another.

    Where many have every word the newest of them are near, so each entry is asked in its turn.
    """
    words = [[phrase.ranges for phrase in word] for word in query.words]
    plain = [spans for word in words if len(word) == 1 for spans in word[0] if spans[0] == spans[1]]
    if rare := rare_code(centre, sorted({low for low, _high in plain})):
        few = EntryTerm.objects.filter(every_word(words, "document"), code=rare).order_by()
        return Q(pk__in=list(few.values_list("document", flat=True)))
    return every_word(words, "pk")


def every_word(words, document):
    """The condition on rows whose field `document` is an entry's id."""
    condition = Q()
    for word in words:
        condition &= any_of(word, document)
    return condition


def any_of(word, document):
    found = Q()
    for spans in word:
        every = Q()
        for low, high in spans:
            every &= Q(Exists(EntryTerm.objects.of_range(low, high).filter(document=OuterRef(document))))
        found |= every
    return found


def rare_code(centre, codes):
    """A code that few entries have, or None. One statement."""
    if not codes:
        return None
    many = [Exists(EntryTerm.objects.filter(code=code).order_by()[FEW : FEW + 1]) for code in codes]
    answers = Centre.objects.filter(pk=centre).values_list(*many).first()
    return next((code for code, is_many in zip(codes, answers, strict=True) if not is_many), None)
