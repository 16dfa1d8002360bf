"""The RS256 tokens that Salesforce's telephony API asks for (telephony-rest-api.md 2).

Salesforce refuses a jti that it has seen, so a token with a jti serves exactly one request; one
without a jti could be cached but also replayed by whoever catches it. We take the first way: a
signature costs about a millisecond, less than any request.
"""

from datetime import timedelta
from pathlib import Path
from typing import Final, Protocol

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from server.entities.ports import Clock, IdSource
from server.salesforce.errors import KeyFileError

LONGEST_LIFE: Final = timedelta(minutes=5)
"""The API allows 24 hours; a token for one request needs far less."""

SMALLEST_KEY_BITS: Final = 2048
"""Salesforce recommends 2048 and drops 1024 (telephony-rest-api.md 2.1)."""

_LARGEST_KEY_FILE = 65_536


class TokenSource(Protocol):
    """Gives the bearer token of one request."""

    def token(self) -> str:
        """Return a token that no request has used yet."""
        ...


class JwtTokens:
    """Mints one token per request for one contact center.

    Args:
        key: The private key whose certificate the contact center holds.
        organization_id: The org's id, 15 or 18 characters; becomes `iss`.
        call_center_api_name: The contact center's internal name; becomes `sub`.
        clock: Gives `iat`; `exp` follows from it.
        ids: Gives `jti`.
        life: Time until `exp`, at most LONGEST_LIFE.
    """

    def __init__(
        self,
        key: RSAPrivateKey,
        *,
        organization_id: str,
        call_center_api_name: str,
        clock: Clock,
        ids: IdSource,
        life: timedelta = LONGEST_LIFE,
    ) -> None:
        if not timedelta(0) < life <= LONGEST_LIFE:
            raise ValueError(f"a token lives more than 0 s and at most {LONGEST_LIFE}")
        self._key = key
        self._organization_id = organization_id
        self._call_center_api_name = call_center_api_name
        self._clock = clock
        self._ids = ids
        self._life_seconds = int(life.total_seconds())

    def token(self) -> str:
        """Return a fresh signed token; it serves one request."""
        issued_at = int(self._clock.now().timestamp())
        claims = {
            "iss": self._organization_id,
            "sub": self._call_center_api_name,
            "iat": issued_at,
            "exp": issued_at + self._life_seconds,
            "jti": self._ids.new_id(),
        }
        return jwt.encode(claims, self._key, algorithm="RS256")


def load_private_key(path: Path) -> RSAPrivateKey:
    """Read a tenant's private key from its PEM file.

    Args:
        path: The file named in the tenant's settings.

    Raises:
        KeyFileError: The file is missing, unreadable, encrypted, not RSA or too weak.
    """
    key = _parse(path, _read(path))
    if not isinstance(key, RSAPrivateKey):
        raise KeyFileError(f"the private key in {path} is not an RSA key")
    if key.key_size < SMALLEST_KEY_BITS:
        raise KeyFileError(
            f"the RSA key in {path} has {key.key_size} bits, fewer than {SMALLEST_KEY_BITS}"
        )
    return key


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_KEY_FILE)
    except FileNotFoundError:
        raise KeyFileError(f"the private key file {path} does not exist") from None
    except OSError as error:
        raise KeyFileError(
            f"the private key file {path} cannot be read ({error.strerror})"
        ) from None


def _parse(path: Path, pem: bytes) -> object:
    """Parse without keeping the parser's own error, which might quote the file."""
    try:
        return load_pem_private_key(pem, password=None)
    except TypeError:
        raise KeyFileError(
            f"the private key in {path} is encrypted; store it without a password"
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise KeyFileError(f"the file {path} holds no private key in PEM format") from None
