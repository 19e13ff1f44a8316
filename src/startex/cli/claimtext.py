"""Claims as text for people: a list of them, or one with all that is known about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

WIDE = 120
"""Columns of a terminal from which on the list is a table."""

_SHOWN = 88  # characters of a quote in the list

_WORDING = {"verbatim": "quote", "summary": "summary", "note": "noted"}

Record = dict[str, Any]


def print_list(records: Sequence[Record]) -> None:
    """Print claims below each other: who says so, what contradicts it, how often it is used."""
    console = _console()
    if not records:
        console.print("no claim meets these conditions")
        return
    draw = _table if console.width >= WIDE else _stack
    _print(console, draw(records))
    sources = len({each["source"] for each in records})
    origins = len({each["origin"] for each in records})
    console.print(
        f"{_count(len(records), 'claim')} from {_count(sources, 'source')}, which go back to "
        f"{_count(origins, 'origin')}"
    )


def _table(records: Sequence[Record]) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("claim", "class", "origin", "quote", "conflicts", "used"):
        table.add_column(
            name,
            no_wrap=name in ("claim", "class", "origin"),
            max_width=12 if name == "conflicts" else None,
            justify="right" if name == "used" else "left",
        )
    for each in records:
        rank = "" if each["rank"] == "normal" else f"{each['rank']}: "
        cells = (each["claim"], each["class"], each["origin"], rank + _quote(each))
        conflicts = Text(" ".join(each["conflicts"]))
        table.add_row(*(Text(cell) for cell in cells), conflicts, str(_uses(each)))
    return table


def _stack(records: Sequence[Record]) -> RenderableType:
    from rich.table import Table
    from rich.text import Text

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for each in records:
        parts = [f"{each['class']}, origin {each['origin']}"]
        if each["rank"] != "normal":
            parts.append(each["rank"])
        if each["conflicts"]:
            parts.append("in conflict " + " ".join(each["conflicts"]))
        uses = _uses(each)
        parts.append(f"used {_count(uses, 'time')}" if uses else "not used")
        grid.add_row(Text(each["claim"], style="bold"), Text(_quote(each)))
        grid.add_row("", Text("; ".join(parts), style="dim"))
    return grid


def _quote(each: Record) -> str:
    quote = " ".join(each["quote"].split())
    quote = quote if len(quote) <= _SHOWN else quote[: _SHOWN - 1] + "…"
    return f"“{quote}”" if each["wording"] == "verbatim" else quote


def _uses(each: Record) -> int:
    return sum(not home.startswith(("conflict:", "arithmetic:")) for home in each["homes"])


def print_card(each: Record) -> None:
    """Print one claim with all that is known about it."""
    from rich.table import Table
    from rich.text import Text

    card = Table.grid(padding=(0, 2))
    card.add_column(style="bold", no_wrap=True)
    card.add_column()
    for name, lines in _sections(each):
        for number, line in enumerate(line for line in lines if line):
            card.add_row(Text(name if number == 0 else ""), Text(line))
    _print(_console(), card)


def _sections(each: Record) -> Iterable[tuple[str, list[str]]]:
    verbatim = each["wording"] == "verbatim"
    quote = f"“{each['quote']}”" if verbatim else each["quote"]
    where = ", ".join(t for t in (each["publisher"], each["date"], each["address"]) if t)
    others = len(each["same_origin"])
    same = "no other claim goes back to this origin"
    if others:
        same = (
            f"{_count(others, 'other claim')}, in {_count(each['same_origin_sources'], 'source')}, "
            "from the same origin: together they count once"
        )
    yield each["claim"], [f"{each['kind']}, {each['class']}, rank {each['rank']}"]
    yield _WORDING[each["wording"]], [quote]
    yield "record", [each["content"]]
    yield "read as", [each["note"]]
    yield "says", [_said(said) for said in each["says"]]
    yield "rank", [each["rank_reason"]]
    yield "said by", [each["said_by"]]
    yield "source", [f"{each['source']}: {each['source_title']} ({where})"]
    yield "origin", [f"{each['origin']}: {each['origin_name']}", same]
    yield "asserted", [each["asserted"]]
    yield "confidence", [each["confidence"]]
    for conflict in each["against"]:
        yield "conflict", _conflict(each["claim"], conflict)
    yield from _uses_of(each)


def _conflict(claim: str, conflict: Record) -> list[str]:
    lines = [f"{conflict['conflict']} {conflict['topic']}"]
    for side in conflict["sides"]:
        mine = "this side" if claim in side["claims"] else "against"
        names = ", ".join(side["claims"])
        lines.append(f"{mine}: {side['says']} ({names}; {_count(side['origins'], 'origin')})")
    return [*lines, f"{conflict['state']}: {conflict['resolution']}"]


def _uses_of(each: Record) -> Iterable[tuple[str, list[str]]]:
    """Where it is used: in the scenario, in the software, or kept with a reason."""
    grouped: dict[str, list[str]] = {}
    for home in each["homes"]:
        kind, _, what = home.partition(": ")
        grouped.setdefault(kind, []).append(what)
    values = {figure["figure"]: figure["words"] for figure in each["figures"]}
    figures = [f"figure {name}: {values.get(name, '')}" for name in grouped.get("figure", [])]
    policies = [f"policy {what}" for what in grouped.get("policy", [])]
    yield "in the scenario", [*grouped.get("scenario", []), *figures, *policies]
    found = [f"check {f['check']} {f['verdict']}: {f['sentence']}" for f in each["findings"]]
    computed = [what for what in grouped.get("check", []) if what.startswith("recomputed")]
    yield "in the software", [*found, *computed, *grouped.get("arithmetic", [])]
    yield "kept because", grouped.get("context", [])
    yield "elsewhere", grouped.get("elsewhere", [])
    if not set(grouped) - {"conflict"}:
        yield "used", ["nowhere yet"]


def _said(said: Record) -> str:
    rule = f" [{said['counting_rule'].replace('_', ' ')}]" if said["counting_rule"] else ""
    aside = f" (“{said['text']}”)" if said["text"] and said["bound"] else ""
    return f"{said['subject']}.{said['field']} = {said['words']}{aside}{rule}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def _print(console: Console, what: RenderableType) -> None:
    """Print without the blanks that fill a table's last column."""
    with console.capture() as capture:
        console.print(what)
    for line in capture.get().splitlines():
        console.file.write(line.rstrip() + "\n")
