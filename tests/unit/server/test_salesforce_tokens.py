"""Tokens that we mint, and the keys that they are signed with."""

from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from server.salesforce import JwtTokens, KeyFileError, load_private_key
from tests.support.salesforce_org import (
    CALL_CENTER,
    NOON,
    ORGANIZATION_ID,
    CountingIds,
    ManualClock,
    key_pair,
)


def make_tokens(clock: ManualClock | None = None, **changes: timedelta) -> JwtTokens:
    return JwtTokens(
        key_pair().key,
        organization_id=ORGANIZATION_ID,
        call_center_api_name=CALL_CENTER,
        clock=clock or ManualClock(),
        ids=CountingIds(),
        **changes,
    )


def claims_of(token: str) -> dict[str, object]:
    options = {"verify_exp": False, "verify_iat": False}
    return jwt.decode(token, key_pair().key.public_key(), algorithms=["RS256"], options=options)


def test_a_token_holds_exactly_the_documented_claims() -> None:
    token = make_tokens().token()
    now = int(NOON.timestamp())
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT"}
    assert claims_of(token) == {
        "iss": ORGANIZATION_ID,
        "sub": CALL_CENTER,
        "iat": now,
        "exp": now + 300,
        "jti": "id1",
    }


def test_every_token_has_its_own_id_and_time() -> None:
    clock = ManualClock()
    tokens = make_tokens(clock)
    first = claims_of(tokens.token())
    clock.advance(7)
    second = claims_of(tokens.token())
    assert first["jti"] != second["jti"]
    assert second["iat"] == int(first["iat"]) + 7  # type: ignore[call-overload] - claims are objects


@pytest.mark.parametrize("seconds", [0, -1, 301])
def test_a_life_outside_the_limit_is_refused(seconds: int) -> None:
    with pytest.raises(ValueError, match="token lives"):
        make_tokens(life=timedelta(seconds=seconds))


def test_a_good_key_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_bytes(key_pair().key_pem)
    assert load_private_key(file).private_numbers() == key_pair().key.private_numbers()


def pem(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, password: bytes | None = None
) -> bytes:
    encryption = (
        serialization.BestAvailableEncryption(password)
        if password
        else serialization.NoEncryption()
    )
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


def traditional_encrypted_pem() -> bytes:
    """The form that `openssl genrsa -des3` writes with older versions."""
    return key_pair().key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.BestAvailableEncryption(b"secret"),
    )


UNUSABLE = {
    "encrypted": (lambda: pem(key_pair().key, b"secret"), "is encrypted"),
    "encrypted in the old form": (traditional_encrypted_pem, "is encrypted"),
    "elliptic curve": (lambda: pem(ec.generate_private_key(ec.SECP256R1())), "not an RSA key"),
    "too short": (
        lambda: pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
        "has 1024 bits",
    ),
    "empty": (lambda: b"", "no private key in PEM"),
    "text": (lambda: b"hello", "no private key in PEM"),
    "a certificate": (lambda: key_pair().certificate_pem.encode(), "no private key in PEM"),
    "cut off": (lambda: key_pair().key_pem[:800], "no private key in PEM"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
def test_an_unusable_key_file_is_named_with_the_reason(tmp_path: Path, kind: str) -> None:
    content, reason = UNUSABLE[kind]
    file = tmp_path / "key"
    file.write_bytes(content())
    with pytest.raises(KeyFileError, match=reason) as caught:
        load_private_key(file)
    assert str(file) in str(caught.value)
    assert caught.value.__cause__ is None
    assert "PRIVATE" not in str(caught.value)


def test_a_missing_and_an_unreadable_key_file_differ(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="does not exist"):
        load_private_key(tmp_path / "nowhere")
    with pytest.raises(KeyFileError, match="cannot be read"):
        load_private_key(tmp_path)
