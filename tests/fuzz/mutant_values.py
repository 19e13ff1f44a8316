"""What mutations put in the place of values: edges, wrong kinds, wrong units, wrong times."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Raw:
    """Text that goes into the file as it stands, unquoted and unescaped."""

    text: str


NUMBERS: tuple[Any, ...] = (
    0, 1, -1, 2, 7, 1000, 99_999, 10**6, 10**9, 2**31 - 1, 2**31, 2**32, 2**53 + 1, 2**63 - 1,
    2**63, 2**64, -(2**63), 10**299, 0.5, -0.5, 1e-9, 5e-324, 1e300, -1e300, 89.999999, 90, 90.1,
    180, 180.1, -180, 360, 359.999, Raw("-0.0"), Raw(".nan"), Raw(".inf"), Raw("-.inf"),
    Raw("1e999"), Raw("0x10"), Raw("0o17"), Raw("1_000"), Raw("1,000"), Raw("+5"),
    Raw("9" * 400), Raw("007"),
)  # fmt: skip

TEXTS: tuple[Any, ...] = (
    "", " ", "\t", "0", "no", "null", "~", "-", "\n", "a\nb", "x" * 300, "x" * 100_000, "é",
    "e\u0301", "名前", "\u202eabc", "\u200b", "\ufeff", "\x00", "\x07", "\ud800", "\U0001f600",
    "a;b", "a,b", "a/b", "a'b", 'a"b', "%s%n", "{0}", "{{7*7}}", "<script>alert(1)</script>",
    "../..", "/etc/passwd", "../vostok-2022/claims.yaml", "~root", "file:///etc/passwd", "CON",
    "a" * 65, "A-Z", "a_b", "[x]", "*", "&a", "!x", "# x", "- x", "x: y", "NaN", "inf", "1e5",
    "true", "\\", "$HOME", "`id`",
)  # fmt: skip

TIMES: tuple[str, ...] = (
    "2025-06-14", "2025-06-14T12:00", "2025-06-14T12:00Z", "2025-06-14T24:00+05:00",
    "2025-06-14T23:59:60Z", "0001-01-01T00:00Z", "0001-01-01T00:00+14:00",
    "9999-12-31T23:59:59-12:00",
    "9999-12-31T23:59:59.999999Z", "10000-01-01T00:00Z", "2025-02-30T00:00Z", "2024-02-29T00:00Z",
    "1969-12-31T23:59:59.999Z", "2025-06-14T12:00+99:00", "2025-W24-6", "20250614T120000Z",
    "2025-06-14T12:00:00.0001+05:00", "12:00", "2025-06-14T12:00+05:00[Asia/Aqtau]", "now",
    "1749884400", "2025-06", "2025-06-14/2025-06-15", "2025-06-14T12:00+05:00:30", "2025~", "25:00",
)  # fmt: skip

UNITS: tuple[str, ...] = (
    "km/h", "kn", "m/s", "parsec", "KM/H", "km", "ft", "h", "min", "t", "°", "person", "%", "",
    "m²",
)  # fmt: skip

SHAPES: tuple[Any, ...] = (
    None, True, False, [], {}, [[]], [None], [{}], {"": None}, {"a": {"b": {"c": 1}}},
    [1, "a", None],
    Raw("!!python/object/apply:os.system ['echo broken']"), Raw("!!python/name:os.system"),
    Raw("!!binary aGVsbG8="), Raw("!!set {a, b}"), Raw("!!timestamp 2025-06-14"), Raw("!x y"),
    Raw("&a [*a]"), Raw("&a {b: *a}"), Raw("*undefined"), Raw("{<<: {a: 1}}"), Raw("? [a, b]"),
    Raw("&a [x, x, x, x, x, x, x, x, x, x]"), Raw("|\n      text\n     torn"), Raw("'unclosed"),
    Raw("[1, 2"), Raw("{a: 1"), Raw("@x"), Raw("%x"), Raw("- - - x"), Raw("[a]: b"),
)  # fmt: skip

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def bomb() -> Raw:
    """An alias bomb ("billion laughs")."""
    rows = ['&a0 ["lol", "lol", "lol", "lol", "lol", "lol", "lol", "lol", "lol"]']
    for level in range(1, 9):
        rows.append(f"&a{level} [{', '.join([f'*a{level - 1}'] * 9)}]")
    return Raw("[" + ", ".join(rows) + "]")


def nested(depth: int, draw: random.Random) -> Raw:
    """A value nested ``depth`` levels deep."""
    return Raw(draw.choice(("[" * depth + "]" * depth, '{"a": ' * depth + "1" + "}" * depth)))


def other_value(old: Any, draw: random.Random) -> Any:
    """Return a value to stand in the place of ``old``: near it, at an edge, or of another kind."""
    roll = draw.random()
    if roll < 0.06:
        return draw.choice((bomb(), nested(draw.choice((40, 120, 3000, 50_000)), draw)))
    if roll < 0.16:
        return draw.choice(SHAPES)
    if isinstance(old, bool):
        return draw.choice((not old, *NUMBERS[:4], *TEXTS[:6]))
    if isinstance(old, (int, float)):
        return _number(old, draw)
    if isinstance(old, str):
        return _text(old, draw)
    if isinstance(old, list):
        return draw.choice(([], old[:1], old + old, old[::-1], {"0": old}, *old[:1]))
    if isinstance(old, dict):
        return draw.choice(({}, [old], list(old), "text", None))
    return draw.choice((*NUMBERS[:8], *TEXTS[:8], []))


def _number(old: float, draw: random.Random) -> Any:
    roll = draw.random()
    if roll < 0.35:
        return draw.choice(NUMBERS)
    if roll < 0.7:
        return scaled(old, draw)
    if roll < 0.8:
        return old + draw.choice((-1, 1, 1e-9, -0.25, 17))
    return draw.choice((str(old), f"{old} {draw.choice(UNITS)}", [old], {"value": old}))


def scaled(old: float, draw: random.Random) -> float:
    """Return a number some times as large, whole where it was whole."""
    made = old * draw.choice((-1, 0.1, 0.5, 0.9, 1.1, 2, 3, 10, 100, 1000, 1e6, 1.0000001))
    return round(made) if isinstance(old, int) and abs(made) < 1e15 else made


def shifted(old: str, draw: random.Random) -> str:
    """Return an ISO 8601 instant moved by minutes to days; as it was where it is none."""
    try:
        moved = datetime.fromisoformat(old) + timedelta(
            minutes=draw.choice((-1440, -240, -60, -7, 1, 15, 60, 180, 480, 1440))
        )
    except (ValueError, OverflowError):
        return old
    return moved.isoformat(timespec="minutes")


def _text(old: str, draw: random.Random) -> Any:
    roll = draw.random()
    if _TIME.match(old) and roll < 0.7:
        return _time(old, draw)
    if any(c.isdigit() for c in old) and roll < 0.3:
        digits = [i for i, c in enumerate(old) if c.isdigit()]
        at = draw.choice(digits)
        return old[:at] + draw.choice("0123456789") + old[at + 1 :]
    if roll < 0.55:
        return draw.choice(TEXTS)
    if roll < 0.65:
        return draw.choice(TIMES)
    if roll < 0.75:
        return draw.choice(NUMBERS)
    at = draw.randrange(len(old) + 1)
    return draw.choice(
        (old.upper(), old + " ", " " + old, old[:at], old[:at] + "-" + old[at:], old + old, [old],
         old.replace("-", "_"), old[::-1], f"{old} {draw.choice(UNITS)}")
    )  # fmt: skip


def _time(old: str, draw: random.Random) -> str:
    roll = draw.random()
    if roll < 0.3:
        return draw.choice(TIMES)
    digits = [i for i, c in enumerate(old[:16]) if c.isdigit()]
    at = draw.choice(digits[-8:] if roll < 0.85 else digits)
    return old[:at] + draw.choice("0123456789") + old[at + 1 :]
