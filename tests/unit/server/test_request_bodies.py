"""What a JSON body may hold: only what can be stored and written again."""

import json
from typing import Any

import pytest
from starlette.requests import Request

from server.api.body import json_body
from server.errors import InvalidRequestError


async def read(text: str) -> dict[str, Any]:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": text.encode("utf-8", "surrogatepass")}

    headers = [(b"content-type", b"application/json")]
    return await json_body(Request({"type": "http", "headers": headers}, receive))


async def test_what_json_has_is_read() -> None:
    body = {"text": "Zoë 😀\n", "list": [1, 2.5, None, True, {"ключ": "x"}]}
    assert await read(json.dumps(body)) == body
    assert await read(json.dumps(body, ensure_ascii=False)) == body


@pytest.mark.parametrize(
    "value",
    [
        r'"\ud800"',
        r'"a\udfffb"',
        '"\ud800"',
        r'["x", {"y": ["\ud800"]}]',
        r'{"\udc00": 1}',
        "NaN",
        "[-Infinity]",
        "1e999",
        "[" * 200 + "]" * 200,
    ],
)
async def test_what_cannot_be_kept_is_refused_by_its_field(value: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        await read(f'{{"good": 1, "bad": {value}}}')
    assert caught.value.field == "bad"


@pytest.mark.parametrize("text", [r'{"\ud800": 1}', "[]", "{", "[" * 5000])
async def test_other_bodies_are_refused_without_a_field(text: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        await read(text)
    assert caught.value.field is None
