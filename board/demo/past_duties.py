"""The cleans of a month: begun, each item ticked, done, signed off; now and then one that was late."""

from board.demo.month import BATCH, MINUTE
from duties.models import Duty
from hygiene import actions as hygiene
from hygiene.checklists import KINDS
from hygiene.models import Clean, CleanTick
from rulebook.models import Breach, Checklist

MINUTES_IN = {"watering": 130, "changing_room_clean": 160, "leaf_clean": 200}  # when people get to it
TAKES = 25
LATE = 20 * 60 * MINUTE
Helpers = Clean.helpers.through


def make(month):
    works = [Work(month, rule, on) for rule, dates in month.duty_dates() if rule.code in KINDS for on in dates]
    Duty.objects.bulk_create([work.duty for work in works], BATCH)
    areas = hygiene.ensure_areas(centre=month.centre)
    Clean.objects.bulk_create([work.new_clean(areas) for work in works], BATCH)
    Helpers.objects.bulk_create(
        [Helpers(clean_id=work.duty.pk, person=helper) for work in works for helper in work.helpers]
    )
    items = {code: items_of(month.centre, KINDS[code][0]) for code in MINUTES_IN}
    CleanTick.objects.bulk_create([tick for work in works for tick in work.ticks(items)], BATCH)
    for work in works:
        work.note()
    notice([work for work in works if work.late])


def items_of(centre, key):
    return list(Checklist.objects.of(centre, key).active_items())


class Work:
    """One duty with its record."""

    def __init__(self, month, rule, on):
        self.month, self.rule, turn = month, rule, month.day_turns[on]
        leads = rule.code == "changing_room_clean"
        self.by = turn.leader if leads else month.rng.choice(turn.crew)
        self.helpers = month.rng.sample(turn.crew, 2) if leads else []
        self.late = rule.code == "watering" and month.rng.random() < 0.02
        self.started_at = turn.at(MINUTES_IN[rule.code]) + (LATE if self.late else 0 * MINUTE)
        self.done_at = self.started_at + TAKES * MINUTE
        self.verified_at = self.done_at + 60 * MINUTE if rule.needs_verification else None
        self.duty = self.new_duty(on)

    def new_duty(self, on):
        signed_off = {"verified_by": self.month.people.director, "verified_at": self.verified_at}
        return Duty(
            centre=self.month.centre,
            rule=self.rule,
            due_on=on,
            needs_verification=self.rule.needs_verification,
            opens_at=self.rule.opens_at(on),
            due_at=self.rule.due_at(on),
            opened_at=self.rule.opens_at(on),
            status=Duty.Status.VERIFIED if self.verified_at else Duty.Status.DONE,
            assignee=self.by,
            started_at=None if self.late else self.started_at,
            done_by=self.by,
            done_at=self.done_at,
            **(signed_off if self.verified_at else {}),
        )

    def new_clean(self, areas):
        area = KINDS[self.rule.code][1]
        self.clean = Clean(duty=self.duty, centre=self.month.centre, area=areas[area] if area else None)
        return self.clean

    def ticks(self, items):
        at = self.started_at + 20 * MINUTE
        self.ticked = [CleanTick(clean=self.clean, item=item, done_by=self.by, at=at) for item in items[self.rule.code]]
        return self.ticked

    def note(self):
        """The journal's rows, as the steps would have written them."""
        note, duty, clean, by = self._note, self.duty, self.clean, self.by
        note("duty.opened", duty, None, duty.opens_at)
        if self.late:
            note("duty.missed", duty, None, duty.due_at)
        else:
            note("duty.started", duty, by, self.started_at)
        note("clean.begun_late" if self.late else "clean.begun", clean, by, self.started_at)
        if self.helpers:
            helpers = sorted(helper.pk for helper in self.helpers)
            note("clean.helpers_named", clean, by, self.started_at, helpers=helpers)
        for tick in self.ticked:
            note("clean.item_ticked", clean, by, tick.at, item=tick.item_id)
        note("duty.done_late" if self.late else "duty.done", duty, by, self.done_at)
        note("clean.finished", clean, by, self.done_at)
        if self.verified_at:
            note("duty.verified", duty, duty.verified_by, self.verified_at)
            note("clean.verified", clean, duty.verified_by, self.verified_at)

    def _note(self, verb, obj, by, at, **facts):
        self.month.note(verb, obj, by=by, at=at, clause=self.rule.clause, **facts)

    def breach(self):
        """What the software noticed when it was missed; the director has confirmed it."""
        director = self.month.people.director
        return Breach(
            centre=self.month.centre,
            clause_id=self.rule.clause,
            person=self.month.day_turns[self.duty.due_on].leader,
            leader=director,
            kind="duty_missed",
            source=f"{Duty._meta.label_lower}:{self.duty.pk}",
            at=self.duty.due_at,
            status=Breach.Status.CONFIRMED,
            decided_by=director,
            decided_at=self.done_at,
        )


def notice(late):
    for work, row in zip(late, Breach.objects.bulk_create([work.breach() for work in late]), strict=True):
        facts = {"clause": row.clause_id}
        work.month.note("breach.noticed", row, by=None, at=row.at, kind=row.kind, person=row.person_id, **facts)
        work.month.note("breach.confirmed", row, by=row.decided_by, at=row.decided_at, **facts)
