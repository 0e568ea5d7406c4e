"""The verbs of a clean. Its duty and its record move together, in one transaction."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from callcentre.refusals import Refused
from delivery.actions import announce
from delivery.kinds import kind
from duties import actions as duties
from duties import who
from duties.models import Duty
from hygiene import rules
from hygiene.checklists import AREAS, KINDS
from hygiene.models import Area, Clean, CleanTick, Plant, PlantSkip
from journal.actions import record
from journal.verbs import verbs
from people.models import Person
from rulebook.models import Checklist

verbs(
    {
        "clean.begun": _("began the clean"),
        "clean.begun_late": _("began the clean late"),
        "clean.helpers_named": _("named the helpers"),
        "clean.item_ticked": _("ticked an item"),
        "clean.item_excused": _("excused an item, with a reason"),
        "clean.item_unticked": _("took a tick back"),
        "clean.plant_left_out": _("left a plant out, with a reason"),
        "clean.plant_back": _("took a plant in again"),
        "clean.finished": _("finished the clean"),
        "clean.verified": _("signed the clean off"),
        "clean.undone": _("took the last step back"),
        "plant.kept": _("changed the plant register"),
        "area.kept": _("changed the areas"),
    }
)
NAMED = kind("clean.helper_named", _("%(leader)s asks you to help: %(rule)s, %(due_on)s"))


class Work:
    """A clean with what its rules ask: read once, from the database as it is now."""

    def __init__(self, duty, person, *, lock=False):
        self.duty, self.person = duty, person
        self.clean = _locked(duty) if lock else Clean.objects.filter(duty=duty).first()
        self.assignee = who.assignee(duty)
        self.on_crew = duties.on_crew(person, self.assignee)
        self.ticks = {tick.item_id: tick for tick in self.clean.ticks.select_related("done_by")} if self.clean else {}
        self.helpers = list(self.clean.helpers.all()) if self.clean else []
        self.items = items_of(duty, self.ticks)

    @property
    def unanswered(self):
        return [item for item in self.items if item.pk not in self.ticks]

    @property
    def took_part(self):
        return self.person in self.helpers or any(tick.done_by_id == self.person.pk for tick in self.ticks.values())

    def check_begin(self):
        rules.check_begin(self.duty, self.clean, self.person, self.assignee, on_crew=self.on_crew)

    def check_tick(self):
        helps = self.person in self.helpers
        rules.check_tick(self.duty, self.clean, self.person, self.assignee, on_crew=self.on_crew, helps=helps)

    def check_name(self):
        rules.check_name(self.duty, self.clean, self.person, self.assignee, on_crew=self.on_crew)

    def check_finish(self):
        rules.check_finish(self.duty, self.clean, self.unanswered, self.person, self.assignee, on_crew=self.on_crew)

    def check_verify(self):
        rules.check_verify(self.duty, self.took_part, self.person)


def items_of(duty, ticks=()):
    """The items of the duty's checklist: those in use, and those that were when this clean answered them."""
    checklist = Checklist.objects.of(duty.centre, KINDS[duty.rule.code][0])
    if checklist is None:
        return []
    return [item for item in checklist.items.all() if item.active or item.pk in ticks]


def _locked(duty):
    """The clean, held until the transaction ends, and the duty's present state: a tick and a finish take turns."""
    clean = Clean.objects.select_for_update().filter(duty=duty).first()
    duty.refresh_from_db(fields=["status", "assignee", "done_by", "verified_by"])
    return clean


def ensure_areas(*, centre):
    """Give the centre the areas that it does not have. Returns {key: Area}."""
    rows = [Area(centre=centre, key=key, name_zh=zh, name_en=en) for key, (zh, en) in AREAS.items()]
    Area.objects.bulk_create(rows, ignore_conflicts=True)
    return {area.key: area for area in Area.objects.filter(centre=centre)}


@transaction.atomic
def start(*, duty, by, at, helpers=()):
    """Begin the clean, with these helpers. One that was missed is begun late. Raises Refused: rules.check_begin."""
    work = Work(duty, by, lock=True)
    work.check_begin()
    clean = work.clean or _make(duty)
    if duty.status != Duty.Status.MISSED:
        duties.start(duty=duty, by=by, at=at, record=clean)
    late = duty.status == Duty.Status.MISSED
    record("clean.begun_late" if late else "clean.begun", clean, by=by, at=at, clause=duty.rule.clause)
    if helpers:
        _name(clean, duty, helpers, by, at)
    return clean


def _make(duty):
    area_key = KINDS[duty.rule.code][1]
    area = ensure_areas(centre=duty.centre)[area_key] if area_key else None
    # Of two who start at once the second finds the row there, and the duty's move refuses them.
    clean, _made = Clean.objects.get_or_create(duty=duty, defaults={"centre": duty.centre, "area": area})
    return clean


@transaction.atomic
def name_helpers(*, duty, helpers, by, at):
    """Set who helps. Raises Refused: rules.check_name, "clean_helper_self"."""
    work = Work(duty, by, lock=True)
    work.check_name()
    _name(work.clean, duty, helpers, by, at)


