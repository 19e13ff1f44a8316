"""Mutations of files: of the data in YAML, JSON and CSV, and of the bytes in any."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
import re
from collections.abc import Callable
from typing import Any

import mutant_values as values
import yaml
from mutant_values import Raw

from startex.foundation.yamlfile import parse_yaml

Dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
Path_ = tuple[Any, ...]
MARK = re.compile('"?\ue000([0-9]+)\ue001"?')


def mutate_data(text: str, name: str, draw: random.Random) -> tuple[bytes, str]:
    """Return a YAML or JSON text with one thing changed in its data, and what was changed."""
    data = parse_yaml(text, name).data
    if data is None:
        return mutate_bytes(text.encode("utf-8", "surrogatepass"), draw)
    told = draw.choice(_DATA_CHANGES)(holder := [copy.deepcopy(data)], draw)
    return _dumped(holder[0], draw, json_only=name.endswith("json")), told


def _dumped(data: Any, draw: random.Random, *, json_only: bool) -> bytes:
    raws: list[str] = []

    def plain(value: Any) -> Any:
        if isinstance(value, Raw):
            raws.append(value.text)
            return f"\ue000{len(raws) - 1}\ue001"
        if isinstance(value, dict):
            return {_key(key, raws): plain(item) for key, item in value.items()}
        if isinstance(value, list):
            return [plain(item) for item in value]
        return value

    ready = plain(data)
    if json_only or draw.random() < 0.6:
        text = json.dumps(ready, ensure_ascii=False, indent=1)
    else:
        text = yaml.dump(_storable(ready), Dumper=Dumper, allow_unicode=True, sort_keys=False)
    text = MARK.sub(lambda match: raws[int(match[1])], text)
    return text.encode("utf-8", "surrogatepass")


def _key(key: Any, raws: list[str]) -> str:
    if isinstance(key, Raw):
        raws.append(key.text)
        return f"\ue000{len(raws) - 1}\ue001"
    return str(key)


def _storable(value: Any) -> Any:
    """Return data without lone surrogates, which the YAML writer does not take."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    return [_storable(item) for item in value] if isinstance(value, list) else value


