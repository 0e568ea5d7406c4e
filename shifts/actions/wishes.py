"""The verbs of wishes: what somebody asks of a roster that is still to be made."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from journal.actions import record
from journal.verbs import verbs
from people.models import Person
from shifts import rules, wishes
from shifts.models import Wish

verbs({"wish.made": _("wished"), "wish.withdrawn": _("took the wish back")})


@transaction.atomic
def make_wish(*, on, kind, by, at, type=None, weight=1):
    """The person's one wish for the day, in place of an earlier one. type: a shift type, None for any or for the day.

    Raises Refused: "wish_of_unplanned", "wish_day_begun", "wish_too_far", "wish_published", "wish_points_spent".
    """
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)  # of two at once, the second sees the first's points
    spent = wishes.points_spent(by, on)
    rules.check_wish(by, on, is_published=is_published(by, on), spent=spent, weight=weight, at=at)
    values = {"kind": kind, "type": type, "weight": weight, "made_at": at}
    wish, _created = Wish.objects.update_or_create(person=by, on=on, defaults={"centre": by.centre, **values})
    record("wish.made", wish, by=by, at=at, on=str(on), kind=str(kind), type=type and type.pk, weight=weight)
    return wish


@transaction.atomic
def withdraw_wish(*, wish, by, at):
    """Take the wish back. Raises Refused: "wish_not_yours", "wish_day_begun", "wish_published"."""
    rules.check_withdraw_wish(wish, by, is_published=is_published(by, wish.on), at=at)
    record("wish.withdrawn", wish, by=by, at=at, on=str(wish.on))
    wish.delete()


def is_published(person, on):
    return on in wishes.published_days(person, on, on)
