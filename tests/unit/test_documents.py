from __future__ import annotations

import math
from pathlib import Path

import pytest

from startex.foundation.csvfile import parse_csv, read_csv
from startex.foundation.errors import Problem
from startex.foundation.provenance import Frozen
from startex.foundation.validate import validate, validate_each
from startex.foundation.yamlfile import parse_yaml, read_yaml
from startex.sources.figures import Figure


class Inner(Frozen):
    count: int
    colour: str = ""


class Outer(Frozen):
    name: str
    parts: tuple[Inner, ...] = ()
    persons: Figure | None = None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("1e5", 1e5),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2022-09-06", "2022-09-06"),
        ("0o17", 15),
        ("0x1F", 31),
        ("-7", -7),
        (".5", 0.5),
        ("-.inf", -math.inf),
        ("~", None),
        ("True", True),
        ("'5'", "5"),
    ],
)
def test_plain_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    data = parse_yaml(f"a: {text}", "f").data
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


def test_positions_of_keys_and_values() -> None:
    document = parse_yaml("a:\n  - x: 1\n    y:\n      z: deep\n", "f")
    assert document.values[("a", 0)] == (2, 5)
    assert document.keys[("a", 0, "y")] == (3, 5)
    assert document.values[("a", 0, "y", "z")] == (4, 10)
    assert document.at(("a", 0, "y", "missing")) == (4, 7)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: [1,\nb", 2, "broken YAML"),
        ("a: !!python/object/apply:os.system [ls]", 1, "tag"),
        ("ok: 1\nbad: \x01", 2, "control"),
        ("x: &a 1\ny: *a", 1, "anchors"),
        ("--- 1\n--- 2", 2, "second document"),
        ("[" * 100_000, 1, "deeper"),
        ("? [a]\n: b", 1, "key must be text"),
        ("a: " + "9" * 5000, 1, "digits"),
        ("", 0, "empty"),
    ],
)
def test_a_broken_file_is_one_problem_with_its_line(text: str, line: int, word: str) -> None:
    (problem,) = parse_yaml(text, "f.yaml").problems
    assert problem.line == line
    assert word in str(problem)
    assert problem.remedy


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("ok: 1\nname: Ré\n".encode("latin-1"))
    (problem,) = read_yaml(tmp_path / "latin.yaml", "latin.yaml").problems
    assert (problem.file, problem.line, problem.column) == ("latin.yaml", 2, 8)
    assert "UTF-8" in problem.message
    (problem,) = read_yaml(tmp_path / "absent.yaml").problems
    assert "does not exist" in problem.message
    (problem,) = read_yaml(tmp_path).problems
    assert "folder" in problem.message
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert read_yaml(tmp_path / "bom.yaml").data == {"a": 1}
    (tmp_path / "bom.csv").write_bytes(b"\xef\xbb\xbfa,b\r\n1,2\r\n")
    assert read_csv(tmp_path / "bom.csv", "", ["a", "b"]).data == [{"a": "1", "b": "2"}]
    (problem,) = read_csv(tmp_path / "absent.csv", "", ["a"]).problems
    assert "does not exist" in problem.message


def test_json_is_read_too() -> None:
    document = parse_yaml('{"a": [1.5,\n "b", true, null]}', "f.geojson")
    assert document.data == {"a": [1.5, "b", True, None]}
    assert document.values[("a", 1)] == (2, 2)


def test_csv_positions_and_blank_cells() -> None:
    document = parse_csv('a,b,c\n"x\ny,",,3\n\n"q ""z""",2,\n', "f.csv", ["a", "b"], ["c"])
    assert document.problems == ()
    assert document.data == [{"a": "x\ny,", "c": "3"}, {"a": 'q "z"', "b": "2"}]
    assert document.values[(0, "c")] == (3, 6)
    assert document.values[(1,)] == (5, 1)
    assert document.values[(1, "b")] == (5, 11)


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a;b\n1;2\n", 1, "semicolons"),
        ("", 0, "empty"),
        ("a,b\n1,2,3\n", 2, "3 cells"),
        ('a,b\n1,2\n"x,2\n', 3, "broken CSV"),
        ("a,b,b\n", 1, "twice"),
    ],
)
def test_broken_csv(text: str, line: int, word: str) -> None:
    (problem,) = parse_csv(text, "f.csv", ["a", "b"]).problems
    assert problem.line == line
    assert word in problem.message


def test_a_misspelt_column_is_named() -> None:
    problems = parse_csv("name,plce\n", "f.csv", ["name", "place"]).problems
    assert "Did you mean 'place'?" in str(problems[0])
    assert (problems[0].line, problems[0].column) == (1, 6)


def test_every_error_of_every_entry_with_position_and_remedy() -> None:
    document = parse_yaml(
        "- naem: a\n  parts:\n  - {cuont: 2}\n  - {count: two}\n"
        "- name: b\n  persons: {vlaue: 3, assumed: x}\n- name: c\n",
        "u.yaml",
    )
    entries, problems = validate_each(Outer, document)
    assert [entry.name for entry in entries] == ["c"]
    found = {(p.line, p.column): str(p) for p in problems}
    assert "did you mean 'name'?" in found[(1, 3)].lower() or "'name' is missing" in found[(1, 3)]
    assert "did you mean 'count'?" in next(s for s in found.values() if "cuont" in s).lower()
    assert "Wanted: integer" in found[(4, 13)]
    assert "did you mean 'value'?" in next(s for s in found.values() if "vlaue" in s).lower()
    assert all(isinstance(problem, Problem) and problem.file == "u.yaml" for problem in problems)


def test_a_list_is_wanted() -> None:
    entries, problems = validate_each(Outer, parse_yaml("name: a", "f"))
    assert entries == []
    assert "list" in problems[0].message
    entry, none = validate(Outer, parse_yaml("name: a", "f"))
    assert entry == Outer(name="a")
    assert none == []


def test_a_problem_shows_control_characters_instead_of_sending_them():
    problem = Problem("a.yaml", 1, 2, "'\x00' and \x1b[31m found.", "Wanted:\tno \x9b, but é.")
    assert str(problem) == ("a.yaml:1:2: '\\x00' and \\x1b[31m found. Wanted:\tno \\x9b, but é.")
