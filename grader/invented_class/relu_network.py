"""What the invented class wrote in notebook 02."""

STUDENTS = {}
