"""What the invented class wrote in notebook 05."""

STUDENTS = {}
