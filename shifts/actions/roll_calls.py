"""The verbs of the roll call. Each holds it first: of two who act at once the second sees what the first did."""

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused, refusal
from callcentre.states import move
from delivery.actions import announce
from delivery.kinds import kind
from journal.actions import record
from journal.verbs import verbs
from rulebook.models import Checklist
from rulebook.parameters import timelines
from shifts import crews, line
from shifts.actions.lateness import settle
from shifts.checklists import ROLL_CALL
from shifts.models import Call, RollCall
from shifts.rules import roll_calls as rules

verbs(
    {
        "roll_call.opened": _("opened the roll call"),
        "roll_call.marked": _("marked somebody at the roll call"),
        "roll_call.all_marked": _("marked everybody else as here"),
        "roll_call.unmarked": _("took a mark back"),
        "roll_call.corrected": _("entered a time of arrival"),
        "roll_call.latecomer_added": _("added a latecomer"),
        "roll_call.fault_noted": _("noted that an item is not in order"),
        "roll_call.fault_cleared": _("noted that the item is in order"),
        "roll_call.annotated": _("wrote about somebody at the roll call"),
        "roll_call.reason_stated": _("stated the reason"),
        "roll_call.remarked": _("wrote the remarks"),
        "roll_call.closed": _("closed the roll call: the crew enters the room"),
        "roll_call.reopened": _("reopened the roll call"),
    }
)
TIME_TO_CALL = kind("roll_call.time", _("Time to call the roll: %(type)s, which begins %(starts_at)s"))
LEAST_OPEN = dt.timedelta(minutes=10)  # before the call, whatever a director sets: a crew does not come in one minute
PARAMETERS = ("early_arrival_minutes", "roll_call_opens_minutes")
Outcome = Call.Outcome
WRITTEN = ("outcome", "arrived_at", "minutes_late", "marked_by", "marked_at", "reason", "excuse", "excused_by", "leads")


def times_of(shift, parameters=None):
    """(when its roll call opens, when the roll is called), by the rulebook of its day."""
    parameters = parameters or timelines(shift.centre, PARAMETERS)
    early, opens = (parameters[name].on(shift.on) for name in PARAMETERS)
    called_at = shift.starts_at - dt.timedelta(minutes=early)
    return min(called_at - LEAST_OPEN, shift.starts_at - dt.timedelta(minutes=opens)), called_at


@transaction.atomic
def open_roll_call(*, shift, by, at, parameters=None):
    """The shift's roll call with its crew, opened if it is not yet there: safe to do twice and at once.

    by: None for the minute. Raises Refused: "roll_call_not_yet", "roll_call_over", and rules.check_calls.
    """
    if by:
        check_calls(shift, by)
    opens_at, called_at = times_of(shift, parameters)
    rules.check_opens(shift, opens_at, at)
    values = {"centre": shift.centre, "starts_at": shift.starts_at, "called_at": called_at, "opened_at": at}
    roll_call, made = RollCall.objects.get_or_create(shift=shift, defaults=values)
    if made:
        record("roll_call.opened", roll_call, by=by, at=at, clause="handover.1", shift=shift.pk)
        follow_roster(roll_call, [], at)
    return roll_call


def check_calls(shift, person):
    """Raises Refused: rules.check_calls. Who acts for the leader is asked of the deputies only where it matters."""
    if refusal(rules.check_calls, shift, person, None):
        rules.check_calls(shift, person, line.acting_leader(shift).person)


def follow_roster(roll_call, calls, at):
    """The calls as the roster stands now, saved. Returns them all."""
    crew = crews.crew_of(roll_call.shift)
    away = crews.away_on([person.pk for person, _desk, _leads in crew], roll_call.shift.on)
    new, changed = crews.reconcile(roll_call, calls, crew, away)
    if new:
        Call.objects.bulk_create(new)
    if changed:
        Call.objects.bulk_update(changed, ["outcome", "leads", "excuse", "excused_by"])
    return [*calls, *new]


