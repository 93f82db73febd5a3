"""Stock nbgrader on the same notebooks: its own pipeline, one kernel for each submission, no sandbox.

One step of ours is in it, which reads the verdicts as ``grader grade`` does, so that all marks can be compared.
"""

from tests.conftest import copy_course

SETTINGS = """
from nbgrader.preprocessors import DeduplicateIds, SaveAutoGrades

c.Autograde.force = False
c.Autograde.pre_convert_hook = None
c.Autograde.sanitize_preprocessors = [
    ClearOutput, DeduplicateIds, OverwriteKernelspec, OverwriteCells, CheckCellMetadata
]
c.Autograde.autograde_preprocessors = [
    Execute, MarkVerdicts, LimitOutput, SaveAutoGrades, AssignLatePenalties, CheckCellMetadata
]
c.HTMLExporter.sanitize_html = False
c.HTMLExporter.filters = {}
"""


def stock_course(folder):
    """Return a course in ``folder`` that stock nbgrader grades."""
    course = copy_course(folder)
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    return type(course)(course.root)
