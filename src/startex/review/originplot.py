"""Who repeats whom, drawn: each source a dot, each origin a frame around its sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from startex.review.style import (
    AMBER,
    BLUE,
    FAINT,
    INK,
    MUTED,
    PALE_BLUE,
    PAPER,
    PLUM,
    RULE,
    VARIABLES,
    canvas,
    styled,
    to_svg,
)
from startex.sources.voices import Link, Repeats, Voice

REACHED = (
    ("original", BLUE, ("original",)),
    ("excerpt or summary", PALE_BLUE, ("excerpt", "summary")),
    ("reprint or copy", AMBER, ("reprint", "copy")),
    ("translation", PLUM, ("translation", "machine translation")),
    ("other, or not said", FAINT, ()),
)
"""How a source was seen: words of the key, colour, and the words of ``sources.csv`` for it."""

_ROW, _DOT, _TEXT, _FONT = 14.0, 9.0, 206.0, 8.0
_EDGE = 16.0  # around a picture that is a file of its own
_LETTER = 0.56  # width of a letter in sizes of the font, on average


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is drawn; what is left out is counted in words.

    Attributes
    ----------
    origins
        Rows of origins; those with fewer sources follow in one row together.
    links
        Sources that repeat another.
    figures
        Disputed figures, those with most origins first.
    """

    origins: int = 24
    links: int = 24
    figures: int = 24


def origin_picture(
    found: Repeats, name: str, width: float = 720.0, limits: Limits | None = None
) -> str:
    """Return the picture as an ``<svg>`` element for a page (see `startex.review.style.to_svg`).

    Parameters
    ----------
    found
        Origins, links between sources, and voices.
    name
        Prefix of ids in the page.
    width
        SVG units.
    limits
        How much is drawn.
    """
    most = limits or Limits()
    rows = _origin_rows(found, most.origins)
    tree, left_out = _forest(found.links, most.links)
    disputed = sorted(found.disputed("figure"), key=most_heard)[: most.figures]
    height = 44.0 + _ROW * len(rows)
    height += (34.0 + _ROW * (len(tree) + bool(left_out))) if tree else 0.0
    height += (34.0 + _ROW * sum(len(own) + 1 for own in disputed)) if disputed else 0.0
    with styled():
        axes = canvas(width, height, (0, 0, 0, 0))
        axes.set_xlim(0, width)
        axes.set_ylim(height, 0)
        axes.set_axis_off()
        y = _key(axes, found, width)
        y = _strips(axes, found, rows, y, width)
        if tree:
            y = _heading(axes, y, "Sources that repeat another: arrows lead to who repeats it")
            y = _tree(axes, found, tree, left_out, y)
        if disputed:
            y = _heading(axes, y, "Figures on which claims differ: sources and their origins")
            _values(axes, found, disputed, y)
        return to_svg(axes, name, "Who repeats whom", described(found))


def described(found: Repeats) -> str:
    """Return the picture in a sentence."""
    first = ", ".join(f"{h.name} in {len(h.sources)}" for h in found.heard[:3])
    text = (
        f"{found.sources} sources go back to {len(found.heard)} origins; most were read of {first}."
    )
    parts = [
        f"{own[0].topic}: " + ", ".join(f"{v.says} {counted(v)}" for v in own)
        for own in found.disputed("figure")[:6]
    ]
    return " ".join([text, *(f"{part}." for part in parts)])


def counted(voice: Voice) -> str:
    """Return how many sources and origins stand behind a voice, in words."""
    return f"{_count(len(voice.sources), 'source')}, {_count(len(voice.origins), 'origin')}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' * (number != 1)}"


def standalone(svg: str) -> str:
    """Return a picture of a page as a file of its own: with its colours, and XML's namespace."""
    for colour, variable in VARIABLES.items():
        svg = svg.replace(f"var(--{variable})", colour)
    box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)
    assert box is not None  # every picture of `to_svg` has one
    width, height = float(box[1]) + 2 * _EDGE, float(box[2]) + 2 * _EDGE
    head = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="{-_EDGE:.0f} {-_EDGE:.0f} {width:.0f} {height:.0f}" '
        f'font-family="DejaVu Sans, sans-serif" style="background: {PAPER}" '
    )
    rest = svg[svg.index("role=") :]
    rest = re.sub(r' style="max-width:[^"]*"', "", rest, count=1)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + head + rest.rstrip() + "\n"


_Row = tuple[str, list[list[str]], str]
"""Name, sources by frame, and what is said at the end of a row."""


def _origin_rows(found: Repeats, most: int) -> list[_Row]:
    several = [h for h in found.heard if len(h.sources) > 1][:most]
    rest = [h for h in found.heard if h not in several]
    rows: list[_Row] = []
    if len(rest) == 1 or len(found.heard) <= most:
        several, rest = list(found.heard), []
    for h in several:
        end = f"{_count(len(h.sources), 'source')}, {_count(h.claims, 'claim')}"
        rows.append((h.name, [list(h.sources)], end))
    if rest:
        claims = sum(h.claims for h in rest)
        least = min(len(h.sources) for h in rest) == max(len(h.sources) for h in rest) == 1
        end = f"{'one source each' if least else 'fewer sources'}, {claims} claims"
        rows.append((f"{len(rest)} other origins", [list(h.sources) for h in rest], end))
    return rows


def _strips(axes: Axes, found: Repeats, rows: Sequence[_Row], y: float, width: float) -> float:
    room = width - _TEXT - 130.0
    for name, frames, end in rows:
        y += _ROW
        _text(axes, _TEXT, y, _short(name, 38), ha="right")
        x = _frames(axes, found, frames, _TEXT + 12.0, y, room)
        _text(axes, x + 6.0, y, end, color=MUTED)
    return y


