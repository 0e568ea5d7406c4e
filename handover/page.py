"""One log as one person sees it: its contents, and for each step whether it is open to them, or why not."""

import dataclasses
from functools import cached_property

from django.db.models import OuterRef

from callcentre.nested import Nested
from callcentre.refusals import refusal
from handover import rules, sides
from handover.contents import FILE, MARK, Contents
from handover.models import Entry, EntryFile, Log, Mark, Phrase
from people.models import Role


def logs_for(person):
    """The QuerySet that a log's page is made from."""
    logs = Log.objects.with_names().with_signers().with_next_shift().seen_by(person)
    phrases = Phrase.objects.filter(centre=OuterRef("centre")).order_by("pk")
    return logs.annotate(
        marks_read=Nested(Mark.objects.filter(log=OuterRef("pk")).order_by("pk"), *MARK),
        phrases_read=Nested(phrases, "section", "text"),
    )


@dataclasses.dataclass(frozen=True)
class EntryLine:
    entry: Entry
    files: list
    is_mine_to_edit: bool
    is_followed: bool


@dataclasses.dataclass(frozen=True)
class Panel:
    """A section with its buttons."""

    contents: object
    lines: list
    facts: list  # [(Fact, address or "")]
    phrases: list

    @property
    def section(self):
        return self.contents.section


class LogPage:
    def __init__(self, log, person):
        self.log, self.person = log, person
        self.contents = Contents(log)

    @cached_property
    def outgoing(self):
        return sides.outgoing(self.log)

    @cached_property
    def incoming(self):
        return sides.incoming(self.log)

    @cached_property
    def leads(self):
        return self.log.shift.leader_id == self.person.pk or self.outgoing.is_(self.person)

    @property
    def is_on_shift(self):
        return self.log.is_on_it or self.leads

    @cached_property
    def writing(self):
        """None where the person may write, else the refusal; so for the others."""
        return refusal(rules.may_write, self.log, on_shift=self.log.is_open and self.is_on_shift)

    @cached_property
    def submitting(self):
        return refusal(rules.may_submit, self.log, self.person, outgoing=self.outgoing, contents=self.contents)

    @cached_property
    def receiving(self):
        return refusal(rules.may_receive, self.log, self.person, incoming=self.incoming)

    @cached_property
    def accepting(self):
        return refusal(rules.may_accept, self.log, self.person, incoming=self.incoming, contents=self.contents)

    @cached_property
    def adding(self):
        directs = self.person.has_role(Role.DIRECTOR, Role.CENTRE_DIRECTOR)
        on_shift = self.log.is_on_it or (self.log.is_accepted and self.leads)
        return refusal(rules.may_add, self.log, self.person, on_shift=on_shift, directs=directs)

    @cached_property
    def panels(self):
        return [
            Panel(
                contents,
                [self._line(entry) for entry in contents.entries],
                self._linked(contents.pulled_in),
                [text for section, text in self.log.phrases_read if section == contents.section],
            )
            for contents in self.contents.sections
        ]

    @property
    def matters(self):
        return self._linked(self.contents.matters)

    def _linked(self, facts):
        """[(Fact, address)]: without one where the person may not open it."""
        oversees = self.person.has_role(Role.DIRECTOR, Role.CENTRE_DIRECTOR)
        return [(fact, fact.url if fact.is_public or oversees or fact.concerns(self.person) else "") for fact in facts]

    def panel(self, section):
        return next(panel for panel in self.panels if panel.section == section)

    def _line(self, entry):
        files = [EntryFile(**dict(zip(FILE, row, strict=True))) for row in entry.files_read]
        return EntryLine(entry, files, self._may_edit(entry), entry.pk in self.contents.followed)

    def _may_edit(self, entry):
        return self.log.is_open and not refusal(rules.may_edit, self.log, entry, self.person, leads=self.leads)
