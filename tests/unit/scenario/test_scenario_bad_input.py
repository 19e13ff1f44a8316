"""Every kind of bad input: told with file, line, column and remedy, and never by a traceback."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import typer
from bad_input_cases import CHANGES
from scenario_mutations import TUTORIAL, tutorial_copy
from typer.testing import CliRunner

from startex.cli.check import check
from startex.foundation.errors import ScenarioError
from startex.scenario.files import MAX_FILE_BYTES, REQUIRED
from startex.scenario.load import check_scenario, load_scenario

APP = typer.Typer()
APP.command()(check)


@pytest.mark.parametrize("kind", CHANGES)
def test_bad_input_is_told_with_its_place(kind: str, tmp_path: Path) -> None:
    change, folder = CHANGES[kind], tutorial_copy(tmp_path)
    line, column = change.apply(folder)
    with pytest.raises(ScenarioError) as raised:
        load_scenario(folder)
    problems = raised.value.problems
    found = [p for p in problems if change.says in p.message and change.remedy in str(p)]
    found = [p for p in found if p.file == change.file or not line]
    assert found, "\n".join(map(str, problems))
    if line:
        assert (line, column) in {(p.line, p.column) for p in found}, found
    assert all(p.line >= 1 and p.column >= 1 for p in found), found
    assert len(problems) <= 6, "one mistake, told once: " + "\n".join(map(str, problems))
    result = CliRunner().invoke(APP, [str(folder)])
    assert result.exit_code == 1
    assert str(found[0]) in result.output
    assert "Traceback" not in result.output


def test_tutorial_itself_has_no_problem() -> None:
    assert check_scenario(TUTORIAL) == ()


def test_problems_of_all_files_come_in_one_run(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    kinds = (
        "misspelt key of the header", "misspelt column", "misspelt property of a place",
        "bad EDTF date of a source", "empty quote", "unknown task", "unknown parent",
        "no day", "unknown template", "too few targets",
    )  # fmt: skip
    for kind in kinds:
        CHANGES[kind].apply(folder)
    problems = check_scenario(folder)
    for kind in set(kinds) - {"too few targets"}:  # needs forces, and those are broken
        change = CHANGES[kind]
        assert any(p.file == change.file and change.says in p.message for p in problems), kind
    assert list(problems) == sorted(problems)


def test_broken_units_do_not_hide_broken_serials(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    (folder / "units.yaml").write_text("- unit: [", encoding="utf-8")
    CHANGES["unknown task"].apply(folder)
    problems = check_scenario(folder)
    assert {p.file for p in problems} == {"units.yaml", "serials.yaml"}
    assert len(problems) == 2, "units are not known, so none is called unknown"


# --- the files themselves -----------------------------------------------------------------------


@pytest.mark.parametrize("name", REQUIRED)
def test_absent_file(name: str, tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    (folder / name).unlink()
    assert any(p.file == name and "does not exist" in p.message for p in check_scenario(folder))


@pytest.mark.parametrize("name", [path.name for path in sorted(TUTORIAL.iterdir())])
def test_file_that_is_empty_or_no_text(name: str, tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    (folder / name).write_bytes(b"")
    empty = check_scenario(folder)
    (folder / name).write_bytes("# caf\xe9\n".encode("latin-1") + (TUTORIAL / name).read_bytes())
    latin = check_scenario(folder)
    if name == "README.md":  # for people; never read
        assert (empty, latin) == ((), ())
        return
    broken = "not JSON" if name.endswith(".geojson") else "empty"
    assert any(p.file == name and broken in p.message for p in empty), empty
    assert [(p.line, p.column) for p in latin if p.file == name] == [(1, 6)], latin
    assert any("UTF-8" in p.remedy for p in latin)


def test_misnamed_file(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    (folder / "serials.yaml").rename(folder / "serial.yaml")
    (folder / "events.csv").rename(folder / "event.csv")
    told = {p.file: p for p in check_scenario(folder)}
    assert told["serials.yaml"].remedy == "Rename serial.yaml to serials.yaml."
    assert "'events.csv'" in told["event.csv"].remedy


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    (folder / "units.yaml").unlink()
    (folder / "units.yaml").mkdir()
    assert any(p.file == "units.yaml" for p in check_scenario(folder))


@pytest.mark.parametrize("name", ["claims.yaml", "units.yaml", "places.geojson", "events.csv"])
def test_link_out_of_the_folder_is_not_followed(name: str, tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text("- hidden: words\n", encoding="utf-8")
    (folder / name).unlink()
    (folder / name).symlink_to(secret)
    problems = check_scenario(folder)
    assert any(p.file == name and "outside the scenario folder" in p.message for p in problems)
    assert "hidden" not in "".join(map(str, problems))


def test_links_in_a_ring_and_to_nothing(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    for name, goal in (("units.yaml", "units.yaml"), ("serials.yaml", "nothing")):
        (folder / name).unlink()
        (folder / name).symlink_to(folder / goal)
    assert {"units.yaml", "serials.yaml"} <= {p.file for p in check_scenario(folder)}


def test_absurdly_large_file(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    os.truncate(folder / "units.yaml", MAX_FILE_BYTES + 1)
    told = [p for p in check_scenario(folder) if p.file == "units.yaml"]
    assert len(told) == 1
    assert "absurdly large (67 MB)" in told[0].message


def test_pipe_in_place_of_a_file(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    (folder / "claims.yaml").unlink()
    os.mkfifo(folder / "claims.yaml")
    assert any("not a plain file" in p.message for p in check_scenario(folder))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    (folder / "units.yaml").chmod(0)
    assert any("permission" in str(p).lower() for p in check_scenario(folder))


def test_claims_in_a_folder(tmp_path: Path) -> None:
    folder = tutorial_copy(tmp_path)
    (folder / "claims").mkdir()
    (folder / "claims.yaml").rename(folder / "claims" / "reports.yaml")
    assert check_scenario(folder) == ()
    assert load_scenario(folder).digest == load_scenario(TUTORIAL).digest


def test_no_folder(tmp_path: Path) -> None:
    assert "is not a folder" in check_scenario(tmp_path / "nothing")[0].message
    result = CliRunner().invoke(APP, [str(tmp_path / "nothing")])
    assert (result.exit_code, "no scenario" in result.output) == (2, True)
    shutil.copyfile(TUTORIAL / "units.yaml", tmp_path / "units.yaml")
    result = CliRunner().invoke(APP, [str(tmp_path / "units.yaml")])
    assert (result.exit_code, "is a file" in result.output) == (2, True)
