"""Reading the files of communications, with every problem at its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from startex.forces.catalogue import FigureProvenance
from startex.forces.catalogue_files import Row, nearest
from startex.forces.communications_figures import (
    LEVELS,
    LIAISON,
    MEDIA,
    MESSAGE_KINDS,
    NET_KINDS,
    PRECEDENCES,
    REQUIRED,
    Fault,
    judge,
)
from startex.forces.symbols import ECHELONS
from startex.foundation.csvfile import read_csv
from startex.foundation.errors import Problem

FILES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sources.csv": (("source", "title", "publisher", "address", "note"), ()),
    "nets.csv": (("net", "name", "kind"), ("note",)),
    "echelons.csv": (("echelon", "level"), ()),
    "ladder.csv": (("medium", "level", "nets", "source", "assumed"), ()),
    "figures.csv": (("item", "figure", "value", "unit", "source", "assumed"), ()),
}
"""Files read, in this order: required and optional columns."""


@dataclass(slots=True)
class Content:
    """What the files say.

    Nets hold (name, kind), ladders net ids by (medium, level), levels go by echelon, figures by
    (item, figure) with the value held and as published.
    """

    sources: dict[str, tuple[str, str]] = field(default_factory=dict)
    nets: dict[str, tuple[str, str]] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    ladder: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    figures: dict[tuple[str, str], tuple[float | frozenset[str], FigureProvenance]] = field(
        default_factory=dict
    )


def read_folder(folder: Path, problems: list[Problem]) -> Content:
    """Read a folder of communications; what is wrong is added to ``problems``."""
    content = Content()
    for name, (required, optional) in FILES.items():
        document = read_csv(folder / name, f"{folder.name}/{name}", required, optional)
        problems += document.problems
        for index in range(len(document.data or ())):
            problems += _ADD[name](content, Row(document, index))
    if not problems:
        problems += _missing(content, folder.name)
    return content


def _add_source(content: Content, row: Row) -> Iterator[Problem]:
    content.sources[row.cell("source")] = (row.cell("title"), row.cell("address"))
    yield from ()


def _add_net(content: Content, row: Row) -> Iterator[Problem]:
    net, kind = row.cell("net"), row.cell("kind")
    if not net or net in content.nets:
        yield row.problem("net", f"the net {net!r} stands twice or has no id.", "Name it anew.")
    if kind not in NET_KINDS:
        yield row.problem("kind", f"unknown kind {kind!r} of net.", nearest(kind, NET_KINDS))
    content.nets[net] = (row.cell("name") or net, kind)


def _add_echelon(content: Content, row: Row) -> Iterator[Problem]:
    echelon, level = row.cell("echelon"), row.cell("level")
    if echelon not in ECHELONS:
        remedy = nearest(echelon, ECHELONS)
        yield row.problem("echelon", f"unknown echelon {echelon!r}.", remedy)
    if level not in LEVELS[:-1]:
        remedy = nearest(level, LEVELS[:-1])
        yield row.problem("level", f"unknown level {level!r}.", remedy)
    content.levels[echelon] = level


def _add_ladder(content: Content, row: Row) -> Iterator[Problem]:
    medium, level = row.cell("medium"), row.cell("level")
    if medium not in MEDIA:
        yield row.problem("medium", f"unknown medium {medium!r}.", nearest(medium, MEDIA))
    if level not in LEVELS:
        yield row.problem("level", f"unknown level {level!r}.", nearest(level, LEVELS))
    nets = tuple(row.cell("nets").split())
    for net in nets:
        if net not in content.nets:
            yield row.problem("nets", f"unknown net {net!r}.", nearest(net, content.nets))
    if not nets:
        yield row.problem("nets", "no net.", "Name one or more, parted by spaces.")
    yield from _provenance(content, row)
    content.ladder[medium, level] = nets


def _add_figure(content: Content, row: Row) -> Iterator[Problem]:
    item, figure, value, unit = (row.cell(c) for c in ("item", "figure", "value", "unit"))
    held = judge(item, figure, value, unit, content.nets)
    yield from _provenance(content, row)
    if (item, figure) in content.figures:
        yield row.problem("figure", f"{figure} of {item} stands twice.", "Keep one.")
    if isinstance(held, Fault):
        yield row.problem(held.column, held.message, held.remedy)
        return
    number = float(value) if isinstance(held, float) else float("nan")
    source = row.cell("source")
    title, address = content.sources.get(source, ("", ""))
    published = FigureProvenance(
        item, figure, number, unit, source, title, address, row.cell("assumed")
    )
    content.figures[item, figure] = held, published


def _provenance(content: Content, row: Row) -> Iterator[Problem]:
    source = row.cell("source")
    if source and source not in content.sources:
        remedy = nearest(source, content.sources)
        yield row.problem("source", f"unknown source {source!r}.", remedy)
    if not source and not row.cell("assumed"):
        remedy = "Name a source, or say in 'assumed' why it is what it is."
        yield row.problem("source", "neither source nor assumed.", remedy)


def _missing(content: Content, folder: str) -> Iterator[Problem]:
    """Yield what the files do not say."""
    items = {
        "net": content.nets, "level": LEVELS[:-1], "precedence": PRECEDENCES,
        "kind": MESSAGE_KINDS, "liaison": (LIAISON,),
    }  # fmt: skip
    for sort, names in items.items():
        for item in names:
            for figure in REQUIRED[sort]:
                if (item, figure) not in content.figures:
                    message = f"{item} has no {figure}."
                    yield Problem(f"{folder}/figures.csv", 0, 0, message, "Add a row.")
    for net in content.nets:
        if ((net, "word_s") in content.figures) == ((net, "rate_bit_s") in content.figures):
            message = f"{net} must have one of word_s and rate_bit_s."
            yield Problem(f"{folder}/figures.csv", 0, 0, message, "Add or remove a row.")
    for medium in MEDIA:
        for level in LEVELS:
            if (medium, level) not in content.ladder:
                message = f"no nets for {medium}, {level}."
                yield Problem(f"{folder}/ladder.csv", 0, 0, message, "Add a row.")
    for echelon in ECHELONS:
        if echelon not in content.levels:
            message = f"the echelon {echelon!r} has no level."
            yield Problem(f"{folder}/echelons.csv", 0, 0, message, "Add a row.")


_ADD = {
    "sources.csv": _add_source,
    "nets.csv": _add_net,
    "echelons.csv": _add_echelon,
    "ladder.csv": _add_ladder,
    "figures.csv": _add_figure,
}
