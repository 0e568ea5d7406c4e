"""A roll call as its page shows it: read only, with the crew as the roster stands, before any step writes it down."""

import collections
import dataclasses
from functools import cached_property

from callcentre.refusals import refusal
from people.models import Role
from shifts import crews
from shifts.actions import roll_calls as actions
from shifts.models import Call, RollCall
from shifts.rules import roll_calls as rules

READERS = (Role.LEADER, Role.INSPECTOR, Role.DIRECTOR, Role.CENTRE_DIRECTOR)
Outcome = Call.Outcome


@dataclasses.dataclass(frozen=True)
class Row:
    """One person's line. `may`: {arrive, away, undo, correct, excuse, write: whether the step is open}."""

    call: Call
    faults: list  # [(item, whether it is not in order)]
    may: dict

    @property
    def unfolds(self):
        return any(self.may.get(step) for step in ("away", "correct", "write"))

    @property
    def noted(self):
        return [item for item, faulty in self.faults if faulty]


class Sheet:
    """The roll call of a shift as `person` sees it at the moment."""

    def __init__(self, shift, person, at):
        self.shift, self.person, self.at = shift, person, at

    @cached_property
    def roll_call(self):
        """Unsaved where nobody has opened it: its page shows what the first step will write."""
        found = RollCall.objects.with_names().filter(shift=self.shift).first()
        return found or RollCall(
            shift=self.shift,
            centre=self.shift.centre,
            starts_at=self.shift.starts_at,
            called_at=self.times[1],
            opened_at=self.at,
        )

    @cached_property
    def times(self):
        return actions.times_of(self.shift)

    @cached_property
    def not_yet(self):
        """Why it cannot be opened, or None."""
        return None if self.roll_call.pk else refusal(rules.check_opens, self.shift, self.times[0], self.at)

    @cached_property
    def calls(self):
        known = list(self.roll_call.calls.with_person().order_by("pk")) if self.roll_call.pk else []
        if self.roll_call.pk and self.at >= self.shift.ends_at:
            return known  # what happened stays as it was
        crew = crews.crew_of(self.shift)
        away = crews.away_on([person.pk for person, _desk, _leads in crew], self.shift.on)
        new, _changed = crews.reconcile(self.roll_call, known, crew, away)
        return sorted([*known, *new], key=order)

    @cached_property
    def items(self):
        asked = {pk for call in self.calls for pk in call.faults}
        return actions.items_of(self.shift.centre_id, also=asked)

    @cached_property
    def may_call(self):
        """None, or why not."""
        return refusal(actions.check_calls, self.shift, self.person)

    @cached_property
    def sees_all(self):
        return self.may_call is None or self.person.has_role(*READERS)

    @cached_property
    def own(self):
        return next((self.row(call) for call in self.calls if call.person_id == self.person.pk), None)

    @cached_property
    def rows(self):
        return [self.row(call) for call in self.calls]

    def row(self, call):
        faults = [(item, item.pk in call.faults) for item in self.items if item.active or item.pk in call.faults]
        return Row(call, faults, self.steps(call) if self.may_call is None and self.not_yet is None else {})

    def row_of(self, person_id):
        return next((self.row(call) for call in self.calls if call.person_id == person_id), None)

    def steps(self, call):
        facts = self.roll_call, call
        asked = {
            "arrive": (rules.check_arrives, *facts),
            "away": (rules.check_away, *facts, self.person),
            "undo": (rules.check_unmark, *facts, self.person),
            "correct": (rules.check_correct, *facts, self.person, "-"),
            "excuse": (rules.check_words, *facts, self.person, f"{call.excuse} "),
            "write": (rules.check_words, *facts, self.person, call.excuse),
        }
        may = {step: refusal(rule, *rest) is None for step, (rule, *rest) in asked.items()}
        return may | {"arrive": may["arrive"] and self.at < self.shift.ends_at}

    @cached_property
    def counts(self):
        """{outcome: how many}"""
        return collections.Counter(call.outcome for call in self.calls)

    @property
    def present(self):
        return sum(self.counts[outcome] for outcome in Call.PRESENT)

    @property
    def late(self):
        return sum(self.counts[outcome] for outcome in Call.LATE)

    @property
    def expected(self):
        return self.counts[Outcome.EXPECTED]

    @property
    def absent(self):
        return self.counts[Outcome.ABSENT]

    @property
    def on_leave(self):
        return self.counts[Outcome.ON_LEAVE]

    @property
    def crew_size(self):
        return len(self.calls) - self.counts[Outcome.SWAPPED]

    @property
    def is_overdue(self):
        return bool(self.roll_call.pk) and rules.is_overdue(self.roll_call, self.at)

    @property
    def may_reopen(self):
        return self.may_call is None and refusal(rules.check_reopen, self.roll_call, "-", self.at) is None

    @property
    def may_mark_rest(self):
        return self.may_call is None and self.roll_call.is_open and self.at < self.shift.ends_at

    @property
    def may_say_why(self):
        own = self.own.call if self.own else None
        return (
            refusal(rules.check_says_why, own, self.shift.ends_at, self.at) is None
            and bool(own.pk)
            and not own.is_early
        )

    @property
    def looked_at(self):
        """The items of which closing said that they were looked at."""
        return [item for item in self.items if item.pk in self.roll_call.items]


def order(call):
    """The leader, then by employee number; who has left the shift last."""
    return call.outcome == Outcome.SWAPPED, not call.leads, call.person.employee_number


class Changed(Sheet):
    """The sheet after a step about one person: what the step has read is not read again."""

    def __init__(self, book):
        super().__init__(book.shift, book.by, book.at)
        self.roll_call, self.calls = book.roll_call, sorted(book.calls, key=order)
        self.may_call, self.not_yet = None, None
