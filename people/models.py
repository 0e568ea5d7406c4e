"""Who: centres, departments, teams, people with dated roles, deputies, and the calendar days a centre goes by."""

import datetime as dt
import zoneinfo
from functools import cached_property

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from callcentre import clock, words
from people.permissions import HELD_BY


def check_timezone(name):
    """Raise ValidationError for a name that the time zone database does not have."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as unknown:
        raise ValidationError(
            _("There is no time zone “%(name)s”. Use one such as Asia/Shanghai."), params={"name": name}
        ) from unknown


class Role(models.TextChoices):
    AGENT = "agent", _("agent")
    LEADER = "leader", _("shift leader")
    INSPECTOR = "inspector", _("quality inspector")
    DIRECTOR = "director", _("department director")
    CENTRE_DIRECTOR = "centre_director", _("centre director")
    SECURITY = "security", _("security office")
    ADMINISTRATOR = "administrator", _("administrator")


# Roles that open the admin: the supervisors' desk, and the administrators' people and imports.
STAFF_ROLES = (Role.DIRECTOR, Role.CENTRE_DIRECTOR, Role.ADMINISTRATOR)


class CentreQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(pk=person.centre_id)


class Centre(models.Model):
    name = models.CharField(_("name"), max_length=100, unique=True)
    timezone = models.CharField(_("time zone"), max_length=50, default="Asia/Shanghai", validators=[check_timezone])
    opened_on = models.DateField(_("runs by the rulebook from"), help_text=_("Duties are made from this day on."))
    wall_key = models.CharField(_("wall key"), max_length=64, blank=True, editable=False)
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    objects = CentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["pk"]

    def __str__(self):
        return self.name

    @cached_property
    def tz(self):
        return zoneinfo.ZoneInfo(self.timezone)


class OfCentreQuerySet(models.QuerySet):
    """Rows with a `centre`: everybody sees those of their own."""

    def visible_to(self, person):
        return self.filter(centre=person.centre_id)


class Department(models.Model):
    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    name = models.CharField(_("name"), max_length=100)

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(fields=["centre", "name"], name="department_name_is_unique_in_its_centre")
        ]

    def __str__(self):
        return self.name


class Team(models.Model):
    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    department = models.ForeignKey(Department, models.PROTECT, verbose_name=_("department"))
    name = models.CharField(_("name"), max_length=100)

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["centre", "name"], name="team_name_is_unique_in_its_centre")]

    def __str__(self):
        return self.name


class PersonQuerySet(OfCentreQuerySet):
    def active(self):
        return self.filter(is_active=True)

    def with_role(self, role, on):
        """People who hold the role on that date, by employee number."""
        return (
            self.active()
            .filter(pk__in=RoleAssignment.objects.on(on).filter(role=role).values("person"))
            .order_by("employee_number")
        )


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    def get_by_natural_key(self, employee_number):
        return self.get(employee_number=employee_number)


employee_number_format = RegexValidator(
    r"\A[0-9A-Za-z]{3,12}\Z", _("An employee number is 3 to 12 digits or Latin letters.")
)


class Person(AbstractBaseUser):
    """A member of staff: the user model. The employee number is the login name, unique in the installation."""

    employee_number = models.CharField(
        _("employee number"), max_length=12, unique=True, validators=[employee_number_format]
    )
    name = models.CharField(_("name"), max_length=50)
    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, verbose_name=_("team"))
    language = models.CharField(
        _("language"), max_length=10, default="zh-hans", choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), max_length=200, blank=True)
    is_active = models.BooleanField(_("employed"), default=True)
    must_change_password = models.BooleanField(_("must change the password"), default=True)

    objects = PersonManager()

    USERNAME_FIELD = "employee_number"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["employee_number"]

    def __str__(self):
        return f"{self.name} {self.employee_number}"

    def get_full_name(self):
        return self.name

    @cached_property
    def roles(self):
        """Today's roles, the clock read once for the object's life: a request's."""
        today = clock.local_date(self.centre, clock.now())
        return frozenset(term.role for term in self.terms if term.covers(today))

    @cached_property
    def terms(self):
        """All role assignments, past and coming ones too; a signed-in person comes with them (people.backends)."""
        return list(self.role_assignments.all())

    def roles_on(self, on):
        """Of a signed-in person, who comes with their terms, without a statement."""
        if "terms" in self.__dict__:
            return frozenset(term.role for term in self.terms if term.covers(on))
        return frozenset(self.role_assignments.on(on).values_list("role", flat=True))

    def has_role(self, *roles):
        return not self.roles.isdisjoint(roles)

    @property
    def is_staff(self):
        return self.has_role(*STAFF_ROLES)

    def has_perm(self, perm, obj=None):
        """Nobody holds Django's own permissions: roles decide, by people.permissions, in RoleAdmin and in the rules."""
        return self.is_active and self.has_role(*HELD_BY.get(perm, ()))

    def has_module_perms(self, app_label):
        return False


