"""The shipped communications: whole, every figure sourced or assumed; broken copies are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from startex.forces.communications import SHIPPED, load_communications
from startex.forces.communications_figures import (
    KIND_FIGURES,
    LEVEL_FIGURES,
    LIAISON_FIGURES,
    NET_FIGURES,
    NET_KINDS,
    PRECEDENCE_FIGURES,
    PRECEDENCES,
)
from startex.foundation.errors import ScenarioError

PAGE = Path(__file__).parents[3] / "docs" / "communications.md"


def test_every_figure_says_where_it_comes_from() -> None:
    known = load_communications()
    for figure in known.figures.values():
        published = figure.published
        assert published is not None
        assert published.address.startswith("http") or published.assumed


def test_precedence_takes_less_time_and_has_sooner_objectives() -> None:
    known = load_communications()
    assert (np.diff(known.staff_share) > 0).all()
    assert known.objective_s.tolist() == [600, 1800, 10_800, 21_600]
    assert len(known.objective_s) == len(PRECEDENCES)


def test_what_is_sent_flash_can_be_delivered_in_time_where_nothing_waits() -> None:
    """Staffs of five headquarters and their calls take less than ten minutes."""
    known = load_communications()
    staffs = known.draft_s.max() + 4 * known.relay_s.max()
    assert staffs * known.staff_share[0] < known.objective_s[0]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("nets.csv", ",satellite,", ",satelite,", "unknown kind 'satelite' of net. Did you mean"),
        ("nets.csv", "courier,Liaison", "cable,Liaison", "stands twice"),
        ("ladder.csv", "cable satellite hf-army courier", "cable sat", "unknown net 'sat'"),
        ("ladder.csv", "sea,army,", "sea,armee,", "unknown level 'armee'"),
        ("ladder.csv", ",,fleet\n", ",,\n", "neither source nor assumed"),
        ("echelons.csv", "corps,army", "corps,navy", "unknown level 'navy'"),
        ("echelons.csv", "front,army\n", "", "the echelon 'front' has no level"),
        ("figures.csv", "tpub-ss0656,", "tpub-ss065,", "unknown source 'tpub-ss065'. Did you mean"),
        ("figures.csv", "satellite,call_s,10,s", "satellite,call_s,10,m", "unit of length"),
        ("figures.csv", "flash,staff_share,0.1", "flash,staff_share,2", "between 0 and 1"),
        ("figures.csv", "cable,call_s,", "cable,delay_s,", "cable has no call_s"),
        ("figures.csv", "cable,rate_bit_s,9.6,kbit/s", "cable,delay_s,1,s", "one of word_s and"),
        ("figures.csv", "cable,channels,4", "cable,call_s,4", "stands twice"),
    ],
)
def test_a_broken_folder_is_told(file: str, old: str, new: str, told: str, tmp_path: Path) -> None:
    folder = tmp_path / "communications"
    shutil.copytree(SHIPPED, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load_communications(folder)
    assert told in str(error.value)
    assert f"communications/{file}" in str(error.value)


def test_the_documentation_names_every_kind_and_figure() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for words in (NET_KINDS, NET_FIGURES, LEVEL_FIGURES, PRECEDENCE_FIGURES, KIND_FIGURES,
                  LIAISON_FIGURES):  # fmt: skip
        for word in words:
            assert f"`{word}`" in text, word
