"""A person's shifts as a calendar that phones and mail programs subscribe to (RFC 5545).

Times are in UTC, which every client shows in its own zone: no rule of ours about time zones can be wrong there.
An event is a person's turn of one type on one day, whatever roster it stands in: so a roster that replaces another, or
a shift that goes away and comes back, changes the same event. Its SEQUENCE counts what happened to it: it never falls.
"""

import collections
import dataclasses
import datetime as dt
import hashlib

from django.db.models import F, FilteredRelation, OuterRef, Q, Subquery
from django.utils.translation import pgettext
from icalendar import Calendar, Event, vDuration

from callcentre import words
from journal.models import Entry as JournalRow
from shifts.models import Change, Leave, Roster, Shift

PAST = dt.timedelta(days=30)  # how long a day stays in the calendar, worked or cancelled
REFRESH = dt.timedelta(hours=1)
LAYOUT = "1"  # raise it when the same events are to be written differently: every client then reads them anew


@dataclasses.dataclass(frozen=True)
class Item:
    """An event as it is to be written. `starts` and `ends` are moments, or dates of whole days (the end not part)."""

    uid: str
    sequence: int
    modified_at: dt.datetime
    starts: dt.date
    ends: dt.date
    summary: str
    location: str = ""
    description: str = ""
    is_cancelled: bool = False


@dataclasses.dataclass
class History:
    """What happened to a person's turns after they were first published."""

    changes: dict  # {(on, type id): [moment, ...]}
    archived: list  # [(from_on, until_on, moment)] of rosters that were published once

    def of(self, key):
        """The moments, in no order. Each adds one to the event's sequence."""
        on = key[0]
        return self.changes.get(key, []) + [at for first, last, at in self.archived if first <= on <= last]


def items_of(person, today):
    """The Items of the person's calendar on the centre's date `today`, in four statements."""
    since = today - PAST
    turns = turns_since(person, since)
    changes = changes_since(person, since)
    moments = collections.defaultdict(list)
    for row in changes:
        moments[row["on"], row["type_id"]].append(row["changed_at"])
    history = History(moments, archived_since(person, since))
    present = {key_of(row): row for row in turns if row["status"] == Roster.Status.PUBLISHED}
    gone = {key_of(row): row for row in [*turns, *changes] if key_of(row) not in present}
    items = [item_of(person, row, history) for row in present.values()]
    items += [item_of(person, row, history, is_cancelled=True) for row in gone.values()]
    return sorted(items + leave_since(person, since), key=lambda item: (str(item.starts), item.uid))


def key_of(row):
    return row["on"], row["type_id"]


def turns_since(person, since):
    """Rows of what the person leads or is assigned to, in rosters that are published or were."""
    mine = FilteredRelation("assignments", condition=Q(assignments__person=person.pk))
    shifts = Shift.objects.annotate(mine=mine).filter(Q(leader=person.pk) | Q(mine__isnull=False))
    shifts = shifts.filter(centre=person.centre_id, on__gte=since, roster__published_at__isnull=False)
    more = {
        "status": F("roster__status"),
        "published_at": F("roster__published_at"),
        "desk": F("mine__desk__code"),
        "room": F("mine__desk__room__name"),
    }
    return list(shifts.order_by("pk").values("on", "type_id", "starts_at", "ends_at", "leader_id", **names(""), **more))


def changes_since(person, since):
    """Rows of the turns that came or went after their publication, in the order in which they did."""
    changes = Change.objects.filter(person=person.pk, shift__on__gte=since).order_by("pk")
    shift = {name: F(f"shift__{name}") for name in ("on", "type_id", "starts_at", "ends_at")}
    return list(changes.values(changed_at=F("version__at"), **shift, **names("shift__")))


def names(path):
    fields = {"name_zh": "type__name_zh", "name_en": "type__name_en", "team_name": "team__name"}
    return {name: F(path + field) for name, field in fields.items()}


