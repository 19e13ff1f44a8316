"""Asking a person for each proposal, on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from startex.reports.reviewfile import Correction, Proposal, ReviewFile

_ANSWERS = {"a": "accept", "c": "correct", "r": "refuse", "l": "later", "q": "quit"}


def ask(review: ReviewFile) -> ReviewFile:
    """Return a review file with the decisions that a person gives; the others stay undecided.

    The questions go to standard error, so that they never stand in what is written.
    """
    decided: list[Proposal] = list(review.proposals)
    for index, proposal in enumerate(review.proposals):
        _show(proposal, len(review.proposals))
        answer = _answer()
        if answer == "quit":
            break
        if answer == "later":
            continue
        changes: dict[str, Any] = {"decision": answer}
        if answer == "correct":
            corrected = _correction(proposal)
            if corrected is None:
                continue
            changes["corrected"] = corrected
        decided[index] = proposal.model_copy(update=changes)
    return review.model_copy(update={"proposals": tuple(decided)})


def _show(proposal: Proposal, count: int) -> None:
    _say("")
    _say(f"proposal {proposal.proposal} of {count} ({', '.join(proposal.kinds)})")
    _say(f"  “{' '.join(proposal.quote.split())}”")
    for said in proposal.says:
        rule = f" ({said.counting_rule})" if said.counting_rule else ""
        _say(f"  says    {said.subject}.{said.field}: {said}{rule}")
    via = f", passed on by {proposal.via}" if proposal.via else ""
    _say(f"  said by {proposal.said_by}{via}; origin {proposal.origin}; {proposal.class_}")
    for words in proposal.undated:
        _say(f"  undated “{words}”")
    for near in proposal.near:
        _say(f"  near    {near.claim}: {near.because}")
    if proposal.copied_from:
        _say(f"  copied  word for word as in {proposal.copied_from}")


def _answer() -> str:
    while True:
        given = typer.prompt("accept, correct, refuse, later, quit [a/c/r/l/q]", err=True)
        word = str(given).strip().lower()
        if word[:1] in _ANSWERS and _ANSWERS[word[:1]].startswith(word):
            return _ANSWERS[word[:1]]
        _say("  write a, c, r, l or q")


def _correction(proposal: Proposal) -> Correction | None:
    """Return what the person puts instead; None where he gives up."""
    from startex.foundation.validate import validate
    from startex.foundation.yamlfile import parse_yaml
    from startex.reports.reviewfile import Correction, statement_data, to_yaml

    _say("  what it says, one statement a line; an empty line ends, nothing at all keeps them:")
    for said in proposal.says:
        _say(f"  - {to_yaml([statement_data(said)]).strip().removeprefix('- ')}")
    lines: list[str] = []
    while line := str(typer.prompt("  -", default="", show_default=False, err=True)).strip():
        lines.append(f"- {line.removeprefix('- ')}")
    said_by = str(typer.prompt("  said by", default=proposal.said_by, err=True))
    origin = str(typer.prompt("  origin", default=proposal.origin, err=True))
    parts = ["says:", *lines] if lines else []
    parts += [f"said_by: {_quoted(said_by)}"] if said_by != proposal.said_by else []
    parts += [f"origin: {_quoted(origin)}"] if origin != proposal.origin else []
    if not parts:
        _say("  nothing was changed; left undecided")
        return None
    corrected, problems = validate(Correction, parse_yaml("\n".join(parts), "your correction"))
    for problem in problems:
        _say(f"  {problem}")
    if corrected is None:
        _say("  left undecided")
    return corrected


def _quoted(words: str) -> str:
    import json

    return json.dumps(words, ensure_ascii=False)


def _say(line: str) -> None:
    typer.echo(line, err=True)
