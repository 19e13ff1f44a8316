"""Copies of the tutorial scenario with one thing changed in them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from startex.scenario.shipped import SHIPPED

TUTORIAL = SHIPPED / "three-nations-day"


@dataclass(frozen=True)
class Change:
    """A piece of text replaced once; ``@`` in the new text marks where the problem is told.

    ``says`` and ``remedy`` are words that the message and the remedy must hold.
    """

    file: str
    old: str
    new: str
    says: str
    remedy: str

    def apply(self, folder: Path) -> tuple[int, int]:
        """Write the change; return line and column of the mark (0, 0 where there is none)."""
        path = folder / self.file
        text = path.read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.old!r} stands {text.count(self.old)} times"
        assert self.new.count("@") <= 1
        marked = text.replace(self.old, self.new)
        path.write_text(marked.replace("@", ""), encoding="utf-8")
        if "@" not in self.new:
            return 0, 0
        before = marked[: marked.index("@")]
        return before.count("\n") + 1, len(before) - before.rfind("\n")


def tutorial_copy(tmp_path: Path) -> Path:
    """Return a copy of the tutorial scenario."""
    folder = tmp_path / "exercise"
    shutil.copytree(TUTORIAL, folder)
    return folder
