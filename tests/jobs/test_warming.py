"""What jobs will need is loaded ahead of them, and never at their cost."""

from __future__ import annotations

from collections.abc import Callable

from jobs import registry, warming


def test_each_handler_loads_ahead_whatever_another_one_fails_with(handle: Callable[..., None]) -> None:
    registry._handlers.clear()
    loaded: list[str] = []

    def fail() -> None:
        raise ImportError("the weights are not there")

    handle("first", lambda _: {}, warm_up=lambda: loaded.append("first"))
    handle("second", lambda _: {}, warm_up=fail)
    handle("third", lambda _: {}, warm_up=lambda: loaded.append("third"))
    warming.warm_up()
    assert loaded == ["first", "third"]
