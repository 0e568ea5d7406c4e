"""Rulebook data for tests: directors, values, checklists, breaches; and registries given back as they were."""

import contextlib

from django.urls import get_resolver

from rulebook import actions, breaches, checklists, evidence
from rulebook.models import Breach, Checklist, ClauseForce, ParameterValue
from tests import make


def director(**options):
    return make.person(role="director", name="周敏", **options)


def leader(**options):
    return make.person(role="leader", name="王芳", **options)


def value(*, name="early_arrival_minutes", value=15, from_on=make.MONDAY, by=None):
    """A value that was set once, whatever today is."""
    by = by or director()
    return ParameterValue.objects.create(
        centre=by.centre, name=name, value=value, from_on=from_on, set_by=by, set_at=make.at(8, on=from_on)
    )


def force(*, clause="security.3", in_force=True, from_on=make.MONDAY, by=None):
    by = by or director()
    return ClauseForce.objects.create(
        centre=by.centre, clause_id=clause, in_force=in_force, from_on=from_on, set_by=by, set_at=make.at(8, on=from_on)
    )


def breach(*, clause="handover.1", person=None, leader=None, kind="test_late", at=None, about=None, minutes=7):
    return actions.notice(
        clause=clause,
        person=person or make.person(),
        kind=kind,
        at=at or make.at(8),
        about=about,
        leader=leader,
        minutes=minutes,
    )


def confirmed(*, by, **options):
    made = breach(**options)
    actions.confirm(breach=made, by=by, at=make.at(9))
    return Breach.objects.get(pk=made.pk)


def checklist(*, centre=None, key="test_room", items=(("地面整洁。", "Floor clean.", ["hygiene.room.2"]),)):
    """The rows of a checklist that is defined only for the moment."""
    centre = centre or make.centre()
    with registries():
        checklists.DEFINITIONS.clear()
        checklists.define(key, "机房卫生", "Machine-room hygiene", list(items))
        actions.ensure_checklists(centre=centre, at=make.at(8))
    return Checklist.objects.get(centre=centre, key=key)


@contextlib.contextmanager
def registries():
    """What a test registers is forgotten after it. Everything else registers first, for modules do so only once."""
    get_resolver().url_patterns  # noqa: B018 - imports every view
    kept = [
        (registry, registry.copy())
        for registry in (evidence.EVIDENCE, evidence.CITED, checklists.DEFINITIONS, breaches.KINDS)
    ]
    try:
        yield
    finally:
        for registry, before in kept:
            registry.clear()
            registry.extend(before) if isinstance(registry, list) else registry.update(before)
