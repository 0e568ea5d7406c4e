"""Notices, their versions, whom they are for, and who has confirmed which."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import clock, words
from journal.models import AppendOnlyModel, AppendOnlyQuerySet
from notices.formatting import as_html
from people.models import Centre, OfCentreQuerySet, Role, RoleAssignment, Team
from shifts.models import Shift, ShiftType

# Who writes and publishes for everybody; a leader does for their own team.
PUBLISHERS = (Role.DIRECTOR, Role.CENTRE_DIRECTOR)
WRITERS = (Role.LEADER, *PUBLISHERS)
# A notice for a shift type is its people's from so long before their shift: in time to be read at its beginning.
BEFORE_A_SHIFT = dt.timedelta(hours=12)
# Who joins later than so many days after a version's publication is not held up by it: it is no longer news.
JOINERS_READ_BACK = dt.timedelta(days=30)
SHORT = 240  # characters that are read on the start page itself


def outer(person):
    """The same person, asked from one subquery deeper."""
    return OuterRef(person) if isinstance(person, OuterRef) else person


class NoticeQuerySet(OfCentreQuerySet):
    def visible_to(self, person):
        """Everybody reads what was published; a draft is its writer's and the directors'."""
        seen = ~Q(status=Notice.Status.DRAFT) | Q(written_by=person)
        if person.has_role(*PUBLISHERS):
            seen = Q()
        return super().visible_to(person).filter(seen)

    def in_force(self, at):
        return self.filter(Q(in_force_until=None) | Q(in_force_until__gt=at), status="published", in_force_from__lte=at)

    def meant_for(self, person, centre, at):
        """Those whose audience has the person in it. person: one, an id, or an OuterRef to one."""
        named = Addressee.objects.filter(notice=OuterRef("pk"))
        held = RoleAssignment.objects.on(clock.local_date(centre, at)).filter(person=outer(outer(person)))
        turns = Shift.objects.published().filter(
            centre=centre,
            starts_at__lte=at + BEFORE_A_SHIFT,
            ends_at__gt=OuterRef("in_force_from"),
            type__addressees__notice=OuterRef("pk"),
        )
        whose = Q(leader=outer(person)) | Q(assignments__person=outer(person))
        return self.filter(
            Q(audience=Notice.Audience.ALL)
            | Q(audience=Notice.Audience.TEAMS) & Q(Exists(named.filter(team__person=outer(person))))
            | Q(audience=Notice.Audience.ROLES) & Q(Exists(named.filter(role__in=held.values("role"))))
            | Q(audience=Notice.Audience.SHIFT_TYPES) & Q(Exists(turns.filter(whose))),
            centre=centre,
        )

    def unconfirmed_by(self, person):
        """Those of which the person has not confirmed the present version."""
        confirmed = Confirmation.objects.filter(
            version__notice=OuterRef("pk"), version__number=OuterRef("version"), person=outer(person)
        )
        return self.filter(~Exists(confirmed))

    def required_of(self, person, centre, at):
        """What the person must confirm before taking a desk. person: as in meant_for."""
        here = RoleAssignment.objects.filter(person=outer(person), from_on__lte=OuterRef("binds_joiners_until_on"))
        unread = self.filter(must_confirm=True).in_force(at).unconfirmed_by(person)  # most is read: asked first of all
        return unread.filter(Exists(here)).meant_for(person, centre, at)

    def waiting_for(self, person, at):
        """What the person has still to read and confirm, the oldest first."""
        return self.required_of(person.pk, person.centre, at).order_by("published_at", "pk")

    def with_names(self):
        return self.select_related("centre", "written_by", "published_by", "withdrawn_by")


class Notice(models.Model):
    """`title` and `body` are the newest text; each text that was ever published is a NoticeVersion.

    `version` is the number of the one that holds, 0 for a draft. A notice to confirm ends one day: what somebody must
    read before a shift stays a handful, however old the centre is.
    """

    class Kind(models.TextChoices):
        BUSINESS = "business", pgettext_lazy("notice", "business change")
        OFFER = "offer", pgettext_lazy("notice", "offer")
        INSTRUCTION = "instruction", pgettext_lazy("notice", "instruction")
        ANSWER = "answer", pgettext_lazy("notice", "unified answer")
        GENERAL = "general", pgettext_lazy("notice", "general")

    class Audience(models.TextChoices):
        ALL = "all", pgettext_lazy("audience", "everybody")
        TEAMS = "teams", pgettext_lazy("audience", "teams")
        ROLES = "roles", pgettext_lazy("audience", "roles")
        SHIFT_TYPES = "shift_types", pgettext_lazy("audience", "shifts")

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("notice", "draft")
        PUBLISHED = "published", pgettext_lazy("notice", "published")
        WITHDRAWN = "withdrawn", pgettext_lazy("notice", "withdrawn")

    MOVES = {Status.DRAFT: {Status.PUBLISHED}, Status.PUBLISHED: {Status.WITHDRAWN}}

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.GENERAL)
    title = models.CharField(pgettext_lazy("notice", "title"), max_length=200)
    body = models.TextField(pgettext_lazy("notice", "text"))
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, default=Audience.ALL)
    must_confirm = models.BooleanField(_("must be confirmed"), default=False)
    in_force_from = models.DateTimeField(pgettext_lazy("notice", "in force from"))
    in_force_until = models.DateTimeField(pgettext_lazy("notice", "in force until"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    binds_joiners_until_on = models.DateField(null=True, editable=False)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    written_at = models.DateTimeField(_("written at"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published at"), null=True, help_text=_("The version that holds."))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("withdrawn by")
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    reason = models.CharField(_("reason for the withdrawal"), max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["centre", "-id"], name="notice_newest_first"),
            models.Index(fields=["centre", "status", "in_force_until"], name="notice_in_force"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "withdrawn"]), name="notice_status_is_one_of_three"
            ),
            models.CheckConstraint(
                condition=Q(in_force_until__isnull=True) | Q(in_force_until__gt=F("in_force_from")),
                name="notice_ends_after_it_begins",
                violation_error_message=_("The notice ends before it begins. Correct one of the two."),
            ),
            models.CheckConstraint(
                condition=Q(must_confirm=False) | Q(in_force_until__isnull=False),
                name="notice_to_confirm_has_an_end",
                violation_error_message=_("Say until when a notice that must be confirmed is in force."),
            ),
            models.CheckConstraint(
                condition=Q(status="draft", version=0)
                | ~Q(status="draft")
                & Q(
                    version__gt=0,
                    published_by__isnull=False,
                    published_at__isnull=False,
                    binds_joiners_until_on__isnull=False,
                ),
                name="published_notice_has_version_publisher_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(reason=""),
                name="withdrawn_notice_has_reason_who_and_time",
                violation_error_message=_("Say why the notice is withdrawn: the reason stays on the record."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("notices:show_notice", args=[self.pk])

    @property
    def html(self):
        return as_html(self.body)

    @property
    def is_short(self):
        return len(self.body) <= SHORT

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def meant_words(self):
        """For whom it is, in words."""
        if self.audience == self.Audience.ALL:
            return self.get_audience_display()
        return words.pick("、", ", ").join(map(str, self.addressees.all()))

    def is_in_force(self, at):
        ended = self.in_force_until is not None and self.in_force_until <= at
        return self.status == self.Status.PUBLISHED and self.in_force_from <= at and not ended


class Addressee(models.Model):
    """One team, role or shift type of a notice's audience."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="addressees", verbose_name=_("notice"))
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="addressees", verbose_name=_("team")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, blank=True)
    shift_type = models.ForeignKey(
        ShiftType, models.PROTECT, null=True, blank=True, related_name="addressees", verbose_name=_("shift type")
    )

    class Meta:
        verbose_name = _("part of an audience")
        verbose_name_plural = _("parts of audiences")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "team"], condition=Q(team__isnull=False), name="team_is_addressed_once_by_a_notice"
            ),
            models.UniqueConstraint(
                fields=["notice", "role"], condition=~Q(role=""), name="role_is_addressed_once_by_a_notice"
            ),
            models.UniqueConstraint(
                fields=["notice", "shift_type"],
                condition=Q(shift_type__isnull=False),
                name="shift_type_is_addressed_once_by_a_notice",
            ),
            models.CheckConstraint(
                condition=Q(team__isnull=False, role="", shift_type__isnull=True)
                | ~Q(role="") & Q(team__isnull=True, shift_type__isnull=True)
                | Q(team__isnull=True, role="", shift_type__isnull=False),
                name="addressee_is_one_team_role_or_shift_type",
            ),
        ]

    def __str__(self):
        if self.role:
            return str(self.get_role_display())
        return self.team.name if self.team else self.shift_type.name