def archived_since(person, since):
    """[(from_on, until_on, moment)] of the centre's rosters that were published and then set aside."""
    rosters = Roster.objects.filter(
        centre=person.centre_id, status=Roster.Status.ARCHIVED, published_at__isnull=False, until_on__gte=since
    )
    rows = rosters.annotate(archived_at=last_record("shifts.roster")).values_list(
        "from_on", "until_on", "archived_at", "published_at"
    )
    return [(first, last, archived_at or published_at) for first, last, archived_at, published_at in rows]


def last_record(model):
    """When the journal last heard of the row: the moment of a status that no more steps lead from."""
    about = JournalRow.objects.filter(object_type=model, object_id=OuterRef("pk")).order_by("-pk")
    return Subquery(about.values("at")[:1])


def item_of(person, row, history, *, is_cancelled=False):
    moments = history.of(key_of(row))
    shift = words.pick(row["name_zh"], row["name_en"])
    if row.get("leader_id") == person.pk:
        shift = pgettext("calendar", "%(shift)s (shift leader)") % {"shift": shift}
    return Item(
        uid=f"shift-{person.pk}-{row['on']:%Y%m%d}-{row['type_id']}@callcentre",
        sequence=len(moments),
        modified_at=max(filter(None, [*moments, row.get("published_at")])),
        starts=row["starts_at"].astimezone(dt.UTC),
        ends=row["ends_at"].astimezone(dt.UTC),
        summary=pgettext("calendar", "Cancelled: %(event)s") % {"event": shift} if is_cancelled else shift,
        location="" if is_cancelled else " ".join(filter(None, [row.get("room"), row.get("desk")])),
        description=row["team_name"],
        is_cancelled=is_cancelled,
    )


def leave_since(person, since):
    """Approved leave as whole days. Its kind stays here: calendars are kept on other people's servers."""
    approved = Q(status=Leave.Status.APPROVED) | Q(status=Leave.Status.CANCELLED, decided_at__isnull=False)
    leaves = Leave.objects.filter(approved, person=person.pk, until_on__gte=since)
    rows = leaves.annotate(recorded_at=last_record("shifts.leave")).values_list(
        "pk", "from_on", "until_on", "status", "decided_at", "recorded_at"
    )
    return [leave_item(*row) for row in rows]


def leave_item(pk, from_on, until_on, status, decided_at, recorded_at):
    is_cancelled = status == Leave.Status.CANCELLED
    summary = pgettext("calendar", "On leave")
    return Item(
        uid=f"leave-{pk}@callcentre",
        sequence=int(is_cancelled),
        modified_at=max(filter(None, [decided_at, recorded_at])),
        starts=from_on,
        ends=until_on + dt.timedelta(days=1),
        summary=pgettext("calendar", "Cancelled: %(event)s") % {"event": summary} if is_cancelled else summary,
        is_cancelled=is_cancelled,
    )


def fingerprint(person, items):
    """An entity tag: the same as long as the calendar would be written the same."""
    told = repr((LAYOUT, person.language, person.name, person.centre.timezone, items))
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


def written(person, items):
    """The calendar's bytes, from the data alone: whoever asks twice gets the same."""
    title = pgettext("calendar", "%(name)s: shifts") % {"name": person.name}
    calendar = Calendar()
    calendar.add("prodid", "-//callcentre//shifts//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", person.centre.timezone)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for item in items:
        calendar.add_component(event_of(item))
    return calendar.to_ical()


def event_of(item):
    event = Event()
    event.add("uid", item.uid)
    event.add("sequence", item.sequence)
    modified_at = item.modified_at.astimezone(dt.UTC)
    event.add("dtstamp", modified_at)
    event.add("last-modified", modified_at)
    event.add("dtstart", item.starts)
    event.add("dtend", item.ends)
    event.add("summary", item.summary)
    event.add("status", "CANCELLED" if item.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if item.is_cancelled else "OPAQUE")
    for name in ("location", "description"):
        if text := getattr(item, name):
            event.add(name, text)
    return event


def modified_at(feed, items):
    return max([feed.made_at, *(item.modified_at for item in items)])
