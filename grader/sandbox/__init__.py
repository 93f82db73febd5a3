"""Run a student's notebook where it can touch nothing, and bring back plain data."""

from dataclasses import dataclass


class SandboxError(Exception):
    """The sandbox itself failed, or cannot be had: never the student's fault, never scored. It says what to do."""


@dataclass(frozen=True)
class Limits:
    """What student code may use."""

    call: float = 10  # seconds for one call of a graded function
    cell: float = 30  # seconds for one cell
    notebook: float = 300  # seconds for the whole notebook
    memory: int = 2 << 30  # bytes of address space
    output: int = 1_000_000  # characters of text that a cell may print
    files: int = 64 << 20  # bytes that a file, and each private folder, may hold