class DatedQuerySet(models.QuerySet):
    def on(self, date):
        return self.filter(from_on__lte=date).filter(Q(until_on=None) | Q(until_on__gte=date))


class RoleAssignment(models.Model):
    person = models.ForeignKey(Person, models.PROTECT, related_name="role_assignments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "from_on"], name="role_begins_once_a_day"),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="role_ends_after_it_begins",
                violation_error_message=_("The last day is before the first. Correct one of the two."),
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="role_is_one_of_the_seven"),
        ]

    def __str__(self):
        return self.get_role_display()

    def covers(self, on):
        """The one row's answer to what DatedQuerySet.on asks of many."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)


class DeputyQuerySet(DatedQuerySet):
    def visible_to(self, person):
        return self.filter(absent__centre=person.centre_id)


class Deputy(models.Model):
    """Who stands in for somebody absent, for a period of whole days; what a deputy does says so."""

    absent = models.ForeignKey(Person, models.PROTECT, related_name="deputies", verbose_name=_("absent"))
    deputy = models.ForeignKey(Person, models.PROTECT, related_name="deputy_for", verbose_name=_("deputy"))
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"))

    objects = DeputyQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        constraints = [
            models.CheckConstraint(
                condition=~Q(absent=F("deputy")),
                name="nobody_is_their_own_deputy",
                violation_error_message=_("Nobody is their own deputy. Name somebody else."),
            ),
            models.CheckConstraint(
                condition=Q(until_on__gte=F("from_on")),
                name="deputy_ends_after_beginning",
                violation_error_message=_("The last day is before the first. Correct one of the two."),
            ),
        ]

    def __str__(self):
        return f"{self.absent} → {self.deputy}"


class CalendarDay(models.Model):
    """A public holiday, or a weekend day worked to make up for one."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("public holiday")
        WORKDAY = "workday", _("make-up workday")

    class Certainty(models.TextChoices):
        PREDICTED = "predicted", _("predicted")
        ANNOUNCED = "announced", _("announced")

    centre = models.ForeignKey(Centre, models.PROTECT, verbose_name=_("centre"))
    on = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name in Chinese"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100, blank=True)
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty.choices, default=Certainty.PREDICTED)

    objects = OfCentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["centre", "on"], name="calendar_day_is_unique_in_its_centre")]

    def __str__(self):
        return f"{self.on} {self.title}"

    @property
    def title(self):
        """Its name in the reader's language; in Chinese where it has only that."""
        return words.pick(self.name, self.name_en or self.name)


class DraftQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Only one's own: not a leader's, not an administrator's."""
        return self.filter(person=person)


class Draft(models.Model):
    """What somebody has half written into a form; gone when it is submitted, or after a week. In no journal."""

    LONGEST = 20_000  # a browser that closes sends 64 kB, and a Chinese character is three
    MOST = 50  # forms of one person
    LASTS = dt.timedelta(days=7)

    person = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    form = models.CharField(_("form"), max_length=80)
    values = models.TextField(_("values"), help_text=_("As JSON: the name of each field and what stands in it."))
    at = models.DateTimeField(_("kept at"), db_index=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [
            models.UniqueConstraint(fields=["person", "form"], name="draft_is_one_for_each_person_and_form"),
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("values"), 20_000),
                name="draft_is_not_endless",
                violation_error_message=_("This is too long to be kept on the server. It stays in this browser."),
            ),
        ]

    def __str__(self):
        return f"{self.person_id} {self.form}"

    @property
    def version(self):
        """What a browser calls it by: milliseconds, which its numbers hold exactly."""
        return int(self.at.timestamp() * 1000)
