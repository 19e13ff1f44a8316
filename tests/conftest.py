"""Settings of every test level."""

from __future__ import annotations

import os

from hypothesis import settings

# In CI the same examples every time, so that a change is judged by itself; elsewhere new ones.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")
