from __future__ import annotations

import sys
from pathlib import Path

# the small world is shared with the unit tests of the systems
sys.path.insert(0, str(Path(__file__).parents[2] / "unit" / "systems"))
