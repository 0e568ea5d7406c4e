"""The requests and reports of a month: raised, instructed, carried out and closed; some went up to the director."""

from board.demo import past_stories
from board.demo.month import BATCH, MINUTE
from escalations import rules
from escalations.actions import CARRIED_OUT, CLOSED, GONE_UP, INSTRUCTED, RISEN, WAITS
from escalations.models import Case, Category, Instruction, Level, LevelKind, Party, Remark

AGENTS_A_CASE = 100  # a shift of a hundred raises about one
STAYS, GOES_UP, RISES = "stays", "goes up", "rises"
WAYS = (*[STAYS] * 8, GOES_UP, RISES)
NOT_YET = 0  # foreign keys are looked at when the transaction ends; the levels need their case first


def make(month):
    raised = [(turn, story) for turn in month.turns for story in stories_of(month, turn)]
    cases = Case.objects.bulk_create([new_case(month, turn, story) for turn, story in raised], BATCH)
    paths = [
        Path(month, turn, case, story, month.rng.choice(WAYS))
        for (turn, story), case in zip(raised, cases, strict=True)
    ]
    Level.objects.bulk_create([level for path in paths for level in path.levels], BATCH)
    Instruction.objects.bulk_create([path.instruction for path in paths], BATCH)
    Remark.objects.bulk_create([remark for path in paths for remark in path.remarks], BATCH)
    Party.objects.bulk_create([party for path in paths for party in path.parties], BATCH)
    for path in paths:
        path.case.level, path.case.instruction = path.level, path.instruction
        end(path)
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


def end(path):
    """Closed last of all: of an ended case nothing is changed any more."""
    path.case.status, path.case.waits_for, path.case.closed_at = Case.Status.CLOSED, None, path.closed_at


class Path:
    """One case's way: to the shift's leader, perhaps on to the director, who passed it up or for whom the timer did,
    and back."""

    def __init__(self, month, turn, case, story, way):
        self.month, self.case, self.way = month, case, way
        *_told, instruction, carried_out = story
        self.levels = self._levels(turn)
        self.level = self.levels[0 if way == STAYS else 1]
        by, self.instructed_at = self.level.person, self._within(self.level, 20, 95)
        self.carried_out_at, self.closed_at = self.instructed_at + 36 * MINUTE, self.instructed_at + 48 * MINUTE
        self.instruction = Instruction(case=case, level=self.level, text=instruction, by=by, at=self.instructed_at)
        self.remarks = [
            self._remark(Remark.Step.CARRIED_OUT, carried_out, case.reporter, self.carried_out_at),
            self._remark(Remark.Step.CLOSED, past_stories.CLOSING, by, self.closed_at),
        ]
        reached = [level.person for level in self.levels if level.reached_at]
        self.parties = [Party(case=case, person=person) for person in (case.reporter, *reached)]

    def _levels(self, turn):
        people = (turn.leader, self.month.people.director, self.month.people.centre_director)
        levels = [
            Level(case=self.case, order=order, kind=kind, person=person)
            for order, (kind, person) in enumerate(zip(LevelKind, people, strict=True), start=1)
        ]
        first, second, _third = levels
        self._reach(first, self.case.submitted_at)
        if self.way == RISES:
            first.passed_at = first.overdue_at = first.answer_due_at
        elif self.way == GOES_UP:
            first.passed_at, first.passed_by = self._within(first, 20, 60), turn.leader
            first.passed_reason = past_stories.PASSED_UP
        if first.passed_at:
            self._reach(second, first.passed_at)
        return levels

    def _reach(self, level, at):
        minutes = self.month.parameter(rules.minutes_parameter(self.case))
        level.reached_at = at
        level.answer_due_at, level.remind_at = rules.due_times(self.case, level, minutes, at)

    def _within(self, level, least, most):
        """A moment when so many per cent of the time for the level's answer are gone."""
        allowed = level.answer_due_at - level.reached_at
        return level.reached_at + allowed * self.month.some(least, most) / 100

    def _remark(self, step, text, by, at):
        return Remark(case=self.case, step=step, text=text, by=by, at=at)

    def note(self):
        """The journal's rows and the messages of the whole way."""
        case, leader, by = self.case, self.levels[0].person, self.level.person
        reporter, at = case.reporter, case.submitted_at
        self._note("drafted", reporter, at, restricted=True)
        self._note("submitted", reporter, at, clause=case.clause)
        self._tell(WAITS[Category(case.category)], leader, at, due_at=self.levels[0].answer_due_at.isoformat())
        if self.way != STAYS:
            self._note_the_climb(leader, self.levels[0].passed_at)
        self._note("instructed", by, self.instructed_at, clause="escalation.7", instruction=self.instruction.pk)
        self._tell(INSTRUCTED, reporter, self.instructed_at)
        carried_out, closed = self.remarks
        self._note("carried_out", reporter, self.carried_out_at, clause="escalation.7", remark=carried_out.pk)
        self._tell(CARRIED_OUT, by, self.carried_out_at)
        self._note("closed", by, self.closed_at, clause="escalation.7", remark=closed.pk)
        self._tell(CLOSED, reporter, self.closed_at)

    def _note_the_climb(self, leader, at):
        if self.way == RISES:
            self._note("risen", None, at, clause="escalation.6", level=1)
            self._tell(RISEN, leader, at)
        else:
            self._note("passed_up", leader, at, clause="escalation.6", level=1)
        self._tell(GONE_UP, self.case.reporter, at)

    def _note(self, verb, by, at, **facts):
        self.month.note(f"escalation.{verb}", self.case, by=by, at=at, **facts)

    def _tell(self, kind, person, at, **facts):
        case = self.case
        facts |= {"case": case.pk, "urgent": case.urgent, "link": case.get_absolute_url()}
        self.month.tell(kind, to=[person], at=at, **facts)
