"""The requests and reports of a month: raised, instructed, carried out and closed; some went up to the director."""

from board.demo import past_stories
from board.demo.month import BATCH, MINUTE
from escalations import rules
from escalations.actions import CARRIED_OUT, CLOSED, GONE_UP, INSTRUCTED, WAITS
from escalations.models import Case, Category, Instruction, Level, LevelKind, Party, Remark

AGENTS_A_CASE = 100  # a shift of a hundred raises about one
NOT_YET = 0  # foreign keys are looked at when the transaction ends; the levels need their case first


def make(month):
    raised = [(turn, story) for turn in month.turns for story in stories_of(month, turn)]
    cases = Case.objects.bulk_create([new_case(month, turn, story) for turn, story in raised], BATCH)
    paths = [
        Path(month, turn, case, story, month.rng.random() < 0.15)
        for (turn, story), case in zip(raised, cases, strict=True)
    ]
    Level.objects.bulk_create([level for path in paths for level in path.levels], BATCH)
    Instruction.objects.bulk_create([path.instruction for path in paths], BATCH)
    Remark.objects.bulk_create([remark for path in paths for remark in path.remarks], BATCH)
    Party.objects.bulk_create([party for path in paths for party in path.parties], BATCH)
    for path in paths:
        path.case.level, path.case.instruction = path.level, path.instruction
        end(path.case)
    Case.objects.bulk_update(cases, ["level", "instruction", "status", "waits_for", "closed_at"], 200)
    for path in paths:
        path.note()


def stories_of(month, turn):
    expected = len(turn.crew) / AGENTS_A_CASE
    count = int(expected) + (month.rng.random() < expected % 1)
    return [month.rng.choice(past_stories.CASES) for _case in range(count)]


def new_case(month, turn, story):
    category, happened, handling, *_answers = story
    at = turn.at(month.some(10, 400))
    return Case(
        centre=month.centre,
        kind="report" if category == Category.SERIOUS_ERROR else "request",
        category=category,
        urgent=category == Category.DANGER,
        what_happened=happened,
        happened_at=at - 3 * MINUTE,
        proposed_handling=handling,
        reporter=month.rng.choice(turn.crew),
        shift=turn.shift,
        status=Case.Status.CARRIED_OUT,
        level_id=NOT_YET,
        instruction_id=NOT_YET,
        waits_for=turn.shift.leader,
        created_at=at,
        submitted_at=at,
    )


def end(case):
    """Closed last of all: of an ended case nothing is changed any more."""
    case.status, case.waits_for, case.closed_at = Case.Status.CLOSED, None, case.submitted_at + 64 * MINUTE


class Path:
    """One case's way: to the shift's leader, perhaps on to the director, and back."""

    def __init__(self, month, turn, case, story, goes_up):
        self.month, self.case, self.at, self.goes_up = month, case, case.submitted_at, goes_up
        *_told, instruction, carried_out = story
        self.levels = self._levels(turn)
        self.level = self.levels[1 if goes_up else 0]
        by = self.level.person
        self.instruction = Instruction(case=case, level=self.level, text=instruction, by=by, at=self.at + 16 * MINUTE)
        self.remarks = [
            self._remark(Remark.Step.CARRIED_OUT, carried_out, case.reporter, 52),
            self._remark(Remark.Step.CLOSED, past_stories.CLOSING, by, 64),
        ]
        reached = [level.person for level in self.levels if level.reached_at]
        self.parties = [Party(case=case, person=person) for person in (case.reporter, *reached)]

    def _levels(self, turn):
        people = (turn.leader, self.month.people.director, self.month.people.centre_director)
        levels = [
            Level(case=self.case, order=order, kind=kind, person=person)
            for order, (kind, person) in enumerate(zip(LevelKind, people, strict=True), start=1)
        ]
        self._reach(levels[0], self.at)
        if self.goes_up:
            left_at = self.at + 9 * MINUTE
            levels[0].passed_at, levels[0].passed_by = left_at, turn.leader
            levels[0].passed_reason = past_stories.PASSED_UP
            self._reach(levels[1], left_at)
        return levels

    def _reach(self, level, at):
        minutes = self.month.parameter(rules.minutes_parameter(self.case))
        level.reached_at = at
        level.answer_due_at, level.remind_at = rules.due_times(self.case, level, minutes, at)

    def _remark(self, step, text, by, minutes):
        return Remark(case=self.case, step=step, text=text, by=by, at=self.at + minutes * MINUTE)

    def note(self):
        """The journal's rows and the messages of the whole way."""
        reporter, leader, by = self.case.reporter, self.levels[0].person, self.level.person
        self._note("drafted", reporter, 0, restricted=True)
        self._note("submitted", reporter, 0, clause=self.case.clause)
        self._tell(WAITS[Category(self.case.category)], leader, 0, due_at=self.levels[0].answer_due_at.isoformat())
        if self.goes_up:
            self._note("passed_up", leader, 9, clause="escalation.6", level=1)
            self._tell(GONE_UP, reporter, 9)
        self._note("instructed", by, 16, clause="escalation.7", instruction=self.instruction.pk)
        self._tell(INSTRUCTED, reporter, 16)
        carried_out, closed = self.remarks
        self._note("carried_out", reporter, 52, clause="escalation.7", remark=carried_out.pk)
        self._tell(CARRIED_OUT, by, 52)
        self._note("closed", by, 64, clause="escalation.7", remark=closed.pk)
        self._tell(CLOSED, reporter, 64)

    def _note(self, verb, by, minutes, **facts):
        self.month.note(f"escalation.{verb}", self.case, by=by, at=self.at + minutes * MINUTE, **facts)

    def _tell(self, kind, person, minutes, **facts):
        case = self.case
        facts |= {"case": case.pk, "urgent": case.urgent, "link": case.get_absolute_url()}
        self.month.tell(kind, to=[person], at=self.at + minutes * MINUTE, **facts)
