"""``python -m benchmarks.reports``: precision and recall of the built-in extractor.

``--save`` writes the table into ``docs/reports.md``, between its marks; ``--misses NAME`` lists
what was missed or falsely proposed in a text.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.reports.measure import FIELDS, Case, Score, assigned, cases, measure, proposed

from startex.reports.rules import Rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reports.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end of measured -->\n"


def table(scores: dict[str, dict[str, Score]]) -> str:
    """Return the scores as a table of Markdown: precision / recall in per cent, and numbers."""
    lines = ["| text | " + " | ".join(FIELDS) + " |", "|---" * (len(FIELDS) + 1) + "|"]
    for name, by_field in scores.items():
        lines.append(f"| {name} | " + " | ".join(map(_cell, by_field.values())) + " |")
    return "\n".join(lines) + "\n"


def _cell(score: Score) -> str:
    precision = f"{100 * score.precision:.0f}" if score.true + score.false else "–"
    recall = f"{100 * score.recall:.0f}" if score.true + score.missed else "–"
    return f"{precision} / {recall} ({score.true + score.missed})"


def misses(case: Case) -> None:
    """Print what differs from the key, sentence by sentence."""
    found = assigned(case, Rules())
    for index, answer in enumerate(case.answers):
        mine = found.get(index, [])
        told = [] if answer.carries == bool(mine) else ["sentence"]
        for name in FIELDS[1:]:
            got, want = proposed(case, mine, name), set(answer.found[name])
            if got != want:
                false, missed = sorted(map(str, got - want)), sorted(map(str, want - got))
                told.append(f"{name}: false {false} missed {missed}")
        if told:
            print(answer.span.of(case.report.text)[:110], *told, sep="\n    ")


def main() -> None:
    """Measure, and print or save the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", action="store_true")
    parser.add_argument("--misses", default="")
    options = parser.parse_args()
    every = cases()
    if options.misses:
        misses(next(case for case in every if case.name == options.misses))
        return
    scores = {case.name: measure(case, Rules()) for case in every}
    text = table(scores)
    print(text)
    if options.save:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        after = rest.split(END)[1]
        PAGE.write_text(f"{before}{BEGIN}{text}{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
