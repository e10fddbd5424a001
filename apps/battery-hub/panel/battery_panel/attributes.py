"""Attributes of elements that Dash has no argument for."""

from typing import Any

CURRENT: dict[str, Any] = {"aria-current": "true"}


def labelled(name: str) -> dict[str, Any]:
    """Return what names an element to a screen reader."""
    return {"aria-label": name}
