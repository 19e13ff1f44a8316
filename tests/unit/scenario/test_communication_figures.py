"""A scenario's communications.csv: what it overrides, and every mistake with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from startex.forces.communications import load_communications
from startex.scenario.load import check_scenario, find_scenario, load_scenario

HEADER = "item,figure,value,unit,claim,assumed\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "exercise"
    shutil.copytree(find_scenario("three-nations-day"), copy)
    return copy


def _write(folder: Path, *rows: str) -> Path:
    (folder / "communications.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def test_without_the_file_everything_is_as_shipped(folder: Path) -> None:
    assert load_scenario(folder).communications == load_communications()


def test_figures_are_overridden_and_the_rest_stays(folder: Path) -> None:
    before = load_scenario(folder)
    _write(
        folder,
        "satellite,call_s,0.5,min,T-1,",
        "vhf-battalion,rate_bit_s,1.2,kbit/s,,digital sets",
        "XKX,languages,sqi eng,,,test",
        "RUS-CHN,interpreters,8,1,,test",
        "flash,staff_share,5,%,,test",
    )
    after = load_scenario(folder)
    nets, shipped = after.communications.nets, before.communications.nets
    row = nets.id.index("satellite")
    assert nets.call_s[row] == 30.0
    assert nets.range_m[row] == shipped.range_m[row]
    row = nets.id.index("vhf-battalion")
    assert nets.rate_bit_s[row] == 1200.0 and nets.word_s[row] != nets.word_s[row]  # nan
    assert after.communications.languages("XKX") == {"sqi", "eng"}
    assert not after.communications.liaison("GBR", "XKX").interpret
    assert after.communications.liaison("CHN", "RUS").interpreters == 8
    assert after.communications.staff_share[0] == 0.05
    assert after.digest != before.digest
    assert ("call_s of satellite", ("T-1",)) in list(after.provenances())


def test_the_order_of_rows_means_nothing(folder: Path) -> None:
    rows = ["cable,call_s,1,s,,a", "liaison,handover_s,1,min,,b", "KAZ,languages,kaz,,,c"]
    first = load_scenario(_write(folder, *rows)).digest
    assert load_scenario(_write(folder, *reversed(rows))).digest == first


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ("satelite,call_s,1,s,,x", 1, "Did you mean 'satellite'?"),
        ("satellite,cal_s,1,s,,x", 11, "Did you mean 'call_s'?"),
        ("satellite,call_s,soon,s,,x", 18, "'soon' is not a number"),
        ("satellite,call_s,1,km,,x", 20, "unit of length"),
        ("satellite,call_s,-1,s,,x", 18, "between 0 and 86400"),
        ("satellite,call_s,nan,s,,x", 18, "between 0 and 86400"),
        ("satellite,channels,1.5,1,,x", 20, "whole number"),
        ("satellite,call_s,1,s,T-9999,", 22, "unknown claim"),
        ("satellite,call_s,1,s,,", 1, "neither a claim nor an assumption"),
        ("satellite,call_s,,s,,x", 18, "value"),
        ("KAZ,languages,kk,,,x", 15, "ISO 639-3"),
        ("KAZ,languages,kaz,s,,x", 19, "have no unit"),
        ("KAZ,language,kaz,,,x", 5, "languages"),
        ("RUS-CHN,call_s,1,s,,x", 9, "unknown figure"),
        ("combined,draft_s,1,s,,x", 1, "nothing of communications"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, row: str, column: int, told: str) -> None:
    problems = check_scenario(_write(folder, "cable,call_s,1,s,,fine", row))
    (problem,) = problems
    assert (problem.file, problem.line, problem.column) == ("communications.csv", 3, column)
    assert told in str(problem)


@pytest.mark.parametrize(
    "rows",
    [
        ("cable,call_s,1,s,,x", "cable,call_s,2,s,,x"),
        ("cable,word_s,1,s,,x", "cable,rate_bit_s,2,bit/s,,x"),
        ("RUS-CHN,spread,1,1,,x", "CHN-RUS,spread,0,1,,x"),
    ],
)
def test_a_figure_is_given_once(folder: Path, rows: tuple[str, ...]) -> None:
    (problem,) = check_scenario(_write(folder, *rows))
    assert problem.line == 3 and "first in line 2" in problem.message
