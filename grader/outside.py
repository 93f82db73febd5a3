"""Judge a notebook outside the student's process: its cells run in the sandbox, its answers are judged here.

What the student's process prints, displays or returns reaches the marks by one way alone: as the plain data that a
graded function returns, compared here with the reference outputs.
"""

import ast
import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass, field, replace

import numpy as np
from nbformat import from_dict
from nbformat.v4 import new_output
from nbgrader.utils import is_grade, is_solution

from grader.sandbox.process import Died
from grader.sandbox.session import Ran
from helpers import reference
from helpers.asking import Answer
from helpers.judging import carried_from, judge
from helpers.portable import pack
from helpers.verdict import Verdict

CHECK = re.compile(r"""check\(\s*["']([\w-]+)["']\s*,\s*["'](\w+)["']\s*,\s*(\w+)""")
NOT_HERE = re.compile(r"No module named '([\w.]+)'")
RESTARTS, MISSING = 4, 5  # how often a process is started anew, and how many packages a cell may lack
MOST_SHOWN = 8_000_000  # characters of the outputs that a cell of ours may have had when it was handed in
SHOWN = ("text/plain", "text/html", "text/latex", "text/markdown", "image/png", "image/jpeg")
CHANCE = re.compile(r"\b(random|rand\w*|time|datetime|secrets|uuid\w*|urandom|getpid|hash|id|environ)\b")


@dataclass
class Judged:
    """A notebook that has been run and judged."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)  # graded function -> its verdict
    answers: dict[str, str] = field(default_factory=dict)  # graded function -> a fingerprint of its answers
    flags: list[str] = field(default_factory=list)


class Judging:
    """The run of one notebook in a session of the sandbox, and what its functions answered.

    The hidden cases are asked when all cells have been run, so that no output can show them.
    """

    def __init__(self, session, assignment):
        self.session, self.assignment = session, assignment
        self.sources, self.restarts = [], 0  # of the cells to run again in a fresh process
        self.judged, self.found, self.stopped = Judged(), {}, {}
        self.tests = []

    def judge(self, nb, needed=None):
        """Run and judge the cells of ``nb``, replacing their outputs; return what was found.

        needed  the ids of the cells to be run; all where None
        """
        for cell in nb.cells:
            if cell.cell_type == "code" and (needed is None or cell.id in needed or is_test(cell)):
                if is_test(cell) and CHECK.search(cell.source):
                    self.tests.append(Test(cell, self.assignment, len(self.sources)))
                    self.tests[-1].first = self._ask(self.tests[-1], self.tests[-1].visible)
                else:
                    self._run(cell)
                    if is_test(cell):
                        self.judged.flags.append(f"{cell.id} is an ordinary test, run in the student's process")
        for test in self.tests:
            self._ask_at_the_end(test)
        self._replay([test for test in self.tests if test.changed])
        for test in self.tests:
            verdict = self._verdict(test.exercise, test.answers)
            self.judged.verdicts[test.name] = verdict
            self.judged.answers[test.name] = fingerprint((test.answers or [])[: len(test.visible)])
            test.cell.outputs = [new_output("display_data", data=verdict._repr_mimebundle_())]
        return self.judged

    # --- cells -------------------------------------------------------------------------------------

    def _run(self, cell):
        try:
            ran, source = self._run_without_what_is_missing(cell.source)
            if _failure(ran) != "OutOfTime":
                self.sources.append(source)
        except Died as death:
            ran = Ran([error("Stopped", f"{death}: what comes after goes on without it")])
            self._restart()
        cell.outputs, cell.execution_count = cleaned(ran.outputs), ran.count
        defined = re.findall(r"^def (\w+)", cell.source, re.MULTILINE)
        failures = [output for output in cell.outputs if output.output_type == "error"]
        self.stopped |= dict.fromkeys(defined, f"{failures[0].ename}: {failures[0].evalue}" if failures else None)

    def _run_without_what_is_missing(self, source):
        """Run a cell, again without its imports of a package that is not here; return what became of it, and it."""
        ran = self.session.run(source)
        for _ in range(MISSING):
            found = (
                NOT_HERE.search(str(ran.outputs[-1].get("evalue"))) if _failure(ran) == "ModuleNotFoundError" else None
            )
            less = found and without_import(source, found[1])
            if not less:
                break
            self.judged.flags.append(f"there is no package {found[1][:50]} here: its import was left out")
            source, ran = less, self.session.run(less)
        return ran, source

    def _restart(self):
        """Start a fresh process, and run again the cells that left one alive."""
        self.restarts += 1
        self.judged.flags.append("its process had to be stopped")
        if self.restarts > RESTARTS or self.session.over:
            return self.session.end()
        self.session.start()
        return self._run_again(self.sources)

    def _run_again(self, sources):
        for source in sources:
            with suppress(Died):
                self.session.run(source)

    # --- graded functions --------------------------------------------------------------------------

    def _ask(self, test, cases):
        """Return the Answers of a function to cases, or None where there is no such function."""
        given = []
        for case in cases:
            if self.restarts > RESTARTS:
                return [Answer(error="its process was stopped too often")] * len(cases)
            try:
                answer = self.session.ask(test.function, test.exercise.kind, test.exercise.given, case.inputs)
            except Died as death:
                self._restart()
                answer = Answer(error=f"it had to be stopped: {death}")
            if answer is None:
                return None
            given.append(answer)
            if _was_stopped(answer):  # no case more: each may take as long
                return given + [answer] * (len(cases) - len(given))
        return given

    def _ask_at_the_end(self, test):
        """Ask the hidden cases, and again the visible ones: those of a right answer only to see that it stands."""
        cases, first = test.exercise.cases, test.first
        if self.restarts > RESTARTS or any(map(_was_stopped, first or ())):
            test.answers = first and first + first[-1:] * (len(cases) - len(first))
            return
        if first and _passes(test, first):
            last = self._ask(test, [*cases[:1], *cases[len(first) :]])
            stands = bool(last) and _alike(first[:1], last)
            if not stands:
                self.judged.flags.append(f"{test.name} gives different answers when it is asked again")
            test.answers = first + last[1:] if stands else None
            test.changed = not stands or not _passes(test, test.answers)
            return
        test.answers = self._ask(test, cases)
        if test.answers and _passes(test, test.answers):
            self.judged.flags.append(f"{test.name} was right below its check")
        else:
            test.changed = bool(first) and not (test.answers and _alike(first, test.answers))

    def _replay(self, tests):
        """Run the cells once more, and ask all cases of these functions as they were at their checks."""
        if not tests:
            return
        if self.restarts <= RESTARTS and not self.session.over:
            self.session.start()
        done = 0
        for test in tests:
            self._run_again(self.sources[done : test.above])
            done = test.above
            test.answers = self._ask(test, test.exercise.cases)

    def _verdict(self, exercise, given):
        if given is None:
            why = self.stopped.get(exercise.name)
            because = f": the cell that should define it stopped with {why}" if why else ""
            return Verdict(exercise.name, "error", message=f"{exercise.name} is not defined{because}.")
        verdict = judge(exercise, given)
        carried = carried_from(exercise, verdict.mistake, self.found)
        self.found[exercise.name] = verdict.mistake
        return replace(verdict, carried=carried)


class Test:
    """A graded function at its check: what it answered there, and what it answers at the end."""

    def __init__(self, cell, assignment, above):
        _, self.name, self.function = CHECK.search(cell.source).groups()
        self.cell, self.above = cell, above  # above: how many of the cells to run again stand above it
        self.exercise = reference.load(assignment, self.name)
        self.first, self.answers, self.changed = None, None, False

    @property
    def visible(self):
        return [case for case in self.exercise.cases if not case.hidden]


def _passes(test, given):
    """Return whether these answers, to all cases or to the first of them, are right."""
    return bool(given) and judge(replace(test.exercise, cases=test.exercise.cases[: len(given)]), given).passed


def _failure(ran):
    """Return the name of the error that a cell ended in, or None."""
    last = ran.outputs[-1] if ran.outputs and isinstance(ran.outputs[-1], dict) else {}
    return last.get("ename")


def without_import(source, module):
    """Return a cell without its own statements that import from a module, or None where there are none."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines, found = source.splitlines(), False
    for node in body:
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if any(name.split(".")[0] == module.split(".")[0] for name in names):
            rest = [alias for alias in node.names if alias.name.split(".")[0] != module.split(".")[0]]
            others = ast.unparse(ast.Import(rest)) if isinstance(node, ast.Import) and rest else "pass"
            lines[node.lineno - 1 : node.end_lineno] = [others, *[""] * (node.end_lineno - node.lineno)]
            found = True
    return "\n".join(lines) if found else None


