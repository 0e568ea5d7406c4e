"""Cleans and plants for tests."""

from duties.models import Duty
from hygiene import actions
from hygiene.models import Plant
from rulebook.actions import ensure_checklists
from tests import make, make_duties


def duty(*, code="changing_room_clean", centre=None, on=make.MONDAY, status=Duty.Status.OPEN, **fields):
    """A duty of the clause's rule, with its centre's checklists there."""
    centre = centre or make.centre()
    ensure_checklists(centre=centre, at=make.at(0, on=make.FIRST_DAY))
    return make_duties.duty(rule=make_duties.rule(code=code, centre=centre), on=on, status=status, **fields)


def answer_all(duty, *, by, at=None):
    """Tick every item of a clean under way."""
    for item in actions.items_of(duty):
        actions.tick_item(duty=duty, item=item.pk, by=by, at=at or make.at(10))


def plant(*, centre=None, place="一号机房", species="绿萝", active=True):
    return Plant.objects.create(centre=centre or make.centre(), place=place, species=species, active=active)
