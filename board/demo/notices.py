"""The demo centre's notices, its unified answers, and who has confirmed what: made in bulk, whatever its size."""

import datetime as dt

from board.demo import notice_stories as stories
from board.demo.month import BATCH
from callcentre import clock
from journal.actions import entry, record_all
from notices import actions
from notices.models import Addressee, Confirmation, Notice, NoticeVersion, UnifiedAnswer
from notices.models.notices import JOINERS_READ_BACK
from people.models import Person, Role

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
# Who has not yet confirmed the newest: 1105 would be refused the desk.
NOT_YET = ("1105", "1109", "1205", "1309")
ROLES = {"agents": [Role.AGENT], "leaders": [Role.LEADER]}
ANSWERS_EVERY = 6 * DAY
SMALL = 200  # people up to whom everybody's confirmations of what is long over are kept, too


class Board:
    """The centre's notice board at a moment."""

    def __init__(self, centre, at):
        self.centre, self.at = centre, at
        self.people = list(Person.objects.filter(centre=centre).order_by("employee_number"))
        for person in self.people:
            person.centre = centre
        holding = {role: Person.objects.filter(centre=centre).with_role(role, centre.opened_on) for role in Role}
        self.audiences = {"all": {person.pk for person in self.people}}
        for name, (role,) in ROLES.items():
            self.audiences[name] = set(holding[role].values_list("pk", flat=True))
        self.director = next(person for person in self.people if person.employee_number == "8001")
        self.rows = []  # of the journal

    def fill(self):
        answers = self.answers()
        self.publish([self.notice_of(story) for story in stories.NOTICES], [story[3] for story in stories.NOTICES])
        actions.index(answers)
        for number, words in enumerate(stories.SYNONYMS):
            at = self.at - 30 * DAY + number * MINUTE
            actions.keep_synonyms(words=words.split(), by=self.director, at=at)
        self.newest()

    def answers(self):
        """One every few days, the last one two days ago, each with its notice."""
        count = len(stories.ANSWERS)
        times = [self.at - 2 * DAY - number * ANSWERS_EVERY for number in range(count)][::-1]
        notices = [
            self.new_notice(at, "answer", True, at + actions.NOTICE_HOLDS, question, text)
            for at, (question, _keywords, text) in zip(times, stories.ANSWERS, strict=True)
        ]
        notices = self.publish(notices, ["agents"] * count)
        answers = [
            UnifiedAnswer(
                centre=self.centre,
                status=UnifiedAnswer.Status.PUBLISHED,
                question=question,
                text=text,
                keywords=keywords,
                notice=notice,
                written_by=self.director,
                changed_at=notice.published_at,
            )
            for notice, (question, keywords, text) in zip(notices, stories.ANSWERS, strict=True)
        ]
        answers = UnifiedAnswer.objects.bulk_create(answers, BATCH)
        for answer in answers:
            self.note("answer.published", answer, answer.changed_at, clause="meeting.2", notice=answer.notice_id)
        return answers

    def notice_of(self, story):
        days, hour, kind, _audience, must_confirm, holds, title, text = story
        on = clock.local_date(self.centre, self.at) - days * DAY
        at = clock.midnight(self.centre, on) + hour * HOUR
        return self.new_notice(at, kind, must_confirm, at + holds * DAY, title, text)

    def new_notice(self, at, kind, must_confirm, until, title, text):
        return Notice(
            centre=self.centre,
            status=Notice.Status.PUBLISHED,
            kind=kind,
            title=title,
            body=text,
            must_confirm=must_confirm,
            in_force_from=at,
            in_force_until=until,
            version=1,
            binds_joiners_until_on=clock.local_date(self.centre, at) + JOINERS_READ_BACK,
            written_by=self.director,
            written_at=at,
            published_by=self.director,
            published_at=at,
        )

    def publish(self, notices, audiences):
        """The notices with their audiences, their version and its confirmations."""
        for notice, audience in zip(notices, audiences, strict=True):
            notice.audience = Notice.Audience.ROLES if audience in ROLES else Notice.Audience.ALL
        notices = Notice.objects.bulk_create(notices, BATCH)
        named = zip(notices, audiences, strict=True)
        Addressee.objects.bulk_create(
            [Addressee(notice=notice, role=role) for notice, audience in named for role in ROLES.get(audience, ())],
            BATCH,
        )
        versions = NoticeVersion.objects.bulk_create(map(version_of, notices), BATCH)
        for notice, version, audience in zip(notices, versions, audiences, strict=True):
            self.note("notice.published", notice, notice.published_at, version=1)
            self.confirm(notice, version, self.audiences[audience])
        return notices

    def confirm(self, notice, version, audience, but=()):
        """Everybody of the audience within the day, one after the other."""
        if not notice.must_confirm or (not notice.is_in_force(self.at) and len(audience) > SMALL):
            return
        readers = [one for one in self.people if one.pk in audience and one.employee_number not in but]
        length = min(DAY, self.at - version.published_at) / (len(readers) + 1)
        confirmations = [
            Confirmation(person=person, version=version, at=version.published_at + place * length)
            for place, person in enumerate(readers, start=1)
        ]
        for row in Confirmation.objects.bulk_create(confirmations, BATCH):
            self.note("notice.confirmed", row, row.at, by=row.person, notice=notice.pk, version=version.number)

    def note(self, verb, obj, at, *, by=None, clause="handover.5", **facts):
        self.rows.append(entry(verb, obj, by=by or self.director, at=at, centre=self.centre, clause=clause, **facts))

    def newest(self):
        """Published within the last hours, and changed since: nearly everybody has read the changed text."""
        title, text = stories.NEWEST
        first, second = self.at - 100 * MINUTE, self.at - 50 * MINUTE
        notice = actions.write(
            by=self.director,
            at=first,
            roles=[Role.AGENT, Role.LEADER],
            kind=Notice.Kind.OFFER,
            title=title,
            body=stories.NEWEST_FIRST,
            audience=Notice.Audience.ROLES,
            must_confirm=True,
            in_force_from=first,
            in_force_until=clock.midnight(self.centre, clock.local_date(self.centre, self.at) + 21 * DAY),
        )
        actions.publish(notice=notice, by=self.director, at=first)
        revision = {"title": title, "body": text, "version": 1, "by": self.director, "at": second}
        version = actions.revise(notice=notice, **revision)
        notice.refresh_from_db()
        self.confirm(notice, version, self.audiences["agents"] | self.audiences["leaders"], but=NOT_YET)

    def close(self):
        self.rows.sort(key=lambda row: row.at)
        record_all(self.rows)


def version_of(notice):
    return NoticeVersion(
        notice=notice,
        number=1,
        title=notice.title,
        body=notice.body,
        published_by=notice.published_by,
        published_at=notice.published_at,
    )


def fill(centre, at):
    board = Board(centre, at)
    board.fill()
    board.close()
