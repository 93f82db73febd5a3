"""nbgrader's settings: where things lie, and each pipeline as a declared list."""

from pathlib import Path

from nbconvert.preprocessors import (
    ClearMetadataPreprocessor,
    CoalesceStreamsPreprocessor,
)
from nbgrader.preprocessors import (
    AssignLatePenalties,
    CheckCellMetadata,
    ClearHiddenTests,
    ClearMarkScheme,
    ClearOutput,
    Execute,
    GetGrades,
    IgnorePattern,
    LimitOutput,
    LockCells,
    OverwriteCells,
    OverwriteKernelspec,
)

from grader.marking import MarkVerdicts
from grader.overview import Overview, Styles
from grader.steps import DropSolutionMarkers, JudgeOutside, Rebuild, SaveMarks, SteadyMetadata

c = get_config()  # noqa: F821 (nbgrader provides it)
root = Path(__file__).resolve().parent

c.CourseDirectory.course_id = "backprop"
c.CourseDirectory.root = str(root)
c.CourseDirectory.source_directory = "source"
c.CourseDirectory.release_directory = "notebooks"
c.CourseDirectory.solution_directory = "solutions"
c.CourseDirectory.submitted_directory = "course/submitted"
c.CourseDirectory.autograded_directory = "course/autograded"
c.CourseDirectory.feedback_directory = "course/feedback"
c.CourseDirectory.db_url = f"sqlite:///{root}/course/gradebook.db"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "*.py", "*.md"]
c.Exchange.root = str(root / "course" / "exchange")
c.ExchangeFactory.collect = "grader.exchange.Collect"
c.ExchangeFactory.release_feedback = "grader.exchange.ReleaseFeedback"
c.ExportApp.plugin_class = "grader.export.CourseCsv"
c.CourseCsv.to = str(root / "course" / "grades.csv")

# notebooks/ and solutions/ are generated and committed, so each run replaces what is there.
c.GenerateAssignment.force = True
c.GenerateSolution.force = True
# What was handed in is graded anew each time, and loses its old marks first.
c.Autograde.force = True
c.Autograde.pre_convert_hook = "grader.steps.reopen"

c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError('write this')"}
c.Execute.record_timing = False
c.Execute.execute_retries = 1  # a kernel that dies by accident
c.KernelManager.transport_encryption = "auto"  # else each kernel warns that loopback is not encrypted

c.CoalesceStreamsPreprocessor.enabled = True  # nbconvert's own steps are off by default, even where they are listed

# Pages about a submission run nothing of a student's; formgrader's server reads these too.
c.HTMLExporter.sanitize_html = True
c.HTMLExporter.filters = {"markdown2html": "grader.pages.cells_markdown", "clean_html": "grader.pages.safe_html"}

c.GenerateSolution.preprocessors = [
    LockCells,
    ClearOutput,
    ClearMarkScheme,
    ClearHiddenTests,
    DropSolutionMarkers,
    Execute,
    CoalesceStreamsPreprocessor,
    SteadyMetadata,
]
c.Autograde.sanitize_preprocessors = [
    ClearOutput,
    Rebuild,
    OverwriteKernelspec,
    OverwriteCells,
    CheckCellMetadata,
]
c.Autograde.autograde_preprocessors = [
    JudgeOutside,
    MarkVerdicts,
    IgnorePattern,
    ClearMetadataPreprocessor,
    LimitOutput,
    SaveMarks,
    AssignLatePenalties,
    CheckCellMetadata,
]
c.GenerateFeedback.preprocessors = [GetGrades, Overview, Styles]
