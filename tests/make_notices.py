"""Notices for tests."""

import datetime as dt

from notices import actions
from people.models import Role
from tests import make

NINE = make.at(9)
MONTH = dt.timedelta(days=30)


def director(*, centre=None):
    return make.person(role=Role.DIRECTOR, centre=centre, name="周主任")


def fields(
    *,
    title="国庆畅享包上线",
    body="今日零时起可办理。",
    kind="offer",
    audience="all",
    must_confirm=True,
    begins=NINE,
    ends=NINE + MONTH,
):
    return {
        "title": title,
        "body": body,
        "kind": kind,
        "audience": audience,
        "must_confirm": must_confirm,
        "in_force_from": begins,
        "in_force_until": ends,
    }


def draft(*, by=None, at=NINE, centre=None, teams=(), roles=(), shift_types=(), **options):
    by = by or director(centre=centre)
    members = {"teams": teams, "roles": roles, "shift_types": shift_types}
    audience = next((name for name, rows in members.items() if rows), "all")
    return actions.write(by=by, at=at, **members, **fields(**{"audience": audience, "begins": at, **options}))


def notice(*, by=None, at=NINE, centre=None, **options):
    """A published notice, in force from `at` unless `begins` says otherwise."""
    made = draft(by=by, at=at, centre=centre, **options)
    actions.publish(notice=made, by=made.written_by, at=at)
    made.refresh_from_db()
    return made


def revised(notice, *, body="今日八时起可办理。", at=NINE, by=None):
    by = by or notice.published_by
    actions.revise(notice=notice, title=notice.title, body=body, version=notice.version, by=by, at=at)
    notice.refresh_from_db()
    return notice


def answer_draft(*, by=None, at=NINE, centre=None, question="宽带断网怎么办", text="先看光猫。", keywords=""):
    by = by or director(centre=centre)
    return actions.write_answer(by=by, at=at, question=question, text=text, keywords=keywords)


def answer(*, at=NINE, **options):
    """A published answer, with its notice."""
    made = answer_draft(at=at, **options)
    return actions.publish_answer(answer=made, by=made.written_by, at=at)
