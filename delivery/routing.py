"""Which channels an announcement goes through: decided once, when the relay takes it from the outbox."""

import dataclasses

from callcentre import clock
from delivery import rules, topics
from delivery.models import Channel, Dispatch, MailChoice
from people.models import RoleAssignment


@dataclasses.dataclass(frozen=True)
class Recipient:
    pk: int
    team: int | None
    has_email: bool


def dispatches_of(announcement, recipients):
    """The rows to make, in at most five statements; one where the centre has no channel."""
    topic = topics.topic_of(announcement.kind)
    if topic is None:
        return []
    channels = list(Channel.objects.listening(announcement.centre_id).prefetch_related("teams"))
    robots = [channel for channel in channels if not channel.is_mail and not announcement.restricted]
    made = [_row(announcement, channel) for channel in _told(robots, announcement, topic, recipients)]
    for channel in channels:
        if channel.is_mail and topic in channel.topics and (announcement.urgent or not channel.only_urgent):
            made += [_row(announcement, channel, person_id=pk) for pk in _mailed(recipients, topic)]
    return made


def _row(announcement, channel, person_id=None):
    return Dispatch(
        centre_id=announcement.centre_id,
        channel=channel,
        announcement=announcement,
        person_id=person_id,
        urgent=announcement.urgent,
        restricted=announcement.restricted,
        due_at=announcement.at,
    )


def _told(robots, announcement, topic, recipients):
    if not robots:
        return []
    teams = {recipient.team for recipient in recipients}
    roles = set()
    if any(channel.roles for channel in robots):
        on = clock.local_date(announcement.centre, announcement.at)
        pks = [recipient.pk for recipient in recipients]
        roles = set(RoleAssignment.objects.on(on).filter(person__in=pks).values_list("role", flat=True))
    return [
        channel
        for channel in robots
        if rules.hears(
            channel,
            topic,
            urgent=announcement.urgent,
            teams=teams,
            roles=roles,
            heard_teams={team.pk for team in channel.teams.all()},
        )
    ]


def _mailed(recipients, topic):
    """Ids of those with an address who want the topic by e-mail."""
    pks = [recipient.pk for recipient in recipients if recipient.has_email]
    chosen = dict(MailChoice.objects.filter(person__in=pks).values_list("person", "topics")) if pks else {}
    return [pk for pk in pks if topic in chosen.get(pk, topics.MAILED)]