class Held:
    """A roll call with its calls, held until the transaction ends, for somebody who calls it.

    The steps return it: `saved` are the calls that they marked.
    """

    def __init__(self, shift, by, at):
        self.by, self.at = by, at
        self.roll_call = hold(shift) or self.opened(shift)
        self.shift = self.roll_call.shift
        self.calls = list(self.roll_call.calls.with_person().order_by("pk"))
        self.saved = []

    def opened(self, shift):
        """The minute has not come yet, or never came: whoever calls the roll opens it."""
        open_roll_call(shift=shift, by=self.by, at=self.at)
        return hold(shift)

    def check_calls(self):
        check_calls(self.shift, self.by)

    def of(self, person_id):
        """The person's call, or None. Who came to the shift since the last minute is added."""
        if found := self.find(person_id):
            return found
        self.calls = follow_roster(self.roll_call, self.calls, self.at)
        return self.find(person_id)

    def find(self, person_id):
        return next((call for call in self.calls if call.person_id == person_id), None)

    def mark(self, call, outcome, *, arrived_at=None, minutes_late=0):
        call.outcome, call.arrived_at, call.minutes_late = outcome, arrived_at, minutes_late
        call.marked_by, call.marked_at = self.by, self.at

    def arrive(self, call, arrived_at, *, tapped):
        outcome, minutes_late = rules.judge(self.roll_call, arrived_at, tapped=tapped)
        self.mark(call, outcome, arrived_at=arrived_at, minutes_late=minutes_late)

    def save(self, *calls):
        """Whoever calls the roll is here themself: their first step is their arrival."""
        own = self.find(self.by.pk)
        if own and own.is_expected and own not in calls and self.at < self.shift.ends_at:
            self.arrive(own, self.at, tapped=True)
            calls = (*calls, own)
        self.saved = list(calls)
        if len(calls) == 1:
            calls[0].save(update_fields=WRITTEN)
        else:
            Call.objects.bulk_update(calls, WRITTEN)

    def note(self, verb, clause="handover.1", **facts):
        record(verb, self.roll_call, by=self.by, at=self.at, centre=self.shift.centre, clause=clause, **facts)


def hold(shift):
    rows = RollCall.objects.select_related("shift__centre", "shift__type", "shift__leader")
    return rows.select_for_update(of=("self",), no_key=True).filter(shift=shift).first()


def held(shift, by, at):
    """Raises Refused: as rules.check_calls and open_roll_call."""
    found = Held(shift, by, at)
    found.check_calls()
    return found


@transaction.atomic
def mark_here(*, shift, person_id, by, at):
    """The person is here, now. After closing, who was not here is added, and becomes late instead of absent.

    Raises Refused: rules.check_arrives, "arrival_time_needed"; as `held`.
    """
    book = held(shift, by, at)
    call = book.of(person_id)
    rules.check_arrives(book.roll_call, call)
    if at >= book.shift.ends_at:
        raise Refused("arrival_time_needed", clause="handover.1")
    book.arrive(call, at, tapped=True)
    return saved_arrival(book, call, "roll_call.marked")


def saved_arrival(book, call, verb):
    late = not book.roll_call.is_open
    call.excuse, call.excused_by = ("", None) if not call.is_late else (call.excuse, call.excused_by)
    book.save(call)
    book.note("roll_call.latecomer_added" if late else verb, person=call.person_id, outcome=call.outcome)
    if late:
        settle(
            book.roll_call, [call], by=book.by, at=book.at, reason=gettext("Came later, and was added to the roll call")
        )
    return book


@transaction.atomic
def mark_arrival(*, shift, person_id, time, reason, by, at):
    """The person came at another time of day than that of the tap; the reason is kept.

    Raises Refused: rules.check_correct, rules.arrival_at; as `held`.
    """
    book = held(shift, by, at)
    call = book.of(person_id)
    rules.check_correct(book.roll_call, call, by, reason)
    arrived_at = rules.arrival_at(book.shift, time, at)
    call.reason = reason.strip()
    book.arrive(call, arrived_at, tapped=False)
    return saved_arrival(book, call, "roll_call.corrected")


