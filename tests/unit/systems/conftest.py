from __future__ import annotations

import pytest
from small_world import Small, build


@pytest.fixture(scope="session")
def small() -> Small:
    """The small world with every riding team aboard its vehicle. Do not change its state."""
    return build()


@pytest.fixture(scope="session")
def afoot(small: Small) -> Small:
    """The same, dismounted. Do not change its state."""
    return small.dismounted()
