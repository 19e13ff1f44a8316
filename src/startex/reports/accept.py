"""From a decided review file to claims of a scenario folder: all of them or nothing."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from startex.foundation.document import DataPath, Document, read_text
from startex.foundation.errors import Problem, ScenarioError, StartexError, UsageError
from startex.reports.reviewfile import (
    Proposal,
    ReviewFile,
    read_review,
    statement_data,
    to_yaml,
)
from startex.reports.text import checksum
from startex.sources.claims import Origin
from startex.sources.dossier import Dossier
from startex.sources.load import load_dossier

_SOURCE_COLUMNS = (
    "source", "title", "publisher", "date", "address", "reached_as", "derived_from", "origin",
    "note",
)  # fmt: skip
_ORIGIN_COLUMNS = ("origin", "name", "kind", "nation")


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was written.

    Attributes
    ----------
    claims
        Ids of the claims.
    file
        Name of their file in the scenario folder.
    source
        Id of the new line of ``sources.csv``.
    origins
        Ids of the new lines of ``origins.csv``.
    refused
        Number of proposals that were refused.
    """

    claims: tuple[str, ...]
    file: str
    source: str
    origins: tuple[str, ...]
    refused: int


def accept(review_path: Path, folder: Path) -> Accepted:
    """Write the accepted proposals of a review file into a scenario folder.

    Parameters
    ----------
    review_path
        The review file; nothing in it may be undecided.
    folder
        The scenario folder, of the user's own.

    Raises
    ------
    UsageError
        If the folder is that of a shipped scenario, or nothing was accepted.
    ScenarioError
        With everything that is wrong, file and line; nothing is written then.
    """
    _refuse_shipped(folder)
    name = str(review_path)
    text, problems = read_text(review_path, name)
    if text is None:
        raise ScenarioError(problems)
    review, document = read_review(text, name)
    dossier = load_dossier(folder)
    found = list(_problems(review, document, dossier, folder))
    if found:
        raise ScenarioError(found)
    kept = [each for each in review.proposals if each.decision in ("accept", "correct")]
    if not kept:
        raise UsageError(f"{name}: every proposal is refused; there is nothing to write")
    changes, accepted = _changes(review, kept, dossier, folder)
    before = {file: _bytes(folder / file) for file in changes}
    _require_sound(folder, changes)
    _write(folder, changes, before)
    return accepted


def _refuse_shipped(folder: Path) -> None:
    from startex.scenario.shipped import SHIPPED  # noqa: PLC0415

    if folder.resolve().is_relative_to(SHIPPED.resolve()):
        raise UsageError(
            f"{folder} is shipped with the program and is not written to; "
            "copy it first: startex new my-exercise --from "
            f"{folder.resolve().name}"
        )


def _problems(
    review: ReviewFile, document: Document, dossier: Dossier, folder: Path
) -> Iterator[Problem]:
    """Yield what keeps a review file from being written."""
    text = review.whole_text
    if checksum(text) != review.report.sha256:
        remedy = "Leave 'text' and 'sha256' as they were; propose anew if the report has changed."
        yield document.problem(("text",), "the text is not the one that was read.", remedy)
        return
    source = review.report.source
    if source in dossier.sources:
        message = f"the source {source!r} is in sources.csv already."
        yield document.problem(("report", "source"), message, "Give this report another id.")
    elif (folder / _claims_file(source)).exists():
        message = f"there is a file {_claims_file(source)} already."
        yield document.problem(("report", "source"), message, "Give this report another id.")
    declared = {origin.origin for origin in review.new_origins}
    if review.report.origin not in declared | set(dossier.origins):
        yield _unknown_origin(document, ("report", "origin"), review.report.origin)
    for index, origin in enumerate(review.new_origins):
        there = dossier.origins.get(origin.origin)
        if there is not None and there.name != origin.name:
            message = f"the origin {origin.origin!r} is in origins.csv already, as {there.name}."
            at = ("new_origins", index, "origin")
            yield document.problem(at, message, "Remove it here, or give it another id.")
    numbers: set[int] = set()
    for index, proposal in enumerate(review.proposals):
        where = ("proposals", index)
        if proposal.proposal in numbers:
            message = f"proposal {proposal.proposal} is given twice."
            yield document.problem((*where, "proposal"), message, "Remove one.")
        numbers.add(proposal.proposal)
        yield from _problems_of(proposal, document, where, text, declared | set(dossier.origins))


