"""The floor in figures: the first line of the live floor."""

import dataclasses

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


@dataclasses.dataclass(frozen=True)
class Figure:
    name: str
    value: object
    kind: str = ""
    note: str = ""


def of(look):
    """[Figure] of a look; each says by its kind whether somebody should look closer."""
    return [manned(look), *present(look), reliefs(look), overdue(look)]


def manned(look):
    note = _("%(n)s short") % {"n": look.short} if look.short else ""
    return Figure(_("Desks manned"), f"{look.manned} / {look.planned}", "warn" if look.short else "ok", note)


def reliefs(look):
    count = len(look.reliefs)
    return Figure(_("Reliefs"), count, "info" if count else "")


def present(look):
    for call in look.roll_calls[:1]:
        missing = len(call.absent) + len(call.late)
        kind = "danger" if call.absent else "warn" if missing else "info" if call.expected else "ok"
        yield Figure(pgettext("figure", "Here"), f"{call.present} / {call.crew}", kind, call.shift.type.name)


def overdue(look):
    count = len(look.duties_overdue)
    return Figure(_("Duties overdue"), count, "danger" if count else "")