def _name(clean, duty, helpers, by, at):
    helpers = set(helpers)
    if by in helpers:
        raise Refused("clean_helper_self", field="helpers", clause=duty.rule.clause)
    before = set(clean.helpers.all())
    if helpers == before:
        return
    clean.helpers.set(helpers)
    record("clean.helpers_named", clean, by=by, at=at, clause=duty.rule.clause, helpers=sorted(p.pk for p in helpers))
    announce(
        NAMED,
        centre=duty.centre,
        to=helpers - before,
        at=at,
        link=f"/hygiene/{duty.pk}/",
        leader=by.name,
        rule_zh=duty.rule.name_zh,
        rule_en=duty.rule.name_en,
        due_on=duty.due_on,
    )


def people_by_number(centre, numbers):
    """People of the centre by their employee numbers. Raises Refused("clean_helper_unknown") for the first unknown."""
    found = {
        person.employee_number: person
        for person in Person.objects.active().filter(centre=centre, employee_number__in=numbers)
    }
    for number in numbers:
        if number not in found:
            raise Refused("clean_helper_unknown", field="numbers", number=number)
    return list(found.values())


@transaction.atomic
def tick_item(*, duty, item, by, at, excuse=""):
    """Answer an item: done or, with an `excuse`, not possible. Answering again replaces the answer.

    item: the number of a ChecklistItem. Raises Refused: rules.check_tick, "clean_item_unknown".
    """
    work = Work(duty, by, lock=True)
    work.check_tick()
    if item not in {known.pk for known in work.items}:
        raise Refused("clean_item_unknown")
    excuse = excuse.strip()
    CleanTick.objects.update_or_create(
        clean=work.clean, item_id=item, defaults={"done_by": by, "at": at, "excuse": excuse}
    )
    verb = "clean.item_excused" if excuse else "clean.item_ticked"
    record(verb, work.clean, by=by, at=at, clause=duty.rule.clause, item=item)


@transaction.atomic
def excuse_item(*, duty, item, reason, by, at):
    """The item is not possible this time. Raises Refused: as tick_item, "clean_item_reason_missing"."""
    if not reason.strip():
        raise Refused("clean_item_reason_missing", field="reason", clause=duty.rule.clause)
    tick_item(duty=duty, item=item, by=by, at=at, excuse=reason)


@transaction.atomic
def untick_item(*, duty, item, by, at):
    """Take an answer back; one that is not there stays so. Raises Refused: rules.check_tick."""
    work = Work(duty, by, lock=True)
    work.check_tick()
    deleted, _rows = CleanTick.objects.filter(clean=work.clean, item=item).delete()
    if deleted:
        record("clean.item_unticked", work.clean, by=by, at=at, clause=duty.rule.clause, item=item)


@transaction.atomic
def skip_plant(*, duty, plant, reason, by, at):
    """Leave a plant out this time.

    Raises Refused: rules.check_tick, "clean_plant_unknown", "clean_item_reason_missing".
    """
    work = Work(duty, by, lock=True)
    work.check_tick()
    if not Plant.objects.in_care().filter(centre=duty.centre, pk=plant).exists():
        raise Refused("clean_plant_unknown", field="plant")
    if not reason.strip():
        raise Refused("clean_item_reason_missing", field="reason", clause=duty.rule.clause)
    PlantSkip.objects.update_or_create(
        clean=work.clean, plant_id=plant, defaults={"reason": reason.strip(), "by": by, "at": at}
    )
    record("clean.plant_left_out", work.clean, by=by, at=at, clause=duty.rule.clause, plant=plant)


@transaction.atomic
def unskip_plant(*, duty, plant, by, at):
    """Take the plant in again. Raises Refused: rules.check_tick."""
    work = Work(duty, by, lock=True)
    work.check_tick()
    deleted, _rows = PlantSkip.objects.filter(clean=work.clean, plant=plant).delete()
    if deleted:
        record("clean.plant_back", work.clean, by=by, at=at, clause=duty.rule.clause, plant=plant)


@transaction.atomic
def finish(*, duty, by, at, note=""):
    """Every item is answered: it is done, perhaps late. Raises Refused: rules.check_finish."""
    work = Work(duty, by, lock=True)
    work.check_finish()
    if note.strip():
        Clean.objects.filter(duty=duty).update(note=note.strip())
    duties.finish(duty=duty, by=by, at=at, record=work.clean)
    record("clean.finished", work.clean, by=by, at=at, clause=duty.rule.clause)


@transaction.atomic
def verify(*, duty, by, at):
    """A second person signs it off. Raises Refused: rules.check_verify."""
    work = Work(duty, by, lock=True)
    work.check_verify()
    duties.verify(duty=duty, by=by, at=at, record=work.clean)
    record("clean.verified", work.clean, by=by, at=at, clause=duty.rule.clause)


@transaction.atomic
def undo(*, duty, by, at):
    """Take back the finish or the start; what was ticked stays ticked.

    Raises Refused: "clean_not_begun", duties.rules.check_undo.
    """
    clean = _locked(duty)
    if clean is None:
        raise Refused("clean_not_begun", clause=duty.rule.clause)
    duties.undo(duty=duty, by=by, at=at, record=clean)
    record("clean.undone", clean, by=by, at=at, clause=duty.rule.clause)


@transaction.atomic
def keep(*, row, by, at):
    """Save a line of the plant register, or an area. Clause: none."""
    row.save()
    record("plant.kept" if isinstance(row, Plant) else "area.kept", row, by=by, at=at)