def _problems_of(
    proposal: Proposal,
    document: Document,
    where: tuple[str | int, ...],
    text: str,
    origins: set[str],
) -> Iterator[Problem]:
    if proposal.decision == "undecided":
        message = f"proposal {proposal.proposal} is undecided."
        yield document.problem((*where, "decision"), message, "Write accept, correct or refuse.")
        return
    if proposal.decision == "refuse":
        return
    passages: list[tuple[DataPath, str, int, int]] = [
        ((*where, "quote"), proposal.quote, proposal.start, proposal.end)
    ]
    corrected = proposal.corrected
    if corrected is not None and corrected.start is not None and corrected.end is not None:
        below = (*where, "corrected", "quote")
        passages.append((below, corrected.quote, corrected.start, corrected.end))
    if proposal.rests_on is not None:
        rests = proposal.rests_on
        passages.append(((*where, "rests_on"), rests.quote, rests.start, rests.end))
    for path, quote, start, end in passages:
        if text[start:end] != quote:
            message = f"the quote does not stand at {start} to {end} of the text."
            at_all = text.find(quote)
            remedy = f"It stands at {at_all}." if at_all >= 0 else "Copy the words exactly."
            yield document.problem(path, message, remedy)
    origin = (corrected.origin if corrected else "") or proposal.origin
    if origin not in origins:
        key = "corrected" if corrected and corrected.origin else "origin"
        yield _unknown_origin(document, (*where, key), origin)


def _unknown_origin(document: Document, path: tuple[str | int, ...], name: str) -> Problem:
    remedy = "Name one of origins.csv, or declare it under 'new_origins'."
    if not name:
        return document.problem(path, "no origin is given.", remedy)
    return document.problem(path, f"unknown origin {name!r}.", remedy)


def _claims_file(source: str) -> str:
    return f"claims/{source}.yaml"


def _changes(
    review: ReviewFile, kept: list[Proposal], dossier: Dossier, folder: Path
) -> tuple[dict[str, bytes], Accepted]:
    """Return new contents by file, in the order in which they are written."""
    report = review.report
    claims = [_claim(number, each, review) for number, each in enumerate(kept, start=1)]
    used = {report.origin, *(str(claim["origin"]) for claim in claims)}
    new = [o for o in review.new_origins if o.origin in used and o.origin not in dossier.origins]
    changes: dict[str, bytes] = {}
    if new:
        changes["origins.csv"] = _with_rows(
            folder / "origins.csv", _ORIGIN_COLUMNS, [_origin_row(origin) for origin in new]
        )
    changes["sources.csv"] = _with_rows(
        folder / "sources.csv", _SOURCE_COLUMNS, [_source_row(review)]
    )
    head = f"# Claims of {report.source}, each accepted by a person.\n"
    head += f"# The text they were taken from: {report.characters:,} characters, SHA-256\n"
    head += f"# {report.sha256}\n"
    body = "\n".join(to_yaml([claim]) for claim in claims)
    file = _claims_file(report.source)
    changes[file] = f"{head}{body}".encode()
    names = tuple(str(claim["claim"]) for claim in claims)
    refused = len(review.proposals) - len(kept)
    return changes, Accepted(names, file, report.source, tuple(o.origin for o in new), refused)


