"""Failures as one clear line on standard error."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from server.errors import ServerError
from server.settings import SettingsError


@dataclass(slots=True)
class Failures:
    """What became of a command."""

    exit_code: int = 0


class RefusedError(Exception):
    """The command cannot be done; the text says why and what to do."""


@contextmanager
def told_failures() -> Generator[Failures]:
    """Tell a failure that a person can mend in its own words, without a traceback."""
    failures = Failures()
    try:
        yield failures
    except (SettingsError, ServerError, RefusedError) as error:
        text = str(error)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        text = f"{place}{error.strerror or error}"
    else:
        return
    failures.exit_code = 1
    for line in text.splitlines():
        print(f"error: {line}", file=sys.stderr)
