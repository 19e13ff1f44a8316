"""Live fire in the review, against the shots of the tutorial run by hand."""

from __future__ import annotations

import pytest

import startex
from startex.models.intervals import wilson_interval
from startex.review.report import review


def test_figures_of_live_fire_follow_from_the_shots(tmp_path) -> None:
    run = startex.simulate(startex.load("three-nations-day"), out=tmp_path / "run", seed=1)
    made = review(run.folder)
    figures = {figure["id"]: figure["value"] for figure in made.figures["figures"]}
    shots = run.sql("select * from shots where serial = 's09-fire'").to_pylist()
    assert len(shots) > 20

    def figure(word: str):  # type: ignore[no-untyped-def]
        return figures[f"play.fires.s09-fire.{word}"]

    hits = [row for row in shots if row["hits"]]
    assert figure("shooters") == len({row["shooter"] for row in shots})
    assert figure("rounds") == sum(row["rounds"] for row in shots)
    assert figure("engaged") == len({row["target"] for row in shots})
    assert figure("hit") == len({row["target"] for row in hits})
    assert figure("destroyed") == sum(row["result"] == "target_destroyed" for row in shots)
    assert figure("tonnes") == round(sum(row["mass_kg"] for row in shots) / 1e3, 1)
    kinds = {row["kind"] for row in shots}
    assert sum(figure(f"rounds_{kind}") for kind in kinds) == figure("rounds")
    limits = wilson_interval(len(hits), len(shots))
    assert figure("hit_share") == pytest.approx(100 * len(hits) / len(shots), abs=0.05)
    assert figure("hit_share_lower") == pytest.approx(100 * float(limits.lower), abs=0.05)
    assert figure("hit_share_upper") == pytest.approx(100 * float(limits.upper), abs=0.05)
    assert "Live fire at targets" in made.html
    assert "not for live-fire safety" in made.html
