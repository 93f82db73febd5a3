"""How fast a class is graded, beside stock nbgrader: ``make bench``."""
