"""An assessment as Markdown that a person reads from top to bottom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from startex.sources.competing import CAVEATS, Change, Result
from startex.sources.difference import Difference
from startex.sources.dossier import Dossier
from startex.sources.hypotheses import Question
from startex.sources.indicators import STATUSES, Indicator
from startex.sources.policy import Resolved
from startex.sources.verdicts import WORDS, Verdict
from startex.sources.voices import Repeats, Voice

_TOLD_APART = 0.25
"""Diagnosticity below which a piece of evidence is said to tell nothing apart."""


def of_claims(dossier: Dossier, found: Mapping[str, Verdict]) -> str:
    """Return the verdicts on all claims: how many of each, then one a line."""
    counts = Counter(verdict.word for verdict in found.values())
    origins = {claim.origin for claim in dossier.claims.values()}
    lines = [
        "# What the reports say, and what holds",
        "",
        f"{len(found)} claims in {len(dossier.sources)} sources go back to {len(origins)} origins.",
        "",
        "| verdict | claims | meaning |",
        "|---|---:|---|",
    ]
    lines += [f"| {word} | {counts[word]} | {text} |" for word, text in WORDS.items()]
    lines += ["", "| claim | origin | quote | verdict | why |", "|---|---|---|---|---|"]
    for name, verdict in found.items():
        claim = dossier.claims[name]
        cells = (name, claim.origin, claim.quote, verdict.word, verdict.why)
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join([*lines, ""])


def of_question(question: Question, result: Result) -> str:
    """Return a question with its hypotheses, the matrix, and what the order hangs on."""
    titles = {h.hypothesis: h.title for h in question.hypotheses}
    lines = [f"# {question.asks}", ""]
    if question.note:
        lines += [question.note, ""]
    lines += _order(result, titles)
    lines += _matrix(question, result)
    lines += _hanging(question, result, titles)
    lines += _wanted(question, result)
    lines += ["## To be kept in mind", "", *(f"- {caveat}" for caveat in CAVEATS), ""]
    return "\n".join(lines)


def _order(result: Result, titles: Mapping[str, str]) -> list[str]:
    least = " and ".join(titles[name] for name in result.least)
    lines = [
        f"**Least speaks against: {least}.**",
        "",
        "| hypothesis | score | against | for |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {titles[s.hypothesis]} | {s.score + 0.0:.2f} | {s.against} | {s.supports} |"
        for s in result.scores
    ]
    return [*lines, ""]


def _matrix(question: Question, result: Result) -> list[str]:
    names = [h.hypothesis for h in question.hypotheses]
    weighed = {w.evidence: w for w in result.evidence}
    observed = [e for e in question.evidence if e.observed]
    observed.sort(key=lambda e: (-weighed[e.evidence].diagnosticity, e.evidence))
    lines = ["## Evidence, the most telling first", ""]
    lines.append("| evidence | weight | tells apart | " + " | ".join(names) + " | origins |")
    lines.append("|---|---:|---:|" + ":-:|" * len(names) + "---|")
    for each in observed:
        w = weighed[each.evidence]
        cells = [each.ratings[name].rating for name in names]
        lines.append(
            f"| {_cell(each.says)} | {w.weight:.2f} | {w.diagnosticity:.2f} | "
            + " | ".join(cells)
            + f" | {', '.join(w.origins)} |"
        )
    lines += ["", "Why each is rated so:", ""]
    for each in observed:
        reasons = "; ".join(
            f"{n} {each.ratings[n].rating}: {each.ratings[n].because}" for n in names
        )
        lines.append(f"- **{each.evidence}** ({each.grounds}) {reasons}")
    blind = [e.evidence for e in observed if weighed[e.evidence].diagnosticity < _TOLD_APART]
    if blind:
        lines += ["", f"Tells next to nothing apart: {', '.join(blind)}."]
    return [*lines, ""]


def _hanging(question: Question, result: Result, titles: Mapping[str, str]) -> list[str]:
    lines = ["## What the order hangs on", ""]
    for kind, changes in (("", result.by_evidence), ("all that only ", result.by_origin)):
        for change in changes:
            if change.flips:
                lines.append(_flip(kind, change, titles))
    if len(lines) == 2:
        lines.append("- Whichever piece or origin is left out, the same hypothesis has the least.")
    return [*lines, ""]


def _flip(kind: str, change: Change, titles: Mapping[str, str]) -> str:
    least = " and ".join(titles[name] for name in change.least)
    says = f"{kind}{change.without} says" if kind else f"*{change.without}*"
    return f"- Without {says} least speaks against: {least}."


def _wanted(question: Question, result: Result) -> list[str]:
    if not result.wanted:
        return []
    says = {e.evidence: e for e in question.evidence}
    lines = ["## What would tell most, if it were seen", ""]
    for w in result.wanted:
        item = says[w.evidence]
        ratings = ", ".join(f"{name} {r.rating}" for name, r in item.ratings.items())
        lines.append(f"- {item.says} ({w.diagnosticity:.2f}; {ratings})")
    return [*lines, ""]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def of_indicators(question: Question, indicators: Sequence[Indicator]) -> str:
    """Return the indicators of a question, those first that tell most apart."""
    if not indicators:
        return ""
    names = [h.hypothesis for h in question.hypotheses]
    reported = sum(each.status != "not observed" for each in indicators)
    lines = [
        f"## Indicators: {question.asks}",
        "",
        f"Somebody reported on {reported} of {len(indicators)}. How likely is each if a hypothesis "
        "is true? What is as likely under all tells nothing apart.",
        "",
        "| indicator | reported | when, who | goes best with | " + " | ".join(names) + " |",
        "|---|---|---|---|" + "---|" * len(names),
    ]
    for each in indicators:
        mark = "" if each.diagnostic else " **(tells nothing apart)**"
        who = ", ".join((each.date, *each.claims)) if each.claims else ""
        cells = [each.status, who, ", ".join(each.speaks_for)]
        cells += [each.expected[name].likelihood for name in names]
        lines.append(f"| {_cell(each.observe)}{mark} | " + " | ".join(cells) + " |")
    lines += ["", "Why, and how it was read:", ""]
    for each in indicators:
        reasons = "; ".join(f"{name}: {each.expected[name].because}" for name in names)
        lines.append(f"- **{each.indicator}** {each.note} {reasons}".replace("  ", " "))
    lines += ["", *(f"- {word}: {meaning}" for word, meaning in STATUSES.items()), ""]
    return "\n".join(lines)


def of_repeats(found: Repeats) -> str:
    """Return who was heard where, who repeats whom, and what stands behind disputed figures."""
    lines = ["# Who repeats whom", "", "| origin | claims | sources |", "|---|---:|---:|"]
    lines += [
        f"| {_cell(h.name)} ({h.origin}) | {h.claims} | {len(h.sources)} |" for h in found.heard
    ]
    lines += [""]
    for link in found.links:
        reached = f" ({link.reached_as})" if link.reached_as else ""
        lines.append(f"- {link.source} repeats {link.repeats}{reached}")
    if found.links:
        lines.append("")
    for kind, title in (("figure", "Figures on which claims differ"), ("conflict", "Conflicts")):
        own = found.disputed("figure" if kind == "figure" else "conflict")
        if own:
            lines += [f"## {title}", "", f"| {kind} | says | sources | origins | claims |"]
            lines.append("|---|---|---:|---:|---|")
            lines += [_voice(voice) for voices in own for voice in voices] + [""]
    return "\n".join(lines)


def _voice(voice: Voice) -> str:
    cells = (
        voice.topic,
        voice.says,
        str(len(voice.sources)),
        f"{len(voice.origins)}: {', '.join(voice.origins)}",
        ", ".join(voice.claims),
    )
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def of_difference(found: Difference) -> str:
    """Return what changes between two policies, with the reasons, and how much does not."""
    one, other = found.policy, found.against
    lines = [
        f"# What changes from policy {other} to {one}",
        "",
        f"Figures that change: {len(found.figures)}; that do not: {found.same_figures}. "
        f"Verdicts that change: {len(found.verdicts)}; that do not: {found.same_verdicts}.",
        "",
    ]
    if found.figures:
        lines += [f"| figure | {one} | {other} | because of |", "|---|---|---|---|"]
        for each in found.figures:
            sides = [_side(each.here), _side(each.there)]
            why = "its own choice" if each.because == (each.figure,) else ", ".join(each.because)
            lines.append(
                f"| {_cell(each.name)} ({each.figure}) | {sides[0]} | {sides[1]} | {why} |"
            )
        lines += ["", "How each value came about:", ""]
        for each in found.figures:
            lines.append(f"- **{each.figure}** {one}: {each.here.reason}")
            lines.append(f"  {other}: {each.there.reason}")
        lines.append("")
    if found.verdicts:
        lines += [f"| claim | {one} | {other} |", "|---|---|---|"]
        for here, there in found.verdicts:
            cells = (f"{v.word}: {v.why}" for v in (here, there))
            lines.append(f"| {here.claim} | " + " | ".join(_cell(cell) for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)


def _side(value: Resolved) -> str:
    words = value.value if isinstance(value.value, str) else f"{value.value:,.10g} {value.unit}"
    basis = ", ".join(value.claims) or "assumed"
    return _cell(f"{words} ({basis})")
