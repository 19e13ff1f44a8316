"""Read what a scenario folder says about sources and claims, and everything wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from startex.foundation.csvfile import read_csv
from startex.foundation.errors import Problem, ScenarioError
from startex.foundation.validate import validate_entries
from startex.foundation.yamlfile import read_yaml
from startex.sources.arithmetic import Computation, Point
from startex.sources.claims import Claim, Origin, Source, natural_key
from startex.sources.conflicts import Conflict
from startex.sources.consistency import check_dossier
from startex.sources.dossier import Dossier, Located
from startex.sources.homes import HomeEntry
from startex.sources.hypotheses import Question
from startex.sources.indicators import Indicator
from startex.sources.rules import Policy, ScenarioFigure

M = TypeVar("M", bound=BaseModel)

_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sources.csv": (
        ("source", "title", "publisher", "origin"),
        ("date", "address", "reached_as", "derived_from", "note"),
    ),
    "origins.csv": (("origin", "name", "kind"), ("nation",)),
    "points.csv": (("point", "name", "lat", "lon"), ("note",)),
}


class _Shelf:
    """The files of one folder; located entries and problems gather as they are read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.located: list[Located] = []
        self.problems: list[Problem] = []

    def read(self, model: type[M], key: str, names: Iterable[str]) -> dict[str, M]:
        """Return the valid entries of some files by their id, in natural order."""
        found: dict[str, M] = {}
        first: dict[str, str] = {}
        for name in names:
            for located, entry in self._entries(model, name):
                identity = str(getattr(entry, key))
                if identity in found:
                    message = f"the {key} {identity!r} is given twice (first in {first[identity]})."
                    self.problems.append(located.problem((key,), message, "Remove or rename one."))
                    continue
                line = located.document.at(located.path)[0]
                found[identity], first[identity] = entry, f"{name}:{line}"
        return dict(sorted(found.items(), key=lambda item: natural_key(item[0])))

    def listed(self, model: type[M], name: str) -> tuple[M, ...]:
        """Return the valid entries of a file, in its order."""
        return tuple(entry for _, entry in self._entries(model, name))

    def _entries(self, model: type[M], name: str) -> list[tuple[Located, M]]:
        path = self.folder / name
        try:
            if not path.exists():
                return []
        except OSError as error:
            message = f"cannot be read: {error.strerror}."
            self.problems.append(Problem(name, 0, 0, message, "Check its permissions."))
            return []
        if name in _COLUMNS:
            document = read_csv(path, name, *_COLUMNS[name])
        else:
            document = read_yaml(path, name)
        entries, problems = validate_entries(model, document)
        self.problems += problems
        pairs = [(Located(entry, document, at), entry) for at, entry in entries]
        self.located += [located for located, _ in pairs]
        return pairs

    def claim_files(self) -> Sequence[str]:
        """Return the names of the claim files: ``claims.yaml`` and those in ``claims/``."""
        names = ["claims.yaml"] if (self.folder / "claims.yaml").exists() else []
        try:
            every = sorted((self.folder / "claims").glob("*.yaml"))
            below = [path for path in every if not path.name.startswith(".")]
        except OSError as error:
            message = f"cannot be read: {error.strerror}."
            self.problems.append(Problem("claims", 0, 0, message, "Check its permissions."))
            below = []
        return [*names, *(f"claims/{path.name}" for path in below)]


def read_dossier(folder: Path) -> tuple[Dossier, list[Problem]]:
    """Return what is valid in a scenario folder about claims, and everything that is wrong.

    A file that does not exist counts as empty.

    Parameters
    ----------
    folder
        The scenario folder.
    """
    shelf = _Shelf(folder)
    values: dict[str, Any] = {
        "sources": shelf.read(Source, "source", ["sources.csv"]),
        "origins": shelf.read(Origin, "origin", ["origins.csv"]),
        "claims": shelf.read(Claim, "claim", shelf.claim_files()),
        "conflicts": shelf.read(Conflict, "conflict", ["conflicts.yaml"]),
        "figures": shelf.read(ScenarioFigure, "figure", ["figures.yaml"]),
        "policies": shelf.read(Policy, "policy", ["policies.yaml"]),
        "homes": shelf.read(HomeEntry, "claim", ["homes.yaml"]),
        "questions": shelf.read(Question, "question", ["hypotheses.yaml"]),
        "indicators": shelf.read(Indicator, "indicator", ["indicators.yaml"]),
        "points": shelf.read(Point, "point", ["points.csv"]),
        "arithmetic": shelf.listed(Computation, "arithmetic.yaml"),
    }
    dossier = Dossier(folder, **values, located=tuple(shelf.located))
    broken = {problem.file for problem in shelf.problems}
    problems = [p for p in check_dossier(dossier, broken) if p not in shelf.problems]
    return dossier, [*shelf.problems, *problems]


def load_dossier(folder: Path) -> Dossier:
    """Return what a scenario folder says about claims.

    Raises
    ------
    ScenarioError
        With every problem, if there is one.
    """
    dossier, problems = read_dossier(folder)
    if problems:
        raise ScenarioError(problems)
    return dossier


def quotes_in(folder: Path) -> dict[str, str]:
    """Return the words of every claim of a scenario folder, by id, without checking anything."""
    shelf = _Shelf(folder)
    claims = shelf.read(Claim, "claim", shelf.claim_files())
    return {name: claim.quote for name, claim in claims.items()}
