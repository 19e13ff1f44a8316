"""The small run that the tests of the review share."""

from __future__ import annotations

import pytest
from small_run import Small, write_small


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return write_small(tmp_path_factory.mktemp("small") / "run")
