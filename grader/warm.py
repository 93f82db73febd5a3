"""What every process that judges needs, loaded once before they fork from each other, so that they share its memory."""

import gc

import matplotlib.font_manager  # noqa: F401
import sympy  # noqa: F401

import grader.feedback
import grader.jobs  # noqa: F401
from helpers import reference

for assignment in reference.assignments():
    for name in reference.exercises(assignment):
        reference.load(assignment, name)
        reference.pair_fingerprints(assignment, name)
gc.collect()
gc.freeze()  # else the collector would write to each object, and so copy it
