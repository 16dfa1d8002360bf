"""Checks of the bearer token, as strict as the documents allow (telephony-rest-api.md 2).

Not shared with the code that signs: a mistake there must not be repeated here.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

import jwt

from server.salesforce_simulator.errors import unauthorized
from server.salesforce_simulator.organizations import IDENTITY_LENGTH, Organization

LONGEST_LIFE: Final = timedelta(hours=24)
CLOCK_SKEW: Final = timedelta(seconds=60)
OLD_AUDIENCE: Final = "https://scrt.salesforce.com"
"""Required by old documents, not mentioned by current ones; tolerated."""

_LONGEST_TOKEN = 8192
_LONGEST_JTI = 255
_ORGANIZATION_ID_LENGTHS = (15, 18)


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedToken:
    """What a good token says; `jti` must still be checked against those already used."""

    organization: Organization
    jti: str | None
    expires_at: int


def verify_token(
    authorization: str | None, organizations: Mapping[str, Organization], now: datetime
) -> VerifiedToken:
    """Check an Authorization header.

    Args:
        authorization: The header's value.
        organizations: The orgs, by the 15 characters of their id.
        now: The time to check against.

    Raises:
        ApiError: 401 with what is wrong.
    """
    token = _bearer(authorization)
    header, claims = _parts(token)
    _check_header(header)
    organization = _organization(claims, organizations)
    _check_certificate(organization, now)
    _check_signature(token, organization)
    if claims.get("sub") != organization.call_center_api_name:
        raise unauthorized("sub is not the contact center's API name")
    if claims.get("aud", OLD_AUDIENCE) not in (OLD_AUDIENCE, [OLD_AUDIENCE]):
        raise unauthorized("aud is not Salesforce")
    return VerifiedToken(
        organization=organization, jti=_jti(claims), expires_at=_expiry(claims, now)
    )


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise unauthorized("the Authorization header must be: Bearer and a token")
    if len(token) > _LONGEST_TOKEN:
        raise unauthorized("the token is too long")
    return token


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    segments = token.split(".")
    if len(segments) != 3 or not all(segments):
        raise unauthorized("the token must have three parts")
    return _json_segment(segments[0]), _json_segment(segments[1])


def _json_segment(segment: str) -> dict[str, Any]:
    """Decode one part; a name that comes twice could be read two ways and is refused."""
    try:
        raw = base64.b64decode(
            segment + "=" * (-len(segment) % 4), altchars=b"-_", validate=True
        ).decode()
        value: object = json.loads(raw, object_pairs_hook=_unique)
    except (ValueError, binascii.Error, RecursionError):
        raise unauthorized("a part of the token is not a JSON object with unique names") from None
    if not isinstance(value, dict):
        raise unauthorized("a part of the token is not a JSON object with unique names")
    return cast("dict[str, Any]", value)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) != len(pairs):
        raise ValueError("a name comes twice")
    return names


def _check_header(header: Mapping[str, Any]) -> None:
    if header.get("alg") != "RS256":
        raise unauthorized("alg must be RS256")
    if str(header.get("typ", "JWT")).upper() != "JWT":
        raise unauthorized("typ must be JWT")
    if not header.keys() <= {"alg", "typ"}:
        raise unauthorized("the header may hold alg and typ only")


def _organization(
    claims: Mapping[str, Any], organizations: Mapping[str, Organization]
) -> Organization:
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or len(issuer) not in _ORGANIZATION_ID_LENGTHS:
        raise unauthorized("iss must be the org id, 15 or 18 characters")
    organization = organizations.get(issuer[:IDENTITY_LENGTH])
    if organization is None:
        raise unauthorized("iss is not an org with a contact center")
    return organization


def _check_certificate(organization: Organization, now: datetime) -> None:
    certificate = organization.certificate
    begins = certificate.not_valid_before_utc - CLOCK_SKEW
    if not begins <= now <= certificate.not_valid_after_utc:
        raise unauthorized("the contact center's certificate is not valid now")


def _check_signature(token: str, organization: Organization) -> None:
    """Check the signature alone; claims are checked against the injected clock."""
    try:
        jwt.decode(
            token,
            organization.public_key,
            algorithms=["RS256"],
            options={
                "verify_signature": True,
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "verify_aud": False,
                "verify_iss": False,
                "verify_sub": False,
                "verify_jti": False,
            },
        )
    except jwt.InvalidTokenError:
        raise unauthorized("the signature does not fit the certificate") from None


def _expiry(claims: Mapping[str, Any], now: datetime) -> int:
    """Check exp, iat and nbf against the time; return exp."""
    seconds = now.timestamp()
    expires = _seconds(claims, "exp")
    if expires is None:
        raise unauthorized("exp is missing")
    if expires <= seconds:
        raise unauthorized("the token has expired")
    if expires > seconds + LONGEST_LIFE.total_seconds() + CLOCK_SKEW.total_seconds():
        raise unauthorized("exp must be within 24 hours")
    for name in ("iat", "nbf"):
        value = _seconds(claims, name)
        if value is not None and value > seconds + CLOCK_SKEW.total_seconds():
            raise unauthorized(f"{name} lies in the future")
    return int(expires)


def _seconds(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if name not in claims:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e12:
        raise unauthorized(f"{name} must be a number of seconds")
    return float(value)


def _jti(claims: Mapping[str, Any]) -> str | None:
    """Return the token's id; recommended, but not required."""
    if "jti" not in claims:
        return None
    value = claims["jti"]
    if not isinstance(value, str) or not value or len(value) > _LONGEST_JTI:
        raise unauthorized("jti must be a text that is not empty")
    return value
