"""The page, as Python sees it: one object that takes JSON."""

import json
from collections.abc import Mapping
from typing import Any, Protocol


class Host(Protocol):
    """The one JavaScript object that Python calls (`BridgeHost` in web/types/bridge.d.ts)."""

    def post(self, json: str, /) -> object:
        """Take a message; handle it now or later, the result does not matter."""
        ...


def encode(message: Mapping[str, Any]) -> str:
    """Write a message as JSON that `JSON.parse` reads.

    Raises:
        ValueError: It holds a number that JSON has not, or itself.
        TypeError: It holds something that has no place in JSON.
    """
    return json.dumps(message, separators=(",", ":"), allow_nan=False)
