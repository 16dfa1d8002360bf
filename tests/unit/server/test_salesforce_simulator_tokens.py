"""Forged and odd tokens that the simulated org must refuse, and the odd ones that it takes."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from server.salesforce_simulator import SimulatedOrganization
from server.salesforce_simulator.errors import ApiError
from server.salesforce_simulator.organizations import load_organizations
from server.salesforce_simulator.tokens import VerifiedToken, verify_token
from tests.support.salesforce_org import (
    CALL_CENTER,
    NOON,
    ORGANIZATION_ID,
    key_pair,
    simulated_organization,
)

NOW = int(NOON.timestamp())
OTHER_ORGANIZATION = "00DZZ00000Other1AA"

ORGANIZATIONS = load_organizations(
    [
        simulated_organization(),
        SimulatedOrganization(
            organization_id=OTHER_ORGANIZATION,
            call_center_api_name="otherCenter",
            certificate=key_pair("other").certificate_pem,
        ),
    ]
)


def claims(**changes: Any) -> dict[str, Any]:
    good = {"iss": ORGANIZATION_ID, "sub": CALL_CENTER, "iat": NOW, "exp": NOW + 300, "jti": "a"}
    return {name: value for name, value in {**good, **changes}.items() if value is not ...}


def signed(header: dict[str, Any] | None = None, **changes: Any) -> str:
    return jwt.encode(claims(**changes), key_pair().key, algorithm="RS256", headers=header)


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def raw(header: bytes | dict[str, Any], body: bytes | dict[str, Any]) -> str:
    """Sign any two texts with the org's own key, well-formed or not."""
    parts = [
        encoded(part if isinstance(part, bytes) else json.dumps(part).encode())
        for part in (header, body)
    ]
    signature = jwt.get_algorithm_by_name("RS256").sign(".".join(parts).encode(), key_pair().key)
    return ".".join([*parts, encoded(signature)])


