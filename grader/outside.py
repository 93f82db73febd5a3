"""Judge a notebook outside the student's process: its cells run in the sandbox, its answers are judged here.

What the student's process prints, displays or returns reaches the marks by one way alone: as the plain data that a
graded function returns, compared here with the reference outputs.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field, replace

from nbformat.v4 import new_output
from nbgrader.utils import is_grade, is_solution

from grader.sandbox.session import Died, Ran
from helpers import answers, reference
from helpers.asking import Answer
from helpers.judging import carried_from, judge, judge_design
from helpers.portable import pack
from helpers.verdict import Verdict

CHECK = re.compile(r"""check\(\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']\s*,\s*(\w+)""")
RESTARTS = 4
SHOWN = ("text/plain", "text/html", "text/latex", "text/markdown", "image/png", "image/jpeg")
CHANCE = re.compile(r"\b(random|rand\w*|time|datetime|secrets|uuid\w*|urandom|getpid|hash|id|environ)\b")


@dataclass
class Judged:
    """A notebook that has been run and judged."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)  # graded function -> its verdict
    flags: list[str] = field(default_factory=list)


class Judging:
    """The run of one notebook in a session of the sandbox, and what its functions answered."""

    def __init__(self, session, assignment):
        self.session, self.assignment = session, assignment
        self.ended_well, self.restarts = [], 0  # the sources of the cells to run again in a fresh worker
        self.judged, self.found, self.answered, self.stopped = Judged(), {}, {}, {}

    def judge(self, nb):
        """Run and judge all cells of ``nb``, replacing their outputs; return what was found."""
        tests = []
        for cell in nb.cells:
            if cell.cell_type == "code":
                if is_test(cell) and CHECK.search(cell.source):
                    self._test(cell)
                    tests.append(cell)
                else:
                    self._run(cell)
                    if is_test(cell):
                        self.judged.flags.append(f"{cell.id} is an ordinary test, run in the student's process")
        for cell in tests:
            self._test_again(cell)
        return self.judged

    # --- cells -------------------------------------------------------------------------------------

    def _run(self, cell):
        try:
            ran = self.session.run(cell.source)
            if not ran.failed:
                self.ended_well.append(cell.source)
        except Died as death:
            ran = Ran([error("Stopped", f"{death}: what comes after goes on without it")])
            self._restart()
        cell.outputs, cell.execution_count = cleaned(ran.outputs), ran.count
        defined = re.findall(r"^def (\w+)", cell.source, re.MULTILINE)
        failures = [output for output in cell.outputs if output.output_type == "error"]
        self.stopped |= dict.fromkeys(defined, f"{failures[0].ename}: {failures[0].evalue}" if failures else None)

    def _restart(self):
        """Start a fresh worker, and run again the cells that ended well."""
        self.restarts += 1
        self.judged.flags.append("its process had to be stopped")
        if self.restarts > RESTARTS or self.session.over:
            return self.session.end()
        self.session.start()
        for source in self.ended_well:
            with suppress(Died):
                self.session.run(source)
        return None

    # --- graded functions --------------------------------------------------------------------------

    def _test(self, cell):
        _, name, function = CHECK.search(cell.source).groups()
        exercise = reference.load(self.assignment, name)
        given = self._ask(exercise, function)
        self.answered[name] = given
        verdict = self._verdict(exercise, given)
        self._show(cell, verdict)

    def _test_again(self, cell):
        """Ask at the end once more: an answer that stands below its check counts, one that has changed is flagged."""
        _, name, function = CHECK.search(cell.source).groups()
        first, verdict = self.answered[name], self.judged.verdicts[name]
        if self.restarts > RESTARTS or any(map(_was_stopped, first or ())):
            return
        exercise = reference.load(self.assignment, name)
        given = self._ask(exercise, function)
        if not verdict.passed and (later := self._verdict(exercise, given)).passed:
            self.judged.flags.append(f"{name} was right below its check")
            self._show(cell, later)
        elif first and given and verdict.state == "right" and not _alike(first, given):
            self.judged.flags.append(f"{name} gives different answers when it is asked again")

    def _ask(self, exercise, function):
        """Return the Answers to all cases, or None where there is no such function."""
        given = []
        for case in exercise.cases:
            if self.restarts > RESTARTS:
                return [Answer(error="its process was stopped too often")] * len(exercise.cases)
            try:
                answer = self.session.ask(function, exercise.kind, exercise.given, case.inputs)
            except Died as death:
                self._restart()
                answer = Answer(error=f"it had to be stopped: {death}")
            if answer is None:
                return None
            given.append(answer)
            if _was_stopped(answer):  # no case more: each may take as long
                return given + [answer] * (len(exercise.cases) - len(given))
        return given

    def _verdict(self, exercise, given):
        if given is None:
            why = self.stopped.get(exercise.name)
            because = f": the cell that should define it stopped with {why}" if why else ""
            return Verdict(exercise.name, "error", message=f"{exercise.name} is not defined{because}.")
        if exercise.kind == "design":
            return judge_design(exercise, given[0], answers.room(self.assignment).Right())
        verdict = judge(exercise, given)
        carried = carried_from(exercise, verdict.mistake, self.found)
        self.found[exercise.name] = verdict.mistake
        return replace(verdict, carried=carried)

    def _show(self, cell, verdict):
        self.judged.verdicts[verdict.exercise] = verdict
        cell.outputs = [new_output("display_data", data=verdict._repr_mimebundle_())]


def _was_stopped(answer):
    return bool(answer.error) and "stopped" in answer.error


def _alike(first, second):
    return [pack(answer.value) for answer in first] == [pack(answer.value) for answer in second]


def is_test(cell):
    """Return whether a cell holds a test, and no answer."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def error(name, text):
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def cleaned(outputs):
    """Return the outputs that a notebook may show: of known kinds, with data that run nothing by themselves."""
    kept = []
    for output in outputs:
        with suppress(KeyError, TypeError, AttributeError, ValueError):
            kept.append(_cleaned(output))
    return kept


def _cleaned(output):
    match output["output_type"]:
        case "stream":
            return new_output(
                "stream", name="stderr" if output["name"] == "stderr" else "stdout", text=str(output["text"])
            )
        case "error":
            lines = [str(line) for line in output["traceback"]]
            return new_output("error", ename=str(output["ename"]), evalue=str(output["evalue"]), traceback=lines)
        case "display_data" | "execute_result" as kind:
            data = {mime: output["data"][mime] for mime in SHOWN if isinstance(output["data"].get(mime), str)}
            extra = {"execution_count": None} if kind == "execute_result" else {}
            return new_output(kind, data=data, metadata={}, **extra)
    raise ValueError("no output of a notebook")
