"""The extractors there are: the built-in ones, and those of other packages.

A package adds one by an entry point of the group ``startex.extractors``: a function that takes the
options (a mapping from words to words) and returns an `Extractor`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import EntryPoint, entry_points

from startex.foundation.errors import StartexError, UsageError, did_you_mean
from startex.reports.drafts import Extractor, Options

GROUP = "startex.extractors"

Factory = Callable[[Options], Extractor]


def _rules(options: Options) -> Extractor:
    from startex.reports.rules import Rules  # noqa: PLC0415

    del options
    return Rules()


def _openai(options: Options) -> Extractor:
    from startex.reports.endpoint import ChatExtractor  # noqa: PLC0415

    return ChatExtractor.from_options(options)


BUILT_IN: Mapping[str, Factory] = {"rules": _rules, "openai": _openai}
"""Name -> what makes it."""


def make_extractor(name: str, options: Options | None = None) -> Extractor:
    """Return an extractor by name.

    Parameters
    ----------
    name
        ``rules``, ``openai``, or one that an installed package adds.
    options
        What it is made with.

    Raises
    ------
    UsageError
        If there is none of that name, or an option is missing.
    StartexError
        If a package's extractor cannot be loaded.
    """
    if name in BUILT_IN:
        return BUILT_IN[name](options or {})
    others: dict[str, EntryPoint] = {each.name: each for each in entry_points(group=GROUP)}
    if name not in others:
        allowed = [*BUILT_IN, *others]
        raise UsageError(f"there is no extractor {name!r}; {did_you_mean(name, allowed)}")
    try:
        factory: Factory = others[name].load()
        return factory(options or {})
    except StartexError:
        raise
    except Exception as error:  # whatever another package does when it is imported
        raise StartexError(
            f"the extractor {name!r} of {others[name].value} cannot be used: "
            f"{type(error).__name__}: {error}"
        ) from error
