"""What part of a roster a page shows: a month or two weeks, and whose rows. All of it stands in the address."""

import dataclasses
import datetime as dt
import re
from urllib.parse import urlencode

from callcentre import words
from shifts.models import month_span

FORTNIGHT = 14
DAY = dt.timedelta(days=1)
FILTERS = ("team", "q", "view")  # what moves along when the days change


def parse_date(text):
    """The date of `2026-11-23`, or None."""
    if not re.fullmatch(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}", text or ""):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@dataclasses.dataclass(frozen=True)
class Window:
    """The days that a grid shows, both ends included, and the filters that stand with them in the address."""

    from_on: dt.date
    until_on: dt.date
    is_month: bool
    filters: dict

    @classmethod
    def asked(cls, query, today):
        """By `from` (or `month`, or the `day` of the phone's list) and `days`: 14 for two weeks, else a month."""
        month = parse_date(f"{query.get('month', '')}-01")
        begin = parse_date(query.get("from")) or month or parse_date(query.get("day"))
        filters = {name: query.get(name, "").strip()[:50] for name in FILTERS}
        if query.get("days") == str(FORTNIGHT):
            return cls.fortnight(begin or today - today.weekday() * DAY, filters)
        return cls.month(begin or today, filters)

    @classmethod
    def month(cls, on, filters):
        return cls(*month_span(on.year, on.month), True, filters)

    @classmethod
    def fortnight(cls, begin, filters):
        return cls(begin, min(begin + (FORTNIGHT - 1) * DAY, dt.date(2999, 12, 31)), False, filters)

    @property
    def length(self):
        return "month" if self.is_month else str(FORTNIGHT)

    @property
    def title(self):
        """2026年11月, or both ends of the two weeks."""
        if self.is_month:
            return words.month(self.from_on)
        return f"{words.long_date(self.from_on)} – {words.short_date(self.until_on)}"

    @property
    def earlier(self):
        on = self.from_on - (DAY if self.is_month else FORTNIGHT * DAY)
        return self.month(on, self.filters) if self.is_month else self.fortnight(on, self.filters)

    @property
    def later(self):
        on = self.until_on + DAY
        return self.month(on, self.filters) if self.is_month else self.fortnight(on, self.filters)

    @property
    def as_month(self):
        return self.month(self.from_on, self.filters)

    @property
    def as_fortnight(self):
        return self.fortnight(self.from_on, self.filters)

    @property
    def query(self):
        """`?from=…&days=…` and the filters that are set."""
        return self.query_with()

    def query_with(self, **changes):
        asked = {"from": self.from_on, "days": self.length, **self.filters, **changes}
        return "?" + urlencode({name: value for name, value in asked.items() if value})

    @property
    def query_of_everybody(self):
        return self.query_with(team="", q="")

    def day(self, text, today):
        """The day of the phone's list: as asked, else today, else the first; always within the window."""
        on = parse_date(text) or today
        return on if self.from_on <= on <= self.until_on else self.from_on

    def day_links(self, on):
        """Addresses of the days beside it in the phone's list, and of the whole grid."""
        beside = {"from": "", "days": "", "view": ""}
        return {
            "earlier": self.query_with(**beside, day=on - DAY),
            "later": self.query_with(**beside, day=on + DAY),
            "grid": self.query_with(view="grid"),
        }
