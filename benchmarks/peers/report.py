"""Table and plot of the results, for the documentation.

``python -m benchmarks.peers.report`` writes both anew from the results that are kept.
"""

from __future__ import annotations

import json
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.peers.measure import COMPETITORS, RESULTS, ROOT

PAGE = ROOT / "docs" / "peers.md"
PLOT = ROOT / "docs" / "pictures" / "peers.svg"
BEGIN, END = "<!-- peers -->", "<!-- end of peers -->"
COLOURS = ("#b3261e", "#e08214", "#1f4e79", "#5b9bd5", "#6a51a3", "#4d4d4d", "#2e7d32")

Row = dict[str, Any]


def load(path: Path = RESULTS) -> Row:
    """Return the results that are kept."""
    found: Row = json.loads(path.read_text(encoding="utf-8"))
    return found


def per_second_ms(row: Row) -> float:
    """Return processor time a simulated second, moving and pairs, ms."""
    return 1e3 * float(row["move_cpu_s"] + row["pairs_cpu_s"]) / float(row["seconds"])


def groups(found: Row) -> dict[int, dict[str, list[Row]]]:
    """Return the runs by size and competitor, in the order of the competitors."""
    result: dict[int, dict[str, list[Row]]] = {}
    for size in sorted({row["size"] for row in found["runs"]}):
        result[size] = {}
        for peer in COMPETITORS:
            rows = [r for r in found["runs"] if (r["size"], r["competitor"]) == (size, peer.name)]
            if rows:
                result[size][peer.name] = sorted(rows, key=lambda row: int(row["repeat"]))
    return result


def ratios(rows: list[Row], base: list[Row]) -> list[float]:
    """Return how many times dearer each run is than that of the base in the same repeat."""
    by_repeat = {row["repeat"]: per_second_ms(row) for row in base}
    return [
        per_second_ms(row) / by_repeat[row["repeat"]] for row in rows if row["repeat"] in by_repeat
    ]


def number(value: float) -> str:
    """Return a figure with three digits."""
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def spread(values: list[float]) -> str:
    """Return median, and least and greatest where there are several."""
    middle = number(median(values))
    return middle if len(values) == 1 else f"{middle} ({number(min(values))}–{number(max(values))})"


def table(found: Row) -> str:
    """Return the results as Markdown, with versions and what was left out."""
    lines = [
        "| entities | who | simulated, s | CPU ms a simulated second | times Startex "
        "| whole process, CPU s | peak MB | pairs a second | pairs that agree | positions off |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for size, peers in groups(found).items():
        base = next(iter(peers.values()))
        for rows in peers.values():
            first = rows[0]
            agreed = first["agreement"]
            off = [number(agreed[key]) for key in ("error_median_m", "error_max_m")]
            cells = [
                f"{size:,}, {first['within_m'] / 1e3:g} km",
                first["title"],
                str(first["seconds"]),
                spread([per_second_ms(row) for row in rows]),
                "1" if rows is base else spread(ratios(rows, base)),
                spread([row["total_cpu_s"] for row in rows]),
                number(max(row["peak_mb"] for row in rows)),
                number(first["pair_seconds"] / first["seconds"]),
                _share(agreed),
                f"{off[0]} m, at most {off[1]} m",
            ]
            lines.append("| " + " | ".join(cells) + " |")
    packages = ", ".join(f"{name} {version}" for name, version in found["packages"].items())
    machine = found["machine"]
    repeats = 1 + max(row["repeat"] for row in found["runs"])
    often = (
        f"Median of up to {repeats} repeats (least–greatest)" if repeats > 1 else "Measured once"
    )
    lines += [
        "",
        f"{often}. Python {machine['python']}, "
        f"{packages}; {machine['cores']} cores, {machine['processor']}.",
    ]
    lines += [f"{note}." for note in found["notes"]]
    return "\n".join(lines) + "\n"


def _share(agreed: dict[str, float]) -> str:
    if not agreed["missing"] and not agreed["extra"]:
        return f"all {agreed['pairs']:,.0f}"
    wrong = agreed["missing"] + agreed["extra"]
    return (
        f"{100.0 * agreed['share']:.5g} %; {wrong:,.0f} differ, within "
        f"{number(agreed['farthest_m'])} m of the limit"
    )


def page(text: str, found: Row) -> str:
    """Return a page with the table between its marks."""
    head, rest = text.split(BEGIN)
    _, tail = rest.split(END)
    return f"{head}{BEGIN}\n{table(found)}{END}{tail}"


def plot(found: Row, path: Path) -> None:
    """Draw processor time a simulated second over size; the size with another radius apart."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot as plt

    grouped = groups(found)
    usual = max({rows[0]["within_m"] for peers in grouped.values() for rows in peers.values()})
    with mpl.rc_context({"svg.hashsalt": "startex", "font.size": 9}):
        figure, axes = plt.subplots(figsize=(8.0, 4.6), layout="constrained")
        for peer, colour in zip(COMPETITORS, COLOURS, strict=True):
            for same in (True, False):
                points = [
                    (size, [per_second_ms(row) for row in peers[peer.name]])
                    for size, peers in grouped.items()
                    if peer.name in peers and (peers[peer.name][0]["within_m"] == usual) == same
                ]
                if not points:
                    continue
                x = [size for size, _ in points]
                y = [median(values) for _, values in points]
                bars = [
                    [m - min(values) for m, (_, values) in zip(y, points, strict=True)],
                    [max(values) - m for m, (_, values) in zip(y, points, strict=True)],
                ]
                axes.errorbar(
                    x, y, yerr=bars, color=colour, marker="o" if same else "D", markersize=4,
                    linewidth=1.4, capsize=2, label=peer.title if same else None,
                )  # fmt: skip
        axes.set(
            xscale="log", yscale="log", xlabel="entities (diamonds: pairs within 3 km)",
            ylabel="processor time a simulated second, ms",
        )  # fmt: skip
        axes.grid(visible=True, which="major", alpha=0.3)
        axes.legend(fontsize=8, frameon=False, bbox_to_anchor=(1.0, 1.0), loc="upper left")
        figure.savefig(path, format="svg", metadata={"Date": None})
        plt.close(figure)


def write(found: Row) -> None:
    """Write table and plot into the documentation."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
    plot(found, PLOT)


if __name__ == "__main__":
    write(load())
