"""How the pictures look, and how a matplotlib figure becomes SVG that lives inside a page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from startex.review.words import ticks

INK = "#1b1c1e"
MUTED = "#6a6d73"
FAINT = "#a5a7ab"
RULE = "#d8d5cd"
PAPER = "#fdfcf9"
LAND = "#ebe7dc"
SHORE = "#b9b4a6"
WATER = "#e6edf1"
BLUE = "#2f6690"
PALE_BLUE = "#a9c3d6"
AMBER = "#c98a1b"
RED = "#b5402a"
TEAL = "#3d7d72"
PLUM = "#7b5a8c"
BROWN = "#7a5230"
SLATE = "#3e4a56"

VARIABLES = {
    INK: "ink", MUTED: "muted", FAINT: "faint", RULE: "rule", PAPER: "paper", LAND: "land",
    SHORE: "shore", WATER: "water", BLUE: "blue", PALE_BLUE: "pale-blue", AMBER: "amber",
    RED: "red", TEAL: "teal", PLUM: "plum", BROWN: "brown", SLATE: "slate",
}  # fmt: skip
"""Colours and the variables of the style sheet that stand for them, light and dark. The hues
keep apart in the common colour-vision deficiencies, and by lightness in grey print."""

MODE_COLOURS = {
    "road": BROWN, "cross_country": AMBER, "rail": SLATE, "sea": BLUE, "air": PLUM,
    "foot": TEAL, "parachute": PLUM, "raft": TEAL, "landing": BLUE,
}  # fmt: skip

CONTEXT: Any = {
    "font.family": "DejaVu Sans",  # for measuring; the page shows its own sans-serif
    "font.size": 8.5,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.spines.bottom": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.minor.size": 0,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "hatch.linewidth": 0.8,
    "svg.fonttype": "none",
    "svg.hashsalt": "startex",
    "path.simplify": True,
}


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the style of the review."""
    with mpl.rc_context(CONTEXT):
        yield


def figure(width: float, height: float) -> Figure:
    """Return an empty figure of so many SVG units (a unit is about a pixel on a desktop)."""
    return Figure(figsize=(width / 72.0, height / 72.0), facecolor="none")


def canvas(width: float, height: float, margins: tuple[float, float, float, float]) -> Axes:
    """Return axes in a new figure; ``margins`` are left, top, right and bottom in SVG units."""
    left, top, right, bottom = margins
    axes = figure(width, height).add_axes(
        (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
    )
    axes.set_facecolor("none")
    return axes


def to_svg(drawn: Axes, name: str, title: str, text: str) -> str:
    """Return the figure of some axes as an ``<svg>`` element for a page.

    Parameters
    ----------
    drawn
        The axes.
    name
        Prefix of all ids in it, unique in the page.
    title, text
        What it shows, for those who do not see it: in short, and in a sentence.
    """
    stream = io.StringIO()
    canvas_svg: Any = FigureCanvasSVG(drawn.get_figure(root=True))
    canvas_svg.print_svg(stream, metadata={"Date": None, "Creator": None})
    svg = stream.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
    svg = re.sub(r"<style.*?</style>", "", svg, flags=re.S)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.S)
    box = re.search(r'viewBox="([^"]+)"', svg)
    svg = svg[svg.index(">", svg.index("<svg")) + 1 :].rstrip()
    svg = _own_ids(svg, name)
    svg = re.sub(r"font:\s*([\d.]+)px[^;\"]*", r"font-size: \1px", svg)
    svg = re.sub(r"font:\s*bold ([\d.]+)px[^;\"]*", r"font-size: \1px; font-weight: 650", svg)
    svg = re.sub(r"font:\s*700 ([\d.]+)px[^;\"]*", r"font-size: \1px; font-weight: 650", svg)
    svg = re.sub(r"font:\s*italic ([\d.]+)px[^;\"]*", r"font-size: \1px; font-style: italic", svg)
    svg = re.sub(r"<[^>]*>", lambda tag: _NUMBER.sub(_short, tag.group()), svg)  # no words
    for colour, variable in VARIABLES.items():
        svg = svg.replace(colour, f"var(--{variable})")
    svg = re.sub(r"\n\s*", "\n", svg)
    view = box.group(1) if box else "0 0 100 100"
    width = float(view.split()[2])
    return (
        f'<svg class="picture" viewBox="{view}" role="img" style="max-width:{width:.0f}px" '
        f'aria-labelledby="{name}-t {name}-d"><title id="{name}-t">{escape(title)}</title>'
        f'<desc id="{name}-d">{escape(text)}</desc>{svg}'
    )


def _own_ids(svg: str, name: str) -> str:
    """Drop the ids nobody refers to, and prefix the others."""
    used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', svg))

    def own(found: re.Match[str]) -> str:
        return f' id="{name}-{found[1]}"' if found[1] in used else ""

    svg = re.sub(r'\s+id="([^"]*)"', own, svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    return re.sub(r'(?:xlink:)?href="#([^"]+)"', rf'href="#{name}-\1"', svg)


_NUMBER = re.compile(r"-?\d+\.\d{2,}")


def _short(number: re.Match[str]) -> str:
    text = f"{float(number.group()):.1f}"
    return text[:-2] if text.endswith(".0") else text


def mark_days(axes: Axes, left: int, right: int, days: Sequence[int], offset_h: float) -> None:
    """Draw a line at each day or hour between two instants (ms), with its name above.

    ``days`` are local midnights (ms), ``offset_h`` is local time less UTC.
    """
    for t, text in ticks(left, right, days, offset_h):
        axes.axvline(t, color=RULE, linewidth=0.6, zorder=0)
        if t < right - 0.06 * (right - left):
            axes.annotate(
                text, (t, 0), xytext=(2, 5), textcoords="offset points", color=MUTED,
                fontsize=7.5,
            )  # fmt: skip
