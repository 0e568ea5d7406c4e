"""What makes each clause live: the registries of gates, evidence and checklists, read back clause by clause."""

import dataclasses

from django.apps import apps
from django.db import models
from django.urls import get_resolver
from django.utils.translation import gettext_lazy as _

from rulebook.evidence import EVIDENCE, KIND_LABELS
from rulebook.models import ClauseForce
from rulebook.register import CLAUSES


class Status(models.TextChoices):
    LIVE = "live", _("live")
    PARTLY = "partly", _("partly live")
    PENDING = "pending", _("waits to be switched on")
    NOT_YET = "not_yet", _("not yet live")


LOOKS = {
    Status.LIVE: ("ok", "check"),
    Status.PARTLY: ("warn", "circle-dot"),
    Status.PENDING: ("info", "hourglass"),
    Status.NOT_YET: ("muted", "circle"),
}


@dataclasses.dataclass(frozen=True)
class Way:
    """One of the ways in which a clause is to be live, and what is behind it."""

    kind: str
    found: tuple

    @property
    def label(self):
        return KIND_LABELS[self.kind]

    @property
    def complete(self):
        """Something is behind it that lacks nothing."""
        return any(not evidence.lacking for evidence in self.found)

    @property
    def lacking(self):
        """What is still to come, where nothing behind it is complete."""
        return () if self.complete else tuple(evidence.lacking for evidence in self.found)


@dataclasses.dataclass(frozen=True)
class Liveness:
    clause: object
    ways: tuple
    in_force: bool

    @property
    def status(self):
        if not any(way.found for way in self.ways):
            return Status.NOT_YET
        if not all(way.complete for way in self.ways):
            return Status.PARTLY
        return Status.LIVE if self.in_force else Status.PENDING

    @property
    def look(self):
        return LOOKS[self.status]


def load():
    """Import whatever registers evidence, where no server has done so yet: every view, and the rules behind them."""
    return get_resolver().url_patterns


def everything(switched_on=frozenset()):
    """{clause id: Liveness} for every clause. switched_on: ids of the pending clauses that are in force."""
    load()
    found = {}
    for evidence in EVIDENCE:
        found.setdefault((evidence.clause, evidence.kind), []).append(evidence)
    return {
        clause.id: Liveness(
            clause=clause,
            ways=tuple(Way(kind, tuple(found.get((clause.id, kind), ()))) for kind in clause.kinds),
            in_force=not clause.pending or clause.id in switched_on,
        )
        for clause in CLAUSES.values()
    }


def switched_on(centre, on):
    """Ids of the pending clauses that are in force at the centre on that date."""
    pending = [clause.id for clause in CLAUSES.values() if clause.pending]
    return frozenset(pk for pk in pending if ClauseForce.objects.in_force(centre, pk, on))


def broken_claims():
    """[(app, clause id, kind)] of what an app claims to make live with nothing behind it."""
    load()
    behind = {(evidence.clause, evidence.kind) for evidence in EVIDENCE}
    return [
        (config.label, clause, kind)
        for config in apps.get_app_configs()
        for clause, kinds in getattr(config, "claims", {}).items()
        for kind in kinds
        if (clause, kind) not in behind
    ]
