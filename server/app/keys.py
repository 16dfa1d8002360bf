"""A tenant's key pair: RSA 2048 and a self-signed certificate for one year.

What guide chapter 3, "Generate a Self-Signed Certificate with OpenSSL", makes by hand. The
certificate goes into the contact center (`reqTelephonyIntegrationCertificate`); the key stays here
and signs the tokens for Salesforce. Every org needs its own pair.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from server.entities import Clock
from server.errors import ConflictError, InvalidRequestError

KEY_FILE = "private.key.pem"
CERTIFICATE_FILE = "certificate.pem"
CERTIFICATE_DAYS = 365

_KEY_BITS = 2048
_LONGEST_NAME = 64
_CLOCK_DIFFERENCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """The two files."""

    key_file: Path
    certificate_file: Path


def key_pair_in(folder: Path) -> KeyPair:
    """Return where the two files are, or will be."""
    return KeyPair(key_file=folder / KEY_FILE, certificate_file=folder / CERTIFICATE_FILE)


def generate_key_pair(folder: Path, *, common_name: str, clock: Clock) -> KeyPair:
    """Make a key and its certificate.

    Args:
        folder: Where to; made when it does not exist.
        common_name: Whom the certificate names, at most 64 characters.
        clock: When it begins to be valid.

    Raises:
        InvalidRequestError: The name is empty or too long.
        ConflictError: One of the files exists; nothing is ever overwritten.
        OSError: The files cannot be written.
    """
    if not 0 < len(common_name.strip()) <= _LONGEST_NAME:
        raise InvalidRequestError(
            f"The common name must have 1 to {_LONGEST_NAME} characters.", field="common_name"
        )
    pair = key_pair_in(folder)
    for file in (pair.key_file, pair.certificate_file):
        if file.exists():
            raise ConflictError(f"{file} exists already and is not overwritten.")
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    certificate = _certificate(key, common_name.strip(), clock)
    folder.mkdir(parents=True, exist_ok=True)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(pair.key_file, pem, mode=0o600)
    _write(pair.certificate_file, certificate.public_bytes(Encoding.PEM), mode=0o644)
    return pair


def _certificate(key: rsa.RSAPrivateKey, common_name: str, clock: Clock) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    now = clock.now()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_DIFFERENCE)
        .not_valid_after(now + timedelta(days=CERTIFICATE_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _write(file: Path, content: bytes, *, mode: int) -> None:
    # Born with its mode, so that nobody can read the key in between.
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
