"""No path of a scenario reaches outside its folder, whatever kind of path it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from scenario_mutations import tutorial_copy
from typer.testing import CliRunner

from startex.foundation.errors import ScenarioError
from startex.scenario.load import check_scenario, load_scenario

SECRET = "a-word-that-nobody-may-read"
TYPES = "type,kind,name\nsecret," + SECRET + ",x\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text(f"- {SECRET}: 1\n", encoding="utf-8")
    (outside / "types.csv").write_text(TYPES, encoding="utf-8")
    (outside / "places.geojson").write_text(json.dumps({SECRET: 1}), encoding="utf-8")
    return tutorial_copy(tmp_path)


def _refused(folder: Path) -> str:
    """Return all that is said of a scenario, which must be refused without reading the secret."""
    told = "\n".join(map(str, check_scenario(folder)))
    assert told
    assert SECRET not in told
    with pytest.raises(ScenarioError):
        load_scenario(folder)
    return told


def _catalogue(folder: Path, name: str) -> None:
    with (folder / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write(f"\ninclude_catalogue: {json.dumps(name)}\n")


@pytest.mark.parametrize(
    "name", ["..", "../outside", "x/../../outside", "/tmp", "/", "~", "\\\\host"]
)
def test_a_catalogue_elsewhere(folder, name) -> None:
    if name == "/tmp":
        name = str(folder.parent / "outside")  # an absolute path that exists
    _catalogue(folder, name)
    assert "scenario.yaml:" in _refused(folder)


@pytest.mark.parametrize("name", [".", "scenario.yaml", "nowhere", ".git"])
def test_a_catalogue_that_is_no_folder_of_its_own(folder, name) -> None:
    (folder / ".git").mkdir()
    _catalogue(folder, name)
    assert "is not a folder" in _refused(folder)


def test_a_catalogue_that_is_a_link_outside(folder) -> None:
    (folder / "catalogue").symlink_to(folder.parent / "outside")
    _catalogue(folder, "catalogue")
    assert "leads outside the scenario folder" in _refused(folder)


@pytest.mark.parametrize("name", ["catalogue", ".catalogue", "__catalogue", "deep/er"])
def test_a_file_of_a_catalogue_that_is_a_link_outside(folder, name) -> None:
    (folder / name).mkdir(parents=True)
    (folder / name / "types.csv").symlink_to(folder.parent / "outside" / "types.csv")
    _catalogue(folder, name)
    assert "scenario.yaml" in (told := _refused(folder)) or "types.csv" in told


def test_a_folder_of_claims_that_is_a_link_outside(folder) -> None:
    (folder / "claims.yaml").unlink()
    (folder / "claims").symlink_to(folder.parent / "outside")
    assert "claims: leads outside" in _refused(folder)


@pytest.mark.parametrize("name", ["secret.yaml", ".secret.yaml"])
def test_a_file_of_claims_that_is_a_link_outside(folder, name) -> None:
    (folder / "claims").mkdir()
    (folder / "claims" / name).symlink_to(folder.parent / "outside" / "secret.yaml")
    if name.startswith("."):
        assert check_scenario(folder) == ()  # hidden files are no part of a scenario
    else:
        assert f"claims/{name}: leads outside" in _refused(folder)


@pytest.mark.parametrize(
    "name", ["claims.yaml", "places.geojson", "claims/secret.yaml", "sources.csv"]
)
def test_the_command_on_claims_reads_nothing_outside_either(folder, name) -> None:
    import typer

    from startex.cli.claims import claims

    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    other = "places.geojson" if name.endswith("json") else "secret.yaml"
    path.symlink_to(folder.parent / "outside" / other)
    app = typer.Typer()
    app.command()(claims)
    result = CliRunner().invoke(app, [str(folder)])
    assert result.exit_code == 1
    assert isinstance(result.exception, ScenarioError)
    assert "outside the scenario folder" in str(result.exception)
    assert SECRET not in result.output + str(result.exception)


@pytest.mark.parametrize("file", ["units.yaml", "serials.yaml", "scenario.yaml"])
def test_ids_that_look_like_paths_are_only_ids(folder, file) -> None:
    """Names of templates, places and the like are looked up, never opened."""
    text = (folder / file).read_text(encoding="utf-8")
    word = {"units.yaml": "steppe-platoon", "serials.yaml": "steppe-range",
            "scenario.yaml": "announced"}[file]  # fmt: skip
    (folder / file).write_text(text.replace(word, "../outside/secret"), encoding="utf-8")
    _refused(folder)


def test_armament_of_a_scenario_is_checked_and_loaded(folder) -> None:
    own = folder / "arms"
    own.mkdir()
    (own / "fits.csv").write_text(
        "type,item,count,rounds,source,assumed\nt-80,2a46,1,10,,drill\nt-80,2a47,1,10,,drill\n"
    )
    shipped = load_scenario(folder)
    _catalogue(folder, "arms")
    told = [str(problem) for problem in check_scenario(folder)]
    assert len(told) == 1
    assert told[0].startswith("arms/fits.csv:3:6: no sensor or weapon '2a47'. Did you mean")
    (own / "fits.csv").write_text("type,item,count,rounds,source,assumed\nt-80,2a46,1,10,,drill\n")
    scenario = load_scenario(folder)
    assert scenario.armament.fits["t-80", "2a46"].rounds == 10
    assert scenario.digest != shipped.digest
    (own / "types.csv").write_text("type,name,kind,symbol\nhover,Hover,hovercraft,15140700\n")
    (own / "fits.csv").write_text(
        "type,item,count,rounds,source,assumed\nt-80,2a46,one,10,,drill\n"
    )
    told = [str(problem) for problem in check_scenario(folder)]  # of types and of fits at once
    assert any("unknown kind 'hovercraft'" in line for line in told)
    assert any("'one' is not a number of pieces" in line for line in told)
