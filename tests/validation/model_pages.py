"""Pages of models: every public function stands in the section of its file, examples run."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

DOCS = Path(__file__).parents[2] / "docs"


def public_functions(module: ModuleType) -> list[str]:
    """Return the names of the functions that a module defines for others."""
    return [
        name
        for name, item in inspect.getmembers(module, inspect.isfunction)
        if item.__module__ == module.__name__ and not name.startswith("_")
    ]


def check_page(page: str, modules: Iterable[ModuleType]) -> str:
    """Assert that a page under docs/ names every function of the modules; run its examples.

    Returns the text of the comments that stand behind the examples' prints.
    """
    text = (DOCS / page).read_text("utf-8")
    for module in modules:
        name = module.__name__.rsplit(".", 1)[1]
        section = text.split(f": {name}.py\n", 1)[1].split("\n## ", 1)[0]
        for function in public_functions(module):
            assert f"`{function}`" in section, (name, function)
    promised = []
    for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL):
        exec(block, {})
        promised += re.findall(r"print\(.*#(.*)", block)
    return " ".join(promised)


def numbers(text: str) -> list[float]:
    """Return the numbers in a text, in order."""
    return [float(word) for word in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text)]