def _paths(value: Any, path: Path_ = ()) -> list[Path_]:
    found = [path]
    if isinstance(value, dict):
        for key, item in value.items():
            found += _paths(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            found += _paths(item, (*path, index))
    return found


def _at(data: Any, path: Path_) -> Any:
    for key in path:
        data = data[key]
    return data


def _pick(holder: list[Any], draw: random.Random, kinds: Any = object) -> Path_ | None:
    """Return the path of a piece of data, below ``holder``; entries of lists as likely as depth."""
    found = [path for path in _paths(holder)[1:] if isinstance(_at(holder, path), kinds)]
    return draw.choice(found) if found else None


def _show(path: Path_) -> str:
    return ".".join(str(part) for part in path[1:]) or "top"


def _replace(holder: list[Any], draw: random.Random) -> str:
    path = _pick(holder, draw)
    new = values.other_value(_at(holder, path), draw)
    _at(holder, path[:-1])[path[-1]] = new
    return f"{_show(path)} = {str(new)[:60]!r}"


def _scalar_replaced(holder: list[Any], draw: random.Random) -> str:
    path = _pick(holder, draw, (str, int, float)) or (0,)
    new = values.other_value(_at(holder, path), draw)
    _at(holder, path[:-1])[path[-1]] = new
    return f"{_show(path)} = {str(new)[:60]!r}"


def _nudged(holder: list[Any], draw: random.Random) -> str:
    """Change a number or a time within reason: what a planner might well write."""
    path = _pick(holder, draw, (int, float))
    times = [p for p in _paths(holder)[1:] if re.match(r"\d{4}-\d\d-\d\dT", str(_at(holder, p)))]
    if times and (path is None or draw.random() < 0.4):
        path = draw.choice(times)
        new = values.shifted(_at(holder, path), draw)
    elif path is None:
        return _refer(holder, draw)
    else:
        new = values.scaled(_at(holder, path), draw)
    _at(holder, path[:-1])[path[-1]] = new
    return f"{_show(path)} = {new!r}"


def _delete(holder: list[Any], draw: random.Random) -> str:
    path = _pick(holder, draw)
    if len(path) == 1:
        holder[0] = None
    else:
        del _at(holder, path[:-1])[path[-1]]
    return f"{_show(path)} deleted"


def _duplicate(holder: list[Any], draw: random.Random) -> str:
    path = _pick(holder, draw, list)
    if path is None or not _at(holder, path):
        return _delete(holder, draw)
    items = _at(holder, path)
    at = draw.randrange(len(items))
    times = draw.choice((1, 1, 1, 2, 40))
    items[at:at] = [copy.deepcopy(items[at]) for _ in range(times)]
    return f"{_show(path)}[{at}] repeated {times} times"


def _multiply(holder: list[Any], draw: random.Random) -> str:
    """Repeat an entry under ids of its own: more of the same, and all of it allowed."""
    path = _pick(holder, draw, list)
    items = _at(holder, path) if path else []
    rows = [i for i, item in enumerate(items) if isinstance(item, dict) and item]
    if not rows:
        return _replace(holder, draw)
    at, times = draw.choice(rows), draw.choice((1, 2, 5, 30))
    for number in range(times):
        new = copy.deepcopy(items[at])
        key = next(iter(new))
        if isinstance(new[key], str):
            new[key] += f"-{number + 2}"
        items.append(new)
    return f"{_show(path)}[{at}] {times} times more under other ids"


def _key_twice(holder: list[Any], draw: random.Random) -> str:
    path = _pick(holder, draw, dict)
    if path is None or not _at(holder, path):
        return _replace(holder, draw)
    mapping = _at(holder, path)
    key = draw.choice(list(mapping))
    mapping[Raw(json.dumps(str(key)))] = values.other_value(mapping[key], draw)
    return f"{_show(path)}.{key} given twice"


def _rename(holder: list[Any], draw: random.Random) -> str:
    path = _pick(holder, draw, dict)
    if path is None or not _at(holder, path):
        return _replace(holder, draw)
    mapping = _at(holder, path)
    key = str(draw.choice(list(mapping)))
    new = draw.choice((key.upper(), key + "s", key[:-1], "", "x", key[::-1], "名", "<<", "a b", "1",
                       *(str(other) for other in mapping)))  # fmt: skip
    renamed = {new if str(k) == key else k: v for k, v in mapping.items()}
    mapping.clear()
    mapping.update(renamed)
    return f"{_show(path)}.{key} renamed {new!r}"


def _swap(holder: list[Any], draw: random.Random, copied: bool = False) -> str:
    """Exchange two values of the same key (or of any): ids, parents and times in wrong places."""
    one = _pick(holder, draw)
    like = [
        path for path in _paths(holder)[1:]
        if path != one and (path[-1] == one[-1] or draw.random() < 0.02)
        and path[: len(one)] != one and one[: len(path)] != path
    ]  # fmt: skip
    if not like:
        return _replace(holder, draw)
    two = draw.choice(like)
    first, second = _at(holder, one), _at(holder, two)
    _at(holder, one[:-1])[one[-1]] = copy.deepcopy(second)
    if not copied:
        _at(holder, two[:-1])[two[-1]] = copy.deepcopy(first)
    return f"{_show(one)} and {_show(two)} {'made alike' if copied else 'exchanged'}"


def _alike(holder: list[Any], draw: random.Random) -> str:
    return _swap(holder, draw, copied=True)


def _refer(holder: list[Any], draw: random.Random) -> str:
    """Put another id of the file in the place of one: references to itself and in rings."""
    path = _pick(holder, draw, str)
    words = [_at(holder, other) for other in _paths(holder)[1:]]
    ids = [word for word in words if isinstance(word, str) and len(word) < 40 and " " not in word]
    if path is None or not ids:
        return _replace(holder, draw)
    new = draw.choice(ids)
    _at(holder, path[:-1])[path[-1]] = new
    return f"{_show(path)} = {new!r}"


_DATA_CHANGES: tuple[Callable[[list[Any], random.Random], str], ...] = (
    _replace, _scalar_replaced, _scalar_replaced, _scalar_replaced, _delete, _duplicate, _multiply,
    _key_twice, _rename, _swap, _alike, _refer, _refer, _nudged, _nudged, _nudged,
)  # fmt: skip


def mutate_csv(text: str, name: str, draw: random.Random) -> tuple[bytes, str]:
    """Return a CSV text with a row, a column or a cell changed, and what was changed."""
    del name
    rows = list(csv.reader(io.StringIO(text, newline=None)))  # a mutant may hold bare returns
    if len(rows) < 2 or not rows[0]:
        return mutate_bytes(text.encode(), draw)
    row, column = draw.randrange(1, len(rows)), draw.randrange(len(rows[0]))
    kind = draw.choice(("cell", "cell", "cell", "copy", "delete", "twice", "short", "column gone",
                        "column twice", "column renamed", "separator", "many"))  # fmt: skip
    told = f"row {row}, column {rows[0][column]!r}: {kind}"
    cell = rows[row][column] if column < len(rows[row]) else ""
    if kind == "cell":
        new = values.other_value(cell or "x", draw)
        new = new.text if isinstance(new, Raw) else str(new)
        rows[row][column : column + 1] = [new]
        told += f" = {new[:60]!r}"
    elif kind == "copy":
        rows[row][column : column + 1] = [draw.choice(draw.choice(rows)) or ""]
    elif kind == "delete":
        del rows[row]
    elif kind == "twice":
        rows.insert(row, list(rows[row]))
    elif kind == "short":
        rows[row] = rows[row][:column] if draw.random() < 0.5 else [*rows[row], "more"]
    elif kind == "column gone":
        rows = [[c for i, c in enumerate(cells) if i != column] for cells in rows]
    elif kind == "column twice":
        rows = [[*cells, *cells[column : column + 1]] for cells in rows]
    elif kind == "column renamed":
        rows[0][column] = draw.choice(values.TEXTS)
    elif kind == "many":
        rows[row:row] = [list(rows[row]) for _ in range(draw.choice((10, 2000)))]
    out = io.StringIO()
    separator = draw.choice(";\t|") if kind == "separator" else ","
    csv.writer(out, delimiter=separator, lineterminator=draw.choice(("\n", "\r\n"))).writerows(rows)
    made = out.getvalue()
    if draw.random() < 0.1:
        at = draw.randrange(len(made))
        made = made[:at] + draw.choice('"\n",') + made[at:]
        told += " and a stray character"
    return made.encode("utf-8", "surrogatepass"), told


def mutate_bytes(raw: bytes, draw: random.Random) -> tuple[bytes, str]:
    """Return bytes with something done to them that knows nothing of what they mean."""
    content = bytearray(raw or b"x")
    at = draw.randrange(len(content))
    length = min(draw.choice((1, 2, 10, 200)), len(content) - at)
    kind = draw.choice((
        "flip", "flip", "byte", "insert", "insert", "delete", "truncate", "splice", "repeat",
        "utf-16", "latin-1", "bom", "crlf", "cr", "nul", "invalid", "spaces", "tab", "line gone",
        "line twice", "lines exchanged", "empty", "blank",
    ))  # fmt: skip
    if kind == "flip":
        content[at] ^= 1 << draw.randrange(8)
    elif kind == "byte":
        content[at] = draw.randrange(256)
    elif kind == "insert":
        content[at:at] = draw.choice(
            (b"{", b"}", b"[", b"]", b":", b",", b'"', b"'", b"-", b"#", b"&a ", b"*a ", b"!!x ",
             b"|", b">", b"%", b"@", b"`", b"\n", b"\t", b" ", b"0", b"9999", b"\xff", b"\xc3",
             b"\xe2\x80\xa8", b"\xc2\x85", b"? ", b"---\n", b"...\n", b"\x1b[31m", b"<<: ")
        )  # fmt: skip
    elif kind == "delete":
        del content[at : at + length]
    elif kind == "truncate":
        del content[at:]
    elif kind == "splice":
        to = draw.randrange(len(content))
        content[to:to] = content[at : at + length]
    elif kind == "repeat":
        content[at:at] = content[at : at + length] * draw.choice((3, 1000))
    elif kind == "utf-16":
        content[:] = raw.decode("utf-8", "replace").encode("utf-16")
    elif kind == "latin-1":
        content[:] = (
            raw.decode("utf-8", "replace").replace(" ", "é", 1).encode("latin-1", "replace")
        )
    elif kind == "bom":
        content[0:0] = b"\xef\xbb\xbf" * draw.choice((1, 2))
    elif kind == "crlf":
        content[:] = raw.replace(b"\n", b"\r\n")
    elif kind == "cr":
        content[:] = raw.replace(b"\n", b"\r")
    elif kind == "nul":
        content[at:at] = b"\0" * length
    elif kind == "invalid":
        content[at:at] = draw.choice((b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\xc0\xaf"))
    elif kind in ("spaces", "tab"):
        content[at:at] = (b"\t" if kind == "tab" else b" ") * length
    elif kind in ("empty", "blank"):
        content[:] = b"" if kind == "empty" else b" \n\n"
    else:
        lines = bytes(content).splitlines(keepends=True)
        one, two = draw.randrange(len(lines)), draw.randrange(len(lines))
        if kind == "line gone":
            del lines[one]
        elif kind == "line twice":
            lines.insert(one, lines[one])
        else:
            lines[one], lines[two] = lines[two], lines[one]
        content[:] = b"".join(lines)
    return bytes(content), f"bytes at {at}: {kind}"
