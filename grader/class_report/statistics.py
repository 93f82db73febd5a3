"""What a class got right and wrong: counts of states and named mistakes, and what a human should look at.

A mistake counts once for each student and exercise where it was made; what is carried forward from an earlier
function is the same slip and does not count again.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from statistics import mean, median

from grader.outcome import HUMAN
from helpers import reference


@dataclass
class Mistake:
    """One named mistake in one exercise."""

    tag: str
    count: int
    share: float  # of those who attempted the exercise
    comment: str  # ready to be sent
    hint: str
    equation: str


@dataclass
class Misconception:
    """One named mistake in a whole assignment: each student counts once, wherever it was made."""

    mistake: Mistake
    exercises: list[str]


@dataclass
class Group:
    """Answers that are equal, and that no mistake explains: perhaps a new one, perhaps an unfair check."""

    assignment: str
    exercise: str
    state: str
    where: str | None
    members: list[str]  # students


@dataclass
class Exercise:
    """One graded function, over the class."""

    name: str
    quantity: str
    points: float
    mean: float  # share of its marks
    states: dict[str, int]
    mistakes: list[Mistake] = field(default_factory=list)
    carried: int = 0
    unnamed: int = 0
    attempts: float | None = None  # median
    minutes: float | None = None  # median

    @property
    def count(self):
        return sum(self.states.values())

    def share(self, state):
        return self.states.get(state, 0) / self.count if self.count else 0.0


@dataclass
class Room:
    """One assignment, over the class."""

    assignment: str
    handed_in: int
    graded: int
    marks: list[float]  # the share of the points, of each who was graded
    exercises: list[Exercise]
    misconceptions: list[Misconception]  # the most common first
    together: list[tuple]  # (mistake, mistake, students with both, with the first, with the second)
    groups: list[Group]
    human: list[tuple]  # (student, why)

    @property
    def mean(self):
        return mean(self.marks) if self.marks else None


def rooms(records):
    """Return the Rooms of all Records, in order."""
    by_room = defaultdict(list)
    for record in records:
        by_room[record.assignment].append(record)
    return [_room(assignment, by_room[assignment]) for assignment in sorted(by_room)]


def _room(assignment, records):
    graded = [record for record in records if record.outcome != HUMAN and record.functions]
    names = list(dict.fromkeys(name for record in graded for name in record.functions))
    known = reference.exercises(assignment) if assignment in reference.assignments() else names
    names.sort(key=lambda name: known.index(name) if name in known else len(known))
    return Room(
        assignment,
        len(records),
        len(graded),
        [record.marks / record.points for record in graded if record.points],
        [_exercise(assignment, name, [r.functions[name] for r in graded if name in r.functions]) for name in names],
        _misconceptions(assignment, graded),
        _together(graded),
        _groups(assignment, graded),
        [(record.student, "; ".join(record.flags)) for record in records if record.outcome == HUMAN],
    )


def _exercise(assignment, name, functions):
    about = reference.load(assignment, name)
    states = Counter(function.state for function in functions)
    tried = len(functions) - states["not attempted"]
    own = Counter(tag for f in functions if not f.carried for tag in tags(f))
    points = functions[0].points
    return Exercise(
        name,
        about.quantity,
        points,
        mean(f.marks / f.points if f.points else 0.0 for f in functions),
        dict(states),
        [_mistake(about, tag, count, tried) for tag, count in own.most_common()],
        sum(bool(f.carried) for f in functions),
        sum(f.state == "wrong" and not f.mistake for f in functions),
        _median(f.attempts for f in functions),
        _median(f.minutes for f in functions),
    )


def _misconceptions(assignment, graded):
    makers, places = defaultdict(set), defaultdict(Counter)
    for record in graded:
        for name, function in record.functions.items():
            for tag in tags(function) if not function.carried else ():
                makers[tag].add(record.student)
                places[tag][name] += 1
    found = []
    for tag, students in makers.items():
        names = [name for name, _ in places[tag].most_common()]
        words = reference.load(assignment, names[0])
        found.append(Misconception(_mistake(words, tag, len(students), len(graded)), names))
    return sorted(found, key=lambda m: (-m.mistake.count, m.mistake.tag))


def _mistake(about, tag, count, tried):
    words = about.words.get(tag)
    said = (words.message, words.hints[0] if words.hints else "", words.equation) if words else ("", "", "")
    return Mistake(tag, count, count / tried if tried else 0.0, *said)


def tags(function):
    """Return the tags of the mistakes that explain an answer: two, where it took two."""
    return function.mistake.split("+") if function.mistake else []


def _median(values):
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _together(graded):
    """Return the pairs of mistakes that the same students made more often than by chance, the closest first."""
    made = [{tag for f in r.functions.values() if not f.carried for tag in tags(f)} for r in graded]
    single = Counter(tag for student in made for tag in student)
    pairs = Counter(pair for student in made for pair in combinations(sorted(student), 2))
    close = [
        (a, b, both, single[a], single[b])
        for (a, b), both in pairs.items()
        if both > 1 and both * len(made) > single[a] * single[b]
    ]
    return sorted(close, key=lambda pair: (-pair[2] / (pair[3] + pair[4] - pair[2]), -pair[2]))[:10]


def _groups(assignment, graded):
    """Return the Groups of equal answers that are not right and that no mistake explains, the largest first."""
    found = defaultdict(list)
    for record in graded:
        for name, f in record.functions.items():
            if f.state not in ("right", "not attempted") and not f.mistake and not f.carried:
                found[name, f.state, f.where, f.answer].append(record.student)
    groups = [Group(assignment, name, s, where, who) for (name, s, where, _), who in found.items()]
    return sorted(groups, key=lambda group: (-len(group.members), group.exercise))
