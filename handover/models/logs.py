"""The shift's log: its sections' marks, the two signatures and the seal, and what is added later."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import clock
from handover.sections import Section
from people.models import Centre, OfCentreQuerySet, Role
from rulebook.evidence import evidence
from shifts import line
from shifts.models import Shift

WHOLE_LOG = _("The log of every shift: its sections, signed by both leaders and sealed")
evidence("record", ["meeting.1"], WHOLE_LOG)
evidence("record", ["handover.6"], WHOLE_LOG)
evidence(
    "record",
    ["handover.6"],
    _("Approved swaps and leave of the shift, and what its roll call found, stand in the log by themselves"),
)
evidence(
    "record",
    ["duty.4"],
    _("What is still open at the end of a shift: solved, or handed over by name"),
)
evidence(
    "record",
    ["duty.4"],
    _("Open requests, instructions and duties stand in the log by themselves, each with its owner"),
)

# Everybody but administrators, who see no customer data.
READERS = (Role.AGENT, Role.LEADER, Role.INSPECTOR, Role.DIRECTOR, Role.CENTRE_DIRECTOR, Role.SECURITY)


def person_field(label, **options):
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=label, **options)


def next_shift():
    """For each log the shift that takes over: the next of the same rotation, or of the same roster."""
    same = Q(roster__rotation=OuterRef("shift__roster__rotation")) | Q(
        roster=OuterRef("shift__roster"), roster__rotation=None
    )
    rows = Shift.objects.published().filter(same, centre=OuterRef("centre"), starts_at__gt=OuterRef("starts_at"))
    return rows.order_by("starts_at", "pk").values("pk")[:1]


class LogQuerySet(OfCentreQuerySet):
    def visible_to(self, person):
        rows = super().visible_to(person)
        return rows if person.has_role(*READERS) else rows.none()

    def with_names(self):
        """What a line about a log shows, in the same query."""
        return self.select_related("centre", "shift__type", "shift__team", "shift__leader")

    def with_signers(self):
        return self.select_related("submitted_by", "accepted_by", "sent_back_by")

    def with_next_shift(self):
        """`next_shift_id`: the shift that takes over, None where the roster has none."""
        return self.annotate(next_shift_id=Subquery(next_shift()))

    def seen_by(self, person):
        """`is_on_it`: whether the person leads the shift or is assigned to it."""
        mine = Shift.objects.with_on_it(person).filter(pk=OuterRef("shift"))
        return self.annotate(is_on_it=Exists(mine))

    def unaccepted(self):
        """Few at any time, however long the history: the index by status finds them."""
        return self.filter(status__in=(Log.Status.OPEN, Log.Status.SUBMITTED))

    def current(self, centre, at):
        """The log of the shift on duty, as a QuerySet of at most one."""
        shift = line.shift_on_duty(centre, at)
        return self.filter(shift=shift) if shift else self.none()

    def newest_first(self):
        return self.order_by("-starts_at", "-pk")

    def older_than(self, starts_at, pk):
        return self.filter(Q(starts_at__lt=starts_at) | Q(starts_at=starts_at, pk__lt=pk))

    def newer_than(self, starts_at, pk):
        return self.filter(Q(starts_at__gt=starts_at) | Q(starts_at=starts_at, pk__gt=pk))

    def of_day(self, centre, on):
        return self.filter(shift__in=Shift.objects.of_day(centre, on).order_by().values("pk"))

    def waiting_for(self, person, at):
        """What the person is to sign: as outgoing leader from half an hour before the end, then as incoming."""
        from handover import sides  # noqa: PLC0415 - sides needs these models

        return self.filter(pk__in=sides.waiting_for(person, at)).order_by("starts_at", "pk")


class Log(models.Model):
    """One shift's log. Opened by itself, submitted by the outgoing leader, accepted by the incoming one and sealed."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("log", "open")
        SUBMITTED = "submitted", pgettext_lazy("log", "submitted")
        ACCEPTED = "accepted", pgettext_lazy("log", "accepted")

    MOVES = {
        Status.OPEN: {Status.SUBMITTED},
        Status.SUBMITTED: {Status.OPEN, Status.ACCEPTED},
    }

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    shift = models.OneToOneField(Shift, models.PROTECT, related_name="log", verbose_name=_("shift"))
    starts_at = models.DateTimeField(_("starts"))  # the shift's, kept here to page by
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    submitted_by = person_field(_("submitted by"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    sent_back_by = person_field(_("sent back by"), null=True, blank=True)
    sent_back_at = models.DateTimeField(_("sent back at"), null=True, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    accepted_by = person_field(_("accepted by"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    late_told_at = models.DateTimeField(_("reported late at"), null=True, blank=True)
    raised_at = models.DateTimeField(_("reported to the centre director at"), null=True, blank=True)
    snapshot = models.TextField(_("sealed contents"), blank=True, editable=False)
    digest = models.CharField(_("seal"), max_length=64, blank=True, editable=False)
    pulled_in = models.JSONField(
        _("filled in by itself"), default=list, blank=True, editable=False, help_text=_("Kept at the submission.")
    )

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = _("handover log")
        verbose_name_plural = _("handover logs")
        indexes = [
            models.Index(fields=["centre", "-starts_at", "-id"], name="log_newest_of_centre"),
            models.Index(fields=["centre", "status"], name="log_of_centre_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["open", "submitted", "accepted"]), name="log_status_is_one_of_three"
            ),
            models.CheckConstraint(
                condition=Q(status="open") | Q(submitted_by__isnull=False, submitted_at__isnull=False),
                name="submitted_log_has_signer_and_time",
                violation_error_message=_("A submitted log says who submitted it and when."),
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted")
                | Q(accepted_by__isnull=False, accepted_at__isnull=False) & ~Q(digest="") & ~Q(snapshot=""),
                name="accepted_log_has_signer_time_and_seal",
                violation_error_message=_("An accepted log says who accepted it and when, and carries its seal."),
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | ~Q(accepted_by=F("submitted_by")),
                name="accepted_log_has_two_signers",
                violation_error_message=_("A log is accepted by somebody other than who submitted it."),
            ),
        ]

    def __str__(self):
        return str(self.shift)

    def get_absolute_url(self):
        return reverse("handover:show_log", args=[self.pk])

    @property
    def is_open(self):
        return self.status == self.Status.OPEN

    @property
    def is_submitted(self):
        return self.status == self.Status.SUBMITTED

    @property
    def is_accepted(self):
        return self.status == self.Status.ACCEPTED

    @property
    def on(self):
        return clock.local_date(self.centre, self.starts_at)


class OfLogQuerySet(models.QuerySet):
    def visible_to(self, person):
        rows = self.filter(log__centre=person.centre_id)
        return rows if person.has_role(*READERS) else rows.none()


class Mark(models.Model):
    """What a named person says about a whole section: that there is nothing to report (无), or that it is accepted."""

    class Kind(models.TextChoices):
        NOTHING = "nothing", _("nothing to report")
        ACCEPTED = "accepted", pgettext_lazy("section", "accepted")

    log = models.ForeignKey(Log, models.PROTECT, related_name="marks", verbose_name=_("log"))
    section = models.CharField(_("section"), max_length=20, choices=Section.choices)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    by = person_field(_("by"))
    at = models.DateTimeField(_("at"))

    objects = OfLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("mark on a section")
        verbose_name_plural = _("marks on sections")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["log", "section", "kind"], name="section_is_marked_once"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="marked_section_is_one_of_the_seven"),
            models.CheckConstraint(condition=Q(kind__in=["nothing", "accepted"]), name="mark_is_nothing_or_accepted"),
        ]

    def __str__(self):
        return f"{self.log_id} {self.section} {self.kind}"


class Addendum(models.Model):
    """What is added to a sealed log. It is never changed itself."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="addenda", verbose_name=_("log"))
    text = models.TextField(_("text"))
    author = person_field(_("author"))
    at = models.DateTimeField(_("at"))

    objects = OfLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("addendum")
        verbose_name_plural = _("addenda")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="addendum_says_something")]

    def __str__(self):
        return f"{self.log} +{self.pk}"