def _claim(number: int, proposal: Proposal, review: ReviewFile) -> dict[str, Any]:
    report, corrected = review.report, proposal.corrected
    quote, said_by, origin = proposal.quote, proposal.said_by, proposal.origin
    class_, says, note = proposal.class_, proposal.says, ""
    start, end = proposal.start, proposal.end
    if corrected is not None:
        quote, said_by = corrected.quote or quote, corrected.said_by or said_by
        start = start if corrected.start is None else corrected.start
        end = end if corrected.end is None else corrected.end
        origin, says = corrected.origin or origin, corrected.says or says
        class_, note = corrected.class_ or class_, corrected.note
    where = f"characters {start} to {end} of the text"
    via = f"; passed on by {proposal.via}" if proposal.via else ""
    claim = {
        "claim": f"{report.source}-{number}",
        "kind": "source",
        "class": class_,
        "quote": " ".join(quote.split()),
        "note": f"{note + '; ' if note else ''}{where}{via}",
        "says": [statement_data(said) for said in says],
        "said_by": said_by,
        "source": report.source,
        "origin": origin,
        "asserted": report.date,
    }
    return {key: value for key, value in claim.items() if value != ""}


def _source_row(review: ReviewFile) -> dict[str, str]:
    report = review.report
    copies = [r.known for r in review.repeats if r.verdict in ("identical", "near-duplicate")]
    return {
        "source": report.source,
        "title": report.title,
        "publisher": report.publisher,
        "date": report.date,
        "address": report.address,
        "reached_as": report.reached_as,
        "derived_from": "",
        "origin": report.origin,
        "note": f"text of {report.characters} characters, SHA-256 {report.sha256}"
        + (f"; repeats {', '.join(copies)}" if copies else ""),
    }


def _origin_row(origin: Origin) -> dict[str, str]:
    return {
        "origin": origin.origin, "name": origin.name, "kind": origin.kind, "nation": origin.nation,
    }  # fmt: skip


def _with_rows(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> bytes:
    """Return a CSV file with rows added; columns that it lacks and the rows need are added too."""
    text = path.read_bytes().decode("utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""))
    cells = [row for row in reader if any(cell.strip() for cell in row)]
    header = [cell.strip() for cell in cells[0]]
    missing = [c for c in columns if c not in header and any(row[c] for row in rows)]
    end = "\r\n" if "\r\n" in text else "\n"
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator=end)
    if missing:
        writer.writerow([*header, *missing])
        writer.writerows([*row, *([""] * len(missing))] for row in cells[1:])
    else:
        out.write(text if text.endswith("\n") else text + end)
    every = [*header, *missing]
    writer.writerows([row.get(column, "") for column in every] for row in rows)
    return out.getvalue().encode()


def _require_sound(folder: Path, changes: Mapping[str, bytes]) -> None:
    """Raise every problem that the scenario would have; it is tried in a copy."""
    from startex.scenario.files import require_readable  # noqa: PLC0415
    from startex.scenario.load import check_scenario  # noqa: PLC0415

    require_readable(folder)
    with tempfile.TemporaryDirectory(prefix="startex-claims-") as temporary:
        copy = Path(temporary) / folder.resolve().name
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".*"))
        for file, data in changes.items():
            target = copy / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        problems = check_scenario(copy)
    if problems:
        raise ScenarioError(problems)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _write(folder: Path, changes: Mapping[str, bytes], before: Mapping[str, bytes | None]) -> None:
    """Write files one after the other; put back what was there if one of them cannot be written.

    Origins come first and claims last, so that a folder is sound at every moment in between.
    """
    from startex.recording.wholefile import write_whole  # noqa: PLC0415

    for file, data in before.items():
        if _bytes(folder / file) != data:
            raise StartexError(f"{folder / file} was changed meanwhile; nothing was written")
    claims = folder / "claims"
    made = not claims.exists()
    written: list[str] = []
    try:
        claims.mkdir(exist_ok=True)
        for file, data in changes.items():
            write_whole(folder / file, data)
            written.append(file)
    except BaseException:
        for file in reversed(written):
            old = before[file]
            if old is None:
                (folder / file).unlink(missing_ok=True)
            else:
                write_whole(folder / file, old)
        if made and claims.exists():
            claims.rmdir()
        raise
