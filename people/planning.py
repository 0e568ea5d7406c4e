"""What a staff list would change, read from the database: the dry run shows it, the import does it."""

from dataclasses import dataclass, field

from django.utils.translation import pgettext

from callcentre.refusals import Refused, refusal
from people.importing import COLUMNS, DEPARTMENT, NUMBER, ROLE, TEAM, Problem
from people.models import Department, Person, Role, RoleAssignment, Team
from people.rules import check_change_roles

CHUNK = 500  # numbers asked for at once: engines limit how many


@dataclass
class Change:
    entry: object
    person: Person
    fields: dict = field(default_factory=dict)  # name: new value
    old: dict = field(default_factory=dict)
    gained: list = field(default_factory=list)
    lost: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not (self.fields or self.gained or self.lost)

    @property
    def lines(self):
        """Each change as its reader sees it: Name: 李娜 → 李丽."""
        said = [
            self._line(COLUMNS[name], f"{self._said(self.old[name])} → {self._said(new)}")
            for name, new in self.fields.items()
        ]
        roles = [f"+ {Role(role).label}" for role in self.gained] + [f"− {Role(role).label}" for role in self.lost]
        return said + ([self._line(COLUMNS[ROLE], " ".join(roles))] if roles else [])

    def _line(self, label, value):
        return pgettext("labelled", "%(label)s: %(value)s") % {"label": label, "value": value}

    def _said(self, value):
        return dict(Person._meta.get_field("language").choices).get(value, value) or "–"


@dataclass
class Plan:
    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    unchanged: int = 0
    problems: list = field(default_factory=list)
    departments: dict = field(default_factory=dict)  # name: Department, None for one to be made
    teams: dict = field(default_factory=dict)  # name: (Team or None, department's name)

    @property
    def new_departments(self):
        return [name for name, known in self.departments.items() if known is None]

    @property
    def new_teams(self):
        return [name for name, (known, _department) in self.teams.items() if known is None]


def plan(centre, entries, *, by, on):
    """The Plan for `entries` at the centre on its local date `on`. by: the Person who imports, None for a command."""
    made = Plan(
        departments={department.name: department for department in Department.objects.filter(centre=centre)},
        teams={t.name: (t, t.department.name) for t in Team.objects.filter(centre=centre).select_related("department")},
    )
    people = _people([entry.number for entry in entries])
    roles = _roles(people.values(), on)
    for entry in entries:
        try:
            _place(made, entry)
            _plan_one(made, centre, entry, people.get(entry.number), roles, by)
        except Refused as refused:
            made.problems.append(Problem(entry.row, refused.field or NUMBER, "", refused))
    return made


def _people(numbers):
    found = {}
    for start in range(0, len(numbers), CHUNK):
        chunk = Person.objects.filter(employee_number__in=numbers[start : start + CHUNK]).select_related(
            "team__department"
        )
        found |= {person.employee_number: person for person in chunk}
    return found


def _roles(people, on):
    """{person's id: set of roles} on the date."""
    ids = [person.pk for person in people]
    held = {pk: set() for pk in ids}
    for start in range(0, len(ids), CHUNK):
        rows = RoleAssignment.objects.on(on).filter(person__in=ids[start : start + CHUNK])
        for pk, role in rows.values_list("person", "role"):
            held[pk].add(role)
    return held


def _place(made, entry):
    """The department and team that the entry names, known or to be made."""
    if entry.team:
        known, department = made.teams.get(entry.team, (None, entry.department))
        if not department:
            raise Refused("team_without_department", field=DEPARTMENT)
        if entry.department and entry.department != department:
            raise Refused("team_elsewhere", field=TEAM, department=department)
        made.teams[entry.team] = (known, department)
    if entry.department:
        made.departments.setdefault(entry.department, None)


def _plan_one(made, centre, entry, person, roles, by):
    if person is None:
        if not entry.roles:
            raise Refused("role_missing", field=ROLE)
        made.new.append(entry)
        return
    if person.centre_id != centre.pk:
        raise Refused("number_elsewhere", field=NUMBER)
    if not person.is_active:
        raise Refused("number_left", field=NUMBER)
    change = _change(entry, person, roles[person.pk])
    if (change.gained or change.lost) and (refused := refusal(check_change_roles, by, person)):
        raise refused
    if change.is_empty:
        made.unchanged += 1
    else:
        made.changed.append(change)


def _change(entry, person, held):
    change = Change(entry, person)
    for name in ("name", "phone", "language", "email"):
        wanted, present = getattr(entry, name), getattr(person, name)
        if wanted and wanted != present:
            change.fields[name], change.old[name] = wanted, present
    present = person.team.name if person.team else ""
    if entry.team and entry.team != present:
        change.fields["team"], change.old["team"] = entry.team, present
    if entry.roles:
        change.gained = sorted(set(entry.roles) - held)
        change.lost = sorted(held - set(entry.roles))
    return change
