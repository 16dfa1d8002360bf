"""Record ids in Salesforce's form: 3 characters for the object, 12 for the record, 3 to check."""

import hashlib
from typing import Final

ID_IDENTITY_LENGTH: Final = 15
VOICE_CALL_PREFIX: Final = "0LQ"
AGENT_WORK_PREFIX: Final = "0Bz"
PENDING_ROUTING_PREFIX: Final = "0JR"
CONTACT_REQUEST_PREFIX: Final = "0CR"
"""Made up: Salesforce's own is not in the sources."""

_ID_LENGTHS = (15, 18)
_LETTERS_AND_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_CHECK_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def voice_call_id(unique: str) -> str:
    """Return a VoiceCall id of 18 characters, the same one for the same unique text."""
    return record_id(VOICE_CALL_PREFIX, unique)


def record_id(prefix: str, unique: str) -> str:
    """Return the id of a record of any object; `prefix` are the object's 3 characters."""
    number = int.from_bytes(hashlib.sha256(unique.encode()).digest(), "big")
    letters: list[str] = []
    for _ in range(ID_IDENTITY_LENGTH - len(prefix)):
        number, index = divmod(number, len(_LETTERS_AND_DIGITS))
        letters.append(_LETTERS_AND_DIGITS[index])
    identity = prefix + "".join(letters)
    return identity + check_letters(identity)


def is_voice_call_id(text: str) -> bool:
    """Whether a path segment looks like a VoiceCall id rather than a vendorCallKey."""
    return len(text) in _ID_LENGTHS and text.startswith(VOICE_CALL_PREFIX) and text.isalnum()


def check_letters(identity: str) -> str:
    """Return the last 3 characters of an id: each says which of 5 are capital letters."""
    check = ""
    for start in range(0, len(identity), 5):
        chunk = identity[start : start + 5]
        bits = sum(1 << place for place, letter in enumerate(chunk) if "A" <= letter <= "Z")
        check += _CHECK_LETTERS[bits]
    return check
