"""Filters and tags that every template has without loading them."""

import functools

from django import template
from django.utils.html import format_html
from django.utils.translation import pgettext
from lucide.templatetags.lucide import lucide

from callcentre import words

register = template.Library()

# How a status looks: the kind colours it, the icon says the same without colour.
LOOKS = {
    "draft": ("muted", "pencil"),
    "scheduled": ("muted", "calendar"),
    "planned": ("muted", "calendar"),
    "archived": ("muted", "archive"),
    "withdrawn": ("muted", "undo-2"),
    "waived": ("muted", "circle-slash"),
    "excused": ("muted", "circle-slash"),
    "expired": ("muted", "timer-off"),
    "cancelled": ("muted", "circle-slash"),
    "open": ("info", "circle-dot"),
    "started": ("info", "play"),
    "in_progress": ("info", "play"),
    "submitted": ("info", "send"),
    "acknowledged": ("info", "eye"),
    "instructed": ("info", "message-square-text"),
    "minutes_draft": ("info", "pencil"),
    "offered": ("info", "send"),
    "asked": ("warn", "hourglass"),
    "out": ("info", "log-out"),
    "back": ("ok", "check"),
    "raised": ("warn", "message-square-warning"),
    "returned": ("warn", "corner-down-left"),
    "passed_up": ("warn", "arrow-up"),
    "waiting": ("warn", "hourglass"),
    "requested": ("warn", "hourglass"),
    "noticed": ("warn", "eye"),
    "owed": ("warn", "hourglass"),
    "missed": ("danger", "circle-alert"),
    "refused": ("danger", "circle-x"),
    "declined": ("danger", "circle-x"),
    "confirmed": ("danger", "circle-alert"),
    "done": ("ok", "check"),
    "carried_out": ("ok", "check"),
    "accepted": ("ok", "check"),
    "approved": ("ok", "check"),
    "published": ("ok", "check"),
    "verified": ("ok", "check-check"),
    "final": ("ok", "check-check"),
    "closed": ("ok", "check-check"),
}
KIND_ICONS = {"ok": "check", "warn": "triangle-alert", "danger": "circle-alert", "info": "info", "muted": "circle"}


@functools.lru_cache(maxsize=512)
def svg(name, classes):
    return lucide(name, size=None, aria_hidden="true", **{"class": classes})


@register.simple_tag
def icon(name, classes=""):
    """An inline SVG of lucide's set, hidden from screen readers: the word beside it says what it means."""
    return svg(name, f"icon {classes}".strip())


@register.simple_tag
def badge(what, kind=None, icon=None):
    """`{% badge duty %}` for a record with a status; `{% badge "3" "danger" "alarm-clock" %}` for any other word."""
    label = what
    if hasattr(what, "get_status_display"):
        label = what.get_status_display()
        look, drawn = LOOKS.get(what.status, ("muted", "circle"))
        kind, icon = kind or look, icon or drawn
    kind = kind or "muted"
    return format_html(
        '<span class="badge" data-kind="{}">{}{}</span>', kind, svg(icon or KIND_ICONS[kind], "icon"), label
    )


@register.simple_tag
def moment(at, style="stamp"):
    """A <time> with the whole moment as its title. Styles: stamp (11月23日 08:00), until, clock, seconds, day, short,
    long."""
    if at is None:
        return ""
    at = words.local(at)
    text = MOMENT_STYLES[style](at)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), words.long_stamp(at), text)


MOMENT_STYLES = {
    "stamp": words.stamp,
    "until": words.until,
    "clock": words.clock,
    "seconds": words.seconds,
    "day": words.day,
    "short": words.short_date,
    "long": words.long_date,
}


@register.simple_tag
def since(at, now):
    """How long ago, with the moment itself as its title: 25分钟前, 25 min ago."""
    text = pgettext("time", "%(length)s ago") % {"length": words.duration(now - at)}
    at = words.local(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), words.long_stamp(at), text)


@register.simple_tag
def age(at):
    """Since when. On a page that stays open live.js says instead how long that is, minute by minute."""
    at = words.local(at)
    return format_html(
        '<time datetime="{}" title="{}" data-age>{}</time>', at.isoformat(), words.long_stamp(at), words.clock(at)
    )


def says(function):
    """A filter of the function's name, for a moment in any zone; nothing for nothing."""

    @functools.wraps(function)
    def said(value):
        return "" if value in (None, "") else function(words.local(value))

    return register.filter(function.__name__, said)


for function in (
    words.weekday,
    words.day,
    words.short_date,
    words.long_date,
    words.month,
    words.clock,
    words.stamp,
    words.until,
    words.duration,
):
    says(function)


@register.filter
def time_range(starts, ends):
    return words.time_range(words.local(starts), words.local(ends))
