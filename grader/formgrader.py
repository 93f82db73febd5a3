"""Formgrader's listings in a large class: a Jupyter server extension that answers them faster than nbgrader's own.

The settings in lab/instructor load it. It answers the same addresses with the same data, and comes before nbgrader's
extension, since Jupyter loads them by name; all the rest of formgrader is nbgrader's.
"""

import os
import re
from datetime import datetime
from types import SimpleNamespace as Namespace

from jupyter_server.utils import url_path_join
from nbgrader.api import Assignment, SubmittedAssignment
from nbgrader.apps import NbGraderAPI
from nbgrader.server_extensions.formgrader import apihandlers
from nbgrader.utils import parse_utc
from sqlalchemy import select

from grader.listing import Gradebook

STEADY = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{6})?) UTC")  # as nbgrader writes a timestamp


class Listings(NbGraderAPI):
    """nbgrader's API on our gradebook, which looks at each folder once."""

    @property
    def gradebook(self):
        return Gradebook(self.coursedir.db_url, self.course_id)

    def get_submitted_students(self, assignment_id):
        return self._students_with(self.coursedir.submitted_directory, assignment_id)

    def get_autograded_students(self, assignment_id):
        query = select(SubmittedAssignment.student_id, SubmittedAssignment.timestamp)
        query = query.join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        with self.gradebook as gradebook:
            graded = dict(gradebook.db.execute(query.where(Assignment.name == assignment_id)).all())
        there = graded.keys() & self._students_with(self.coursedir.autograded_directory, assignment_id)
        return {name for name in there if self.get_submitted_timestamp(assignment_id, name) == graded[name]}

    def get_notebook_submission_indices(self, assignment_id, notebook_id):
        with self.gradebook as gradebook:
            owners = gradebook.owners(notebook_id, assignment_id)
        notebooks = [Namespace(id=id, name=notebook_id, student=Namespace(id=name)) for id, name in owners.items()]
        there = self._filter_existing_notebooks(assignment_id, notebooks)
        return {notebook.id: place for place, notebook in enumerate(there)}

    def get_submitted_timestamp(self, assignment_id, student_id):
        folder = self.coursedir.format_path(self.coursedir.submitted_directory, student_id, assignment_id)
        try:
            with open(os.path.join(folder, "timestamp.txt")) as file:
                text = file.read().strip()
        except FileNotFoundError:
            return None
        steady = STEADY.fullmatch(text)
        return datetime.fromisoformat(steady[1]) if steady else parse_utc(text)

    def _students_with(self, step, assignment_id):
        """Return the students who have a folder for an assignment, or, where it is "*", for any."""
        folder = os.path.join(self.coursedir.root, step)
        if assignment_id == "*":
            return {name for name in _folders(folder) if _folders(os.path.join(folder, name))}
        return {name for name in _folders(folder) if os.path.isdir(os.path.join(folder, name, assignment_id))}


class SubmissionListings(Listings):
    """For lists of submissions, in which students have a name and no sum over all assignments."""

    def get_students(self):
        with self.gradebook as gradebook:
            return gradebook.names()


def _folders(path):
    """Return the names of the folders in a folder, but for hidden ones."""
    try:
        with os.scandir(path) as entries:
            return [entry.name for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    except FileNotFoundError:
        return []


class Answering:
    """A handler of nbgrader's that asks our API."""

    listings = Listings

    @property
    def api(self):
        self.coursedir.parent.load_config_file()
        level = self.log.level
        api = self.listings(self.coursedir, self.authenticator, parent=self.coursedir.parent)
        api.log_level = level
        return api


class AssignmentsHandler(Answering, apihandlers.AssignmentCollectionHandler):
    pass


class SubmissionsHandler(Answering, apihandlers.SubmissionCollectionHandler):
    listings = SubmissionListings


class NotebooksHandler(Answering, apihandlers.SubmittedNotebookCollectionHandler):
    pass


class StudentsHandler(Answering, apihandlers.StudentCollectionHandler):
    pass


HANDLERS = [
    ("/formgrader/api/assignments", AssignmentsHandler),
    ("/formgrader/api/submissions/([^/]+)", SubmissionsHandler),
    ("/formgrader/api/submitted_notebooks/([^/]+)/([^/]+)", NotebooksHandler),
    ("/formgrader/api/students", StudentsHandler),
]


def _jupyter_server_extension_points():
    return [{"module": __name__}]


def _load_jupyter_server_extension(server):
    base = server.web_app.settings["base_url"]
    server.web_app.add_handlers(".*$", [(url_path_join(base, path), handler) for path, handler in HANDLERS])
