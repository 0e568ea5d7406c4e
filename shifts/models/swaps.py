"""Swaps: a person gives a shift of theirs to another, for one in return or for nothing."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from callcentre import clock
from people.models import Centre, OfCentreQuerySet, Role, Team
from shifts import deciding
from shifts.models.rosters import Shift


class SwapQuerySet(OfCentreQuerySet):
    def visible_to(self, person):
        """Those who decide on swaps see all of the centre, everybody else those they have a part in."""
        mine = Q(giver=person) | Q(taker=person) | Q(offered_by=person)
        if person.team_id:
            mine |= Q(team=person.team_id, status=Swap.Status.OFFERED)
        rows = super().visible_to(person)
        return rows if deciding.sees_all(person) else rows.filter(mine)

    def waiting_for(self, person, at):
        """What the person is to answer, could take, or is to decide; what lapses first comes first."""
        on = clock.local_date(person.centre, at)
        open_ = self.open().filter(expires_at__gt=at, centre=person.centre_id).exclude(giver=person)
        mine = Q(status=Swap.Status.OFFERED, taker=person)
        to_decide = Q(status=Swap.Status.ACCEPTED) & ~Q(taker=person) & ~Q(offered_by=person)
        to_decide &= deciding.decidable(person, on, "giver", "taker")
        wanted = mine | to_decide
        if person.team_id:
            turn = Q(gives__leader=F("giver")) if person.has_role(Role.LEADER) else ~Q(gives__leader=F("giver"))
            wanted |= turn & Q(status=Swap.Status.OFFERED, taker=None, team=person.team_id)
        return open_.filter(wanted).with_names().order_by("expires_at", "pk")

    def lapsed(self, at):
        return self.open().filter(expires_at__lte=at)

    def open(self):
        return self.filter(status__in=Swap.OPEN)

    def approved(self):
        return self.filter(status=Swap.Status.APPROVED)

    def with_names(self):
        return self.select_related(
            "centre",
            "giver",
            "taker",
            "team",
            "gives__centre",
            "gives__type",
            "gives__team",
            "takes__type",
            "takes__team",
            "offered_by",
            "decided_by",
        )


class Swap(models.Model):
    """`giver` gives the shift `gives` to `taker`, for `takes` in return or for nothing.

    An offer to a `team` has no taker until one of it accepts. Until it is decided, it lapses at `expires_at`.
    """

    class Status(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("swap", "offered")
        ACCEPTED = "accepted", pgettext_lazy("swap", "accepted")
        APPROVED = "approved", pgettext_lazy("swap", "approved")
        DECLINED = "declined", pgettext_lazy("swap", "declined")
        REFUSED = "refused", pgettext_lazy("swap", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("swap", "withdrawn")
        EXPIRED = "expired", pgettext_lazy("swap", "expired")

    OPEN = (Status.OFFERED, Status.ACCEPTED)
    MOVES = {
        Status.OFFERED: {Status.ACCEPTED, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED},
        Status.ACCEPTED: {Status.APPROVED, Status.REFUSED, Status.WITHDRAWN, Status.EXPIRED},
    }

    centre = models.ForeignKey(Centre, models.PROTECT, db_index=False, verbose_name=_("centre"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.OFFERED)
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("gives"))
    gives = models.ForeignKey(Shift, models.PROTECT, related_name="swaps_away", verbose_name=_("shift given"))
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("takes")
    )
    takes = models.ForeignKey(
        Shift, models.PROTECT, null=True, blank=True, related_name="swaps_back", verbose_name=_("shift in return")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("offered to the team")
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("offered by")
    )
    offered_at = models.DateTimeField(_("offered at"))
    expires_at = models.DateTimeField(_("lapses at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    objects = SwapQuerySet.as_manager()

    class Meta:
        verbose_name = _("swap")
        verbose_name_plural = _("swaps")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["centre", "-id"], name="swap_newest_first"),
            models.Index(fields=["status", "expires_at"], name="swap_by_lapse"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "gives"],
                condition=Q(status__in=["offered", "accepted"]),
                name="a_turn_is_offered_once_at_a_time",
                violation_error_message=_("This shift is on offer already. Withdraw that offer first."),
            ),
            models.CheckConstraint(
                condition=~Q(giver=F("taker")),
                name="nobody_swaps_with_themselves",
                violation_error_message=_("Nobody swaps with themselves. Choose somebody else."),
            ),
            models.CheckConstraint(
                condition=Q(taker__isnull=False) | Q(team__isnull=False), name="swap_is_offered_to_somebody_or_a_team"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "approved", "refused"])
                | Q(taker__isnull=False, accepted_at__isnull=False),
                name="accepted_swap_has_taker_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "refused"])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="decided_swap_has_decider_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(decided_by=F("giver")) & ~Q(decided_by=F("taker")) | Q(decided_by__isnull=True),
                name="nobody_decides_their_own_swap",
                violation_error_message=_("Nobody decides their own swap."),
            ),
        ]

    def __str__(self):
        return str(_("Swap no. %(number)s")) % {"number": self.pk}

    def get_absolute_url(self):
        return reverse("shifts:show_swap", args=[self.pk])

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def is_offered(self):
        return self.status == self.Status.OFFERED

    @property
    def is_accepted(self):
        return self.status == self.Status.ACCEPTED

    @property
    def due_at(self):
        """When it lapses: what the start page sorts by."""
        return self.expires_at

    @property
    def shifts(self):
        """The shift given and, where there is one, the shift in return."""
        return [shift for shift in (self.gives, self.takes) if shift]
