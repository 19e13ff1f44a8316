"""Where names go on a map: the more important first, none over another."""

from __future__ import annotations

from dataclasses import dataclass, field

_TRIES = (
    (1, 0), (-1, 0), (0, 1), (0, -1), (0.8, 0.8), (0.8, -0.8), (-0.8, 0.8), (-0.8, -0.8),
)  # fmt: skip
"""Directions from the point, in the order in which they are tried."""

_LETTER = 0.56  # width of a letter in font sizes, on the generous side


@dataclass(frozen=True, slots=True)
class Spot:
    """A name's place: offset from its point in SVG units, and how it is aligned."""

    dx: float
    dy: float
    ha: str
    va: str


@dataclass(slots=True)
class Labels:
    """Boxes taken so far, in SVG units with y upwards, on a map of ``width`` x ``height``."""

    width: float
    height: float
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)

    def block(self, x: float, y: float, radius: float) -> None:
        """Keep a point free of names."""
        self.taken.append((x - radius, y - radius, x + radius, y + radius))

    def place(self, text: str, x: float, y: float, size: float, off: float) -> Spot | None:
        """Return where a name can go beside a point, or None where there is no room.

        Parameters
        ----------
        text
            The name.
        x, y
            The point, SVG units.
        size
            Font size, SVG units.
        off
            Distance to the point.
        """
        w, h = (
            max(map(len, text.split("\n"))) * size * _LETTER,
            size * 1.15 * (text.count("\n") + 1),
        )
        for across, up in _TRIES:
            left = x + off * across - (w if across < 0 else 0 if across > 0 else w / 2)
            low = y + off * up - (h if up < 0 else 0 if up > 0 else h / 2)
            box = (left, low, left + w, low + h)
            if self._free(box):
                self.taken.append(box)
                return Spot(
                    off * across,
                    off * up,
                    "right" if across < 0 else "left" if across > 0 else "center",
                    "top" if up < 0 else "bottom" if up > 0 else "center",
                )
        return None

    def _free(self, box: tuple[float, float, float, float]) -> bool:
        left, low, right, high = box
        if left < 2 or low < 2 or right > self.width - 2 or high > self.height - 2:
            return False
        return all(right <= a or left >= c or high <= b or low >= d for a, b, c, d in self.taken)
