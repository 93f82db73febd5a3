"""A class to grade: five assignments, answers in each student's own words, right, wrong, unfinished, slow, crashing."""

import ast
import random

import nbformat
from nbformat.v4 import new_code_cell

from grader.demo import answered, right_answers
from grader.invented_class import CUT_OFF, students

SHARES = {"right": 0.55, "wrong": 0.25, "unfinished": 0.1, "slow": 0.05, "crashing": 0.05}
SLOW = "import time\ntime.sleep(1)\nprint('a second later')"
CRASHES = "values = [1, 2, 3]\nprint(values[3])"


class Class:
    """``size`` students; each is of one kind, the same in all assignments."""

    def __init__(self, course, size, seed=1):
        self.course, self.random = course, random.Random(seed)
        kinds = [kind for kind, share in SHARES.items() for _ in range(round(share * size))]
        kinds = (kinds + ["right"] * size)[:size]
        self.random.shuffle(kinds)
        self.kinds = {f"student-{k:04}": kind for k, kind in enumerate(kinds)}

    def notebook(self, student, room):
        """Return the text of what a student hands in."""
        released = nbformat.read(self.course.root / "notebooks" / room / f"{room}.ipynb", 4)
        kind, right = self.kinds[student], right_answers(self.course, room)
        answers = {name: self._reworded(code) for name, code in right.items()}
        if kind == "wrong":
            answers |= self._mistakes(room, right)
        if kind == "unfinished":
            answers = dict(list(answers.items())[: len(answers) // 2])
        nb = nbformat.reads(answered(released, answers), 4)
        extra = {"slow": SLOW, "crashing": CRASHES}.get(kind, f"print({student!r}, 'tried', {self.random.random()})")
        nb.cells.insert(self.random.randrange(5, len(nb.cells)), new_code_cell(extra))
        return nbformat.writes(nb)

    def _mistakes(self, room, right):
        """Return what somebody of the invented class wrote otherwise."""
        others = [answers(right) for name, answers in students(room).items() if name not in CUT_OFF]
        differing = [{n: code for n, code in other.items() if code != right.get(n)} for other in others]
        return self.random.choice([other for other in differing if other])

    def _reworded(self, code):
        """Return code that does the same in other words: names, layout and remarks of the student's own."""
        tree = ast.parse(f"def f():\n{_indented(code)}")
        own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
        whole = isinstance(tree.body[0].body[-1], ast.Return)  # else the released cell goes on with these names
        if whole and not any(isinstance(node, ast.FunctionDef | ast.Lambda) for node in tree.body[0].body):
            suffix = self.random.choice(["_1", "_mine", "_now", "x"])
            for node in ast.walk(tree):
                if isinstance(node, ast.Name) and node.id in own and not node.id.startswith("_"):
                    node.id += suffix
        lines = ast.unparse(ast.Module(tree.body[0].body, [])).splitlines()
        remark = self.random.choice(["as on paper", "see the shapes", "one term for each sample", "by the chain rule"])
        return "\n".join([f"# {remark}", *lines])


def _indented(code):
    lines = code.splitlines()
    own = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n".join("    " + line[own:] for line in lines)
