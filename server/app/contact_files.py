"""Reading a phone book from a file: CSV or JSON, checked line by line."""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from connector_py.entities import Contact, ContactType, from_wire
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
_LONGEST_ID = 255


def read_contacts(file: Path) -> list[Contact]:
    """Return the contacts of a file; all of them are right, or none is returned.

    Args:
        file: `.csv` with a first line that names the columns (id, type, name, phoneNumber, …), or
            `.json` with a list of objects with the same keys. Types are PhoneBook, PhoneNumber,
            Queue and Flow; agents are not imported, they sign in.

    Raises:
        InvalidRequestError: The file, or a line of it, is wrong; says which line and why.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise InvalidRequestError(f"{file} cannot be read: {reason}.") from error
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
    reader = csv.DictReader(text.splitlines())
    unknown = [name for name in reader.fieldnames or () if name not in _COLUMNS]
    if unknown or "id" not in (reader.fieldnames or ()):
        known = ", ".join(_COLUMNS)
        raise InvalidRequestError(f"The first line must name columns of: {known}; id is needed.")
    for row in reader:
        where = f"Line {reader.line_num}"
        if None in row or None in row.values():
            raise InvalidRequestError(f"{where}: it has another number of columns than line 1.")
        yield where, {name: value.strip() for name, value in row.items() if value.strip()}


def _json_rows(file: Path, text: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        rows: object = json.loads(text)
    except ValueError as error:
        raise InvalidRequestError(f"{file} is no JSON: {error}.") from error
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
    if not contact.id or len(contact.id) > _LONGEST_ID:
        raise InvalidRequestError(f"{where}: id needs 1 to {_LONGEST_ID} characters.", field="id")
    if contact.type not in _IMPORTED:
        known = ", ".join(_IMPORTED)
        raise InvalidRequestError(f"{where}: type must be one of {known}.", field="type")
    if not contact.name:
        raise InvalidRequestError(f"{where}: name is missing.", field="name")
    is_called = contact.type in (ContactType.PHONEBOOK, ContactType.PHONENUMBER)
    if is_called and not contact.phone_number:
        raise InvalidRequestError(f"{where}: phoneNumber is missing.", field="phoneNumber")
    return contact
