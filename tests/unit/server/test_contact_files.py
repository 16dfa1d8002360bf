"""Phone books in files: what is read, and how clearly a wrong line is refused."""

import json
from pathlib import Path

import pytest

from connector_py.entities import Contact, ContactType
from server.app.contact_files import read_contacts
from server.errors import InvalidRequestError


def file_with(folder: Path, text: str, name: str = "book.csv") -> Path:
    file = folder / name
    file.write_bytes(text.encode())
    return file


def test_a_csv_file(tmp_path: Path) -> None:
    text = (
        "id,type,name,phoneNumber\n"
        'c1,,"Lee, Kim",+12025550101\n'
        "q1,queue,Support,\n"
        "c2,PhoneNumber,Zoë,+12025550102\n"
    )
    assert read_contacts(file_with(tmp_path, text)) == [
        Contact(id="c1", type=ContactType.PHONEBOOK, name="Lee, Kim", phone_number="+12025550101"),
        Contact(id="q1", type=ContactType.QUEUE, name="Support"),
        Contact(id="c2", type=ContactType.PHONENUMBER, name="Zoë", phone_number="+12025550102"),
    ]


def test_a_quoted_field_keeps_its_line_breaks(tmp_path: Path) -> None:
    text = 'id,name,phoneNumber,description\r\nc1,Kim,+1202,"First\nSecond\u2028Third"\r\n'
    (contact,) = read_contacts(file_with(tmp_path, "\ufeff" + text))
    assert contact.description == "First\nSecond\u2028Third"


def test_a_json_file(tmp_path: Path) -> None:
    rows = [{"id": "f1", "type": "Flow", "name": "Route_To_Support", "description": "Support"}]
    assert read_contacts(file_with(tmp_path, json.dumps(rows), "book.json")) == [
        Contact(id="f1", type=ContactType.FLOW, name="Route_To_Support", description="Support")
    ]


HEAD = "id,type,name,phoneNumber\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "first line must name columns"),
        ("name,phone\n", "first line must name columns"),
        (HEAD, "holds no contacts"),
        (HEAD + "c1,PhoneBook,Kim\n", "Line 2: it has another number of columns"),
        (HEAD + "c1,PhoneBook,Kim,1,2\n", "Line 2: it has another number of columns"),
        (HEAD + "c1,PhoneBook,Kim,+1202\n,PhoneBook,Lee,+1203\n", "Line 3: id needs"),
        (HEAD + "c1,Agent,Kim,+1202\n", "Line 2: type must be one of"),
        (HEAD + "c1,Friend,Kim,+1202\n", "Line 2: type: expected"),
        (HEAD + "c1,PhoneBook,,+1202\n", "Line 2: name is missing"),
        (HEAD + "c1,PhoneBook,Kim,\n", "Line 2: phoneNumber is missing"),
        (HEAD + "c1,,Kim,+1202\nc1,,Lee,+1203\n", "Line 3: the id is there already"),
        (HEAD + 'c1,,"Ki\nm",+1202\nc1,,Lee,+1203\n', "Line 4: the id is there already"),
        (HEAD + 'c1,,Kim,+1202\nc1,,"Le\ne",+1203\n', "Lines 3 to 4: the id is there already"),
        (HEAD + 'c1,,Kim,+1202\nc2,,Lee,"+1203\nc3,,Zoe,+1204\n', "begins in line 3: unexpected"),
        (HEAD + 'c1,,"' + "x" * 200_000, "begins in line 2: field larger"),
        ('id,"name\nc1,Kim\n', "begins in line 1: unexpected end"),
        ("id,name,name\nc1,Kim,Lee\n", "names a column twice"),
        (HEAD + f"c1,,{'x' * 256},+1202\n", "Line 2: name needs 255 characters at most"),
        (HEAD + f"{'x' * 256},,Kim,+1202\n", "Line 2: id needs 255 characters at most"),
        (f"id,name,phoneNumber,queue\nc,Kim,+1,{'x' * 256}\n", "Line 2: queue needs 255"),
        (f"id,name,phoneNumber,description\nc,Kim,+1,{'x' * 1001}\n", "description needs 1000"),
    ],
)
def test_a_wrong_csv_file_says_where_and_why(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidRequestError, match=told):
        read_contacts(file_with(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is no JSON"),
        ("{}", "must hold a JSON list"),
        ("[1]", "Entry 1: expected an object"),
        ("[" * 5000, "is no JSON: too deeply nested"),
        (r'[{"id": "c1", "name": "\ud800", "phoneNumber": "+1202"}]', "Entry 1: name: expected"),
    ],
)
def test_a_wrong_json_file(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InvalidRequestError, match=told):
        read_contacts(file_with(tmp_path, text, "book.json"))


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match="cannot be read"):
        read_contacts(tmp_path / "nowhere.csv")
    (tmp_path / "latin.csv").write_bytes(b"id,name\nc1,Zo\xeb\n")
    with pytest.raises(InvalidRequestError, match="not UTF-8"):
        read_contacts(tmp_path / "latin.csv")
