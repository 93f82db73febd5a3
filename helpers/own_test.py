"""Mistakes made from a student's own right functions, to see which of them the data of a test expose."""


def problem(data):
    """Return what is wrong with the data of a test, in one line, or None."""
    raise NotImplementedError


def exposed(own, data, tags):
    """Return {tag: whether the data expose that mistake}.

    own  has the right functions ``forward`` and ``gradients`` as attributes
    """
    raise NotImplementedError
