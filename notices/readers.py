"""Who has confirmed a notice and who has not, by team: for its writers, for leaders, and for paper."""

import dataclasses

from notices import reading
from notices.actions.confirming import on_floor_now

SHOWN = 200  # names on the screen; a team's own page has the rest


@dataclasses.dataclass
class Reader:
    pk: int
    name: str
    number: str
    team: str
    confirmed_at: object
    on_floor: bool = False


@dataclasses.dataclass
class Group:
    team_id: int | None
    team: str
    readers: list

    @property
    def read(self):
        return sum(reader.confirmed_at is not None for reader in self.readers)

    @property
    def unread(self):
        """Those on the floor first: they can be asked now."""
        missing = [reader for reader in self.readers if reader.confirmed_at is None]
        return sorted(missing, key=lambda reader: not reader.on_floor)

    @property
    def per_cent(self):
        return 100 * self.read // len(self.readers)


def groups_of(notice, version, at):
    """[Group] by team, those without one last. Two statements, however many people there are."""
    people = reading.with_confirmed_at(reading.people_meant(notice, at), version).order_by("team_id", "employee_number")
    floor = set(on_floor_now(notice.centre, at))
    groups = {}
    for pk, name, number, team_id, team, confirmed_at in people.values_list(
        "pk", "name", "employee_number", "team_id", "team__name", "confirmed_at"
    ):
        group = groups.setdefault(team_id, Group(team_id, team or "", []))
        group.readers.append(Reader(pk, name, number, team or "", confirmed_at, pk in floor))
    return sorted(groups.values(), key=lambda group: (group.team_id is None, group.team_id))


def total(groups):
    """(how many have read, how many there are, per cent)"""
    read, everybody = sum(group.read for group in groups), sum(len(group.readers) for group in groups)
    return read, everybody, 100 * read // everybody if everybody else 100