@transaction.atomic
def mark_away(*, shift, person_id, outcome, by, at):
    """The person is absent, or on leave. Raises Refused: rules.check_away; as `held`.

    outcome: ABSENT or ON_LEAVE, else ValueError.
    """
    if outcome not in (Outcome.ABSENT, Outcome.ON_LEAVE):
        raise ValueError(outcome)
    book = held(shift, by, at)
    call = book.of(person_id)
    rules.check_away(book.roll_call, call, by)
    book.mark(call, outcome)
    book.save(call)
    book.note("roll_call.marked", person=person_id, outcome=call.outcome)
    return book


@transaction.atomic
def mark_rest_here(*, shift, by, at):
    """Everybody who is not marked yet is here, now. Raises Refused: rules.check_open; as `held`."""
    book = held(shift, by, at)
    rules.check_open(book.roll_call)
    if at >= book.shift.ends_at:
        raise Refused("arrival_time_needed", clause="handover.1")
    book.calls = follow_roster(book.roll_call, book.calls, at)
    rest = [call for call in book.calls if call.is_expected]
    for call in rest:
        book.arrive(call, at, tapped=True)
    if rest:
        book.save(*rest)
        book.note("roll_call.all_marked", people=[call.person_id for call in rest])
    return book


@transaction.atomic
def unmark(*, shift, person_id, by, at):
    """Take the mark back, with its excuse. Raises Refused: rules.check_unmark; as `held`."""
    book = held(shift, by, at)
    call = book.of(person_id)
    rules.check_unmark(book.roll_call, call, by)
    book.mark(call, Outcome.EXPECTED)
    call.excuse, call.excused_by = "", None
    book.save(call)
    book.note("roll_call.unmarked", person=person_id)
    return book


@transaction.atomic
def set_fault(*, shift, person_id, item, faulty, by, at):
    """Note that an item is not in order with the person, or that it is. Saying it twice changes nothing.

    Raises Refused: rules.check_known, rules.check_open, "roll_call_item_unknown"; as `held`.
    """
    book = held(shift, by, at)
    call = book.of(person_id)
    rules.check_known(call)
    rules.check_open(book.roll_call)
    if faulty == (item in call.faults):
        return book
    found = next((known for known in items_of(book.shift.centre_id) if known.pk == item), None)
    if faulty and found is None:
        raise Refused("roll_call_item_unknown", clause="handover.1")
    call.faults = sorted({*call.faults, item}) if faulty else [pk for pk in call.faults if pk != item]
    call.save(update_fields=["faults"])
    verb = "roll_call.fault_noted" if faulty else "roll_call.fault_cleared"
    book.note(verb, clause=found.clauses[0] if found and found.clauses else "", person=person_id, item=item)
    return book


def items_of(centre, also=()):
    """The items that are looked at, and those that `also` names, in their order."""
    checklist = Checklist.objects.filter(centre=centre, key=ROLL_CALL).prefetch_related("items").first()
    return [item for item in checklist.items.all() if item.active or item.pk in also] if checklist else []


@transaction.atomic
def annotate(*, shift, person_id, reason, excuse, remark, by, at):
    """Write the person's reason, the leader's excuse (which makes it no breach) and a remark.

    Raises Refused: rules.check_words; as `held`.
    """
    book = held(shift, by, at)
    call = book.of(person_id)
    excuse = excuse.strip()
    rules.check_words(book.roll_call, call, by, excuse)
    if excuse != call.excuse:
        call.excuse, call.excused_by = excuse, by if excuse else None
    call.reason, call.remark = reason.strip(), remark.strip()
    call.save(update_fields=["reason", "excuse", "excused_by", "remark"])
    book.note("roll_call.annotated", person=person_id, excused=bool(excuse))
    return book


