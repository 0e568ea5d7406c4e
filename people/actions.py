"""The verbs of people: languages, passwords, roles, who joins and who leaves."""

import datetime as dt
import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from callcentre import clock
from callcentre.refusals import Refused
from journal.actions import entry, record, record_all
from journal.verbs import verbs
from people import rules
from people.models import CalendarDay, Department, Draft, Person, RoleAssignment, Team
from people.planning import plan

verbs(
    {
        "person.password_changed": _("changed the password"),
        "person.email_changed": _("changed the e-mail address"),
        "person.password_reset": _("set an initial password"),
        "person.imported": _("imported from a list"),
        "person.edited": _("edited the person"),
        "person.role_given": _("gave a role"),
        "person.role_changed": _("changed a role's dates"),
        "person.role_ended": _("ended a role"),
        "deputy.named": _("named a deputy"),
        "deputy.changed": _("changed a deputy"),
        "centre.edited": _("edited the centre"),
        "centre.wall_renewed": _("made a new address for the wall display"),
        "calendar.loaded": _("loaded the public holidays"),
        "calendar.edited": _("edited a calendar day"),
        "calendar.removed": _("removed a calendar day"),
        "team.edited": _("edited the team"),
        "department.edited": _("edited the department"),
    }
)

# Without what is easily taken for something else: 0 and O, 1 and l and I.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
INITIAL_ITERATIONS = 1000
WALL_KEY_BYTES = 32


def choose_language(*, person, language):
    """Remember the person's language. A preference, so it leaves no journal row."""
    person.language = language
    person.save(update_fields=["language"])


@transaction.atomic
def change_email(*, person, email, at):
    """The person's own address, "" for none."""
    person.email = email
    person.save(update_fields=["email"])
    record("person.email_changed", person, by=person, at=at)


@transaction.atomic
def renew_wall_key(*, centre, by, at):
    """From now on only an address made with the new key shows the centre's wall display; older ones show nothing."""
    centre.wall_key = secrets.token_urlsafe(WALL_KEY_BYTES)
    centre.save(update_fields=["wall_key"])
    record("centre.wall_renewed", centre, centre=centre, by=by, at=at)


@transaction.atomic
def password_changed(*, person, at):
    """The person has chosen a password of their own: the rest of the product opens."""
    person.must_change_password = False
    person.save(update_fields=["must_change_password"])
    record("person.password_changed", person, by=person, at=at)


def initial_password():
    """Twelve random letters in three groups, 59 bits: easy to type from a slip of paper."""
    return "-".join("".join(secrets.choice(LETTERS) for _letter in range(4)) for _group in range(3))


def initial_hash(password):
    """A quick hash, for random passwords only: a thousand people are imported within seconds, and no dictionary helps
    against 59 random bits. The first login makes the full hash of it, and the person's own choice has it anyway."""
    hasher = PBKDF2PasswordHasher()
    return hasher.encode(password, hasher.salt(), iterations=INITIAL_ITERATIONS)


@transaction.atomic
def set_initial_password(*, person, password, by, at):
    """Set a password that the person must change at the next login; who is signed in with the old one is signed out.

    by: the administrator, None for a command. Raises Refused: "own_reset", "person_left".
    """
    if by is not None:
        rules.check_reset_password(by, person)
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    record("person.password_reset", person, by=by, at=at)


def reset_password(*, person, by, at):
    """Set a random initial password and return it: the only time it can be read."""
    password = initial_password()
    set_initial_password(person=person, password=password, by=by, at=at)
    return password


@transaction.atomic
def renew_initial_passwords(*, centre, by, at):
    """New initial passwords for everybody at the centre who has never signed in. Returns [(Person, password)]."""
    people = list(
        Person.objects.active().filter(centre=centre, last_login=None, must_change_password=True).exclude(pk=by.pk)
    )
    passwords = _give_initial_passwords(people)
    Person.objects.bulk_update(people, ["password"], batch_size=200)
    record_all([entry("person.password_reset", person, by=by, at=at, centre=centre) for person in people])
    return passwords