def _values(axes: Axes, found: Repeats, disputed: Sequence[Sequence[Voice]], y: float) -> None:
    for own in disputed:
        y += _ROW
        origins = len(_origins(own))
        words = _short(own[0].topic, 60)
        _text(axes, 0.0, y, words, weight="bold")
        x = len(words) * _LETTER * _FONT * 1.12 + 8.0
        _text(axes, x, y, f"{_count(origins, 'origin')} in all", color=MUTED)
        for voice in own:
            y += _ROW
            _text(axes, _TEXT + 40.0, y, _short(voice.says, 46), ha="right")
            frames = [[s for s, o in voice.heard if o == origin] for origin in voice.origins]
            x = _frames(axes, found, frames, _TEXT + 52.0, y, 200.0)
            words = f"{counted(voice)}: {_short(', '.join(voice.origins), 34)}"
            _text(axes, x + 6.0, y, words, color=MUTED)


def most_heard(own: Sequence[Voice]) -> tuple[int, int, str]:
    """Sort key of a disputed matter: most origins first, then most sources, then by id."""
    return -len(_origins(own)), -sum(len(voice.sources) for voice in own), own[0].matter


def _origins(own: Sequence[Voice]) -> set[str]:
    return {origin for voice in own for origin in voice.origins}


def _frames(
    axes: Axes, found: Repeats, frames: Sequence[Sequence[str]], x: float, y: float, room: float
) -> float:
    """Draw dots, framed by origin, from x on; return where they end."""
    dots = sum(len(frame) for frame in frames)
    pitch = min(_DOT, (room - 4.0 * len(frames)) / max(1, dots))
    for frame in frames:
        long = pitch * (len(frame) - 1)
        axes.add_patch(
            FancyBboxPatch(
                (x, y - 0.5),
                long,
                1.0,
                boxstyle="round,pad=4.2,rounding_size=4.2",
                facecolor="none",
                edgecolor=FAINT,
                linewidth=0.7,
                mutation_aspect=1.0,
            )
        )
        for at, source in enumerate(frame):
            colour = _colour(found.reached_as.get(source, ""))
            axes.plot(
                [x + pitch * at], [y], "o", color=colour, markersize=min(5.0, pitch * 0.62),
                markeredgewidth=0.0, clip_on=False,
            )  # fmt: skip
        x += long + pitch + 4.0
    return x


def _colour(reached: str) -> str:
    return next((colour for _, colour, words in REACHED if reached in words), FAINT)


def _key(axes: Axes, found: Repeats, width: float) -> float:
    """Draw what dots and colours mean; return how far down."""
    there = {_colour(reached) for reached in found.reached_as.values()}
    _text(axes, 0.0, 8.0, "A dot: a source. A frame: one origin. Seen as:", color=MUTED)
    x = 0.0
    for words, colour, _ in REACHED:
        if colour in there:
            axes.plot([x + 4.0], [22.0], "o", color=colour, markersize=5.0, markeredgewidth=0.0)
            _text(axes, x + 11.0, 22.0, words, color=MUTED)
            x += 24.0 + len(words) * _LETTER * _FONT
    axes.plot([0.0, width], [33.0, 33.0], color=RULE, linewidth=0.7)
    return 33.0


def _heading(axes: Axes, y: float, words: str) -> float:
    _text(axes, 0.0, y + 26.0, words, weight="bold", color=INK)
    return y + 30.0


_Node = tuple[int, str, str, str]
"""Depth, source, the source it repeats (none at the top), and what it was reached as."""


def _forest(links: Sequence[Link], most: int) -> tuple[list[_Node], int]:
    """Return sources that repeat each other, a text before who repeats it, and how many more.

    A source that repeats several stands below each of them.
    """
    below: dict[str, list[Link]] = {}
    for link in links:
        below.setdefault(link.repeats, []).append(link)
    children = {link.source for link in links}
    nodes: list[_Node] = []

    def walk(source: str, depth: int, parent: str, reached: str) -> None:
        nodes.append((depth, source, parent, reached))
        for link in below.get(source, ()):
            walk(link.source, depth + 1, source, link.reached_as)

    tops = [source for source in below if source not in children]
    for top in sorted(tops, key=lambda source: (-len(below[source]), source)):
        walk(top, 0, "", "")
    return nodes[:most], len(nodes[most:])


def _tree(
    axes: Axes, found: Repeats, nodes: Sequence[_Node], left_out: int, y: float
) -> float:  # fmt: skip
    row: dict[int, float] = {}
    for depth, source, parent, reached in nodes:
        y += _ROW
        x = 12.0 + 26.0 * depth
        if parent:
            from_x, from_y = x - 26.0, row[depth - 1]
            axes.plot([from_x, from_x, x - 5.0], [from_y + 5.0, y, y], color=MUTED, linewidth=0.8)
            axes.plot([x - 6.5], [y], ">", color=MUTED, markersize=3.5, markeredgewidth=0.0)
        colour = _colour(found.reached_as.get(source, ""))
        axes.plot([x], [y], "o", color=colour, markersize=5.0, markeredgewidth=0.0)
        said = f"{source}  ({reached} of {parent})" if parent and reached else source
        _text(axes, x + 8.0, y, said)
        row[depth] = y
    if left_out:
        y += _ROW
        _text(axes, 12.0, y, f"and {left_out} more", color=MUTED)
    return y


def _text(axes: Axes, x: float, y: float, words: str, **look: str) -> None:
    axes.text(x, y, words, va="center", fontsize=_FONT, **look)  # type: ignore[arg-type]


def _short(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
