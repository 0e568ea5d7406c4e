"""Sending through one channel: taken in hand by one relay, each row claimed before it goes, settled after.

A relay that is killed between the endpoint's answer and the settling leaves its rows *being sent*; they go again after
LOST. So outside it is at least once, and twice only then; the bell is exactly once.
"""

import contextlib
import datetime as dt
import random

from django.db import transaction
from django.db.models import F, Q

from callcentre import clock
from callcentre.states import move_all
from delivery import endpoints, failures, rules
from delivery.channel_actions import tell_of_failure
from delivery.failures import Failure
from delivery.letters import TEST, letter_of
from delivery.models import Channel, Dispatch, MailChoice

LEASE = dt.timedelta(seconds=60)  # longer than one message can take
LOST = dt.timedelta(minutes=2)
MOST = 200  # rows that go together
Status = Dispatch.Status


def channels_with_work(at):
    return list(Channel.objects.with_work(at, at - LOST).values_list("pk", flat=True))


def work(pk, now=clock.now):
    """Send what waits for the channel, unless another relay has it in hand. now: what says the time."""
    at = now()
    if not take(Q(busy_until=None) | Q(busy_until__lte=at), pk, at):
        return
    channel = Channel.objects.select_related("centre").get(pk=pk)
    try:
        give_back_lost(channel, at)
        with contextlib.closing(endpoints.endpoint_of(channel)) as endpoint:
            while post_next(channel, endpoint, at):
                at = now()
                if not take(Q(busy_until=channel.busy_until), pk, at):
                    return
                channel.busy_until = at + LEASE
    finally:
        Channel.objects.filter(pk=pk, busy_until=channel.busy_until).update(busy_until=None)


def take(held, pk, at):
    return Channel.objects.filter(held, pk=pk).update(busy_until=at + LEASE)


def give_back_lost(channel, at):
    """Rows that a relay had taken up when it was stopped: again, or given up where that was the last try."""
    lost = Dispatch.objects.filter(channel=channel, claimed_at__lt=at - LOST)
    move_all(lost.filter(tries__gte=failures.MOST_TRIES), Status.SENDING, Status.FAILED, error="lost")
    move_all(lost, Status.SENDING, Status.WAITING, error="lost")


def post_next(channel, endpoint, at):
    """Send one message, of one row or of several. Returns whether to go on."""
    rows = wanted(channel, at)
    recent = rules.lately(channel.recent, at)
    budget = rules.A_MINUTE[channel.kind] - len(recent)
    if rows and budget <= 0:
        change(channel, retry_at=dt.datetime.fromisoformat(recent[0]) + rules.MINUTE)
        return False
    if channel.is_mail:
        batches = rules.by_person(rows, budget)
    else:
        batches = rules.batches(rows, budget, recovering=channel.failures > 0)
    if not batches:
        return False
    rows = claim(batches[0], at)
    if not rows:
        return True  # dropped meanwhile
    channel.recent = [*recent, at.isoformat()]
    try:
        endpoint.post(letter_of(rows, *addressed(channel, rows[0])), at)
    except Failure as failure:
        settle_failed(channel, rows, failure, at)
        return not failure.of_channel
    settle_sent(channel, rows, at)
    return True


def addressed(channel, row):
    return (row.person.language, row.person.email) if row.person_id else (channel.language, "")


def wanted(channel, at):
    """What may go now. Rows in somebody's quiet hours are put off to their end, those nobody wants any more dropped."""
    rows = list(Dispatch.objects.waiting(channel, at)[:MOST])
    gone = [row.pk for row in rows if row.person_id and not (row.person.is_active and row.person.email)]
    if gone:
        move_all(Dispatch.objects.filter(pk__in=gone), Status.WAITING, Status.DROPPED)
    quiet = MailChoice.objects.filter(person__in={row.person_id for row in rows if row.person_id})
    quiet = {pk: times for pk, *times in quiet.values_list("person", "quiet_from", "quiet_until")}
    kept, later = [], {}
    for row in rows:
        if row.pk in gone:
            continue
        due_at = earliest(channel, row, [quiet[row.person_id]] if row.person_id in quiet else [], at)
        if due_at > at:
            later.setdefault(due_at, []).append(row.pk)
        else:
            kept.append(row)
    for due_at, pks in later.items():
        Dispatch.objects.filter(pk__in=pks, status=Status.WAITING).update(due_at=due_at)
    return kept


def earliest(channel, row, quiet, at):
    return rules.earliest(
        at,
        urgent=row.urgent or row.announcement.kind == TEST,
        kind=channel.kind,
        quiet=[(channel.quiet_from, channel.quiet_until), *quiet],
        centre=channel.centre,
        share=chance(),
    )


def claim(rows, at):
    """Those of the rows that are still waiting: from now on being sent, by us alone."""
    pks = [row.pk for row in rows]
    waiting = Dispatch.objects.filter(pk__in=pks)
    move_all(waiting, Status.WAITING, Status.SENDING, claimed_at=at, tries=F("tries") + 1)
    ours = set(waiting.filter(status=Status.SENDING, claimed_at=at).values_list("pk", flat=True))
    return [row for row in rows if row.pk in ours]


@transaction.atomic
def settle_sent(channel, rows, at):
    move_all(of(rows), Status.SENDING, Status.SENT, sent_at=at, error="")
    change(channel, failures=0, retry_at=None, last_success_at=at, recent=channel.recent)


@transaction.atomic
def settle_failed(channel, rows, failure, at):
    """Back to waiting, each longer than before, or given up after the last try."""
    move_all(of(rows).filter(tries__gte=failures.MOST_TRIES), Status.SENDING, Status.FAILED, error=failure.code)
    for row in rows:
        wait = rules.wait_after(row.tries + 1, chance())
        move_all(of([row]), Status.SENDING, Status.WAITING, error=failure.code, due_at=at + wait)
    changes = {"last_error_at": at, "last_error": failure.code, "recent": channel.recent}
    if failure.of_channel:
        count = channel.failures + 1
        wait = max(rules.wait_after(count, chance()), dt.timedelta(seconds=failure.wait))
        changes |= {"failures": count, "retry_at": at + wait}
    change(channel, **changes)
    if failure.of_channel and channel.failures == failures.TELL_AFTER:
        tell_of_failure(channel=channel, at=at)


def of(rows):
    return Dispatch.objects.filter(pk__in=[row.pk for row in rows])


def change(channel, **changes):
    for name, value in changes.items():
        setattr(channel, name, value)
    Channel.objects.filter(pk=channel.pk).update(**changes)


def chance():
    return random.random()  # noqa: S311 - spreads messages over time, is no secret
