"""Mutants of the shipped scenarios: what changes in which files, a function of seed and number."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import mutant_values
from mutant_files import mutate_bytes, mutate_csv, mutate_data

from startex.scenario.shipped import SHIPPED

BIG_EVERY = 40
"""One mutant in so many is of the big scenario."""

_ID = re.compile(
    rb'^\s*(?:- )?"?(?:unit|serial|place|way|template|claim|figure|policy)"?: "?'
    rb"([a-zA-Z0-9-]{2,40})",
    re.M,
)


@dataclass(frozen=True)
class Mutant:
    """Files of a scenario to be written (None: to be removed), and what was done, in words."""

    base: str
    files: Mapping[str, bytes | None]
    links: Mapping[str, str]
    story: tuple[str, ...]

    def write(self, folder: Path) -> None:
        """Make ``folder`` the mutant: a copy of its scenario with its changes."""
        shutil.copytree(SHIPPED / self.base, folder, ignore=shutil.ignore_patterns("README.md"))
        for name, content in self.files.items():
            path = folder / name
            if content is None:
                path.unlink()
            else:
                path.write_bytes(content)
        for name, target in self.links.items():
            path = folder / name
            if path.exists():
                path.unlink()
            path.parent.mkdir(exist_ok=True)
            path.symlink_to(target)


@cache
def _sources(base: str) -> dict[str, bytes]:
    folder = SHIPPED / base
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def make_mutant(seed: int, number: int) -> Mutant:
    """Return mutant ``number`` of a series."""
    draw = random.Random(f"{seed}:{number}")
    base = "vostok-2022" if number % BIG_EVERY == BIG_EVERY - 1 else "three-nations-day"
    files: dict[str, bytes | None] = dict(_sources(base))
    links: dict[str, str] = {}
    story = []
    for _ in range(draw.choice((1, 1, 1, 1, 2, 2, 3))):
        present = sorted(name for name, content in files.items() if content is not None)
        name = draw.choice(present)
        content = files[name] or b""
        roll = draw.random()
        if roll < 0.03:
            told = _folder_change(files, links, name, draw)
        elif roll < 0.10:
            told = _rename_everywhere(files, draw)
        elif roll < 0.30:
            files[name], told = mutate_bytes(content, draw)
        else:
            change = mutate_csv if name.endswith(".csv") else mutate_data
            text = content.decode("utf-8", "replace")
            files[name], told = change(text, name, draw)
        story.append(f"{name}: {told}")
    changed = {name: content for name, content in files.items()
               if content != _sources(base).get(name)}  # fmt: skip
    return Mutant(base, changed, links, tuple(story))


def _folder_change(
    files: dict[str, bytes | None], links: dict[str, str], name: str, draw: random.Random
) -> str:
    """Remove, rename, exchange or misplace files; links that lead outside."""
    kind = draw.choice(("removed", "renamed", "exchanged", "link", "link to folder", "stranger"))
    other = draw.choice(sorted(files))
    if kind == "removed":
        files[name] = None
    elif kind == "renamed":
        files[f"{name}.yaml"], files[name] = files[name], None
    elif kind == "exchanged":
        files[name], files[other] = files[other] or b"", files[name]
    elif kind == "link":
        links[name] = draw.choice(("/etc/passwd", "../../../etc/passwd", name, "/nowhere",
                                   "/dev/zero", other))  # fmt: skip
    elif kind == "link to folder":
        links["catalogue"] = draw.choice(("/etc", "..", "."))
    else:
        files[draw.choice(("unit.yaml", "x.csv", "notes.txt", ".hidden.yaml"))] = b"- x\n"
    return kind


def _rename_everywhere(files: dict[str, bytes | None], draw: random.Random) -> str:
    """Give an id another spelling in all files at once: allowed words in strange letters."""
    ids = sorted({m for content in files.values() if content for m in _ID.findall(content)})
    if not ids:
        return "nothing to rename"
    old = draw.choice(ids)
    text = str(draw.choice(mutant_values.TEXTS[:40]))
    new = draw.choice((old + b"-2", text.encode("utf-8", "surrogatepass"), old.upper()))
    pattern = re.compile(rb"(?<![\w-])" + re.escape(old) + rb"(?![\w-])")
    for name, content in files.items():
        if content:
            files[name] = pattern.sub(lambda _: new, content)
    return f"{old!r} renamed {new[:40]!r} everywhere"