class NoticeVersion(AppendOnlyModel):
    """A text as it was published: what a confirmation is bound to."""

    notice = models.ForeignKey(
        Notice, models.PROTECT, related_name="versions", db_index=False, verbose_name=_("notice")
    )
    number = models.PositiveIntegerField(_("version"))
    title = models.CharField(pgettext_lazy("notice", "title"), max_length=200)
    body = models.TextField(pgettext_lazy("notice", "text"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("published by")
    )
    published_at = models.DateTimeField(_("published at"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a notice")
        verbose_name_plural = _("versions of notices")
        ordering = ["notice", "number"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "number"], name="version_number_is_unique_in_its_notice"),
            models.CheckConstraint(condition=Q(number__gt=0), name="version_of_a_notice_counts_from_one"),
        ]

    def __str__(self):
        return f"{self.title} ({self.number})"

    @property
    def html(self):
        return as_html(self.body)


class Confirmation(AppendOnlyModel):
    """Somebody says that they have read a version."""

    # Found through the unique pair, or with the version at hand.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False, verbose_name=_("person")
    )
    version = models.ForeignKey(
        NoticeVersion, models.PROTECT, related_name="confirmations", db_index=False, verbose_name=_("version")
    )
    at = models.DateTimeField(_("at"))

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="person_confirms_a_version_once"),
        ]

    def __str__(self):
        return f"{self.person_id} {self.version_id}"


class Nudge(models.Model):
    """When somebody was last asked to read a version, so that nobody is asked by the minute."""

    version = models.ForeignKey(NoticeVersion, models.CASCADE, related_name="nudges", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("nudge")
        verbose_name_plural = _("nudges")
        constraints = [
            models.UniqueConstraint(fields=["version", "person"], name="last_nudge_of_a_person_is_kept_once"),
        ]

    def __str__(self):
        return f"{self.person_id} {self.version_id}"
