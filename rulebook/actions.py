"""The verbs of the rulebook: parameters, switches, checklists, breaches, acknowledgements."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from callcentre.clock import local_date
from callcentre.refusals import Refused
from callcentre.states import move
from journal.actions import record
from journal.verbs import verbs
from people.models import Centre
from rulebook import checklists, pledge, rules
from rulebook.models import Acknowledgement, Breach, Checklist, ChecklistItem, ClauseForce, ParameterValue
from rulebook.register import PARAMETERS

verbs(
    {
        "parameter.set": _("set a parameter"),
        "clause.switched_on": _("switched the clause on"),
        "clause.switched_off": _("switched the clause off"),
        "checklist.made": _("made the checklist"),
        "checklist.item_added": _("added an item to the checklist"),
        "checklist.item_switched_on": _("switched an item of the checklist on"),
        "checklist.item_switched_off": _("switched an item of the checklist off"),
        "breach.noticed": _("noticed a breach"),
        "breach.confirmed": _("confirmed the breach"),
        "breach.excused": _("excused the breach"),
        "breach.taken_back": _("took the decision on the breach back"),
        "pledge.acknowledged": _("acknowledged the clauses of conduct"),
    }
)


@transaction.atomic
def set_parameter(*, centre, name, value, from_on, by, at):
    """Set a parameter at the centre from a local date on; the values before keep holding for the days before.

    value: in either form of the register (0 or "monday"). Raises KeyError for an unknown name, else Refused as
    rules.may_set_parameter. Clause: the parameter's.
    """
    spec = PARAMETERS[name]
    taken = ParameterValue.objects.taken(centre, name, from_on)
    typed = rules.may_set_parameter(spec, value, from_on, person=by, centre=centre, at=at, taken=taken)
    stored = spec.stored(typed)
    row = ParameterValue(centre=centre, name=name, value=stored, from_on=from_on, set_by=by, set_at=at)
    save_once(row, Refused("parameter_date_taken", clause=spec.clause, field="from_on"))
    record("parameter.set", row, by=by, at=at, clause=spec.clause, name=name, value=stored, from_on=str(from_on))
    return row


@transaction.atomic
def switch_clause(*, clause, centre, in_force, from_on, by, at):
    """Switch a pending clause on, or off again, at the centre from a local date on.

    Raises Refused as rules.may_switch and check_from_on; clause_already_so; clause_date_taken.
    """
    rules.may_switch(clause, by, centre)
    rules.check_from_on(centre, from_on, at, clause=clause.id)
    if ClauseForce.objects.in_force(centre, clause.id, from_on) == in_force:
        raise Refused("clause_already_so", clause=clause.id, field="from_on")
    row = ClauseForce(centre=centre, clause_id=clause.id, from_on=from_on, in_force=in_force, set_by=by, set_at=at)
    save_once(row, Refused("clause_date_taken", clause=clause.id, field="from_on"))
    verb = "clause.switched_on" if in_force else "clause.switched_off"
    record(verb, row, by=by, at=at, clause=clause.id, from_on=str(from_on))
    return row


def save_once(row, refused):
    """Insert the row, or raise `refused` where the database says that it is there already."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as doubled:
        raise refused from doubled


def ensure_all_checklists(sender=None, *, at, **kwargs):
    """Receiver of the minute and part of every migrate: a centre made since gets the checklists too."""
    for centre in Centre.objects.all():
        ensure_checklists(centre=centre, at=at)


@transaction.atomic
def ensure_checklists(*, centre, at):
    """Give the centre every defined checklist and item that it does not have. Changes none that it has."""
    have = set(Checklist.objects.filter(centre=centre).values_list("key", "items__number"))
    for definition in checklists.DEFINITIONS.values():
        missing = [n for n in range(1, len(definition.items) + 1) if (definition.key, n) not in have]
        if missing:
            _add_defined(centre, definition, missing, at)


def _add_defined(centre, definition, missing, at):
    names = {"name_zh": definition.name_zh, "name_en": definition.name_en}
    checklist, _made = Checklist.objects.get_or_create(centre=centre, key=definition.key, defaults=names)
    items = []
    for number in missing:
        text_zh, text_en, clauses = definition.items[number - 1]
        items.append(
            ChecklistItem(
                checklist=checklist,
                order=number,
                number=number,
                text_zh=text_zh,
                text_en=text_en,
                clauses=list(clauses),
            )
        )
    ChecklistItem.objects.bulk_create(items, ignore_conflicts=True)
    record("checklist.made", checklist, by=None, at=at, items=missing)


