"""The description of the API (OpenAPI 3.1), made from the routes."""

from __future__ import annotations

from typing import Any

from startex.version import __version__
from startex.view import columns, problems
from startex.view.asking import LONGEST_TEXT, Parameter
from startex.view.guard import LONGEST_BODY
from startex.view.live import FASTEST, LIVE, LONGEST_STEP_MS
from startex.view.routes import BASE, DESCRIPTION, ROUTES, Route

_TEXT = (
    "A run of Startex, to be read: nothing can be changed here. Times are milliseconds since "
    "1970-01-01 UTC, angles degrees on WGS-84, all else SI. Entities and units go by row numbers. "
    "Every answer has a strong ETag. Answers in columns are described in docs/view.md."
)

_LIVE_TEXT = (
    "This run goes on: answers tell what is known until the instant that 'live' tells as reached. "
    "Exercise control paces it; what it comes to does not depend on that."
)

_ERRORS = {
    "400": "A parameter is not what is allowed; the problem tells what was found, and what is.",
    "404": "There is no such thing.",
    "503": "The run is about to begin, is being written anew, or a file of it cannot be read.",
}


_CONTROL_ERRORS = {
    "401": "There is no token.",
    "403": "The token is not that of exercise control, or a page of another site asks.",
    "408": "The body did not come in time.",
    "409": "The run has ended.",
    "411": "Content-Length is missing.",
    "413": "The body is too long.",
    "415": "The body is no JSON.",
}


def describe(live: bool = False) -> dict[str, Any]:
    """Return the description as plain data, of a run that goes on or of one that has ended."""
    itself = Route(DESCRIPTION.removeprefix(BASE), lambda archive, asked: None, "This description.")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Startex view",
            "version": __version__,
            "description": f"{_TEXT} {_LIVE_TEXT}" if live else _TEXT,
        },
        "servers": [{"url": BASE}],
        "paths": {
            **{route.path: {"get": _operation(route)} for route in (*ROUTES, itself)},
            LIVE.path: {"get": _operation(LIVE), **({"post": _control()} if live else {})},
        },
        "components": {
            "schemas": {"Problem": _PROBLEM},
            **({"securitySchemes": {"control": _BEARER}} if live else {}),
        },
    }


_BEARER = {
    "type": "http",
    "scheme": "bearer",
    "description": "The token after #excon= in the address that the program prints.",
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}


def _operation(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": route.path.strip("/").translate(str.maketrans("/.", "__", "{}")),
        "summary": route.summary,
        "responses": {"200": _answer(route)},
    }
    if route.parameters:
        found["parameters"] = [_parameter(parameter) for parameter in route.parameters]
    for status, text in _ERRORS.items():
        schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
        found["responses"][status] = {"description": text, "content": {problems.MEDIA_TYPE: schema}}
    return found


def _control() -> dict[str, Any]:
    """Return the operation by which exercise control paces a run that goes on."""
    found = _operation(LIVE)
    found |= {"operationId": "control", "security": [{"control": []}]}
    found["summary"] = "Pause, go on, change speed, or go on for some time; by exercise control."
    del found["parameters"]
    only = {"type": "object", "additionalProperties": False}
    speed = {"type": ["number", "null"], "exclusiveMinimum": 0, "maximum": FASTEST}
    step = {"type": "integer", "minimum": 1, "maximum": LONGEST_STEP_MS}
    said: tuple[tuple[list[str], dict[str, Any]], ...] = (
        (["pause", "resume"], {}), (["speed"], {"speed": speed}), (["step"], {"by_ms": step}),
    )  # fmt: skip
    schemas = [
        {**only, "required": ["action", *more], "properties": {"action": {"enum": words}, **more}}
        for words, more in said
    ]
    body = {"application/json": {"schema": {"oneOf": schemas}}}
    found["requestBody"] = {
        "required": True, "description": f"At most {LONGEST_BODY} bytes.", "content": body,
    }  # fmt: skip
    problem = found["responses"]["400"]["content"]
    for status, text in _CONTROL_ERRORS.items():
        found["responses"][status] = {"description": text, "content": problem}
    return found


def _answer(route: Route) -> dict[str, Any]:
    if route.columns:
        listed = "; ".join(f"{name}: {meaning}" for name, meaning in route.columns.items())
        return {
            "description": f"Columns. {listed}",
            "content": {columns.MEDIA_TYPE: {"x-columns": dict(route.columns)}},
        }
    schema = {
        "type": "object",
        "required": list(route.keys),
        "properties": {name: {"description": meaning} for name, meaning in route.keys.items()},
    }
    return {"description": route.summary, "content": {"application/json": {"schema": schema}}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
    if parameter.kind == "whole":
        schema = {"type": "integer", "minimum": parameter.least, "maximum": parameter.most}
    elif parameter.kind == "time":
        schema = {"oneOf": [{"type": "string", "format": "date-time"}, {"type": "integer"}]}
    if parameter.allowed:
        schema["enum"] = list(parameter.allowed)
    if parameter.default is not None:
        schema["default"] = parameter.default
    found = {
        "name": parameter.name,
        "in": parameter.where,
        "required": parameter.required,
        "description": parameter.meaning,
        "schema": schema,
    }
    return found if parameter.example is None else {**found, "example": parameter.example}
