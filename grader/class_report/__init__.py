"""The class report: what a class got wrong, by misconception, as one page to look at and as CSV and JSON.

``statistics`` adds up what the records say; ``page`` draws it.
"""
