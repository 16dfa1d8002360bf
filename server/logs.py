"""Structured logs: one JSON object a line on standard error, with nobody's data in it.

Two nets catch what must not be written: fields that are called like personal data or secrets, and
values that look like them whatever the field is called. Exceptions are written as their types and
places, without their texts, because a text can hold anything.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from types import TracebackType
from typing import TextIO, cast

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

REDACTED = "[redacted]"

_PRIVATE_FIELD = re.compile(
    r"""(?ix) ^(from|to|number|digits|code|session|key|body|args|data|payload|message_text)$
    | phone | number | full_?name | user_?name | ^name$ | first_?name | last_?name
    | contact | customer | caller | digit | token | ticket | cookie | secret | passw
    | authorization | ^jwt | private | query | email"""
)
_PRIVATE_VALUE = re.compile(
    r"""(?x)
      eyJ[\w-]{5,}(?:\.[\w-]*)*                   # a JWT
    | (?i:bearer|basic)\s+\S+                      # an Authorization header
    | [^\s@<>"']+@[^\s@<>"']+\.\w+                 # an e-mail address or a user name
    | __Host-[\w-]+=\S*                            # our cookie
    | (?<=[?&])[\w-]+=[^\s&]*                      # a query string
    """
)
_MAYBE_NUMBER = re.compile(r"\+\d[\d\s().\-/]*\d|(?<![\w-])\(?\d[\d\s().\-/]*\d(?![\w-])")
_SHORTEST_NUMBER = 7
_FRAMES = 12
_OUR_FIELDS = frozenset({"timestamp", "level", "logger", "exception"})


def redact(value: object) -> object:
    """Return the value with everything that looks personal or secret taken out.

    Args:
        value: Any value of a log line; mappings and sequences are walked.
    """
    if isinstance(value, str):
        return _MAYBE_NUMBER.sub(_number, _PRIVATE_VALUE.sub(REDACTED, value))
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    if isinstance(value, Mapping):
        return redact_fields(cast("Mapping[object, object]", value))
    if isinstance(value, (Sequence, set, frozenset)) and not isinstance(value, (bytes, bytearray)):
        return [redact(item) for item in cast("Iterable[object]", value)]
    return f"<{type(value).__name__}>"


def redact_fields(fields: Mapping[object, object]) -> dict[str, object]:
    """Return the fields without private values; the names of the fields stay."""
    return {
        str(name): REDACTED
        if _PRIVATE_FIELD.search(str(name)) and value is not None
        else redact(value)
        for name, value in fields.items()
    }


def _number(found: re.Match[str]) -> str:
    text = found.group()
    count = sum(character.isdigit() for character in text)
    return REDACTED if count >= _SHORTEST_NUMBER or text.startswith("+") else text


def _redact_event(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Redact every field but those that this module itself makes."""
    del logger, method
    ours = {name: value for name, value in event.items() if name in _OUR_FIELDS}
    rest: dict[object, object] = {
        name: value for name, value in event.items() if name not in _OUR_FIELDS
    }
    return {**redact_fields(rest), **ours}


def _describe_exception(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Replace `exc_info` by types and places, without texts and local values."""
    del logger, method
    given = event.pop("exc_info", None)
    event.pop("exc_text", None)
    event.pop("stack_info", None)
    error = _exception_of(given)
    if error is not None:
        event["exception"] = describe_exception(error)
    return event


def _exception_of(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return cast("tuple[type, BaseException | None, TracebackType | None]", given)[1]
    return sys.exc_info()[1] if given else None


def describe_exception(error: BaseException) -> list[str]:
    """Return an exception as lines: its type and its causes', and where each was raised."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        lines.append(_head(current))
        frames = traceback.extract_tb(current.__traceback__)[-_FRAMES:]
        lines.extend(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
        if isinstance(current, BaseExceptionGroup):
            members = cast("BaseExceptionGroup[BaseException]", current).exceptions
            lines.extend(f"  with {_head(member)}" for member in members)
        current = current.__cause__ or current.__context__
    return lines


def _head(error: BaseException) -> str:
    kind = f"{type(error).__module__}.{type(error).__qualname__}"
    code = getattr(error, "sqlite_errorname", None)
    if isinstance(error, OSError) and error.strerror:
        code = error.strerror
    return f"{kind}: {code}" if isinstance(code, str) else kind


def configure_logs(level: str, stream: TextIO | None = None) -> None:
    """Send our logs, and those of the libraries, as JSON lines to one stream.

    Args:
        level: Least important level: debug, info, warning or error.
        stream: Where to; standard error by default.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _describe_exception,
        _redact_event,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for chatty in ("uvicorn.error", "sqlalchemy.engine", "alembic", "aiohttp.access", "asyncio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """Return the logger of a module."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))
