"""What a log holds, section by section: read once, for the page, the rules and the seal alike."""

import dataclasses
from functools import cached_property

from django.db.models import OuterRef

from callcentre.nested import Nested, moment
from handover import sources
from handover.models import EntryFile, ItemAnswer, Mark, OpenItem
from handover.sections import Section
from people.models import Person


@dataclasses.dataclass
class SectionContents:
    section: Section
    entries: list
    nothing: Mark | None = None
    accepted: Mark | None = None
    pulled_in: list = dataclasses.field(default_factory=list)

    @property
    def has_something(self):
        return bool(self.entries or self.pulled_in)

    @property
    def is_answered(self):
        return bool(self.has_something or self.nothing)


@dataclasses.dataclass(frozen=True)
class Line:
    """An open item as one log shows it; without an answer it still waits for one."""

    item: OpenItem
    answer: ItemAnswer | None


FILE = ("pk", "name", "kind", "size", "preview")
MARK = ("section", "kind", "by_id", "by__name", "at")


def marks_in(log):
    """The log's marks: those that came with its row where it was fetched so (page.logs_for), else read."""
    if (rows := getattr(log, "marks_read", None)) is None:
        return list(log.marks.select_related("by"))
    return [
        Mark(log=log, section=section, kind=kind, by=Person(pk=pk, name=name), at=moment(at))
        for section, kind, pk, name, at in rows
    ]


class Contents:
    def __init__(self, log):
        self.log = log

    @cached_property
    def entries(self):
        files = EntryFile.objects.filter(entry=OuterRef("pk")).order_by("pk")
        rows = self.log.entries.standing().with_names().annotate(files_read=Nested(files, *FILE))
        return list(rows.order_by("pk"))

    @cached_property
    def sections(self):
        """Every section in the order of the paper form."""
        marks = {(mark.section, mark.kind): mark for mark in marks_in(self.log)}
        return [
            SectionContents(
                section,
                [entry for entry in self.entries if entry.section == section],
                marks.get((section, Mark.Kind.NOTHING)),
                marks.get((section, Mark.Kind.ACCEPTED)),
                self.pulled_into(section),
            )
            for section in Section
        ]

    @cached_property
    def facts(self):
        """What the log fills in by itself: of an open log as it is now."""
        return sources.of_open(self.log) if self.log.is_open else sources.kept(self.log.pulled_in)

    def pulled_into(self, section):
        return [fact for fact in self.facts if fact.kind.section == section]

    @property
    def matters(self):
        """What is open elsewhere and has its owner there."""
        return self.pulled_into(None)

    def section(self, section):
        return next(contents for contents in self.sections if contents.section == section)

    @property
    def answered(self):
        return [contents for contents in self.sections if contents.is_answered]

    @property
    def silent(self):
        return [contents.section for contents in self.sections if not contents.is_answered]

    @property
    def accepted(self):
        return [contents for contents in self.sections if contents.accepted]

    @property
    def unaccepted(self):
        return [contents.section for contents in self.sections if not contents.accepted]

    @cached_property
    def lines(self):
        """What is open: with this log's answer, and while the log is open also what has none yet."""
        found = list(self._item_ids())  # within one statement PostgreSQL would join all items there ever were first
        rows = OpenItem.objects.filter(pk__in=found).with_answer_of(self.log)
        rows = rows.select_related("owner", "entry__author", "entry__log__shift__type", "answer__owner")
        return [Line(item, getattr(item, "answer", None)) for item in rows.order_by("pk")]

    def _item_ids(self):
        answered = ItemAnswer.objects.filter(log=self.log).order_by().values_list("item", flat=True)
        if not self.log.is_open:
            return answered
        earlier = OpenItem.objects.open(self.log.centre_id).filter(entry__log__starts_at__lte=self.log.starts_at)
        return answered.union(earlier.order_by().values_list("pk", flat=True))

    @property
    def unanswered(self):
        return [line.item for line in self.lines if line.answer is None]

    @cached_property
    def followed(self):
        """Ids of the entries that are open items."""
        return {line.item.entry_id for line in self.lines}

    @cached_property
    def addenda(self):
        return list(self.log.addenda.select_related("author")) if self.log.is_accepted else []
