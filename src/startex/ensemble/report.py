"""The report of an ensemble: one HTML file for a reader, and everything in it as data."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markupsafe import Markup

from startex.ensemble import findings, words
from startex.ensemble.conclusions import Conclusion, conclusions
from startex.ensemble.disagreements import Disagreement, disagreements, together
from startex.ensemble.effects import METHODS, Sensitivity
from startex.ensemble.headline import days_of, factor_label, main_outcomes
from startex.ensemble.morris import MissingLibraryError
from startex.ensemble.pictures import pictures
from startex.ensemble.reading import Ensemble, Float64
from startex.ensemble.scenery import Scenery, scenery
from startex.ensemble.sensitivity import sensitivity
from startex.ensemble.statistics import CONFIDENCE, Interval
from startex.ensemble.summary import Row, Summary, row_of, summarise
from startex.ensemble.timelines import SerialRow, serial_rows
from startex.ensemble.variants import VariantTable, variant_name, variant_tables
from startex.foundation.errors import StoreError
from startex.recording.wholefile import write_whole

FILE_NAME = "report.html"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome of the report: a conclusion or a measure.

    Attributes
    ----------
    label
        What it is called.
    row
        What it comes to.
    values
        By row of the design, shape (runs,).
    found
        What it hangs on; None where that needs a library that is not installed, which `lacks`
        then tells.
    """

    label: str
    row: Row
    values: Float64
    found: Sensitivity | None
    lacks: str = ""


