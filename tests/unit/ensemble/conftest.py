"""Ensembles that the tests of this folder share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

import ensemble_examples
from startex.ensemble import open_ensemble
from startex.ensemble.reading import Ensemble


@pytest.fixture(scope="session")
def factorial(tmp_path_factory) -> Ensemble:
    return open_ensemble(ensemble_examples.factorial(tmp_path_factory.mktemp("factorial")))


@pytest.fixture(scope="session")
def latin(tmp_path_factory) -> Ensemble:
    return open_ensemble(ensemble_examples.latin(tmp_path_factory.mktemp("latin")))


@pytest.fixture(scope="session")
def pair(tmp_path_factory) -> tuple[Ensemble, Ensemble]:
    folder = tmp_path_factory.mktemp("pair")
    a, b = (
        open_ensemble(ensemble_examples.policies(folder / policy, policy))
        for policy in ("announced", "counted")
    )
    return a, b
