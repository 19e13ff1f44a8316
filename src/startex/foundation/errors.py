"""Errors that tell what was found, where, what is allowed and what to do."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_MOST_CHARACTERS = 1000  # of a message


class StartexError(Exception):
    """An error that a user can act on; the command line prints it without a traceback."""


class UsageError(StartexError):
    """A word or number given by the caller that cannot be meant; exit status 2."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with an input.

    Parameters
    ----------
    file
        Path as the user knows it (relative to the scenario folder where there is one).
    line, column
        1-based; 0 where the problem belongs to the whole file.
    message
        What was found.
    remedy
        What is allowed, or what to do. Both show control characters as escapes, and are cut in
        the middle where what was found is so long that nobody would read it.
    """

    file: str
    line: int
    column: int
    message: str
    remedy: str = ""

    def __post_init__(self) -> None:
        for name in ("message", "remedy"):
            object.__setattr__(self, name, _shortened(_visible(getattr(self, name))))

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.message}" + (f" {self.remedy}" if self.remedy else "")


def _visible(text: str) -> str:
    """Return the text with control characters, which a terminal would obey, as escapes."""
    if text.isprintable():
        return text
    control = {c for c in set(text) - {"\n", "\t"} if unicodedata.category(c) == "Cc"}
    return text.translate({ord(c): repr(c)[1:-1] for c in control})


def _shortened(text: str) -> str:
    if len(text) <= _MOST_CHARACTERS:
        return text
    half = _MOST_CHARACTERS // 2
    return f"{text[:half]} ... {text[-half:]}"


class ScenarioError(StartexError):
    """All problems of a scenario folder at once, in file and line order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class StoreError(StartexError):
    """A run folder that cannot be read or written as it is."""


class OutsideValidityError(StartexError, ValueError):
    """Inputs outside the stated validity of a model."""


def did_you_mean(word: str, allowed: Iterable[str]) -> str:
    """Return ``did you mean 'x'?`` for the nearest allowed word, or what is allowed.

    Parameters
    ----------
    word
        What was found.
    allowed
        The words that would be accepted.
    """
    choices: Sequence[str] = sorted(set(allowed))
    near = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    if not choices:
        return "none is known; add it first"
    shown = ", ".join(choices[:12]) + (", ..." if len(choices) > 12 else "")
    return f"allowed: {shown}"
