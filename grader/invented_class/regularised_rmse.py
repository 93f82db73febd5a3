"""What the invented class wrote in notebook 03."""

STUDENTS = {}
