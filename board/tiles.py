"""Draws the desks. A floor has up to hundreds of them and seven states: each state is drawn once for them all."""

from html import escape

from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from callcentre import words
from callcentre.templatetags.words import svg
from handover.desks import State

LOOKS = {
    State.OCCUPIED: ("ok", "headset"),
    State.WAITING: ("warn", "hourglass"),
    State.AT_DESK: ("warn", "user-round"),
    State.BRIEFED: ("info", "message-square-text"),
    State.ASSUMED: ("info", "user-check"),
    State.CLOSED: ("muted", "lock"),
    State.FREE: ("muted", "circle"),
}


def paint(rows):
    """The tiles of these desks.Rows, one after the other."""
    said = {state: drawn(state) for state in {row.state for row in rows}}
    late = _("past the shift’s end")
    overtime = f'<span class="desk-note">{escape(late)}</span>'
    return mark_safe("".join(tile(row, said[row.state], overtime) for row in rows))  # noqa: S308 - escaped below


def drawn(state):
    kind, icon = LOOKS[state]
    return f'data-kind="{kind}">', f'<span class="desk-state">{svg(icon, "icon")}{escape(state.label)}</span>'


def tile(row, said, overtime):
    kind, state = said
    who = f'<span class="desk-who">{people(row)}</span>' if row.person or row.relief_person else ""
    since = moment(row.since, row.state) if row.since else ""
    late = overtime if row.overtime and row.state == State.OCCUPIED else ""
    code = f'<strong class="desk-code">{escape(row.code)}</strong>'
    return f'<li class="desk" data-key="desk-{row.desk_id}" {kind}{code}{state}{who}{since}{late}</li>'


def people(row):
    """Who sits there, and who takes over: 李娜 → 王磊"""
    return " → ".join(escape(name) for name in (row.person, row.relief_person) if name)


def moment(at, state):
    """Since when; of what is waited for, how long that is, which live.js keeps."""
    at = words.local(at)
    age = "" if state in (State.OCCUPIED, State.CLOSED) else " data-age"
    return f'<time datetime="{at.isoformat()}" title="{words.long_stamp(at)}"{age}>{words.clock(at)}</time>'