@transaction.atomic
def add_item(*, checklist, text_zh, text_en, clauses, by, at):
    """Add a centre's own item at the end of its checklist.

    Raises Refused as rules.may_change_rules and check_clause_ids; item_needs_a_text.
    """
    rules.may_change_rules(by, checklist.centre)
    rules.check_clause_ids(clauses)
    if not (text_zh.strip() and text_en.strip()):
        raise Refused("item_needs_a_text", field="text_zh")
    last = checklist.items.order_by("-order").values_list("order", flat=True).first() or 0
    item = ChecklistItem.objects.create(
        checklist=checklist, order=last + 1, text_zh=text_zh.strip(), text_en=text_en.strip(), clauses=list(clauses)
    )
    record("checklist.item_added", checklist, by=by, at=at, item=item.pk)
    return item


@transaction.atomic
def switch_item(*, item, active, by, at):
    """Use an item from now on, or no longer. Raises Refused as rules.may_change_rules."""
    rules.may_change_rules(by, item.checklist.centre)
    won = ChecklistItem.objects.filter(pk=item.pk, active=not active).update(active=active)
    if not won:
        raise Refused("changed_meanwhile")
    item.active = active
    verb = "checklist.item_switched_on" if active else "checklist.item_switched_off"
    record(verb, item.checklist, by=by, at=at, item=item.pk)


@transaction.atomic
def notice(*, clause, person, kind, at, about=None, leader=None, **facts):
    """Note what the software noticed by itself; noticing the same thing again changes nothing.

    clause: an id. about: the record it was seen on; kind and record tell one breach from another. leader: who decides
    (without one, or for the leader's own, a director). facts: numbers and codes for the kind's sentence.
    Returns the Breach.
    """
    source = f"{about._meta.label_lower}:{about.pk}" if about is not None else ""
    key = {"centre": person.centre, "clause_id": clause, "person": person, "kind": kind, "source": source}
    named = None if leader == person else leader
    row, made = Breach.objects.get_or_create(**key, defaults={"leader": named, "at": at, "facts": facts})
    if made:
        record("breach.noticed", row, by=None, at=at, clause=clause, kind=kind, person=person.pk)
    return row


@transaction.atomic
def confirm(*, breach, by, at):
    """The breach counts. Raises Refused as rules.may_decide; wrong_state, changed_meanwhile."""
    rules.may_decide(breach, by)
    move(breach, Breach.Status.CONFIRMED, decided_by=by, decided_at=at, reason="")
    record("breach.confirmed", breach, by=by, at=at, clause=breach.clause_id)


@transaction.atomic
def excuse(*, breach, reason, by, at):
    """The breach does not count, for a reason. Raises Refused as rules.may_excuse; wrong_state, changed_meanwhile."""
    rules.may_excuse(breach, by, reason)
    move(breach, Breach.Status.EXCUSED, decided_by=by, decided_at=at, reason=reason.strip())
    record("breach.excused", breach, by=by, at=at, clause=breach.clause_id)


@transaction.atomic
def take_back(*, breach, by, at):
    """Undo a decision: the breach waits again.

    Raises Refused as rules.may_take_back; wrong_state, changed_meanwhile.
    """
    rules.may_take_back(breach, by)
    move(breach, Breach.Status.NOTICED, decided_by=None, decided_at=None, reason="")
    record("breach.taken_back", breach, by=by, at=at, clause=breach.clause_id)


@transaction.atomic
def acknowledge(*, edition, by, at):
    """The person acknowledges the clauses of conduct for the centre's calendar year.

    edition: of the texts that the person read. Raises Refused: already_acknowledged, pledge_changed_meanwhile.
    """
    year = local_date(by.centre, at).year
    done = not pledge.needs_pledge(by, year)
    rules.may_acknowledge(done, year, read=edition, now=pledge.edition())
    row = Acknowledgement(person=by, year=year, at=at, edition=edition)
    save_once(row, Refused("already_acknowledged", year=year))
    record("pledge.acknowledged", row, by=by, at=at, year=year, edition=edition)
    return row
