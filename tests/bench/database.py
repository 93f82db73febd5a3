"""Export of grades and formgrader's listing, in gradebooks of 1,000 and 4,000 students."""


def database_figures(folder):
    raise NotImplementedError
