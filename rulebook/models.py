"""The rulebook as rows: sections and clauses of the installation; parameters, checklists and breaches of a centre."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from callcentre.words import pick
from people.models import Centre, OfCentreQuerySet, Person, Role
from rulebook import breaches
from rulebook.register import PARAMETERS


class Section(models.Model):
    """A chapter of the rulebook. Made from the register after every migrate."""

    key = models.CharField(_("key"), max_length=20, primary_key=True)
    order = models.PositiveSmallIntegerField(_("order"))
    name_zh = models.CharField(_("Chinese name"), max_length=50)
    name_en = models.CharField(_("English name"), max_length=50)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["order"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return pick(self.name_zh, self.name_en)


class Clause(models.Model):
    """A clause of the rulebook, the same for every centre. Made from the register after every migrate."""

    id = models.CharField(_("id"), max_length=40, primary_key=True)
    section = models.ForeignKey(Section, models.PROTECT, related_name="clauses", verbose_name=_("section"))
    order = models.PositiveSmallIntegerField(_("order"))
    number_zh = models.CharField(_("Chinese number"), max_length=40)
    number_en = models.CharField(_("English number"), max_length=40)
    text_zh = models.TextField(_("Chinese text"))
    text_en = models.TextField(_("English text"))
    live_zh = models.TextField(_("how it is live, in Chinese"))
    live_en = models.TextField(_("how it is live, in English"))
    kinds = models.JSONField(_("kinds"))
    pending = models.BooleanField(_("waits to be switched on"), default=False)

    class Meta:
        verbose_name = _("clause")
        verbose_name_plural = _("clauses")
        ordering = ["order"]

    def __str__(self):
        return self.number

    @property
    def number(self):
        return pick(self.number_zh, self.number_en)

    @property
    def text(self):
        return pick(self.text_zh, self.text_en)

    @property
    def live(self):
        return pick(self.live_zh, self.live_en)


class ParameterValueQuerySet(OfCentreQuerySet):
    def taken(self, centre, name, from_on):
        """Whether the parameter already has a value from exactly that date."""
        return self.filter(centre=centre, name=name, from_on=from_on).exists()


class ParameterValue(models.Model):
    """A value that a director set, from a date on. Never edited: another date brings another row."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+", verbose_name=_("centre"))
    name = models.CharField(_("parameter"), max_length=50)
    value = models.JSONField(_("value"))
    from_on = models.DateField(_("in force from"))
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"))

    objects = ParameterValueQuerySet.as_manager()

    class Meta:
        verbose_name = _("parameter value")
        verbose_name_plural = _("parameter values")
        ordering = ["name", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name", "from_on"],
                name="parameter_has_one_value_from_a_date",
                violation_error_message=_("This parameter already has a value from that date. Choose another date."),
            )
        ]

    def __str__(self):
        return f"{self.label} {self.from_on}"

    @property
    def spec(self):
        return PARAMETERS.get(self.name)

    @property
    def label(self):
        return self.spec.label if self.spec else self.name


class ClauseForceQuerySet(OfCentreQuerySet):
    def in_force(self, centre, clause_id, on):
        """Whether a pending clause is switched on at the centre on that date."""
        rows = self.filter(centre=centre, clause=clause_id, from_on__lte=on).order_by("-from_on")
        return bool(rows.values_list("in_force", flat=True).first())


class ClauseForce(models.Model):
    """A pending clause switched on, or off again, by a director from a date on."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+", verbose_name=_("centre"))
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", verbose_name=_("clause"))
    from_on = models.DateField(_("from"))
    in_force = models.BooleanField(_("in force"))
    set_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"))

    objects = ClauseForceQuerySet.as_manager()

    class Meta:
        verbose_name = _("clause switched on or off")
        verbose_name_plural = _("clauses switched on or off")
        ordering = ["clause", "from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "clause", "from_on"],
                name="clause_is_switched_once_a_day",
                violation_error_message=_("This clause is already switched from that date. Choose another date."),
            )
        ]

    def __str__(self):
        return f"{self.clause_id} {self.from_on}"


class ChecklistQuerySet(OfCentreQuerySet):
    def of(self, centre, key):
        """The centre's checklist of that key, or None."""
        return self.filter(centre=centre, key=key).first()


class Checklist(models.Model):
    """A list that somebody walks the floor or calls the roll with."""

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+", verbose_name=_("centre"))
    key = models.CharField(_("key"), max_length=40)
    name_zh = models.CharField(_("Chinese name"), max_length=100)
    name_en = models.CharField(_("English name"), max_length=100)

    objects = ChecklistQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["centre", "key"], name="checklist_key_is_unique_in_its_centre")]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return pick(self.name_zh, self.name_en)

    def active_items(self):
        return self.items.filter(active=True)


class ChecklistItemQuerySet(models.QuerySet):
    def visible_to(self, person):
        return self.filter(checklist__centre=person.centre_id)

    def citing(self, centre, clause_id):
        """The centre's items that cite the clause, switched off ones last."""
        rows = (
            self.filter(checklist__centre=centre).select_related("checklist").order_by("-active", "checklist", "order")
        )
        return [item for item in rows if clause_id in item.clauses]


