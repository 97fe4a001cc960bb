"""The form the writer's answers must have (developers.openai.com/api/docs/guides/structured-outputs)."""

from __future__ import annotations

from typing import Any


def _object(**properties: Any) -> dict[str, Any]:
    """Strict mode wants every property required and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string"}
SEGMENTS = {"type": "array", "items": {"type": "integer"}, "description": "Numbers of the segments this rests on."}
STEP = _object(title=TEXT, body=TEXT, cautions=_list(TEXT), conditions=_list(TEXT), segments=SEGMENTS)
PROCEDURE = _object(
    title=TEXT,
    chapters=_list(_object(title=TEXT, segments=SEGMENTS, steps=_list(STEP))),
    key_points=_list(_object(text=TEXT, segments=SEGMENTS)),
)
REPAIRS = _object(items=_list(_object(id={"type": "integer"}, text=TEXT, segments=SEGMENTS)))


def response_format(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return the parameter that asks for `schema`."""
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}