def _was_stopped(answer):
    return bool(answer.error) and "stopped" in answer.error


def _alike(first, second):
    """Return whether the answers at a check are those that the same cases have at the end."""
    return [pack(answer.value) for answer in first] == [pack(answer.value) for answer in second[: len(first)]]


def fingerprint(answers):
    """Return letters that are the same for answers that agree in six digits, or stop with the same kind of error."""
    told = [_told(answer.value) if answer.error is None else answer.error.partition(":")[0] for answer in answers or ()]
    return hashlib.sha256(repr(told).encode("utf-8", "replace")).hexdigest()[:10]


def _told(value):
    """Return portable data with its numbers in six digits."""
    if isinstance(value, dict):
        return sorted((key, _told(entry)) for key, entry in value.items())
    if isinstance(value, int | float | complex | list | np.ndarray):
        with suppress(ValueError, TypeError):
            return np.shape(value), [f"{number:.6g}" for number in np.ravel(np.asarray(value))]
    return repr(value)


def is_test(cell):
    """Return whether a cell holds a test, and no answer."""
    return cell.cell_type == "code" and is_grade(cell) and not is_solution(cell)


def error(name, text):
    return new_output("error", ename=name, evalue=text, traceback=[f"{name}: {text}"])


def as_handed_in(outputs):
    """Return the outputs that a cell of ours had when it was handed in, as a notebook may show them."""
    if not isinstance(outputs, list) or len(json.dumps(outputs, default=str)) > MOST_SHOWN:
        return []
    return from_dict(json.loads(json.dumps(cleaned(map(_joined, outputs))).encode("utf-8", "replace")))


def _joined(output):
    """Return an output whose texts are whole, where a file has them as lists of lines."""
    if not isinstance(output, dict):
        return None
    data = output.get("data")
    whole = {name: "".join(map(str, text)) if isinstance(text, list) else text for name, text in output.items()}
    if isinstance(data, dict):
        whole["data"] = {mime: "".join(map(str, t)) if isinstance(t, list) else t for mime, t in data.items()}
    if isinstance(output.get("traceback"), list):
        whole["traceback"] = output["traceback"]
    return whole


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
