"""Logs: JSON lines in which nobody's data can be found."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from server.logs import REDACTED, configure_logs, describe_exception, get_logger, redact_fields


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    written = io.StringIO()
    configure_logs("debug", written)
    yield written
    root.handlers, level = before
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def without_time(line: dict[str, Any]) -> str:
    """Return a line as text, but for its time, whose digits may be any."""
    return json.dumps({name: value for name, value in line.items() if name != "timestamp"})


def test_a_line_is_json_with_time_level_and_place(stream: io.StringIO) -> None:
    get_logger("server.x").info("call arrived", call="c0ffee", ms=12.5, agents=2, ok=True)
    (line,) = lines(stream)
    assert line["event"] == "call arrived"
    assert (line["level"], line["logger"]) == ("info", "server.x")
    assert (line["call"], line["ms"], line["agents"], line["ok"]) == ("c0ffee", 12.5, 2, True)
    assert line["timestamp"].endswith("Z")


SECRETS = {
    "phone_number": "+1 (202) 555-0123",
    "fromNumber": "2025550123",
    "from": "anonymous",
    "to": "reception",
    "user_name": "ada@demo.example",
    "userFullName": "Ada Agent",
    "name": "Ada Agent",
    "contact": {"id": "Ada Agent"},
    "digits": "1234#",
    "token": "abcdef",
    "ticket": "abcdef",
    "cookie": "a=b",
    "Set-Cookie": "a=b",
    "authorization": "Bearer abc",
    "code": "hunter2",
    "private_key": "-----BEGIN",
    "password": "hunter2",
    "query": "user=ada",
}


@pytest.mark.parametrize("field", list(SECRETS))
def test_private_fields_are_redacted(stream: io.StringIO, field: str) -> None:
    get_logger("server.x").info("event", **{field: SECRETS[field]}, deep={"a": [{field: "zzz9"}]})
    (line,) = lines(stream)
    assert line[field] == REDACTED
    assert line["deep"]["a"][0][field] == REDACTED


@pytest.mark.parametrize(
    "value",
    [
        "+12025550123",
        "call from +1 202-555-0123 came",
        "(202) 555-0123",
        "202.555.0123",
        "tel:2025550123;x",
        "ada@demo.example",
        "Bearer abc.def",
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIwMEQifQ.c2ln",
        "GET /x?ticket=abcdef&b=c HTTP/1.1",
        "__Host-scv_session=abcdef",
    ],
)
def test_private_values_are_redacted_in_any_field(stream: io.StringIO, value: str) -> None:
    get_logger("server.x").warning(f"said {value}", detail=value, many=[value], n={"x": value})
    written = stream.getvalue()
    for secret in ("202", "0123", "ada@", "abc", "eyJ", "c2ln"):
        assert secret not in without_time(lines(stream)[0])
    assert REDACTED in written


@pytest.mark.parametrize(
    "value",
    [
        "c3f1a9e0b7d24c5e8a6f0d1b2c3e4f5a6",
        "123e4567-e89b-12d3-a456-426614174000",
        "0LQ5g00000AbCdE",
        "POST /api/v1/link/ticket",
        "took 1200 ms",
        "00D000000000001AAA",
    ],
)
def test_ids_and_paths_stay_readable(value: str) -> None:
    assert redact_fields({"detail": value})["detail"] == value


def test_library_logs_take_the_same_way(stream: io.StringIO) -> None:
    logging.getLogger("some.library").warning("number %s of %s", "+12025550123", "ada@demo.example")
    logging.getLogger("uvicorn.error").info("WebSocket /x?ticket=abc [accepted]")
    (line,) = lines(stream)
    assert line["level"] == "warning"
    assert "0123" not in without_time(line)
    assert "ada@" not in stream.getvalue()


def test_exceptions_keep_types_and_places_and_lose_their_texts(stream: io.StringIO) -> None:
    try:
        try:
            raise ValueError("contact Ada Lovelace +12025550123")
        except ValueError as error:
            raise RuntimeError("digits 1234") from error
    except RuntimeError as error:
        get_logger("server.x").error("failed", exc_info=error)
        logging.getLogger("library").exception("failed too")
    for line in lines(stream):
        text = json.dumps(line["exception"])
        assert "RuntimeError" in text
        assert "ValueError" in text
        assert "test_logs.py" in text
        assert "Lovelace" not in json.dumps(line)
        assert "1234" not in text


def test_an_os_error_keeps_its_reason() -> None:
    error = FileNotFoundError(2, "No such file or directory", "/home/ada/secret")
    (line,) = describe_exception(error)
    assert line == "builtins.FileNotFoundError: No such file or directory"


@settings(max_examples=200)
@given(
    st.from_regex(r"\A\+[1-9][0-9]{6,14}\Z")
    | st.from_regex(r"\A[2-9][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{4}\Z"),
    st.sampled_from(["{}", "dial {}", "a {} b", "[{}]", "'{}'", "x={}", "tel:{}"]),
)
def test_no_phone_number_survives(number: str, text: str) -> None:
    fields = redact_fields({"event": text.format(number), "x": {"y": [text.format(number)]}})
    assert number not in json.dumps(fields)