class ChecklistItem(models.Model):
    """One question of a checklist. It is never reworded, so that old records keep what was asked: it is switched off
    and another one added."""

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="items", verbose_name=_("checklist"))
    order = models.PositiveSmallIntegerField(_("order"))
    number = models.PositiveSmallIntegerField(_("place in the definition"), null=True, blank=True, editable=False)
    text_zh = models.CharField(_("Chinese text"), max_length=200)
    text_en = models.CharField(_("English text"), max_length=200)
    clauses = models.JSONField(_("clauses"), default=list)
    active = models.BooleanField(_("in use"), default=True)

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["checklist", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "number"], name="defined_item_is_on_its_checklist_once"),
        ]

    def __str__(self):
        return self.text

    @property
    def text(self):
        return pick(self.text_zh, self.text_en)


class BreachQuerySet(OfCentreQuerySet):
    def visible_to(self, person):
        """Their own to everybody; the whole centre's to leaders, inspectors and directors."""
        rows = super().visible_to(person)
        if person.has_role(Role.LEADER, Role.INSPECTOR, Role.DIRECTOR, Role.CENTRE_DIRECTOR):
            return rows
        return rows.filter(person=person)

    def noticed(self):
        return self.filter(status=Breach.Status.NOTICED)

    def decided(self):
        """The latest decisions first."""
        return self.exclude(status=Breach.Status.NOTICED).order_by("-decided_at", "-pk")

    def waiting_for(self, person):
        """What the person is to confirm or excuse: a leader what names them, a director every one, nobody their own."""
        rows = self.filter(centre=person.centre_id).noticed().exclude(person=person)
        if person.has_role(Role.DIRECTOR, Role.CENTRE_DIRECTOR):
            return rows
        return rows.filter(leader=person) if person.has_role(Role.LEADER) else rows.none()

    def with_names(self):
        return self.select_related("clause", "person", "leader", "decided_by")


class Breach(models.Model):
    """What the software noticed by itself. It counts once the leader has confirmed it; until then nobody is blamed."""

    class Status(models.TextChoices):
        NOTICED = "noticed", _("noticed")
        CONFIRMED = "confirmed", _("confirmed")
        EXCUSED = "excused", _("excused")

    MOVES = {
        Status.NOTICED: {Status.CONFIRMED, Status.EXCUSED},
        Status.CONFIRMED: {Status.NOTICED},
        Status.EXCUSED: {Status.NOTICED},
    }

    centre = models.ForeignKey(Centre, models.PROTECT, related_name="+", verbose_name=_("centre"))
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+", verbose_name=_("clause"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by the leader")
    )
    kind = models.CharField(_("kind"), max_length=40)
    source = models.CharField(_("record"), max_length=80, blank=True)
    at = models.DateTimeField(_("at"))
    facts = models.JSONField(_("facts"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.NOTICED, editable=False
    )
    decided_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = BreachQuerySet.as_manager()

    class Meta:
        verbose_name = _("breach")
        verbose_name_plural = _("breaches")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["centre", "status", "-at"], name="breach_waiting_in_its_centre"),
            models.Index(fields=["centre", "clause", "status"], name="breach_open_against_a_clause"),
            models.Index(fields=["centre", "-decided_at"], name="breach_latest_decisions"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "clause", "person", "kind", "source"], name="breach_is_noticed_once"
            ),
            models.CheckConstraint(
                condition=Q(status="noticed", decided_by=None, decided_at=None)
                | Q(status__in=["confirmed", "excused"], decided_by__isnull=False, decided_at__isnull=False),
                name="decided_breach_has_decider_and_time",
                violation_error_message=_("A decision on a breach names who decided and when."),
            ),
            models.CheckConstraint(
                condition=~Q(status="excused", reason=""),
                name="excused_breach_has_a_reason",
                violation_error_message=_("Write the reason for excusing it."),
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("person")),
                name="nobody_decides_their_own_breach",
                violation_error_message=_("Nobody decides on their own breach. Ask a director."),
            ),
        ]

    def __str__(self):
        return self.sentence

    @property
    def sentence(self):
        return breaches.sentence(self.kind, self.facts)


class AcknowledgementQuerySet(models.QuerySet):
    def visible_to(self, person):
        """Their own to everybody, the centre's to directors."""
        if person.has_role(Role.DIRECTOR, Role.CENTRE_DIRECTOR):
            return self.filter(person__centre=person.centre_id)
        return self.filter(person=person)

    def people_without(self, centre, year):
        """The centre's people who have not acknowledged the conduct clauses in the year, by employee number."""
        done = self.filter(person__centre=centre, year=year).values("person")
        return Person.objects.active().filter(centre=centre).exclude(pk__in=done).select_related("team")


class Acknowledgement(models.Model):
    """A person has read the clauses of conduct and accepts them, for one calendar year of the centre."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("person"))
    year = models.PositiveSmallIntegerField(_("year"))
    at = models.DateTimeField(_("at"))
    edition = models.CharField(_("edition of the texts"), max_length=16)

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ["-year", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "year"],
                name="person_acknowledges_once_a_year",
                violation_error_message=_("You have already acknowledged the clauses of conduct this year."),
            )
        ]

    def __str__(self):
        return f"{self.person_id} {self.year}"

    @property
    def centre(self):
        return self.person.centre