def _give_initial_passwords(people):
    given = [(person, initial_password()) for person in people]
    for person, password in given:
        person.password = initial_hash(password)
    return given


@transaction.atomic
def import_staff(*, centre, entries, by, at):
    """Do what the dry run showed. Returns (plan, [(new Person, initial password)]): the only time these can be read.

    by: the administrator, None for a command. Who is missing in the list is not touched.
    Raises Refused: "import_has_problems" where the list no longer fits, "changed_meanwhile" where another import was
    quicker.
    """
    on = clock.local_date(centre, at)
    made = plan(centre, entries, by=by, on=on)
    if made.problems:
        raise Refused("import_has_problems")
    try:
        with transaction.atomic():
            teams = _make_teams(centre, made)
            passwords = _make_people(centre, made, teams, on)
            _change_people(made, teams, on)
    except IntegrityError as quicker:
        raise Refused("changed_meanwhile") from quicker
    _record_import(centre, made, [person for person, _password in passwords], by, at)
    return made, passwords


def _make_teams(centre, made):
    departments = dict(made.departments)
    for name in made.new_departments:
        departments[name] = Department.objects.create(centre=centre, name=name)
    teams = {}
    for name, (known, department) in made.teams.items():
        teams[name] = known or Team.objects.create(centre=centre, department=departments[department], name=name)
    return teams


def _make_people(centre, made, teams, on):
    people = [
        Person(
            employee_number=new.number,
            name=new.name,
            centre=centre,
            team=teams.get(new.team),
            phone=new.phone,
            language=new.language or "zh-hans",
            email=new.email,
        )
        for new in made.new
    ]
    passwords = _give_initial_passwords(people)
    Person.objects.bulk_create(people, batch_size=500)
    RoleAssignment.objects.bulk_create(
        [
            RoleAssignment(person=p, role=role, from_on=on)
            for p, new in zip(people, made.new, strict=True)
            for role in new.roles
        ],
        batch_size=500,
    )
    return passwords


def _change_people(made, teams, on):
    people = []
    for change in made.changed:
        for name, value in change.fields.items():
            setattr(change.person, name, teams[value] if name == "team" else value)
        people.append(change.person)
        _end_roles(change.person, change.lost, on)
    Person.objects.bulk_update(people, ["name", "phone", "language", "team", "email"], batch_size=200)
    RoleAssignment.objects.bulk_create(
        [
            RoleAssignment(person=change.person, role=role, from_on=on)
            for change in made.changed
            for role in change.gained
        ],
        batch_size=500,
    )


def _end_roles(person, roles, on):
    """Yesterday was their last day; what began only today never was."""
    if roles:
        ending = RoleAssignment.objects.on(on).filter(person=person, role__in=roles)
        ending.filter(from_on=on).delete()
        ending.update(until_on=on - dt.timedelta(days=1))


def _record_import(centre, made, new_people, by, at):
    rows = [
        entry("person.imported", person, by=by, at=at, centre=centre, created=True, roles=list(new.roles))
        for person, new in zip(new_people, made.new, strict=True)
    ]
    rows += [
        entry(
            "person.imported",
            change.person,
            by=by,
            at=at,
            centre=centre,
            created=False,
            changed=sorted(change.fields),
            gained=change.gained,
            lost=change.lost,
        )
        for change in made.changed
    ]
    record_all(rows)


@transaction.atomic
def save_person(*, person, changed, by, at):
    """Save a person as edited in the administration. changed: names of the fields.

    Raises Refused("own_departure") where somebody closes their own account.
    """
    if not person.is_active:
        rules.check_close_account(by, person)
    if person._state.adding:
        person.set_unusable_password()
    person.save()
    record("person.edited", person, by=by, at=at, changed=sorted(changed))


@transaction.atomic
def save_role(*, assignment, by, at):
    """Give a role, or change its dates. Raises Refused("own_roles") for one's own."""
    rules.check_change_roles(by, assignment.person)
    verb = "person.role_given" if assignment._state.adding else "person.role_changed"
    assignment.save()
    record(
        verb,
        assignment.person,
        by=by,
        at=at,
        role=assignment.role,
        from_on=assignment.from_on.isoformat(),
        until_on=assignment.until_on.isoformat() if assignment.until_on else None,
    )