def with_public_key_as_secret() -> str:
    """HS256 over the public key: the classic mix-up of algorithms."""
    secret = (
        key_pair()
        .key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    header = encoded(b'{"alg":"HS256","typ":"JWT"}')
    content = f"{header}.{encoded(json.dumps(claims()).encode())}"
    return f"{content}.{encoded(hmac.new(secret, content.encode(), hashlib.sha256).digest())}"


def unsigned(algorithm: str) -> str:
    header = json.dumps({"alg": algorithm, "typ": "JWT"}).encode()
    return f"{encoded(header)}.{encoded(json.dumps(claims()).encode())}."


def changed_claims() -> str:
    head, _, signature = signed().split(".")
    return f"{head}.{encoded(json.dumps(claims(exp=NOW + 9000)).encode())}.{signature}"


def other_algorithm(name: str) -> str:
    return jwt.encode(claims(), key_pair().key, algorithm=name)


RS256 = {"alg": "RS256", "typ": "JWT"}
BODY = json.dumps(claims()).encode()

FORGED: dict[str, Callable[[], str]] = {
    "alg none": lambda: unsigned("none"),
    "alg nOnE": lambda: unsigned("nOnE"),
    "no signature": lambda: signed().rsplit(".", 1)[0] + ".",
    "two parts": lambda: signed().rsplit(".", 1)[0],
    "four parts": lambda: signed() + ".x",
    "empty": lambda: "",
    "not a token": lambda: "x.y.z",
    "HS256 with the public key": with_public_key_as_secret,
    "HS256 with an empty secret": lambda: raw({"alg": "HS256", "typ": "JWT"}, BODY),
    "RS512": lambda: other_algorithm("RS512"),
    "RS384": lambda: other_algorithm("RS384"),
    "PS256": lambda: other_algorithm("PS256"),
    "ES256": lambda: jwt.encode(
        claims(), ec.generate_private_key(ec.SECP256R1()), algorithm="ES256"
    ),
    "alg is a list": lambda: raw({"alg": ["RS256"], "typ": "JWT"}, BODY),
    "no alg": lambda: raw({"typ": "JWT"}, BODY),
    "typ of something else": lambda: raw({"alg": "RS256", "typ": "JWE"}, BODY),
    "wrong key": lambda: jwt.encode(claims(), key_pair("stranger").key, algorithm="RS256"),
    "key of another org": lambda: jwt.encode(claims(), key_pair("other").key, algorithm="RS256"),
    "changed claims": changed_claims,
    "changed signature": lambda: signed()[:-8] + "AAAAAAAA",
    "kid that climbs": lambda: signed({"kid": "../../etc/passwd"}),
    "key in the header": lambda: signed({"jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}),
    "address of keys": lambda: signed({"jku": "https://evil.example/keys"}),
    "certificate in the header": lambda: signed({"x5c": ["MIIB"]}),
    "critical extension": lambda: signed({"crit": ["b64"], "b64": True}),
    "alg twice": lambda: raw(b'{"alg":"none","alg":"RS256","typ":"JWT"}', BODY),
    "claim twice": lambda: raw(RS256, BODY[:-1] + b',"sub":"' + CALL_CENTER.encode() + b'"}'),
    "claims are a list": lambda: raw(RS256, b"[]"),
    "claims are not JSON": lambda: raw(RS256, b"hello"),
    "claims nested too deeply": lambda: raw(RS256, b'{"a":' + b"[" * 3000 + b"]" * 3000 + b"}"),
    "no iss": lambda: signed(iss=...),
    "unknown org": lambda: signed(iss="00DXX0000000000"),
    "org id cut short": lambda: signed(iss=ORGANIZATION_ID[:14]),
    "org id of 16 characters": lambda: signed(iss=ORGANIZATION_ID[:16]),
    "iss of the other org": lambda: signed(iss=OTHER_ORGANIZATION),
    "no sub": lambda: signed(sub=...),
    "sub of another center": lambda: signed(sub="otherCenter"),
    "sub in other case": lambda: signed(sub=CALL_CENTER.upper()),
    "no exp": lambda: signed(exp=...),
    "expired": lambda: signed(exp=NOW - 1),
    "expires this moment": lambda: signed(exp=NOW),
    "exp beyond 24 hours": lambda: signed(exp=NOW + 24 * 3600 + 61),
    "exp in milliseconds": lambda: signed(exp=(NOW + 300) * 1000),
    "exp is text": lambda: raw(RS256, claims(exp=str(NOW + 300))),
    "exp is true": lambda: raw(RS256, claims(exp=True)),
    "exp is infinite": lambda: raw(RS256, claims(exp=float("inf"))),
    "exp is not a number": lambda: raw(RS256, claims(exp=float("nan"))),
    "issued in the future": lambda: signed(iat=NOW + 61),
    "not valid yet": lambda: signed(nbf=NOW + 61),
    "iat is text": lambda: raw(RS256, claims(iat="now")),
    "wrong aud": lambda: signed(aud="https://login.salesforce.com"),
    "aud with a second one": lambda: signed(aud=["https://scrt.salesforce.com", "x"]),
    "jti is empty": lambda: signed(jti=""),
    "jti is a number": lambda: raw(RS256, claims(jti=5)),
    "jti is endless": lambda: signed(jti="a" * 256),
    "too long": lambda: signed(filler="a" * 8192),
    "encoded with plus and slash": lambda: signed().replace("-", "+").replace("_", "/") + "+/",
}


def verify(token: str, scheme: str = "Bearer", at: timedelta = timedelta(0)) -> VerifiedToken:
    return verify_token(f"{scheme} {token}", ORGANIZATIONS, NOON + at)


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_token_is_refused(kind: str) -> None:
    with pytest.raises(ApiError) as caught:
        verify(FORGED[kind]())
    assert caught.value.status == 401


@pytest.mark.parametrize("header", [None, "", "Bearer", "Basic abc", "Bearer "])
def test_a_request_without_a_bearer_token_is_refused(header: str | None) -> None:
    with pytest.raises(ApiError) as caught:
        verify_token(header, ORGANIZATIONS, NOON)
    assert caught.value.status == 401


GOOD: dict[str, Callable[[], str]] = {
    "as we sign it": signed,
    "org id of 15 characters": lambda: signed(iss=ORGANIZATION_ID[:15]),
    "without jti": lambda: signed(jti=...),
    "without iat": lambda: signed(iat=...),
    "without typ": lambda: raw({"alg": "RS256"}, BODY),
    "with the old aud": lambda: signed(aud="https://scrt.salesforce.com"),
    "nearly 24 hours": lambda: signed(exp=NOW + 24 * 3600),
    "clock a little ahead": lambda: signed(iat=NOW + 30),
    "with further claims": lambda: signed(name="x"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_a_good_token_is_taken(kind: str) -> None:
    assert verify(GOOD[kind]()).organization.call_center_api_name == CALL_CENTER


def test_the_scheme_may_be_written_in_any_case() -> None:
    assert verify(signed(), scheme="bearer").jti == "a"


@pytest.mark.parametrize("days", [-1830, 1826])
def test_an_expired_or_future_certificate_verifies_nothing(days: int) -> None:
    at = timedelta(days=days)
    moment = int((NOON + at).timestamp())
    with pytest.raises(ApiError, match="certificate"):
        verify(signed(iat=moment, exp=moment + 300), at=at)
