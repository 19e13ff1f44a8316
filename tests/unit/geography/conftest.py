"""Land and water, and the shipped scenario's places and ways, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

import startex
from startex.geography.places import Places, load_places
from startex.geography.routes import Router
from startex.geography.surface import Surface
from startex.geography.ways import Ways, load_ways

SCENARIO = Path(startex.__file__).parent / "scenarios" / "vostok-2022"


@pytest.fixture(scope="session")
def surface() -> Surface:
    return Surface()


@pytest.fixture(scope="session")
def places() -> Places:
    return load_places(SCENARIO / "places.geojson")


@pytest.fixture(scope="session")
def ways(places: Places) -> Ways:
    return load_ways(SCENARIO / "ways.geojson", places)


@pytest.fixture(scope="session")
def router(surface: Surface, ways: Ways, places: Places) -> Router:
    return Router(surface, ways, places)
