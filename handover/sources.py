"""What a log fills in by itself, never copied by hand: from where it happened, into the section that it belongs to.

While the log is open its facts are read anew; at its submission they are kept on it, as ids and codes, and belong to
what is signed and sealed. A module beside this one declares a source:

    source(Section.STAFF_CHANGES, {"swap": _("%(came)s instead of %(person)s")}, rows)

`rows(shift)` yields querysets made by `told`. A source without a section is of what is open elsewhere: it has an owner
of its own, and no log is kept from being submitted by it.
"""

import dataclasses
from collections.abc import Callable

from django.db.models import F, Value
from django.db.models.fields import BigIntegerField, CharField
from django.db.models.functions import Cast

from callcentre.words import pick
from handover.sections import Section
from people.models import Person

KINDS = {}  # in the order in which a log shows them
SOURCES = []
KEPT = 6  # of a row's columns: what follows are names, read only to be shown
PLAIN = 5  # a fact without a code is kept without it, as the first sealed ones were


@dataclasses.dataclass(frozen=True)
class Kind:
    code: str
    sentence: object
    section: Section | None
    describe: Callable  # of a Fact: what its sentence says beyond names
    link: Callable | None  # of a Fact
    is_public: bool  # whether everybody who reads the log may open it
    titles: Callable | None  # of ids: [(id, Chinese, English)] as a queryset, for kept facts
    order: int


@dataclasses.dataclass(frozen=True)
class Fact:
    """`person`, `came` and `by` are ids of people: whom it is about, who came in their place, who decided."""

    kind: Kind
    pk: int
    person: int | None
    came: int | None
    by: int | None
    code: str
    names: dict
    title: str = ""

    @property
    def text(self):
        return str(self.kind.sentence) % {**self.names, "title": self.title, **self.kind.describe(self)}

    @property
    def owner(self):
        return self.names["person"] or self.kind.describe(self).get("owner", "")

    @property
    def url(self):
        return self.kind.link(self) if self.kind.link else ""

    @property
    def is_public(self):
        return self.kind.is_public

    def concerns(self, person):
        return person.pk in (self.person, self.came, self.by)


def nothing(fact):
    return {}


def source(section, sentences, rows, *, describe=nothing, link=None, public=True, titles=None, freeze=None):
    """Declare a source. freeze: of [row], [row] with what is known only at the moment at which the log is signed."""
    for code, sentence in sentences.items():
        KINDS[str(code)] = Kind(str(code), sentence, section, describe, link, public, titles, len(KINDS))
    SOURCES.append((rows, set(map(str, sentences)), freeze))


def told(rows, kind, *, person, came=None, by=None, code="", zh=None, en=None):
    """Rows of a queryset as facts. kind, code, zh, en: texts or expressions; person, came, by: keys of people."""
    columns = {
        "told": text(kind),
        "fact": F("pk"),
        "subject": key(person),
        "other": key(came),
        "decided": key(by),
        "coded": text(code),
        "subject_name": name(person),
        "other_name": name(came),
        "decided_name": name(by),
        "title_zh": text(zh or ""),
        "title_en": text(en or ""),
    }
    return rows.order_by().annotate(**columns).values_list(*columns)


def text(value):
    return Value(value, output_field=CharField()) if isinstance(value, str) else value


def key(column):
    return F(column) if column else Cast(Value(None), BigIntegerField())  # PostgreSQL takes a bare NULL for a text


def name(column):
    return F(f"{column}__name") if column else text("")


def rows_of(shift):
    """Every source's facts of the shift as they are now. One statement."""
    parts = [part for rows, _kinds, _freeze in SOURCES for part in rows(shift)]
    found = parts[0].union(*parts[1:], all=True)
    return sorted((list(row) for row in found), key=lambda row: (KINDS[row[0]].order, row[1]))


def facts(log):
    """What to keep at the submission: [[kind, id, person, came, by, code]], ids and codes, without the names."""
    rows = [row[:KEPT] for row in rows_of(log.shift)]
    for _rows, kinds, freeze in SOURCES:
        mine = [row for row in rows if row[0] in kinds]
        if freeze and mine:
            freeze(log.centre, mine)
    return [row if row[PLAIN] else row[:PLAIN] for row in rows]


def of_open(log):
    """The Facts of an open log."""
    return [fact_of(row[:KEPT], row[KEPT:]) for row in rows_of(log.shift)]


def kept(rows):
    """The Facts of what a log keeps, with people's names: one statement, none for no facts."""
    rows = [[*row, *[""] * (KEPT - len(row))] for row in rows if row[0] in KINDS]
    if not rows:
        return []
    names = names_of(rows)
    none = ("", "")
    return [
        fact_of(row, [*(names.get(("person", pk), none)[0] for pk in row[2:5]), *names.get((row[0], row[1]), none)])
        for row in rows
    ]


def names_of(rows):
    people = {pk for row in rows for pk in row[2:5] if pk}
    parts = [labelled(Person.objects.filter(pk__in=people).values_list("pk", "name", "name"), "person")]
    for code in sorted({row[0] for row in rows if KINDS[row[0]].titles}):
        parts.append(labelled(KINDS[code].titles({row[1] for row in rows if row[0] == code}), code))
    found = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {(kind, pk): (zh, en) for pk, zh, en, kind in found}


def labelled(titles, kind):
    return titles.order_by().annotate(of_kind=text(kind))


def fact_of(row, read):
    kind, pk, person, came, by, code = row
    person_name, came_name, by_name, zh, en = read
    names = {"person": person_name or "", "came": came_name or "", "by": by_name or ""}
    return Fact(KINDS[kind], pk, person, came, by, code, names, pick(zh, en))
