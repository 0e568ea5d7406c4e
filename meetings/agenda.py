"""The two series of meetings as their clauses describe them: time of day, who must attend, the points of the agenda.

A point is known by its key and is never reworded, for old minutes stand under it: another one is added with a new key.
"""

import dataclasses
import datetime as dt

from callcentre.words import pick
from people.models import Role


@dataclasses.dataclass(frozen=True)
class Point:
    key: str
    zh: str
    en: str

    @property
    def text(self):
        return pick(self.zh, self.en)


@dataclasses.dataclass(frozen=True)
class Plan:
    rule: str  # the code of the duty rule that dates it
    clause: str
    time: dt.time  # the rulebook names none: its chair may move a meeting
    roles: tuple  # who must attend; the department director is in the chair
    points: tuple


PLANS = {
    "weekly": Plan(
        rule="weekly_meeting",
        clause="meeting.2",
        time=dt.time(14),
        roles=(Role.LEADER,),
        points=(
            Point("service", "服务讲评", "Review of service"),
            Point("safety", "安全讲评", "Review of safety"),
            Point("conduct", "作风讲评", "Review of conduct"),
            Point("training", "培训讲评", "Review of training"),
            Point("attendance", "考勤讲评", "Review of attendance"),
            Point("business", "业务通报", "Business report"),
            Point("hard_cases", "疑难案例分析", "Analysis of hard cases"),
            Point("unified_answers", "统一答复口径", "One agreed answer for each case"),
        ),
    ),
    "monthly": Plan(
        rule="monthly_meeting",
        clause="meeting.3",
        time=dt.time(15),
        roles=(Role.AGENT, Role.LEADER, Role.CENTRE_DIRECTOR),
        points=(
            Point("results", "当月任务完成情况", "The month’s results"),
            Point("rewards", "质检奖优罚劣", "Rewards and penalties from quality checks"),
            Point("team_reports", "各班组汇报并指出问题", "Each team’s report and problems"),
            Point("training", "业务培训与疑难解答", "Training, and answers to hard questions"),
            Point("next_month", "下月计划与目标", "Next month’s plan and goals"),
        ),
    ),
}
SERIES_OF_RULE = {plan.rule: series for series, plan in PLANS.items()}
POINTS = {(series, point.key): point for series, plan in PLANS.items() for point in plan.points}


def series_of(roles):
    """The series that somebody with these roles must attend."""
    return [series for series, plan in PLANS.items() if not set(plan.roles).isdisjoint(roles)]
