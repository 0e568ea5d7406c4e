"""What a check found, and the sentence for it."""

import collections
import dataclasses
import datetime as dt

from django.utils.translation import gettext_lazy as _

from callcentre import words
from shifts.checking.checks import REFUSE, WARN

TEXTS = {
    "overlap": _("%(other)s of %(other_on)s and %(type)s of %(on)s overlap"),
    "rest": _("Only %(rest)s of rest between %(other)s of %(other_on)s and %(type)s of %(on)s; at least %(limit)s"),
    "run": _("%(days)s days of work in a row, %(from_on)s to %(until_on)s; at most %(limit)s"),
    "week_rest": _("%(days)s days of rest in the week of %(from_on)s to %(until_on)s; at least %(limit)s"),
    "on_leave": _("%(type)s on %(on)s, a day of approved leave"),
    "week_hours": _("%(worked)s in the week of %(from_on)s to %(until_on)s; at most %(limit)s"),
    "month_hours": _("%(worked)s in %(month)s; at most %(limit)s"),
    "quarter_hours": _("%(worked)s in quarter %(quarter)s of %(year)s; at most %(limit)s"),
    "year_hours": _("%(worked)s in %(year)s; at most %(limit)s"),
    "uncovered": _("%(type)s of %(on)s has %(heads)s people; it needs %(needed)s"),
    "leaderless": _("%(type)s of %(on)s, %(team)s, has no leader"),
    "role.leads": _("Leads %(type)s of %(on)s without being a shift leader on that day"),
    "role.none": _("%(type)s of %(on)s, but no longer here, or not yet"),
    "holiday": _("%(name)s, %(on)s: %(heads)s people work %(type)s"),
    "calendar_unknown": _("The public holidays of %(year)s are not known: its weekends count as usual"),
    "calendar_unknown.predicted": _(
        "The public holidays of %(year)s are predicted, and its make-up workdays not announced yet"
    ),
}


@dataclasses.dataclass(frozen=True)
class Finding:
    """`on` is the day to look at, of those that it is about (`from_on` to `until_on`); `size`: how bad it is.

    `what` tells apart the findings of one code, person and day. `facts` hold dates, timedeltas, numbers, names, and
    pairs of names in Chinese and English; for those of a whole shift `person_id` is None.
    """

    code: str
    effect: str
    person_id: int | None
    on: dt.date
    from_on: dt.date
    until_on: dt.date
    what: str = ""
    size: int = 0
    facts: dict = dataclasses.field(default_factory=dict, compare=False)

    @property
    def refuses(self):
        return self.effect == REFUSE

    @property
    def warns(self):
        return self.effect == WARN

    @property
    def key(self):
        return self.code, self.person_id, self.what, self.from_on, self.until_on, self.size

    @property
    def text(self):
        """The sentence in the reader's language, without the person's name."""
        why = self.facts.get("why")
        sentence = TEXTS[f"{self.code}.{why}" if why else self.code]
        return str(sentence) % {name: _said(value) for name, value in self.facts.items()}


def _said(value):
    if isinstance(value, dt.date):
        return words.day(value)
    if isinstance(value, dt.timedelta):
        return said_length(value)
    if isinstance(value, tuple):
        return words.pick(*value)
    return value


def said_length(length):
    """48小时, 8小时30分: whole hours however many, for a limit of hours is compared with them."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if not minutes:
        return words.pick(f"{hours}小时", f"{hours} h")
    return words.duration(minutes) if not hours else words.pick(f"{hours}小时{minutes}分", f"{hours} h {minutes} min")


def new_findings(before, after):
    """Those of `after` that are not in `before`, nor the same or less of something that is: what a change adds."""
    had = collections.defaultdict(list)
    for finding in before:
        had[finding.code, finding.person_id, finding.what].append(finding)
    return [finding for finding in after if not any(_holds(old, finding) for old in had[_kind(finding)])]


def _kind(finding):
    return finding.code, finding.person_id, finding.what


def _holds(old, new):
    """Whether the old finding shares a day with the new one and is at least as bad."""
    return (
        old.from_on <= new.until_on
        and new.from_on <= old.until_on
        and old.size >= new.size
        and old.effect == new.effect
    )
