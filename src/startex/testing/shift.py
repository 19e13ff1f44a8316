"""Hold an exercise earlier or later: the folder of a scenario with its dates moved."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from startex.foundation.yamlfile import read_yaml
from startex.scenario.load import find_scenario
from startex.testing.plan import yaml_rows


def shift_exercise(scenario: str | Path, folder: str | Path, days: int) -> Path:
    """Write the folder of a scenario with the exercise held ``days`` later.

    Moved are start and end of the scenario and of every serial, the days of the events list, and
    the weather.
    What was said of the exercise (claims, sources, texts) stays as it was said. Hours of the day
    and offsets stay, and what the files mean; rows are written anew, without comments.

    Parameters
    ----------
    scenario
        Name of a shipped scenario, or its folder.
    folder
        New or empty.
    days
        Days, negative for earlier.

    Returns
    -------
    The folder.

    Raises
    ------
    StartexError
        If there is no such scenario.
    FileExistsError
        If the folder holds something.
    """
    source, target = find_scenario(scenario), Path(folder)
    if target.exists() and any(target.iterdir()):
        raise FileExistsError(f"{target} is not empty; an exercise gets a folder of its own")
    shutil.copytree(source, target, dirs_exist_ok=True)
    by = timedelta(days=days)
    header = _moved(_content(target, "scenario.yaml"), by)
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in header.items()]
    (target / "scenario.yaml").write_text("".join(lines), encoding="utf-8")
    serials = [_moved(row, by) for row in _content(target, "serials.yaml")]
    (target / "serials.yaml").write_text(yaml_rows(serials), encoding="utf-8")
    for name, column in (("events.csv", "date"), ("weather.csv", "from")):
        path = target / name
        if path.exists():
            text = _moved_column(path.read_text(encoding="utf-8"), column, by)
            path.write_text(text, encoding="utf-8")
    return target


def _content(folder: Path, name: str) -> Any:
    return read_yaml(folder / name, name).data


def _moved(row: Mapping[str, Any], by: timedelta) -> dict[str, Any]:
    """Return a row with its start and end moved, in the offset in which they are written."""
    times = {
        name: (datetime.fromisoformat(row[name]) + by).isoformat() for name in ("start", "end")
    }
    return {**row, **times}


def _moved_column(text: str, column: str, by: timedelta) -> str:
    reader = csv.DictReader(io.StringIO(text))
    rows = [{**row, column: _moved_time(row[column], by)} for row in reader]
    moved = io.StringIO()
    writer = csv.DictWriter(moved, reader.fieldnames or (), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return moved.getvalue()


def _moved_time(text: str, by: timedelta) -> str:
    """Return a day or an instant moved, in the offset in which it is written."""
    if "T" in text:
        return (datetime.fromisoformat(text) + by).isoformat()
    return str(date.fromisoformat(text) + by)
