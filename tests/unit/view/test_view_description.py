"""The description of the API lists the routes, and the routes do what it says."""

from __future__ import annotations

import pytest

from startex.view.description import describe
from startex.view.routes import BASE, ROUTES

PATHS = describe()["paths"]
WORDS = {"kind": "unit", "id": "0", "t": "1", "q": "a", "segment": "0"}


def _target(path: str, values: dict[str, str], *more: str) -> str:
    """Return an address with the parameters a route needs, and some more of its query."""
    query = []
    for parameter in PATHS[path]["get"].get("parameters", ()):
        name = parameter["name"]
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", values.get(name, WORDS.get(name, "0")))
        elif name in values or parameter["required"]:
            query.append(f"{name}={values.get(name, WORDS.get(name))}")
    return path + "?" + "&".join([*query, *more])


def _bad(schema: dict) -> list[str]:
    """Return values that a schema does not allow."""
    if "oneOf" in schema:
        return ["", "noon", "2022-09-06T06:50", "1.5", "2022-13-01T00:00Z", "0x10", "1e12", "１"]
    if schema["type"] == "integer":
        return ["", "x", "1.0", "+1", "１", str(schema["minimum"] - 1), str(schema["maximum"] + 1)]
    return [*(["nothing-of-the-sort"] if "enum" in schema else []), "",
            "x" * (schema["maxLength"] + 1), "a%00b", "a%0Ab", "%ff"]  # fmt: skip


def test_the_description_lists_exactly_the_routes(ask_made) -> None:
    app = ask_made.app._app
    served = {route.path.removeprefix(BASE) for route in app.routes if route.path.startswith(BASE)}
    assert served == set(PATHS)
    assert ask_made.api("/openapi.json").json == describe()
    names = [operation["get"]["operationId"] for operation in PATHS.values()]
    assert len(set(names)) == len(names)


def test_it_is_well_formed() -> None:
    found = describe()
    assert found["openapi"].startswith("3.1")
    for path, item in PATHS.items():
        operation = item["get"]
        wanted = {part[1:-1] for part in path.split("/") if part.startswith("{")}
        inside = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "path"}
        assert wanted == inside
        for parameter in operation.get("parameters", ()):
            assert parameter["in"] in ("path", "query") and parameter["description"]
        for response in operation["responses"].values():
            assert response["description"] and response["content"]


@pytest.mark.parametrize("path", list(PATHS))
def test_every_parameter_is_checked_as_described(path, ask_made, made) -> None:
    parameters = PATHS[path]["get"].get("parameters", ())
    start = str(made.manifest.header.sim_start)
    assert ask_made.api(_target(path, {}, "no_such=1")).status == 400
    for parameter in parameters:
        name, schema = parameter["name"], parameter["schema"]
        for value in _bad(schema):
            if parameter["in"] == "path" and value in ("", "%ff"):
                continue  # another path; a replacement character, which is a character
            answer = ask_made.api(_target(path, {name: value}))
            assert answer.status == 400, (name, value)
            assert name in answer.json["detail"] or "query" in answer.json["detail"]
        if parameter["in"] == "query":
            twice = ask_made.api(_target(path, {name: "1"}, f"{name}=1"))
            assert twice.status == 400
        if parameter["in"] == "query" and parameter["required"]:
            bare = _target(path, {}).replace(f"{name}={WORDS[name]}", "")
            answer = ask_made.api(bare)
            assert answer.status == 400 and "missing" in answer.json["detail"]
        for word in schema.get("enum", ()):
            assert ask_made.api(_target(path, {name: word, "t": start})).status in (200, 404)
        if "minimum" in schema and parameter["in"] == "query":
            for value in (schema["minimum"], schema["maximum"]):
                assert ask_made.api(_target(path, {name: str(value), "t": start})).status in (
                    200,
                    404,
                )


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_answers_hold_what_is_described(route, ask_claimed, claimed) -> None:
    t = str(claimed.manifest.header.sim_start)
    claim = claimed.table("claims")["claim"][0].as_py()
    serial = claimed.table("serials")["serial"][0].as_py()
    values = {"t": t}
    if route.path.startswith("/claims"):
        values["id"] = claim
    if route.path.startswith("/serials"):
        values["id"] = serial
    answer = ask_claimed.api(_target(route.path, values))
    assert answer.status == 200, answer.body
    if route.columns:
        assert set(answer.columns[1]) == set(route.columns)
    else:
        assert set(route.keys) <= set(answer.json)
        if route.path not in ("/card/{kind}/{id}", "/claims/{id}"):
            assert set(route.keys) == set(answer.json)
