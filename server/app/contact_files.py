"""Reading files of administrators: JSON, and a phone book as CSV or JSON, checked row by row."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

from connector_py.entities import Contact, ContactType, from_wire
from connector_py.entities.wire import wire_fields
from connector_py.errors import ValidationError
from server.errors import InvalidRequestError

_COLUMNS = (
    "id", "type", "name", "phoneNumber", "extension", "prefix", "queue", "description", "recordId",
)  # fmt: skip
_IMPORTED = (
    ContactType.PHONEBOOK,
    ContactType.PHONENUMBER,
    ContactType.QUEUE,
    ContactType.FLOW,
)
_LONGEST = 255
_LONGEST_DESCRIPTION = 1000


def read_text(file: Path) -> str:
    """Return the text of a file of an administrator's, with or without a byte order mark.

    Raises:
        InvalidRequestError: It cannot be read, or is no UTF-8.
    """
    try:
        # Line breaks stay as they are: they may be part of a field.
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InvalidRequestError(f"{file} cannot be read: {reason}.") from error


def parse_json(file: Path, text: str) -> object:
    """Return the JSON value of a file's text.

    Raises:
        InvalidRequestError: It is no JSON.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidRequestError(f"{file} is no JSON: {error}.") from error
    except RecursionError as error:
        raise InvalidRequestError(f"{file} is no JSON: too deeply nested.") from error


def read_contacts(file: Path) -> list[Contact]:
    """Return the contacts of a file; all of them are right, or none is returned.

    Args:
        file: `.csv` with a first line that names the columns (id, type, name, phoneNumber, …), or
            `.json` with a list of objects with the same keys. Types are PhoneBook, PhoneNumber,
            Queue and Flow; agents are not imported, they sign in.

    Raises:
        InvalidRequestError: The file, or a line of it, is wrong; says which line and why.
    """
    text = read_text(file)
    rows = _csv_rows(text) if file.suffix.lower() == ".csv" else _json_rows(file, text)
    contacts: dict[str, Contact] = {}
    for where, row in rows:
        contact = _contact(where, row)
        if contact.id in contacts:
            raise InvalidRequestError(f"{where}: the id is there already.", field="id")
        contacts[str(contact.id)] = contact
    if not contacts:
        raise InvalidRequestError(f"{file} holds no contacts.")
    return list(contacts.values())


def _csv_rows(text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    read = 0
    try:
        _check_columns(reader.fieldnames or ())
        read = reader.line_num
        for row in reader:
            first, read = read + 1, reader.line_num
            # More than one line: a quoted field with line breaks, or empty lines before.
            where = f"Line {read}" if read == first else f"Lines {first} to {read}"
            if None in row or None in row.values():
                raise InvalidRequestError(f"{where}: it has another number of columns than line 1.")
            yield where, {name: value.strip() for name, value in row.items() if value.strip()}
    except csv.Error as error:
        raise InvalidRequestError(f"The row that begins in line {read + 1}: {error}.") from error


def _check_columns(names: Sequence[str]) -> None:
    if "id" not in names or any(name not in _COLUMNS for name in names):
        known = ", ".join(_COLUMNS)
        raise InvalidRequestError(f"The first line must name columns of: {known}; id is needed.")
    if len(set(names)) != len(names):
        raise InvalidRequestError("The first line names a column twice.")


def _json_rows(file: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    rows = parse_json(file, text)
    if not isinstance(rows, list):
        raise InvalidRequestError(f"{file} must hold a JSON list of contacts.")
    for number, row in enumerate(cast("list[object]", rows), start=1):
        if not isinstance(row, dict):
            raise InvalidRequestError(f"Entry {number}: expected an object.")
        yield f"Entry {number}", cast("dict[str, Any]", row)


def _contact(where: str, row: Mapping[str, Any]) -> Contact:
    try:
        contact = from_wire(Contact, {"type": ContactType.PHONEBOOK.value, **row})
    except ValidationError as error:
        expected = f"{error.field}: expected {error.expected}"
        raise InvalidRequestError(f"{where}: {expected}.", field=error.field) from error
    if not contact.id:
        raise InvalidRequestError(f"{where}: id needs 1 to {_LONGEST} characters.", field="id")
    for field in wire_fields(Contact):
        value = getattr(contact, field.name)
        most = _LONGEST_DESCRIPTION if field.name == "description" else _LONGEST
        if isinstance(value, str) and len(value) > most:
            raise InvalidRequestError(
                f"{where}: {field.wire_name} needs {most} characters at most.",
                field=field.wire_name,
            )
    if contact.type not in _IMPORTED:
        known = ", ".join(_IMPORTED)
        raise InvalidRequestError(f"{where}: type must be one of {known}.", field="type")
    if not contact.name:
        raise InvalidRequestError(f"{where}: name is missing.", field="name")
    is_called = contact.type in (ContactType.PHONEBOOK, ContactType.PHONENUMBER)
    if is_called and not contact.phone_number:
        raise InvalidRequestError(f"{where}: phoneNumber is missing.", field="phoneNumber")
    return contact
