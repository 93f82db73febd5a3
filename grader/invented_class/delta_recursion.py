"""What the invented class wrote in notebook 04."""

STUDENTS = {}