@transaction.atomic
def state_reason(*, shift, reason, by, at):
    """The person says why they were late or did not come. Raises Refused: rules.check_says_why, "call_unknown"."""
    roll_call = hold(shift)
    call = roll_call and roll_call.calls.filter(person=by).first()
    rules.check_says_why(call, shift.ends_at, at)
    call.reason = reason.strip()
    call.save(update_fields=["reason"])
    record("roll_call.reason_stated", roll_call, by=by, at=at, clause="handover.1")


@transaction.atomic
def write_remarks(*, shift, remarks, before, by, at):
    """Remarks for the crew, over those from which the writer began. Raises Refused: rules.check_remarks; as `held`."""
    book = held(shift, by, at)
    rules.check_remarks(book.roll_call, before)
    keep_remarks(book, remarks)


def keep_remarks(book, remarks):
    """Remarks written alone are a step of the journal; those that close the roll call go with it."""
    remarks = remarks.strip()
    if remarks != book.roll_call.remarks:
        RollCall.objects.filter(pk=book.roll_call.pk).update(remarks=remarks)
        book.roll_call.remarks = remarks
        book.note("roll_call.remarked")


@transaction.atomic
def close_roll_call(*, shift, confirmed, by, at, remarks=None, before=""):
    """The crew enters the room. `confirmed`: that each item was looked at with each person.

    Late and absent people without an excuse become breaches that wait for the leader.
    Raises Refused: "wrong_state", "changed_meanwhile", rules.check_close, rules.check_remarks; as `held`.
    """
    book = held(shift, by, at)
    roll_call = book.roll_call
    if roll_call.is_open:
        book.calls = follow_roster(roll_call, book.calls, at)
        own = book.find(by.pk)
        if own and own.is_expected:
            book.save()
        rules.check_close([call.person.name for call in book.calls if call.is_expected], confirmed)
        if remarks is not None:
            rules.check_remarks(roll_call, before)
            keep_remarks(book, remarks)
    items = [item.pk for item in items_of(shift.centre_id)]
    move(roll_call, RollCall.Status.CLOSED, closed_by=by, closed_at=at, items=items)
    settle(roll_call, book.calls, by=by, at=at, reason=roll_call.reopen_reason)
    book.note("roll_call.closed", clause="handover.2", items=items)
    return roll_call


@transaction.atomic
def reopen_roll_call(*, shift, reason, by, at):
    """Correct a closed roll call within its shift. Raises Refused: "wrong_state", rules.check_reopen; as `held`."""
    book = held(shift, by, at)
    rules.check_reopen(book.roll_call, reason, at)
    move(book.roll_call, RollCall.Status.OPEN, closed_by=None, closed_at=None, reopen_reason=reason.strip())
    book.note("roll_call.reopened", clause="handover.2")


@transaction.atomic
def follow(*, roll_call, at):
    """The minute: an open roll call follows the roster."""
    roll_call = hold(roll_call.shift_id)
    if roll_call.is_open:
        follow_roster(roll_call, list(roll_call.calls.select_related("person")), at)


@transaction.atomic
def remind(*, roll_call, at):
    """The minute: once, when the roll is to be called, its leader is told; the director where that place is empty."""
    told = RollCall.objects.open().filter(pk=roll_call.pk, told_at=None, called_at__lte=at).update(told_at=at)
    if told:
        shift = roll_call.shift
        caller = line.acting_leader(shift).person or line.director(shift.centre, shift.on)
        announce(
            TIME_TO_CALL,
            centre=shift.centre,
            to=[caller] if caller else [],
            at=at,
            link=reverse("shifts:show_roll_call", args=[shift.pk]),
            type_zh=shift.type.name_zh,
            type_en=shift.type.name_en,
            starts_at=shift.starts_at,
        )