@transaction.atomic
def give_role(*, person, role, from_on, by, at, until_on=None):
    """Give a role from a date on. Raises Refused("own_roles") for one's own."""
    assignment = RoleAssignment(person=person, role=role, from_on=from_on, until_on=until_on)
    save_role(assignment=assignment, by=by, at=at)
    return assignment


@transaction.atomic
def save_deputy(*, deputy, by, at):
    verb = "deputy.named" if deputy._state.adding else "deputy.changed"
    deputy.save()
    facts = {"absent": deputy.absent_id, "deputy": deputy.deputy_id}
    dates = {"from_on": deputy.from_on.isoformat(), "until_on": deputy.until_on.isoformat()}
    record(verb, deputy, by=by, at=at, centre=deputy.absent.centre, **facts, **dates)


@transaction.atomic
def save_group(*, group, by, at):
    """Save a department or a team."""
    group.save()
    record(f"{group._meta.model_name}.edited", group, by=by, at=at)


@transaction.atomic
def save_centre(*, centre, changed, by, at):
    centre.save()
    record("centre.edited", centre, by=by, at=at, centre=centre, changed=sorted(changed))


@transaction.atomic
def save_calendar_day(*, day, by, at):
    """A day edited by hand counts as announced: the next load of the calendar leaves it alone."""
    day.certainty = CalendarDay.Certainty.ANNOUNCED
    day.save()
    record("calendar.edited", day, by=by, at=at, on=day.on.isoformat(), kind=day.kind)


@transaction.atomic
def remove_calendar_day(*, day, by, at):
    record("calendar.removed", day, by=by, at=at, on=day.on.isoformat(), kind=day.kind)
    day.delete()


@transaction.atomic
def load_calendar(*, centre, days, by, at):
    """Write `days` (see people.holidays) into the centre's calendar, without touching an announced day.

    Predicted days of the same years that are no longer expected are removed. Returns how many days were written.
    """
    years = {day.on.year for day in days}
    present = {day.on: day for day in CalendarDay.objects.filter(centre=centre, on__year__in=years)}
    kept = {on for on, day in present.items() if day.certainty == CalendarDay.Certainty.ANNOUNCED}
    writing = [CalendarDay(centre=centre, **day._asdict()) for day in days if day.on not in kept]
    CalendarDay.objects.filter(centre=centre, on__in=present.keys() - kept).delete()
    CalendarDay.objects.bulk_create(writing)
    record("calendar.loaded", centre, by=by, at=at, centre=centre, years=sorted(years), days=len(writing))
    return len(writing)


@transaction.atomic
def keep_draft(*, person, form, values, at, base=None):
    """Keep what somebody has half written in place of `base`, the version it continues (None for none).

    values: packed by people.drafts. Returns the Draft that stands: another one where a desk kept it meanwhile.
    Beyond Draft.MOST forms the oldest go. Private, so it leaves no journal row.
    """
    standing = Draft.objects.visible_to(person).select_for_update().filter(form=form).first()
    if standing and standing.values != values and standing.version != base:
        return standing
    draft = Draft(person=person, form=form, values=values, at=at)
    Draft.objects.bulk_create(
        [draft], update_conflicts=True, unique_fields=["person", "form"], update_fields=["values", "at"]
    )
    newest = Draft.objects.visible_to(person).order_by("-at", "-pk").values_list("pk", flat=True)
    if beyond := list(newest[Draft.MOST : 2 * Draft.MOST]):
        Draft.objects.filter(pk__in=beyond).delete()
    return draft


def drop_draft(*, person, form):
    """It was submitted or discarded. Twice does no harm, and neither leaves a journal row."""
    Draft.objects.visible_to(person).filter(form=form).delete()


def purge_drafts(*, at):
    """Nobody comes back to what they left a week ago."""
    Draft.objects.filter(at__lt=at - Draft.LASTS).delete()