class Report:
    """Everything the report says, computed when it is first asked.

    Parameters
    ----------
    runs
        The ensemble.
    confidence
        Of all intervals.
    """

    def __init__(self, runs: Ensemble, confidence: float = CONFIDENCE) -> None:
        if not runs.done.any():
            raise StoreError(
                f"{runs.folder}: no run of the ensemble was finished; there is nothing to report. "
                "failures.parquet says why."
            )
        self.runs = runs
        self.confidence = confidence

    @cached_property
    def summary(self) -> Summary:
        """Every measure."""
        return summarise(self.runs, self.confidence)

    @cached_property
    def known(self) -> Scenery:
        """What the scenario says."""
        return scenery(self.runs)

    @cached_property
    def told(self) -> tuple[Conclusion, ...]:
        """The conclusions."""
        return conclusions(self.runs)

    @cached_property
    def conclusions(self) -> tuple[Outcome, ...]:
        """The conclusions as outcomes."""
        found = []
        for one in self.told:
            row = row_of(one.says, "", "share", one.holds, self.summary.units, self.confidence)
            found.append(self._outcome(one.says, row, one.holds))
        return tuple(found)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The measures that are shown first."""
        return tuple(
            self._outcome(
                self.label(row.measure, row.key), row, self.runs.values(row.measure, row.key)
            )
            for row in main_outcomes(self.runs, self.summary)
        )

    def _outcome(self, label: str, row: Row, values: Float64) -> Outcome:
        try:
            return Outcome(label, row, values, sensitivity(self.runs, values, self.confidence))
        except MissingLibraryError as error:
            return Outcome(label, row, values, None, str(error))

    @cached_property
    def serials(self) -> tuple[SerialRow, ...]:
        """Every serial that was measured."""
        return serial_rows(self.runs, self.summary.units, self.known, self.confidence)

    @cached_property
    def disagreements(self) -> tuple[Disagreement, ...]:
        """The disagreements between sources that were varied."""
        try:
            return disagreements(
                self.runs,
                [(one.row.measure, one.row.key) for one in self.outcomes],
                self.confidence,
                told=self.told,
                known=self.known,
            )
        except MissingLibraryError:
            return ()

    @cached_property
    def together(self) -> list[tuple[str, Interval]]:
        """What all disagreements together explain of each outcome; [] with fewer than two."""
        found = []
        for one in self.outcomes_and_told:
            share = together(self.runs, one.values, self.confidence)
            if share is not None:
                found.append((one.label, share))
        return found

    @cached_property
    def variants(self) -> tuple[VariantTable, ...]:
        """The variants side by side, where they are few."""
        return variant_tables(
            self.runs, [(one.label, one.row.unit, one.values) for one in self.outcomes_and_told],
            self.confidence,
        )  # fmt: skip

    @property
    def outcomes_and_told(self) -> tuple[Outcome, ...]:
        """Conclusions first, then the measures."""
        return self.conclusions + self.outcomes

    @cached_property
    def words(self) -> list[str]:
        """The first paragraph: how often it works, what breaks it, how sure that is."""
        units = self.summary.units
        main = self.conclusions[0] if self.conclusions else None
        often = [findings.how_often(self.runs, told, units, self.confidence) for told in self.told]
        first = often[:1]
        if main is not None:
            first.append(
                main.lacks
                or findings.what_breaks(self.runs, self.told[0], main.found, self.confidence)
            )
        more = [*often[1:], findings.weak_serials(self.serials)]
        text = [" ".join(part for part in parts if part) for parts in (first, more)]
        found = main.found if main is not None else None
        text.append(findings.how_sure(self.runs, units, self.confidence, found))
        return [part for part in text if part]

    @property
    def contents(self) -> list[tuple[str, str]]:
        """Ids and titles of the sections."""
        found = [("often", "How often it works"), ("hangs", "What it hangs on")]
        if self.disagreements:
            found.append(("sources", "Which disagreement between sources matters"))
        found.append(("spread", "How outcomes spread"))
        if any(days_of(self.runs, name) for name in dict.fromkeys(n for n, _ in self.runs.names)):
            found.append(("time", "Over time"))
        if self.runs.failed:
            found.append(("failed", "Runs that failed"))
        return [*found, ("figures", "Every figure"), ("method", "Method and limits")]

    @property
    def variant_count(self) -> int:
        """Variants of which a run was finished."""
        return int(np.unique(self.runs.variant[self.runs.done]).size)

    @property
    def seed_count(self) -> int:
        """Seeds of finished runs."""
        return int(np.unique(self.runs.seed[self.runs.done]).size)

    @property
    def failed_rows(self) -> list[dict[str, Any]]:
        """Failed runs with their seed and variant."""
        row_of_run = {int(run): row for row, run in enumerate(self.runs.design["run"].to_pylist())}
        found = []
        for one in self.runs.failed:
            row = row_of_run.get(int(one["run"]))
            place = {"seed": "–", "variant": "–"}
            if row is not None:
                name = variant_name(self.runs, row)
                place = {"seed": str(self.runs.seed[row]), "variant": name}
            found.append({**one, **place})
        return found

    def level_name(self, factor: str, level: str) -> str:
        """Return what a level is called: policies have names."""
        policies = self.runs.header.get("policies")
        names = policies if isinstance(policies, dict) else {}
        return str(names.get(level, level)) if factor == "policy" else level

    @property
    def varied(self) -> list[tuple[str, str, str, str, str]]:
        """Factors as the design gives them: label, path, distribution, values, unit."""
        labels = {factor.name: factor_label(factor) for factor in self.runs.factors}
        found = []
        for one in self.runs.plan.get("factors") or ():
            given = one.get("arguments") or one.get("levels") or []
            if not given and one.get("low") is not None:
                given = [one["low"], one.get("high")]
            values = ", ".join(
                words.number(x) if isinstance(x, int | float) else str(x) for x in given
            )
            name = str(one.get("name"))
            path = str(one.get("path") or one.get("claim") or "")
            kind = str(one.get("distribution") or "levels").replace("_", " ")
            unit = str(one.get("unit") or "")
            found.append((labels.get(name, name), path, kind, values, unit))
        return found

    def label(self, measure: str, key: str = "") -> str:
        """Return what a measure is called."""
        known = self.runs.header.get("labels")
        text = words.label(measure, known if isinstance(known, dict) else None)
        return f"{text}, {key}" if key else text[:1].upper() + text[1:]

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return {
            "ensemble": self.runs.header,
            "confidence": self.confidence,
            "findings": self.words,
            "conclusions": [
                {
                    "says": told.says,
                    "computed": told.computed,
                    **one.row.to_json(),
                    "sensitivity": one.found.to_json() if one.found else None,
                }
                for told, one in zip(self.told, self.conclusions, strict=True)
            ],
            "outcomes": [
                {
                    "measure": one.row.measure,
                    "key": one.row.key,
                    "sensitivity": one.found.to_json() if one.found else None,
                }
                for one in self.outcomes
            ],
            "disagreements": [one.to_json() for one in self.disagreements],
            "disagreements_together": [
                {"outcome": label, "share": [share.value, share.low, share.high]}
                for label, share in self.together
            ],
            "variants": [table.to_json() for table in self.variants],
            "measures": self.summary.to_json(),
            "failed": list(self.runs.failed),
        }

    def to_html(self) -> str:
        """Return the page."""
        return _page(self)


def write_report(
    folder: str | Path,
    out: str | Path | None = None,
    confidence: float = CONFIDENCE,
    progress: Callable[[str], None] | None = None,
) -> tuple[Path, Report]:
    """Write the report of an ensemble and return its path (default: report.html in the folder).

    Raises
    ------
    StoreError
        If the ensemble cannot be read, has no finished run, or the file cannot be written.
    """
    from startex.ensemble.reading import open_ensemble  # noqa: PLC0415

    tell = progress or (lambda _: None)
    tell("computing figures")
    made = Report(open_ensemble(folder), confidence)
    path = Path(out) if out is not None else Path(folder) / FILE_NAME
    tell("drawing")
    page = made.to_html()
    try:
        write_whole(path, page.encode("utf-8"))
    except OSError as error:
        raise StoreError(
            f"cannot write {path}: {error.strerror}. Mend that, or give another file with --out."
        ) from error
    return path, made


def data_text(made: Report) -> str:
    """Return the report as JSON text, the same for the same ensemble."""
    return json.dumps(made.to_json(), ensure_ascii=False, indent=1)


def _page(made: Report) -> str:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("startex.ensemble", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    review = files("startex.review") / "templates"
    own = files("startex.ensemble") / "templates"
    style = "".join(
        (folder / name).read_text(encoding="utf-8")
        for folder, name in ((review, "style.css"), (own, "ensemble.css"))
    )
    varying = [row for row in made.summary.rows if row.varies]
    return environment.get_template("report.html.j2").render(
        made=made,
        runs=made.runs,
        header={
            name: str(made.runs.header.get(name) or "")
            for name in ("startex", "scenario", "scenario_digest")
        },
        kind=str(made.runs.plan.get("kind") or "as written"),
        summary=made.summary,
        varying=varying,
        constant=[row for row in made.summary.rows if not row.varies],
        pictures=pictures(made),
        labels={factor.name: factor_label(factor) for factor in made.runs.factors},
        style=Markup(style),
        methods=METHODS,
        number=words.number,
        signed=words.signed,
        percent=words.percent,
        percent_span=words.percent_span,
        span=words.span,
        interval=interval_text,
        finite=np.isfinite,
        level=words.percent(made.confidence),
    )


def interval_text(row: Row) -> str:
    """Return the ends of a row's interval; why there are none where there are none."""
    low, high = row.centre.low, row.centre.high
    if not row.varies:
        return "the same in all"
    if not np.isfinite(low) or not np.isfinite(high):
        return "too few"
    if row.share:
        return words.percent_span(low, high)
    return f"{words.number(low)} to {words.number(high)}"
